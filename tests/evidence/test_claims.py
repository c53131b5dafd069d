"""What a file says of itself is shown beside the record, and enters it only when somebody confirms it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.audit.models import Event
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence.actions import claims, items, reading
from casefiles.evidence.actions.reading import Outcome
from casefiles.evidence.models import Item
from casefiles.evidence.selectors import readings_of
from tests import make
from tests.evidence.test_file_door import signed_in

pytestmark = pytest.mark.django_db

CLAIMS = [
    {"key": "captured", "value": "2008-10-22T16:28:39", "where": "EXIF DateTimeOriginal"},
    {"key": "author", "value": ["One", "Another"], "where": "EXIF Artist"},
    {"key": "camera", "value": "COOLPIX P6000", "where": "EXIF Model"},
    {"key": "published", "value": "0000:00:00", "where": "EXIF DateTime"},
    {"key": "title", "value": "Angara <b>at</b> the quay", "where": "XMP dc:title"},
    {"key": "position", "value": [11.885, 43.467], "where": "EXIF GPS"},
]


@pytest.fixture
def world() -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    item = make.item(lead, circle=make.restricted_to(make.circle(lead, viewer=viewer)), title="A photograph")
    file = make.file(item, lead, b"pretend", "DSCN0010.jpg")
    findings = {"form": "JPEG", "measured": {"width_px": 640, "tiled": True, "ratio": 1.5}, "claims": CLAIMS}
    read = reading.keep(file, Outcome("read", "image", findings=findings))
    return SimpleNamespace(lead=lead, viewer=viewer, stranger=stranger, item=item, file=file, reading=read)


def confirm_address(item: Item) -> str:
    return f"{item.get_absolute_url()}claims/confirm/"


def asked(world: Any, index: int, **values: Any) -> dict[str, Any]:
    return {"reading": str(world.reading.pk), "claim": index, "version": world.item.version, **values}


def test_a_time_without_a_zone_stays_without_one(world: Any) -> None:
    claims.confirm_claim(world.reading, by=world.lead, index=0, version=1)

    world.item.refresh_from_db()
    assert (world.item.occurred.edtf, world.item.occurred.instant) == ("2008-10-22T16:28:39", None)


def test_history_says_from_which_file_and_field_a_value_came(world: Any) -> None:
    claims.confirm_claim(world.reading, by=world.lead, index=1, version=1)

    event = Event.objects.filter(record_id=world.item.pk).order_by("seq").last()
    assert (event.act, event.note, event.actor_id) == (
        "claim confirmed",
        "DSCN0010.jpg: EXIF Artist",
        world.lead.pk,
    )
    world.item.refresh_from_db()
    assert world.item.author == "One, Another"


@pytest.mark.parametrize(
    ("index", "words"), [(2, "no field for this value"), (3, "four digits"), (99, "read anew"), (-1, "read anew")]
)
def test_what_cannot_be_entered_is_refused(world: Any, index: int, words: str) -> None:
    with pytest.raises(Refused, match=words):
        claims.confirm_claim(world.reading, by=world.lead, index=index, version=1)


def test_an_old_version_is_refused_and_a_reader_may_not_confirm(world: Any) -> None:
    with pytest.raises(NotAllowed):
        claims.confirm_claim(world.reading, by=world.viewer, index=0, version=1)
    with pytest.raises(NotVisible):
        claims.confirm_claim(world.reading, by=world.stranger, index=0, version=1)
    items.change_item(world.item, by=world.lead, version=1, author="Somebody")
    with pytest.raises(StaleVersion):
        claims.confirm_claim(world.reading, by=world.lead, index=0, version=1)


def test_the_page_shows_how_the_record_stands_to_each_claim(world: Any, django_assert_num_queries: Any) -> None:
    items.change_item(world.item, by=world.lead, version=1, author="One, Another")

    with django_assert_num_queries(1):
        [found] = readings_of(world.item, [world.file], world.lead)

    assert [(one.label, one.text) for one in found.measured] == [
        ("ratio", "1.5"),
        ("tiled", "yes"),
        ("width, pixels", "640"),
    ]
    assert [(one.label, one.text, one.state) for one in found.claims] == [
        ("time in the file", "2008-10-22T16:28:39", "new"),
        ("author", "One, Another", "same"),
        ("camera", "COOLPIX P6000", ""),
        ("published", "0000:00:00", ""),
        ("title", "Angara <b>at</b> the quay", "other"),
        ("position (latitude, longitude)", "43.467, 11.885", ""),
    ]
    assert found.claims[4].recorded == "A photograph"


def test_a_file_that_waits_says_so_and_texts_made_from_files_are_no_files_of_their_own(world: Any) -> None:
    waiting = make.file(world.item, world.lead, b"words")
    made = make.file(world.item, world.lead, b"text", role="derivative", parent=waiting, transformation="by hand")

    found = readings_of(world.item, [world.file, waiting, made], world.lead)

    assert [(one.file, one.reading) for one in found] == [(world.file, world.reading), (waiting, None)]
    assert "waiting to be read" in signed_in(world.viewer).get(world.item.get_absolute_url()).content.decode()


def test_readings_are_not_found_for_those_who_do_not_see_the_item(world: Any) -> None:
    [found] = readings_of(world.item, [world.file], world.stranger)

    assert found.reading is None


def test_one_click_enters_an_empty_field(world: Any) -> None:
    client = signed_in(world.lead)
    page = client.get(world.item.get_absolute_url()).content.decode()
    assert "Confirm as “what it shows”" in page

    answer = client.post(confirm_address(world.item), asked(world, 0))

    assert answer.url == f"{world.item.get_absolute_url()}#readings"
    world.item.refresh_from_db()
    assert world.item.occurred.edtf == "2008-10-22T16:28:39"
    shown = client.get(world.item.get_absolute_url()).content.decode()
    assert "Entered into the record as “what it shows”." in shown
    assert "says the same" in shown


def test_where_the_record_says_something_else_the_page_asks_first(world: Any) -> None:
    client = signed_in(world.lead)

    page = client.get(confirm_address(world.item), {"reading": world.reading.pk, "claim": 4}).content.decode()

    assert "“title” becomes: Angara &lt;b&gt;at&lt;/b&gt; the quay" in page
    assert "The record says now: A photograph" in page
    assert f'name="version" value="{world.item.version}"' in page


def test_a_stale_click_changes_nothing_and_shows_what_stands_now(world: Any) -> None:
    items.change_item(world.item, by=world.lead, version=1, title="The quay")

    answer = signed_in(world.lead).post(confirm_address(world.item), asked(world, 4, version=1))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody changed this item meanwhile" in page
    assert "The record says now: The quay" in page
    assert 'name="version" value="2"' in page
    assert Item.objects.get(pk=world.item.pk).title == "The quay"


@pytest.mark.parametrize(
    "values",
    [
        {"claim": 99},
        {"claim": "x"},
        {"claim": -1},
        {"reading": "00000000-0000-4000-8000-000000000000"},
        {"reading": "x"},
        {"version": "x"},
        {"claim": "9" * 30},
    ],
)
def test_n02_what_names_no_claim_is_not_found(world: Any, values: dict[str, Any]) -> None:
    assert signed_in(world.lead).post(confirm_address(world.item), asked(world, 0, **values)).status_code == 404


def test_b01_a_reading_of_another_item_is_not_found(world: Any) -> None:
    other = make.item(world.lead)

    assert signed_in(world.lead).post(confirm_address(other), asked(world, 0)).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404)])
def test_who_may_not_edit_cannot_confirm(world: Any, who: str, status: int) -> None:
    client: Client = signed_in(getattr(world, who))

    assert client.post(confirm_address(world.item), asked(world, 0)).status_code == status
    assert Item.objects.get(pk=world.item.pk).occurred is None
