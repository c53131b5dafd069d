"""Reading a table that somebody sends, as text: CSV, XLSX or JSON. Whatever is unclear is refused with its place.

Nothing is computed: a formula is refused, whatever value was stored with it. Row numbers count as the sender sees them:
the row of headings is row 1.
"""

import csv
import datetime
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from casefiles.core.neutral import restored

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_CELL = 100_000
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_PARTS = 500
DELIMITERS = ",;\t"
# Columns up to ZZ: emptied cells stand beyond those that are read.
MOST_CELLS_IN_A_ROW = 26 + 26 * 26
_NUMBER = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
# What the library would read as a workbook of another kind: OpenDocument, and Excel's binary one.
_OTHER_WORKBOOKS = frozenset({"content.xml", "workbook.bin"})


class Unreadable(ValueError):
    """The file is not a table that can be read; the sentence says where and why."""


@dataclass(frozen=True)
class Table:
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_csv(content: bytes) -> Table:
    """Read CSV in UTF-8 or UTF-16, with commas, semicolons or tabs.

    Raises:
        Unreadable: another encoding, a NUL, quotes that do not close, ragged rows, or too much of it.
    """
    text = _decoded(content)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        return _table([restored(cell) for cell in row] for row in rows if row)
    except csv.Error as error:
        raise Unreadable(_("Row %(row)d is not CSV: %(why)s.") % {"row": rows.line_num, "why": error}) from error


def _decoded(content: bytes) -> str:
    _refuse_large(content)
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            _("This is not UTF-8 text: byte %(byte)d cannot be read. Save the file as “CSV UTF-8” and choose it again.")
            % {"byte": error.start + 1}
        ) from error
    if "\x00" in text:
        raise Unreadable(_("The file holds a NUL, which no text does. Save it again as “CSV UTF-8”."))
    return text


def _refuse_large(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise Unreadable(_("The file is larger than 10 MB. Split it."))


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _table(rows: Iterable[list[str]]) -> Table:
    """Check the shape of what was read: headings once each, as many cells as headings, and not too much."""
    numbered = enumerate(rows, start=1)
    headers = next((tuple(cell.strip() for cell in row) for _number, row in numbered), ())
    _check_headers(headers)
    kept: list[tuple[str, ...]] = []
    for number, row in numbered:
        if number > MAX_ROWS + 1:
            raise Unreadable(_("The file has more than %(most)s rows. Split it.") % {"most": f"{MAX_ROWS:,}"})
        if any(row):
            kept.append(_row(row, headers, number))
    if not kept:
        raise Unreadable(_("The file has no rows below its headings."))
    return Table(headers, tuple(kept))


def _check_headers(headers: tuple[str, ...]) -> None:
    if not any(headers):
        raise Unreadable(_("The file is empty. Its first row holds the names of the columns."))
    if len(headers) > MAX_COLUMNS:
        raise Unreadable(_("The file has more than %(most)d columns.") % {"most": MAX_COLUMNS})
    twice = sorted({header for header in headers if headers.count(header) > 1})
    if twice:
        raise Unreadable(_("The column “%(name)s” appears twice.") % {"name": twice[0][:60]})


def _row(row: list[str], headers: tuple[str, ...], number: int) -> tuple[str, ...]:
    extra = [cell for cell in row[len(headers) :] if cell]
    if extra or len(row) < len(headers):
        raise Unreadable(
            _("Row %(row)d has %(cells)d cells, and there are %(columns)d columns.")
            % {"row": number, "cells": len(row), "columns": len(headers)}
        )
    long = next((header for header, cell in zip(headers, row, strict=False) if len(cell) > MAX_CELL), None)
    if long is not None:
        raise Unreadable(
            _("Row %(row)d, column “%(name)s”: the text is too long.") % {"row": number, "name": long[:60]}
        )
    return tuple(row[: len(headers)])


# XLSX -------------------------------------------------------------------------------------------------------------
def read_xlsx(content: bytes) -> Table:
    """Read the one sheet of a workbook.

    Raises:
        Unreadable: it is no workbook, unpacks to too much, holds more than one sheet, or a formula.
    """
    _refuse_large(content)
    _refuse_bomb(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if len(book.sheet_names) != 1:
            raise Unreadable(
                _("The workbook has %(count)d sheets. Keep the one to import.") % {"count": len(book.sheet_names)}
            )
        # The rows between two cells are made up when the sheet is built, so that its cells are looked at first.
        _check_cells(content)
        sheet = book.get_sheet_by_index(0)
        return _table(_as_wide_as_the_first(sheet.to_python(skip_empty_area=False)))
    except Unreadable:
        raise
    except Exception as error:  # a damaged part fails in the ZIP, in its XML or in the sheet, each in its own way
        raise Unreadable(
            _("This is not a workbook that can be read (%(why)s).") % {"why": type(error).__name__}
        ) from error


def _refuse_bomb(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable(_("This is not an XLSX workbook.")) from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise Unreadable(_("The workbook unpacks to more than 64 MB. Save the one sheet as CSV."))
    if len({part.filename for part in parts}) < len(parts):
        raise Unreadable(_("The workbook holds two parts of one name, so that nobody can say which counts."))


def _check_cells(content: bytes) -> None:
    """Refuse a formula, whatever value was stored with it, and a cell beyond what is read, in whichever part it stands.

    Which part is the sheet is for the library to say: by its name, its root or its type nothing is let past.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = {name.replace("\\", "/").rpartition("/")[2].casefold() for name in archive.namelist()}
        if names & _OTHER_WORKBOOKS:
            raise Unreadable(_("This is not an XLSX workbook."))
        for name in archive.namelist():
            with archive.open(name) as part:
                is_xml = part.read(64).lstrip(_BEFORE_XML).startswith(b"<")
            if is_xml or name.casefold().endswith(".xml"):
                with archive.open(name) as part:
                    _check_part(part)


def _check_part(part: IO[bytes]) -> None:
    depth = cells = rows = 0
    root = None
    for event, element in iterparse(part, events=("start", "end")):
        name = _plain_name(element)
        root = element if root is None else root
        if event == "start":
            depth += 1
            if name == "row":
                rows, cells = rows + 1, 0
                _check_row(element.get("r"), rows)
            elif name == "c":
                cells += 1
                _check_place(element.get("r"), cells)
            continue
        depth -= 1
        if name == "c":
            _refuse_formula(element)
        if name in {"c", "row"}:
            element.clear()
        elif depth == 1:
            root.clear()


def _check_row(number: str | None, counted: int) -> None:
    if number is not None and not _NUMBER.fullmatch(number):
        raise Unreadable(_("“%(name)s” is no number of a row.") % {"name": number[:40]})
    if max(counted, int(number or 0)) > MAX_ROWS + 1:
        raise Unreadable(_("The file has more than %(most)s rows. Split it.") % {"most": f"{MAX_ROWS:,}"})


def _check_place(place: str | None, counted: int) -> None:
    """Check where a cell says that it stands; one that says nothing stands behind the cell before it."""
    found = _PLACE.fullmatch(place or "A1")
    if found is None:
        raise Unreadable(_("“%(name)s” is no name of a cell.") % {"name": (place or "")[:40]})
    _check_row(found[2], 1)
    if len(found[1]) > 2 or counted > MOST_CELLS_IN_A_ROW:  # noqa: PLR2004  as far as column ZZ
        raise Unreadable(_("The file has more than %(most)d columns.") % {"most": MAX_COLUMNS})


def _refuse_formula(cell: Any) -> None:
    if any(_plain_name(inner) == "f" for inner in cell):
        raise Unreadable(
            _("Cell %(cell)s holds a formula. Put its value there as text.") % {"cell": cell.get("r") or "?"}
        )


def _plain_name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _as_wide_as_the_first(rows: list[list[Any]]) -> Iterator[list[str]]:
    width = 0
    for number, row in enumerate(rows, start=1):
        cells = _trimmed([restored(_text(value)) for value in row])
        width = width if number > 1 else len(cells)
        # A sheet leaves out the empty cells at the end of a row, and keeps some of those that were emptied.
        yield cells + [""] * (width - len(cells))


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        is_day = value.time() == datetime.time()
        return value.date().isoformat() if is_day else value.isoformat(timespec="seconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


# JSON -------------------------------------------------------------------------------------------------------------
def read_json(content: bytes) -> Table:
    """Read a list of objects whose values are plain.

    Raises:
        Unreadable: it is anything else; a name appears twice in one object; a number is not finite.
    """
    text = _decoded(content)
    try:
        rows = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant, parse_float=Decimal)
    except RecursionError as error:
        raise Unreadable(_("The JSON is nested too deeply.")) from error
    except ValueError as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(_("This is not JSON: %(why)s.") % {"why": str(error)[:200]}) from error
    if not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
        raise Unreadable(_("The JSON must be a list of objects, one for each record."))
    headers = list(dict.fromkeys(name for row in rows for name in row))
    return _table(
        [headers, *([_plain(row.get(name), name, number) for name in headers] for number, row in _numbered(rows))]
    )


def _numbered(rows: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    return enumerate(rows, start=2)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _value in pairs]
    twice = next((name for name in names if names.count(name) > 1), None) if len(names) <= MAX_COLUMNS else names[0]
    if twice is not None:
        raise Unreadable(_("“%(name)s” appears twice in one object.") % {"name": twice[:60]})
    return dict(pairs)


def _refuse_constant(name: str) -> Any:
    raise Unreadable(_("%(name)s is not a value.") % {"name": name})


def _plain(value: Any, name: str, number: int) -> str:
    if isinstance(value, dict | list):
        raise Unreadable(_("Row %(row)d, column “%(name)s”: write plain text.") % {"row": number, "name": name[:60]})
    return _text(value)
