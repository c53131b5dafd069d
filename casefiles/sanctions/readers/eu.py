"""The consolidated list of the European Union's financial sanctions: CSV with semicolons, and XML."""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from casefiles.evidence.readers.xml_trees import attribute
from casefiles.sanctions.readers.columns import Columns
from casefiles.sanctions.readers.days import NotADay, day_of
from casefiles.sanctions.readers.entries import (
    ALIAS,
    LONGEST_NAME,
    ORGANISATION,
    OTHER,
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
from casefiles.sanctions.readers.xml_streams import child_text, descend, elements

KNOWN = {
    "published": ("filegenerationdate",),
    "number": ("entitylogicalid",),
    "reference": ("entityeureferencenumber",),
    "listed_on": ("entitydesignationdate",),
    "in_force": ("entityregulationentryintoforcedate",),
    "kind": ("entitysubjecttypeclassificationcode", "entitysubjecttype"),
    "programme": ("entityregulationprogramme",),
    "remarks": ("entityremark",),
    "name": ("namealiaswholename",),
    "number_text": ("identificationnumber",),
    "number_kind": ("identificationtypecode",),
    "number_words": ("identificationtypedescription",),
}
_KINDS = {"p": PERSON, "person": PERSON, "e": ORGANISATION, "enterprise": ORGANISATION, "vessel": VESSEL, "v": VESSEL}
ROOT = "export"


def is_header(cells: list[str]) -> bool:
    return Columns(cells, KNOWN).has("number", "name")


def published(columns: Columns, cells: list[str]) -> str:
    try:
        return day_of(columns.cell(cells, "published"))
    except NotADay:
        return ""


def entries(rows: Iterable[Row], headers: list[str], log: Log) -> Iterator[Entry]:
    """Yield the entries: rows of one number say one thing each of one entry, a name or a document."""
    reader = _Reader(Columns(headers, KNOWN), log)
    for entry in grouped(rows, log, number=reader.number, begin=reader.begin, add=reader.add):
        if entry.name:
            yield entry
        else:
            log.reject(entry.row, Rejected(reader.name_header, entry.list_id, "No row of this entry has a name."))


class _Reader:
    def __init__(self, columns: Columns, log: Log) -> None:
        self._columns, self._log = columns, log
        self.name_header = columns.header("name")

    def number(self, cells: list[str]) -> str:
        number = self._columns.cell(cells, "number")
        if not number.isdigit():
            raise Rejected(self._columns.header("number"), number, "An entry has a number.")
        return number

    def begin(self, row: int, cells: list[str]) -> Entry:
        cell = self._columns.cell
        reference = cell(cells, "reference")
        return Entry(
            row,
            self.number(cells),
            _KINDS.get(cell(cells, "kind").lower(), OTHER),
            "",
            programme=line(cell(cells, "programme"), 200),
            listed_on=self._day(row, cells),
            remarks=line(joined([reference, cell(cells, "remarks")], ": ")),
            raw=line(self._columns.raw(cells)),
        )

    def _day(self, row: int, cells: list[str]) -> str:
        for field in ("listed_on", "in_force"):
            text = self._columns.cell(cells, field)
            try:
                if found := day_of(text):
                    return found
            except NotADay:
                self._log.leave_out(row, self._columns.header(field), text, "This is no day.")
        return ""

    def add(self, entry: Entry, row: int, cells: list[str]) -> None:
        cell = self._columns.cell
        name = line(cell(cells, "name"), LONGEST_NAME)
        if name and not entry.name:
            entry.name = name
        entry.also(name)
        words = f"{cell(cells, 'number_kind')} {cell(cells, 'number_words')}".lower()
        if "imo" in words:
            self._log.imo(entry, self._columns.header("number_text"), cell(cells, "number_text"))


# --- XML -----------------------------------------------------------------------------------------------------------


def xml_published(root: Any) -> str:
    try:
        return day_of(attribute(root, "generationDate"))
    except NotADay:
        return ""


def xml_entries(file: BinaryIO, log: Log) -> Iterator[Entry]:
    """Yield the entries of the XML."""
    row = 0
    for name, element in elements(file, {"sanctionEntity"}):
        if name != "sanctionEntity":
            continue
        row += 1
        log.rows += 1
        try:
            yield _xml_entry(row, element, log)
        except Rejected as refusal:
            log.reject(row, refusal)


def _xml_entry(row: int, element: Any, log: Log) -> Entry:
    names = [
        (line(attribute(one, "wholeName"), LONGEST_NAME), attribute(one, "strong"))
        for one in descend(element, "nameAlias")
    ]
    named = [name for name, _strong in names if name]
    number = attribute(element, "logicalId")
    if not number or not named:
        raise Rejected("sanctionEntity", number, "An entry has a number and a name.")
    kinds = [attribute(one, "code") or attribute(one, "classificationCode") for one in descend(element, "subjectType")]
    regulation = next(iter(descend(element, "regulation")), None)
    reference = attribute(element, "euReferenceNumber")
    entry = Entry(
        row,
        number,
        _KINDS.get(kinds[0].lower() if kinds else "", OTHER),
        named[0],
        programme=line(attribute(regulation, "programme"), 200) if regulation is not None else "",
        listed_on=_xml_day(row, element, regulation, log),
        remarks=line(joined([reference, child_text(element, "remark")], ": ")),
        raw=line(f"{reference} {'; '.join(named)} {' '.join(element.itertext())}"),
    )
    for name, strong in names:
        entry.also(name, kind=ALIAS, is_weak=strong == "false")
    for one in descend(element, "identification"):
        words = attribute(one, "identificationTypeCode"), attribute(one, "identificationTypeDescription")
        if "imo" in " ".join(words).lower():
            log.imo(entry, "identification", attribute(one, "number"))
    return entry


def _xml_day(row: int, element: Any, regulation: Any, log: Log) -> str:
    for holder, name in ((element, "designationDate"), (regulation, "entryIntoForceDate")):
        text = attribute(holder, name) if holder is not None else ""
        try:
            if found := day_of(text):
                return found
        except NotADay:
            log.leave_out(row, name, text, "This is no day.")
    return ""
