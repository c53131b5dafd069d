"""Fifty people work on one case at the same moment: nothing is lost, every number is given once, nothing breaks."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from casefiles.access import actions as access
from casefiles.access.rules import Role
from casefiles.audit.models import Event
from casefiles.cases.models import Case, Claim, Comment, Task
from casefiles.evidence.models import Citation
from tests import make
from tests.served import Answer, Served, served

pytestmark = pytest.mark.django_db(transaction=True)

EDITORS = 50
WRITING = "Content-Type: application/x-www-form-urlencoded"


class Editor:
    """Somebody at a browser: their requests carry their session, as a page's own would."""

    def __init__(self, server: Served, user: Any) -> None:
        self._server, self.name, self._user = server, user.username, user

    def prepare(self, *paths: str) -> None:
        """Sign in once, so that the requests themselves meet at the server."""
        lines = ("Connection: close", WRITING)
        self._gets = {path: self._server.head("GET", path, self._user, "Connection: close") for path in paths}
        self._posts = {path: self._server.head("POST", path, self._user, *lines)[:-2] for path in paths}

    def open(self, path: str) -> dict[str, str]:
        """Return what the form at `path` holds that saving it unchanged would send."""
        answer = self._server.ask(self._gets[path])
        assert answer.status == 200, answer.body
        page = answer.body.decode()
        form = page[page.index('name="base"') - 200 :]
        return {
            "base": field(form, r'name="base" value="([^"]*)"'),
            "rationale": field(form, r'<textarea name="rationale"[^>]*>\r?\n?([^<]*)'),
        }

    def send(self, path: str, **fields: str) -> Answer:
        body = urlencode(fields).encode()
        return self._server.ask(self._posts[path] + f"Content-Length: {len(body)}\r\n\r\n".encode(), body)


def field(form: str, pattern: str) -> str:
    found = re.search(pattern, form)
    assert found is not None, pattern
    return unescape(found[1])


@pytest.fixture
def case(db: Any) -> Any:
    """A case with a claim, an exhibit, and fifty researchers."""
    lead = make.lead()
    case = make.case(lead, title="A ship in a port")
    make.claim(case, lead, text="The ship lay in the port of Zhoushan.")
    make.original(case, lead, title="First report")
    for _one in range(EDITORS):
        access.set_role(compartment=case.compartment, user=make.user(), role=Role.RESEARCHER, by=lead)
    return case


def test_fifty_editors_of_one_case_lose_nothing_and_break_nothing(case: Any, tmp_path: Path) -> None:
    claim = Claim.objects.get(case=case)
    edit = reverse("cases:claim_edit", args=[case.pk, claim.pk])
    adds = {name: reverse(f"cases:{name}_add", args=[case.pk]) for name in ("claim", "task", "comment")}
    cite = reverse("cases:claim_cite", args=[case.pk, claim.pk])
    kept = {"text": claim.text, "kind": claim.kind}

    with served(tmp_path, CASEFILES_DATABASE_CONNECTIONS="8") as server, ThreadPoolExecutor(EDITORS) as pool:
        people = [Editor(server, one.user) for one in case.compartment.memberships.filter(role="researcher")]
        for person in people:
            person.prepare(edit, cite, *adds.values())

        # All opened the same form; one saves first, and every other reads what was saved meanwhile.
        seen = list(pool.map(lambda one: one.open(edit), people))
        saved = pool.map(lambda one, it: one.send(edit, **kept, **it | {"rationale": one.name}), people, seen)
        answers = dict(zip((person.name for person in people), saved, strict=True))
        first = [name for name, answer in answers.items() if answer.status == 302]
        assert sorted(answer.status for answer in answers.values()) == [302] + [409] * (EDITORS - 1)
        claim.refresh_from_db()
        assert [claim.rationale] == first
        assert all(first[0] in answer.body.decode() for answer in answers.values() if answer.status == 409)

        # Whoever reads and writes again until it is saved finds every line of the others kept.
        def insist(one: Editor) -> int:
            for attempt in range(1, EDITORS):
                there = one.open(edit)
                words = f"{there['rationale']}\nSeen by {one.name}."
                answer = one.send(edit, **kept, base=there["base"], rationale=words)
                if answer.status == 302:
                    return attempt
                assert answer.status == 409
            raise AssertionError(one.name)

        list(pool.map(insist, people[:8]))
        claim.refresh_from_db()
        assert all(f"Seen by {person.name}." in claim.rationale for person in people[:8])

        # All write something new at once.
        def write(one: Editor) -> list[int]:
            sent = [
                one.send(adds["claim"], text=f"A claim of {one.name}.", kind="fact"),
                one.send(cite, exhibit="E-01", locator="p. 1", quote=one.name, stance="supports"),
                one.send(adds["task"], title=f"A task of {one.name}"),
                one.send(adds["comment"], body=f"A word of {one.name}."),
            ]
            return [answer.status for answer in sent]

        assert list(pool.map(write, people)) == [[302] * 4] * EDITORS

    case = Case.objects.get(pk=case.pk)
    names = {person.name for person in people}
    assert (case.last_claim, case.last_task) == (EDITORS + 1, EDITORS)
    assert sorted(Claim.objects.filter(case=case).values_list("number", flat=True)) == list(range(1, EDITORS + 2))
    assert sorted(Task.objects.filter(case=case).values_list("number", flat=True)) == list(range(1, EDITORS + 1))
    assert {one.quote for one in Citation.objects.all()} == names
    assert {one.body for one in Comment.objects.all()} == {f"A word of {name}." for name in names}
    assert Event.objects.count() > 4 * EDITORS
