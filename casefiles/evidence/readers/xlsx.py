"""An Excel workbook (XLSX): its sheets with their values as they were last saved; nothing is computed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

import python_calamine

from casefiles.evidence.readers import office, xml_trees
from casefiles.evidence.readers.findings import PAGE_BREAK, TEXT_LENGTH, Findings, Frame, Plain, text_frame
from casefiles.evidence.readers.zips import MEBIBYTE, StrictZip

MADE_BY = "calamine (python-calamine), Casefiles XLSX reader 1"
_MOST_SHEETS = 200
_MOST_CELLS = 4_000_000
_SHEET_BYTES = 96 * MEBIBYTE
_LINK_BYTES = MEBIBYTE
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]{0,200}\s)?r="([A-Z]{1,3})([0-9]{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ERRORS = (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.ZipError)
_HIDDEN = {"hidden": "hidden", "veryHidden": "hidden from the menu too"}


@dataclass(frozen=True)
class _Sheet:
    """A sheet as the workbook lists it; `rows` and `columns` are the last that hold something."""

    name: str
    state: str
    part: str
    rows: int = 0
    columns: int = 0
    formulas: int = 0
    is_too_large: bool = False

    def plain(self) -> dict[str, Plain]:
        return {
            "kind": "sheet", "name": self.name, "rows": self.rows, "columns": self.columns, "formulas": self.formulas,
            "is_hidden": self.state in _HIDDEN,
        }  # fmt: skip


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield what is found, and the values: a sheet a page, a row a line, cells parted by tabs.

    Raises:
        NotParsed: its ZIP is torn, ambiguous or a bomb, or its list of sheets is missing or damaged.
    """
    package = office.opened(file)
    sheets = [_measured(package, sheet) for sheet in _listed(package)]
    outward = office.ties(package)
    texts, is_whole = _texts(file, sheets)
    formulas = sum(sheet.formulas for sheet in sheets)
    measured: dict[str, Plain] = {"sheets": len(sheets), "formulas": formulas, "entries": len(package.entries)}
    warnings = [*office.warnings_of(package, outward), *_warnings(package, sheets, is_whole=is_whole)]
    yield Findings(
        "XLSX",
        measured,
        tuple(office.property_claims(package)),
        (*(sheet.plain() for sheet in sheets), *outward, *office.listed(package)),
        tuple(dict.fromkeys(warnings)),
    ).frame()
    if any(text.strip() for text in texts):
        yield text_frame(PAGE_BREAK.join(texts), made_by=MADE_BY)


# --- The list of sheets ---------------------------------------------------------------------------------------------


def _listed(package: StrictZip) -> list[_Sheet]:
    main = office.main_part(package)
    workbook = office.part_root(package, main)
    parts = {
        identifier: name
        for word in ("worksheet", "macrosheet", "xlMacrosheet", "chartsheet", "dialogsheet")
        for identifier, name in office.related(package, main, word).items()
    }
    return [
        _Sheet(
            name=xml_trees.attribute(sheet, "name"),
            state=xml_trees.attribute(sheet, "state"),
            part=parts.get(xml_trees.attribute(sheet, "id"), ""),
        )
        for sheet in list(xml_trees.children(workbook, "sheet"))[:_MOST_SHEETS]
    ]


def _measured(package: StrictZip, sheet: _Sheet) -> _Sheet:
    """Return a sheet with its extent and formulas, counted without building it: one cell may claim a million rows."""
    entry = package.entry(sheet.part)
    if entry is None:
        return sheet
    if entry.size_bytes > _SHEET_BYTES:
        return _Sheet(sheet.name, sheet.state, sheet.part, is_too_large=True)
    rows = columns = formulas = 0
    for piece in _pieces(package.chunks(entry)):
        formulas += len(_FORMULA.findall(piece))
        for letters, number in _CELL.findall(piece):
            rows, columns = max(rows, int(number)), max(columns, _column(letters))
    is_too_large = rows * columns > _MOST_CELLS
    return _Sheet(sheet.name, sheet.state, sheet.part, rows, columns, formulas, is_too_large)


def _pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield XML in pieces that never part an element's own brackets."""
    rest = b""
    for chunk in chunks:
        content = rest + chunk
        cut = content.rfind(b"<")
        # A bracket that opens and never closes is kept no longer than any real one.
        cut = cut if cut >= len(content) - 10_000 and cut > 0 else len(content)
        rest = content[cut:]
        yield content[:cut]
    yield rest


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


# --- Values ---------------------------------------------------------------------------------------------------------


def _texts(file: BinaryIO, sheets: list[_Sheet]) -> tuple[list[str], bool]:
    """Return the text of each sheet, and whether all there is was read."""
    file.seek(0)
    try:
        workbook = python_calamine.CalamineWorkbook.from_object(file)
    except _ERRORS:
        return [], False
    texts, room, is_whole = [], TEXT_LENGTH, True
    for sheet in sheets:
        text, is_all = ("", False) if sheet.is_too_large else _text(workbook, sheet, room)
        texts.append(text)
        room -= len(text)
        is_whole = is_whole and is_all
    return texts, is_whole


def _text(workbook: Any, sheet: _Sheet, room: int) -> tuple[str, bool]:
    """Return a sheet's rows as lines, from the first row and column on, so that each stands where its number says."""
    try:
        values = workbook.get_sheet_by_name(sheet.name)
        start = values.start
    except (*_ERRORS, python_calamine.WorksheetNotFound):
        return "", False
    if start is None:
        return "", True
    lines: list[str] = []
    length = 0
    # Rows come from the sheet's first on, cells from the first column that holds something.
    for row in values.iter_rows():
        line = "\t".join([*[""] * start[1], *map(_shown, row)]).rstrip("\t")
        length += len(line) + 1
        if length > room:
            return "\n".join(lines), False
        lines.append(line)
    return "\n".join(lines), True


def _shown(value: Any) -> str:
    """Return a value as text; dates in ISO 8601, as a workbook has no zone, without one."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return " ".join(str(value).split())


def _warnings(package: StrictZip, sheets: list[_Sheet], *, is_whole: bool) -> Iterator[str]:
    if any(sheet.formulas for sheet in sheets):
        yield "It holds formulas. The values are those stored when it was last saved; nothing was computed."
    if any(sheet.state in _HIDDEN for sheet in sheets):
        yield "Some of its sheets are hidden; they are read all the same."
    if not is_whole:
        yield "Not all of its values were read: a sheet is damaged, or claims more cells or text than is read."
    links = [entry for entry in package.entries if entry.name.lower().startswith("xl/externallinks/")]
    if any(not entry.name.endswith(".rels") for entry in links):
        yield "It takes values from another workbook."
    if any(_is_dde(package, entry.name) for entry in links if entry.size_bytes <= _LINK_BYTES):
        yield "It would start another program to fetch a value (DDE)."


def _is_dde(package: StrictZip, name: str) -> bool:
    content = package.read(name, _LINK_BYTES)
    return b"ddeLink" in content or b"oleLink" in content
