"""Anchors: numbers make them open, one number is one anchor, and nothing names what its readers may not see."""

import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from casefiles.access import actions as access
from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.access.circles import Circle
from casefiles.audit import actions as audit
from casefiles.audit.models import Event
from casefiles.audit.selectors import history
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.registry import actions
from casefiles.registry.models import Vessel
from tests import make

pytestmark = pytest.mark.django_db

ANGARA = "9179842"


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def team(lead):
    return make.circle(lead)


@pytest.fixture
def stranger(db):
    """Somebody with a case of their own, and no part in the lead's."""
    person = make.lead("stranger")
    make.circle(person)
    return person


def test_a_vessel_with_a_number_is_open_whatever_circle_was_asked_for(lead, team, stranger):
    vessel = make.vessel(lead, circle=make.restricted_to(team), imo_number="IMO " + ANGARA)

    assert (vessel.imo_number, vessel.visibility, list(vessel.compartments.all())) == (ANGARA, "open", [])
    assert Vessel.objects.visible_to(stranger).get() == vessel


def test_a_vessel_without_a_number_stays_in_its_circle(lead, team, stranger):
    vessel = make.vessel(lead, circle=make.restricted_to(team), display_name="unidentified ro-ro, Rajin")

    assert Vessel.objects.visible_to(lead).get() == vessel
    assert not Vessel.objects.visible_to(stranger).exists()


def test_the_number_of_a_company_or_the_code_of_a_place_opens_too(lead, team):
    circle = make.restricted_to(team)

    company = make.organisation(lead, circle=circle, imo_company_number="6246853")
    port = make.place(lead, circle=circle, unlocode="cn zos")

    assert (company.visibility, port.visibility, port.unlocode) == ("open", "open", "CNZOS")


def test_a_second_vessel_with_the_number_is_refused_and_the_first_is_named(lead, team, stranger):
    first = make.vessel(lead, imo_number=ANGARA, display_name="Angara")

    with pytest.raises(actions.AlreadyRegistered) as refusal:
        make.vessel(stranger, imo_number=ANGARA, display_name="Another")

    assert (refusal.value.record, refusal.value.field) == (first, "imo_number")
    assert "Angara" in str(refusal.value) and "IMO 9179842" in str(refusal.value)
    assert Vessel.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("imo_number", "9179843"),
        ("imo_number", "6246853"),
        ("imo_number", "91798420"),
        ("display_name", "AN\x00GARA"),
        ("display_name", ""),
        ("display_name", "x" * 10_000),
        ("vessel_type", "spaceship"),
    ],
)
def test_a_value_that_does_not_hold_is_named_by_its_field(lead, team, field, value):
    with pytest.raises(ValidationError) as refusal:
        make.vessel(lead, **{field: value})

    assert list(refusal.value.message_dict) == [field]
    assert not Vessel.objects.exists()


def test_full_width_digits_are_read_as_digits(lead, team):
    assert make.vessel(lead, imo_number="９１７９８４２").imo_number == ANGARA


def test_a_name_that_steers_direction_is_kept_as_typed(lead, team):
    assert make.vessel(lead, display_name="\u202earagnA").display_name == "\u202earagnA"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"latitude": 91.0, "longitude": 0.0}, "latitude"),
        ({"latitude": 0.0, "longitude": 181.0}, "longitude"),
        ({"latitude": float("nan"), "longitude": 0.0}, "latitude"),
        ({"latitude": 42.2}, "longitude"),
        ({"country": "XX"}, "country"),
        ({"unlocode": "KP0J1"}, "unlocode"),
    ],
)
def test_a_place_that_cannot_be_is_refused_at_the_field(lead, team, values, field):
    with pytest.raises(ValidationError) as refusal:
        make.place(lead, **values)

    assert list(refusal.value.message_dict) == [field]


def test_a_place_never_lies_within_itself(lead, team):
    port = make.place(lead)
    berth = make.place(lead, parent=port)

    with pytest.raises(ValidationError) as refusal:
        actions.change_place(port, by=lead, version=1, parent=berth)

    assert list(refusal.value.message_dict) == ["parent"]


def test_a_place_has_another_name_once(lead, team):
    port = make.place(lead, name="Rajin")
    actions.add_place_name(port, by=lead, name="Najin", language="ko")

    with pytest.raises(Refused):
        actions.add_place_name(port, by=lead, name=" Najin ")
    with pytest.raises(Refused):
        actions.add_place_name(port, by=lead, name="Rajin")

    assert [name.name for name in port.other_names.all()] == ["Najin"]


def test_a_number_opens_a_restricted_vessel_only_when_that_is_agreed(lead, team, stranger):
    vessel = make.vessel(lead, circle=make.restricted_to(team), display_name="dark ship")

    with pytest.raises(actions.WouldBeOpen) as refusal:
        actions.change_vessel(vessel, by=lead, version=1, imo_number=ANGARA)
    assert refusal.value.field == "is_opening_agreed"
    assert not Vessel.objects.visible_to(stranger).exists()

    actions.change_vessel(vessel, by=lead, version=1, imo_number=ANGARA, is_opening_agreed=True)
    opened = Vessel.objects.visible_to(stranger).get()
    assert (opened.imo_number, opened.visibility, list(opened.compartments.all())) == (ANGARA, "open", [])


def test_what_happened_before_an_anchor_opened_stays_with_its_circle(lead, team):
    vessel = make.vessel(lead, circle=make.restricted_to(team), display_name="dark ship")
    actions.change_vessel(vessel, by=lead, version=1, imo_number=ANGARA, is_opening_agreed=True)

    readers = {event.act: event.compartment_ids for event in Event.objects.of([vessel.pk])}
    assert readers == {"added": [str(team.pk)], "changed": [str(team.pk)]}


def test_a_number_cannot_be_taken_from_another_vessel(lead, team):
    make.vessel(lead, imo_number=ANGARA)
    other = make.vessel(lead)

    with pytest.raises(actions.AlreadyRegistered):
        actions.change_vessel(other, by=lead, version=1, imo_number=ANGARA)


def test_a_stale_change_is_not_written(lead, team):
    vessel = make.vessel(lead)
    actions.change_vessel(vessel, by=lead, version=1, note="first")

    with pytest.raises(StaleVersion):
        actions.change_vessel(vessel, by=lead, version=1, note="second")

    assert Vessel.objects.get().note == "first"


def test_a_person_is_not_tied_to_an_organisation_that_their_readers_may_not_see(lead, team):
    hidden = make.organisation(lead, circle=make.restricted_to(team))

    with pytest.raises(Refused):
        make.person(lead, organisation=hidden)

    within = make.person(lead, circle=make.restricted_to(team), organisation=hidden)
    assert within.organisation == hidden


def test_an_organisation_that_one_may_not_see_answers_like_none(lead, team, stranger):
    hidden = make.organisation(lead, circle=make.restricted_to(team))

    with pytest.raises(NotVisible):
        make.person(stranger, organisation=hidden)


def test_a_change_of_organisation_is_recorded_by_its_id(lead, team):
    ministry, other = make.organisation(lead), make.organisation(lead)
    person = make.person(lead, organisation=ministry)

    changed = actions.change_person(person, by=lead, version=1, organisation=other)

    assert changed == {"organisation": (str(ministry.pk), str(other.pk))}
    assert history([person.pk])[0].changes[0].new == str(other.pk)


def test_somebody_without_a_role_adds_nothing(lead, team):
    nobody = make.user("nobody")

    with pytest.raises(NotAllowed):
        make.vessel(nobody, imo_number=ANGARA)


def test_a_viewer_adds_nothing_to_the_circle(lead):
    viewer = make.user("viewer")
    team = make.circle(lead, viewer=viewer)

    with pytest.raises(NotAllowed):
        make.vessel(viewer, circle=make.restricted_to(team))


def test_a_viewer_changes_nothing(lead):
    viewer = make.user("viewer")
    team = make.circle(lead, viewer=viewer)
    vessel = make.vessel(lead, circle=make.restricted_to(team))

    with pytest.raises(NotAllowed):
        actions.change_vessel(vessel, by=viewer, version=1, note="mine")


def test_a_voided_vessel_keeps_its_number(lead, team):
    vessel = make.vessel(lead, imo_number=ANGARA)
    access.void_record(vessel, by=lead, reason="entered twice")

    with pytest.raises(actions.AlreadyRegistered) as refusal:
        make.vessel(lead, imo_number=ANGARA)

    assert "voided" in str(refusal.value)


def test_the_folded_name_finds_another_alphabet_in_any_case(lead, team):
    vessel = make.vessel(lead, display_name="Ангара")

    assert list(Vessel.objects.visible_to(lead).matching("ангара")) == [vessel]
    assert list(Vessel.objects.visible_to(lead).matching("АНГ")) == [vessel]


def test_a_circle_without_compartments_is_the_creators_alone(lead, team, stranger):
    vessel = make.vessel(lead, circle=Circle())

    assert list(Vessel.objects.visible_to(lead)) == [vessel]
    assert not Vessel.objects.visible_to(stranger).exists()


def test_an_organisation_and_another_name_are_changed_too(lead, team):
    company = make.organisation(lead, name="M Leasing")
    name = actions.add_place_name(make.place(lead), by=lead, name="Najn")

    assert actions.change_organisation(company, by=lead, version=1, name=" M  Leasing LLC ") == {
        "name": ("M Leasing", "M Leasing LLC")
    }
    assert actions.change_place_name(name, by=lead, version=1, name="Najin") == {"name": ("Najn", "Najin")}


def test_a_change_that_does_not_hold_is_named_by_its_field(lead, team):
    vessel = make.vessel(lead)

    with pytest.raises(ValidationError) as caught:
        actions.change_vessel(vessel, by=lead, version=1, display_name="x" * 1000, imo_number=ANGARA)

    assert (type(caught.value), list(caught.value.message_dict)) == (ValidationError, ["display_name"])
    assert Vessel.objects.get(pk=vessel.pk).imo_number is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_the_same_number_at_once_the_later_is_told(lead, team):
    first, second = make.vessel(lead), make.vessel(lead)
    has_started, told = threading.Event(), []

    def give_it_to_the_second():
        try:
            has_started.set()
            actions.change_vessel(second, by=lead, version=1, imo_number=ANGARA)
        except actions.AlreadyRegistered as refusal:
            told.append(refusal.record)
        finally:
            connection.close()

    with audit.unit():
        actions.change_vessel(first, by=lead, version=1, imo_number=ANGARA)
        other = threading.Thread(target=give_it_to_the_second)
        other.start()
        has_started.wait(20)
        wait_until_somebody_waits()
    other.join()

    assert told == [first]
    assert Vessel.objects.get(pk=second.pk).imo_number is None


def wait_until_somebody_waits():
    """PostgreSQL says who waits for a row; a writer of SQLite waits before it has read anything."""
    deadline = time.monotonic() + 20
    while connection.vendor == "postgresql" and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
