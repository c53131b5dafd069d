"""A run suggests, somebody decides, and a later run loses no decision; nobody learns of positions they may not see."""

import datetime
import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from casefiles.access.actions import NotAllowed, void_record
from casefiles.audit.selectors import history
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence.models import Citation
from casefiles.particulars.actions import add_identifier_use
from casefiles.voyages.actions.detection import accept_event, reject_event, run_detection
from casefiles.voyages.detecting.thresholds import Thresholds
from casefiles.voyages.models import DetectionRun, PortCall, TrackEvent
from casefiles.voyages.selectors.tracks import Radio, radios_of
from tests import make

MMSI, OTHER = "273456780", "273456781"
SAILING = make.position_rows(MMSI, 3)
AFTER_A_GAP = make.position_rows(MMSI, 3, start="2024-02-10T07:00:00")
TRACK = [*SAILING, *AFTER_A_GAP]


def row(at, latitude, longitude, speed=0.0, mmsi=MMSI):
    return f"{mmsi},2024-02-{at},{latitude},{longitude},{speed},90,90,ANGARA,,UBIO7,70,5"


def at(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


STOPPED = [row(f"10T{hour:02d}:00:00", 42.2333, 130.301) for hour in range(8)]


@pytest.fixture
def lead(db):
    return make.lead("lead")


@pytest.fixture
def viewer(lead):
    return make.user("viewer")


@pytest.fixture
def circle(lead, viewer):
    return make.restricted_to(make.circle(lead, viewer=viewer))


@pytest.fixture
def vessel(lead, circle):
    return make.numbered_vessel(lead, display_name="ANGARA")


def tie(vessel, lead, mmsi=MMSI, *, circle=None, start="2024-02-01", end="ongoing"):
    return add_identifier_use(
        by=lead,
        circle=circle or make.Circle.everyone(),
        vessel=vessel,
        scheme="mmsi",
        value=mmsi,
        period=make.period(start, end),
    )


def found(run):
    return [(event.kind, event.decision) for event in run.events.order_by("start_at", "pk")]


# Looking -------------------------------------------------------------------------------------------------------------


def test_a_run_stores_its_thresholds_and_what_it_used_and_cites_the_rows(lead, circle):
    file = make.read_positions(lead, *TRACK, circle=circle)

    run = run_detection(by=lead, circle=circle, mmsi=MMSI, thresholds=Thresholds(gap_over_h=6))

    [event] = run.events.all()
    assert (run.thresholds["gap_over_h"], run.thresholds["port_enter_km"]) == (6, 3)
    assert (run.positions, run.imports, run.counts, str(run)) == (6, [str(file.pk)], {"gap": 1}, MMSI)
    assert event.values["duration_h"] == 30.97
    assert [(cited["import"], cited["row"]) for cited in event.cites] == [(str(file.pk), 4), (str(file.pk), 5)]
    assert str(event) == "no AIS received, 2024-02-09 00:02"


def test_a_number_ties_a_radio_to_a_vessel_for_its_time_only(lead, circle, vessel):
    make.read_positions(lead, *TRACK, circle=circle)
    tie(vessel, lead, end="2024-02-08")

    run = run_detection(by=lead, circle=circle, vessel=vessel)

    assert run.radios == [{"mmsi": MMSI, "from_s": 1706695200, "until_s": 1707480000}]
    assert run.positions == 3


@pytest.mark.parametrize(
    ("start", "end", "radio"),
    [("", "", Radio(MMSI)), ("2024-02-01", "ongoing", Radio(MMSI, 1706695200)), ("", "unknown", Radio(MMSI))],
)
def test_an_end_that_is_not_known_bounds_nothing(lead, circle, vessel, start, end, radio):
    tie(vessel, lead, start=start, end=end)

    assert radios_of(vessel, user=lead) == [radio]


def test_a_vessel_without_a_dated_number_and_nobody_at_all_are_refused(lead, circle, vessel):
    for values in ({"vessel": vessel}, {}):
        with pytest.raises(Refused):
            run_detection(by=lead, circle=circle, **values)
    make.read_positions(lead, *TRACK, circle=circle)
    with pytest.raises(Refused, match="narrower time"):
        run_detection(by=lead, circle=circle, mmsi=MMSI, most=5)


def test_two_radios_of_one_vessel_are_looked_at_together(lead, circle, vessel):
    far_away = [row(f"09T00:0{minute}:30", 10, 80, mmsi=OTHER) for minute in range(3)]
    make.read_positions(lead, *SAILING, *far_away, circle=circle)
    tie(vessel, lead)
    tie(vessel, lead, OTHER)

    run = run_detection(by=lead, circle=circle, vessel=vessel)

    assert found(run) == [("two places at once", "suggested")]
    assert run.events.get().values["apart_nm"] > 3_000


def test_ships_that_met_are_found_with_the_radios_that_are_named(lead, circle):
    beside = [row(f"10T{hour:02d}:{minute}0:00", 40.001, 135, mmsi=OTHER) for hour in range(4) for minute in range(6)]
    ours = [line.replace(OTHER, MMSI).replace("40.001", "40.0") for line in beside]
    make.read_positions(lead, *ours, *beside, circle=circle)

    run = run_detection(by=lead, circle=circle, mmsi=MMSI, others=[OTHER])

    [meeting] = run.events.filter(kind="encounter")
    assert (meeting.other_mmsi, len(meeting.cites)) == (OTHER, 4)


def test_a_port_call_that_the_track_leaves_no_time_for_is_said_with_both(lead, circle, vessel):
    make.read_positions(lead, *make.position_rows(MMSI, 60, start="2024-02-05T00:00:00", every_s=7200), circle=circle)
    tie(vessel, lead)
    far = make.place(lead, latitude=-40.0, longitude=-60.0)
    near = make.place(lead, latitude=42.0, longitude=131.0)
    wrong = make.port_call(lead, vessel, place=far, circle=circle, seen="2024-02-07")
    make.port_call(lead, vessel, place=near, circle=circle, seen="2024-02-07")
    make.port_call(lead, vessel, make.numbered_vessel(lead), place=far, circle=circle, seen="2024-02-07")

    run = run_detection(by=lead, circle=circle, vessel=vessel)

    events = run.events.filter(kind="two places at once")
    assert sorted(len(event.port_calls) for event in events) == [1, 2]
    assert all(str(wrong.pk) in event.port_calls for event in events)


# Who sees it ---------------------------------------------------------------------------------------------------------


def test_a_run_uses_only_positions_that_all_of_its_readers_may_see(lead, circle):
    """Breaks if a run for everyone tells of positions that one team holds."""
    make.read_positions(lead, *TRACK, circle=circle)
    other_circle = make.restricted_to(make.circle(lead))

    runs = [
        run_detection(by=lead, circle=readers, mmsi=MMSI)
        for readers in (make.Circle.everyone(), other_circle, circle, make.Circle())
    ]

    assert [run.positions for run in runs] == [0, 0, 6, 6]


def test_a_run_and_what_it_found_are_seen_by_its_circle(lead, viewer, circle, client):
    make.read_positions(lead, *TRACK, circle=circle)
    event = run_detection(by=lead, circle=circle, mmsi=MMSI).events.get()
    stranger = make.user("stranger")

    for person, status in ((viewer, 200), (stranger, 404)):
        client.force_login(person)
        for record in (event, event.run):
            assert client.get(record.get_absolute_url()).status_code == status
    with pytest.raises(NotAllowed):
        reject_event(event, by=viewer, version=event.version, reason="No.")
    with pytest.raises(NotAllowed):
        run_detection(by=viewer, circle=circle, mmsi=MMSI)


# Deciding ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def rajin(lead, circle):
    return make.place(lead, name="Rajin", latitude=42.2333, longitude=130.3)


def test_a_port_visit_is_accepted_as_a_port_call_that_cites_its_rows(lead, circle, vessel, rajin):
    file = make.read_positions(lead, *STOPPED, circle=circle)
    event = run_detection(by=lead, circle=circle, mmsi=MMSI).events.get(kind="port visit")

    with pytest.raises(Refused, match="which vessel"):
        accept_event(event, by=lead, version=event.version)
    accept_event(event, by=lead, version=event.version, vessels=[vessel], activity="moored", reason="As seen.")

    call = PortCall.objects.get()
    citation = Citation.objects.get(assertion=call.assertion)
    assert (event.port_call, event.decision, event.decided_by) == (call, "accepted", lead)
    assert (call.place, call.arrived.edtf, call.departed, call.basis) == (
        rajin, "2024-02-10T00:00:00Z", None, "self-reported",
    )  # fmt: skip
    assert (citation.item, citation.locator_kind, citation.locator) == (file.item, "rows", "2-9")
    assert [one.act for one in history([event.pk])] == ["accepted"]
    with pytest.raises(Refused, match="void that one first"):
        reject_event(event, by=lead, version=event.version, reason="No.")
    void_record(call, by=lead, reason="Another ship.")
    assert reject_event(TrackEvent.objects.get(pk=event.pk), by=lead, version=2, reason="No.").port_call is None


def test_a_visit_that_ended_has_a_departure_and_one_without_a_place_needs_one(lead, circle, vessel, rajin):
    make.read_positions(lead, *STOPPED, row("10T09:00:00", 42.5, 131, 10), circle=circle)
    event = run_detection(by=lead, circle=circle, mmsi=MMSI).events.get(kind="port visit")
    event.place = None

    with pytest.raises(Refused, match="at which place"):
        accept_event(event, by=lead, version=1, vessels=[vessel])
    accept_event(event, by=lead, version=1, vessels=[vessel], place=rajin)

    assert PortCall.objects.get().departed.edtf == "2024-02-10T07:00:00Z"


def test_a_later_run_takes_over_decisions_and_changes_nothing_of_the_earlier_one(lead, circle):
    make.read_positions(lead, *TRACK, circle=circle)
    first = run_detection(by=lead, circle=circle, mmsi=MMSI)
    reject_event(first.events.get(), by=lead, version=1, reason="The receiver was off.")

    second = run_detection(by=lead, circle=circle, mmsi=MMSI, thresholds=Thresholds(gap_over_h=6))
    third = run_detection(by=lead, circle=circle, mmsi=MMSI)
    elsewhere = run_detection(by=lead, circle=make.Circle(), mmsi=MMSI)

    for run in (first, second, third):
        assert found(run) == [("gap", "rejected")]
    assert third.events.get().decided_in == first.events.get() == second.events.get().decided_in
    assert third.events.get().reason == "The receiver was off."
    assert found(elsewhere) == [("gap", "suggested")]


def test_a_decision_is_about_one_kind_of_event(lead, circle, rajin):
    make.read_positions(lead, *STOPPED, *make.position_rows(MMSI, 2, start="2024-02-12T00:00:00"), circle=circle)
    first = run_detection(by=lead, circle=circle, mmsi=MMSI)
    reject_event(first.events.get(kind="gap"), by=lead, version=1, reason="The receiver was off.")

    second = run_detection(by=lead, circle=circle, mmsi=MMSI)

    assert found(second) == [("port visit", "suggested"), ("gap", "rejected")]


def test_a_port_call_cites_only_files_that_are_still_seen(lead, circle, vessel, rajin):
    own = make.restricted_to(make.circle(lead))
    file = make.read_positions(lead, *STOPPED, circle=own)
    event = run_detection(by=lead, circle=make.Circle(), mmsi=MMSI).events.get(kind="port visit")
    event.cites = [{**cited, "import": str(event.pk)} for cited in event.cites]

    accept_event(event, by=lead, version=1, vessels=[vessel])

    assert not Citation.objects.filter(item=file.item).exists()


def test_what_is_not_the_same_is_decided_anew(lead, circle):
    make.read_positions(lead, *TRACK, circle=circle)
    event = run_detection(by=lead, circle=circle, mmsi=MMSI).events.get()
    accept_event(event, by=lead, version=1, reason="Read in the file.")
    make.read_positions(lead, *make.position_rows(MMSI, 2, start="2024-02-09T03:00:00"), circle=circle)

    run = run_detection(by=lead, circle=circle, mmsi=MMSI)
    window = {"since": at("2024-02-10T07:00"), "until": at("2024-03-01")}
    later = run_detection(by=lead, circle=circle, mmsi=MMSI, **window)

    assert found(run) == [("gap", "accepted")]
    assert found(later) == [("gap", "suggested")]


def near(at_time, longitude, mmsi=OTHER, latitude=42.0):
    return f"{mmsi},2024-02-{at_time},{latitude},{longitude},5,90,90,OTHER,,UBIO8,70,0"


# The gap of TRACK lasts from 00:02 on the 9th to 07:00 on the 10th, from about 131.007 E to 131.0 E.
@pytest.mark.parametrize(
    ("others", "counts", "coverage"),
    [
        ([], (0, 0), "unknown"),
        ([near("09T05:00:00", 131.3)], (1, 1), "yes"),
        ([near("09T05:00:00", 131.3), near("09T06:00:00", 131.3, mmsi="273456782")], (2, 2), "yes"),
        # Before the gap, after it, and a degree and a half away: 67 nm at 42 N.
        ([near("09T00:00:30", 131.3), near("10T07:00:30", 131.3)], (0, 0), "unknown"),
        ([near("09T05:00:00", 132.5)], (0, 0), "unknown"),
        # 42.35 N is 21 nm north: inside the rectangle of a box, outside of the circle.
        ([near("09T05:00:00", 131.0, latitude=42.35)], (0, 0), "unknown"),
        # The ship's own radio under the same number is nobody else.
        ([near("09T00:02:30", 131.0, mmsi=MMSI)], (0, 0), "unknown"),
    ],
)
def test_coverage_of_a_gap_counts_others_heard_near_both_ends_meanwhile(lead, circle, others, counts, coverage):
    make.read_positions(lead, *TRACK, *others, circle=circle)

    event = run_detection(by=lead, circle=circle, mmsi=MMSI).events.get()

    assert (event.values["others_before"], event.values["others_after"]) == counts
    assert event.coverage == coverage


def test_others_heard_near_one_end_alone_cover_no_gap(lead, circle):
    far = [row("10T20:00:00", 42.0, 135.0), row("10T20:01:00", 42.0, 135.0)]
    make.read_positions(lead, *SAILING, *far, near("09T05:00:00", 131.1), circle=circle)

    gap = run_detection(by=lead, circle=circle, mmsi=MMSI).events.get(kind="gap")

    assert (gap.values["others_before"], gap.values["others_after"], gap.coverage) == (1, 0, "unknown")


def test_who_was_heard_is_read_only_in_files_that_all_readers_may_see(lead, circle):
    """Breaks if coverage is computed from what only the person who runs it may read."""
    make.read_positions(lead, *TRACK, circle=circle)
    make.read_positions(lead, near("09T05:00:00", 131.3), circle=make.restricted_to(make.circle(lead)))

    assert run_detection(by=lead, circle=circle, mmsi=MMSI).events.get().coverage == "unknown"


def test_what_takes_too_long_to_count_is_said_to_be_unknown(lead, circle, monkeypatch):
    monkeypatch.setattr("casefiles.voyages.selectors.coverage.MOST_LOOKED_THROUGH", 1)
    make.read_positions(lead, *TRACK, near("09T05:00:00", 131.3), circle=circle)

    event = run_detection(by=lead, circle=circle, mmsi=MMSI).events.get()

    assert (event.values["others_before"], event.coverage) == (None, "unknown")


def test_a_rejection_has_a_reason_and_two_people_never_overwrite_each_other(lead, circle):
    make.read_positions(lead, *TRACK, circle=circle)
    event = run_detection(by=lead, circle=circle, mmsi=MMSI).events.get()

    with pytest.raises(Refused, match="Say why"):
        reject_event(event, by=lead, version=1, reason=" ")
    accept_event(event, by=lead, version=1)
    with pytest.raises(StaleVersion):
        reject_event(TrackEvent.objects.get(), by=lead, version=1, reason="No.")


# Pages ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(client, lead, circle):
    client.force_login(lead)
    return client


def form_data(circle, **values):
    thresholds = {name: str(value) for name, value in Thresholds().as_json().items()}
    return {"circle": str(circle.compartments[0].pk), **thresholds, **values}


def test_a_track_is_looked_at_and_decided_about_on_pages(signed_in, lead, circle, vessel, rajin):
    make.read_positions(lead, *STOPPED, *make.position_rows(MMSI, 2, start="2024-02-12T00:00:00"), circle=circle)
    tie(vessel, lead)
    start = signed_in.get(reverse("voyages:detection_run_add"), {"vessel": str(vessel.pk)})
    sent = signed_in.post(
        reverse("voyages:detection_run_add"), form_data(circle, vessel="ANGARA", vessel_id=str(vessel.pk))
    )
    page = signed_in.get(sent.url)

    assert start.context["form"].initial["vessel"] == vessel
    assert "Coverage: not known" in page.text
    assert "no AIS received" in page.content.decode() and "Global Fishing Watch" in page.content.decode()
    events = {event.kind: event for event in page.context["events"].rows}
    assert events.keys() == {"port visit", "gap"}
    assert signed_in.get(f"{sent.url}?after=x").status_code == 404
    assert signed_in.get(f"{sent.url}history/").status_code == 200

    gap, visit = events["gap"].url, events["port visit"].url
    assert b"No AIS was received in this time." in signed_in.get(gap).content
    form = signed_in.get(f"{gap}accept/")
    answer = {"base": form.context["base_token"], "reason": "Nothing was heard."}
    assert signed_in.post(f"{gap}accept/", answer).url == gap
    form = signed_in.get(f"{visit}accept/")
    answer = {
        "base": form.context["base_token"], "place": "Rajin", "place_id": str(rajin.pk), "vessels": "ANGARA",
        "vessels_id": str(vessel.pk), "activity": "moored",
    }  # fmt: skip
    assert signed_in.post(f"{visit}accept/", answer).url == PortCall.objects.get().get_absolute_url()
    assert signed_in.get(f"{visit}history/").status_code == 200
    form = signed_in.get(f"{gap}reject/")
    answer = {"base": form.context["base_token"], "reason": "The station was off."}
    assert signed_in.post(f"{gap}reject/", answer).url == gap
    assert b"The station was off." in signed_in.get(gap).content


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "vessel"),
        ({"mmsi": "12"}, "mmsi"),
        ({"mmsi": MMSI, "others": "12"}, "others"),
        ({"mmsi": MMSI, "others": ",".join(str(273000000 + one) for one in range(21))}, "others"),
        ({"mmsi": MMSI, "since": "2024-02-02 00:00", "until": "2024-02-01 00:00"}, "until"),
        ({"mmsi": MMSI, "gap_over_h": "0"}, "gap_over_h"),
    ],
)
def test_the_form_says_what_is_wrong(signed_in, circle, values, field):
    answer = signed_in.post(reverse("voyages:detection_run_add"), form_data(circle, **values))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_no_positions_say_nothing_about_the_ship(signed_in, lead, circle):
    sent = signed_in.post(reverse("voyages:detection_run_add"), form_data(circle, mmsi=MMSI))

    assert b"that says nothing about the ship" in signed_in.get(sent.url).content
    nobody = signed_in.get(reverse("voyages:detection_run_add"), {"vessel": "x"})
    assert "vessel" not in nobody.context["form"].initial


def test_the_list_and_a_run_ask_the_database_as_often_for_many(signed_in, lead, circle, assert_same_queries):
    make.read_positions(lead, *TRACK, circle=circle)
    runs = []

    assert_same_queries(
        lambda: signed_in.get(reverse("voyages:detection_runs")),
        lambda count: runs.extend(run_detection(by=lead, circle=circle, mmsi=MMSI) for _turn in range(count)),
    )
    assert signed_in.get(reverse("voyages:detection_runs")).context["page"]["total"] == 12


# The command ---------------------------------------------------------------------------------------------------------


def command(capsys, *arguments):
    code = 0
    try:
        call_command("detect", *arguments)
    except SystemExit as end:
        code = end.code
    return code, capsys.readouterr().out


def test_the_command_finds_what_the_page_finds(lead, circle, vessel, capsys):
    make.read_positions(lead, *TRACK, circle=circle)
    tie(vessel, lead)

    code, printed = command(capsys, "--imo", vessel.imo_number, "--by", "lead", "--json", "--threshold", "gap_over_h=6")
    words = command(capsys, "--mmsi", MMSI, "--by", "lead", "--since", "2024-02-01", "--until", "2024-02-10T08:00Z")

    report = json.loads(printed)
    assert (code, report["result"], report["positions"], report["thresholds"]["gap_over_h"]) == (1, "findings", 6, 6)
    assert [(one["kind"], one["what"]) for one in report["events"]] == [("gap", "no AIS received")]
    assert words[0] == 1 and "no AIS received" in words[1]
    assert DetectionRun.objects.filter(visibility="restricted", compartments=None).count() == 2


def test_the_command_says_when_there_was_nothing_to_look_at(lead, circle, capsys):
    case = make.case(lead)

    answers = [
        command(capsys, "--mmsi", MMSI, "--by", "lead", *readers)
        for readers in (["--everyone"], ["--case", case.reference])
    ]

    assert [code for code, _text in answers] == [0, 0]
    assert all("No positions to look at" in text for _code, text in answers)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--mmsi", MMSI, "--by", "nobody"], "There is no active account of that name."),
        (["--mmsi", "12", "--by", "lead"], "An MMSI has nine digits"),
        (["--imo", "9179842", "--by", "lead"], "holds no vessel"),
        (["--mmsi", MMSI, "--by", "lead", "--case", "CF-XXXXX"], "There is no such case"),
        (["--mmsi", MMSI, "--by", "lead", "--since", "soon"], "Invalid isoformat"),
        (["--mmsi", MMSI, "--by", "lead", "--threshold", "gap=6"], "There is no threshold gap."),
        (["--mmsi", MMSI, "--by", "viewer", "--everyone"], "This account may not add there."),
    ],
)
def test_the_command_says_why_it_could_not_run(lead, circle, capsys, arguments, reason):
    code, text = command(capsys, *arguments)

    assert code == 2
    assert reason in text


def test_the_command_refuses_a_vessel_without_a_dated_number(lead, circle, vessel, capsys):
    code, text = command(capsys, "--imo", vessel.imo_number, "--by", "lead")

    assert code == 2 and "No dated MMSI" in text
