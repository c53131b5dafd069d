"""Screenings: which editions were searched and which lists were not there, what was found, and what was decided."""

import datetime
import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casefiles.access.actions import NotAllowed, NotVisible
from casefiles.access.circles import Circle
from casefiles.cases.actions import add_subject
from casefiles.core.refusals import Refused
from casefiles.sanctions.actions.screening import decide_match, screen
from casefiles.sanctions.models import MatchDecision, Screening, ScreeningMatch
from casefiles.sanctions.selectors.screenings import match_lines, matches_of
from casefiles.workspace.screening import screen_registry, screen_typed
from tests import make
from tests.sanctions import list_files as files

NEWER = files.ofac(("37060", "ASCALON", "9198226"))


@pytest.fixture
def lead(db):
    return make.lead("lead")


@pytest.fixture
def team(lead):
    return make.circle(lead)


@pytest.fixture
def circle(team):
    return make.restricted_to(team)


@pytest.fixture
def listed(lead, team):
    """The list of January has the Angara and the Adler, that of March neither."""
    first = make.applied_edition(lead, files.ofac(files.ANGARA, files.ADLER))
    return first, make.applied_edition(lead, NEWER, on="2023-03-01")


@pytest.fixture
def angara(lead, team):
    return make.vessel(lead, imo_number="9179842", display_name="Angara")


def look(lead, circle, *targets, on="2023-01-20", **values):
    day = datetime.date.fromisoformat(on)
    values = {"list_keys": ["ofac-sdn"], "subject": "It", **values}
    return screen(by=lead, circle=circle, targets=targets, as_at=day, **values)


def found(screening, user):
    rows = matches_of(screening, user).order_by("-score", "pk")
    return [(match.entry.name, match.basis, match.score, match.looked_for) for match in rows]


def test_the_editions_of_the_day_are_searched_and_named(lead, circle, listed, angara):
    then, later = look(lead, circle, angara), look(lead, circle, angara, on="2023-03-02")

    assert found(then, lead) == [("ANGARA", "imo", 100, "Angara")]
    assert (list(then.editions.all()), then.found, then.asked) == ([listed[0]], 1, 1)
    assert (found(later, lead), list(later.editions.all()), str(later)) == ([], [listed[1]], "It")


def test_a_list_that_is_not_here_is_said_and_nowhere_to_look_is_refused(lead, circle, listed, angara):
    partly = look(lead, circle, angara, list_keys=[])

    assert partly.not_searched == ["uk", "eu", "un", "opensanctions"]
    assert partly.not_searched_names[0] == "UK Sanctions List"
    with pytest.raises(Refused, match="None of these lists is here"):
        look(lead, circle, angara, list_keys=["uk"])
    with pytest.raises(Refused, match="nothing to look for"):
        look(lead, circle)


def test_a_ship_is_looked_for_by_every_name_and_radio_that_one_may_see(lead, circle, listed):
    ship = make.vessel(lead, display_name="Unidentified ro-ro", circle=circle)
    make.name_use(lead, ship, "Адлер", circle=circle)

    screening = look(lead, circle, ship)

    assert found(screening, lead) == [("ADLER", "name", 75, "Unidentified ro-ro")]
    with pytest.raises(Refused):
        look(lead, Circle.everyone(), ship)


def test_a_screening_is_for_its_circle_alone(lead, circle, listed, angara):
    stranger = make.user()
    screening = look(lead, circle, angara)

    assert not Screening.objects.visible_to(stranger).exists()
    assert not ScreeningMatch.objects.visible_to(stranger).exists()
    with pytest.raises(NotAllowed):
        look(stranger, circle, angara)
    with pytest.raises(NotVisible):
        decide_match(screening.matches.get(), by=stranger, circle=Circle(), verdict="same", reason="The same.")


def test_a_decision_is_remembered_for_the_pair_and_shown_at_the_next_screening(lead, circle, listed, angara):
    first = look(lead, circle, angara)
    [match] = matches_of(first, lead)

    with pytest.raises(Refused, match="Say why"):
        decide_match(match, by=lead, circle=circle, verdict="same", reason=" ")
    decide_match(match, by=lead, circle=circle, verdict="unsure", reason="The flag differs.")
    newest = decide_match(match, by=lead, circle=circle, verdict="same", reason="The registry says so.")
    [line] = match_lines(list(matches_of(look(lead, circle, angara), lead)), lead)

    assert (line.decision, str(line.decision)) == (newest, "the same: 37059")
    assert MatchDecision.objects.count() == 2
    assert str(match) == "Angara: 37059: ANGARA"
    [unseen] = match_lines([match], make.user())
    assert unseen.decision is None


def test_what_is_typed_is_looked_for_among_all_kinds(lead, circle, listed):
    day = datetime.date(2023, 1, 20)

    screening = screen_typed(by=lead, circle=circle, name="앙가라", as_at=day, list_keys=["ofac-sdn"])

    assert found(screening, lead) == [("ANGARA", "name", 69, "앙가라")]
    assert matches_of(screening, lead).get().pair == ("앙가라", "ofac-sdn", "37059")


def test_the_registry_is_looked_for_as_far_as_somebody_waits(lead, circle, listed, angara):
    make.numbered_vessel(lead)

    assert screen_registry(by=lead, circle=circle, as_at=datetime.date(2023, 1, 20)).found == 1
    with pytest.raises(Refused, match="more than 1 ships"):
        screen_registry(by=lead, circle=circle, most=1)


# Pages ---------------------------------------------------------------------------------------------------------------


def test_a_screening_is_made_read_and_decided_on_its_pages(lead, team, listed, angara, client):
    client.force_login(lead)
    add = reverse("workspace:screening_add")
    given = {"vessel": "Angara", "vessel_id": str(angara.pk), "as_at": "2023-01-20", "circle": str(team.pk)}

    sent = client.post(add, given)
    page = client.get(sent.url)
    [(line, _tone)] = page.context["lines"]
    address = f"{sent.url}decide/?match={line.match.pk}"
    asked = client.get(address)
    decided = client.post(address, {"verdict": "same", "reason": "By its number.", "circle": str(team.pk)})
    after = client.get(sent.url)

    assert "Of these lists this screening says nothing." in page.content.decode()
    assert "the same IMO number, 9179842" in asked.content.decode()
    assert decided.url == sent.url
    assert "By its number." in after.content.decode()
    assert client.get(f"{add}?imo=9179842").context["form"].initial["vessel"] == angara
    assert [client.get(f"{sent.url}decide/{query}").status_code for query in ("", "?match=x")] == [404, 404]
    assert client.get(f"{sent.url}?after=nonsense").status_code == 404
    assert client.get(reverse("sanctions:screenings")).context["page"]["total"] == 1


def test_the_page_looks_for_a_case_a_name_or_the_registry(lead, team, listed, angara, client):
    case = make.case(lead)
    add_subject(case, by=lead, vessel=angara)
    client.force_login(lead)
    shared = {"as_at": "2023-01-20", "list_keys": ["ofac-sdn"]}
    own = {**shared, "circle": str(team.pk)}

    for values in ({**shared, "case": str(case.pk)}, {**own, "name": "Ангара"}, {**own, "is_registry": "on"}):
        assert client.post(reverse("workspace:screening_add"), values).status_code == 302

    subjects = Screening.objects.get(subject=f"Subjects of {case.reference}")
    assert [screening.found for screening in Screening.objects.all()] == [1, 1, 1]
    assert list(subjects.compartments.all()) == [case.compartment]


@pytest.mark.parametrize(
    ("values", "field"),
    [({}, "vessel"), ({"name": "A", "is_registry": "on"}, "vessel"), ({"name": "Angara", "circle": ""}, "circle")],
)
def test_the_form_says_what_is_missing(lead, team, client, values, field):
    client.force_login(lead)

    answer = client.post(reverse("workspace:screening_add"), {"circle": str(team.pk), **values})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_lists_ask_as_often_for_twelve_as_for_two(lead, circle, listed, client, assert_same_queries):
    client.force_login(lead)

    def add(count):
        for _turn in range(count):
            look(lead, circle, make.vessel(lead, display_name="Angara"))

    assert_same_queries(lambda: client.get(reverse("sanctions:screenings")), add)


def test_matches_ask_as_often_for_twelve_as_for_two(lead, circle, listed, client):
    client.force_login(lead)

    def asked(count):
        screening = look(lead, circle, *[make.vessel(lead, display_name="Angara") for _turn in range(count)])
        client.get(screening.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(screening.get_absolute_url()).context["lines"]) == count
        return [query["sql"][:60] for query in queries]

    assert asked(2) == asked(12)


# The command ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def command(capsys):
    def run(*options, by="lead"):
        code = 0
        try:
            call_command("screen", "--by", by, "--on", "2023-01-20", "--json", *options)
        except SystemExit as end:
            code = end.code
        return code, json.loads(capsys.readouterr().out)

    return run


def test_the_command_says_clean_only_where_every_list_was_searched(command, listed, angara, lead):
    case = make.case(lead)
    add_subject(case, by=lead, vessel=angara)
    only = ("--list", "ofac-sdn")

    results = [
        command("--imo", "9179842"),
        command("--imo", "9179854", *only),
        command("--imo", "9074729", *only),
        command("--imo", "9074729"),
        command("--name", "ADLER", *only),
        command("--registry", *only),
        command("--case", case.reference, *only),
    ]

    assert [(code, report["result"], report["found"]) for code, report in results] == [
        (1, "findings", 1),
        (1, "findings", 1),
        (0, "clean", 0),
        (2, "incomplete", 0),
        (1, "findings", 1),
        (1, "findings", 1),
        (1, "findings", 1),
    ]
    assert results[0][1]["searched"] == ["OFAC SDN list, 2023-01-11"]
    assert results[0][1]["matches"][0]["reason"] == "the same IMO number, 9179842"


def test_the_command_says_it_in_words(listed, angara, lead, capsys):
    with pytest.raises(SystemExit):
        call_command("screen", "--by", "lead", "--on", "2023-01-20", "--imo", "9179842")

    printed = capsys.readouterr().out
    assert "not searched: UK Sanctions List" in printed
    assert "100 Angara = ofac-sdn 37059 ANGARA: the same IMO number, 9179842" in printed


@pytest.mark.parametrize(
    ("options", "by", "reason"),
    [
        (("--imo", "123"), "lead", "seven digits"),
        (("--name", "A"), "nobody", "no active account"),
        (("--name", "A", "--list", "uk"), "lead", "None of these lists is here"),
        (("--case", "CF-XXXXX"), "lead", "no such case"),
    ],
)
def test_the_command_says_why_it_could_not_run(command, listed, options, by, reason):
    code, report = command(*options, by=by)

    assert (code, report["result"]) == (2, "could not run")
    assert reason in report["reason"]
