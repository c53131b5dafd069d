"""Finding by name, number, reference and text, and never more than one may see."""

import importlib
import random

import pytest
from django.apps import apps

from casefiles.access import actions as access
from casefiles.access.circles import Circle
from casefiles.cases import actions as cases
from casefiles.evidence.actions import reading
from casefiles.registry import actions as registry
from casefiles.sanctions import actions as sanctions
from casefiles.search import actions as search
from casefiles.search.models import SearchEntry
from casefiles.search.selectors import find, snippet
from tests import make
from tests.evidence.pdf_writer import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.traced_on_every_engine]


def labels(text, user):
    search.catch_up()
    return [hit.label for hit in find(text, user=user).hits]


@pytest.fixture
def lead():
    return make.lead()


@pytest.fixture
def world(lead):
    make.circle(lead)
    number = make.imo_number()
    vessel = registry.add_vessel(by=lead, circle=Circle.everyone(), display_name="Ангара", imo_number=number)
    return vessel, number


@pytest.mark.parametrize("typed", ["ангара", "АНГАРА", "анг", "Ангара "])
def test_a_name_is_found_however_it_is_typed(world, lead, typed):
    assert labels(typed, lead) == ["Ангара"]


def test_a_number_is_found_whole_with_its_prefix_and_by_its_beginning(world, lead):
    _vessel, number = world

    assert labels(number, lead) == ["Ангара"]
    assert labels(f"IMO {number}", lead) == ["Ангара"]
    assert labels(number[:5], lead) == ["Ангара"]


@pytest.mark.parametrize("name", ["安加拉号", "앙가라호"])
def test_names_without_spaces_are_found_by_a_part(lead, name):
    make.circle(lead)
    registry.add_vessel(by=lead, circle=Circle.everyone(), display_name=name, imo_number=make.imo_number())

    assert labels(name[:3], lead) == [name]
    assert labels(name[1:3], lead) == [name]


def test_a08_a_stranger_finds_nothing_of_a_hidden_record_and_a_reader_does(lead):
    compartment = make.circle(lead)
    registry.add_vessel(by=lead, circle=make.restricted_to(compartment), display_name="Hidden canary")

    for typed in ("canary", "can", '"canary"', "canary*", "hidden canary"):
        assert labels(typed, make.user()) == []
        found = find(typed, user=make.user())
        assert (found.total, found.is_capped) == (0, False)
    assert labels("canary", lead) == ["Hidden canary"]


def test_a35_a_removed_member_finds_nothing_at_the_next_search(lead):
    viewer = make.user()
    compartment = make.circle(lead, viewer=viewer)
    registry.add_vessel(by=lead, circle=make.restricted_to(compartment), display_name="Shared canary")
    assert labels("canary", viewer) == ["Shared canary"]

    access.remove_member(compartment=compartment, user=viewer, by=lead)

    assert labels("canary", viewer) == []


@pytest.mark.parametrize(
    "typed",
    ['"', "AND OR NOT", "*", "(((", "a' OR 1=1 --", "NEAR(a b)", "\\", "terms:x", "%", "_", "\u202e", "x" * 5000],
)
def test_n09_what_is_typed_is_never_read_as_an_operator(world, lead, typed):
    assert labels(typed, lead) == []


def test_a_changed_record_is_found_by_its_new_words_only(world, lead):
    vessel, _number = world
    registry.change_vessel(vessel, by=lead, version=vessel.version, note="formerly remarkable")
    assert labels("remarkable", lead) == ["Ангара"]

    registry.change_vessel(vessel, by=lead, version=vessel.version, note="plain")

    assert labels("remarkable", lead) == []


def test_a_voided_record_is_not_found(lead):
    compartment = make.circle(lead)
    vessel = registry.add_vessel(by=lead, circle=make.restricted_to(compartment), display_name="Mistake")
    assert labels("mistake", lead) == ["Mistake"]

    access.void_record(vessel, by=lead, reason="entered twice")

    assert labels("mistake", lead) == []


def test_a_page_takes_in_no_more_than_it_is_given(world, lead):
    assert (search.catch_up(batches=0), search.is_behind()) == (0, True)

    assert search.catch_up(batches=1) > 0
    assert search.is_behind() is False


def test_a_shared_statement_is_found_by_the_readers_of_the_other_case(lead):
    reader = make.user()
    here, there = make.case(lead), make.case(lead, members={reader: "viewer"})
    said = make.said(here, lead, make.report(here, lead), text="Nothing sailed from the berth.")
    assert labels("berth", reader) == []

    cases.add_case_statement(there, by=lead, statement=said.statement)

    assert labels("berth", reader) == labels("berth", lead) != []


def test_catching_up_twice_changes_nothing(world, lead):
    search.catch_up()
    before = list(SearchEntry.objects.values_list("pk", "terms"))

    assert search.catch_up() == 0
    assert list(SearchEntry.objects.values_list("pk", "terms")) == before


def test_a_search_asks_as_often_for_two_hits_as_for_twelve(lead, django_assert_max_num_queries):
    make.circle(lead)
    for _each in range(12):
        registry.add_vessel(by=lead, circle=Circle.everyone(), display_name="Twin", imo_number=make.imo_number())
    search.catch_up()

    with django_assert_max_num_queries(3):
        assert len(find("twin", user=lead).hits) == 12


def test_the_page_answers_with_what_was_found(world, lead, client):
    client.force_login(lead)

    response = client.get("/search/", {"q": "ангара"})

    assert response.status_code == 200
    assert "Ангара" in response.content.decode()


@pytest.mark.parametrize(
    ("text", "tokens", "marked"),
    [
        ("one two three", ["two"], ["two"]),
        ("nothing here", ["x"], []),
        ("Rajin, Rajin port", ["raj"], ["Rajin,", "Rajin"]),
    ],
)
def test_a_snippet_marks_what_was_looked_for(text, tokens, marked):
    assert [part.text for part in snippet(text, tokens) if part.is_match] == marked


def read(item, lead, content, name="file"):
    reading.read_file(make.file(item, lead, content, name))


def test_an_item_is_found_by_the_words_of_its_files_also_those_extracted_later(lead):
    make.circle(lead)
    item = make.item(lead, title="A report")
    assert labels("причала", lead) == []

    read(item, lead, pdf("Ангара стояла у причала.", "앙가라호 출항"))

    assert labels("причала", lead) == ["A report"]
    assert labels("앙가라호", lead) == ["A report"]
    assert labels("report причала", lead) == ["A report"]


def test_a08_the_words_of_a_hidden_items_file_are_found_by_its_readers_only(lead):
    item = make.item(lead, circle=make.restricted_to(make.circle(lead)), title="Hidden")
    read(item, lead, b"a canary in plain words")

    assert labels("canary", make.user()) == []
    assert labels("canary", lead) == ["Hidden"]


def test_a_page_reads_no_more_files_than_it_may(lead):
    make.circle(lead)
    item = make.item(lead)
    for number in range(search.FILES_IN_A_BATCH + 2):
        make.file(item, lead, b"%d words" % number)

    search.catch_up(batches=1)
    assert search.is_behind() is True

    search.catch_up(batches=1)
    assert search.is_behind() is False


def test_r01_a_text_of_as_many_words_as_there_can_be_does_not_stop_the_index(lead):
    """Fails where the words of one item are more than a vector of PostgreSQL may hold."""
    make.circle(lead)
    item = make.item(lead, title="Noise")
    characters = "".join(map(chr, random.Random(1).choices(range(0x4E00, 0x9FA0), k=200_000)))

    read(item, lead, characters.encode())

    assert labels("Noise", lead) == ["Noise"]


# Instruments ---------------------------------------------------------------------------------------------------------


def test_instruments_and_provisions_are_found_by_every_member_by_their_words_and_elements(lead):
    make.circle(lead)
    other = make.lead()
    authority = make.authority(lead)
    instrument = sanctions.add_instrument(by=lead, authority=authority, key="S/RES/2397", name="Резолюция о судах")
    assert labels("2397", other) == ["S/RES/2397: Резолюция о судах"]
    provision = make.provision(lead, "The vessel lay in its port.", instrument=instrument, title="Seize and inspect")

    both = {"S/RES/2397: Резолюция о судах", str(provision)}
    assert (set(labels("2397", other)), set(labels("резолюция", other))) == (both, both)
    assert labels("lay in its port", other) == [str(provision)]
    sanctions.change_element(provision.elements.get(), by=lead, version=1, text="It was let go.")
    assert (labels("lay in its port", other), labels("let go", other)) == ([], [str(provision)])
    sanctions.change_instrument(instrument, by=lead, version=1, key="S/RES/9999")
    assert [label.partition(" ")[0] for label in labels("inspect", other)] == ["S/RES/9999"]


def test_a_voided_instrument_is_found_no_more_nor_are_its_provisions(lead):
    make.circle(lead)
    provision = make.provision(lead, title="Seize and inspect")
    assert len(labels("seize", lead)) == 1

    access.void_record(provision.instrument, by=lead, reason="Entered twice.")

    assert labels("seize", lead) == []
    access.restore_record(provision.instrument, by=lead)
    assert len(labels("seize", lead)) == 1


def test_what_reviewers_remarked_is_found_and_what_is_sealed_is_not_even_counted(lead):
    people = {name: make.user(name) for name in ("editor", "second")}
    case = make.case(lead, members=dict.fromkeys(people.values(), "editor"))
    claim = make.claim(case, lead)
    review = cases.ask_for_review(case, by=lead, claims=[claim], note="Look at the wharf.", is_blind=True)
    cases.give_verdict(review, by=people["editor"], claim=claim, verdict="changes requested", remark="Which anchorage?")

    assert labels("wharf", lead) == ["Look at the wharf."]
    for person in (lead, *people.values()):
        assert labels("anchorage", person) == []
        assert find("anchorage", user=person).total == 0

    cases.give_verdict(review, by=people["second"], claim=claim, verdict="approved")
    assert labels("anchorage", lead) == ["Which anchorage?"]
    assert labels("anchorage", make.lead()) == []


def test_an_older_index_is_read_anew_once(world, lead):
    search.catch_up()
    SearchEntry.objects.all().delete()
    migration = importlib.import_module("casefiles.search.migrations.0003_read_anew")

    migration.read_anew(apps, None)

    assert labels("Ангара", lead) == ["Ангара"]
