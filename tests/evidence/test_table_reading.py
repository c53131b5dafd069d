"""What is found in tables, in data of no closer kind, and in archives of no closer kind."""

import json
import tempfile
from pathlib import Path

import pytest

from casefiles.evidence import cage
from casefiles.evidence.table_shapes import delimiter_of
from tests.evidence.hostile import archives
from tests.evidence.hostile.zip_writer import Part, archive
from tests.evidence.reading_aids import read


def test_rows_and_columns_are_counted_and_the_first_row_shown() -> None:
    found = read("table", 'ship;port\n"Ангара; second";Rajin\n\nMaria;Dunai\n'.encode())

    assert found.findings["form"] == "CSV"
    assert found.measured == {
        "encoding": "utf-8", "delimiter": "semicolon", "rows": 3, "columns": 2, "first_row": ["ship", "port"],
    }  # fmt: skip
    assert found.warnings == []
    assert found.text == 'ship;port\n"Ангара; second";Rajin\n\nMaria;Dunai\n'


def test_a_table_in_an_old_encoding_is_kept_as_text_too() -> None:
    found = read("table", ("судно,порт назначения\n" + "Ангара,Находка\n" * 5).encode("cp1251"))

    assert found.measured["encoding"] == "cp1251"
    assert found.text.startswith("судно,порт назначения\nАнгара,Находка")
    assert found.warnings == ["Its encoding is not marked and it is not UTF-8: read as cp1251."]


def test_rows_of_different_lengths_are_told() -> None:
    assert read("table", b"a,b\n1,2\n1,2\n1,2\n1\n").warnings == [
        "Its rows are not all of the same length: from 1 to 2 cells."
    ]


def test_e40_a_table_with_a_line_of_500_mb_is_not_parsed() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"a,b\n1,2\n1,2\n")
        # A hole: it takes no room on the disk, and half a gigabyte in a line.
        file.truncate(500 * 1024 * 1024)
        with pytest.raises(cage.NotParsed, match="longer than a million"):
            cage.collected("table", file.fileno())


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n3,4", ","),
        ("a;b\n1;2", ";"),
        ("a\tb\n1\t2", "\t"),
        ("a|b\n1|2", "|"),
        ('a,"b, and c"\n1,2\n3,4', ","),
        ("a,b\n1,2", ""),
        ("one line, and more", ""),
        ("Dear all, we met\nthe ship, at sea\nand left, at once", ""),
        ("!AIVDM,1,1,,A,x,0*5C\n!AIVDM,1,1,,A,y,0*5C\n!AIVDM,1,1,,A,z,0*5C", ""),
        ("", ""),
        ('"a,b\n' * 5, ""),
        ("x," + "y" * 5_000 + "\n" + "1,2\n" * 5, ""),
    ],
)
def test_a_table_is_told_from_prose_by_its_shape(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


def test_the_last_line_of_a_sample_may_be_torn() -> None:
    assert delimiter_of("a,b,c\n1,2,3\n4,5,6\n7", is_cut=True) == ","


def test_json_says_what_it_holds() -> None:
    found = read("data", json.dumps({"type": "thing", "items": [1]}).encode())

    assert found.findings["form"] == "JSON"
    assert found.measured == {"top": "object", "encoding": "utf-8", "members": 2, "keys": ["type", "items"]}
    assert found.text == '{"type": "thing", "items": [1]}'


@pytest.mark.parametrize(
    ("content", "form", "top"),
    [
        (b"[1, 2]", "JSON", "list"),
        (b'{"a": 1}\n{"a": 2}\n', "lines of JSON", "list"),
        (b'"x"', "JSON", "text"),
        (b"null", "JSON", "nothing"),
        (b"true", "JSON", "yes or no"),
        (b"1.5", "JSON", "number"),
    ],
)
def test_json_of_every_kind_is_read(content: bytes, form: str, top: str) -> None:
    found = read("data", content)

    assert (found.findings["form"], found.measured["top"]) == (form, top)


def test_json_in_another_encoding_is_kept_as_text() -> None:
    assert read("data", '{"a": "Ангара"}'.encode("utf-16")).text == '{"a": "Ангара"}'


@pytest.mark.parametrize("content", [b"{", b'{"a": 1} x', b"[" * 100_000])
def test_damaged_json_is_not_parsed(content: bytes) -> None:
    with pytest.raises((cage.NotParsed, RecursionError)):
        read("data", content)


def test_xml_says_its_root_and_gives_its_words() -> None:
    found = read("data", '<list xmlns="urn:x"><ship>Ангара</ship> and <port>Rajin</port></list>'.encode())

    assert found.measured == {"root": "list", "namespace": "urn:x", "elements": 3, "scripts": 0}
    assert found.text == "Ангара\nand\nRajin"


def test_the_list_of_the_united_nations_is_read(shared_data: Path) -> None:
    found = read("data", (shared_data / "sanctions" / "un_consolidated_2026-02-27.xml").read_bytes())

    assert found.measured["root"] == "CONSOLIDATED_LIST"
    assert "DEMOCRATIC PEOPLE" in found.text.upper()


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [("ofac_sdn_2023-01_vessels.csv", 685, 12), ("uk_fcdo_list_2025-08-11_ships.csv", 462, 8)],
)
def test_real_lists_are_counted(shared_data: Path, name: str, rows: int, columns: int) -> None:
    measured = read("table", (shared_data / "sanctions" / name).read_bytes()).measured

    assert (measured["rows"], measured["columns"]) == (rows, columns)


def test_an_archive_is_listed_and_not_unpacked() -> None:
    found = read("zip", archive(Part(b"a/"), Part(b"a/b.TXT", b"x"), Part(b"c.txt", b"yz", flags=1)))

    assert found.measured == {"files": 2, "size_bytes": 3, "endings": {"txt": 2}}
    assert found.parts("part") == [
        {"kind": "part", "name": "a/b.TXT", "size_bytes": 1, "is_encrypted": False},
        {"kind": "part", "name": "c.txt", "size_bytes": 2, "is_encrypted": True},
    ]
    assert found.warnings == ["Some of what it holds is encrypted."]


def test_e10_an_archive_that_holds_archives_lists_them() -> None:
    found = read("zip", archives.nested())

    assert found.measured["files"] == 16


def test_e12_what_unpacks_to_a_hundred_times_its_size_is_told() -> None:
    noise = b"".join(b"%04d" % (number * 7919 % 9973) for number in range(400))

    found = read("zip", archive(Part(b"a", noise * 1_000, method=8)))

    assert found.warnings == ["Something in it unpacks to over a hundred times its size."]
