"""What is found in Word, Excel, OpenDocument and Rich Text files."""

import io

import pytest
import xlsxwriter

from casefiles.evidence import cage
from tests.evidence.hostile import documents
from tests.evidence.office_writer import docx, ods, odt, open_meta, paragraphs, xlsx
from tests.evidence.reading_aids import read, read_in_cage

CORE = (
    "<dc:title>Рейс</dc:title><dc:creator>A. Writer</dc:creator><cp:lastModifiedBy>B. Writer</cp:lastModifiedBy>"
    "<dcterms:created>2024-04-25T10:30:00Z</dcterms:created><dc:subject> </dc:subject><cp:other>x</cp:other>"
)


def test_a_word_document_gives_its_paragraphs_and_what_it_says_of_itself() -> None:
    found = read("docx", docx("Ангара lay at Rajin.", "", "Second.", core=CORE))

    assert found.text == "Ангара lay at Rajin.\n\nSecond."
    assert [(claim["key"], claim["value"], claim["where"]) for claim in found.findings["claims"]] == [
        ("title", "Рейс", "docProps/core.xml/title"),
        ("author", "A. Writer", "docProps/core.xml/creator"),
        ("author", "B. Writer", "docProps/core.xml/lastModifiedBy"),
        ("created", "2024-04-25T10:30:00Z", "docProps/core.xml/created"),
    ]
    assert (found.measured["paragraphs"], found.warnings) == (3, [])


def test_tabs_breaks_and_boxes_keep_words_apart() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>in a box</w:t></w:r></w:p></w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r><w:r><w:noBreakHyphen/>"
        f"<mc:AlternateContent xmlns:mc='m'><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )

    assert read("docx", docx(body=body)).text == "one\ttwo\nthree-\n\nin a box\n\nin a box"


def test_notes_follow_the_text_and_comments_and_changes_are_listed() -> None:
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = paragraphs("It lay") + (
        '<w:p><w:del w:author="B" w:date="2024-04-26T09:00:00Z"><w:r><w:delText>at the yard</w:delText></w:r></w:del>'
        '<w:ins w:author="B"><w:r><w:t>in port</w:t></w:r></w:ins></w:p>'
    )
    comments = (
        f'<w:comments {word}><w:comment w:author="C" w:date="2024">{paragraphs("Sure?")}</w:comment></w:comments>'
    )
    notes = f"<w:footnotes {word}><w:footnote>{paragraphs('See the image.')}</w:footnote></w:footnotes>"

    found = read(
        "docx",
        docx(
            body=body,
            inside={"comments": "comments.xml", "footnotes": "notes.xml"},
            others={"word/comments.xml": comments, "word/notes.xml": notes},
        ),
    )

    assert found.text == "It lay\n\nin port\n\nSee the image."
    assert found.parts("comment") == [{"kind": "comment", "author": "C", "at": "2024", "text": "Sure?"}]
    assert found.parts("deleted text") == [
        {"kind": "deleted text", "author": "B", "at": "2024-04-26T09:00:00Z", "text": "at the yard"}
    ]
    assert found.parts("inserted text") == [{"kind": "inserted text", "author": "B", "at": "", "text": "in port"}]
    assert found.warnings == ["It still holds text that was struck out; it is listed with who is said to have done it."]


def test_the_part_that_the_package_names_is_read_and_no_decoy() -> None:
    """Fails where the usual name is taken for the part that Word opens."""
    decoy = {"word/document.xml": b"<document><p><t>what it does not show</t></p></document>"}

    content = docx("what Word shows", name="word/other.xml", others=decoy)

    assert read("docx", content).text == "what Word shows"


def test_ties_to_the_outside_and_inner_files_are_listed() -> None:
    found = read("docx", docx("x", outside={"hyperlink": "https://example.org/"}, others={"word/media/a.png": b"123"}))

    assert found.parts("link") == [{"kind": "link", "type": "hyperlink", "url": "https://example.org/"}]
    assert found.parts("part") == [{"kind": "part", "name": "word/media/a.png", "size_bytes": 3}]
    assert found.warnings == []


@pytest.mark.parametrize(
    ("task", "content"),
    [
        ("docx", docx("x", document=b"<broken")),
        ("docx", docx("x")[:-30]),
        ("docx", odt("x")),
        ("xlsx", docx("x", others={"xl/workbook.xml": b"x"}, inside={"officeDocument": "none.xml"})[:-1]),
        ("xlsx", odt("x")),
        ("open document", docx("x")),
    ],
)
def test_what_is_torn_or_lacks_its_main_part_is_not_parsed(task: str, content: bytes) -> None:
    with pytest.raises(cage.NotParsed):
        read(task, content)


# --- Excel -----------------------------------------------------------------------------------------------------------


def test_values_stand_in_the_row_and_column_that_their_cell_names() -> None:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        ships, hidden = book.add_worksheet("Ships"), book.add_worksheet("Hidden")
        for place, value in {"B2": "Ангара", "C2": 9179842, "B4": True, "C4": 1.5, "D4": "two\nlines"}.items():
            ships.write(place, value)
        ships.write_formula("E4", "=1+1", None, "")
        hidden.hide()
        hidden.write("A1", "secret")

    found = read("xlsx", written.getvalue())

    assert found.text == "\n\tАнгара\t9179842\n\n\tTRUE\t1.5\ttwo lines\fsecret"
    assert found.parts("sheet") == [
        {"kind": "sheet", "name": "Ships", "rows": 4, "columns": 5, "formulas": 1, "is_hidden": False},
        {"kind": "sheet", "name": "Hidden", "rows": 1, "columns": 1, "formulas": 0, "is_hidden": True},
    ]
    assert found.measured["sheets"] == 2
    assert found.warnings == [
        "It holds formulas. The values are those stored when it was last saved; nothing was computed.",
        "Some of its sheets are hidden; they are read all the same.",
    ]


def test_a_date_in_a_sheet_has_no_zone() -> None:
    import datetime

    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        values = {
            "yyyy-mm-dd hh:mm": datetime.datetime(2024, 4, 25, 10, 30),
            "yyyy-mm-dd": datetime.date(2024, 4, 25),
            "hh:mm": datetime.time(10, 30),
        }
        for column, (shape, value) in enumerate(values.items()):
            sheet.write(0, column, value, book.add_format({"num_format": shape}))

    assert read("xlsx", written.getvalue()).text == "2024-04-25T10:30:00\t2024-04-25\t10:30:00"


def test_e27_a_value_that_is_not_its_formulas_is_the_one_stored() -> None:
    found = read("xlsx", xlsx(rows='<row r="1"><c r="A1"><f>1+1</f><v>99</v></c></row>'))

    assert (found.text, found.measured["formulas"]) == ("99", 1)


def test_e27_a_sheet_with_one_cell_far_away_is_not_built() -> None:
    """Fails where the rows between two cells are made up: a petabyte of them."""
    [content] = [case[3] for case in documents.office() if "far away" in case[1]]

    [sheet] = read("xlsx", content).parts("sheet")

    assert (sheet["rows"], sheet["columns"]) == (1_048_576, 16_384)


# --- OpenDocument and Rich Text --------------------------------------------------------------------------------------


def test_an_open_document_gives_its_words_and_what_it_says_of_itself() -> None:
    meta = open_meta("<dc:title>Рейс</dc:title><meta:creation-date>2024-04-25T10:30:00</meta:creation-date>")
    body = (
        "<text:tracked-changes><text:changed-region><text:p>struck</text:p></text:changed-region></text:tracked-changes>"
        '<text:h>Head</text:h><text:p>one<text:tab/>two <text:a xlink:href="https://example.org/">three</text:a></text:p>'
    )

    found = read("open document", odt(body=body, others={"meta.xml": meta}))

    assert found.findings["form"] == "ODT"
    assert found.text == "Head\n\none\ttwo three"
    assert found.claims("title") == [("Рейс", "meta.xml/title")]
    assert found.claims("created") == [("2024-04-25T10:30:00", "meta.xml/creation-date")]
    assert found.parts("link") == [{"kind": "link", "type": "a", "url": "https://example.org/"}]
    assert found.warnings == ["It still holds text that was struck out, which is no part of the extracted text."]


def test_e29_what_is_said_to_repeat_is_taken_once() -> None:
    row = (
        '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell><text:p>in</text:p>'
        "</table:table-cell></table:table-row>"
    )

    found = read("open document", ods(row))

    assert (found.findings["form"], found.text) == ("ODS", "in")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<office:event-listener/>", "macros"),
        ('<text:section xlink:href="http://127.0.0.1:9/x"/>', "from elsewhere"),
        ("<office:object-ole/>", "embedded"),
        ("<office:dde-source/>", "DDE"),
    ],
)
def test_e28_what_acts_in_an_open_document_is_said(body: str, words: str) -> None:
    body = body.replace("/>", ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>', 1)

    assert words in " ".join(read("open document", odt(body=body)).warnings)


def test_rich_text_is_read_in_its_code_page_and_in_unicode() -> None:
    content = (
        rb"{\rtf1\ansi\ansicpg1251\uc1{\fonttbl{\f0 Arial;}}{\info{\title \'d1\'f3\'e4\'ed\'ee}{\author A}"
        rb"{\creatim\yr2024\mo4\dy25\hr10\min30}{\revtim\yr2024\mo4\dy26}{\printim\yr1}}{\*\generator X;}"
        rb"\pard \'c0\'ed\'e3\'e0\'f0\'e0 lay at {\b Rajin}.\par \u51648? and \u-10179?\u-8704? end\emdash\{x\}\~y"
        rb"{\*\unknown hidden}{\deleted struck}{\field{\*\fldinst HYPERLINK}{\fldrslt link}}}"
    )

    found = read("rtf", content)

    assert found.text == "Ангара lay at Rajin.\n\n지 and 😀 end—{x}\u00a0ylink"
    assert found.claims("title") == [("Судно", "info/title")]
    assert found.claims("created") == [("2024-04-25T10:30", "info/creatim")]
    assert found.claims("modified") == [("2024-04-26", "info/revtim")]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (rb"{\rtf1\ansicpg949 \'be\'d3\'b0\'a1\'b6\'f3}", "앙가라"),
        (rb"{\rtf1\ansicpg99999 caf\'e9}", "café"),
        (rb"{\rtf1\uc2\u51648\'3f\'3fx}", "지x"),
        (rb"{\rtf1 open {\b never closed", "open never closed"),
        (rb"{\rtf1 a}}}} b", "a b"),
        (b"{\\rtf1 a\\\nb}", "a\n\nb"),
    ],
)
def test_rich_text_of_many_kinds_is_read(content: bytes, text: str) -> None:
    assert read("rtf", content).text == text


def test_rich_text_nested_without_end_is_not_parsed() -> None:
    with pytest.raises(cage.NotParsed, match="deeper than is read"):
        read("rtf", rb"{\rtf1 " + b"{" * 100_000)


# --- The battery -----------------------------------------------------------------------------------------------------

OFFICE = list(documents.office())
XML = list(documents.xml())


@pytest.mark.parametrize(("task", "content", "words"), [case[2:] for case in OFFICE], ids=[case[1] for case in OFFICE])
def test_e27_e28_what_acts_or_loads_is_said(task: str, content: bytes, words: str) -> None:
    """Fails where the ties of a package, or the names of its parts, are not looked at."""
    assert any(words in warning for warning in read(task, content).warnings)


@pytest.mark.parametrize(("task", "content"), [case[2:] for case in XML], ids=[f"{c[0]}-{c[1]}" for c in XML])
def test_e21_e22_e23_e24_e26_xml_that_reaches_out_or_swells_is_refused(task: str, content: bytes) -> None:
    """Fails where any reader takes XML without the one door that forbids document types and entities."""
    try:
        found = read(task, content)
    except cage.NotParsed as refusal:
        assert refusal.reason
    else:
        assert found.text is None, "nothing but an empty root was read"


@pytest.mark.parametrize("content", [case[3] for case in documents.inert_xml()])
def test_e26_e40_instructions_in_xml_are_not_followed(content: bytes) -> None:
    assert read("data", content).text == "in"


BOMBS = list(documents.bombs())


@pytest.mark.parametrize(("task", "content"), [case[2:] for case in BOMBS], ids=[f"{c[0]}-{c[1]}" for c in BOMBS])
def test_e27_e29_e33_a_bomb_ends_within_the_limits_of_the_cage(task: str, content: bytes) -> None:
    """Fails where what swells is unpacked outside the limits; the text of one is never larger than is kept."""
    try:
        found = read_in_cage(task, content)
    except cage.NotParsed as refusal:
        assert len(refusal.reason) < 100
    else:
        assert len(found.text or "") <= 5_000_000
