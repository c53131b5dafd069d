"""Files are read page by page, and a passage becomes a citation with page and quote."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casefiles.core.filestore import StoreError
from casefiles.evidence import cage
from casefiles.evidence.actions import files, reading
from casefiles.evidence.models import Citation
from casefiles.evidence.page_pictures import drawn_page, read_page
from tests import make
from tests.evidence.pdf_writer import pdf

pytestmark = pytest.mark.django_db

PAGES = (["The ship lay at the yard.", "Second line."], "Ангара стояла у причала.", "The yard again, and the yard.")


@pytest.fixture
def world(client: Any) -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    case = make.case(lead, members={viewer: "viewer"})
    exhibit = make.report(case, lead, title="A report")
    file = make.file(exhibit.item, lead, pdf(*PAGES), "report.pdf")
    reading.read_file(file)
    claim = make.claim(case, lead, text="The ship lay at a yard.")
    client.force_login(lead)
    url = f"/evidence/files/{file.pk}/read/"
    return SimpleNamespace(**{name: value for name, value in locals().items() if name != "client"})


def shown(client: Any, world: Any, query: str = "", status: int = 200) -> str:
    response = client.get(world.url + query)
    assert response.status_code == status
    return str(response.content.decode())


def test_a_page_shows_its_picture_its_words_and_the_way_to_the_next(client: Any, world: Any) -> None:
    page = shown(client, world, "?page=2")

    assert "Page 2 of 3" in page
    assert "Ангара стояла у причала." in page
    assert f"/evidence/files/{world.file.pk}/page/?page=2&amp;width=900" in page
    assert 'rel="prev" href="?page=1"' in page
    assert 'rel="next" href="?page=3"' in page
    assert "<text" in page


@pytest.mark.parametrize("query", ["?page=0", "?page=4", "?page=-1", "?page=x", "?page=" + "9" * 30, "?page="])
def test_n03_a_page_that_is_not_there_is_not_found(client: Any, world: Any, query: str) -> None:
    shown(client, world, query, status=404)


def test_words_are_found_with_their_count_on_every_page(client: Any, world: Any) -> None:
    page = shown(client, world, "?page=3&q=YARD")

    assert "Found 3 times." in page
    assert page.count('<mark class="found">yard</mark>') == 2
    assert '<a href="?page=1&amp;q=YARD">' in page
    assert page.count('<rect class="found"') == 2


def test_what_was_cited_is_marked_on_its_page_and_on_no_other(client: Any, world: Any) -> None:
    make.cited(world.claim, world.lead, world.exhibit, quote="lay at the yard", locator="p. 1")
    make.cited(world.claim, world.lead, world.exhibit, quote="the yard", locator="p. 1")

    assert '<mark class="cited">' in shown(client, world, "?page=1")
    assert '<mark class="cited">' not in shown(client, world, "?page=3")


def test_a_passage_becomes_a_citation_with_page_and_quote(client: Any, world: Any) -> None:
    values = {"claim": world.claim.label, "locator": "p. 2", "quote": "стояла у причала", "stance": "supports"}

    response = client.post(f"{world.url}?page=2", {**values, "quote_language": "ru"})

    assert (response.status_code, response["Location"]) == (302, f"{world.url}?page=2")
    citation = Citation.objects.get(assertion=world.claim.assertion)
    assert (citation.locator_text, citation.quote, citation.quote_check) == ("p. 2", "стояла у причала", "found")
    assert citation.quote_language == "ru"


def test_a_page_beyond_the_end_is_refused_at_its_field(client: Any, world: Any) -> None:
    values = {"claim": world.claim.label, "locator": "p. 9", "quote": "x", "stance": "supports"}

    response = client.post(world.url, values)

    assert response.status_code == 422
    assert "This document has 3 pages." in response.content.decode()


def test_a19_a_viewer_reads_and_is_offered_no_form(client: Any, world: Any) -> None:
    client.force_login(world.viewer)
    values = {"claim": world.claim.label, "locator": "p. 1", "quote": "x", "stance": "supports"}

    assert "cite-form" not in shown(client, world)
    assert client.post(world.url, values).status_code == 404
    assert not Citation.objects.exists()


def test_a_stranger_finds_neither_page_nor_picture(client: Any, world: Any) -> None:
    client.force_login(world.stranger)

    shown(client, world, status=404)
    assert client.get(f"/evidence/files/{world.file.pk}/page/?page=1").status_code == 404


def test_of_two_cases_the_address_says_on_whose_claims_it_is_cited(client: Any, world: Any) -> None:
    from casefiles.cases import actions as cases

    other = make.case(world.lead, title="The other case")
    cases.add_exhibit(other, by=world.lead, item=world.exhibit.item)
    claim = make.claim(other, world.lead, text="Another claim.")

    assert "The other case" in shown(client, world)
    values = {"claim": claim.label, "locator": "p. 1", "quote": "the yard", "stance": "supports"}
    assert client.post(f"{world.url}?case={other.pk}", values).status_code == 302
    assert Citation.objects.get().assertion == claim.assertion


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("note.txt", "First.\n\nВторая: у причала.".encode(), 'data-locator="para 2">Вторая: у причала.'),
        ("table.csv", b"ship,port\nAngara,Rajin\nMaria,Dunai\n", 'data-locator="rows 2">Angara,Rajin'),
        ("page.html", b"<html><p>Only words here.</p></html>", 'data-locator="para 1">Only words here.'),
        ("hidden.txt", "a\u202eb".encode(), "a⟨U+202E⟩b"),
    ],
)
def test_texts_of_other_kinds_are_read_by_paragraph_or_row(
    client: Any, world: Any, name: str, content: bytes, words: str
) -> None:
    file = make.file(world.exhibit.item, world.lead, content, name)
    reading.read_file(file)

    page = client.get(f"/evidence/files/{file.pk}/read/").content.decode()

    assert words in page
    assert "page-sheet" not in page


def test_a_file_without_words_says_so(client: Any, world: Any) -> None:
    file = make.file(world.exhibit.item, world.lead, b"\x7fELF\x00", "program")

    assert "No words to read" in client.get(f"/evidence/files/{file.pk}/read/").content.decode()


def test_the_item_page_leads_to_the_reader(client: Any, world: Any) -> None:
    page = client.get(f"/evidence/{world.exhibit.item.pk}/?show={world.file.pk}").content.decode()

    assert page.count(f'href="{world.url}"') == 2
    assert "A document, to be read page by page:" in page
    assert "Not parsed" not in page


def test_the_text_of_a_document_leads_to_the_document_itself(client: Any, world: Any) -> None:
    text = world.file.derivatives.get()

    page = client.get(f"/evidence/{world.exhibit.item.pk}/?show={text.pk}").content.decode()

    assert page.count(f'href="{world.url}"') == 2


def test_f01_the_picture_of_a_page_is_a_webp_that_nobody_keeps(client: Any, world: Any) -> None:
    response = client.get(f"/evidence/files/{world.file.pk}/page/?page=1&width=1800")

    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert (response.content[8:12], response["Cache-Control"]) == (b"WEBP", "no-store")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("query", ["", "?page=9", "?page=1&width=5", "?page=1&width=x", "?page=1e3"])
def test_a_picture_is_given_of_pages_and_widths_that_there_are(client: Any, world: Any, query: str) -> None:
    assert client.get(f"/evidence/files/{world.file.pk}/page/{query}").status_code == 404


def test_l03_a_page_of_damaged_bytes_is_not_given_and_not_drawn(client: Any, world: Any) -> None:
    """Fails where a kept picture is shown although the bytes it was drawn from are others now."""
    drawn_page(world.file, page=1, width=900)
    path = files.store().path_of(world.file.sha256)
    path.chmod(0o600)
    path.write_bytes(b"x" * world.file.size_bytes)

    assert client.get(f"/evidence/files/{world.file.pk}/page/?page=1").status_code == 409
    with pytest.raises(StoreError):
        drawn_page(world.file, page=1, width=900)
    assert "the bytes held are not the ones received" in shown(client, world)


def test_a_page_is_drawn_once_and_kept(world: Any, settings: Any) -> None:
    first = drawn_page(world.file, page=1, width=900)
    [kept] = (settings.DATA_DIR / "pages").iterdir()
    before = kept.stat().st_mtime_ns

    assert drawn_page(world.file, page=1, width=900) == first
    assert kept.stat().st_mtime_ns == before


def test_a_kept_page_that_was_changed_is_drawn_anew(world: Any, settings: Any) -> None:
    first = drawn_page(world.file, page=1, width=900)
    [kept] = (settings.DATA_DIR / "pages").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")

    assert drawn_page(world.file, page=1, width=900) == first


SOUND = {"width": 1, "height": 1, "label": "", "lines": []}
LINE = {"text": "two letters and one edge", "top": 0, "height": 1, "edges": [1], "is_turned": False}


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"{}", b"[]", b"nonsense\nRIFF....WEBP", json.dumps(SOUND).encode() + b"\n<svg>",
        json.dumps({"reason": "because"}).encode(),
        json.dumps({**SOUND, "width": "x"}).encode() + b"\nRIFF....WEBP",
        json.dumps({**SOUND, "lines": [LINE]}).encode() + b"\nRIFF....WEBP",
    ],
)  # fmt: skip
def test_what_is_no_answer_about_a_page_is_not_believed(answer: bytes) -> None:
    with pytest.raises(cage.NotParsed):
        read_page(answer)


def test_the_number_of_queries_does_not_grow_with_what_was_cited(client: Any, world: Any) -> None:
    shown(client, world)
    counts = []
    for rows in (2, 10):
        for _number in range(rows):
            make.cited(world.claim, world.lead, world.exhibit, quote="at the yard", locator="p. 1")
        with CaptureQueriesContext(connection) as queries:
            shown(client, world)
        counts.append(len(queries))

    assert counts[0] == counts[1]
