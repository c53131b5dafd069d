"""The SDN list of the United States Treasury: SDN.CSV with ALT and ADD beside it, and SDN XML.

Layout of the tables: OFAC's data specification. No headers, `-0-` for nothing, no listing dates; the numbers of a ship
stand in its remarks.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from casefiles.sanctions.readers.columns import Columns
from casefiles.sanctions.readers.days import MONTH_FIRST, NotADay, day_of
from casefiles.sanctions.readers.entries import (
    AIRCRAFT,
    ALIAS,
    FORMER,
    LONGEST_NAME,
    ORGANISATION,
    PERSON,
    VESSEL,
    Entry,
    Log,
    Rejected,
    joined,
    line,
)
from casefiles.sanctions.readers.tables import Row
from casefiles.sanctions.readers.xml_streams import child_text, descend, elements

ENTRY_COLUMNS, ALIAS_COLUMNS, ADDRESS_COLUMNS = 12, 5, 6
HEADERS = (
    "ent_num", "SDN_Name", "SDN_Type", "Program", "Title", "Call_Sign", "Vess_type", "Tonnage", "GRT", "Vess_flag",
    "Vess_owner", "Remarks",
)  # fmt: skip
NOTHING = "-0-"
_KINDS = {"vessel": VESSEL, "individual": PERSON, "aircraft": AIRCRAFT, "entity": ORGANISATION, NOTHING: ORGANISATION}
_SHIP = re.compile(r"Vessel Registration Identification\s+([^;(]+)", re.IGNORECASE)
_COMPANY = re.compile(r"Identification Number\s+(IMO\s*\d+)", re.IGNORECASE)
_MMSI = re.compile(r"\bMMSI\s+(\w+)")
_ALIAS = re.compile(r"\b([afn])\.k\.a\. '(.*?)'(?=[;.]|$)", re.IGNORECASE)


def is_number(text: str) -> bool:
    return text.strip().isdigit()


def entries(rows: Iterator[Row], log: Log) -> Iterator[Entry]:
    """Yield the entries of SDN.CSV."""
    columns = Columns(HEADERS, {})
    for row, cells in rows:
        log.rows += 1
        try:
            yield _entry(row, ["" if cell.strip() == NOTHING else cell.strip() for cell in cells], columns, log)
        except Rejected as refusal:
            log.reject(row, refusal)


def _entry(row: int, cells: list[str], columns: Columns, log: Log) -> Entry:
    number, name, kind, programme, _title, call_sign, *_rest, flag, _owner, remarks = cells
    if not is_number(number):
        raise Rejected("ent_num", number, "An entry has a number.")
    if not name:
        raise Rejected("SDN_Name", name, "An entry has a name.")
    if kind and kind.lower() not in _KINDS:
        raise Rejected("SDN_Type", kind, "This is no kind of entry: individual, vessel, aircraft or nothing.")
    entry = Entry(
        row,
        number,
        _KINDS[kind.lower() or NOTHING],
        line(name, LONGEST_NAME),
        call_sign=line(call_sign, 20),
        flag=line(flag, 80),
        programme=", ".join(re.split(r"\]\s*\[", programme.strip("[]"))),
        remarks=line(remarks),
        raw=line(columns.raw(cells)),
    )
    _read_remarks(entry, remarks, log)
    return entry


def _read_remarks(entry: Entry, remarks: str, log: Log) -> None:
    numbers = _SHIP if entry.kind == VESSEL else _COMPANY
    for found in numbers.finditer(remarks):
        text = found[1].strip(" .")
        # Other registers' numbers stand under the same words, some of seven digits too.
        if "imo" in text.lower():
            log.imo(entry, "Remarks", text)
    if entry.kind == VESSEL and (radio := _MMSI.search(remarks)):
        log.mmsi(entry, "Remarks", radio[1])
    for found in _ALIAS.finditer(remarks):
        entry.also(found[2], kind=FORMER if found[1].lower() == "f" else ALIAS)


def further_names(rows: Iterator[Row], log: Log) -> Iterator[dict[str, Any]]:
    """Yield the names of ALT.CSV: of which entry, the name, its kind, and whether it is weak."""
    for row, (number, _own, kind, name, remarks) in rows:
        log.rows += 1
        if not is_number(number) or not name.strip() or name.strip() == NOTHING:
            log.reject(row, Rejected("alt_name", name, "A further name has a name and the number of its entry."))
            continue
        is_former = kind.strip().lower().replace(".", "") == "fka"
        is_weak = "weak" in remarks.lower()
        yield {"list_id": number.strip(), "name": name, "kind": FORMER if is_former else ALIAS, "is_weak": is_weak}


def addresses(rows: Iterator[Row], log: Log) -> Iterator[dict[str, Any]]:
    """Yield the addresses of ADD.CSV: of which entry, and the address."""
    for row, (number, _own, *parts, _remarks) in rows:
        log.rows += 1
        if not is_number(number):
            log.reject(row, Rejected("ent_num", number, "An address has the number of its entry."))
            continue
        yield {
            "list_id": number.strip(),
            "address": joined(("" if part.strip() == NOTHING else part for part in parts), ", "),
        }


# --- XML -----------------------------------------------------------------------------------------------------------

ROOT = "sdnList"


def published(file: BinaryIO) -> str:
    """Return the day of publication that SDN XML names."""
    for name, element in elements(file, {"publshInformation"}):
        if name == "publshInformation":
            return day_of(child_text(element, "Publish_Date"), MONTH_FIRST)
    return ""


def xml_entries(file: BinaryIO, log: Log) -> Iterator[Entry]:
    """Yield the entries of SDN XML, and say where it promises more than it holds."""
    promised, row = "", 0
    for name, element in elements(file, {"publshInformation", "sdnEntry"}):
        if name == "publshInformation":
            promised = child_text(element, "Record_Count").replace(",", "")
        elif name == "sdnEntry":
            row += 1
            log.rows += 1
            try:
                yield _xml_entry(row, element, log)
            except Rejected as refusal:
                log.reject(row, refusal)
    if promised.isdigit() and int(promised) != row:
        log.leave_out(row, "Record_Count", promised, f"It says so many entries, and holds {row}.")


def _xml_entry(row: int, element: Any, log: Log) -> Entry:
    number, name = (
        child_text(element, "uid"),
        joined([child_text(element, "firstName"), child_text(element, "lastName")]),
    )
    kind = _KINDS.get(child_text(element, "sdnType").lower())
    if not number or not name or kind is None:
        raise Rejected("sdnEntry", number or name, "An entry has a number, a name and a kind.")
    entry = Entry(
        row,
        number,
        kind,
        name[:LONGEST_NAME],
        call_sign=line("".join(child_text(one, "callSign") for one in descend(element, "vesselInfo")), 20),
        flag=line("".join(child_text(one, "vesselFlag") for one in descend(element, "vesselInfo")), 80),
        programme=", ".join(line(one.text) for one in descend(element, "programList", "program")),
        remarks=line(child_text(element, "remarks")),
        raw=line(" ".join(element.itertext())),
    )
    for alias in descend(element, "akaList", "aka"):
        is_former = child_text(alias, "type").lower().startswith("f")
        entry.also(
            _xml_name(alias),
            kind=FORMER if is_former else ALIAS,
            is_weak=child_text(alias, "category") == "weak",
        )
    _xml_numbers(entry, element, log)
    return entry


def _xml_name(element: Any) -> str:
    return joined([child_text(element, "firstName"), child_text(element, "lastName")])


def _xml_numbers(entry: Entry, element: Any, log: Log) -> None:
    for one in descend(element, "idList", "id"):
        kind, number = child_text(one, "idType"), child_text(one, "idNumber")
        if kind == "MMSI":
            log.mmsi(entry, "MMSI", number)
        elif "imo" in number.lower():
            log.imo(entry, kind, number)
    _read_remarks(entry, child_text(element, "remarks"), log)


def published_or_nothing(file: BinaryIO) -> str:
    try:
        return published(file)
    except NotADay:
        return ""
