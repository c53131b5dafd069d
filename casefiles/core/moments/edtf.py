"""Read EDTF level 1, plus the sets `[a..b]` and `[a,b]`, into the earliest and latest days it allows.

The Extended Date/Time Format is specified by the Library of Congress: https://www.loc.gov/standards/datetime/
House rules on top: years run from 1000 to 9999, a time of day is kept to the second, in UTC where it has a zone, and
a choice of dates is at most 80 characters long.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from casefiles.core.moments.refusal import NotUnderstood

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
# Northern hemisphere, meteorological. Winter runs over the year's end: EDTF sorts it after autumn.
SEASON_FIRST_MONTH = {21: 3, 22: 6, 23: 9, 24: 12}
FIRST_YEAR, LAST_YEAR = 1000, 9999
LONGEST = 200
LONGEST_EDTF = 80

_DATE = re.compile(r"([0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-([0-9]{2}|XX)(?:-([0-9]{2}|[0-9]X|XX))?)?")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)


class Precision(StrEnum):
    """How finely a moment is known; an interval or a set is its own kind."""

    INSTANT = "instant"
    LOCAL_TIME = "local_time"
    DAY = "day"
    TEN_DAYS = "ten_days"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    INTERVAL = "interval"
    SET = "set"


class Shape(StrEnum):
    """SINGLE `a`; INTERVAL `a/b` holds throughout; WITHIN `[a..b]` and CHOICE `[a,b]` happened once."""

    SINGLE = "single"
    INTERVAL = "interval"
    WITHIN = "within"
    CHOICE = "choice"


class Edge(StrEnum):
    """The side of an interval or range that carries no date."""

    OPEN = ".."
    UNKNOWN = ""


@dataclass(frozen=True)
class Atom:
    """One date: `written` without its qualifier, and the days it allows.

    `at` is aware (UTC) for an instant, naive for a local time, None for a day or coarser.
    """

    written: str
    earliest: date
    latest: date
    precision: Precision
    qualifier: str = ""
    at: datetime | None = None

    @property
    def edtf(self) -> str:
        return self.written + self.qualifier

    @property
    def instant(self) -> datetime | None:
        return self.at if self.precision is Precision.INSTANT else None


@dataclass(frozen=True)
class Expression:
    """A whole EDTF string, taken apart. `members` holds one date, two ends, or two or more choices."""

    shape: Shape
    members: tuple[Atom | Edge, ...]

    @property
    def atoms(self) -> tuple[Atom, ...]:
        return tuple(member for member in self.members if isinstance(member, Atom))

    @property
    def edtf(self) -> str:
        written = [member.edtf if isinstance(member, Atom) else member.value for member in self.members]
        if self.shape is Shape.SINGLE:
            return written[0]
        if self.shape is Shape.INTERVAL:
            return "/".join(written)
        if self.shape is Shape.CHOICE:
            return f"[{','.join(written)}]"
        return "[" + "..".join("" if part == Edge.OPEN else part for part in written) + "]"

    @property
    def earliest(self) -> date | None:
        if self.shape is Shape.CHOICE:
            return min(atom.earliest for atom in self.atoms)
        first = self.members[0]
        return first.earliest if isinstance(first, Atom) else None

    @property
    def latest(self) -> date | None:
        if self.shape is Shape.CHOICE:
            return max(atom.latest for atom in self.atoms)
        last = self.members[-1]
        return last.latest if isinstance(last, Atom) else None

    @property
    def precision(self) -> Precision:
        if self.shape is Shape.SINGLE:
            return self.atoms[0].precision
        return Precision.INTERVAL if self.shape is Shape.INTERVAL else Precision.SET

    @property
    def instant(self) -> datetime | None:
        return self.atoms[0].instant if self.shape is Shape.SINGLE else None


@lru_cache(maxsize=4096)
def read_edtf(text: str) -> Expression:
    """Take an EDTF string apart; letters may be lower case, spaces are not allowed.

    Raises:
        NotUnderstood: it is not EDTF of this subset, names a day that does not exist, or runs backwards.
    """
    if len(text) > LONGEST:
        raise NotUnderstood(text[:LONGEST], f"Write the date in at most {LONGEST} characters.")
    plain = text.upper()
    if plain.startswith("[") and plain.endswith("]"):
        return _set(plain[1:-1], whole=text)
    if "/" in plain:
        return _interval(plain, whole=text)
    return Expression(Shape.SINGLE, (read_atom(plain, whole=text),))


def _interval(plain: str, *, whole: str) -> Expression:
    if plain.count("/") != 1:
        raise NotUnderstood(whole, "An interval has two dates with one slash between them, such as 2023-08/2024-02.")
    first, last = plain.split("/")
    return spanning(Shape.INTERVAL, _end(first, whole=whole), _end(last, whole=whole), whole=whole)


def _end(plain: str, *, whole: str) -> Atom | Edge:
    return Edge(plain) if plain in {"..", ""} else read_atom(plain, whole=whole)


def _set(plain: str, *, whole: str) -> Expression:
    if plain.count("..") == 1 and "," not in plain:
        first, last = (Edge.OPEN if part == "" else read_atom(part, whole=whole) for part in plain.split(".."))
        return spanning(Shape.WITHIN, first, last, whole=whole)
    return choosing([read_atom(part, whole=whole) for part in plain.split(",")], whole=whole)


def spanning(shape: Shape, first: Atom | Edge, last: Atom | Edge, *, whole: str) -> Expression:
    """Join two ends into an interval or a range.

    Raises:
        NotUnderstood: neither end is a date, the ends run backwards, or one time has a zone and the other none.
    """
    if isinstance(first, Atom) and isinstance(last, Atom):
        _refuse_backwards(first, last, whole=whole)
    elif not isinstance(first, Atom) and not isinstance(last, Atom):
        raise NotUnderstood(whole, "Give at least one of the two dates.")
    return Expression(shape, (first, last))


def _refuse_backwards(first: Atom, last: Atom, *, whole: str) -> None:
    if {first.precision, last.precision} == {Precision.INSTANT, Precision.LOCAL_TIME}:
        raise NotUnderstood(whole, "One time has a zone and the other has none: give both a zone.")
    if first.at and last.at:
        backwards = first.at > last.at
    else:
        backwards = first.earliest > last.latest
    if backwards:
        raise NotUnderstood(
            whole, "The first date is later than the second: put the earlier one first, and give each date its year."
        )


def choosing(atoms: list[Atom], *, whole: str) -> Expression:
    """Join dates of which one is right; in time order, doubles once, a single one as itself.

    Raises:
        NotUnderstood: there are more than fit in 80 characters of EDTF.
    """
    ordered = tuple(sorted(set(atoms), key=lambda atom: (atom.earliest, atom.latest, atom.edtf)))
    expression = Expression(Shape.CHOICE if len(ordered) > 1 else Shape.SINGLE, ordered)
    if len(expression.edtf) > LONGEST_EDTF:
        raise NotUnderstood(whole, "These are too many dates to choose from: give a range, or at most six.")
    return expression


def qualify(expression: Expression, mark: str, *, whole: str) -> Expression:
    """Mark every date of an expression as uncertain `?`, approximate `~` or both `%`.

    Raises:
        NotUnderstood: a date carries a time of day, which EDTF cannot mark.
    """
    if any(atom.at for atom in expression.atoms):
        raise NotUnderstood(whole, "A time of day cannot be marked as probable or approximate: give the day alone.")
    marked = replace(
        expression,
        members=tuple(
            replace(member, qualifier=join_marks(member.qualifier, mark)) if isinstance(member, Atom) else member
            for member in expression.members
        ),
    )
    return choosing(list(marked.atoms), whole=whole) if marked.shape is Shape.CHOICE else marked


def join_marks(one: str, other: str) -> str:
    """Return the qualifier that says both: `?` and `~` make `%`."""
    marks = set(one + other)
    return "%" if "%" in marks or len(marks) > 1 else "".join(marks)


def read_atom(plain: str, *, whole: str) -> Atom:
    """Read one date or time of EDTF, in upper case; `whole` is the text a refusal quotes.

    Raises:
        NotUnderstood: it is not one, or the day or time does not exist.
    """
    timed = _TIME.fullmatch(plain)
    if timed:
        return _timed_atom(timed, whole=whole)
    bare, mark = (plain[:-1], plain[-1]) if plain[-1:] in {"?", "~", "%"} else (plain, "")
    dated = _DATE.fullmatch(bare)
    if not dated:
        raise NotUnderstood(
            whole, "Write the year with four digits, month and day with two: 2024, 2024-02 or 2024-02-09."
        )
    year, month, day = dated.groups()
    earliest, latest, precision = _days(year, month, day, whole=whole)
    return Atom(bare, earliest, latest, precision, mark)


def _days(year: str, month: str | None, day: str | None, *, whole: str) -> tuple[date, date, Precision]:
    if "X" in year:
        return _masked_years(year, month, whole=whole)
    _check_year(int(year), whole=whole)
    if month is None:
        return date(int(year), 1, 1), date(int(year), 12, 31), Precision.YEAR
    if month == "XX":
        return _some_month(year, day, whole=whole)
    if int(month) in SEASONS:
        return _season(int(year), int(month), day, whole=whole)
    return _days_of_month(int(year), int(month), day, whole=whole)


def _check_year(year: int, *, whole: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotUnderstood(whole, f"Years run from {FIRST_YEAR} to {LAST_YEAR}.")


def _masked_years(year: str, month: str | None, *, whole: str) -> tuple[date, date, Precision]:
    if month is not None:
        raise NotUnderstood(whole, "Where the year is not known, leave out the month and the day.")
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    _check_year(first, whole=whole)
    precision = Precision.CENTURY if year.endswith("XX") else Precision.DECADE
    return date(first, 1, 1), date(last, 12, 31), precision


def _some_month(year: str, day: str | None, *, whole: str) -> tuple[date, date, Precision]:
    if day not in {None, "XX"}:
        raise NotUnderstood(whole, "Where the month is not known, leave out the day.")
    precision = Precision.MONTH if day is None else Precision.DAY
    return date(int(year), 1, 1), date(int(year), 12, 31), precision


def _season(year: int, season: int, day: str | None, *, whole: str) -> tuple[date, date, Precision]:
    if day is not None:
        raise NotUnderstood(whole, f"{season} stands for {SEASONS[season]}, which has no days: use a month, 01 to 12.")
    first = SEASON_FIRST_MONTH[season]
    last_year, last_month = (year + 1, 2) if first == 12 else (year, first + 2)
    _check_year(last_year, whole=whole)
    return date(year, first, 1), _month_end(last_year, last_month), Precision.SEASON


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _days_of_month(year: int, month: int, day: str | None, *, whole: str) -> tuple[date, date, Precision]:
    if not 1 <= month <= 12:
        raise NotUnderstood(whole, f"{month:02} is not a month: months run from 01 to 12 (21 to 24 are the seasons).")
    last_day = monthrange(year, month)[1]
    if day is None or day == "XX":
        precision = Precision.MONTH if day is None else Precision.DAY
        return date(year, month, 1), _month_end(year, month), precision
    first, last = max(1, int(day.replace("X", "0"))), int(day.replace("X", "9"))
    if first > last_day or last == 0:
        number = "0" if last == 0 else day
        raise NotUnderstood(whole, f"{MONTHS[month - 1]} {year} has {last_day} days, so there is no day {number}.")
    precision = Precision.TEN_DAYS if "X" in day else Precision.DAY
    return date(year, month, first), date(year, month, min(last, last_day)), precision


def _timed_atom(timed: re.Match[str], *, whole: str) -> Atom:
    day, hour, minute, second, zone = timed.groups(default="")
    local = _clock(read_atom(day, whole=whole).earliest, int(hour), int(minute), int(second or 0), whole=whole)
    if not zone:
        return Atom(f"{local:%Y-%m-%dT%H:%M:%S}", local.date(), local.date(), Precision.LOCAL_TIME, at=local)
    try:
        instant = (local - offset_of(zone, whole=whole)).replace(tzinfo=UTC)
    except OverflowError:
        raise NotUnderstood(whole, f"Years run from {FIRST_YEAR} to {LAST_YEAR}.") from None
    _check_year(instant.year, whole=whole)
    written = f"{instant:%Y-%m-%dT%H:%M:%S}Z"
    return Atom(written, instant.date(), instant.date(), Precision.INSTANT, at=instant)


def _clock(day: date, hour: int, minute: int, second: int, *, whole: str) -> datetime:
    if (hour, minute, second) == (24, 0, 0):
        raise NotUnderstood(whole, "24:00 belongs to two days: write 00:00 of the day after.")
    if second == 60:
        raise NotUnderstood(whole, "A leap second cannot be kept: write second 59.")
    if hour > 23 or minute > 59 or second > 59:
        raise NotUnderstood(whole, f"{hour:02}:{minute:02}:{second:02} is not a time: 00:00:00 to 23:59:59.")
    return datetime(day.year, day.month, day.day, hour, minute, second)


def offset_of(zone: str, *, whole: str) -> timedelta:
    """Return the offset from UTC of `Z`, `+09`, `+0900` or `+09:00`.

    Raises:
        NotUnderstood: no place on Earth keeps that offset (-12:00 to +14:00).
    """
    if zone == "Z":
        return timedelta(0)
    digits = zone[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    offset = -offset if zone[0] == "-" else offset
    if int(digits[2:] or 0) > 59 or not timedelta(hours=-12) <= offset <= timedelta(hours=14):
        raise NotUnderstood(whole, f"{zone} is not a zone: offsets run from -12:00 to +14:00.")
    return offset
