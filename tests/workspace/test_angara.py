"""The Angara case, as the demo loads it, says what its sources say and nothing more."""

import csv
import datetime
import json
import tomllib

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.db import transaction

from casefiles.audit import selectors as log
from casefiles.cases.models import Case, Claim, Exhibit
from casefiles.cases.selectors import claims_with_standing, duties_of
from casefiles.evidence.actions.fixity import check_files
from casefiles.evidence.models import Citation, File, ImageSheet, Item
from casefiles.evidence.vocabulary import QuoteCheck
from casefiles.particulars.models import Dimension, FlagPeriod, IdentifierUse, VesselRole
from casefiles.registry.models import Organisation, Vessel
from casefiles.sanctions.models import Designation
from casefiles.sanctions.selectors import in_force_table
from casefiles.search.actions import catch_up
from casefiles.search.selectors import find
from casefiles.statements.models import Statement
from casefiles.voyages.models import PortCall, Voyage
from casefiles.workspace.demo.loading import ANGARA, load_angara
from casefiles.workspace.demo.people import add_people, set_password
from tests import make

pytestmark = pytest.mark.django_db


class Loaded:
    """The case, the people who made it, and where its files lie."""

    def __init__(self, case, team):
        self.case, self.researcher, self.editor = case, team.researcher, team.editor
        self.evidence_root = project.EVIDENCE_ROOT


@pytest.fixture(scope="module")
def angara(django_db_setup, django_db_blocker):
    """Loaded once: every test below only reads, in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        team = add_people(password=make.PASSWORD)
        loaded = Loaded(load_angara(team), team)
        catch_up()
        yield loaded
        transaction.set_rollback(True)


def claims(angara):
    return {line.label: line for line in claims_with_standing(angara.case, angara.researcher)}


def vessel(angara, number="9179842"):
    return Vessel.objects.visible_to(angara.researcher).get(imo_number=number)


STANDINGS = [
    ("C-01", "corroborated", 2, 8),
    ("C-02", "single_origin", 1, 10),
    ("C-03", "single_origin", 1, 3),
    ("C-04", "disputed", 1, 1),
    ("C-05", "single_origin", 1, 2),
    ("C-06", "single_origin", 1, 1),
    ("C-07", "single_origin", 1, 2),
    ("C-08", "single_origin", 1, 1),
    ("C-09", "disputed", 1, 1),
    ("C-10", "single_origin", 1, 1),
    ("C-11", "unsupported", 0, 0),
]


@pytest.mark.parametrize(("label", "standing", "origins", "items"), STANDINGS)
def test_each_claim_stands_as_its_origins_say(angara, label, standing, origins, items):
    """Ten items repeat one report on the berth and count as one origin."""
    line = claims(angara)[label]

    assert (str(line.standing), line.origins_count, line.items_count) == (standing, origins, items)


def test_eight_outlets_lead_to_one_report(angara):
    report = Item.objects.visible_to(angara.researcher).get(title__startswith="Exclusive: China harbors")

    assert report.derivations_to.count() == 8


IN_FORCE = [
    ("2022-05-07", "US-RUSHAR", "no"),
    ("2023-09-15", "US-RUSHAR", "yes"),
    ("2023-09-15", "EU-MARE", "no"),
    ("2023-09-15", "GB-RUS", "no"),
    ("2024-02-09", "EU-MARE", "no"),
    ("2024-06-25", "EU-MARE", "yes"),
    ("2024-07-01", "GB-RUS", "unknown"),
    ("2024-07-31", "GB-RUS", "yes"),
]


@pytest.mark.parametrize(("day", "programme", "answer"), IN_FORCE)
def test_on_the_days_of_the_voyages_only_the_american_listing_of_the_ship_was_in_force(angara, day, programme, answer):
    rows = in_force_table([vessel(angara)], [datetime.date.fromisoformat(day)], user=angara.researcher)

    row = next(row for row in rows if row.programme and row.programme.key == programme)
    assert str(row.answers[0].answer) == answer


def test_the_owner_was_listed_by_the_united_kingdom_before_the_voyages(angara):
    owner = Organisation.objects.visible_to(angara.researcher).get(imo_company_number="6246853")

    rows = in_force_table([owner], [datetime.date(2023, 9, 15)], user=angara.researcher)

    assert {row.programme.key: str(row.answers[0].answer) for row in rows} == {
        "US-RUSHAR": "yes",
        "GB-RUS": "yes",
        "EU-UKR": "no",
    }


def in_force(capsys, day, *options):
    """Return the code of the command and its answers, by authority and target, for the ship on a day."""
    code = 0
    try:
        call_command("in_force", "--imo", "9179842", "--on", day, "--json", *options)
    except SystemExit as end:
        code = end.code
    report = json.loads(capsys.readouterr().out)
    answers = {
        (one["authority"], one["target"], one["programme"]): (one["answer"], one["in_force_from"])
        for one in report.get("answers", [])
    }
    return code, report, answers


@pytest.mark.parametrize("day", ["2023-09-07", "2023-10-01", "2024-02-09"])
def test_the_command_gives_the_same_answers_for_the_voyages(angara, capsys, day):
    code, report, answers = in_force(capsys, day, "--by", angara.researcher.username)

    ship = {key: answer for key, (answer, _from) in answers.items() if key[1] == report["vessel"]}
    assert code == 1
    assert [key[2] for key, answer in ship.items() if answer == "yes"] == ["US-RUSHAR"]
    assert set(ship.values()) == {"yes", "no"}
    owner = {key[2]: answer for key, (answer, _from) in answers.items() if "M Leasing" in key[1]}
    assert (owner["GB-RUS"], owner["US-RUSHAR"]) == ("yes", "yes")
    assert all(one["citations"] for one in report["answers"])


def test_the_command_says_from_when_and_where_sources_conflict(angara, capsys):
    by = ("--by", angara.researcher.username)
    before, after = (in_force(capsys, day, *by)[2] for day in ("2024-06-24", "2024-06-25"))
    _code, report, conflict = in_force(capsys, "2024-07-01", *by)

    [mare] = [key for key in after if key[2] == "EU-MARE" and key[1] == report["vessel"]]
    [british] = [one for one in report["answers"] if one["programme"] == "GB-RUS" and one["is_the_vessel"]]
    assert (before[mare][0], after[mare][0]) == ("no", "yes")
    assert (british["answer"], british["reason"]) == ("unknown", "sources conflict")
    assert "13 June 2024" in british["in_force_from"] and "31 July 2024" in british["in_force_from"]
    owner = [key for key in conflict if "M Leasing" in key[1] and key[2] == "GB-RUS"]
    assert [in_force(capsys, day, *by)[2][owner[0]][0] for day in ("2023-05-17", "2023-05-18")] == ["no", "yes"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--imo", "9074729"], "no ship of that number"),
        (["--imo", "123"], "seven digits"),
        (["--imo", "9179842", "--by", "nobody"], "no active account"),
        (["--imo", "9179842"], "does not say that there is none"),
    ],
)
def test_the_command_never_says_clean_of_what_it_does_not_know(angara, capsys, options, reason):
    """Breaks if a ship about which nothing open is recorded reads as one against which nothing was in force."""
    with pytest.raises(SystemExit) as ended:
        call_command("in_force", "--on", "2024-02-09", *options)

    assert ended.value.code == 2
    assert reason in capsys.readouterr().out


def test_every_quote_stands_in_the_note_that_is_held(angara):
    quoted = Citation.objects.visible_to(angara.researcher).exclude(quote="")

    assert [c.quote for c in quoted if c.quote_check != QuoteCheck.FOUND] == []
    assert quoted.count() > 40


def test_every_assertion_about_the_world_is_cited_or_says_that_it_is_ours(angara):
    uncited = [
        record
        for model in (PortCall, Voyage, Designation, FlagPeriod, IdentifierUse, VesselRole, Dimension)
        for record in model.objects.visible_to(angara.researcher)
        if not record.assertion.citations.exists()
    ]

    assert uncited == []


def test_the_two_voyages_are_those_with_a_source(angara):
    voyages = Voyage.objects.visible_to(angara.researcher).with_ends().order_by("sailed_key", "pk")

    assert {(str(v.departure.place) if v.departure else "", str(v.arrival.place)) for v in voyages} == {
        ("Rajin", "Dunai"),
        ("", "Zhoushan Xinya Shipyard"),
    }


def test_a_ship_told_apart_by_its_hull_alone_has_two_candidates(angara):
    call = PortCall.objects.visible_to(angara.researcher).get(seen_edtf="2026-01")

    assert sorted(str(candidate) for candidate in call.candidates.all()) == ["ANGARA", "LADY R"]


@pytest.mark.parametrize("typed", ["ангара", "安加拉", "앙가라", "9179842", "Angara"])
def test_the_ship_is_found_in_every_script(angara, typed):
    hits = find(typed, user=angara.researcher).hits

    assert vessel(angara).get_absolute_url() in {hit.url for hit in hits}


def test_the_training_drawing_is_cited_by_no_claim(angara):
    drawing = Item.objects.visible_to(angara.researcher).get(kind="drawing")

    assert Exhibit.objects.visible_to(angara.researcher).filter(item=drawing).exists()
    assert not drawing.citations.exists()
    assert {file.media_type for file in drawing.files.all()} == {"image/png", "text/plain"}
    assert "source's bytes" not in drawing.collection_method


def test_words_shown_as_a_direct_quote_are_those_of_an_exhibit(angara):
    """A report's own account of what somebody said never stands between quotation marks."""
    direct = [said for said in Statement.objects.visible_to(angara.researcher) if not said.is_reported]
    quotes = {said: [citation.quote for citation in said.assertion.citations.all()] for said in direct}

    assert [str(said) for said in direct if not any(quote and quote in said.text for quote in quotes[said])] == []
    assert len(direct) > 4


def test_what_nothing_supports_is_given_no_likelihood(angara):
    unsupported = [line for line in claims(angara).values() if str(line.standing) == "unsupported"]

    assert [line.likelihood for line in unsupported] == [""]


@pytest.mark.parametrize(
    ("company", "programmes"),
    [
        ("6246853", {"US-RUSHAR", "GB-RUS", "EU-UKR"}),
        ("6183435", {"US-RUSHAR", "EU-UKR"}),
        ("6016988", {"US-RUSHAR", "GB-RUS", "EU-UKR"}),
    ],
)
def test_each_owner_carries_the_listings_that_the_facts_give(angara, company, programmes):
    owner = Organisation.objects.visible_to(angara.researcher).get(imo_company_number=company)

    assert {one.programme.key for one in owner.designations.all()} == programmes


@pytest.mark.parametrize("title", ["S/RES/2397", "Regulation (EU) 833/2014", "Regulation (EU) 269/2014"])
def test_the_day_of_an_act_is_not_given_out_as_the_day_of_the_copy_that_is_cited(angara, title):
    item = Item.objects.visible_to(angara.researcher).get(title__startswith=title)

    assert (item.published, item.occurred is None) == (None, False)


def test_every_exhibit_carries_bytes_that_match_their_hashes(angara, settings):
    settings.EVIDENCE_ROOT = angara.evidence_root
    exhibits = Exhibit.objects.visible_to(angara.researcher)

    assert exhibits.count() == 48
    assert not exhibits.filter(item__files__isnull=True).exists()
    assert File.objects.visible_to(angara.researcher).count() == 49
    checked = check_files()
    assert (checked.run.digests_checked, checked.findings) == (49, ())


def test_the_outsider_sees_nothing_of_it(angara):
    outsider = make.user("somebody-else")

    assert not Case.objects.visible_to(outsider).exists()
    assert not Item.objects.visible_to(outsider).exists()
    assert not Claim.objects.visible_to(outsider).exists()


def test_what_was_done_is_a_sound_chain(angara):
    report = log.verify()

    assert report.is_sound
    assert report.checked > 500
    assert log.damaged_values() == []


def test_the_summary_names_exhibits_that_exist(angara):
    case = Case.objects.visible_to(angara.researcher).get(pk=angara.case.pk)

    assert "[[@" not in case.summary
    assert "[[C-01]]" in case.summary


def test_one_word_gives_every_account_of_the_demo_a_new_password(angara):
    set_password("a wholly different passphrase")

    angara.editor.refresh_from_db()
    assert angara.editor.check_password("a wholly different passphrase")


# --- The file against the sourced facts that it was written from ---------------------------------------------------


@pytest.fixture
def facts(shared_data):
    with (shared_data / "facts" / "angara_facts.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_no_fact_from_memory_and_none_that_was_not_found_is_in_it(facts):
    text = ANGARA.read_text("utf-8")

    assert "1998" not in text  # the year of building is from memory only


def test_every_address_is_one_of_the_facts(facts):
    known = " ".join(row["url_or_file"] for row in facts)
    items = tomllib.loads(ANGARA.read_text("utf-8"))["items"]

    assert [item["url"] for item in items if item.get("url") and item["url"] not in known] == []


def test_every_number_of_a_ship_is_one_of_the_facts(facts):
    known = " ".join(" ".join(row.values()) for row in facts)
    vessels = tomllib.loads(ANGARA.read_text("utf-8"))["vessels"]

    # Lady Mariia stands in the list of values, not in the facts.
    assert [v["imo_number"] for v in vessels if v["imo_number"] not in known] == ["9220641"]


def test_the_satellite_image_is_described_as_far_as_its_caption_goes(angara):
    """No pixels are held: nothing is observed, and neither platform nor sharpness is known."""
    sheet = ImageSheet.objects.get(item__title__startswith="Image of the Zhoushan")

    assert (sheet.provider, sheet.acquired.edtf, sheet.published.edtf) == (
        "Planet Labs PBC",
        "2024-02-11",
        "2024-04-25",
    )
    assert (sheet.platform, sheet.gsd_m, sheet.footprint, sheet.observations.count()) == ("", None, None, 0)


def test_what_is_found_on_duties_rests_on_claims_and_the_rest_is_unknown(angara):
    lines = duties_of(angara.case, angara.researcher)

    assert [(line.symbol, line.bearer_name, line.sentence) for line in lines] == [
        (
            "S/RES/2397 para to verify",
            "China",
            "elements met on the cited facts: 1 of 3; 1 disputed; 1 unknown",
        ),
        ("S/RES/2397 para to verify", "Russia", "elements met on the cited facts: 0 of 3; 2 disputed; 1 unknown"),
        ("S/RES/2270 para 18", "China", "elements met on the cited facts: 0 of 3; 3 unknown"),
    ]
    assert not any(line.is_verified for line in lines)
