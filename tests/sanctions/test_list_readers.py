"""Lists of sanctions in every format: what they give, which rows are left out and why, and what was cut."""

import io
import json

import pytest

from casefiles.evidence.readers.findings import NotParsed
from casefiles.sanctions.readers.days import MONTH_FIRST, NotADay, day_of
from casefiles.sanctions.readers.reading import frames
from casefiles.sanctions.readers.tables import LONGEST_LINE
from tests.sanctions import list_files as files


class Read:
    """What a reader says of a file."""

    def __init__(self, content, **said_of_it):
        said = list(frames(io.BytesIO(content.encode() if isinstance(content, str) else content), **said_of_it))
        self.kind, self.counts = said[0].meta, said[-1].meta
        self.problems = [(one["row"], one["column"], one["is_kept"]) for one in json.loads(said[-1].body)]
        self.reasons = [one["reason"] for one in json.loads(said[-1].body)]
        self.parts = [part for frame in said[1:-1] for part in json.loads(frame.body)]

    @property
    def ships(self):
        return [(part["row"], part["list_id"], part["name"], part["imo_number"]) for part in self.parts]


SHIP = {"kind": "vessel", "name": "ANGARA", "imo_number": "9179842", "mmsi": "273210440"}
FORMATS = {
    "ofac": (
        files.ofac(files.ANGARA, files.ADLER) + "\x1a",
        ("ofac-sdn", "OFAC SDN CSV", ""),
        {**SHIP, "row": 1, "list_id": "37059", "programme": "RUSSIA-EO14024, NPWMD", "call_sign": "UBIO7"},
        ["NEPTUN", "LADY'S LUCK"],
    ),
    "ofac xml": (
        files.SDN_XML.format(count=2),
        ("ofac-sdn", "OFAC SDN XML", "2023-01-11"),
        {**SHIP, "row": 1, "list_id": "37059", "programme": "RUSSIA-EO14024", "call_sign": "UBIO7", "flag": "Russia"},
        ["NEPTUN"],
    ),
    "uk": (
        files.uk(),
        ("uk", "UK CSV", "2025-08-11"),
        {"kind": "vessel", "row": 3, "list_id": "RUS2183", "imo_number": "9179842", "listed_on": "2024-07-31"},
        ["Ангара", "ANGARRA"],
    ),
    "uk ods": (
        files.ods(["Report Date: 11-Aug-2025"], files.UK_HEADER.split(","), files.UK_ROWS[1].split(",")),
        ("uk", "UK ODS", "2025-08-11"),
        {"kind": "vessel", "row": 3, "list_id": "RUS2183", "name": "ANGARRA", "imo_number": "9179842"},
        [],
    ),
    "eu": (
        "\ufeff" + files.table(files.EU_HEADER, *files.EU_ROWS),
        ("eu", "EU CSV", "2024-03-01"),
        {"kind": "organisation", "row": 2, "list_id": "370", "company_number": "6246853", "listed_on": "2024-02-23"},
        ["ООО М ЛИЗИНГ"],
    ),
    "eu in windows-1251": (
        files.table(files.EU_HEADER, *files.EU_ROWS).encode("windows-1251"),
        ("eu", "EU CSV", "2024-03-01"),
        {"name": "M Leasing LLC", "programme": "UKR"},
        ["ООО М ЛИЗИНГ"],
    ),
    "eu xml": (
        files.EU_XML,
        ("eu", "EU XML", "2024-03-01"),
        {"kind": "organisation", "list_id": "370", "company_number": "6246853", "remarks": "EU.370.1: Ships arms."},
        ["M Lizing"],
    ),
    "un": (
        files.UN_XML,
        ("un", "UN XML", "2026-02-27"),
        {"kind": "person", "row": 1, "list_id": "KPi.001", "name": "A PERSON", "listed_on": "2015-04-07"},
        ["AP"],
    ),
    "follow the money": (
        "\n".join(files.FTM),
        ("opensanctions", "FollowTheMoney", ""),
        {**SHIP, "row": 2, "list_id": "v", "programme": "EU-RUS, X", "listed_on": "2022-05-08", "flag": "ru"},
        ["Ангара", "NEPTUN", "A."],
    ),
    "targets": (
        files.table(files.TARGETS_HEADER, files.TARGETS_ROW),
        ("opensanctions", "targets.simple.csv", ""),
        {**SHIP, "row": 2, "list_id": "v", "programme": "Some lists", "listed_on": ""},
        ["Ангара", "앙가라"],
    ),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_list_is_told_by_its_content_and_gives_its_entries(name):
    content, kind, first, names = FORMATS[name]

    read = Read(content, encoding="windows-1251" if "1251" in name else "")

    assert tuple(read.kind[key] for key in ("list_key", "format", "published")) == kind
    assert {key: read.parts[0][key] for key in first} == first
    assert [one["name"] for one in read.parts[0]["names"]] == names


def test_former_and_weak_names_are_told_apart():
    weak = {one["name"]: (one["kind"], one["is_weak"]) for one in Read("\n".join(files.FTM)).parts[0]["names"]}
    uk = {one["name"]: one["is_weak"] for one in Read(files.uk()).parts[0]["names"]}

    assert weak == {"Ангара": ("name", False), "NEPTUN": ("former name", False), "A.": ("alias", True)}
    assert uk == {"Ангара": False, "ANGARRA": True}


def test_names_and_addresses_of_ofac_come_in_files_of_their_own():
    names, addresses = Read(files.OFAC_ALT), Read(files.OFAC_ADD)

    assert (names.kind["part"], addresses.kind["part"]) == ("names", "addresses")
    assert names.parts == [
        {"list_id": "37059", "name": "NEPTUN II", "kind": "former name", "is_weak": False},
        {"list_id": "37059", "name": "АНГАРА", "kind": "alias", "is_weak": True},
    ]
    assert names.problems == [(3, "alt_name", False)]
    assert addresses.parts == [{"list_id": "37059", "address": "Baumanskaya 7, Moscow, Russia"}]


def test_what_a_company_broadcasts_is_no_number_of_a_ship():
    read = Read(files.UN_XML)

    assert (read.parts[1]["imo_number"], read.parts[1]["company_number"]) == ("", "6246853")
    assert read.parts[1]["names"] == [{"name": "OLD FLEET", "kind": "former name", "is_weak": False}]
    assert read.problems == [(2, "LISTED_ON", True), (3, "REFERENCE_NUMBER", False)]


@pytest.mark.parametrize(
    ("imo", "reason"),
    [
        ("6246853", "6246853 is an IMO company number, not a ship number."),
        ("917984200", "An IMO number has seven digits; this has 9. Nothing is filled in."),
        ("9179843", "do not fit"),
        ("unknown", "no number"),
    ],
)
def test_a_bad_number_is_said_with_its_row_and_the_entry_stays(imo, reason):
    row = files.UK_ROWS[1].removesuffix("9179842") + imo

    read = Read(files.uk(row))

    assert [part["list_id"] for part in read.parts] == ["RUS2183"]
    assert read.parts[0]["imo_number"] == ""
    assert read.problems == [(3, "IMO number", True)]


BROKEN = {
    "too few cells": ("RUS1,x", "This row has 2 cells where 14 belong."),
    "a quote that never closes": ('31/07/2024,RUS9,1,"OPEN,,,,,Russia,Ship,,,,', "This row has "),
    "a quote that never closes at all": ('31/07/2024,RUS9,1,"OPEN' + '""' * 9, "This row has "),
    "no kind": (files.UK_ROWS[1].replace("Ship", "Submarine").replace("RUS2183", "X1"), "This is no kind of entry"),
    "no number": (files.UK_ROWS[1].replace("RUS2183", ""), "An entry has a number."),
    "no name": (files.UK_ROWS[1].replace("ANGARRA", "").replace("RUS2183", "X1"), "An entry has a name."),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_row_never_loses_the_good_ones(name):
    row, reason = BROKEN[name]

    read = Read(files.uk(row, *files.UK_ROWS))

    assert [part["list_id"] for part in read.parts] == ["RUS2183", "RUS1850"]
    assert read.problems == [(3, read.problems[0][1], False)]
    assert read.reasons[0].startswith(reason)


CUT = {
    "ofac": files.ofac(files.ANGARA, files.ADLER)[:-60],
    "a table in the middle of a cell with quotes": files.uk()[:-30] + '"',
    "a table in the middle of a row": files.table(files.TARGETS_HEADER, files.TARGETS_ROW)[:-30],
    "xml": files.UN_XML[:-90],
    "lines of json": "\n".join(files.FTM)[:-20],
    "a spreadsheet": files.ods(["Report Date: 11-Aug-2025"], files.UK_HEADER.split(","))[:-40],
}


@pytest.mark.parametrize("name", CUT)
def test_a_file_that_was_cut_is_refused(name):
    content = CUT[name]

    with pytest.raises(NotParsed):
        Read(content)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "Dear all,\nno list.\n",
        "<html><body>No list</body></html>",
        '{"a": 1}\n',
        files.ods(["No", "list"]),
        '<!DOCTYPE a [<!ENTITY b "c">]><sdnList>&b;</sdnList>',
        "<sdnList>" + "<a>" * 80 + "</a>" * 80 + "</sdnList>",
        "x" * (LONGEST_LINE + 1),
    ],
)
def test_what_is_no_list_is_refused(content):
    with pytest.raises(NotParsed):
        Read(content)


def test_a_list_that_promises_more_than_it_holds_says_so():
    read = Read(files.SDN_XML.format(count=17))

    assert read.problems == [(2, "sdnEntry", False), (2, "Record_Count", True)]


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("03-10-2017", "day first", "2017-10-03"),
        ("01/11/2023", MONTH_FIRST, "2023-01-11"),
        ("11.8.2025", "day first", "2025-08-11"),
        ("11-Aug-2025", "day first", "2025-08-11"),
        ("2024-03-01T10:00:00+01:00", "day first", "2024-03-01"),
        ("2015-04-07-04:00", "day first", "2015-04-07"),
        ("2023", "day first", "2023"),
        ("2023-08", "day first", "2023-08"),
        ("", "day first", ""),
    ],
)
def test_days_are_read_in_the_order_of_their_list(text, order, day):
    assert day_of(text, order) == day


@pytest.mark.parametrize("text", ["31-02-2024", "13/25/2023", "11-Foo-2025", "soon", "2023-13"])
def test_what_is_no_day_is_not_guessed(text):
    with pytest.raises(NotADay):
        day_of(text)


# The real lists ------------------------------------------------------------------------------------------------------


def test_the_sdn_list_of_january_2023(shared_data):
    """Two of its numbers stand behind two spaces: a search for one space finds 676."""
    read = Read((shared_data / "sanctions/ofac_sdn_2023-01_vessels.csv").read_bytes())

    assert (len(read.parts), sum(bool(part["imo_number"]) for part in read.parts)) == (685, 678)
    assert sum("Identification IMO " in part["raw"] for part in read.parts) == 678
    assert read.problems == []
    assert [ship for ship in read.ships if ship[2] == "TERIBERKA"] == [
        (625, "37058", "TERIBERKA", "8931748"),
        (661, "37136", "TERIBERKA", "9081291"),
    ]


@pytest.mark.parametrize(
    ("name", "list_key", "count", "first"),
    [
        ("sanctions/uk_fcdo_list_2025-08-11_ships.csv", "uk", 461, "DPR0075"),
        ("sanctions/un_consolidated_2026-02-27.xml", "un", 1003, "CDi.001"),
        ("ftm/angara_derived.ftm.json", "opensanctions", 8, "imo-vsl-9179842"),
        ("ftm/yente_t1_entities.ftm.json", "opensanctions", 6, "NK-2GdmHtZTeNXjNVrBGEXZNj"),
    ],
)
def test_the_other_real_lists(shared_data, name, list_key, count, first):
    read = Read((shared_data / name).read_bytes())

    assert (read.kind["list_key"], len(read.parts), read.parts[0]["list_id"]) == (list_key, count, first)
    assert (read.counts["rejected"], read.counts["values_left_out"]) == (0, 0)
