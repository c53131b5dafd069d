"""The timeline and the map of a case: who sees what, the same number of queries for few rows and many."""

import csv
import io
from datetime import date

import pytest
from defusedxml import ElementTree
from django.urls import reverse
from django.utils import timezone

from casefiles.access.circles import Circle
from casefiles.cases import actions as cases
from casefiles.cases.selectors.timeline import around, lane_labels, timeline_entries
from casefiles.core.timeline import Extent
from casefiles.particulars.actions import add_identifier_use, add_practice
from casefiles.voyages.actions.detection import accept_event, run_detection
from casefiles.workspace.selectors import timelines
from tests import make

pytestmark = pytest.mark.django_db
MMSI = "273456780"
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
        period = make.period("2023", "ongoing")
        add_practice(by=lead, circle=Circle.everyone(), vessel=ship, practice="ais", period=period)
        exhibit = make.report(case, lead, published=None)
        make.said(case, lead, exhibit)
        make.claim(case, lead)


def accepted_gap(case, lead, ship, *, runs=1):
    """Accept a silence in the ship's track, and look again as often as asked."""
    circle = Circle.of_case(case)
    tie = {"scheme": "mmsi", "value": MMSI, "period": make.period("2024-02-01", "ongoing")}
    add_identifier_use(by=lead, circle=circle, vessel=ship, **tie)
    rows = [*make.position_rows(MMSI, 2), *make.position_rows(MMSI, 2, start="2024-02-11T00:00:00")]
    make.read_positions(lead, *rows, circle=circle)
    event = run_detection(by=lead, circle=circle, vessel=ship).events.get()
    accept_event(event, by=lead, version=1, reason="Nothing was heard.")
    for _run in range(runs - 1):
        run_detection(by=lead, circle=circle, vessel=ship)
    return event


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
    accepted_gap(case, lead, ship)
    client.force_login(viewer)

    response = client.get(address("timeline", case))

    drawn = ["Voyages", "Track events", "Practices", "Measures"]
    assert [lane.label for lane in response.context["timeline"].lanes] == drawn
    entries = timeline_entries(case, viewer)
    assert {entry.lane for entry in entries} == {key for key, _label in lane_labels()}
    assert all(entry.url for entry in entries)


def test_lanes_can_be_chosen_and_nonsense_shows_all(client, case, ship, lead):
    filled(case, lead, ship, 1)
    client.force_login(lead)

    chosen = client.get(address("timeline", case), {"lane": ["measures"]})
    nonsense = client.get(address("timeline", case), {"lane": ["nonsense", "\x00"]})

    assert [lane.label for lane in chosen.context["timeline"].lanes] == ["Measures"]
    assert len(nonsense.context["rows"]) == 7


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


# Conduct of the ships ----------------------------------------------------------------------------------------------


def test_an_accepted_event_stands_there_once_however_often_one_looked_again(case, ship, lead):
    gap = accepted_gap(case, lead, ship, runs=2)

    (entry,) = timeline_entries(case, lead, lanes=["events"])

    assert entry.extent == Extent(date(2024, 2, 9), date(2024, 2, 11), date(2024, 2, 9), date(2024, 2, 11))
    assert entry.url == gap.get_absolute_url()


def test_a_suggestion_that_nobody_decided_is_no_entry(case, ship, lead):
    make.read_positions(lead, *make.position_rows(MMSI, 2), circle=Circle.of_case(case))

    assert timeline_entries(case, lead, lanes=["events"]) == []


def test_a_practice_seen_in_a_movement_has_its_time(case, ship, lead):
    call = make.port_call(lead, ship, seen="2024-10-25")
    for about, period in ((call, make.period()), (None, make.period())):
        add_practice(by=lead, circle=Circle.everyone(), vessel=ship, practice="documents", about=about, period=period)

    found = timeline_entries(case, lead, lanes=["practices"])

    assert sorted(entry.when for entry in found) == ["", "seen 25 October 2024"]


def test_a_dossier_s_timeline_is_without_the_ships_conduct(case, ship, lead):
    filled(case, lead, ship, 1)

    assert around(case, lead, is_for_all_readers=True).practices == ()


# Days, subjects, standing -----------------------------------------------------------------------------------------


def shown(client, person, case, name="timeline", **query):
    client.force_login(person)
    return client.get(address(name, case), query)


def test_days_leave_out_what_certainly_lies_outside_and_are_drawn_from_edge_to_edge(client, case, ship, lead):
    for day in ("2023-05-01", "2024-02", "2025-01-01"):
        make.port_call(lead, ship, seen=day)
    make.claim(case, lead)
    for day in ("2024-02-10", "2022"):
        make.claim(case, lead, occurred=make.parse_moment(day))

    page = shown(client, lead, case, since="2024-02-09", until="2024-03-09")

    timeline = page.context["timeline"]
    assert (timeline.first, timeline.last) == (date(2024, 2, 9), date(2024, 3, 9))
    assert sorted(entry.label for _lane, entry in page.context["rows"])[:1] == ["C-02"]
    assert len(page.context["rows"]) == 2


def test_an_end_that_is_not_given_is_where_the_entries_end(client, case, ship, lead):
    for day in ("2023-05-01", "2025-01-01"):
        make.port_call(lead, ship, seen=day)

    open_end = shown(client, lead, case, since="2024-01-01").context["timeline"]
    nothing = shown(client, lead, case, since="2030-01-01").context["timeline"]
    wrong = shown(client, lead, case, since="2024-03-01", until="2024-01-01")

    assert (open_end.first, open_end.last) == (date(2024, 1, 1), date(2025, 1, 1))
    assert (nothing.first, nothing.last, nothing.lanes) == (date(2030, 1, 1), date(2030, 1, 2), ())
    assert wrong.context["days"].errors["until"] == ["It ends before it begins."]


def test_the_steps_lead_to_the_days_beside_and_to_fewer_and_more(client, case, ship, lead):
    make.port_call(lead, ship, seen="2024-01-15")

    steps = shown(client, lead, case, since="2024-01-01", until="2024-01-31", lane="voyages").context["steps"]

    assert steps == {
        "earlier": "?lane=voyages&since=2023-12-17&until=2024-01-16",
        "later": "?lane=voyages&since=2024-01-16&until=2024-02-15",
        "closer": "?lane=voyages&since=2024-01-08&until=2024-01-24",
        "farther": "?lane=voyages&since=2023-12-17&until=2024-02-15",
    }
    last = shown(client, lead, case, since="9999-12-01", until="9999-12-31").context["steps"]["later"]
    assert shown(client, lead, case, since="9999-12-31").status_code == 200
    assert last.endswith("until=9999-12-31")


def test_a_subject_leaves_what_names_it_and_what_rests_on_what_is_cited_about_it(client, case, ship, lead):
    other = make.numbered_vessel(lead, display_name="MARIA")
    speaker = make.person(lead)
    cases.add_subject(case, by=lead, vessel=other, role="sister")
    cases.add_subject(case, by=lead, person=speaker, role="speaker")
    about, beside = make.original(case, lead), make.original(case, lead)
    call = make.port_call(lead, ship, seen="2024-02-09", circle=Circle.of_case(case))
    make.port_call(lead, other, seen="2024-02-10")
    make.citation(call.assertion, about.item, lead)
    for exhibit in (about, beside):
        make.cited(make.claim(case, lead), lead, exhibit)
    make.said(case, lead, beside, speaker=speaker, speaker_text="")

    of_ship = shown(client, lead, case, subject=f"vessel:{ship.pk}").context["rows"]
    of_speaker = shown(client, lead, case, subject=f"person:{speaker.pk}").context["rows"]
    of_none = shown(client, lead, case, subject=f"vessel:{make.numbered_vessel(lead).pk}").context

    assert sorted(entry.label.split()[0] for _lane, entry in of_ship) == sorted(
        ["C-01", "E-01", str(call.place).split()[0]]
    )
    assert sorted(entry.label.split()[0] for _lane, entry in of_speaker) == ["C-02", "E-02", "S-01"]
    assert (of_none["subject"], len(of_none["rows"])) == ("", 7)


def test_claims_are_left_by_how_they_stand(client, case, lead):
    single, _unsupported = make.claim(case, lead), make.claim(case, lead)
    make.cited(single, lead, make.original(case, lead))

    page = shown(client, lead, case, lane="claims", standing=["single_origin", "nonsense"])

    assert [entry.label for _lane, entry in page.context["rows"]] == ["C-01"]


# Many --------------------------------------------------------------------------------------------------------------


def test_a_lane_of_too_many_is_counted_in_columns_that_lead_closer(client, case, lead, monkeypatch):
    monkeypatch.setattr(timelines, "CROWD", 3)
    monkeypatch.setattr("casefiles.workspace.views.timeline.TimelineView.crowd", 3)
    for day in ("2024-01-01", "2024-01-01", "2024-01-02", "2024-12-31"):
        make.claim(case, lead, occurred=make.parse_moment(day))

    page = shown(client, lead, case)

    (lane,) = page.context["timeline"].lanes
    assert (page.context["crowds"], lane.marks) == ({"claims": 4}, ())
    assert [column.count for column in lane.bins] == [3, 1]
    assert "data-near" in page.content.decode()
    near = shown(client, lead, case, since="2024-01-01", until="2024-01-02")
    assert len(near.context["timeline"].lanes[0].marks) == 3


def test_a_hidden_claim_is_in_no_column(case, lead, viewer):
    claim = make.claim(case, lead, occurred=make.parse_moment("2024-01-01"))
    cases.void_claim(claim, by=lead, reason="Twice.")

    assert timelines.first_days(case, lead)["claims"] == []
    assert timelines.first_days(case, make.user("stranger"))["claims"] == []


# Files --------------------------------------------------------------------------------------------------------------


def test_the_timeline_as_csv_is_harmless_to_a_spreadsheet(client, case, ship, lead):
    make.report(case, lead, title="=HYPERLINK(1)", published=make.parse_moment("2024-02"))
    make.claim(case, lead, text="+1", occurred=make.parse_moment("2024-02-09"))

    answer = shown(client, lead, case, "timeline_csv", until="2025-01-01", lane="claims")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][:5] == ["9 February 2024", "2024-02-09", "2024-02-09", "Claims", "C-01 +1"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="timeline.csv"'


def test_the_timeline_as_a_drawing_stands_alone(client, case, ship, lead):
    make.port_call(lead, ship, seen="2024-02-09", place=make.place(lead, name="<b>Rajin</b>"))

    drawing = shown(client, lead, case, "timeline_svg").content.decode()

    ElementTree.fromstring(drawing)
    assert "&lt;b&gt;Rajin" in drawing
    assert "href" not in drawing


def test_a_file_asks_for_the_password_again_and_a_stranger_finds_none(client, case, lead):
    names = ("timeline_svg", "timeline_csv")
    client.force_login(lead)
    session = client.session
    session["signed_in_at"] = session["seen_at"] = timezone.now().timestamp() - 900
    session.save()

    assert [client.get(address(name, case)).status_code for name in names] == [302] * 2
    stranger = make.user("stranger")
    assert [shown(client, stranger, case, name).status_code for name in names] == [404] * 2
