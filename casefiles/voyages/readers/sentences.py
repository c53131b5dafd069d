"""Raw AIS sentences to fixes: checksums verified here, parts put together, times from tag blocks or said apart.

pyais decodes a sentence whose checksum is wrong without a word, so that no sentence reaches it unchecked.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from casefiles.voyages.readers.fixes import CannotRead, Fix, Log, Rejected
from casefiles.voyages.readers.options import Options

SENTENCE = re.compile(r"[!$][A-Z]{2}VD[MO],[^*\s]*\*[0-9A-Fa-f]{2}")
BEGINNING = re.compile(r"[!$][A-Z]{2}VD[MO],")
_TAG_BLOCK = re.compile(r"\\([^\\*]*)\*([0-9A-Fa-f]{2})\\")
_TAG_TIME = re.compile(r"(?:^|,)c:(\d{10,13})(?:,|$)")
# What follows a sentence in the logs of some stations: a comma and seconds since 1970.
_TIME_BEHIND = re.compile(r"\*[0-9A-Fa-f]{2}(?:,[^,\s]*)*?,(\d{10})\s*$")
# Sentences whose other parts never come must not fill the memory.
MOST_OPEN, MOST_PARTS = 1_000, 9
# Ships, aircraft, and the stations and buoys that tell where they stand.
POSITIONS = frozenset({1, 2, 3, 4, 9, 11, 18, 19, 21, 27})
STATIC = frozenset({5, 19, 24})
STATUS_NOT_DEFINED = 15
TOO_SHORT = "The message cannot be decoded: its payload is too short, or of no known type."
# The long-range message rounds: 63 knots and 511 degrees stand for "none".
_LONG_RANGE, _LONG_RANGE_SPEED, _LONG_RANGE_COURSE = 27, 63, 511


class Part(NamedTuple):
    row: int
    text: str
    total: int
    number: int
    key: tuple[str, str, str]


def checksum(between: str) -> str:
    """Return the exclusive or of the characters between ! and *, as two hexadecimal digits."""
    value = 0
    for byte in between.encode("ascii", "replace"):
        value ^= byte
    return f"{value:02X}"


def checked(line: str) -> str:
    """Return the sentence in a line, its checksum verified; nothing where the line holds none.

    Raises:
        Rejected: it is broken off, or its checksum is another one.
    """
    begun = BEGINNING.search(line)
    if begun is None:
        return ""
    found = SENTENCE.match(line, begun.start())
    if found is None:
        raise Rejected("sentence", line[begun.start() :], "The sentence has no checksum, or is broken off.")
    sentence = found[0]
    expected = checksum(sentence[1:-3])
    if expected != sentence[-2:].upper():
        reason = f"The checksum says {sentence[-2:].upper()}, the sentence itself gives {expected}: it was damaged."
        raise Rejected("checksum", sentence, reason)
    return sentence


def time_in(line: str) -> int | None:
    """Return the time that a line carries beside its sentence, in seconds since 1970.

    Raises:
        Rejected: the tag block that holds it has another checksum.
    """
    block = _TAG_BLOCK.search(line)
    if block and (found := _TAG_TIME.search(block[1])):
        if checksum(block[1]) != block[2].upper():
            raise Rejected("tag block", block[0], "The checksum of the tag block is another one: it was damaged.")
        value = int(found[1])
        return value // 1000 if value > 10**11 else value
    behind = _TIME_BEHIND.search(line)
    return int(behind[1]) if behind else None


class SentenceReader:
    def __init__(self, options: Options, log: Log) -> None:
        import pyais  # some megabytes of every worker, that only a file of raw sentences should take
        from pyais.exceptions import AISBaseException

        # What a radio sends may be anything; the library raises its own errors, and Python's for short payloads.
        self._errors = (AISBaseException, ValueError, IndexError, TypeError, KeyError, OverflowError)
        self._decode = pyais.decode
        self._log = log
        self._given_s = int(options.received_at.timestamp()) if options.received_at else None
        self._open: OrderedDict[tuple[str, str, str], dict[int, Part]] = OrderedDict()
        self._times: dict[tuple[str, str, str], int] = {}

    def fixes(self, lines: Iterable[tuple[int, str]]) -> Iterator[Fix]:
        """Yield the positions of message types 1 to 4, 9, 11, 18, 19, 21 and 27.

        Raises:
            CannotRead: a position has no time, and none was said apart.
        """
        for row, line in lines:
            try:
                fix = self._line(row, line)
            except Rejected as refusal:
                self._log.reject(row, refusal)
                continue
            if fix is not None:
                yield fix
        for parts in self._open.values():
            self._give_up(parts)

    def _line(self, row: int, line: str) -> Fix | None:
        if line.lstrip().startswith("#"):
            return None
        sentence = checked(line)
        if not sentence:
            return None
        self._log.rows += 1
        part = _part(row, sentence)
        seen_s = time_in(line)
        if seen_s is not None:
            self._times[part.key] = seen_s
        whole = [part] if part.total == 1 else self._put_together(part)
        if not whole:
            return None
        epoch_s = self._times.pop(part.key, self._given_s)
        message = self._decoded(whole)
        return self._fix(whole[0].row, message, epoch_s)

    def _put_together(self, part: Part) -> list[Part]:
        """Return all parts of a sentence once the last has come; until then nothing."""
        held = self._open.get(part.key, {})
        if part.number in held or any(other.total != part.total for other in held.values()):
            # The number is used again: the earlier sentence was never finished.
            self._give_up(self._open.pop(part.key))
            held = {}
        held[part.number] = part
        if len(held) == part.total:
            self._open.pop(part.key, None)
            return [held[number] for number in sorted(held)]
        self._open[part.key] = held
        if len(self._open) > MOST_OPEN:
            key, oldest = self._open.popitem(last=False)
            self._times.pop(key, None)
            self._give_up(oldest)
        return []

    def _give_up(self, parts: dict[int, Part]) -> None:
        first = min(parts.values())
        reason = f"Only {len(parts)} of {first.total} parts of this sentence came."
        self._log.reject(first.row, Rejected("sentence", first.text, reason))

    def _decoded(self, parts: list[Part]) -> Any:
        try:
            return self._decode(*(part.text for part in parts))
        except self._errors as error:
            raise Rejected("payload", parts[0].text, TOO_SHORT) from error

    def _fix(self, row: int, message: Any, epoch_s: int | None) -> Fix | None:
        kind = int(message.msg_type)
        if message.mmsi is None or (kind in POSITIONS and message.lat is None):
            raise Rejected("payload", str(message.msg_type), TOO_SHORT)
        mmsi = f"{int(message.mmsi):09d}"
        if kind in STATIC:
            self._note_identity(row, mmsi, message)
        if kind not in POSITIONS:
            return None
        if epoch_s is None:
            raise CannotRead("These sentences carry no time: say when they were received.")
        mmsi = self._log.mmsi("MMSI", mmsi)
        latitude, longitude = float(message.lat), float(message.lon)
        self._log.position(latitude, longitude)
        epoch_s = self._log.instant("time", str(epoch_s), epoch_s)
        return Fix(row, mmsi, epoch_s, latitude, longitude, *self._moving(row, kind, message))

    def _moving(self, row: int, kind: int, message: Any) -> tuple[float | None, float | None, int | None, int | None]:
        """Return speed, course, heading and navigational status, each where it was sent."""
        speed, course = _speed_and_course(kind, message)
        heading, status = getattr(message, "heading", None), getattr(message, "status", None)
        return (
            None if speed is None else self._log.speed(row, "speed", speed),
            None if course is None else self._log.course(row, "course", course),
            None if heading is None else self._log.heading(row, "heading", float(heading)),
            None if status is None or int(status) == STATUS_NOT_DEFINED else int(status),
        )

    def _note_identity(self, row: int, mmsi: str, message: Any) -> None:
        imo = str(getattr(message, "imo", "") or "")
        name, call_sign = (_text(getattr(message, name, "")) for name in ("shipname", "callsign"))
        ship_type = str(int(getattr(message, "ship_type", 0) or 0))
        self._log.identity(row, mmsi, "IMO", (imo, name, call_sign, "" if ship_type == "0" else ship_type))


def _speed_and_course(kind: int, message: Any) -> tuple[float | None, float | None]:
    """Return speed and course as sent, in knots and degrees, where the long-range "none" is left out."""
    speed, course = getattr(message, "speed", None), getattr(message, "course", None)
    if speed is None or course is None:
        return None, None
    speed, course = float(speed), float(course)
    if kind != _LONG_RANGE:
        return speed, course
    return (None if speed >= _LONG_RANGE_SPEED else speed), (None if course >= _LONG_RANGE_COURSE else course)


def _text(value: Any) -> str:
    return str(value or "").replace("@", "").strip()


def _part(row: int, sentence: str) -> Part:
    fields = sentence[:-3].split(",")
    if len(fields) != 7 or not fields[1].isdigit() or not fields[2].isdigit():
        raise Rejected("sentence", sentence, "The sentence does not have the seven fields of an AIS message.")
    count, number = int(fields[1]), int(fields[2])
    if not 1 <= number <= count <= MOST_PARTS:
        raise Rejected("sentence", sentence, "The sentence says that it is a part that cannot be.")
    return Part(row, sentence, count, number, (fields[0], fields[3], fields[4]))
