"""What the Berkeley Protocol asks to be preserved: shown by the files, or said with a reason, or missing."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.core.moments import parse_moment
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence.actions import preservation, reading
from casefiles.evidence.completeness import HeldFact, ItemFacts, Mark, Part, State, completeness, shown_by
from casefiles.evidence.models import PreservationMark
from casefiles.evidence.selectors import completeness_of
from casefiles.evidence.vocabulary import PreservedPart, PreservedState
from tests import make
from tests.evidence.test_item_pages import signed_in

NOTHING = ItemFacts(has_address=False, has_context=False, has_collection_data=False, has_metadata=False)
DATA = {"part": "source code", "state": "not applicable", "reason": "A broadcast has no source code."}


def test_the_vocabulary_names_every_part_and_every_word_of_a_person():
    assert PreservedPart.values == [part.value for part in Part]
    assert PreservedState.values == [State.SAID.value, State.NOT_APPLICABLE.value]


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({}, set()),
        ({"has_address": True}, {Part.ADDRESS}),
        ({"has_context": True}, {Part.CONTEXT}),
        ({"has_collection_data": True}, {Part.COLLECTION_DATA}),
        ({"has_metadata": True}, {Part.EMBEDDED_METADATA}),
        ({"files": [("text/html", "original")]}, {Part.SOURCE_CODE, Part.HASH}),
        ({"files": [("multipart/related", "capture")]}, {Part.SOURCE_CODE, Part.HASH}),
        ({"files": [("application/wacz", "original")]}, {Part.SOURCE_CODE, Part.EMBEDDED_MEDIA, Part.HASH}),
        ({"files": [("image/png", "capture")]}, {Part.FULL_PAGE, Part.HASH}),
        ({"files": [("application/pdf", "capture")]}, {Part.FULL_PAGE, Part.HASH}),
        ({"files": [("text/plain", "capture")]}, {Part.HASH}),
        ({"files": [("image/jpeg", "original")]}, {Part.EMBEDDED_MEDIA, Part.HASH}),
        ({"files": [("image/jpeg", "derivative")]}, {Part.HASH}),
    ],
)
def test_what_the_files_show_by_themselves(facts, shown):
    held = tuple(HeldFact(*one) for one in facts.pop("files", []))

    assert shown_by(ItemFacts(**{**vars(NOTHING), **facts, "files": held})) == shown


def test_a_mark_counts_where_the_files_show_nothing_and_never_against_them():
    facts = ItemFacts(**{**vars(NOTHING), "has_address": True})
    marks = {
        Part.ADDRESS: Mark(State.NOT_APPLICABLE, "It was a letter."),
        Part.CONTEXT: Mark(State.SAID, "In the paper file."),
    }

    found = {one.part: (one.state, one.reason) for one in completeness(facts, marks).parts}

    assert found[Part.ADDRESS] == (State.PRESENT, "")
    assert found[Part.CONTEXT] == (State.SAID, "In the paper file.")
    assert found[Part.HASH] == (State.MISSING, "")
    assert completeness(facts, marks).settled_count == 2
    assert Part.HASH in completeness(facts, marks).missing


@pytest.fixture
def world() -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    circle = make.restricted_to(make.circle(lead, viewer=viewer))
    return SimpleNamespace(
        lead=lead, viewer=viewer, stranger=stranger, circle=circle, item=make.item(lead, circle=circle)
    )


def marked(world: Any, **values: Any) -> PreservationMark:
    return preservation.mark_part(world.item, by=world.lead, **{**DATA, **values})


@pytest.mark.django_db
def test_an_item_with_everything_is_complete(world: Any) -> None:
    item = make.item(
        world.lead,
        circle=world.circle,
        url="https://example.org/a",
        summary="A report.",
        collection_method="Saved with the browser.",
        collected=parse_moment("2024-04-25"),
    )
    make.file(item, world.lead, b"<!doctype html><p>", "page.html")
    make.file(item, world.lead, b"\x89PNG\r\n\x1a\n", "page.png", role="capture")
    photo = make.file(item, world.lead, b"\xff\xd8\xff", "photo.jpg")
    claims = [{"key": "camera", "value": "x", "where": "EXIF"}]
    reading.keep(photo, reading.Outcome("read", "image", findings={"form": "JPEG", "claims": claims}))

    assert completeness_of([item], world.viewer)[item.pk].settled_count == 8


@pytest.mark.django_db
def test_completeness_of_many_items_asks_three_queries(world: Any) -> None:
    items = [make.item(world.lead, circle=world.circle) for _ in range(12)]

    with CaptureQueriesContext(connection) as captured:
        completeness_of(items[:2], world.lead)
    with CaptureQueriesContext(connection) as more:
        found = completeness_of(items, world.lead)

    assert len(captured) == len(more) == 3
    assert {one.settled_count for one in found.values()} == {0}


@pytest.mark.django_db
def test_a_part_is_marked_once_with_a_reason(world: Any) -> None:
    mark = marked(world)

    assert completeness_of([world.item], world.lead)[world.item.pk].settled_count == 1
    with pytest.raises(Refused, match="marked already"):
        marked(world)
    with pytest.raises(Refused, match="Say why"):
        marked(world, part="hash", reason=" ")
    preservation.void_mark(mark, by=world.lead, reason="There is one.")
    assert marked(world).pk != mark.pk


@pytest.mark.django_db
def test_a_mark_is_changed_at_its_version(world: Any) -> None:
    mark = marked(world)

    preservation.change_mark(mark, by=world.lead, version=1, reason="It was broadcast.", state="said to be present")

    mark.refresh_from_db()
    assert (mark.reason, mark.state, mark.version) == ("It was broadcast.", "said to be present", 2)
    with pytest.raises(StaleVersion):
        preservation.change_mark(mark, by=world.lead, version=1, state="not applicable")
    with pytest.raises(Refused):
        preservation.change_mark(mark, by=world.lead, version=2, reason="")
    with pytest.raises(TypeError):
        preservation.change_mark(mark, by=world.lead, version=2, part="hash")


@pytest.mark.django_db
def test_marks_are_seen_and_made_by_those_who_may(world: Any) -> None:
    mark = marked(world)

    assert list(PreservationMark.objects.visible_to(world.viewer)) == [mark]
    assert not PreservationMark.objects.visible_to(world.stranger).exists()
    with pytest.raises(NotAllowed):
        preservation.mark_part(world.item, by=world.viewer, **DATA)
    with pytest.raises(NotVisible):
        preservation.mark_part(world.item, by=world.stranger, **DATA)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("preservation", {"lead": 200, "viewer": 200, "stranger": 404}),
        ("preservation_mark", {"lead": 200, "viewer": 403, "stranger": 404}),
        ("preservation_edit", {"lead": 200, "viewer": 403, "stranger": 404}),
        ("preservation_void", {"lead": 200, "viewer": 403, "stranger": 404}),
    ],
)
def test_a01_who_may_open_each_page_of_preservation(world: Any, name: str, expected: dict[str, int]) -> None:
    record = marked(world) if name.endswith(("edit", "void")) else world.item

    found = {
        who: signed_in(getattr(world, who)).get(reverse(f"evidence:{name}", args=[record.pk])).status_code
        for who in expected
    }

    assert found == expected


@pytest.mark.django_db
def test_a_part_is_marked_on_its_page_and_the_mark_can_be_changed_and_voided(world: Any) -> None:
    client, address = signed_in(world.lead), reverse("evidence:preservation", args=[world.item.pk])
    assert "?part=source%20code" in client.get(address).content.decode()

    answer = client.post(reverse("evidence:preservation_mark", args=[world.item.pk]) + "?part=hash", DATA)

    assert answer.url == address
    page = client.get(address).content.decode()
    assert "A broadcast has no source code." in page
    mark = PreservationMark.objects.get()
    edit = reverse("evidence:preservation_edit", args=[mark.pk])
    base = client.get(edit).context_data["base_token"]
    changed = client.post(edit, {"state": "not applicable", "reason": "It was on paper.", "base": base})
    assert changed.url == address
    voided = client.post(reverse("evidence:preservation_void", args=[mark.pk]), {"reason": "A slip."})
    assert voided.url == address
    mark.refresh_from_db()
    assert (mark.reason, mark.is_voided) == ("It was on paper.", True)
