"""Rows of a table to fixes. A bad row is said and left out; a bad value is said, and its row is kept."""

import csv
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Any

from casefiles.voyages.readers.columns import DMA, GENERIC, GFW, Layout
from casefiles.voyages.readers.fixes import Fix, Log, Rejected
from casefiles.voyages.readers.lines import LONGEST_LINE
from casefiles.voyages.readers.options import Options
from casefiles.voyages.readers.statuses import MOST, status_code
from casefiles.voyages.readers.times import Clock, clock_for, either_clock, iso_clock, national_clock

STATUS_NOT_DEFINED = 15
IDENTITY = ("imo", "name", "call_sign", "ship_type")

Check = Callable[[Log, int, str, str], float | int | None]


def number(text: str) -> float:
    """Return a number, also one with a decimal comma.

    Raises:
        ValueError: it is none. Python itself would take 1_000 for one.
    """
    if "," in text or "_" in text:
        text = text.replace(",", ".").replace("_", "?")
    return float(text)


def _checked(rule: Callable[[Log, int, str, float, str], float | int | None]) -> Check:
    def check(log: Log, row: int, header: str, text: str) -> float | int | None:
        try:
            value = number(text)
        except ValueError:
            log.leave_out(row, header, text, "This is no number.")
            return None
        return rule(log, row, header, value, text)

    return check


def _status(log: Log, row: int, header: str, text: str) -> int | None:
    code = status_code(text)
    if code is None:
        log.leave_out(row, header, text, f"A navigational status is 0 to {MOST}, or its words.")
    return None if code == STATUS_NOT_DEFINED else code


# In the order of Fix, behind the position.
MOVING: tuple[tuple[str, Check], ...] = (
    ("speed", _checked(Log.speed)),
    ("course", _checked(Log.course)),
    ("heading", _checked(Log.heading)),
    ("status", _status),
)
MOST_KNOWN = 20_000


def cells_of(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line. Line by line, so that a quote that is never closed costs one row.

    Raises:
        Rejected: the line is no row of a table.
    """
    if len(line) >= LONGEST_LINE:
        raise Rejected("", line, f"This line is longer than {LONGEST_LINE:,} characters.")
    if '"' not in line:
        return line.rstrip("\r\n").split(delimiter)
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration) as error:
        raise Rejected("", line, "The quotes in this line do not close.") from error


def delimiter_of(line: str) -> str:
    """Return what separates the headers: a comma, a semicolon or a tab, whichever there are most of."""
    return max(",;\t", key=line.count)


def clock_of(layout: Layout, options: Options) -> Clock:
    if layout.format == DMA:
        return national_clock(is_day_first=True)
    if layout.format == GFW:
        return either_clock()
    if layout.format == GENERIC:
        return clock_for(options.time_order, options.utc_offset_min)
    return iso_clock()


class TableReader:
    """Reads the rows of one layout.

    A day of AIS repeats itself: what was read once is looked up by its text, which is three times as quick.
    """

    def __init__(self, layout: Layout, delimiter: str, options: Options, log: Log) -> None:
        self._layout, self._delimiter, self._log = layout, delimiter, log
        self._clock = clock_of(layout, options)
        where = layout.where
        self._mmsi = log.mmsi("MMSI", options.mmsi) if options.mmsi and "mmsi" not in where else ""
        self._mmsi_at = where.get("mmsi", 0)
        self._place_and_time = itemgetter(where["latitude"], where["longitude"], where["time"])
        self._moving = [(where[name], check, {}) for name, check in MOVING if name in where]
        self._moving_places = [place for place, (name, _check) in enumerate(MOVING) if name in where]
        self._identity_at = [where.get(name, -1) for name in IDENTITY]
        # Rows that follow one another often share a time; the first matches none.
        self._last_time, self._last_epoch_s = "\n", 0

    def fixes(self, lines: Iterable[tuple[int, str]]) -> Iterator[Fix]:
        log, read, delimiter = self._log, self._read, self._delimiter
        for row, line in lines:
            if line.isspace():
                continue
            log.rows += 1
            try:
                yield read(row, cells_of(line, delimiter))
            except Rejected as refusal:
                log.reject(row, refusal)

    def _read(self, row: int, cells: list[str]) -> Fix:
        try:
            latitude_text, longitude_text, time_text = self._place_and_time(cells)
            mmsi_text = cells[self._mmsi_at]
        except IndexError as error:
            text = self._delimiter.join(cells)
            raise Rejected("", text, f"This row has only {len(cells)} cells.") from error
        # First what may be left out, so that it is counted also in rows that are.
        moving = self._values(row, cells)
        mmsi = self._mmsi or self._log.mmsi(self._layout.headers[self._mmsi_at], mmsi_text)
        epoch_s = self._last_epoch_s if time_text == self._last_time else self._instant(time_text)
        latitude, longitude = self._degrees("latitude", latitude_text), self._degrees("longitude", longitude_text)
        if not (-90.0 <= latitude <= 90.0 and -180.0 <= longitude <= 180.0):
            self._log.position(latitude, longitude)
        self._note_identity(row, mmsi, cells)
        return Fix(row, mmsi, epoch_s, latitude, longitude, *moving)

    def _values(self, row: int, cells: list[str]) -> list[Any]:
        """Return speed, course, heading and status, each None where it is not available."""
        values: list[Any] = [None] * len(MOVING)
        count = len(cells)
        for place, (index, check, known) in zip(self._moving_places, self._moving, strict=True):
            text = cells[index] if index < count else ""
            value = known.get(text)
            if value is None and text and not text.isspace():
                value = check(self._log, row, self._layout.headers[index], text)
                if value is not None and len(known) < MOST_KNOWN:
                    known[text] = value
            values[place] = value
        return values

    def _instant(self, text: str) -> int:
        header = self._layout.header("time")
        try:
            epoch_s = self._clock(text)
        except Rejected as refusal:
            raise Rejected(header, text, refusal.reason) from refusal
        self._last_epoch_s = self._log.instant(header, text, epoch_s)
        self._last_time = text
        return epoch_s

    def _degrees(self, name: str, text: str) -> float:
        try:
            return number(text)
        except ValueError as error:
            reason = "This is no number of degrees." if text.strip() else "There is no position in this row."
            raise Rejected(self._layout.header(name), text, reason) from error

    def _note_identity(self, row: int, mmsi: str, cells: list[str]) -> None:
        count = len(cells)
        said = tuple([cells[index] if -1 < index < count else "" for index in self._identity_at])
        if said[0] or said[1] or said[2]:
            self._log.identity(row, mmsi, self._layout.header("imo"), said)
