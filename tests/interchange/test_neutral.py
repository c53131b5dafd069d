"""H01, H03: what a spreadsheet could take for a formula never begins a cell, and comes back exactly."""

import csv
import io
import json
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from casefiles.core.neutral import TRIGGERS, is_risky, neutralised, restored, write_csv
from casefiles.interchange.reading import read_csv, read_json, read_xlsx
from casefiles.interchange.writing import write_json, write_xlsx

RISKY = [
    *TRIGGERS,
    "=1+1",
    "+49 30 123",
    "-1.5",
    "@SUM(A1)",
    "|calc",
    "%0",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "\ufeff=1",
    " =1",
    "   =1",
    '"=1',
    "'=1",
    "''=1",
    ";=1",
    ",=1",
    "\u200b=1",
    "\u00a0=1",
    "“=1",
    "cmd|'/c calc'!A0"[3:],
    '=HYPERLINK("http://example.org")',
    '=IMPORTXML("http://example.org","//a")',
]
HARMLESS = [
    "",
    "Angara",
    "9179842",
    "0123456",
    "a=b",
    "1-2",
    "'quoted'",
    "“quoted”",
    "x@example.org",
    "100 %",
    "Ангара",
]


def part(workbook, name):
    """Return a part of a workbook as the text it is."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read(name).decode()


@pytest.mark.parametrize("text", RISKY)
def test_h01_a_risky_cell_gets_an_apostrophe(text):
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_h01_other_text_stays_as_it_is(text):
    assert neutralised(text) == text


@pytest.mark.parametrize("text", [*RISKY, *HARMLESS])
def test_h01_reading_back_gives_exactly_what_was_written(text):
    assert restored(neutralised(text)) == text


@given(st.text())
def test_h01_any_text_comes_back_and_begins_with_no_trigger(text):
    written = neutralised(text)

    assert restored(written) == text
    assert written == text or written.startswith("'")
    assert written[:1] not in TRIGGERS or written == ""
    assert is_risky(text) is (written != text)


@pytest.mark.parametrize("text", [text for text in RISKY if "\r" not in text])
def test_h01_no_cell_or_heading_of_a_csv_begins_with_a_trigger(text):
    written = write_csv([text], [[text]])

    cells = [row[0] for row in csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""))]
    assert cells == [f"'{text}", f"'{text}"]


@pytest.mark.parametrize("text", [text for text in RISKY if text.strip() and "\r" not in text])
def test_h01_no_cell_of_a_workbook_is_a_formula(text):
    written = write_xlsx(["name"], [[text]])

    assert "<f" not in part(written, "xl/worksheets/sheet1.xml")
    assert CalamineWorkbook.from_filelike(io.BytesIO(written)).get_sheet_by_index(0).to_python()[1] == [f"'{text}"]


def test_h10_a_workbook_names_nobody_and_no_time():
    core = part(write_xlsx(["name"], [["x"]]), "docProps/core.xml")

    assert "<dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy>" in core
    assert sorted(set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core))) == ["2000-01-01T00:00:00Z"]


def test_h04_separators_quotes_and_line_feeds_stay_inside_their_cell():
    rows = [["a,b", 'say "x"'], ["two\nlines", "; \t"]]

    table = read_csv(write_csv(["one", "two"], rows))

    assert [list(row) for row in table.rows] == rows


HOSTILE = ["=1+1", '"', "a,b", "two\nlines", "'=x", " spaces ", "İ ß 中文", "‮rtl", "-1.5", "0012"]


@pytest.mark.parametrize(("write", "read"), [(write_csv, read_csv), (write_json, read_json), (write_xlsx, read_xlsx)])
def test_g17_what_is_written_is_read_back_without_loss(write, read):
    table = read(write(["first", "second"], [[text, "x"] for text in HOSTILE]))

    assert table.headers == ("first", "second")
    assert [row[0] for row in table.rows] == HOSTILE


def test_h05_json_is_exact():
    assert json.loads(write_json(["a"], [["=1+1"]])) == [{"a": "=1+1"}]
