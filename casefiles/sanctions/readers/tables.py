"""Rows of a table in a text file, also with line breaks inside quotes; a quote that never closes costs one row.

A file that ends in the middle of a row was cut: then nothing of it is believed.
"""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from casefiles.evidence.readers.encodings import encoding_of
from casefiles.evidence.readers.findings import NotParsed
from casefiles.sanctions.readers.entries import Log, Rejected

SAMPLE_BYTES = 256 * 1024
LONGEST_LINE = 1024 * 1024
# How far down the closing quote of a cell may stand; the longest statements of reasons have some dozens of lines.
MOST_LINES = 300
CUT = "it ends in the middle of a row: the file was cut. Fetch it again"
Row = tuple[int, list[str]]


def text_of(file: BinaryIO, encoding: str = "") -> io.TextIOWrapper:
    """Return the text of a file from its start, in the encoding that its beginning shows."""
    file.seek(0)
    found, _is_certain = encoding_of(file.read(SAMPLE_BYTES), encoding)
    file.seek(0)
    return io.TextIOWrapper(file, found, errors="replace", newline="")


def lines_of(text: io.TextIOWrapper) -> Iterator[tuple[int, str]]:
    """Yield lines with their numbers, from 1; old systems end a file with a mark of its own (U+001A).

    Raises:
        NotParsed: a line is longer than is read.
    """
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            raise NotParsed("a line of it is longer than a million characters, more than is read")
        yield number, line.replace("\x00", "").replace("\x1a", "")


def delimiter_of(line: str) -> str:
    return max(",;\t|", key=line.count)


def rows_of(lines: Iterable[tuple[int, str]], delimiter: str, columns: int, log: Log) -> Iterator[Row]:
    """Yield rows of `columns` cells with the number of their first line.

    Raises:
        NotParsed: the last row is cut.
    """
    waiting = _Waiting(lines)
    while waiting.peek():
        held = waiting.peek_row()
        if held is None:
            _pass_over(waiting, delimiter, columns, log)
            continue
        number, text = held[0][0], "".join(line for _number, line in held)
        cells = _cells(text, delimiter)
        # A quote that never closes runs on to the next one, in another row: that row is not lost with it.
        waiting.drop(len(held) if len(cells) == columns else 1)
        if len(cells) == columns:
            yield number, cells
        elif not text.strip():
            continue
        elif len(cells) < columns and not waiting.peek() and not text.endswith(("\n", "\r")):
            raise NotParsed(CUT)
        else:
            log.rows += 1
            log.reject(number, Rejected("", text, f"This row has {len(cells)} cells where {columns} belong."))


def _pass_over(waiting: "_Waiting", delimiter: str, columns: int, log: Log) -> None:
    """Pass over a line whose quote never closes, where whole rows follow it; else the file was cut there."""
    number, line = waiting.first()
    if not any(
        len(_cells(text, delimiter)) == columns for _number, text in waiting.behind() if text.count('"') % 2 == 0
    ):
        raise NotParsed(CUT)
    waiting.drop(1)
    log.rows += 1
    log.reject(number, Rejected("", line, "The quotes in this row do not close."))


def _cells(text: str, delimiter: str) -> list[str]:
    stripped = text.rstrip("\r\n")
    if '"' not in stripped:
        return stripped.split(delimiter)
    try:
        return next(csv.reader(io.StringIO(stripped, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


class _Waiting:
    """Lines that were read ahead: as many as one row may take."""

    def __init__(self, lines: Iterable[tuple[int, str]]) -> None:
        self._lines = iter(lines)
        self._held: deque[tuple[int, str]] = deque()

    def peek(self) -> bool:
        return self._fill(1) > 0

    def first(self) -> tuple[int, str]:
        return self._held[0]

    def behind(self) -> list[tuple[int, str]]:
        return list(self._held)[1:]

    def drop(self, count: int) -> None:
        for _turn in range(count):
            self._held.popleft()

    def peek_row(self) -> list[tuple[int, str]] | None:
        """Return the lines of the next row; None where a quote in it does not close."""
        quotes = 0
        for index in range(MOST_LINES):
            if self._fill(index + 1) <= index:
                return None
            quotes += self._held[index][1].count('"')
            if quotes % 2 == 0:
                return [self._held[turn] for turn in range(index + 1)]
        return None

    def _fill(self, count: int) -> int:
        while len(self._held) < count:
            line = next(self._lines, None)
            if line is None:
                break
            self._held.append(line)
        return len(self._held)
