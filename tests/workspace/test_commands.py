"""The commands that fill an installation for trying it out: the demo, the two cases of the matrix, and bulk."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from casefiles.accounts.models import User
from casefiles.audit.models import Event
from casefiles.cases.models import Case, Claim, Exhibit
from casefiles.cases.selectors import counts
from casefiles.evidence.models import Citation, Derivation, File, Grade, Independence, Item
from casefiles.registry.models import Vessel
from casefiles.voyages.models import PortCall
from casefiles.workspace.demo.people import PEOPLE
from tests import make

pytestmark = pytest.mark.django_db

NAMES = "lead, researcher, editor, viewer, outsider"


def printed_by(command, *arguments):
    printed = io.StringIO()
    call_command(command, *arguments, stdout=printed)
    return printed.getvalue()


@pytest.fixture
def lead():
    return make.lead("lead")


@pytest.fixture
def demo(settings, tmp_path, monkeypatch):
    """Return what starts the demo as `make demo` does, but for serving it, on folders of its own."""
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "plain.css").write_text("body{}")
    settings.STATICFILES_DIRS = [sources]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    return lambda: printed_by("demo", "--no-serve", "--port", "8123").splitlines()


# Nobody's data -------------------------------------------------------------------------------------------------------


def test_the_demo_is_for_whoever_asks_for_it(settings) -> None:
    settings.IS_LOCAL = False

    with pytest.raises(CommandError) as caught:
        call_command("demo")

    assert (
        str(caught.value)
        == "The demo makes accounts with one password: run it with CASEFILES_DEMO=1, as make demo does."
    )
    assert not User.objects.exists()


@pytest.mark.parametrize("command", ["seed_bulk", "seed_matrix"])
def test_nothing_is_made_up_where_people_work(settings, command) -> None:
    make.case(make.lead("lead"), title="Somebody's case")
    settings.IS_LOCAL = False
    events = Event.objects.count()

    with pytest.raises(CommandError, match="could never be removed"):
        call_command(command)

    assert Event.objects.count() == events


def test_an_installation_without_cases_takes_made_up_ones_twice(settings) -> None:
    settings.IS_LOCAL = False

    printed_by("seed_matrix")
    printed_by("seed_matrix")

    assert Case._base_manager.count() == 4


# The demo ------------------------------------------------------------------------------------------------------------


def test_the_demo_loads_its_case_once_and_a_second_start_loses_nothing(demo) -> None:
    first = demo()
    User.objects.filter(username="viewer").update(display_name="Renamed")
    events = Event.objects.count()
    second = demo()

    assert first[0] == "Loading the Angara case …"
    assert second == first[1:]
    assert second[1] == "Casefiles is at http://127.0.0.1:8123/"
    assert second[2] == f"Sign in as one of: {NAMES}"
    assert all(
        User.objects.get(username=name).check_password(second[3].removeprefix("Password: ")) for name, *_rest in PEOPLE
    )
    assert (Case.objects.count(), Event.objects.count()) == (1, events)
    assert User.objects.get(username="viewer").display_name == "Renamed"


def test_a_demo_that_holds_a_case_loads_none_and_gives_the_password_asked_for(demo, lead, monkeypatch) -> None:
    case = make.case(lead)
    monkeypatch.setenv("DEMO_PASSWORD", "another long passphrase")

    printed = demo()

    assert printed[3] == "Password: another long passphrase"
    assert all(User.objects.get(username=name).check_password("another long passphrase") for name, *_rest in PEOPLE)
    assert list(Case.objects.all()) == [case]


def test_static_files_are_collected_again_only_where_one_changed(demo, lead, settings) -> None:
    make.case(lead)
    demo()
    collected = settings.STATIC_ROOT / "plain.css"
    assert collected.read_text() == "body{}"

    collected.unlink()
    demo()
    assert not collected.exists()

    (settings.STATICFILES_DIRS[0] / "plain.css").write_text("body { color: black }")
    demo()
    assert collected.read_text() == "body { color: black }"


# Bulk ----------------------------------------------------------------------------------------------------------------


def test_bulk_adds_as_many_as_asked_for_in_a_case_that_is_found(lead) -> None:
    made = json.loads(printed_by("seed_bulk", "--items", "60", "--vessels", "5", "--json"))

    case = Case.objects.get(pk=made["case"])
    assert (made["items"], made["vessels"]) == (60, 5)
    assert (Item.objects.count(), Vessel.objects.count()) == (60, 5)
    assert Exhibit.objects.filter(case=case).count() == case.last_exhibit == 60
    assert Claim.objects.filter(case=case).count() == case.last_claim == 200
    assert made["indexed"] >= 60 + 5 + 200
    assert case.title == "Made-up case with 60 items"


def test_a_bulk_case_holds_something_for_every_page(lead) -> None:
    made = json.loads(printed_by("seed_bulk", "--items", "60", "--vessels", "8", "--json"))

    case = Case.objects.get(pk=made["case"])
    counted = counts(case, lead)
    assert (counted.statements, counted.subjects, counted.tasks) == (5, 6, 5)
    assert Citation.objects.filter(assertion__cases_claim__case=case).count() == 200 * 3
    assert (PortCall.objects.count(), File.objects.count(), Grade.objects.count()) == (12, 15, 30)
    assert (Derivation.objects.count(), Independence.objects.count()) == (14, 5)


def test_bulk_says_in_words_what_it_added(lead) -> None:
    assert printed_by("seed_bulk", "--items", "0", "--vessels", "2").startswith("Added 0 items and 2 vessels in ")


def test_bulk_needs_an_account_that_exists() -> None:
    with pytest.raises(CommandError, match="^There is no account nobody: name one with --by.$"):
        call_command("seed_bulk", "--by", "nobody")


# The matrix ----------------------------------------------------------------------------------------------------------


def test_the_matrix_prints_accounts_that_sign_in_and_cases_with_their_canaries() -> None:
    made = json.loads(printed_by("seed_matrix", "--json"))

    users = {name: User.objects.get(pk=user["id"]) for name, user in made["users"].items()}
    assert all(user.check_password(made["password"]) for user in users.values())
    assert {case["reference"] for case in made["cases"].values()} == set(
        Case.objects.values_list("reference", flat=True)
    )


def test_the_matrix_is_told_in_words_too() -> None:
    lines = printed_by("seed_matrix").splitlines()

    assert lines[0].startswith("Password of every account: ")
    assert sum(line.startswith("Case ") for line in lines) == Case.objects.count() == 2
    assert len(lines) == 1 + User.objects.count() + 2
