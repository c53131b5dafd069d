"""What is found in a PDF: pages, text, what it says of itself, what would act, and what it said before."""

import io
import json
import math

import pikepdf
import pytest
from PIL import Image

from casefiles.evidence import cage
from casefiles.evidence.readers import pdf, pdf_pages
from tests.evidence.hostile import documents
from tests.evidence.pdf_writer import FIRST_PAGE, objects, page_content, stream, updated, written
from tests.evidence.pdf_writer import pdf as document
from tests.evidence.reading_aids import read, read_in_cage


def test_text_is_read_page_by_page_in_every_script() -> None:
    found = read("pdf", document(["First page", "second line"], "Ангара 안가라 安加拉", ""))

    assert found.findings["form"] == "PDF 1.7"
    assert found.text == "First page\nsecond line\fАнгара 안가라 安加拉\f"
    assert found.measured["pages"] == 3
    assert found.measured["page_size_mm"] == "210 × 297"
    assert found.warnings == ["Pages without text: 1 of 3. They may be scanned, or empty."]


def test_hebrew_and_arabic_are_read_in_the_order_of_reading() -> None:
    # On the page the letters stand from left to right, as a printer sees them.
    assert read("pdf", document("שלום עולם"[::-1])).text == "שלום עולם"


def test_a_page_break_in_a_text_parts_no_page() -> None:
    assert read("pdf", document("one\fpage")).text.count("\f") == 0


def test_what_a_document_says_of_itself_is_claimed_and_nothing_added() -> None:
    information = {
        "Title": "Рейс", "Author": "A. Writer", "Subject": "A ship", "Keywords": "ship, yard", "Creator": "Writer",
        "Producer": "Office", "CreationDate": "D:20240425103000+09'00'", "ModDate": "D:2024042610", "Else": "x",
    }  # fmt: skip

    found = read("pdf", document("x", information=information, catalog=b"/Lang (ru-RU)"))

    assert [(claim["key"], claim["value"], claim["where"]) for claim in found.findings["claims"]] == [
        ("title", "Рейс", "Info/Title"),
        ("author", "A. Writer", "Info/Author"),
        ("summary", "A ship", "Info/Subject"),
        ("keywords", "ship, yard", "Info/Keywords"),
        ("software", "Writer", "Info/Creator"),
        ("producer", "Office", "Info/Producer"),
        ("created", "2024-04-25T10:30:00+09:00", "Info/CreationDate"),
        ("modified", "2024-04-26T10:00", "Info/ModDate"),
        ("language", "ru-RU", "Catalog/Lang"),
    ]


@pytest.mark.parametrize(
    ("written_as", "means"),
    [
        ("D:20240425103000+09'00'", "2024-04-25T10:30:00+09:00"),
        ("D:20240425103000-0530", "2024-04-25T10:30:00-05:30"),
        ("D:20240425103000Z", "2024-04-25T10:30:00Z"),
        ("D:20240425103000Z00'00'", "2024-04-25T10:30:00Z"),
        ("20240425103000", "2024-04-25T10:30:00"),
        ("D:202404251030", "2024-04-25T10:30"),
        ("D:20240425", "2024-04-25"),
        ("D:202404", "2024-04"),
        ("D:2024", "2024"),
        ("25 April 2024", "25 April 2024"),
    ],
)
def test_a_date_says_as_much_as_is_written(written_as: str, means: str) -> None:
    assert pdf.iso_date(written_as) == means


def test_what_was_typed_into_a_form_is_part_of_the_text() -> None:
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (x) /V (Rajin) /Rect [40 600 300 630] /F 4 /AP << /N 51 0 R >> >>"
    )
    drawn = stream(b"BT /A 12 Tf 2 4 Td (Rajin) Tj ET", b"/Type /XObject /Subtype /Form /BBox [0 0 260 30]"
                   b" /Resources << /Font << /A 3 0 R >> >>")  # fmt: skip
    made = objects([["Port of loading:"]], catalog=b"/AcroForm << /Fields [50 0 R] >>", page=b"/Annots [50 0 R]")

    found = read("pdf", written({**made, 50: field, 51: drawn}))

    assert found.text == "Port of loading:\nRajin"


def test_links_are_listed_once_a_page() -> None:
    link = b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://example.org/%s) >> >>"
    made = objects([["x"]], page=b"/Annots [50 0 R 51 0 R 52 0 R]")

    found = read("pdf", written({**made, 50: link % b"a", 51: link % b"a", 52: link % b"b"}))

    assert found.parts("link") == [
        {"kind": "link", "page": 1, "url": "https://example.org/a"},
        {"kind": "link", "page": 1, "url": "https://example.org/b"},
    ]


def test_e36_a_text_that_was_changed_by_adding_to_the_end_is_reported_in_both_forms() -> None:
    """Fails where only the present version is read: what it said before would be lost to everybody."""
    first = document("It lay in port.", "unchanged")
    second = updated(first, {FIRST_PAGE + 1: stream(page_content(["It lay at the yard."]))})
    third = updated(second, {8: b"<< /Title (x) >>"}, trailer=b"/Info 8 0 R")

    found = read("pdf", third)

    assert found.text == "It lay at the yard.\funchanged"
    assert [part["pages_changed_since"] for part in found.parts("earlier version")] == [[1], []]
    assert [part["size_bytes"] for part in found.parts("earlier version")] == [len(first), len(second)]
    assert found.parts("earlier text") == [
        {"kind": "earlier text", "version": 1, "page": 1, "text": "It lay in port."},
    ]
    assert found.warnings == [
        "It was added to 2 times after it was first written, and still holds what it was before.",
        "The text of these pages was changed since: 1. The earlier text is listed with it.",
    ]


def test_a_document_written_for_the_web_has_one_version() -> None:
    made, kept = pikepdf.open(io.BytesIO(document("x"))), io.BytesIO()
    made.save(kept, linearize=True)

    found = read("pdf", kept.getvalue())

    assert (found.measured["versions_kept"], found.warnings) == (1, [])


def locked(**passwords: str) -> bytes:
    made, kept = pikepdf.open(io.BytesIO(document("secret words"))), io.BytesIO()
    made.save(kept, encryption=pikepdf.Encryption(**passwords))
    return kept.getvalue()


def test_e36_what_opens_with_a_password_only_is_not_parsed() -> None:
    with pytest.raises(cage.NotParsed, match="opens with a password only"):
        read("pdf", locked(user="a", owner="b"))


def test_e36_what_is_encrypted_and_opens_without_one_is_read_and_says_so() -> None:
    found = read("pdf", locked(user="", owner="b"))

    assert found.text == "secret words"
    assert (found.measured["is_encrypted"], found.warnings) == (
        True,
        ["It is encrypted, and opens without a password."],
    )


PDFS = list(documents.pdfs())


@pytest.mark.parametrize(("content", "words"), [case[2:] for case in PDFS], ids=[f"{c[0]}-{c[1]}" for c in PDFS])
def test_e30_e31_e32_e34_e35_e36_what_acts_hides_or_lies_is_read_and_said(content: bytes, words: str) -> None:
    """Fails where the names of acting things are looked for in packed objects or spelt-out letters only."""
    found = read("pdf", content)

    assert "in" in found.text
    assert any(words in warning for warning in found.warnings) if words else found.warnings == []


@pytest.mark.parametrize("content", [case[2] for case in documents.refused_pdfs()])
def test_e32_what_has_no_page_or_no_end_is_not_parsed(content: bytes) -> None:
    with pytest.raises(cage.NotParsed):
        read("pdf", content)


def test_e31_what_is_embedded_is_listed_with_its_digest_and_what_it_is() -> None:
    [content] = [case[2] for case in PDFS if case[0] == "e31"]

    [attachment] = read("pdf", content).parts("attachment")

    assert (attachment["name"], attachment["size_bytes"]) == ("report.pdf", 11)
    assert attachment["media_type"] == "application/vnd.microsoft.portable-executable"
    assert len(attachment["sha256"]) == 64


def test_e34_a_document_of_14400_pages_is_read_in_the_cage() -> None:
    found = read_in_cage("pdf", documents.many_pages(14_400))

    assert (found.measured["pages"], found.text.count("\f")) == (14_400, 14_399)


def test_a_document_that_takes_too_long_gives_the_pages_read_in_time() -> None:
    found = read("pdf", document("one", "two"), text_seconds=-1.0)

    assert (found.measured["pages"], found.text) == (2, None)
    assert found.warnings == ["Only the text of its first 0 pages was read: there is more than is kept."]


# --- A page as a picture ---------------------------------------------------------------------------------------------


def drawn(content: bytes, *, page: int = 1, width: int = 900) -> tuple[dict, Image.Image]:
    layer, picture = pdf_pages.frames(io.BytesIO(content), page=page, width=width)
    return json.loads(layer.body), Image.open(io.BytesIO(picture.body))


@pytest.mark.parametrize("width", pdf_pages.WIDTHS)
def test_a_page_is_drawn_at_the_width_asked_for(width: int) -> None:
    _layer, picture = drawn(document("one", "two"), page=2, width=width)

    assert (picture.format, picture.size) == ("WEBP", (width, math.ceil(width * 842 / 595)))


def test_each_line_stands_in_the_layer_where_it_stands_on_the_page() -> None:
    layer, _picture = drawn(document(["First line", "second"]))

    first, second = layer["lines"]
    assert (layer["width"], layer["height"]) == (5950, 8420)
    assert [line["text"] for line in layer["lines"]] == ["First line", "second"]
    assert first["edges"][0] == pytest.approx(400, abs=15)
    assert len(first["edges"]) == len("First line") + 1
    assert first["edges"] == sorted(first["edges"])
    assert 880 < first["top"] < 1020 < first["top"] + first["height"] < 1070
    assert second["top"] - first["top"] == pytest.approx(140, abs=2)


@pytest.mark.parametrize(("turn", "size", "is_turned"), [(90, (842, 595), True), (180, (595, 842), True)])
def test_a_page_that_is_shown_turned_has_its_lines_turned_too(turn: int, size: tuple, is_turned: bool) -> None:
    layer, picture = drawn(document("First line", page=b"/Rotate %d" % turn))

    assert (layer["width"], layer["height"]) == (size[0] * 10, size[1] * 10)
    assert layer["lines"][0]["is_turned"] is is_turned
    assert picture.width == 900


def test_the_number_printed_on_a_page_is_told() -> None:
    labelled = document("x", "y", catalog=b"/PageLabels << /Nums [0 << /S /r >>] >>")

    assert [drawn(labelled, page=page)[0]["label"] for page in (1, 2)] == ["i", "ii"]


@pytest.mark.parametrize("page", [0, 2, -1])
def test_a_page_that_is_not_there_is_not_drawn(page: int) -> None:
    with pytest.raises(cage.NotParsed):
        drawn(document("x"), page=page)


@pytest.mark.parametrize("content", [case[2] for case in documents.far_boxes()])
def test_e34_a_page_of_an_absurd_size_is_drawn_small_or_not_at_all(content: bytes) -> None:
    try:
        _layer, picture = drawn(content)
    except cage.NotParsed as refusal:
        assert "size" in refusal.reason or "no such page" in refusal.reason
    else:
        assert picture.width * picture.height <= 16_100_000
