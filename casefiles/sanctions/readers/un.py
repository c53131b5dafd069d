"""The consolidated list of the United Nations Security Council, as XML."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from casefiles.evidence.readers.xml_trees import attribute
from casefiles.sanctions.readers.days import NotADay, day_of
from casefiles.sanctions.readers.entries import (
    ALIAS,
    FORMER,
    LONGEST_NAME,
    ORGANISATION,
    PERSON,
    Entry,
    Log,
    Rejected,
    joined,
    line,
)
from casefiles.sanctions.readers.xml_streams import child_text, descend, elements

ROOT = "CONSOLIDATED_LIST"
_KINDS = {"INDIVIDUAL": PERSON, "ENTITY": ORGANISATION}
_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_IMO = re.compile(r"\bIMO\)?(?:\s+(?:company))?\s*(?:number)?\s*:?\s*(\d{7})\b", re.IGNORECASE)


def published(root: Any) -> str:
    try:
        return day_of(attribute(root, "dateGenerated"))
    except NotADay:
        return ""


def entries(file: BinaryIO, log: Log) -> Iterator[Entry]:
    """Yield individuals and entities; `row` counts both together, in the order of the file."""
    row = 0
    for name, element in elements(file, _KINDS):
        if name not in _KINDS:
            continue
        row += 1
        log.rows += 1
        try:
            yield _entry(row, name, element, log)
        except Rejected as refusal:
            log.reject(row, refusal)


def _entry(row: int, kind: str, element: Any, log: Log) -> Entry:
    number, name = child_text(element, "REFERENCE_NUMBER"), joined(child_text(element, part) for part in _PARTS)
    if not number or not name:
        raise Rejected("REFERENCE_NUMBER", number or name, "An entry has a reference number and a name.")
    entry = Entry(
        row,
        line(number, 80),
        _KINDS[kind],
        name[:LONGEST_NAME],
        programme=line(child_text(element, "UN_LIST_TYPE"), 200),
        listed_on=_day(row, element, log),
        remarks=line(child_text(element, "COMMENTS1")),
        raw=line(" ".join(element.itertext())),
    )
    entry.also(child_text(element, "NAME_ORIGINAL_SCRIPT"), kind="name")
    for alias in descend(element, f"{kind}_ALIAS"):
        quality = child_text(alias, "QUALITY").lower()
        is_former = quality.startswith("f.k")
        entry.also(child_text(alias, "ALIAS_NAME"), kind=FORMER if is_former else ALIAS, is_weak=quality == "low")
    if found := _IMO.search(entry.remarks):
        log.imo(entry, "COMMENTS1", found[1])
    return entry


def _day(row: int, element: Any, log: Log) -> str:
    text = child_text(element, "LISTED_ON")
    try:
        return day_of(text)
    except NotADay:
        log.leave_out(row, "LISTED_ON", text, "This is no day.")
        return ""
