"""Making, changing and voiding any record: version, rule, event, in one transaction."""

import threading
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.db.transaction import TransactionManagementError

from casefiles.access import actions as access
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.access.selectors import ShownChange, shown_history
from casefiles.audit import actions as audit
from casefiles.audit import selectors as log
from casefiles.audit.models import Event
from casefiles.cases import actions as cases
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.registry.models import PlaceName, Vessel
from tests import make
from tests.registry.test_actions import wait_until_somebody_waits

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead()


@pytest.fixture
def compartment(lead):
    return make.circle(lead)


@pytest.fixture
def record(lead, compartment):
    return access.add_record(Vessel(display_name="First"), by=lead, circle=make.restricted_to(compartment))


def events(record):
    return [entry.act for entry in log.history([record.pk])]


def test_a_change_raises_the_version_and_tells_old_and_new(record, lead):
    changed = access.change_record(record, by=lead, version=1, changes={"display_name": "Second"})

    assert changed == {"display_name": ("First", "Second")}
    record.refresh_from_db()
    assert (record.version, record.display_name, record.display_name_key) == (2, "Second", "second")
    newest = log.history([record.pk])[0]
    assert [(change.field, change.old, change.new) for change in newest.changes] == [
        ("display_name", "First", "Second")
    ]
    assert newest.actor_id == lead.pk


def test_a_change_of_nothing_writes_nothing(record, lead):
    assert access.change_record(record, by=lead, version=1, changes={"display_name": "First"}) == {}
    assert (Vessel._base_manager.get(pk=record.pk).version, events(record)) == (1, ["added"])


@pytest.mark.parametrize("version", [0, 2, 99])
def test_k03_a_stale_version_writes_nothing(record, lead, version):
    with pytest.raises(StaleVersion):
        access.change_record(record, by=lead, version=version, changes={"display_name": "Second"})

    assert Vessel._base_manager.get(pk=record.pk).display_name == "First"
    assert events(record) == ["added"]


def test_an_invalid_value_is_refused_by_field(record, lead):
    with pytest.raises(ValidationError) as error:
        access.change_record(record, by=lead, version=1, changes={"display_name": ""})

    assert set(error.value.message_dict) == {"display_name"}


def test_k06_a_second_record_with_the_same_number_is_refused_and_not_an_error(lead, compartment):
    number = make.imo_number()
    access.add_record(Vessel(display_name="One", imo_number=number), by=lead, circle=Circle.everyone())

    with pytest.raises(ValidationError) as error:
        access.add_record(Vessel(display_name="Two", imo_number=number), by=lead, circle=Circle.everyone())

    assert "imo_number" in error.value.message_dict


def test_a_voided_record_stays_and_says_why(record, lead):
    access.void_record(record, by=lead, reason="entered twice")

    kept = Vessel._base_manager.get(pk=record.pk)
    assert (kept.is_voided, kept.void_reason, kept.voided_by) == (True, "entered twice", lead)
    assert list(Vessel.objects.visible_to(lead).current()) == []
    assert events(record)[0] == "voided"


@pytest.mark.parametrize("reason", ["", "   "])
def test_voiding_needs_a_reason(record, lead, reason):
    with pytest.raises(Refused) as refusal:
        access.void_record(record, by=lead, reason=reason)

    assert refusal.value.field == "reason"


def test_a_voided_record_is_not_changed_until_restored(record, lead):
    access.void_record(record, by=lead, reason="entered twice")
    with pytest.raises(Refused):
        access.change_record(record, by=lead, version=2, changes={"display_name": "Second"})
    with pytest.raises(Refused):
        access.void_record(record, by=lead, reason="again")

    access.restore_record(record, by=lead)

    assert not Vessel._base_manager.get(pk=record.pk).is_voided


def test_l23_a_fault_after_the_change_and_before_the_event_rolls_back_both(record, lead):
    class Fault(Exception):
        pass

    with pytest.raises(Fault), audit.unit():
        access.change_record(record, by=lead, version=1, changes={"display_name": "Second"})
        raise Fault

    assert Vessel._base_manager.get(pk=record.pk).display_name == "First"
    assert events(record) == ["added"]


def test_what_an_inner_unit_noted_goes_with_it_when_the_outer_one_goes_on(record, lead):
    """Breaks where one of several changes is taken back and its event is written all the same."""
    before = log.head()[0]

    with audit.unit():
        access.change_record(record, by=lead, version=1, changes={"display_name": "kept"})
        with pytest.raises(Refused), audit.unit():
            access.change_record(record, by=lead, version=2, changes={"display_name": "taken back"})
            raise Refused("No.")
        access.change_record(record, by=lead, version=2, changes={"display_name": "kept too"})

    names = [
        change.new
        for entry in log.history([record.pk], limit=2)
        for change in entry.changes
        if change.field == "display_name"
    ]
    assert (log.head()[0] - before, names) == (2, ["kept too", "kept"])


def test_a_whole_unit_is_taken_back_whole_and_the_outer_one_goes_on(record, lead):
    """Breaks where a step inside is taken back alone, or where a failure inside leaves the outer transaction broken."""
    before = log.head()[0]

    with audit.unit():
        with pytest.raises(Refused), audit.whole_unit():
            access.change_record(record, by=lead, version=1, changes={"display_name": "taken back"})
            with audit.unit():
                raise Refused("No.")
        with pytest.raises(TransactionManagementError), audit.whole_unit():
            with suppress(Refused), audit.unit():
                raise Refused("Caught inside, where nothing may go on.")
            access.change_record(record, by=lead, version=1, changes={"display_name": "never"})
        with suppress(Refused), audit.unit():
            raise Refused("A savepoint of its own again.")
        access.change_record(record, by=lead, version=1, changes={"display_name": "kept"})

    assert (log.head()[0] - before, Vessel._base_manager.get(pk=record.pk).display_name) == (1, "kept")


def test_recording_outside_a_unit_is_a_mistake_that_shows(record, lead):
    with pytest.raises(audit.OutsideUnit):
        audit.record(by=lead, act="changed", kind="registry.vessel", record_id=record.pk)


def test_events_of_nested_units_are_dense_and_in_order(lead, compartment):
    before = log.head()[0]

    with audit.unit():
        for name in ("a", "b", "c"):
            access.add_record(Vessel(display_name=name), by=lead, circle=make.restricted_to(compartment))

    assert list(Event.objects.after(before).values_list("seq", flat=True)) == [before + 1, before + 2, before + 3]
    assert log.verify().is_sound


def test_people_below_the_needed_role_change_nothing(record, compartment, lead):
    viewer, stranger = make.user(), make.user()
    access.set_role(compartment=compartment, user=viewer, role="viewer", by=lead)

    for person, expected in ((viewer, access.NotAllowed), (stranger, access.NotVisible)):
        with pytest.raises(expected):
            access.change_record(record, by=person, version=1, changes={"display_name": "Second"})
        with pytest.raises(expected):
            access.void_record(record, by=person, reason="mine")
        with pytest.raises(expected):
            access.restore_record(record, by=person)

    assert events(record) == ["added"]


def test_changing_what_is_gone_answers_as_if_it_never_was(lead, compartment):
    ghost = Vessel(display_name="Ghost")

    with pytest.raises(access.NotVisible):
        access.change_record(ghost, by=lead, version=1, changes={"display_name": "x"})


def test_restoring_what_was_made_anew_meanwhile_is_refused():
    lead = make.lead()
    case = make.case(lead)
    item = make.item(lead, circle=Circle.of_case(case))
    first = cases.add_exhibit(case, by=lead, item=item)
    cases.remove_exhibit(first, by=lead, reason="by mistake")
    cases.add_exhibit(case, by=lead, item=item)

    with pytest.raises(ValidationError):
        access.restore_record(first, by=lead)


def test_voiding_and_restoring_hold_for_the_version_that_was_seen_only(record, lead):
    with pytest.raises(StaleVersion):
        access.void_record(record, by=lead, reason="entered twice", version=2)
    access.void_record(record, by=lead, reason="entered twice", version=1)
    with pytest.raises(StaleVersion):
        access.restore_record(record, by=lead, version=1)
    access.restore_record(record, by=lead, version=2)

    assert Vessel._base_manager.get(pk=record.pk).version == 3
    assert events(record) == ["restored", "voided", "added"]


def test_a_disabled_account_holds_no_role_anywhere(lead, compartment):
    assert access.holds_role_anywhere(lead, Act.EDIT)
    lead.is_active = False

    with pytest.raises(access.NotAllowed):
        access.require_role_anywhere(lead, Act.EDIT)


def test_what_only_the_database_refuses_to_add_is_an_error_that_shows(lead):
    """A name of no place is a mistake of the caller: nobody who fills in a form could mend it."""
    before = log.head()

    with pytest.raises(IntegrityError):
        access.add_record(PlaceName(name="Najin"), by=lead)

    assert not PlaceName._base_manager.exists()
    assert log.head() == before


def test_what_only_the_database_refuses_to_change_is_an_error_that_shows(lead, compartment):
    name = access.add_record(PlaceName(place=make.place(lead), name="Najin"), by=lead)

    with pytest.raises(IntegrityError):
        access.change_record(name, by=lead, version=1, changes={"place": None})

    assert PlaceName._base_manager.get(pk=name.pk).version == 1
    assert events(name) == ["added"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_same_at_once_the_later_is_told(lead, compartment):
    place = make.place(lead)
    has_started, told = threading.Event(), []

    def add_it_too():
        try:
            has_started.set()
            access.add_record(PlaceName(place=place, name="Najin"), by=lead)
        except ValidationError as refusal:
            told.extend(refusal.messages)
        finally:
            connection.close()

    with audit.unit():
        access.add_record(PlaceName(place=place, name="Najin"), by=lead)
        other = threading.Thread(target=add_it_too)
        other.start()
        has_started.wait(20)
        wait_until_somebody_waits()
    other.join()

    assert told == ["Place name with this Place and Name already exists."]
    assert PlaceName._base_manager.count() == 1


def test_the_history_still_tells_of_a_column_that_the_model_no_longer_has(record, lead):
    with audit.unit():
        audit.record(
            by=lead, act="changed", kind="registry.vessel", record_id=record.pk, changes={"old_column": ("a", "b")}
        )

    newest = shown_history([record.pk], log.Step(), user=lead).events[0]

    assert newest.changes == (ShownChange(label="old column", old="a", new="b", field="old_column"),)


def test_a_value_with_parts_of_its_own_is_told_as_it_is_kept(record, lead):
    with audit.unit():
        audit.record(
            by=lead,
            act="changed",
            kind="registry.vessel",
            record_id=record.pk,
            changes={"footprint": (None, {"type": "Point", "coordinates": [1, 2]}), "tags": (["a"], ["a", {"b": 1}])},
        )

    newest = shown_history([record.pk], log.Step(), user=lead).events[0]

    assert [(change.old, change.new) for change in newest.changes] == [
        ("", '{"coordinates": [1, 2], "type": "Point"}'),
        ("a", 'a, {"b": 1}'),
    ]
