"""Writing a table: XLSX for people, with every risky cell neutralised as in CSV; JSON for machines, exact."""

import datetime
import io
import itertools
import json
from collections.abc import Iterable, Sequence

import xlsxwriter

from casefiles.core.folding import visible_controls
from casefiles.core.neutral import neutralised

# Excel's limit; a longer text is exact in CSV and JSON.
XLSX_CELL = 32_767
# The same for every file, so that none tells when or by whom it was made.
EPOCH = datetime.datetime(2000, 1, 1)


def write_json(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a list of objects, every value as text and exact."""
    objects = [dict(zip(headers, row, strict=True)) for row in rows]
    return json.dumps(objects, ensure_ascii=False, indent=1).encode()


def write_xlsx(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a workbook of one sheet in which every cell is text, and which names nobody."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        book.set_properties({"created": EPOCH})
        sheet = book.add_worksheet("Records")
        for number, row in enumerate(itertools.chain([headers], rows)):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, _for_sheet(cell))
    return out.getvalue()


def _for_sheet(text: str) -> str:
    # XML cannot hold control characters: they are shown, as on our pages.
    kept = "".join(one if one in "\t\n\r" or ord(one) >= 32 else visible_controls(one) for one in text)
    return neutralised(kept)[:XLSX_CELL]
