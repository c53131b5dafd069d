"""Making a cell harmless to a spreadsheet, and reading it back (R29).

A spreadsheet takes a cell for a formula by its first character, some also after a mark, a space or a quote. Such a cell
gets an apostrophe in front, which spreadsheets show as text; `restored` takes exactly that one away again.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# What begins a formula, a command or a second cell, in ASCII and in full width.
TRIGGERS = "=+-@|%\t\r\n＝＋－＠｜％"
# What programs skip before they look: marks without width, spaces, quotes, and separators of other dialects.
SKIPPED = "\ufeff\u200b\u200e\u200f\u2060\u00a0\u3000 '\"‘’“”`;,"
_RISKY = re.compile(f"[{re.escape(SKIPPED)}]*[{re.escape(TRIGGERS)}]")


def is_risky(text: str) -> bool:
    """Say whether a spreadsheet might take the text for more than text."""
    return _RISKY.match(text) is not None


def neutralised(text: str) -> str:
    """Return the text with an apostrophe in front where it is risky, and as it is elsewhere."""
    return f"'{text}" if is_risky(text) else text


def restored(text: str) -> str:
    """Return what `neutralised` was given; what it never produced comes back as it is."""
    return text[1:] if text.startswith("'") and is_risky(text[1:]) else text


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return CSV as RFC 4180 has it, in UTF-8 with a mark, by which spreadsheets know it; every cell neutralised."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([neutralised(header) for header in headers])
    writer.writerows([neutralised(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
