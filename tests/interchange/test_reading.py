"""Reading what somebody sends: every doubt is a sentence with its place, and nothing is computed."""

import datetime
import io
import zipfile

import pytest
import xlsxwriter

from casefiles.interchange.reading import MAX_ROWS, Unreadable, read_csv, read_json, read_xlsx


def workbook(*rows, sheets=1):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        first = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                is_day = isinstance(value, datetime.datetime)
                first.write(number, column, value, *[book.add_format({"num_format": "yyyy-mm-dd"})] * is_day)
        for _ in range(sheets - 1):
            book.add_worksheet()
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_g09_delimiters_marks_and_line_endings_are_found(delimiter, mark, ending):
    text = f"id{delimiter}name{ending}1{delimiter}Ангара{ending}"

    table = read_csv(mark + text.encode())

    assert (table.headers, table.rows) == (("id", "name"), (("1", "Ангара"),))


def test_g08_utf_16_is_read():
    assert read_csv("id,name\n1,Ангара\n".encode("utf-16")).rows == (("1", "Ангара"),)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name\nАнгара".encode("cp1251"), "not UTF-8"),
        (b"name\na\x00b", "NUL"),
        (b"", "empty"),
        (b"name", "no rows"),
        (b"name\n\n", "no rows"),
        (b"name,name\na,b", "twice"),
        (b"name,note\na", "Row 2 has 1 cells"),
        (b"name,note\na,b,c", "Row 2 has 3 cells"),
        (b'name\n"a', "not CSV"),
        (b"name\n" + b"x" * 100_001, "too long"),
        (",".join(f"c{i}" for i in range(101)).encode() + b"\n", "columns"),
        (b"name\n" + b"a\n" * (MAX_ROWS + 1), "more than 5,000 rows"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
    ],
)
def test_g09_what_is_no_table_is_refused_with_a_reason(content, said):
    with pytest.raises(Unreadable, match=said):
        read_csv(content)


def test_as_many_rows_as_are_allowed_are_read():
    assert len(read_csv(b"name\n" + b"a\n" * MAX_ROWS).rows) == MAX_ROWS


def test_g11_numbers_and_dates_of_a_workbook_are_read_as_a_person_sees_them():
    table = read_xlsx(workbook(["a", "b", "c", "d"], [9179842, 9179842.0, datetime.datetime(2024, 2, 9), None]))

    assert table.rows == (("9179842", "9179842", "2024-02-09", ""),)


def test_g18_a_formula_is_refused_with_its_cell():
    with pytest.raises(Unreadable, match="B2 holds a formula"):
        read_xlsx(workbook(["a", "b"], ["x", "=1+1"]))


@pytest.mark.parametrize(("place", "said"), [("A900000", "5,000 rows"), ("AAA2", "100 columns")])
def test_g19_one_cell_far_away_is_refused_before_the_sheet_is_built(place, said):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "name")
        sheet.write(place, "x")

    with pytest.raises(Unreadable, match=said):
        read_xlsx(out.getvalue())


SHEET = "xl/worksheets/sheet1.xml"


def rewritten(sheet: str, *, named: str = SHEET) -> bytes:
    """Return a workbook whose one sheet holds these rows, in a part of this name."""
    body = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(["a"], ["x"]))) as whole, zipfile.ZipFile(out, "w") as made:
        for part in whole.namelist():
            content = (body % sheet).encode() if part == SHEET else whole.read(part)
            if named != SHEET:
                content = content.replace(b"sheet1.xml", named.rpartition("/")[2].encode())
            made.writestr(named if part == SHEET else part, content)
    return out.getvalue()


HEAD = '<row r="1"><c r="A1"><v>1</v></c></row>'
FORMULA = '<row r="2"><c r="A2"><f>1+1</f><v>42</v></c></row>'


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ('<row r="2"><c r="xfd1048576"><v>1</v></c></row>', "no name of a cell"),
        ('<row r="2"><c r="a20000"><v>1</v></c></row>', "no name of a cell"),
        ('<row r="2"><c r="A00020000"><v>1</v></c></row>', "no name of a cell"),
        ('<row r="2"><c r="A20000"><v>1</v></c></row>', "5,000 rows"),
        ('<row r="20000"><c><v>1</v></c></row>', "5,000 rows"),
        ('<row r="-1"><c><v>1</v></c></row>', "no number of a row"),
        ("<row><c><v>1</v></c></row>" * (MAX_ROWS + 1), "5,000 rows"),
        (f'<row r="2">{"<c/>" * 703}</row>', "100 columns"),
        (FORMULA, "A2 holds a formula"),
    ],
)
def test_g19_no_cell_is_let_past_by_how_its_place_is_written(sheet, said):
    with pytest.raises(Unreadable, match=said):
        read_xlsx(rewritten(HEAD + sheet))


@pytest.mark.parametrize(
    "named", ["xl/worksheets/sheet1.dat", "xl/worksheets/xsharedStrings.xml", "xl/worksheets/a.bin"]
)
def test_g18_a_formula_is_refused_in_whichever_part_the_sheet_stands(named):
    with pytest.raises(Unreadable, match="A2 holds a formula"):
        read_xlsx(rewritten(HEAD + FORMULA, named=named))


def test_a_sheet_that_says_no_places_is_read_in_its_order():
    text = '<c t="inlineStr"><is><t>%s</t></is></c>'
    sheet = f"<row>{text % 'name'}{text % 'n'}</row><row><c/><c><v>7</v></c></row>"

    table = read_xlsx(rewritten(sheet))

    assert (table.headers, table.rows) == (("name", "n"), (("", "7"),))


@pytest.mark.parametrize("part", ["content.xml", "xl/workbook.bin"])
def test_a_workbook_of_another_kind_is_refused(part):
    out = io.BytesIO(workbook(["a"], ["x"]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(part, b"<a/>")

    with pytest.raises(Unreadable, match="not an XLSX workbook"):
        read_xlsx(out.getvalue())


def test_pictures_and_settings_of_a_printer_are_no_hindrance():
    out = io.BytesIO(workbook(["a"], ["x"]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/printerSettings/printerSettings1.bin", bytes(range(256)))

    assert read_xlsx(out.getvalue()).rows == (("x",),)


def test_two_parts_of_one_name_are_refused():
    out = io.BytesIO(workbook(["a"], ["x"]))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")

    with pytest.raises(Unreadable, match="two parts of one name"):
        read_xlsx(out.getvalue())


def test_a_damaged_sheet_is_refused_with_a_sentence():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(["a"], ["x"]))) as whole, zipfile.ZipFile(out, "w") as torn:
        for part in whole.namelist():
            content = whole.read(part)
            torn.writestr(part, content[: len(content) // 2] if part.endswith("sheet1.xml") else content)

    with pytest.raises(Unreadable, match="not a workbook that can be read"):
        read_xlsx(out.getvalue())


def test_g18_more_than_one_sheet_is_refused():
    with pytest.raises(Unreadable, match="2 sheets"):
        read_xlsx(workbook(["a"], ["x"], sheets=2))


def test_g19_a_workbook_that_unpacks_to_too_much_is_refused_unread():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"0" * (65 * 1024 * 1024))

    with pytest.raises(Unreadable, match="64 MB"):
        read_xlsx(out.getvalue())


@pytest.mark.parametrize("content", [b"", b"name\na", b"PK\x03\x04broken", zipfile.__name__.encode()])
def test_what_is_no_workbook_is_refused(content):
    with pytest.raises(Unreadable):
        read_xlsx(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "not JSON"),
        (b"{}", "list of objects"),
        (b"[1]", "list of objects"),
        (b"[" * 100_000, "deeply|not JSON"),
        (b'[{"a": NaN}]', "NaN is not a value"),
        (b'[{"a": Infinity}]', "Infinity is not a value"),
        (b'[{"a": 1, "a": 2}]', "twice"),
        (b'[{"a": {"b": 1}}]', "plain text"),
        (b"[]", "empty"),
    ],
)
def test_g20_odd_json_is_refused_with_a_reason(content, said):
    with pytest.raises(Unreadable, match=said):
        read_json(content)


def test_json_values_are_read_as_text():
    table = read_json(b'[{"a": 1, "b": true}, {"b": null, "c": 1.50}]')

    assert table.headers == ("a", "b", "c")
    assert table.rows == (("1", "true", ""), ("", "", "1.50"))
