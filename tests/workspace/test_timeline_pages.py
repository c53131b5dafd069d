"""The timeline and the map of a case: who sees what, the same number of queries for few rows and many."""

import pytest
from django.urls import reverse

from casefiles.cases import actions as cases
from casefiles.cases.selectors.timeline import around, lane_labels, timeline_entries
from tests import make

pytestmark = pytest.mark.django_db
PAGES = ("timeline", "timeline_fragment", "map", "map_fragment")


@pytest.fixture
def lead():
    return make.lead()


@pytest.fixture
def viewer():
    return make.user("viewer")


@pytest.fixture
def case(lead, viewer):
    return make.case(lead, members={viewer: "viewer"}, title="The ship at the yard")


@pytest.fixture
def ship(case, lead):
    vessel = make.numbered_vessel(lead, display_name="ANGARA")
    cases.add_subject(case, by=lead, vessel=vessel, role="carrier", is_main=True)
    return vessel


def filled(case, lead, ship, count):
    """Add one of everything that a timeline shows, `count` times."""
    for _number in range(count):
        place = make.place(lead, latitude=42.2, longitude=130.3, precision_m=5000)
        call = make.port_call(lead, ship, place=place, seen="2024-02")
        make.voyage(lead, vessel=ship, arrival=call, sailed="before 2024-02")
        make.designation(lead, vessel=ship, in_force="2024-06-25")
        exhibit = make.report(case, lead, published=None)
        make.said(case, lead, exhibit)
        make.claim(case, lead)


def address(name, case):
    return reverse(f"workspace:{name}", args=[case.pk])


@pytest.mark.parametrize("name", PAGES)
def test_only_the_case_s_circle_sees_it(client, case, ship, lead, viewer, name):
    filled(case, lead, ship, 1)
    answers = []
    for person in (lead, viewer, make.user("stranger")):
        client.force_login(person)
        answers.append(client.get(address(name, case)).status_code)

    assert answers == [200, 200, 404]


@pytest.mark.parametrize("name", PAGES)
def test_more_rows_take_no_more_queries(client, case, ship, lead, viewer, assert_same_queries, name):
    client.force_login(viewer)

    asked = assert_same_queries(
        lambda: client.get(address(name, case)), lambda count: filled(case, lead, ship, count), many=5
    )

    assert asked <= 30


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_case_says_what_would_be_here(client, case, lead, name):
    client.force_login(lead)

    assert "<svg class" not in client.get(address(name, case)).content.decode().replace('<svg class="icon"', "")


def test_every_lane_is_drawn_and_linked(client, case, ship, lead, viewer):
    filled(case, lead, ship, 1)
    client.force_login(viewer)

    response = client.get(address("timeline", case))

    assert [lane.label for lane in response.context["timeline"].lanes] == ["Voyages", "Measures"]
    entries = timeline_entries(case, viewer)
    assert {entry.lane for entry in entries} == {key for key, _label in lane_labels()}
    assert all(entry.url for entry in entries)


def test_lanes_can_be_chosen_and_nonsense_shows_all(client, case, ship, lead):
    filled(case, lead, ship, 1)
    client.force_login(lead)

    chosen = client.get(address("timeline", case), {"lane": ["measures"]})
    nonsense = client.get(address("timeline", case), {"lane": ["nonsense", "\x00"]})

    assert [lane.label for lane in chosen.context["timeline"].lanes] == ["Measures"]
    assert len(nonsense.context["rows"]) == 6


def test_an_uncertain_sighting_is_a_bar_and_a_certain_day_a_dot(client, case, ship, lead):
    make.port_call(lead, ship, seen="between 7 September and 1 October 2023")
    make.port_call(lead, ship, seen="2024-10-25")
    client.force_login(lead)

    (lane,) = client.get(address("timeline", case), {"lane": "voyages"}).context["timeline"].lanes

    assert [mark.is_point for mark in lane.marks] == [False, True]


def test_what_a_reader_may_not_see_is_on_neither(client, case, ship, lead, viewer):
    other = make.circle(lead)
    secret = make.place(lead, circle=make.restricted_to(other), name="Hidden berth", latitude=42.0, longitude=130.0)
    make.port_call(lead, ship, circle=make.restricted_to(other), place=secret, seen="2024-02-09")
    make.designation(lead, vessel=ship, circle=make.restricted_to(other), in_force="2024-06-25")
    client.force_login(viewer)

    pages = [client.get(address(name, case)).content.decode() for name in PAGES]

    assert not any("Hidden berth" in page for page in pages)
    assert around(case, viewer).designations == ()
    assert len(around(case, lead).designations) == 1


def test_what_other_readers_may_not_see_stays_out_of_what_is_for_all(case, ship, lead):
    make.designation(lead, vessel=ship, circle=make.restricted_to(make.circle(lead)), in_force="2024-06-25")

    assert around(case, lead, is_for_all_readers=True).designations == ()


def test_a_port_call_of_either_of_two_ships_is_marked_as_possible(case, ship, lead, client):
    other = make.numbered_vessel(lead, display_name="LADY R")
    make.port_call(lead, ship, other, place=make.place(lead, latitude=42.2, longitude=130.3), seen="2026-01")
    client.force_login(lead)

    (line,) = client.get(address("map", case)).context["port_chart"].places

    assert line.is_possible
    assert line.happened == ("ANGARA or LADY R, activity not known: 2026-01",)


def test_a_place_without_a_point_is_listed_and_not_drawn(case, ship, lead, client):
    make.port_call(lead, ship, place=make.place(lead, name="Dunai"), seen="2024-02")
    client.force_login(lead)

    chart = client.get(address("map", case)).context["port_chart"]

    assert (chart.chart, [line.name for line in chart.undrawn]) == (None, ["Dunai"])
