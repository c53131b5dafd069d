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
