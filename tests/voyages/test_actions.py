"""What may be recorded about port calls and voyages, by whom, and what is refused."""

import pytest

from casefiles.access.actions import NotAllowed, void_record
from casefiles.access.circles import Circle
from casefiles.audit.selectors import history
from casefiles.core.moments import parse_moment
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.voyages import actions
from casefiles.voyages.models import PortCall, Voyage
from casefiles.voyages.selectors import port_calls_of, voyages_of, voyages_through
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def viewer():
    return make.user("viewer")


@pytest.fixture
def circle(lead, viewer):
    return make.restricted_to(make.circle(lead, viewer=viewer))


@pytest.fixture
def angara(lead, circle):
    return make.numbered_vessel(lead, display_name="ANGARA")


@pytest.fixture
def lady_r(lead, circle):
    return make.numbered_vessel(lead, display_name="LADY R")


@pytest.mark.parametrize(
    ("dates", "key", "shown"),
    [
        ({}, "", ""),
        ({"seen": "October 2023"}, "2023-10-01", "2023-10"),
        ({"arrived": "9 Feb 2024"}, "2024-02-09", "from 2024-02-09"),
        ({"departed": "28 April 2024"}, "2024-04-28", "until 2024-04-28"),
        ({"arrived": "9 Feb 2024", "departed": "28 April 2024", "seen": "2024-02-11"}, "2024-02-09",
         "2024-02-09 – 2024-04-28"),
        ({"departed": "28 April 2024", "seen": "2024-02-11"}, "2024-02-11", "until 2024-04-28"),
    ],
)  # fmt: skip
def test_a_port_call_is_listed_under_the_earliest_day_its_dates_allow(lead, circle, angara, dates, key, shown):
    port_call = make.port_call(lead, angara, circle=circle, **dates)

    assert (port_call.when_key, port_call.when) == (key, shown)


def test_changing_a_date_moves_the_port_call_in_lists(lead, circle, angara):
    port_call = make.port_call(lead, angara, circle=circle, departed="9 Feb 2024")

    actions.change_port_call(port_call, by=lead, version=1, seen=parse_moment("January 2024"))
    assert PortCall.objects.get().when_key == "2024-01-01"
    actions.change_port_call(port_call, by=lead, version=2, seen=None, departed=None)
    assert PortCall.objects.get().when_key == ""


def test_ships_that_cannot_be_told_apart_are_candidates_once_each(lead, circle, angara, lady_r):
    one = make.port_call(lead, angara, circle=circle)
    either = make.port_call(lead, angara, lady_r, angara, circle=circle)

    assert (one.is_identified, either.is_identified) == (True, False)
    assert either.vessel_names == "ANGARA or LADY R"
    with pytest.raises(Refused) as refusal:
        actions.add_port_call(by=lead, circle=circle, place=make.place(lead), vessels=[])
    assert refusal.value.field == "vessels"


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"arrived": "2024-02-09", "departed": "2024-02-08"}, "departed"),
        ({"arrived": "2024-02-09", "seen": "January 2024"}, "seen"),
        ({"seen": "2024-02-09", "departed": "2024-02-08"}, "departed"),
    ],
)
def test_dates_that_contradict_each_other_are_refused(lead, circle, angara, dates, field):
    with pytest.raises(Refused) as refusal:
        make.port_call(lead, angara, circle=circle, **dates)

    assert refusal.value.field == field


def test_dates_that_may_agree_are_kept(lead, circle, angara):
    port_call = make.port_call(lead, angara, circle=circle, arrived="February 2024", departed="2024-02-01")

    assert port_call.departed.edtf == "2024-02-01"


def test_changed_candidates_are_one_recorded_change_with_a_new_version(lead, circle, angara, lady_r):
    port_call = make.port_call(lead, angara, circle=circle)

    actions.change_port_call(port_call, by=lead, version=1, vessels=[angara, lady_r], note="Same bridge.")

    newest = history([port_call.pk])[0]
    changes = {change.field: (change.old, change.new) for change in newest.changes}
    assert port_call.version == 2
    assert changes["candidates"] == ([str(angara.pk)], sorted([str(angara.pk), str(lady_r.pk)]))
    assert changes["note"] == ("", "Same bridge.")
    with pytest.raises(StaleVersion):
        actions.change_port_call(port_call, by=lead, version=1, vessels=[lady_r])
    assert {str(one.vessel) for one in port_call.candidates.all()} == {"ANGARA", "LADY R"}


def test_candidates_given_again_change_nothing(lead, circle, angara, lady_r):
    port_call = make.port_call(lead, angara, lady_r, circle=circle)
    kept = set(port_call.candidates.values_list("pk", flat=True))

    actions.change_port_call(port_call, by=lead, version=1, vessels=[lady_r, angara])
    assert port_call.version == 1
    actions.change_port_call(port_call, by=lead, version=1, vessels=[angara])

    assert set(port_call.candidates.values_list("pk", flat=True)) < kept
    with pytest.raises(Refused):
        actions.change_port_call(port_call, by=lead, version=2, vessels=[])


def test_a_candidate_that_a_voyage_relies_on_stays(lead, circle, angara, lady_r):
    port_call = make.port_call(lead, angara, lady_r, circle=circle)
    voyage = make.voyage(lead, circle=circle, vessel=angara, arrival=port_call)

    with pytest.raises(Refused) as refusal:
        actions.change_port_call(port_call, by=lead, version=1, vessels=[lady_r])
    assert refusal.value.field == "vessels"
    assert port_call.candidates.count() == 2
    void_record(voyage, by=lead, reason="Another ship.")
    actions.change_port_call(port_call, by=lead, version=1, vessels=[lady_r])

    assert [str(one.vessel) for one in port_call.candidates.all()] == ["LADY R"]


def test_nothing_names_what_its_readers_may_not_see(lead, circle, angara):
    hidden_ship, hidden_place = make.vessel(lead, circle=circle), make.place(lead, circle=circle)
    hidden_call = make.port_call(lead, angara, circle=circle)
    open_call = make.port_call(lead, angara)

    with pytest.raises(Refused):
        make.port_call(lead, hidden_ship)
    with pytest.raises(Refused):
        make.port_call(lead, angara, place=hidden_place)
    with pytest.raises(Refused) as refusal:
        make.voyage(lead, vessel=angara, departure=hidden_call, circle=Circle.everyone())
    with pytest.raises(Refused):
        actions.change_port_call(open_call, by=lead, version=1, vessels=[angara, hidden_ship])
    assert str(hidden_call) in str(refusal.value.message)


def test_a_voyage_needs_one_known_end_of_its_own_vessel(lead, circle, angara, lady_r):
    port_call = make.port_call(lead, angara, circle=circle)

    voyage = actions.add_voyage(by=lead, circle=circle, vessel=angara, arrival=port_call)

    assert str(voyage) == f"ANGARA, a port not known to {port_call.place}"
    with pytest.raises(Refused) as nowhere:
        actions.add_voyage(by=lead, circle=circle, vessel=angara)
    with pytest.raises(Refused) as other:
        actions.add_voyage(by=lead, circle=circle, vessel=lady_r, arrival=port_call)
    with pytest.raises(Refused) as same:
        actions.add_voyage(by=lead, circle=circle, vessel=angara, departure=port_call, arrival=port_call)
    assert (nowhere.value.field, other.value.field, same.value.field) == ("departure", "arrival", "arrival")


@pytest.mark.parametrize(
    ("left", "reached", "is_refused"),
    [
        ({"departed": "2024-02-09"}, {"arrived": "2024-02-08"}, True),
        ({"departed": "2024-02-09"}, {"arrived": "2024-02-09"}, False),
        ({"departed": "February 2024"}, {"arrived": "2024-02-01"}, False),
        ({"seen": "March 2024"}, {"arrived": "February 2024"}, True),
        ({"arrived": "2024-03-01"}, {"seen": "2024-02-01"}, True),
        ({}, {"arrived": "2024-02-08"}, False),
    ],
)
def test_an_arrival_certainly_before_the_departure_is_refused(lead, circle, angara, left, reached, is_refused):
    departure = make.port_call(lead, angara, circle=circle, **left)
    arrival = make.port_call(lead, angara, circle=circle, **reached)
    ends = {"vessel": angara, "departure": departure, "arrival": arrival}

    if is_refused:
        with pytest.raises(Refused) as refusal:
            make.voyage(lead, circle=circle, **ends)
        assert refusal.value.field == "arrival"
    else:
        assert make.voyage(lead, circle=circle, **ends).arrival == arrival


def test_a_changed_voyage_holds_to_the_same_rules(lead, circle, angara, lady_r):
    voyage = make.voyage(lead, circle=circle, vessel=angara)
    other = make.port_call(lead, lady_r, circle=circle)

    for changes in ({"departure": None}, {"arrival": other}, {"vessel": lady_r}):
        with pytest.raises(Refused):
            actions.change_voyage(voyage, by=lead, version=1, **changes)
    actions.change_voyage(voyage, by=lead, version=1, cargo="containers", sailed=parse_moment("2023-09"))

    assert (voyage.version, Voyage.objects.get().sailed_key) == (2, "2023-09-01")


def test_a_viewer_changes_nothing(lead, viewer, circle, angara):
    port_call = make.port_call(lead, angara, circle=circle)
    voyage = make.voyage(lead, circle=circle, vessel=angara, departure=port_call)

    for call in (
        lambda: make.port_call(viewer, angara, place=port_call.place, circle=circle),
        lambda: actions.change_port_call(port_call, by=viewer, version=1, note="x"),
        lambda: actions.change_voyage(voyage, by=viewer, version=1, note="x"),
        lambda: actions.add_voyage(by=viewer, circle=circle, vessel=angara, departure=port_call),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_port_calls_are_found_by_vessel_and_by_place(lead, circle, angara, lady_r, django_assert_num_queries):
    rajin, dunai = make.place(lead), make.place(lead)
    late = make.port_call(lead, angara, lady_r, place=rajin, circle=circle, seen="2026-01")
    early = make.port_call(lead, angara, place=dunai, circle=circle, seen="2023-09")
    make.port_call(lead, lady_r, place=dunai, circle=circle)
    stranger = make.lead("stranger")

    with django_assert_num_queries(2):
        assert [call.vessel_names for call in port_calls_of(user=lead, vessel=angara)] == [
            "ANGARA",
            "ANGARA or LADY R",
        ]
    assert list(port_calls_of(user=lead, vessel=angara, place=rajin)) == [late]
    assert list(port_calls_of(user=lead, place=dunai, vessel=angara)) == [early]
    assert list(port_calls_of(user=stranger, vessel=angara)) == []


def test_voyages_are_found_by_vessel_and_by_port_call(lead, circle, angara, django_assert_num_queries):
    second = make.voyage(lead, circle=circle, vessel=angara, sailed="2024-02")
    first = make.voyage(lead, circle=circle, vessel=angara, sailed="2023-09")
    gone = make.voyage(lead, circle=circle, vessel=angara)
    void_record(gone, by=lead, reason="Twice.")

    with django_assert_num_queries(1):
        found = list(voyages_of(angara, user=lead))
        assert [str(voyage) for voyage in found] == [str(first), str(second)]
    assert voyages_through(first.departure, user=lead) == [first]
    assert voyages_through(first.departure, user=make.lead("stranger")) == []
