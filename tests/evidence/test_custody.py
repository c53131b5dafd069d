"""The chain of custody, and finding what was done to it."""

import uuid
from types import SimpleNamespace
from typing import Any

import pytest

from casefiles.audit.models import Event, EventValue
from casefiles.audit.selectors import verify
from casefiles.evidence.actions.custody import record_custody
from casefiles.evidence.models import CustodyEvent, File
from casefiles.evidence.selectors import custody_of, damaged_custody
from casefiles.evidence.store import store
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    lead, stranger = make.lead(), make.user()
    item = make.item(lead, circle=make.restricted_to(make.circle(lead)))
    file = make.file(item, lead)
    record_custody(item, file=file, act="transferred", by=lead, purpose="To the archive.")
    return SimpleNamespace(lead=lead, stranger=stranger, item=item, file=file)


def rows() -> Any:
    return CustodyEvent.objects.order_by("at")


def test_custody_that_nobody_touched_is_sound(world: Any) -> None:
    assert damaged_custody() == []
    assert verify().is_sound


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", "exported"),
        ("purpose", "Something else."),
        ("purpose", ""),
        ("sha256_after", "0" * 64),
        ("sha256_before", "0" * 64),
        ("at", "2020-01-01T00:00:00Z"),
        ("by", None),
        ("file", None),
    ],
)
def test_l10_an_edited_row_is_found_with_the_column(world: Any, column: str, value: Any) -> None:
    """Fails for any column left out of what is recorded."""
    row = rows().last()

    CustodyEvent.objects.filter(pk=row.pk).update(**{column: value})

    found = damaged_custody()
    assert [(one.record_id, one.kind) for one in found] == [(row.pk, "edited")]
    assert found[0].fields == (column,)


def test_l13_a_row_moved_to_another_item_is_found(world: Any) -> None:
    row = rows().last()
    CustodyEvent.objects.filter(pk=row.pk).update(item=make.item(world.lead))

    assert [(one.kind, one.fields) for one in damaged_custody()] == [("edited", ("item",))]


@pytest.mark.parametrize("end", ["first", "last"])
def test_l11_a_removed_row_is_found(world: Any, end: str) -> None:
    row = getattr(rows(), end)()
    CustodyEvent.objects.filter(pk=row.pk).delete()

    assert [(one.record_id, one.kind) for one in damaged_custody()] == [(row.pk, "removed")]


def test_l12_an_inserted_row_is_found(world: Any) -> None:
    forged = rows().last()
    forged.pk, forged.purpose = uuid.uuid4(), "Forged."
    forged.save(force_insert=True)

    assert [(one.record_id, one.kind) for one in damaged_custody()] == [(forged.pk, "inserted")]


def test_a_row_that_names_another_event_is_found(world: Any) -> None:
    CustodyEvent.objects.filter(pk=rows().last().pk).update(event_id=uuid.uuid4())

    assert [one.fields for one in damaged_custody()] == [("event_id",)]


def test_l06_a_digest_changed_in_the_files_row_is_found(world: Any) -> None:
    File.objects.filter(pk=world.file.pk).update(sha256="0" * 64)

    assert [one.kind for one in damaged_custody()] == ["file changed"]


def test_a_value_erased_by_order_is_no_damage(world: Any) -> None:
    EventValue.objects.filter(event_id=rows().last().event_id, field="purpose").update(new=None)

    assert damaged_custody() == []


def test_custody_is_shown_newest_first_to_those_who_may_read_the_item(world: Any) -> None:
    assert [event.act for event in custody_of(world.item, world.lead)] == ["transferred", "received"]
    assert custody_of(world.item, world.stranger) == []


def test_a_purpose_too_long_to_keep_is_cut(world: Any) -> None:
    assert len(record_custody(world.item, act="copied", by=world.lead, purpose="x" * 900).purpose) == 500
    assert damaged_custody() == []


def test_the_comparison_asks_a_constant_number_of_queries(world: Any, django_assert_max_num_queries: Any) -> None:
    for _number in range(20):
        record_custody(world.item, act="copied", by=world.lead)

    with django_assert_max_num_queries(8):
        damaged_custody()


@pytest.mark.parametrize(("column", "value"), [("name", "other.txt"), ("size_bytes", 1), ("media_type", "image/png")])
def test_l06_whatever_is_changed_in_a_files_row_is_found_by_its_column(world: Any, column: str, value: Any) -> None:
    File.objects.filter(pk=world.file.pk).update(**{column: value})

    assert [(one.record_id, one.kind, one.fields) for one in damaged_custody()] == [
        (world.file.pk, "file changed", (column,))
    ]


def test_l24_events_go_on_naming_whoever_did_it_when_the_account_is_renamed_and_closed(world: Any) -> None:
    """Breaks where an event holds a name, or loses whom it names with the account."""
    person, key = world.lead, world.lead.pk

    person.username, person.display_name, person.is_active = "renamed", "Renamed", False
    person.save()

    assert set(CustodyEvent.objects.values_list("by", flat=True)) == {key}
    assert set(Event.objects.filter(record_kind="evidence.custodyevent").values_list("actor_id", flat=True)) == {key}
    assert (verify().is_sound, damaged_custody()) == (True, [])


def test_l29_the_same_bytes_brought_by_two_people_are_two_records_of_one_copy(world: Any) -> None:
    held = CustodyEvent.objects.filter(act="received").get().file
    content = store().path_of(held.sha256).read_bytes()
    colleague = make.lead()

    twin = make.file(make.item(colleague, circle=make.restricted_to(make.circle(colleague))), colleague, content)

    assert (twin.sha256, list(store().walk())) == (held.sha256, [held.sha256])
    received = CustodyEvent.objects.filter(act="received").order_by("at")
    assert [(event.file, event.by) for event in received] == [(held, world.lead), (twin, colleague)]
    assert (verify().is_sound, damaged_custody()) == (True, [])
