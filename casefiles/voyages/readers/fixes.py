"""What a position file gives: fixes, what ships say of themselves, and what was wrong in which row and column."""

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from casefiles.core.folding import visible_controls
from casefiles.core.identifiers import InvalidIdentifier, parse_imo_ship, parse_mmsi

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
# The first trials of AIS; an earlier time is a clock that was never set.
EARLIEST_S = int((datetime.datetime(1994, 1, 1, tzinfo=datetime.UTC) - EPOCH).total_seconds())
VALUE_SHOWN = 80
Key = TypeVar("Key")
Value = TypeVar("Value")
# A file of nothing but new numbers must not fill the memory.
MOST_REMEMBERED = 100_000
# Radios send this or more where they have no turn, speed, course or heading to tell (ITU-R M.1371).
SPEED_NOT_AVAILABLE, COURSE_NOT_AVAILABLE, HEADING_NOT_AVAILABLE = 102.3, 360.0, 511
LATITUDE_NOT_AVAILABLE, LONGITUDE_NOT_AVAILABLE = 91.0, 181.0
STATUS_NOT_DEFINED = 15


class Identity(NamedTuple):
    """What a radio says of the ship that carries it; self-reported, never a fact about a hull."""

    imo_number: str = ""
    name: str = ""
    call_sign: str = ""
    ship_type: str = ""


class Fix(NamedTuple):
    """One position: `row` is its line (or, in GPX, its ordinal) in the file; None is "not available"."""

    row: int
    mmsi: str
    epoch_s: int
    latitude: float
    longitude: float
    speed_kn: float | None = None
    course_deg: float | None = None
    heading_deg: int | None = None
    status: int | None = None


class Problem(NamedTuple):
    """What was wrong: the row was left out, or (`is_kept`) only the one value."""

    row: int
    column: str
    value: str
    reason: str
    is_kept: bool = False


class Rejected(Exception):
    """This row gives no position."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


class CannotRead(Exception):
    """The file as a whole is not of the format, or something has to be said first; the message tells what."""


@dataclass
class Log:
    """Collects what a reader has to say beside its fixes. Problems are counted all, and kept up to `most_problems`."""

    latest_s: int
    most_problems: int = 1_000
    rows: int = 0
    rejected: int = 0
    values_left_out: int = 0
    unavailable: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    identities: dict[tuple[str, Identity], int] = field(default_factory=dict)
    _mmsi: dict[str, str] = field(default_factory=dict)
    _imo: dict[str, str] = field(default_factory=dict)
    _said: dict[tuple[str, tuple[str, ...]], tuple[str, Identity]] = field(default_factory=dict)

    def reject(self, row: int, refusal: Rejected) -> None:
        self.rejected += 1
        self._keep(Problem(row, refusal.column, shown(refusal.value), refusal.reason))

    def leave_out(self, row: int, column: str, value: str, reason: str) -> None:
        """Note a value that is no such thing; the rest of its row is kept."""
        self.values_left_out += 1
        self._keep(Problem(row, column, shown(value), reason, is_kept=True))

    def _keep(self, problem: Problem) -> None:
        if len(self.problems) < self.most_problems:
            self.problems.append(problem)

    def mmsi(self, column: str, text: str) -> str:
        """Return the nine digits of a radio.

        Raises:
            Rejected: it is no MMSI, zero, or cut short: nothing is filled in.
        """
        known = self._mmsi.get(text)
        if known is None:
            known = _remembered(self._mmsi, text, _checked(column, text))
        return known

    def identity(self, row: int, mmsi: str, imo_column: str, said: tuple[str, ...]) -> None:
        """Note what a radio said of its ship: IMO number, name, call sign and ship type, as texts."""
        key = self._said.get((mmsi, said))
        if key is None:
            key = self._identity(row, mmsi, imo_column, said)
        if key in self.identities:
            self.identities[key] += 1
        elif key[1] != NOTHING_SAID and len(self.identities) < MOST_REMEMBERED:
            self.identities[key] = 1

    def _identity(self, row: int, mmsi: str, imo_column: str, said: tuple[str, ...]) -> tuple[str, Identity]:
        imo, name, call_sign, ship_type = said
        known = self._imo.get(imo)
        if known is None:
            known = _remembered(self._imo, imo, self._imo_number(row, imo_column, imo))
        words = (name.strip()[:60], call_sign.strip()[:20], ship_type.strip()[:20])
        return _remembered(self._said, (mmsi, said), (mmsi, Identity(known, *words)))

    def _imo_number(self, row: int, column: str, text: str) -> str:
        if text.strip().upper().removeprefix("IMO").strip(" 0:") in {"", "UNKNOWN", "NONE", "NULL"}:
            if text.strip():
                self.unavailable["IMO"] += 1
            return ""
        try:
            return parse_imo_ship(text)
        except InvalidIdentifier as error:
            self.leave_out(row, column, text, str(error.reason))
            return ""

    def position(self, latitude: float, longitude: float, column: str = "position") -> None:
        """Refuse what is not on Earth, and what radios send where they have no position.

        Raises:
            Rejected: as said.
        """
        if -90.0 <= latitude <= 90.0 and -180.0 <= longitude <= 180.0:
            return
        shown_value = f"{latitude:g}, {longitude:g}"
        if latitude == LATITUDE_NOT_AVAILABLE or longitude == LONGITUDE_NOT_AVAILABLE:
            self.unavailable["position"] += 1
            raise Rejected(column, shown_value, "The radio had no position (latitude 91 or longitude 181).")
        raise Rejected(column, shown_value, "A latitude lies between -90 and 90 degrees, a longitude -180 and 180.")

    def instant(self, column: str, text: str, epoch_s: int) -> int:
        """Return the time where a ship can have sent at it.

        Raises:
            Rejected: before AIS was, or later than now.
        """
        if EARLIEST_S <= epoch_s <= self.latest_s:
            return epoch_s
        reason = "lies in the future" if epoch_s > self.latest_s else "is earlier than AIS"
        raise Rejected(column, text, f"This time {reason}: the clock was wrong, or the cell holds something else.")

    def speed(self, row: int, column: str, value: float, text: str = "") -> float | None:
        """Return a speed in knots; 102.3 means that there is none, 102.2 that much or more."""
        if 0.0 <= value < SPEED_NOT_AVAILABLE:
            return value
        if value == SPEED_NOT_AVAILABLE:
            self.unavailable["speed"] += 1
        else:
            self.leave_out(row, column, text or f"{value:g}", "A speed over ground is 0 to 102.2 knots.")
        return None

    def course(self, row: int, column: str, value: float, text: str = "") -> float | None:
        if 0.0 <= value < COURSE_NOT_AVAILABLE:
            return value
        if value == COURSE_NOT_AVAILABLE:
            self.unavailable["course"] += 1
        else:
            self.leave_out(row, column, text or f"{value:g}", "A course over ground is 0 to 359.9 degrees.")
        return None

    def heading(self, row: int, column: str, value: float, text: str = "") -> int | None:
        if 0.0 <= value < 360.0:
            return int(value)
        if value == HEADING_NOT_AVAILABLE:
            self.unavailable["heading"] += 1
        else:
            self.leave_out(row, column, text or f"{value:g}", "A heading is 0 to 359 degrees.")
        return None


NOTHING_SAID = Identity()


def shown(value: str) -> str:
    """Return a cell as it may stand in a report: short, its control characters made visible."""
    return visible_controls(value[:VALUE_SHOWN].replace("\x00", "\N{SYMBOL FOR NULL}"))


def _remembered(known: dict[Key, Value], key: Key, value: Value) -> Value:
    if len(known) >= MOST_REMEMBERED:
        known.clear()
    known[key] = value
    return value


def _checked(column: str, text: str) -> str:
    try:
        return parse_mmsi(text).value
    except InvalidIdentifier as error:
        raise Rejected(column, text, str(error.reason)) from error
