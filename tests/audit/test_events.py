"""The record of what was done: nobody changes it, and any change to it shows."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from casefiles.access import actions as access
from casefiles.audit import selectors as log
from casefiles.audit import triggers
from casefiles.audit.models import Event, EventValue
from casefiles.registry.models import Vessel
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.traced_on_every_engine]


@pytest.fixture
def history():
    """Return the ids of five events on one record."""
    lead = make.lead()
    compartment = make.circle(lead)
    record = access.add_record(Vessel(display_name="0"), by=lead, circle=make.restricted_to(compartment))
    for version in range(1, 5):
        access.change_record(record, by=lead, version=version, changes={"display_name": str(version)})
    return record


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


L09 = [
    "UPDATE audit_event SET act = 'nothing'",
    "DELETE FROM audit_event",
    "DELETE FROM audit_eventvalue",
    "UPDATE audit_eventvalue SET new = 'x'",
    "DELETE FROM audit_chainhead",
    "UPDATE audit_chainhead SET seq = seq - 1",
]


@pytest.mark.parametrize("statement", L09)
def test_l09_the_database_itself_refuses_to_change_what_was_recorded(history, statement):
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        run(statement)


def test_l09_truncating_is_refused_where_the_engine_knows_it(history):
    if connection.vendor != "postgresql":
        # SQLite has no TRUNCATE: DELETE is the only way to empty a table, and the test above holds it.
        assert "audit_event_is_never_removed" in triggers._SQLITE_NAMES
        return
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        run("TRUNCATE audit_event")


def test_an_ordered_erasure_empties_a_value_and_the_chain_still_verifies(history):
    run("UPDATE audit_eventvalue SET old = NULL, new = NULL")

    assert log.verify().is_sound
    assert log.damaged_values() == []


@pytest.fixture
def unguarded(history):
    triggers.remove(connection)
    yield history
    # The transaction of the test takes the triggers back.


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", "'other'"),
        ("record_kind", "'other'"),
        ("note", "'other'"),
        ("at", "'2020-01-01 00:00:00+00:00'"),
        ("changes", "'[]'"),
        ("compartment_ids", "'[]'"),
    ],
)
def test_l10_an_edited_row_is_named(unguarded, column, value):
    seq = Event.objects.of([unguarded.pk]).order_by("seq")[2].seq

    run(f"UPDATE audit_event SET {column} = {value} WHERE seq = %s", seq)

    report = log.verify()
    assert (report.is_sound, report.seq) == (False, seq)


@pytest.mark.parametrize("position", [0, 2, -1])
def test_l11_a_removed_row_is_noticed_wherever_it_stood(unguarded, position):
    seqs = list(Event.objects.order_by("seq").values_list("seq", flat=True))

    run("DELETE FROM audit_event WHERE seq = %s", seqs[position])

    assert not log.verify().is_sound


def test_l13_a_row_moved_to_another_record_is_named(unguarded):
    event = Event.objects.of([unguarded.pk]).order_by("seq")[1]

    Event.objects.filter(pk=event.pk).update(record_id=make.user().pk)

    assert log.verify().seq == event.seq


def test_an_edited_value_is_named(unguarded):
    value = EventValue.objects.filter(new='"2"').get()

    EventValue.objects.filter(pk=value.pk).update(new='"two"')

    assert log.damaged_values() == [value.event_id]


def test_a_removed_value_is_named(unguarded):
    value = EventValue.objects.filter(new='"2"').get()

    EventValue.objects.filter(pk=value.pk).delete()

    assert log.damaged_values() == [value.event_id]


def again(value, **changed):
    """Write a copy of a value, behind all others."""
    value.pk = None
    for name, content in changed.items():
        setattr(value, name, content)
    value.save()


def move_behind(value):
    EventValue.objects.filter(pk=value.pk).delete()
    again(value)


def of_nothing(value):
    again(value, event_id=uuid.uuid4())


@pytest.mark.parametrize("walked_at_once", [1, 2, 2_000])
@pytest.mark.parametrize(
    ("change", "is_damage"),
    [
        (lambda value: EventValue.objects.filter(pk=value.pk).update(new='"two"'), True),
        (lambda value: EventValue.objects.filter(pk=value.pk).delete(), True),
        (lambda value: again(value, field="flag"), True),
        (lambda value: again(value, new='"two"'), True),
        (move_behind, False),
        (of_nothing, False),
    ],
    ids=["edited", "removed", "another field later", "another value later", "moved behind", "of no event"],
)
def test_values_are_compared_wherever_they_lie(unguarded, monkeypatch, change, is_damage, walked_at_once):
    """Breaks where values are taken in the order of the chain, and one out of turn is missed or blames others."""
    monkeypatch.setattr(log, "WALKED_AT_ONCE", walked_at_once)
    value = EventValue.objects.filter(new='"2"').get()
    event_id = value.event_id

    change(value)

    assert log.damaged_values() == ([event_id] if is_damage else [])
    assert log.damaged_values(after=Event.objects.get(pk=event_id).seq) == []
