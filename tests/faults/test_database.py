"""J03, J13, J17: a database that is full, or goes away between any two statements."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casefiles.cases.actions.exhibits import next_exhibit
from casefiles.cases.models import Case
from casefiles.dossiers.actions import prepare_release
from casefiles.registry.models import Vessel
from casefiles.workspace.selectors.chain import report_on_chain
from tests import make
from tests.faults.breaking import GoneAt, everything, full
from tests.interchange.test_exchange import carry_out, look

pytestmark = pytest.mark.django_db(transaction=True)

SAID = b"The database cannot do this at the moment"
TITLE = "The ship at the yard"
# A session anew for every turn takes PostgreSQL its time: there at every third statement.
STRIDES = {"sqlite": 1, "postgresql": 3}

Act = Callable[[], HttpResponse]


@pytest.fixture
def world() -> SimpleNamespace:
    lead = make.user("lead", may_open_cases=True, is_staff=True)
    editor = make.user("editor")
    client = Client(raise_request_exception=False)
    client.force_login(lead)
    return SimpleNamespace(lead=lead, editor=editor, case=make.case(lead, members={editor: "editor"}), client=client)


def test_j13_a_database_without_room_refuses_what_writes_and_answers_who_reads(world: Any) -> None:
    """Breaks if a page that only reads fails because the session's last minute cannot be written."""
    url, form = reverse("cases:case_add"), {"title": TITLE, "question": "What did it carry?", "handling": "TLP:AMBER"}
    session = world.client.session
    session["seen_at"] = session["signed_in_at"] = timezone.now().timestamp() - 300
    session.save()
    before = everything()

    with full():
        read = world.client.get(world.case.get_absolute_url())
        written = world.client.post(url, form)

    assert (read.status_code, written.status_code) == (200, 503)
    assert SAID in written.content
    assert written["Retry-After"] == "10"
    assert everything() == before
    assert world.client.post(url, form).status_code == 302
    assert (Case.objects.filter(title=TITLE).count(), Session.objects.count()) == (1, 1)


def test_a_rule_that_the_database_could_not_be_asked_about_is_not_said_to_be_broken(world: Any) -> None:
    """Breaks where Django's answer for a database that fails (`Q.check` says yes) is shown as “already exists”."""
    exhibit = make.report(world.case, world.lead)

    with pytest.raises(OperationalError), connection.execute_wrapper(GoneAt(0, holding='"_check"')):
        next_exhibit(exhibit.case, by=world.lead, item=exhibit.item)
    connection.close()

    with pytest.raises(ValidationError):
        next_exhibit(exhibit.case, by=world.lead, item=exhibit.item)


# --- It goes away between two statements ------------------------------------------------------------------------


def opening(world: Any) -> Act:
    form = {"title": TITLE, "question": "What did it carry?", "handling": "TLP:AMBER"}
    return lambda: world.client.post(reverse("cases:case_add"), form)


def editing(world: Any) -> Act:
    url = reverse("cases:case_edit", args=[world.case.pk])
    base = world.client.get(url).context["base_token"]
    day = world.case.opened_on.isoformat()
    form = {"title": TITLE, "question": "Where?", "status": "open", "handling": "TLP:AMBER", "opened_on": day}
    return lambda: world.client.post(url, form | {"base": base, "summary": ""})


def deciding(world: Any) -> Act:
    url = reverse("cases:claim_outcome", args=[world.case.pk, make.claim(world.case, world.lead).pk])
    base = world.client.get(url).context.get("base_token", "")
    return lambda: world.client.post(url, {"base": base, "outcome": "withdrawn", "reason": "Not so."})


def signing_off(world: Any) -> Act:
    release = prepare_release(world.case, by=world.editor)
    return lambda: world.client.post(reverse("dossiers:approve", args=[world.case.pk, release.pk]))


def importing(world: Any) -> Act:
    looked = look(world.client, Vessel, f"display_name,circle\n{TITLE},everyone\nAnother,everyone\n")
    return lambda: carry_out(world.client, Vessel, looked)


def bringing_in(world: Any) -> Act:
    url = reverse("cases:bring_in", args=[world.case.pk])
    return lambda: world.client.post(url, {"file": SimpleUploadedFile("a.txt", b"Some evidence.")})


@pytest.mark.parametrize("prepare", [opening, editing, deciding, signing_off, importing, bringing_in])
def test_j03_j17_whenever_the_database_goes_away_all_of_a_request_is_there_or_nothing(
    world: Any, prepare: Callable[[Any], Act]
) -> None:
    """Breaks if an act is spread over two transactions, or a lost database is answered as a fault of the program."""
    act = prepare(world)
    before, number = everything(), 0

    while everything() == before:
        gone = GoneAt(number)
        with connection.execute_wrapper(gone):
            answer = act()
        connection.close()
        if not gone.has_struck:
            break
        # What was saved stays so where the database went away only while others were being told of it.
        is_refused = (answer.status_code, SAID in answer.content) == (503, True)
        assert is_refused or (answer.status_code < 400 and everything() != before), number
        number += STRIDES[connection.vendor]

    assert number > 5
    after = everything()
    assert after != before
    # Had a half of it been kept, what follows would add the rest or find it taken.
    assert report_on_chain()["result"] == "sound"
    added = {label: rows - before[label] for label, rows in after.items() if rows != before[label]}
    assert {"audit.Event", "audit.ChainHead"} <= set(added)
