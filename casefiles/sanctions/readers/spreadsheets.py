"""Rows of the first sheet of an OpenDocument spreadsheet that has any."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

import python_calamine

from casefiles.evidence.readers import office
from casefiles.evidence.readers.findings import NotParsed

_ERRORS = (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.ZipError)
Row = tuple[int, list[str]]


def rows_of(file: BinaryIO) -> Iterator[Row]:
    """Yield rows with their numbers, from 1, cells as text; days as ISO 8601.

    Raises:
        NotParsed: its ZIP is torn, ambiguous or a bomb, or it is no spreadsheet.
    """
    office.opened(file)
    file.seek(0)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(file)
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            found = False
            for number, cells in enumerate(sheet.iter_rows(), 1):
                found = found or any(cell != "" for cell in cells)
                yield number, [_text(cell) for cell in cells]
            if found:
                return
    except _ERRORS as error:
        raise NotParsed("it is no spreadsheet, or damaged") from error


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
