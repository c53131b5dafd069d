"""OpenSanctions: FollowTheMoney entities as lines of JSON, and the table targets.simple.csv."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from casefiles.evidence.readers.findings import NotParsed
from casefiles.sanctions.readers.columns import Columns
from casefiles.sanctions.readers.days import NotADay, day_of
from casefiles.sanctions.readers.entries import (
    AIRCRAFT,
    ALIAS,
    FORMER,
    LONGEST_NAME,
    NAME,
    ORGANISATION,
    OTHER,
    PERSON,
    VESSEL,
    Entry,
    Log,
    Rejected,
    line,
)
from casefiles.sanctions.readers.tables import Row, lines_of, text_of

CUT = "its last line is cut: the file was cut. Fetch it again"
MOST_SANCTIONS = 2_000_000
_KINDS = {
    "Vessel": VESSEL, "Organization": ORGANISATION, "Company": ORGANISATION, "PublicBody": ORGANISATION,
    "LegalEntity": ORGANISATION, "Person": PERSON, "Airplane": AIRCRAFT, "Security": OTHER, "CryptoWallet": OTHER,
}  # fmt: skip
_FURTHER = (("name", NAME, False), ("previousName", FORMER, False), ("alias", ALIAS, False), ("weakAlias", ALIAS, True))
KNOWN = {
    "number": ("id",),
    "kind": ("schema",),
    "name": ("name",),
    "aliases": ("aliases",),
    "countries": ("countries",),
    "identifiers": ("identifiers",),
    "sanctions": ("sanctions",),
    "programme": ("programids", "dataset"),
    "listed_on": ("firstseen",),
}
_SHIP, _RADIO = re.compile(r"IMO\s*\d+", re.IGNORECASE), re.compile(r"\d{9}")


def is_line(text: str) -> bool:
    """Say whether a line is an entity of FollowTheMoney."""
    found = _object(text)
    return found is not None and {"id", "schema", "properties"} <= set(found)


def is_header(cells: list[str]) -> bool:
    return Columns(cells, KNOWN).has("number", "kind", "name", "aliases", "identifiers")


def entries(file: BinaryIO, log: Log) -> Iterator[Entry]:
    """Yield what is sanctioned: the file is read twice, since a sanction may stand before or behind its target.

    Raises:
        NotParsed: its last line is cut.
    """
    sanctions = _sanctions(file)
    for row, text, is_last in _lines(file):
        log.rows += 1
        found = _object(text)
        try:
            if found is None:
                if is_last and not text.endswith("\n"):
                    raise NotParsed(CUT)
                raise Rejected("", text, "This line is no entity in JSON.")
            if found.get("schema") in _KINDS:
                yield from _entry(row, found, sanctions, log)
        except Rejected as refusal:
            log.reject(row, refusal)


def _lines(file: BinaryIO) -> Iterator[tuple[int, str, bool]]:
    text = text_of(file, "utf-8")
    held: tuple[int, str] | None = None
    try:
        for number, line_text in lines_of(text):
            if held and held[1].strip():
                yield *held, False
            held = number, line_text
        if held and held[1].strip():
            yield *held, True
    finally:
        text.detach()


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("properties", {}), dict) else None


def _sanctions(file: BinaryIO) -> dict[str, list[dict[str, str]]]:
    """Return by target what its sanctions say: programme, start, number."""
    held: dict[str, list[dict[str, str]]] = {}
    count = 0
    for _row, text, _is_last in _lines(file):
        found = _object(text) if '"Sanction"' in text else None
        if not found or found.get("schema") != "Sanction":
            continue
        properties = found["properties"]
        said = {
            "programme": _first(properties, "programId")
            or _first(properties, "program")
            or _first(properties, "authority"),
            "start": _first(properties, "listingDate") or _first(properties, "startDate"),
            "measures": "; ".join(_values(properties, "provisions")),
        }
        for target in _values(properties, "entity"):
            held.setdefault(target, []).append(said)
            count += 1
        if count > MOST_SANCTIONS:
            raise NotParsed("it holds more sanctions than are read")
    return held


def _entry(row: int, found: dict[str, Any], sanctions: dict[str, list[dict[str, str]]], log: Log) -> Iterator[Entry]:
    properties, number = found["properties"], line(str(found.get("id", "")), 80)
    said = sanctions.get(number, [])
    topics = set(_values(properties, "topics"))
    if not said and not any(topic.startswith(("sanction", "mare.")) for topic in topics):
        return
    names = _values(properties, "name") or [str(found.get("caption", ""))]
    if not number or not line(names[0]):
        raise Rejected("name", number, "An entity has an id and a name.")
    programmes = dict.fromkeys(one["programme"] for one in said if one["programme"])
    entry = Entry(
        row,
        number,
        _KINDS[found["schema"]],
        line(names[0], LONGEST_NAME),
        call_sign=line(_first(properties, "callSign"), 20),
        flag=line(_first(properties, "flag") or _first(properties, "country"), 80),
        programme=line(", ".join(programmes), 200),
        listed_on=_earliest(row, said, log),
        measures=line("; ".join(filter(None, dict.fromkeys(one["measures"] for one in said)))),
        raw=line(json.dumps(found, ensure_ascii=False)),
    )
    for key, kind, is_weak in _FURTHER:
        for name in _values(properties, key):
            entry.also(name, kind=kind, is_weak=is_weak)
    for number_text in _values(properties, "imoNumber"):
        log.imo(entry, "imoNumber", number_text)
    log.mmsi(entry, "mmsi", _first(properties, "mmsi"))
    yield entry


def _earliest(row: int, said: list[dict[str, str]], log: Log) -> str:
    days = []
    for one in said:
        try:
            days.append(day_of(one["start"]))
        except NotADay:
            log.leave_out(row, "startDate", one["start"], "This is no day.")
    return min(filter(None, days), default="")


def _values(properties: dict[str, Any], key: str) -> list[str]:
    values = properties.get(key, [])
    return [str(value) for value in values if isinstance(value, str | int | float)] if isinstance(values, list) else []


def _first(properties: dict[str, Any], key: str) -> str:
    return next(iter(_values(properties, key)), "")


# --- targets.simple.csv --------------------------------------------------------------------------------------------


def table_entries(rows: Iterable[Row], headers: list[str], log: Log) -> Iterator[Entry]:
    """Yield the entries of targets.simple.csv. It gives no listing dates, only when each was first seen."""
    columns = Columns(headers, KNOWN)
    for row, cells in rows:
        log.rows += 1
        try:
            yield _table_entry(row, cells, columns, log)
        except Rejected as refusal:
            log.reject(row, refusal)


def _table_entry(row: int, cells: list[str], columns: Columns, log: Log) -> Entry:
    number, name = columns.cell(cells, "number"), line(columns.cell(cells, "name"), LONGEST_NAME)
    if not number or not name:
        raise Rejected(columns.header("name"), number, "An entry has an id and a name.")
    entry = Entry(
        row,
        line(number, 80),
        _KINDS.get(columns.cell(cells, "kind"), OTHER),
        name,
        flag=line(columns.cell(cells, "countries"), 80),
        programme=line(columns.cell(cells, "programme"), 200),
        remarks=line(columns.cell(cells, "sanctions")),
        raw=line(columns.raw(cells)),
    )
    for alias in columns.cell(cells, "aliases").split(";"):
        entry.also(alias)
    for identifier in columns.cell(cells, "identifiers").split(";"):
        if _SHIP.fullmatch(identifier.strip()):
            log.imo(entry, columns.header("identifiers"), identifier)
        elif entry.kind == VESSEL and _RADIO.fullmatch(identifier.strip()):
            log.mmsi(entry, columns.header("identifiers"), identifier)
    return entry
