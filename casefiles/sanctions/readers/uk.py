"""The list of the United Kingdom: CSV and ODS, with the day of the report before the headers."""

from collections.abc import Iterable, Iterator

from casefiles.sanctions.readers.columns import Columns
from casefiles.sanctions.readers.days import NotADay, day_of
from casefiles.sanctions.readers.entries import (
    ALIAS,
    LONGEST_NAME,
    NAME,
    ORGANISATION,
    PERSON,
    VESSEL,
    Entry,
    Log,
    Rejected,
    joined,
    line,
)
from casefiles.sanctions.readers.grouped import grouped
from casefiles.sanctions.readers.tables import Row

KNOWN = {
    "number": ("uniqueid",),
    "name": ("name",),
    "name6": ("name6",),
    **{f"name{part}": (f"name{part}",) for part in range(1, 6)},
    "name_kind": ("nametype",),
    "strength": ("aliasstrength",),
    "other_script": ("namenonlatinscript",),
    "regime": ("regimename", "regime"),
    "kind": ("designationtype", "individualentityship", "type"),
    "listed_on": ("datedesignated",),
    "measures": ("sanctionsimposed",),
    "remarks": ("otherinformation",),
    "imo": ("imonumber",),
    "flag": ("currentbelievedflagofship",),
}
_KINDS = {"ship": VESSEL, "individual": PERSON, "entity": ORGANISATION}


def is_header(cells: list[str]) -> bool:
    return Columns(cells, KNOWN).has("number", "kind") and bool({"name", "name6"} & _fields(cells))


def _fields(cells: list[str]) -> set[str]:
    columns = Columns(cells, KNOWN)
    return {field for field in KNOWN if field in columns}


def published(before: Iterable[list[str]]) -> str:
    """Return the day that a line before the headers names: "Report Date: 11-Aug-2025"."""
    for cells in before:
        for cell in cells:
            label, _colon, day = cell.partition(":")
            if "date" in label.lower() or label.lower().startswith("last updated"):
                try:
                    return day_of(day or (cells[1] if len(cells) > 1 else ""))
                except NotADay:
                    continue
    return ""


def entries(rows: Iterable[Row], headers: list[str], log: Log) -> Iterator[Entry]:
    """Yield the entries: rows of one number are names of one entry."""
    reader = _Reader(Columns(headers, KNOWN), log)
    yield from grouped(rows, log, number=reader.number, begin=reader.begin, add=reader.add)


class _Reader:
    def __init__(self, columns: Columns, log: Log) -> None:
        self._columns, self._log = columns, log

    def number(self, cells: list[str]) -> str:
        number = self._columns.cell(cells, "number")
        if not number:
            raise Rejected(self._columns.header("number"), "", "An entry has a number.")
        return line(number, 80)

    def begin(self, row: int, cells: list[str]) -> Entry:
        cell = self._columns.cell
        kind = _KINDS.get(cell(cells, "kind").lower())
        if kind is None:
            column = self._columns.header("kind")
            raise Rejected(column, cell(cells, "kind"), "This is no kind of entry: individual, entity or ship.")
        name = self._name(cells)
        if not name:
            raise Rejected(self._columns.header("name"), "", "An entry has a name.")
        return Entry(
            row,
            self.number(cells),
            kind,
            name,
            programme=line(cell(cells, "regime"), 200),
            listed_on=self._day(row, cells),
            measures=line(cell(cells, "measures")),
            flag=line(cell(cells, "flag"), 80),
            remarks=line(cell(cells, "remarks")),
            raw=line(self._columns.raw(cells)),
        )

    def _name(self, cells: list[str]) -> str:
        # The family name, or all of a ship's, is "Name 6"; the others stand before it.
        parts = [self._columns.cell(cells, f"name{part}") for part in range(1, 7)]
        return joined([self._columns.cell(cells, "name"), *parts])[:LONGEST_NAME]

    def _day(self, row: int, cells: list[str]) -> str:
        text = self._columns.cell(cells, "listed_on")
        try:
            return day_of(text)
        except NotADay:
            self._log.leave_out(row, self._columns.header("listed_on"), text, "This is no day, with the day first.")
            return ""

    def add(self, entry: Entry, row: int, cells: list[str]) -> None:
        cell = self._columns.cell
        name, kind = self._name(cells), cell(cells, "name_kind").lower()
        if kind == "primary name" and name != entry.name:
            before, entry.name = entry.name, name
            entry.names = [one for one in entry.names if one["name"] != name]
            entry.also(before)
        is_weak = "low" in cell(cells, "strength").lower()
        entry.also(name, kind=NAME if "variation" in kind else ALIAS, is_weak=is_weak)
        entry.also(cell(cells, "other_script"), kind=NAME)
        if entry.kind == VESSEL and not entry.imo_number:
            self._log.imo(entry, self._columns.header("imo"), cell(cells, "imo"))
