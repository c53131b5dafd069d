"""Rows of a table to fixes. A bad row is said and left out; a bad value is said, and its row is kept."""

import csv
from collections.abc import Callable, Iterable, Iterator

from casefiles.voyages.readers.columns import DMA, GENERIC, GFW, Layout
from casefiles.voyages.readers.fixes import Fix, Log, Rejected
from casefiles.voyages.readers.lines import LONGEST_LINE
from casefiles.voyages.readers.options import Options
from casefiles.voyages.readers.statuses import MOST, status_code
from casefiles.voyages.readers.times import Clock, clock_for, either_clock, iso_clock, national_clock

STATUS_NOT_DEFINED = 15
IDENTITY = ("imo", "name", "call_sign", "ship_type")

Check = Callable[[Log, int, str, float, str], float | int | None]


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
    """Reads the rows of one layout."""

    def __init__(self, layout: Layout, delimiter: str, options: Options, log: Log) -> None:
        self._layout, self._delimiter, self._log = layout, delimiter, log
        self._clock = clock_of(layout, options)
        self._mmsi = log.mmsi("MMSI", options.mmsi) if options.mmsi and "mmsi" not in layout.where else ""
        # Rows that follow one another often share a time; the first matches none.
        self._last_time, self._last_epoch_s = "\n", 0

    def fixes(self, lines: Iterable[tuple[int, str]]) -> Iterator[Fix]:
        log, read = self._log, self._read
        for row, line in lines:
            if not line.strip():
                continue
            log.rows += 1
            try:
                yield read(row, cells_of(line, self._delimiter))
            except Rejected as refusal:
                log.reject(row, refusal)

    def _read(self, row: int, cells: list[str]) -> Fix:
        where, log = self._layout.where, self._log
        if len(cells) <= where["latitude"] or len(cells) <= where["longitude"] or len(cells) <= where["time"]:
            raise Rejected("", self._delimiter.join(cells), f"This row has only {len(cells)} cells.")
        # First what may be left out, so that it is counted also in rows that are.
        moving = (
            self._value(row, cells, "speed", Log.speed),
            self._value(row, cells, "course", Log.course),
            self._value(row, cells, "heading", Log.heading),
            self._status(row, cells),
        )
        mmsi = self._mmsi or log.mmsi(self._layout.header("mmsi"), self._cell(cells, "mmsi"))
        epoch_s = self._instant(cells[where["time"]])
        latitude, longitude = self._number(cells, "latitude"), self._number(cells, "longitude")
        log.position(latitude, longitude)
        self._note_identity(row, mmsi, cells)
        return Fix(row, mmsi, epoch_s, latitude, longitude, *moving)  # type: ignore[arg-type]

    def _instant(self, text: str) -> int:
        if text == self._last_time:
            return self._last_epoch_s
        header = self._layout.header("time")
        try:
            epoch_s = self._clock(text)
        except Rejected as refusal:
            raise Rejected(header, text, refusal.reason) from refusal
        self._last_epoch_s = self._log.instant(header, text, epoch_s)
        self._last_time = text
        return epoch_s

    def _cell(self, cells: list[str], name: str) -> str:
        index = self._layout.where.get(name, -1)
        return cells[index] if 0 <= index < len(cells) else ""

    def _number(self, cells: list[str], name: str) -> float:
        text = cells[self._layout.where[name]]
        try:
            return self._float(text)
        except ValueError as error:
            reason = "There is no position in this row." if not text.strip() else "This is no number of degrees."
            raise Rejected(self._layout.header(name), text, reason) from error

    def _float(self, text: str) -> float:
        # Python reads 1_000 as a number, and a decimal comma as none.
        if "_" in text:
            raise ValueError(text)
        if "," in text:
            text = text.replace(",", ".")
        return float(text)

    def _value(self, row: int, cells: list[str], name: str, check: Check) -> float | int | None:
        index = self._layout.where.get(name, -1)
        text = cells[index] if 0 <= index < len(cells) else ""
        if not text or text.isspace():
            return None
        try:
            value = self._float(text)
        except ValueError:
            self._log.leave_out(row, self._layout.header(name), text, "This is no number.")
            return None
        return check(self._log, row, self._layout.headers[index], value, text)

    def _status(self, row: int, cells: list[str]) -> int | None:
        text = self._cell(cells, "status")
        if not text or text.isspace():
            return None
        code = status_code(text)
        if code is None:
            self._log.leave_out(
                row, self._layout.header("status"), text, f"A navigational status is 0 to {MOST}, or its words."
            )
        return None if code == STATUS_NOT_DEFINED else code

    def _note_identity(self, row: int, mmsi: str, cells: list[str]) -> None:
        imo, name, call_sign, ship_type = (self._cell(cells, field) for field in IDENTITY)
        if imo or name or call_sign:
            header = self._layout.header("imo")
            self._log.identity(row, mmsi, (header, imo), name, call_sign, ship_type)
