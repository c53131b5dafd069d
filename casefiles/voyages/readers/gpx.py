"""Points of GPX tracks to fixes. A GPX names no radio, so whose track it is has to be said."""

import io
from collections.abc import Iterator
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from casefiles.voyages.readers.fixes import CannotRead, Fix, Log, Rejected
from casefiles.voyages.readers.options import Options
from casefiles.voyages.readers.times import iso_clock

POINTS = frozenset({"trkpt", "rtept", "wpt"})
KNOTS_PER_METRE_PER_SECOND = 3600 / 1852


class GpxReader:
    def __init__(self, options: Options, log: Log) -> None:
        if not options.mmsi:
            raise CannotRead("A GPX file does not say whose track it is: give the MMSI.")
        self._log, self._clock = log, iso_clock(options.utc_offset_min)
        try:
            self._mmsi = log.mmsi("MMSI", options.mmsi)
        except Rejected as refusal:
            raise CannotRead(f"The MMSI that was given: {refusal.reason}") from refusal

    def fixes(self, stream: io.IOBase) -> Iterator[Fix]:
        """Yield the points in their order; `row` is a point's number. A file that breaks off gives what it has."""
        count = 0
        try:
            for element in _points(stream):
                count += 1
                self._log.rows += 1
                fix = self._point(count, element)
                if fix is not None:
                    yield fix
        except ParseError as error:
            reason = f"The XML breaks off or is broken here ({str(error)[:80]}); what stood before was read."
            self._log.reject(count + 1, Rejected("XML", "", reason))
        except DefusedXmlException as error:
            raise CannotRead("This XML declares entities or a document type, and is not read.") from error

    def _point(self, row: int, element: Any) -> Fix | None:
        try:
            return self._fix(row, element)
        except Rejected as refusal:
            self._log.reject(row, refusal)
            return None

    def _fix(self, row: int, element: Any) -> Fix:
        values = {_plain(child.tag): child.text or "" for child in element.iter()}
        if "time" not in values:
            raise Rejected("time", "", "This point has no time.")
        latitude, longitude = _number("lat", element.get("lat", "")), _number("lon", element.get("lon", ""))
        self._log.position(latitude, longitude)
        epoch_s = self._log.instant("time", values["time"], self._clock(values["time"]))
        speed, course = values.get("speed", ""), values.get("course", "")
        return Fix(
            row,
            self._mmsi,
            epoch_s,
            latitude,
            longitude,
            self._log.speed(row, "speed", _number("speed", speed) * KNOTS_PER_METRE_PER_SECOND) if speed else None,
            self._log.course(row, "course", _number("course", course)) if course else None,
        )


def _points(stream: io.IOBase) -> Iterator[Any]:
    """Yield the points one after another; what lies behind is let go, or ten million of them would fill the memory."""
    above: list[Any] = []
    for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            above.append(element)
            continue
        above.pop()
        if _plain(element.tag) in POINTS:
            yield element
            if above:
                above[-1].clear()


def _plain(tag: Any) -> str:
    return str(tag).rpartition("}")[2].lower()


def _number(column: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise Rejected(column, text, "This is no number.") from error
