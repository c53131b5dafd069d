"""Citing items for anything asserted, and what relies on them."""

from types import SimpleNamespace
from typing import Any

import pytest

from casefiles.access.actions import NotAllowed, NotVisible, void_record
from casefiles.core.refusals import Refused
from casefiles.evidence.actions import citations, files, items, reading
from casefiles.evidence.models import Citation
from casefiles.evidence.selectors import citations_by_assertion, relying_on
from tests import make
from tests.evidence.pdf_writer import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    circle = make.restricted_to(make.circle(lead, viewer=viewer))
    vessel = make.numbered_vessel(lead)
    return SimpleNamespace(
        lead=lead,
        viewer=viewer,
        stranger=stranger,
        circle=circle,
        vessel=vessel,
        name=make.name_use(lead, vessel, "Angara", circle=circle),
        item=make.item(lead, circle=circle),
    )


def test_a_locator_as_typed_is_stored_in_its_one_form(world: Any) -> None:
    citation = make.citation(world.name, world.item, world.lead, locator=" P. 4 ")

    assert (citation.locator_kind, citation.locator, citation.locator_text) == ("page", "4", "p. 4")


def test_a_locator_that_names_no_place_is_refused_at_its_field(world: Any) -> None:
    with pytest.raises(Refused, match="names no place") as refused:
        make.citation(world.name, world.item, world.lead, locator="somewhere near the end")

    assert refused.value.field == "locator"


@pytest.mark.parametrize(
    ("quote", "check"),
    [("", "no quote"), ("moored at the “yard”", "found"), ("sailed away", "not found")],
)
def test_a_quote_is_looked_for_in_the_stored_copy_and_never_stops_the_citation(
    world: Any, quote: str, check: str
) -> None:
    make.file(world.item, world.lead, b'The ship was\nmoored at the "yard".')

    assert make.citation(world.name, world.item, world.lead, quote=quote).quote_check == check


def pdf_item(world: Any, *pages: str) -> Any:
    reading.read_file(make.file(world.item, world.lead, pdf(*pages), "report.pdf"))
    return world.item


def test_a_page_beyond_the_documents_end_is_refused_at_its_field(world: Any) -> None:
    item = pdf_item(world, "one", "two", "three")

    with pytest.raises(Refused, match="This document has 3 pages.") as refused:
        make.citation(world.name, item, world.lead, locator="p. 3-4")

    assert refused.value.field == "locator"
    assert make.citation(world.name, item, world.lead, locator="p. 3").locator == "3"


def test_a_citation_is_not_moved_beyond_the_documents_end(world: Any) -> None:
    citation = make.citation(world.name, pdf_item(world, "one"), world.lead, locator="p. 1")

    with pytest.raises(Refused, match="This document has 1 page."):
        citations.change_citation(citation, by=world.lead, version=1, locator="p. 2")


@pytest.mark.parametrize("content", [b"words", b"%PDF-1.7 damaged"])
def test_a_page_is_taken_as_it_is_where_nobody_knows_how_many_there_are(world: Any, content: bytes) -> None:
    reading.read_file(make.file(pdf_item(world, "one"), world.lead, content))
    other = make.item(world.lead, circle=world.circle)
    make.file(other, world.lead, pdf("not read yet"))

    assert make.citation(world.name, other, world.lead, locator="p. 9").locator == "9"


def test_a_quote_is_found_in_the_text_of_a_pdf(world: Any) -> None:
    item = pdf_item(world, "It lay at the yard.", "Ангара стояла у причала.")

    assert make.citation(world.name, item, world.lead, quote="стояла у причала", locator="p. 2").quote_check == "found"


@pytest.mark.parametrize("name", ["table.csv", "data.json"])
def test_a_quote_is_found_in_files_that_are_words_themselves(world: Any, name: str) -> None:
    content = b"ship,port\nAngara,Rajin\nMaria,Dunai\n" if name == "table.csv" else b'{"ship": "Angara,Rajin"}'
    reading.read_file(make.file(world.item, world.lead, content, name))

    assert make.citation(world.name, world.item, world.lead, quote="Angara,Rajin").quote_check == "found"
    assert world.item.files.count() == 1


def test_a_quote_cannot_be_checked_without_sound_stored_text(world: Any) -> None:
    make.file(world.item, world.lead, b"\x89PNG\r\n\x1a\n")
    assert make.citation(world.name, world.item, world.lead, quote="moored").quote_check == "no text"
    held = make.file(world.item, world.lead, b"moored")
    path = files.store().path_of(held.sha256)
    path.chmod(0o600)
    path.write_bytes(b"sailed")

    assert make.citation(world.name, world.item, world.lead, quote="moored").quote_check == "no text"


def test_b01_both_ends_of_a_citation_are_asked_for(world: Any) -> None:
    make.circle(world.stranger)
    open_name = make.name_use(world.lead, world.vessel, "Maria")

    with pytest.raises(NotAllowed):
        make.citation(world.name, world.item, world.viewer)
    with pytest.raises(NotVisible):
        make.citation(world.name, make.item(world.lead), world.stranger)
    with pytest.raises(NotVisible):
        make.citation(open_name, world.item, world.stranger)
    with pytest.raises(Refused, match="restricted to fewer people"):
        make.citation(open_name, world.item, world.lead)
    assert not Citation.objects.exists()


def test_what_was_voided_is_not_cited_and_takes_no_citation(world: Any) -> None:
    voided = make.item(world.lead, circle=world.circle)
    items.void_item(voided, by=world.lead, reason="Wrong ship.")
    with pytest.raises(Refused, match="cannot be cited"):
        make.citation(world.name, voided, world.lead)

    void_record(world.name, by=world.lead, reason="Wrong ship.")
    with pytest.raises(Refused, match="voided"):
        make.citation(world.name, world.item, world.lead)


def test_a_changed_citation_is_checked_again(world: Any) -> None:
    make.file(world.item, world.lead, b"The ship was moored.")
    citation = make.citation(world.name, world.item, world.lead, quote="sailed", locator="p. 4")

    citations.change_citation(citation, by=world.lead, version=1, quote="was moored", locator="para 2")

    citation.refresh_from_db()
    assert (citation.quote_check, citation.locator_text, citation.version) == ("found", "para 2", 2)
    with pytest.raises(TypeError):
        citations.change_citation(citation, by=world.lead, version=2, item=world.item)


def test_citations_come_by_assertion_in_one_query(world: Any, django_assert_num_queries: Any) -> None:
    other = make.name_use(world.lead, world.vessel, "Maria", circle=world.circle)
    made = [make.citation(world.name, world.item, world.lead, locator=f"p. {page}") for page in range(1, 13)]
    gone = make.citation(world.name, world.item, world.lead)
    citations.void_citation(gone, by=world.lead, reason="Said twice.")

    with django_assert_num_queries(1):
        found = citations_by_assertion([world.name.pk, other.pk], world.lead)
        assert [citation.item.title for citation in found[world.name.pk]] == [world.item.title] * 12

    assert found == {world.name.pk: made, other.pk: []}
    assert citations_by_assertion([world.name.pk], world.stranger) == {world.name.pk: []}


def test_what_relies_on_an_item_comes_with_names_in_two_queries(world: Any, django_assert_num_queries: Any) -> None:
    flag = make.flag(world.lead, world.vessel, "RU", circle=world.circle)
    for record in (world.name, flag):
        make.citation(record, world.item, world.lead)
    void_record(make.citation(flag, world.item, world.lead), by=world.lead, reason="Said twice.")

    with django_assert_num_queries(2):
        found = relying_on(world.item, world.lead)
        assert [str(one.record) for one in found] == [str(flag), str(world.name)]

    assert relying_on(world.item, world.stranger) == []


def test_what_was_voided_no_longer_relies_on_an_item(world: Any) -> None:
    make.citation(world.name, world.item, world.lead)
    void_record(world.name, by=world.lead, reason="Wrong ship.")

    assert relying_on(world.item, world.lead) == []
