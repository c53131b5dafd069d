"""The pages of vessels, organisations, people and places: what each reader sees, for all time or as at a day."""

import json

import pytest
from django.urls import reverse

from casefiles.cases import actions as cases
from casefiles.core.moments import Moment, Period
from casefiles.particulars import actions as particulars
from casefiles.particulars.selectors import vessel_file
from casefiles.registry import actions as registry
from casefiles.sanctions import actions as sanctions
from casefiles.voyages import actions as voyages
from tests import make

pytestmark = pytest.mark.django_db

KINDS = ["vessel", "organisation", "person", "place"]
ANGARA = "9179842"


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def viewer():
    return make.user("viewer")


@pytest.fixture
def team(lead, viewer):
    return make.circle(lead, viewer=viewer)


@pytest.fixture
def stranger(db):
    person = make.lead("stranger")
    make.circle(person)
    return person


@pytest.fixture
def vessel(lead, team):
    return make.vessel(lead, imo_number=ANGARA, display_name="ANGARA")


def statuses(client, people, address):
    answers = {}
    for person in people:
        client.force_login(person)
        answers[person.username] = client.get(address).status_code
    return answers


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("suffix", ["", "_history"])
def test_a_restricted_anchor_exists_for_its_circle_alone(client, lead, team, viewer, stranger, kind, suffix):
    record = getattr(make, kind)(lead, circle=make.restricted_to(team))
    address = reverse(f"workspace:{kind}{suffix}", args=[record.pk])

    assert statuses(client, (lead, viewer, stranger), address) == {"lead": 200, "viewer": 200, "stranger": 404}


@pytest.mark.parametrize("kind", KINDS)
def test_an_open_anchor_exists_for_every_member(client, lead, team, viewer, stranger, kind):
    record = getattr(make, kind)(lead)

    assert set(statuses(client, (lead, viewer, stranger), record.get_absolute_url()).values()) == {200}


def test_the_heading_tells_the_number_the_radio_and_the_flag(client, lead, vessel):
    make.flag(lead, vessel, "RU", period=make.period("2021", "ongoing"))
    particulars.add_identifier_use(
        by=lead,
        circle=make.Circle.everyone(),
        vessel=vessel,
        scheme="mmsi",
        value="273210440",
        period=make.period("2021", "ongoing"),
    )
    client.force_login(lead)

    page = client.get(vessel.get_absolute_url())

    assert "IMO 9179842" in page.text and "check digit valid" in page.text
    assert "273210440" in page.text and "Russia" in page.text


def test_what_is_secret_about_an_open_vessel_stays_with_its_circle(client, lead, team, viewer, stranger, vessel):
    make.flag(lead, vessel, "KP", circle=make.restricted_to(team), note="CANARY")

    for person, is_shown in ((lead, True), (viewer, True), (stranger, False)):
        client.force_login(person)
        assert ("North Korea" in client.get(vessel.get_absolute_url()).text) is is_shown


def test_a_case_is_named_to_its_members_only(client, lead, stranger, vessel):
    case = make.case(lead, title="CANARY case")
    cases.add_subject(case, by=lead, vessel=vessel, role="carrier")

    for person, is_shown in ((lead, True), (stranger, False)):
        client.force_login(person)
        assert ("CANARY" in client.get(vessel.get_absolute_url()).text) is is_shown


def test_the_page_is_the_same_with_and_without_a_hidden_case(client, lead, stranger, vessel):
    client.force_login(stranger)
    before = client.get(vessel.get_absolute_url()).text

    case = make.case(lead)
    cases.add_subject(case, by=lead, vessel=vessel, role="carrier")
    make.flag(lead, vessel, "KP", circle=make.Circle.of_case(case))
    make.name_use(lead, vessel, "SECRET", circle=make.Circle.of_case(case))

    after = client.get(vessel.get_absolute_url()).text
    assert strip_tokens(after) == strip_tokens(before)


def strip_tokens(page):
    """Leave out what differs with every answer: nonces and tokens against forged requests."""
    return [line for line in page.splitlines() if "nonce" not in line and "csrf" not in line.casefold()]


@pytest.mark.parametrize(
    ("day", "shown", "hidden"),
    [("2013", "Panama", "Russia"), ("2024-02", "Russia", "Panama"), ("9 Feb 2024", "Russia", "Panama")],
)
def test_the_page_answers_for_the_day_asked(client, lead, vessel, day, shown, hidden):
    make.flag(lead, vessel, "PA", period=make.period("2012-01-01", "2015-05-15"))
    make.flag(lead, vessel, "RU", period=make.period("2016-05-16", "ongoing"))
    client.force_login(lead)

    page = client.get(vessel.get_absolute_url(), {"as_at": day}).text

    assert shown in page and hidden not in page


def test_a_value_that_may_hold_on_the_day_says_possibly(lead, vessel):
    make.flag(lead, vessel, "PA", period=make.period("2012", ""))

    file = vessel_file(vessel, lead, Moment.from_edtf("2020-01-01"))

    assert [(value.text, value.is_possible_only) for value in file.values] == [("Panama", True)]


def test_a_day_that_is_not_understood_is_asked_about(client, lead, vessel):
    make.flag(lead, vessel, "PA", period=make.period("2012", "2013"))
    client.force_login(lead)

    page = client.get(vessel.get_absolute_url(), {"as_at": "the other day"})

    assert page.status_code == 200 and "Panama" in page.text
    assert page.context["as_at_form"].errors["as_at"]


def test_self_reported_is_never_shown_as_registry(client, lead, vessel):
    make.flag(lead, vessel, "RU", basis="self-reported", period=make.period("2015", "ongoing"))
    client.force_login(lead)

    page = client.get(vessel.get_absolute_url()).text

    assert "self-reported by AIS" in page and "by AIS" in page


@pytest.fixture
def forwin(lead, team, shared_data):
    """A real hull: one IMO number, and the flags that its radios and two registers gave for it."""
    source = json.loads((shared_data / "vessel-identity" / "gfw_vessel_item_frio_forwin.json").read_text())
    hull = make.vessel(lead, imo_number=source["selfReportedInfo"][0]["imo"], display_name="not known yet")
    for rows, basis in ((source["selfReportedInfo"], "self-reported"), (source["registryInfo"], "registry")):
        for row in rows:
            record_row(hull, row, by=lead, basis=basis)
    return hull


ALPHA_2 = {"RUS": "RU", "CYP": "CY", "PLW": "PW", "KNA": "KN", "PAN": "PA"}


def record_row(hull, row, *, by, basis):
    start, end = (Moment.from_edtf(row[f"transmissionDate{side}"][:10]) for side in ("From", "To"))
    held = {"by": by, "circle": make.Circle.everyone(), "vessel": hull, "basis": basis}
    held["period"] = Period(start=start, end=end, end_kind="dated")
    particulars.add_flag_period(country=ALPHA_2[row["flag"]], **held)
    particulars.add_name_use(name=row["shipname"], **held)
    particulars.add_identifier_use(scheme="mmsi", value=row["ssvid"], **held)
    particulars.add_identifier_use(scheme="call sign", value=row["callsign"], **held)


def test_five_flags_of_one_hull_stand_side_by_side(client, lead, forwin):
    file = vessel_file(forwin, lead)

    flags = [conflict for conflict in file.conflicts if conflict.lane == "flag"]
    assert {value.text for value in file.values if value.lane == "flag"} == {
        "Russia",
        "Cyprus",
        "Palau",
        "Saint Kitts and Nevis",
        "Panama",
    }
    certain = {frozenset({conflict.first[0].key, conflict.second[0].key}) for conflict in flags if conflict.is_certain}
    assert certain == {frozenset(pair) for pair in [("RU", "CY"), ("RU", "PW"), ("RU", "KN"), ("CY", "KN")]}


def test_the_page_of_that_hull_shows_its_disagreements(client, lead, forwin):
    client.force_login(lead)

    page = client.get(forwin.get_absolute_url()).text

    assert "Values that disagree" in page and "certainly" in page
    assert page.count('<svg class="lanes"') == 1


def test_bars_are_marked_where_registers_disagree_and_not_for_what_a_radio_says(client, lead, vessel):
    """Breaks where AIS makes a register disputed, or where one value alone is marked."""
    for code, basis, end in (("PA", "registry", "2015"), ("CY", "registry", "2020"), ("RU", "self-reported", "2020")):
        make.flag(lead, vessel, code, basis=basis, period=make.period("2010", end))
    make.name_use(lead, vessel, "ANGARA", period=make.period("2010", "2020"))
    client.force_login(lead)

    page = client.get(vessel.get_absolute_url())

    lanes = page.context["file"].picture.lanes
    marked = {bar.label: "recorded for the same time" in bar.title for lane in lanes for bar in lane.bars}
    assert {bar.label: bar.is_disputed for lane in lanes for bar in lane.bars} == marked
    assert marked == {"Panama": True, "Cyprus": True, "Russia": False, "ANGARA": False}
    assert page.text.count("disputed") == 2


def test_that_hull_is_called_what_it_was_called_last(lead, forwin):
    forwin.refresh_from_db()

    assert (forwin.display_name, forwin.open_names_key) == ("FRIO FORWIN", "frio aegean\nfrio forwin")


def test_a_hostile_name_is_shown_with_its_marks_and_runs_nothing(client, lead, team):
    vessel = make.vessel(lead, display_name="\u202e<script>alert(1)</script>")
    make.name_use(lead, vessel, "\u202e<img src=x>", period=make.period("2020", "ongoing"))
    client.force_login(lead)

    page = client.get(vessel.get_absolute_url()).text

    assert "<script>alert" not in page and "<img src=x" not in page and "\u202e" not in page
    assert "⟨U+202E⟩" in page


def test_the_history_of_a_numbered_anchor_never_says_who_added_it(client, lead, stranger, vessel):
    registry.change_vessel(vessel, by=stranger, version=1, note="seen in imagery")
    client.force_login(lead)

    events = client.get(reverse("workspace:vessel_history", args=[vessel.pk])).context["events"]

    assert [(event.act, event.actor) for event in events] == [("changed", "Stranger"), ("added", "not shown")]


def test_what_happened_before_an_anchor_opened_is_shown_to_its_circle_alone(client, lead, team, stranger):
    dark = make.vessel(lead, circle=make.restricted_to(team), display_name="CANARY")
    registry.change_vessel(dark, by=lead, version=1, display_name="ANGARA", imo_number=ANGARA, is_opening_agreed=True)
    registry.change_vessel(dark, by=lead, version=2, note="open now")

    acts = {}
    for person in (lead, stranger):
        client.force_login(person)
        page = client.get(reverse("workspace:vessel_history", args=[dark.pk]))
        acts[person.username] = [event.act for event in page.context["events"]]
        assert ("CANARY" in page.text) is (person == lead)

    assert acts == {"lead": ["changed", "changed", "added"], "stranger": ["changed"]}


def test_a_voided_anchor_says_why(client, lead, vessel):
    make.access.void_record(vessel, by=lead, reason="entered twice")
    client.force_login(lead)

    page = client.get(vessel.get_absolute_url()).text

    assert "entered twice" in page and reverse("registry:vessel_restore", args=[vessel.pk]) in page


@pytest.mark.parametrize("kind", KINDS)
def test_a_viewer_is_offered_nothing_to_change(client, lead, team, viewer, kind):
    record = getattr(make, kind)(lead, circle=make.restricted_to(team))
    edit = reverse(f"registry:{kind}_edit", args=[record.pk])

    client.force_login(lead)
    assert edit in client.get(record.get_absolute_url()).text
    client.force_login(viewer)
    assert edit not in client.get(record.get_absolute_url()).text


def test_a_vessel_page_asks_as_often_for_twelve_values_as_for_two(client, lead, vessel, assert_same_queries):
    client.force_login(lead)
    item = make.item(lead)

    def add(count):
        for _number in range(count):
            flag = make.flag(lead, vessel, "RU", period=make.period("2015", "2020"))
            make.citation(flag, item, lead)
            name = make.name_use(lead, vessel, f"NAME {make.number()}", period=make.period("2015", "2020"))
            make.citation(name, item, lead)
            particulars.add_vessel_role(
                by=lead,
                circle=make.Circle.everyone(),
                vessel=vessel,
                organisation=make.organisation(lead),
                role="registered owner",
            )

    asked = assert_same_queries(lambda: client.get(vessel.get_absolute_url()), add)

    assert asked <= 14


def test_an_organisation_shows_its_vessels_and_people_that_one_may_see(client, lead, team, stranger, vessel):
    company = make.organisation(lead, name="M Leasing")
    make.person(lead, name="OPEN office holder", organisation=company)
    make.person(lead, name="SECRET office holder", organisation=company, circle=make.restricted_to(team))
    particulars.add_vessel_role(
        by=lead, circle=make.Circle.everyone(), vessel=vessel, organisation=company, role="registered owner"
    )
    client.force_login(stranger)

    page = client.get(company.get_absolute_url()).text

    assert "ANGARA" in page and "OPEN office holder" in page and "SECRET" not in page


def test_a_place_shows_its_names_its_parts_and_where_it_is(client, lead, team):
    port = make.place(lead, name="Rajin", country="KP", unlocode="KPNJN", latitude=42.24, longitude=130.3)
    registry.add_place_name(port, by=lead, name="Najin", language="ko")
    make.place(lead, name="Pier 1", kind="berth", parent=port)
    client.force_login(lead)

    page = client.get(port.get_absolute_url()).text

    assert all(text in page for text in ("Najin", "Pier 1", "KP NJN", "42.2400° N, 130.3000° E", "North Korea"))


@pytest.mark.parametrize("kind", KINDS)
def test_an_anchor_becomes_a_subject_of_a_case_from_its_own_page(client, lead, kind):
    case = make.case(lead, title="Munitions")
    record = getattr(make, kind)(lead)
    client.force_login(lead)

    client.post(reverse(f"workspace:{kind}_to_case", args=[record.pk]), {"case": str(case.pk), "role": "carrier"})

    page = client.get(record.get_absolute_url()).text
    assert "Munitions" in page and "carrier" in page


def test_only_cases_in_which_one_edits_are_on_offer(client, lead, stranger, vessel):
    hidden, read_only = make.case(lead, title="Hidden"), make.case(lead, title="Read only")
    make.member(read_only, stranger, "viewer")
    client.force_login(stranger)
    address = reverse("workspace:vessel_to_case", args=[vessel.pk])

    page = client.get(address).text
    refused = client.post(address, {"case": str(hidden.pk)})

    assert "Hidden" not in page and "Read only" not in page
    assert refused.status_code == 422 and refused.context["form"].errors["case"]


def test_a_designation_is_answered_for_the_day_asked(client, lead, vessel):
    owner = make.organisation(lead, name="M Leasing")
    everyone = make.Circle.everyone()
    particulars.add_vessel_role(by=lead, circle=everyone, vessel=vessel, organisation=owner, role="registered owner")
    authority = sanctions.add_authority(by=lead, name="Office of Foreign Assets Control", short_name="OFAC")
    for target, since in (({"vessel": vessel}, "2022-05-08"), ({"organisation": owner}, "2023-05-18")):
        sanctions.add_designation(
            by=lead,
            circle=everyone,
            authority=authority,
            in_force=Moment.from_edtf(since),
            end_kind="ongoing",
            **target,
        )
    client.force_login(lead)

    def answers(query):
        page = client.get(vessel.get_absolute_url(), query)
        lines = page.context["sections"].designations.rows
        return "Designated: OFAC" in page.text, [str(line.answer) for line in lines]

    assert answers({}) == (True, ["yes", "yes"])
    assert answers({"as_at": "2022-12"}) == (True, ["yes", "no"])
    assert answers({"as_at": "May 2023"}) == (True, ["yes", "part"])
    assert answers({"as_at": "2021"}) == (False, ["no", "no"])


def test_measures_within_their_errors_and_further_names_agree(lead, vessel):
    everyone = make.Circle.everyone()
    for value, error in (("117.3", "0.5"), ("117.6", None), ("120", "1")):
        particulars.add_dimension(
            by=lead, circle=everyone, vessel=vessel, quantity="length overall", value=value, error=error
        )
    for name in ("Ангара", "앙가라"):
        make.name_use(lead, vessel, name, kind="alias")

    found = vessel_file(vessel, lead).conflicts

    assert {frozenset({one.first[0].text, one.second[0].text}) for one in found} == {
        frozenset({"117.3 ± 0.5 m", "120 ± 1 m"}),
        frozenset({"117.6 m", "120 ± 1 m"}),
    }


def test_what_had_not_happened_yet_is_left_out_as_at_a_day(client, lead, vessel):
    port = make.place(lead, name="Rajin")
    for day in ("2023-09-10", "2024-10-25"):
        voyages.add_port_call(
            by=lead, circle=make.Circle.everyone(), place=port, vessels=[vessel], seen=Moment.from_edtf(day)
        )
    client.force_login(lead)

    calls = client.get(vessel.get_absolute_url(), {"as_at": "2024-02"}).context["sections"].port_calls

    assert [call.when for call in calls.rows] == ["2023-09-10"]


def test_related_lists_are_capped_and_say_how_many_there_are(client, lead, vessel):
    port = make.place(lead, name="Rajin")
    for day in range(1, 13):
        voyages.add_port_call(
            by=lead,
            circle=make.Circle.everyone(),
            place=port,
            vessels=[vessel],
            seen=Moment.from_edtf(f"2023-09-{day:02d}"),
        )
    client.force_login(lead)

    page = client.get(vessel.get_absolute_url())

    calls = page.context["sections"].port_calls
    assert (len(calls.rows), calls.total, calls.rows[0].when) == (10, 12, "2023-09-12")
    assert f"{reverse('voyages:port_calls')}?of={vessel.pk}" in page.text and "All 12" in page.text
