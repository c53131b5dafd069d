"""One door to every list file: which list it is, by its content, and its entries. Runs in the cage.

It says "list" first (what the file is, and its day), then "entries", "names" or "addresses" in parts, and "counts" at
the end; a file that ends too early says nothing that counts.
"""

import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from casefiles.evidence.readers.findings import Frame, NotParsed
from casefiles.sanctions.readers import eu, ofac, open_sanctions, spreadsheets, uk, un
from casefiles.sanctions.readers.columns import Columns
from casefiles.sanctions.readers.entries import Entry, Log
from casefiles.sanctions.readers.tables import delimiter_of, lines_of, rows_of, text_of
from casefiles.sanctions.readers.xml_streams import elements

OFAC, UK, EU, UN, OPEN_SANCTIONS = "ofac-sdn", "uk", "eu", "un", "opensanctions"
ENTRIES, NAMES, ADDRESSES = "entries", "names", "addresses"
BATCH = 500
# How far down the headers may stand, below a title and a date.
HEADER_LINES = 12
NOT_KNOWN = "it is none of the lists that are read: OFAC SDN, UK, EU, UN or OpenSanctions, as their makers publish them"


@dataclass(frozen=True)
class Recognised:
    """What a file is: of which list, in which format, what its parts are, and the day it names, if it names one."""

    list_key: str
    format: str
    part: str = ENTRIES
    published: str = ""


def frames(file: BinaryIO, encoding: str = "") -> Iterator[Frame]:
    """Yield what the file is, its entries, and what was left out; an `encoding` is believed where the bytes fit it.

    Raises:
        NotParsed: it is no list that is known, was cut, or is damaged.
    """
    log = Log()
    found, parts = recognised(file, log, encoding)
    yield Frame("list", meta=asdict(found))
    for batch in _batches(parts):
        plain = [one.as_json() if isinstance(one, Entry) else one for one in batch]
        # Through os-level reads the position is only how far the file was fetched: good enough for a progress bar.
        yield Frame(found.part, _json(plain), {"position": file.tell() if not file.closed else 0})
    counts = {"rows": log.rows, "rejected": log.rejected, "values_left_out": log.values_left_out}
    yield Frame("counts", _json([asdict(problem) for problem in log.problems]), counts)


def recognised(file: BinaryIO, log: Log, encoding: str = "") -> tuple[Recognised, Iterator[Any]]:
    """Say what a file is, and return its parts, still to be read."""
    beginning = file.read(4_096)
    start = beginning.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    if beginning.startswith(b"PK\x03\x04"):
        return _spreadsheet(file, log)
    if start.startswith(b"<"):
        return _xml(file, log)
    if start.startswith(b"{"):
        return _json_lines(file, log)
    return _table(file, log, encoding)


def _xml(file: BinaryIO, log: Log) -> tuple[Recognised, Iterator[Any]]:
    name, root = next(elements(file, ()))
    if name == ofac.ROOT:
        return Recognised(OFAC, "OFAC SDN XML", published=ofac.published_or_nothing(file)), ofac.xml_entries(file, log)
    if name == un.ROOT:
        return Recognised(UN, "UN XML", published=un.published(root)), un.entries(file, log)
    if name == eu.ROOT and eu.xml_published(root):
        return Recognised(EU, "EU XML", published=eu.xml_published(root)), eu.xml_entries(file, log)
    raise NotParsed(NOT_KNOWN)


def _json_lines(file: BinaryIO, log: Log) -> tuple[Recognised, Iterator[Any]]:
    text = text_of(file, "utf-8")
    try:
        first = [line for _number, line in itertools.islice(lines_of(text), 5)]
    finally:
        text.detach()
    if not any(open_sanctions.is_line(line) for line in first):
        raise NotParsed(NOT_KNOWN)
    return Recognised(OPEN_SANCTIONS, "FollowTheMoney"), open_sanctions.entries(file, log)


def _spreadsheet(file: BinaryIO, log: Log) -> tuple[Recognised, Iterator[Any]]:
    rows = spreadsheets.rows_of(file)
    before: list[list[str]] = []
    for _number, cells in itertools.islice(rows, HEADER_LINES):
        if uk.is_header(cells):
            filled = ((number, row) for number, row in rows if any(cell.strip() for cell in row))
            return Recognised(UK, "UK ODS", published=uk.published(before)), uk.entries(filled, cells, log)
        before.append(cells)
    raise NotParsed(NOT_KNOWN)


def _table(file: BinaryIO, log: Log, encoding: str) -> tuple[Recognised, Iterator[Any]]:
    text = text_of(file, encoding)
    lines = lines_of(text)
    first = list(itertools.islice(lines, HEADER_LINES))
    if not first:
        raise NotParsed("it is empty")
    if found := _ofac(first, lines, log):
        return found
    before: list[list[str]] = []
    for index, (_number, line) in enumerate(first):
        delimiter = delimiter_of(line)
        cells = [cell.strip().strip('"').lstrip("\ufeff") for cell in line.rstrip("\r\n").split(delimiter)]
        read = _headed(cells, before, itertools.chain(first[index + 1 :], lines), delimiter, log)
        if read:
            return read
        before.append(cells)
    raise NotParsed(NOT_KNOWN)


def _ofac(
    first: list[tuple[int, str]], lines: Iterator[tuple[int, str]], log: Log
) -> tuple[Recognised, Iterator[Any]] | None:
    """Recognise OFAC's tables, which have no headers, by numbers in front and `-0-` for nothing."""
    line = first[0][1]
    for columns, part, reader in (
        (ofac.ENTRY_COLUMNS, ENTRIES, ofac.entries),
        (ofac.ADDRESS_COLUMNS, ADDRESSES, ofac.addresses),
        (ofac.ALIAS_COLUMNS, NAMES, ofac.further_names),
    ):
        trial = list(rows_of(first[:1] if line.endswith("\n") else [(1, f"{line}\n")], ",", columns, Log()))
        if trial and ofac.is_number(trial[0][1][0]) and any(ofac.NOTHING in text for _number, text in first):
            rows = rows_of(itertools.chain(first, lines), ",", columns, log)
            return Recognised(OFAC, "OFAC SDN CSV", part), reader(rows, log)
    return None


def _headed(
    cells: list[str], before: list[list[str]], lines: Iterable[tuple[int, str]], delimiter: str, log: Log
) -> tuple[Recognised, Iterator[Any]] | None:
    """Recognise a table by its headers."""
    rows = rows_of(lines, delimiter, len(cells), log)
    if uk.is_header(cells):
        return Recognised(UK, "UK CSV", published=uk.published(before)), uk.entries(rows, cells, log)
    if eu.is_header(cells):
        first = next(rows, None)
        day = eu.published(Columns(cells, eu.KNOWN), first[1]) if first else ""
        return Recognised(EU, "EU CSV", published=day), eu.entries(
            itertools.chain([first] if first else [], rows), cells, log
        )
    if open_sanctions.is_header(cells):
        return Recognised(OPEN_SANCTIONS, "targets.simple.csv"), open_sanctions.table_entries(rows, cells, log)
    return None


def _batches(parts: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(itertools.islice(parts, BATCH)):
        yield batch


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
