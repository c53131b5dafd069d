"""Battery D at the pages that bring in many files: a result for each, and no word beyond what one may see."""

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casefiles.audit.models import Event
from casefiles.audit.selectors import verify
from casefiles.cases import actions as cases
from casefiles.cases.models import Exhibit
from casefiles.evidence.actions import files, items
from casefiles.evidence.models import CustodyEvent, File, Item
from casefiles.evidence.uploads import EMPTY_SHA256
from tests import make

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def upload(name: str = "page.txt", content: bytes = b"What the page said.", claimed: str = "text/plain") -> Any:
    return SimpleUploadedFile(name, content, content_type=claimed)


@pytest.fixture
def world() -> SimpleNamespace:
    lead, researcher, viewer, stranger = make.lead(), make.user(), make.user(), make.lead()
    make.case(stranger)
    case = make.case(lead, members={researcher: "researcher", viewer: "viewer"}, handling="TLP:RED")
    return SimpleNamespace(lead=lead, researcher=researcher, viewer=viewer, stranger=stranger, case=case)


@pytest.fixture(params=["case", "circle"])
def to(request: pytest.FixtureRequest, world: Any) -> SimpleNamespace:
    """The two places that files are brought to, as their pages are asked."""
    if request.param == "case":
        address, named = lambda name="": reverse(f"cases:bring_in{name}", args=[world.case.pk]), {}
        query = ""
    else:
        address, named = lambda name="": reverse(f"evidence:bring_in{name}"), {"circle": world.case.compartment_id}
        query = f"?circle={world.case.compartment_id}"
    part = address("").replace("//", "/") + f"parts/{'a' * 64}/{query}"
    return SimpleNamespace(
        name=request.param, url=address(), known=address("_known"), added=address("_added"), part=part, named=named
    )


def send(client: Client, to: Any, *uploads: Any, **fields: Any) -> Any:
    return client.post(to.url, {**to.named, "file": list(uploads), **fields})


def states(response: Any) -> list[str]:
    return re.findall(r'<li class="outcome is-[a-z]+" data-state="([a-z]+)"', response.content.decode())


def token(response: Any) -> str:
    """Return what names the bytes that a page, or the list for a script, asks about."""
    found = re.search(r'received(?:" value="|&quot;: &quot;)([\w:.-]+)', response.content.decode())
    assert found is not None
    return found[1]


# --- One form, many files -------------------------------------------------------------------------------------------


def test_each_file_becomes_an_item_with_its_own_bytes_and_custody(world: Any, to: Any) -> None:
    answer = send(signed_in(world.researcher), to, upload("one.txt", b"one"), upload("two.pdf", b"%PDF-1.4 two"))

    assert (answer.status_code, states(answer)) == (200, ["added", "added"])
    found = [(one.title, one.kind, one.files.get().sha256) for one in Item.objects.order_by("title")]
    assert found == [
        ("one", "document", hashlib.sha256(b"one").hexdigest()),
        ("two", "document", hashlib.sha256(b"%PDF-1.4 two").hexdigest()),
    ]
    assert [event.act for event in CustodyEvent.objects.all()] == ["received", "received"]
    assert {compartment.pk for one in Item.objects.all() for compartment in one.compartments.all()} == {
        world.case.compartment_id
    }


def test_in_a_case_each_file_is_the_next_exhibit_and_handled_as_the_case_is(world: Any) -> None:
    to = SimpleNamespace(url=reverse("cases:bring_in", args=[world.case.pk]), named={})

    answer = send(signed_in(world.researcher), to, upload("one.txt", b"one"), upload("two.txt", b"two"))

    exhibits = Exhibit.objects.order_by("number")
    assert [(one.label, one.item.title, one.item.handling) for one in exhibits] == [
        ("E-01", "one", "TLP:RED"),
        ("E-02", "two", "TLP:RED"),
    ]
    assert "/exhibits/E-02" in answer.content.decode()


def test_a_file_that_cannot_be_taken_never_costs_the_others(world: Any, to: Any, settings: Any) -> None:
    """Catches a form that is refused whole for one file: here too large, empty and held in turn."""
    settings.EVIDENCE_MAX_BYTES = 100
    sends = [upload("a.txt", b"first"), upload("b.txt", b"x" * 101), upload("c.txt", b""), upload("d.txt", b"first")]

    answer = send(signed_in(world.researcher), to, *sends, upload("e.txt", b"last"))

    assert states(answer) == ["added", "refused", "empty", "held", "added"]
    assert answer.status_code == 200
    assert sorted(Item.objects.values_list("title", flat=True)) == ["a", "e"]


def test_d19_one_that_fails_while_it_is_added_leaves_no_trace_and_no_gap(world: Any, to: Any, settings: Any) -> None:
    """Catches steps joined so closely that a failure takes the files before it, or leaves its number or event."""
    settings.EVIDENCE_QUOTA_BYTES = 100
    sizes = {"a.txt": 40, "b.txt": 40, "c.txt": 41, "d.txt": 20}

    uploads = [upload(name, name[:1].encode() * size) for name, size in sizes.items()]
    answer = send(signed_in(world.researcher), to, *uploads)

    assert states(answer) == ["added", "added", "refused", "added"]
    assert sorted(Item.objects.values_list("title", flat=True)) == ["a", "b", "d"]
    assert [one.number for one in Exhibit.objects.order_by("number")] == ([1, 2, 3] if to.name == "case" else [])
    assert (File.objects.count(), CustodyEvent.objects.count()) == (3, 3)
    assert Event.objects.filter(act="custody: received").count() == 3
    assert verify().is_sound


@pytest.mark.parametrize(("over", "state", "status"), [(-1, "added", 200), (0, "added", 200), (1, "refused", 413)])
def test_d06_the_limit_is_exact_and_leaves_no_temporary_file(
    world: Any, to: Any, settings: Any, over: int, state: str, status: int
) -> None:
    settings.EVIDENCE_MAX_BYTES = 300_000

    answer = send(signed_in(world.researcher), to, upload(content=b"x" * (300_000 + over)))

    assert (states(answer), answer.status_code) == ([state], status)
    assert list((settings.EVIDENCE_ROOT / "tmp").iterdir()) == []
    assert File.objects.count() == (over < 1)


def test_d21_under_the_disk_floor_files_are_refused_before_they_are_read_and_reading_goes_on(
    world: Any, to: Any, settings: Any
) -> None:
    client = signed_in(world.researcher)
    settings.EVIDENCE_DISK_FLOOR_BYTES = 2**62

    answer = send(client, to, upload())

    assert answer.status_code == 507
    assert "no room" in answer.content.decode()
    assert not Item.objects.exists()
    assert client.get(to.url).status_code == 200


def test_d05_an_empty_file_is_kept_only_after_it_was_confirmed(world: Any, to: Any) -> None:
    client = signed_in(world.researcher)
    asked = send(client, to, upload("empty.txt", b""))
    assert (states(asked), Item.objects.count()) == (["empty"], 0)

    answer = client.post(to.url, {**to.named, "do": "empty", "received": token(asked)})

    assert states(answer) == ["added"]
    assert File.objects.get().sha256 == EMPTY_SHA256


def test_d05_a_second_empty_file_is_asked_about_once(world: Any, to: Any) -> None:
    client = signed_in(world.researcher)
    for name in ("one.txt", "two.txt"):
        asked = send(client, to, upload(name, b""))
        client.post(to.url, {**to.named, "do": "empty", "received": token(asked)})

    assert sorted(Item.objects.values_list("title", flat=True)) == ["one", "two"]


def test_d12_what_is_claimed_stands_apart_from_what_is_found(world: Any, to: Any) -> None:
    send(signed_in(world.researcher), to, upload("a.png", b"<!doctype html><p>x", "image/png"))

    file = File.objects.get()
    assert (file.media_type, file.claimed_media_type, file.item.kind) == ("text/html", "image/png", "web page")


def test_d17_a_digest_that_the_bytes_do_not_have_keeps_nothing(world: Any, to: Any, settings: Any) -> None:
    """Catches a server that only notes the sender's digest."""
    right = hashlib.sha256(b"two").hexdigest()
    sends = [upload("one.txt", b"one"), upload("two.txt", b"two")]

    answer = send(signed_in(world.researcher), to, *sends, sha256=["0" * 64, right])

    assert states(answer) == ["refused", "added"]
    assert [file.sha256 for file in File.objects.all()] == [right]
    assert list(files.store().walk()) == [right]


HOSTILE_PATH = "../../etc/\u202e<b>passwd"


def test_d18_the_folders_that_a_file_lay_in_are_shown_and_nothing_else(world: Any, to: Any, settings: Any) -> None:
    """Catches a server that makes a path or a name of what stands in webkitRelativePath."""
    answer = send(signed_in(world.researcher), to, upload("a.txt"), path=[HOSTILE_PATH])

    file = File.objects.get()
    assert (file.name, file.item.title) == ("a.txt", "a")
    assert CustodyEvent.objects.get().purpose == f"chosen as {HOSTILE_PATH}"
    assert "⟨U+202E⟩&lt;b&gt;passwd" in answer.content.decode()
    kept = [path.name for path in settings.EVIDENCE_ROOT.rglob("*") if path.is_file()]
    assert kept == [file.sha256]


NAMES = [
    "../../../etc/passwd", "..\\..\\boot.ini", "/absolute/name", "C:\\temp\\x", "a/../b", ".", "..", "...", "/", "\\",
    "CON", "aux.txt", ".htaccess", "-rf", "~root", "a.", "a ", "....//x", "x" * 300, "\u202etxt.exe", "a\tb", "é.txt",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_d01_d02_whatever_a_file_is_called_it_is_kept_under_its_digest(world: Any, settings: Any, name: str) -> None:
    """Catches a parser that leaves a file out without a word because its name is no name, and any path made of one."""
    to = SimpleNamespace(url=reverse("cases:bring_in", args=[world.case.pk]), named={})
    body = multipart([("file", name, b"What the page said.")])

    answer = post_raw(signed_in(world.researcher), to.url, body)

    assert states(answer) == ["added"]
    file = File.objects.get()
    assert file.sha256 == hashlib.sha256(b"What the page said.").hexdigest()
    assert not {"/", "\\"} & set(file.name)
    assert file.item.title.strip()
    kept = [path.name for path in settings.EVIDENCE_ROOT.rglob("*") if path.is_file()]
    assert kept == [file.sha256]


@pytest.mark.parametrize(
    "pair", [("é.txt", "e\u0301.txt"), ("Angara.txt", "angara.txt"), ("Angara.txt", "\u0410ngara.txt")]
)
def test_d03_names_that_look_alike_are_two_files_and_both_are_found(world: Any, pair: tuple[str, str]) -> None:
    to = SimpleNamespace(url=reverse("cases:bring_in", args=[world.case.pk]), named={})

    send(signed_in(world.researcher), to, upload(pair[0], b"one"), upload(pair[1], b"another"))

    assert sorted(File.objects.values_list("name", flat=True)) == sorted(pair)
    found = Item.objects.visible_to(world.viewer)
    assert all(found.matching(name.removesuffix(".txt")).exists() for name in pair)


def test_the_page_asks_the_database_for_each_file_alike(world: Any, to: Any) -> None:
    """Catches a batch whose cost for each file grows with the batch."""
    client = signed_in(world.researcher)
    send(client, to, upload("warm.txt", b"warm"))
    counts = []

    for number in (2, 12, 22):
        with CaptureQueriesContext(connection) as captured:
            send(client, to, *(upload(f"{number}-{one}.txt", b"%d %d" % (number, one)) for one in range(number)))
        counts.append(len(captured))

    # What was done is written in batches of many events, so that a few more files may take one batch more.
    few, many = counts[1] - counts[0], counts[2] - counts[1]
    assert few - 3 <= many <= few + 3
    # D19: what holds for all of them is asked once.
    assert many <= 10 * 20


# --- Who may --------------------------------------------------------------------------------------------------------


def test_only_who_may_add_there_may_bring_in(world: Any, to: Any) -> None:
    answers = {
        who: send(signed_in(getattr(world, who)), to, upload(who, who.encode())).status_code
        for who in ("lead", "researcher", "viewer", "stranger")
    }

    refused = {"viewer": 403, "stranger": 404} if to.name == "case" else {"viewer": 403, "stranger": 422}
    assert answers == {"lead": 200, "researcher": 200, **refused}
    assert sorted(Item.objects.values_list("title", flat=True)) == ["lead", "researcher"]


class Unread(io.BytesIO):
    """A body that must not be read."""

    def read(self, *_size: Any) -> bytes:
        raise AssertionError("The body was read.")

    readline = readinto = read  # type: ignore[assignment]


def never_read(client: Client, url: str, **headers: str) -> Any:
    return client.generic(
        "POST",
        url,
        b"x",
        content_type="multipart/form-data; boundary=b",
        headers=headers,
        **{"wsgi.input": Unread(), "CONTENT_LENGTH": "1000000000"},
    )


def forgery_checked(user: Any) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", ["bring_in", "news_report_add"])
def test_d20_a_hidden_case_answers_before_the_body_is_read(world: Any, name: str) -> None:
    """Catches the check of the token standing before the gate: it reads the form, and with it every file."""
    url = reverse(f"cases:{name}", args=[world.case.pk])

    assert never_read(forgery_checked(world.stranger), url).status_code == 404
    assert never_read(forgery_checked(world.viewer), url).status_code == 403
    assert never_read(Client(enforce_csrf_checks=True), url).status_code == 302


def test_d20_a_closed_case_answers_before_the_body_is_read(world: Any) -> None:
    cases.change_case(world.case, by=world.lead, version=world.case.version, status="closed")
    url = reverse("cases:bring_in", args=[world.case.pk])
    client = forgery_checked(world.researcher)

    as_page, as_script = never_read(client, url), never_read(client, url, **{"X-Requested-With": "upload"})

    assert (as_page.status_code, as_script.status_code) == (409, 409)
    assert "This case is closed" in as_page.content.decode()
    assert "closed" in as_script.json()["error"]


def test_d21_what_has_no_room_is_refused_before_the_body_is_read(world: Any, to: Any, settings: Any) -> None:
    settings.EVIDENCE_DISK_FLOOR_BYTES = 2**62

    assert never_read(forgery_checked(world.researcher), to.url).status_code == 507


def test_b16_a_closed_case_does_not_say_what_is_held_already(world: Any) -> None:
    cases.change_case(world.case, by=world.lead, version=world.case.version, status="closed")

    answer = signed_in(world.lead).post(reverse("cases:bring_in_known", args=[world.case.pk]), {"sha256": "0" * 64})

    assert answer.status_code == 409
    assert "closed" in answer.json()["error"]


def test_a_case_closed_while_files_were_on_their_way_refuses_each(world: Any) -> None:
    client, url = signed_in(world.researcher), reverse("cases:bring_in_part", args=[world.case.pk, "a" * 64])
    client.patch(url, b"all of it", "application/octet-stream", headers={"Upload-Offset": "0"})
    cases.change_case(world.case, by=world.lead, version=world.case.version, status="closed")

    answers = [
        client.patch(url, b"more", "application/octet-stream", headers={"Upload-Offset": "9"}),
        client.post(url, {"name": "a.txt", "size_bytes": "9"}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert not Item.objects.exists()


# --- Bytes that are held already ------------------------------------------------------------------------------------


def test_d15_bytes_that_one_may_see_already_are_asked_about(world: Any, to: Any) -> None:
    client = signed_in(world.researcher)
    held = make.report(world.case, world.lead, title="The first")
    make.file(held.item, world.lead, b"What the page said.", "first.txt")

    asked = send(client, to, upload("second.txt"))

    text = asked.content.decode()
    assert (states(asked), Item.objects.count()) == (["held"], 1)
    assert ("E-01" if to.name == "case" else "The first") in text
    assert 'value="add"' in text


def test_d15_added_anyway_it_is_one_blob_two_items_and_two_chains_of_custody(world: Any, to: Any) -> None:
    client = signed_in(world.researcher)
    send(client, to, upload("first.txt"))
    asked = send(client, to, upload("second.txt"))

    answer = client.post(to.url, {**to.named, "do": "add", "received": token(asked)})

    assert states(answer) == ["added"]
    assert sorted(Item.objects.values_list("title", flat=True)) == ["first", "second"]
    assert len(set(File.objects.values_list("sha256", flat=True))) == len(list(files.store().walk())) == 1
    assert CustodyEvent.objects.filter(act="received").count() == 2


def test_d15_in_a_case_the_existing_item_becomes_an_exhibit(world: Any) -> None:
    to = SimpleNamespace(url=reverse("cases:bring_in", args=[world.case.pk]), named={})
    circle = make.restricted_to(world.case.compartment)
    item = make.item(world.lead, circle=circle, title="Held")
    make.file(item, world.lead, b"What the page said.")
    client = signed_in(world.researcher)
    asked = send(client, to, upload())

    answer = client.post(to.url, {"do": "existing", "received": token(asked)})

    assert states(answer) == ["added"]
    assert [(one.label, one.item) for one in Exhibit.objects.all()] == [("E-01", item)]
    assert Item.objects.count() == 1


def test_d15_r7_bytes_that_another_case_holds_are_added_without_a_word(world: Any, to: Any) -> None:
    """Catches a twin that is looked for past what the person may see: the two answers would differ."""
    other = make.case(world.stranger)
    make.file(make.report(other, world.stranger).item, world.stranger, b"hidden")
    client = signed_in(world.researcher)

    def sent(content: bytes) -> Any:
        values = {**to.named, "file": [upload("a.txt", content)]}
        return client.post(to.url, values, headers={"X-Requested-With": "upload"})

    answers = [sent(b"hidden"), sent(b"unheld")]

    assert [states(answer) for answer in answers] == [["added"], ["added"]]
    # Each has a number or key of its own.
    plain = [re.sub(r"E-0\d|[0-9a-f]{8}-[0-9a-f-]{27}", "", answer.content.decode()) for answer in answers]
    assert plain[0] == plain[1]
    assert [set(answer.headers) for answer in answers][0] == set(answers[1].headers)


def test_d15_r7_hidden_twins_cost_the_same_queries(world: Any, to: Any) -> None:
    other = make.case(world.stranger)
    make.file(make.report(other, world.stranger).item, world.stranger, b"hidden")
    client = signed_in(world.researcher)
    send(client, to, upload("warm.txt", b"warm"))
    counts = []

    for content in (b"hidden", b"unheld"):
        with CaptureQueriesContext(connection) as captured:
            send(client, to, upload("a.txt", content))
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_d15_what_was_wanted_before_it_was_sent_is_not_asked_again(world: Any, to: Any) -> None:
    client = signed_in(world.researcher)
    send(client, to, upload("first.mp4", CONTENT))
    piece(client, to, CONTENT, at=0)

    answers = [
        send(client, to, upload("second.mp4", CONTENT), is_twin_wanted="on"),
        finish(client, to, is_twin_wanted="on"),
    ]

    assert [states(answer) for answer in answers] == [["added"], ["added"]]
    assert Item.objects.count() == 3


def test_a_token_of_somebody_else_adds_nothing(world: Any, to: Any) -> None:
    send(signed_in(world.lead), to, upload("first.txt"))
    asked = send(signed_in(world.lead), to, upload("second.txt"))

    answer = signed_in(world.researcher).post(to.url, {**to.named, "do": "add", "received": token(asked)})

    assert (answer.status_code, states(answer)) == (422, ["refused"])
    assert Item.objects.count() == 1


def test_an_existing_item_is_named_by_what_one_may_see_alone(world: Any, to: Any) -> None:
    """Catches `existing` by digest as an oracle for what other cases hold."""
    other = make.case(world.stranger)
    make.file(make.report(other, world.stranger).item, world.stranger, b"hidden")
    client = signed_in(world.researcher)

    answers = [
        client.post(to.url, {**to.named, "do": "existing", "sha256": digest})
        for digest in (hashlib.sha256(b"hidden").hexdigest(), "0" * 64, "\x00", "")
    ]

    assert {(answer.status_code, tuple(states(answer))) for answer in answers} == {(422, ("refused",))}
    assert not Exhibit.objects.filter(case=world.case).exists()


# --- Asking before sending ------------------------------------------------------------------------------------------


def test_what_one_may_see_is_known_before_it_is_sent(world: Any, to: Any) -> None:
    send(signed_in(world.lead), to, upload("first.txt"))
    digest = hashlib.sha256(b"What the page said.").hexdigest()
    client = signed_in(world.researcher)

    maybe = client.post(
        to.known, {**to.named, "name": ["first.txt", "first.txt", "\x00"], "size_bytes": ["19", "20", "x"]}
    )
    held = client.post(to.known, {**to.named, "sha256": [digest, "0" * 64, "\x00"]})

    assert maybe.json() == {"maybe": [0]}
    assert states(held) == ["held"]
    assert f'data-sha256="{digest}"' in held.content.decode()
    assert "data-add-anyway" in held.content.decode()


def test_r7_what_one_may_not_see_is_not_known(world: Any, to: Any) -> None:
    other = make.case(world.stranger)
    make.file(make.report(other, world.stranger).item, world.stranger, b"hidden", "hidden.txt")
    client = signed_in(world.researcher)
    digest = hashlib.sha256(b"hidden").hexdigest()

    maybe = client.post(to.known, {**to.named, "name": ["hidden.txt"], "size_bytes": ["6"]})
    held = client.post(to.known, {**to.named, "sha256": [digest]})
    absent = client.post(to.known, {**to.named, "sha256": ["0" * 64]})

    assert maybe.json() == {"maybe": []}
    assert held.content == absent.content


# --- In pieces ------------------------------------------------------------------------------------------------------

CONTENT = b"What the film shows, frame after frame."
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def piece(client: Client, to: Any, content: bytes, *, at: int, **extra: Any) -> Any:
    return client.patch(
        to.part, content, content_type="application/octet-stream", headers={"Upload-Offset": str(at)}, **extra
    )


def finish(client: Client, to: Any, **fields: Any) -> Any:
    values = {**to.named, "name": "film.mp4", "size_bytes": str(len(CONTENT)), "media_type": "video/mp4", **fields}
    return client.post(to.part, values)


def test_a_file_sent_in_pieces_is_one_item(world: Any, to: Any, settings: Any) -> None:
    client = signed_in(world.researcher)

    sizes = [piece(client, to, CONTENT[:10], at=0).json(), piece(client, to, CONTENT[10:], at=10).json()]
    answer = finish(client, to, sha256=DIGEST)

    assert sizes == [{"size_bytes": 10}, {"size_bytes": len(CONTENT)}]
    assert states(answer) == ["added"]
    file = File.objects.get()
    assert (file.sha256, file.name, file.claimed_media_type, file.item.title) == (
        DIGEST,
        "film.mp4",
        "video/mp4",
        "film",
    )
    assert list((settings.EVIDENCE_ROOT / "tmp").iterdir()) == []


def test_a_file_that_broke_off_goes_on_where_it_stopped(world: Any, to: Any) -> None:
    client = signed_in(world.researcher)
    piece(client, to, CONTENT[:10], at=0)

    held = signed_in(world.researcher).get(to.part).json()

    assert held == {"size_bytes": 10, "sha256": hashlib.sha256(CONTENT[:10]).hexdigest()}
    assert piece(client, to, CONTENT[10:], at=10).json() == {"size_bytes": len(CONTENT)}


def test_what_one_person_sent_is_nobody_elses_to_continue(world: Any, to: Any) -> None:
    """Catches a partial file named by its sender alone: whoever knew the name could read its digest, or end it."""
    piece(signed_in(world.researcher), to, CONTENT, at=0)

    assert signed_in(world.lead).get(to.part).json()["size_bytes"] == 0
    assert states(finish(signed_in(world.lead), to)) == ["refused"]


def test_what_was_sent_to_one_place_is_not_continued_in_another(world: Any, to: Any) -> None:
    other = make.case(world.lead)
    make.member(other, world.researcher)
    client = signed_in(world.researcher)
    piece(client, to, CONTENT, at=0)

    elsewhere = client.get(reverse("cases:bring_in_part", args=[other.pk, "a" * 64]))

    assert elsewhere.json()["size_bytes"] == 0


def test_every_piece_is_asked_for_the_right_to_add(world: Any, to: Any) -> None:
    """Catches an upload that outlives the permission it began with (R9)."""
    client = signed_in(world.researcher)
    piece(client, to, CONTENT[:10], at=0)
    make.member(world.case, world.researcher, "viewer")

    answers = [
        piece(client, to, CONTENT[10:], at=10).status_code,
        finish(client, to).status_code,
        client.get(to.part).status_code,
        client.delete(to.part).status_code,
        client.post(to.known, {**to.named, "sha256": DIGEST}).status_code,
    ]

    assert set(answers) <= {403, 404}
    assert not Item.objects.exists()


def test_a01_pieces_of_a_hidden_place_do_not_exist(world: Any, to: Any) -> None:
    client = signed_in(world.stranger)

    answers = [
        piece(client, to, CONTENT, at=0, **{"wsgi.input": Unread()}).status_code,
        finish(client, to).status_code,
        client.get(to.part).status_code,
        client.delete(to.part).status_code,
        client.post(to.known, {**to.named, "sha256": DIGEST}).status_code,
    ]

    assert answers == [404] * 5


def test_a_piece_that_begins_elsewhere_is_told_where_to_begin(world: Any, to: Any) -> None:
    client = signed_in(world.researcher)
    piece(client, to, CONTENT[:10], at=0)

    again = piece(client, to, CONTENT[:10], at=0)

    assert (again.status_code, again.json()) == (409, {"size_bytes": 10})


@pytest.mark.parametrize(("offset", "status"), [("", 400), ("-1", 400), ("1.5", 400), ("٣", 400), ("9" * 40, 413)])
def test_where_a_piece_begins_must_be_a_number(world: Any, to: Any, offset: str, status: int) -> None:
    answer = signed_in(world.researcher).patch(
        to.part, CONTENT, content_type="application/octet-stream", headers={"Upload-Offset": offset}
    )

    assert answer.status_code == status


def test_d07_a_piece_without_its_length_is_refused(world: Any, to: Any) -> None:
    answer = piece(signed_in(world.researcher), to, CONTENT, at=0, CONTENT_LENGTH="")

    assert answer.status_code == 411


def test_d06_a_piece_that_would_pass_the_limit_is_refused_before_it_is_read(world: Any, to: Any, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 20
    client = signed_in(world.researcher)
    piece(client, to, CONTENT[:10], at=0)

    answer = piece(client, to, CONTENT[10:21], at=10, **{"wsgi.input": Unread()})

    assert answer.status_code == 413


def test_d17_a_file_whose_digest_is_another_is_refused_and_forgotten(world: Any, to: Any) -> None:
    client = signed_in(world.researcher)
    piece(client, to, CONTENT, at=0)

    answer = finish(client, to, sha256="0" * 64)

    assert (answer.status_code, states(answer)) == (422, ["refused"])
    assert not File.objects.exists()
    assert client.get(to.part).json()["size_bytes"] == 0
    assert list(files.store().walk()) == []


@pytest.mark.parametrize("size", ["", "38", "40", "x"])
def test_a_file_of_which_not_all_came_is_not_added_and_can_go_on(world: Any, to: Any, size: str) -> None:
    client = signed_in(world.researcher)
    piece(client, to, CONTENT, at=0)

    answer = finish(client, to, size_bytes=size)

    assert states(answer) == ["refused"]
    assert client.get(to.part).json()["size_bytes"] == len(CONTENT)


def test_d15_bytes_sent_in_pieces_are_asked_about_too(world: Any, to: Any) -> None:
    client = signed_in(world.researcher)
    send(client, to, upload("first.mp4", CONTENT))
    piece(client, to, CONTENT, at=0)
    asked = finish(client, to)
    assert states(asked) == ["held"]

    answer = client.post(to.url, {**to.named, "do": "add", "received": token(asked)})

    assert states(answer) == ["added"]
    assert Item.objects.count() == 2


def test_what_is_not_wanted_any_more_is_forgotten(world: Any, to: Any, settings: Any) -> None:
    client = signed_in(world.researcher)
    piece(client, to, CONTENT[:10], at=0)

    assert client.delete(to.part).status_code == 204

    assert client.get(to.part).json()["size_bytes"] == 0
    assert list((settings.EVIDENCE_ROOT / "tmp").iterdir()) == []


def test_d08_a_line_that_breaks_in_a_piece_loses_nothing_that_came(world: Any, to: Any) -> None:
    class Breaking(io.BytesIO):
        def read(self, *size: Any) -> bytes:
            found = super().read(*size)
            if not found:
                raise ConnectionResetError("The reader hung up.")
            return found

    client = signed_in(world.researcher)

    answer = piece(client, to, CONTENT, at=0, **{"wsgi.input": Breaking(CONTENT[:7])})

    assert answer.status_code == 400
    assert client.get(to.part).json()["size_bytes"] == 7


# --- Forms as bytes -------------------------------------------------------------------------------------------------

BOUNDARY = "----boundary"


def multipart(parts: list[tuple[str, str, bytes]], *, end: bytes = b"--\r\n") -> bytes:
    """Return the body of a form; a part is name, file name and content."""
    body = b""
    for name, filename, content in parts:
        quoted = filename.replace("\\", "\\\\").replace('"', '\\"')
        of_file = f'; filename="{quoted}"' if filename else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{of_file}\r\n\r\n'
        body += head.encode() + content + b"\r\n"
    return body + f"--{BOUNDARY}".encode() + end


def post_raw(client: Client, url: str, body: bytes, **extra: Any) -> Any:
    return client.generic("POST", url, body, content_type=f"multipart/form-data; boundary={BOUNDARY}", **extra)


@pytest.fixture
def raw(world: Any) -> Iterator[Callable[..., Any]]:
    """Post a body to the case's page; whatever the answer, nothing temporary may stay."""
    url, client = reverse("cases:bring_in", args=[world.case.pk]), signed_in(world.researcher)
    yield lambda body, **extra: post_raw(client, url, body, **extra)
    assert list((files.store().root / "tmp").iterdir()) == []


WHOLE = multipart([("file", "a.txt", b"first"), ("file", "b.txt", b"second")])


@pytest.mark.parametrize("part", [0.01, 0.5, 0.99])
def test_d08_a_form_that_broke_off_adds_nothing(raw: Any, part: float) -> None:
    """Catches Django's own parser, which takes the files that came whole and forgets the one that did not."""
    came = WHOLE[: int(len(WHOLE) * part)]

    answer = raw(came, **{"wsgi.input": io.BytesIO(came), "CONTENT_LENGTH": str(len(WHOLE))})

    assert answer.status_code == 400
    assert not Item.objects.exists()


@pytest.mark.parametrize("length", ["", "0", "-1", "x", str(len(WHOLE) - 20), str(len(WHOLE) // 2)])
def test_d07_a_length_that_is_missing_wrong_or_too_small_adds_nothing(raw: Any, length: str) -> None:
    answer = raw(WHOLE, CONTENT_LENGTH=length)

    assert answer.status_code == 400
    assert not Item.objects.exists()


@pytest.mark.parametrize("end", [b"", b"\r\n", b"-"])
def test_d10_a_form_without_its_last_boundary_adds_nothing(raw: Any, end: bytes) -> None:
    assert raw(multipart([("file", "a.txt", b"first")], end=end)).status_code == 400
    assert not Item.objects.exists()


def test_d10_more_files_than_a_form_may_have_are_refused_whole(raw: Any) -> None:
    body = multipart([("file", f"{number}.txt", b"%d" % number) for number in range(101)])

    assert raw(body).status_code == 400
    assert not Item.objects.exists()


def test_d10_a_hundred_files_are_taken(raw: Any) -> None:
    body = multipart([("file", f"{number}.txt", b"%d" % number) for number in range(100)])

    assert states(raw(body)) == ["added"] * 100


@pytest.mark.parametrize(
    "body",
    [
        multipart([(f"field{number}", "", b"x") for number in range(10_001)]),
        multipart([("n" * 2_000_000, "a.txt", b"x")]),
        multipart([("x", "", b"y" * 3_000_000)]),
        b"no form at all",
        WHOLE[: -len(f"--{BOUNDARY}--") - 4] + b"x" * 3_000_000,
    ],
    ids=["10001 fields", "a name of 2 MB", "a field of 3 MB", "no form", "a file without an end"],
)
def test_d10_a_form_beyond_every_bound_is_refused(raw: Any, body: bytes) -> None:
    assert raw(body).status_code == 400
    assert not Item.objects.exists()


def test_d10_a_file_that_is_no_base64_as_it_says_is_refused_with_the_form(raw: Any) -> None:
    """Catches a file on its way that the parser's error leaves behind, locked, so that no sweep takes it for dead."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n'

    answer = raw(f"{head}Content-Transfer-Encoding: base64\r\n\r\nQUJDR\r\n--{BOUNDARY}--\r\n".encode())

    assert answer.status_code == 400
    assert not Item.objects.exists()


def test_d10_files_in_a_form_within_the_form_are_no_files(raw: Any) -> None:
    inner = b'--i\r\nContent-Disposition: file; filename="a.txt"\r\n\r\nx\r\n--i--'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: multipart/mixed; boundary=i'

    answer = raw(head.encode() + b"\r\n\r\n" + inner + f"\r\n--{BOUNDARY}--\r\n".encode())

    assert answer.status_code == 400
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("filename=\"plain.txt\"; filename*=UTF-8''%C3%A9.txt", "é.txt"),
        ("filename*=UTF-8''%C3%A9.txt; filename=\"plain.txt\"", "é.txt"),
        ("filename*=UTF-8''%zz.txt", "%zz.txt"),
        ("filename*=iso-8859-1''%E9.txt", "é.txt"),
        ("filename*=UTF-8''%E9.txt", "\ufffd.txt"),
    ],
)
def test_d04_the_name_with_a_charset_comes_first_and_a_wrong_one_is_no_fault(
    raw: Any, disposition: str, name: str
) -> None:
    body = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; {disposition}\r\n\r\nx\r\n--{BOUNDARY}--\r\n'

    assert states(raw(body.encode())) == ["added"]
    assert File.objects.get().name == name


def test_d04_a_charset_that_does_not_exist_is_a_form_without_a_file(raw: Any) -> None:
    body = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename*=nonsense''a.txt\r\n\r\nx\r\n"
        f"--{BOUNDARY}--\r\n"
    )

    assert raw(body.encode()).status_code == 422
    assert not Item.objects.exists()


def test_a_page_that_takes_no_files_keeps_none(world: Any, settings: Any) -> None:
    """Catches Django's own handlers, which write a file of any size for whoever posts one, to any page."""
    body = multipart([("title", "", b"Renamed"), ("file", "a.bin", b"x" * 100_000)])
    client = signed_in(world.lead)
    settings.FILE_UPLOAD_TEMP_DIR = str(settings.DATA_DIR)

    answer = post_raw(client, reverse("accounts:sign_in"), body)

    assert answer.status_code in {200, 302}
    assert [path for path in settings.DATA_DIR.rglob("*.upload*")] == []


def test_a_form_that_comes_back_after_signing_in_says_that_its_files_must_be_chosen_again(world: Any, to: Any) -> None:
    client = signed_in(world.researcher)

    answer = client.post(to.url, {**to.named, "resume": "1"})

    assert answer.status_code == 200
    assert "not saved yet" in answer.content.decode()
    assert not Item.objects.exists()


def test_the_page_says_what_it_needs_without_a_script(world: Any, to: Any) -> None:
    text = signed_in(world.researcher).get(to.url).content.decode()

    assert re.search(r'<input type="file" name="file"[^>]* multiple', text)
    assert ('name="circle"' in text) == (to.name == "circle")


def test_the_entries_lead_there(world: Any) -> None:
    client = signed_in(world.researcher)

    evidence = client.get(reverse("evidence:items")).content.decode()
    exhibits = client.get(reverse("cases:exhibits", args=[world.case.pk])).content.decode()

    assert reverse("evidence:bring_in") in evidence
    assert reverse("cases:bring_in", args=[world.case.pk]) in exhibits


def test_a_voided_twin_is_no_twin(world: Any, to: Any) -> None:
    client = signed_in(world.researcher)
    send(client, to, upload("first.txt"))
    if to.name == "case":
        exhibit = Exhibit.objects.get()
        cases.remove_exhibit(exhibit, by=world.lead, reason="Wrong case.")
    items.void_item(Item.objects.get(), by=world.lead, reason="Wrong ship.")

    assert states(send(client, to, upload("second.txt"))) == ["added"]
