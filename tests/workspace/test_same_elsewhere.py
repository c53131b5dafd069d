"""Ships judged to be one, beyond their own pages: movements, fleets, the command, screenings, search and dossiers."""

import datetime
import json
import uuid

import pytest
from django.core.management import call_command
from django.urls import reverse

from casefiles.access.actions import void_record
from casefiles.cases import actions as cases
from casefiles.dossiers.selectors import collect
from casefiles.particulars import actions as particulars
from casefiles.registry.selectors import group_of
from casefiles.search import actions as search
from casefiles.search.selectors import find
from casefiles.voyages.actions.detection import run_detection
from casefiles.workspace.actions import watch_vessel
from casefiles.workspace.screening import screen_case, screen_vessel
from casefiles.workspace.selectors.fleets import fleet_of
from casefiles.workspace.selectors.watching import news_of
from tests import make
from tests.sanctions import list_files as files

pytestmark = pytest.mark.django_db
OPEN = make.Circle.everyone()


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def team(lead):
    return make.circle(lead)


@pytest.fixture
def stranger(db):
    person = make.lead("stranger")
    make.circle(person)
    return person


@pytest.fixture
def angara(lead, team):
    return make.vessel(lead, imo_number="9179842", display_name="Angara")


@pytest.fixture
def dark(lead, team):
    return make.vessel(lead, display_name="Unidentified ro-ro")


def role(lead, vessel, organisation, kind):
    period = make.period("2020", "ongoing")
    return particulars.add_vessel_role(
        by=lead, circle=OPEN, vessel=vessel, organisation=organisation, role=kind, period=period
    )


@pytest.fixture
def owner(lead, angara, dark):
    """An owner that is recorded of both ships, a manager too; flag and designation are recorded of the dark one."""
    firm, manager = make.organisation(lead, name="M Leasing"), make.organisation(lead, name="Manager")
    for vessel in (angara, dark):
        role(lead, vessel, firm, "registered owner")
        role(lead, vessel, manager, "ism manager")
    make.flag(lead, dark, "KP", period=make.period("2020", "ongoing"))
    authority = make.authority(lead, short_name="US")
    make.designation(lead, vessel=dark, authority=authority, in_force="2022-05-08", end_kind="ongoing")
    return firm


def told(fleet):
    rows = [
        (row.vessel.display_name, str(row.origin or ""), row.flags, row.designated_by)
        for group in fleet.groups
        for row in group.rows
    ]
    drawn = {box.label for box in fleet.drawing.boxes} - {"M Leasing", "Manager"}
    return fleet.vessels_count, fleet.designated_count, sorted(rows), [one.count for one in fleet.shared], drawn


def test_a_fleet_has_them_as_one_ship_and_says_of_which_a_role_was_recorded(lead, team, stranger, angara, dark, owner):
    korea = ("North Korea",), ("US",)
    apart = (
        2,
        1,
        [("Angara", "", (), ()), ("Unidentified ro-ro", "", *korea)],
        [2],
        {"Angara", "Unidentified ro-ro"},
    )
    assert told(fleet_of(owner, lead)) == apart
    judgement = make.judgement(lead, angara, dark, circle=make.restricted_to(team))

    joined = told(fleet_of(owner, lead))

    rows = [("Angara", "", *korea), ("Angara", "Unidentified ro-ro", *korea)]
    assert joined == (1, 1, rows, [1], {"Angara"})
    assert told(fleet_of(owner, stranger)) == apart
    void_record(judgement, by=lead, reason="Another bow.")
    assert told(fleet_of(owner, lead)) == apart


def test_the_fleet_asks_as_often_for_two_as_for_twelve(client, lead, angara, owner, assert_same_queries):
    def add(count):
        for _one in range(count):
            other = make.vessel(lead)
            role(lead, other, owner, "registered owner")
            make.judgement(lead, angara, other)

    client.force_login(lead)

    assert assert_same_queries(lambda: client.get(f"{owner.get_absolute_url()}fleet/"), add) <= 14


def test_movements_are_those_of_all(client, lead, angara, dark):
    particulars.add_identifier_use(
        by=lead, circle=OPEN, vessel=dark, scheme="mmsi", value="273210440", period=make.period("2023", "ongoing")
    )
    make.port_call(lead, dark, place=make.place(lead, name="Rajin"), arrived="2024-02-03")
    client.force_login(lead)
    address = f"{angara.get_absolute_url()}movements/"
    assert "273210440" not in client.get(address).text

    make.judgement(lead, angara, dark)

    page = client.get(address).text
    assert "273210440" in page and "Rajin" in page and "This page also answers for" in page


def test_the_command_answers_for_all_that_one_may_know_to_be_the_ship(lead, team, capsys, angara, dark, owner):
    def answers(*options):
        code = 0
        try:
            call_command("in_force", "--imo", "9179842", "--on", "2024-01-01", "--json", *options)
        except SystemExit as end:
            code = end.code
        report = json.loads(capsys.readouterr().out)
        return code, [(one["target"], one["is_the_vessel"], one["answer"]) for one in report.get("answers", [])]

    make.judgement(lead, angara, dark, circle=make.restricted_to(team))

    assert answers()[1] == []
    assert answers("--by", lead.username) == (1, [("Unidentified ro-ro", True, "yes")])


def test_a_screening_looks_for_all_that_its_readers_may_know_to_be_one(lead, team, dark):
    make.applied_edition(lead, files.ofac(files.ANGARA, files.ADLER))
    hull = make.vessel(lead, display_name="Some hull")
    make.name_use(lead, dark, "Adler", circle=OPEN)
    make.judgement(lead, hull, dark, circle=make.restricted_to(team))
    where = {"by": lead, "as_at": datetime.date(2023, 1, 20), "list_keys": ["ofac-sdn"]}
    case = make.case(lead)
    cases.add_subject(case, by=lead, vessel=hull, role="carrier")

    known = screen_vessel(hull, circle=make.restricted_to(team), **where)
    for_all, for_a_case = screen_vessel(hull, circle=OPEN, **where), screen_case(case, **where)

    assert (known.asked, known.found) == (2, 1)
    # The judgement is not theirs to know, so it has no effect on what they are shown.
    assert {(one.asked, one.found) for one in (for_all, for_a_case)} == {(1, 0)}
    assert group_of(hull, lead, circle=make.restricted_to(team)).others == (dark,)


def test_search_finds_the_names_of_the_other_one_and_leads_to_the_one_that_stands(lead, team, stranger, angara, dark):
    make.name_use(lead, dark, "Amur", circle=OPEN)
    make.judgement(lead, angara, dark, circle=make.restricted_to(team))
    search.catch_up()

    def hits(text, user):
        return {(hit.url, "judged to be the same as Angara" in hit.detail) for hit in find(text, user=user).hits}

    assert hits("amur", lead) == {(angara.get_absolute_url(), True)}
    assert hits("amur", stranger) == {(dark.get_absolute_url(), False)}
    assert hits("9179842", lead) == {(angara.get_absolute_url(), False)}


def test_a_dossier_tells_nothing_of_a_judgement(lead, angara, dark):
    """Its readers are not those of the judgement: there each ship answers for itself."""
    case = make.case(lead)
    cases.add_subject(case, by=lead, vessel=angara, role="carrier")
    make.flag(lead, angara, "RU", period=make.period("2021", "ongoing"))
    make.flag(lead, dark, "KP", period=make.period("2021", "ongoing"))
    make.judgement(lead, angara, dark, circle=make.Circle.of_case(case))

    assert collect(case, lead).disagreements == ()


# What lists, news and addresses make of them ------------------------------------------------------------------------


def listed(client, name, **query):
    return [row.pk for row in client.get(reverse(f"voyages:{name}"), query).context["rows"]]


def test_all_of_a_ship_s_movements_are_listed_with_those_of_the_one_it_stands_for(client, lead, stranger, angara, dark):
    calls = [make.port_call(lead, ship) for ship in (angara, dark)]
    voyages = [make.voyage(lead, vessel=ship, departure=call) for ship, call in zip((angara, dark), calls, strict=True)]
    make.voyage(lead)
    judgement = make.judgement(lead, angara, dark)
    client.force_login(lead)
    page = client.get(angara.get_absolute_url()).text

    assert f"?of={angara.pk}" in page
    assert set(listed(client, "port_calls", of=angara.pk)) == {call.pk for call in calls}
    assert set(listed(client, "voyages", of=angara.pk)) == {voyage.pk for voyage in voyages}
    # The page of the other one shows its own alone, and so does its list.
    assert listed(client, "voyages", of=dark.pk) == [voyages[1].pk]
    void_record(judgement, by=lead, reason="Another bow.")
    assert listed(client, "voyages", of=angara.pk) == [voyages[0].pk]


def test_the_list_of_a_hidden_ship_answers_as_of_none(client, lead, team, stranger):
    secret = make.vessel(lead, circle=make.restricted_to(team), display_name="CANARY")
    make.voyage(lead, vessel=secret, circle=make.restricted_to(team))
    client.force_login(stranger)

    pages = [client.get(reverse("voyages:voyages"), {"of": key}) for key in (secret.pk, uuid.uuid4())]

    assert [list(page.context["rows"]) for page in pages] == [[], []]
    assert all("CANARY" not in page.text and "Only what was recorded" not in page.text for page in pages)
    assert listed(client, "port_calls", of="no key") == []


def test_the_calls_of_two_harbours_that_are_one_are_listed_together(client, lead, team):
    rajin, najin = make.place(lead, name="Rajin"), make.place(lead, name="Najin")
    calls = [make.port_call(lead, place=place) for place in (rajin, najin)]
    make.port_call(lead)
    make.judgement(lead, rajin, najin, standing=rajin)
    client.force_login(lead)

    assert f"?at={rajin.pk}" in client.get(rajin.get_absolute_url()).text
    assert set(listed(client, "port_calls", at=rajin.pk)) == {call.pk for call in calls}


def news(user):
    found = news_of(user)
    return {key: {line.label: line.said for line in one.lines} for key, one in found.items()}


def test_a_watched_ship_has_the_news_of_those_it_stands_for(lead, team, stranger, angara, dark):
    make.judgement(lead, angara, dark, circle=make.restricted_to(team))
    colleague = make.lead("colleague")
    make.circle(colleague)
    for reader in (lead, stranger):
        watch_vessel(angara, by=reader)
    make.flag(colleague, dark, "KP")
    make.voyage(colleague, vessel=dark, departure=make.port_call(colleague, angara, dark))
    case = make.case(lead, members={colleague: "researcher"})
    cases.add_subject(case, by=colleague, vessel=dark)
    make.read_positions(colleague, *make.position_rows("273210440", 2))
    particulars.add_identifier_use(
        by=lead, circle=OPEN, vessel=dark, scheme="mmsi", value="273210440", period=make.period("2023", "ongoing")
    )

    told = {
        "Recorded values": "1 new", "Voyages": "1 new", "Port calls": "1 new", "Cases": "1 new",
        "Radios with new positions": "1 new",
    }  # fmt: skip
    assert news(lead) == {angara.pk: told}
    assert news_of(lead, group=group_of(angara, lead))[angara.pk].lines == news_of(lead)[angara.pk].lines
    # Whoever may not know that they are one has the news of one.
    assert news(stranger) == {angara.pk: {"Port calls": "1 new"}}


def test_whoever_watches_the_other_one_has_its_news_alone(lead, angara, dark):
    make.judgement(lead, angara, dark)
    watch_vessel(dark, by=lead)
    colleague = make.lead("colleague")
    make.circle(colleague)
    make.flag(colleague, angara, "RU")

    assert news(lead) == {dark.pk: {}}


def test_a_run_looks_at_the_radios_of_all_that_its_readers_may_know_to_be_one(lead, team, angara, dark):
    circle = make.restricted_to(team)
    for ship, number in ((angara, "273456780"), (dark, "273456781")):
        particulars.add_identifier_use(
            by=lead, circle=OPEN, vessel=ship, scheme="mmsi", value=number, period=make.period("2023", "ongoing")
        )
    make.read_positions(lead, *make.position_rows("273456780", 3), *make.position_rows("273456781", 3))
    make.port_call(lead, angara, dark, place=make.place(lead, latitude=-30.0, longitude=20.0), seen="2024-02-09")
    make.judgement(lead, angara, dark, circle=circle)

    def seen_by(circle):
        run = run_detection(by=lead, circle=circle, vessel=angara)
        return sorted(radio["mmsi"] for radio in run.radios), any(event.port_calls for event in run.events.all())

    # A port call of either is of both; to others they are two, and nobody can say of which it was.
    assert seen_by(circle) == (["273456780", "273456781"], True)
    assert seen_by(OPEN) == (["273456780"], False)


def test_organisations_that_are_one_stand_once_on_ships_and_at_addresses(client, lead, owner):
    first, second = make.organisation(lead, name="Agent"), make.organisation(lead, name="Agent again")
    branch = make.organisation(lead, name="Owner's branch")
    ship = make.vessel(lead)
    for firm in (owner, first, second, branch):
        particulars.add_address_use(by=lead, circle=OPEN, organisation=firm, address="1 Quay")
        role(lead, ship, firm, "operator")
    make.judgement(lead, first, second, standing=first)
    make.judgement(lead, owner, branch, standing=owner)

    fleet = fleet_of(owner, lead)

    own = [one for one in fleet.addresses if one.own.organisation == owner]
    assert [(str(one.organisation), str(one.origin or "")) for one in own] == [("Agent", ""), ("Agent", "Agent again")]
    assert [str(one.organisation) for one in fleet.shared] == ["Manager", "Agent"]
    assert "M Leasing" not in {str(one.organisation) for one in fleet_of(branch, lead).addresses}
    client.force_login(lead)
    assert "Agent again" in client.get(f"{owner.get_absolute_url()}fleet/").text
