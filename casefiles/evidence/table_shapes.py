"""Whether a text is a table, and what parts its cells. Pure: looks at the shape of the first lines, knows no Django."""

import csv
import io
import re
from collections import Counter

DELIMITERS = ("\t", ";", ",", "|")
_LINES = 30
_LONGEST = 4_000
# The radio messages of ships (NMEA 0183) are parted by commas, and no table.
_SENTENCE = re.compile(r"\s*[!$][A-Z]{5},")
# Prose has commas too: with those, more lines must agree.
_FEWEST = {",": 3, "|": 2, ";": 2, "\t": 2}


def delimiter_of(sample: str, *, is_cut: bool = False) -> str:
    """Return what parts the cells of a table, or nothing where it is none; `is_cut`: the last line may be torn."""
    found = {delimiter: _columns(sample, delimiter, is_cut=is_cut) for delimiter in DELIMITERS}
    best = max(found, key=lambda delimiter: found[delimiter])
    return best if found[best] > 1 else ""


def _columns(sample: str, delimiter: str, *, is_cut: bool) -> int:
    """Return the number of columns where nearly all rows have the same, more than one; else 0."""
    rows = _rows(sample, delimiter, is_cut=is_cut)
    if (
        len(rows) < _FEWEST[delimiter]
        or _SENTENCE.match(sample)
        or any(len(cell) > _LONGEST for row in rows for cell in row)
    ):
        return 0
    columns, count = Counter(map(len, rows)).most_common(1)[0]
    is_regular = count >= 0.9 * len(rows)
    return columns if columns > 1 and is_regular and not _is_prose(rows, delimiter) else 0


def _rows(sample: str, delimiter: str, *, is_cut: bool) -> list[list[str]]:
    try:
        rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        return []
    return (rows[:-1] if is_cut else rows)[:_LINES]


def _is_prose(rows: list[list[str]], delimiter: str) -> bool:
    """Say whether what looks like cells are the parts of sentences: a space behind nearly every comma."""
    if delimiter not in {",", ";"}:
        return False
    behind = [cell for row in rows for cell in row[1:] if cell]
    return bool(behind) and sum(cell.startswith(" ") for cell in behind) > 0.6 * len(behind) and len(rows[0]) < 4
