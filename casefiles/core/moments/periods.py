"""Periods, and what can be said for certain about two uncertain times.

A moment without a time zone is a calendar day whose zone nobody gave. So two instants are compared as instants, two
calendar days as days, and an instant against a calendar day only after widening it to every day it may be on Earth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import product
from math import inf
from typing import Literal

from casefiles.core.moments.edtf import Atom, Edge, Expression, Shape
from casefiles.core.moments.moment import Moment
from casefiles.core.moments.wording import parse_moment

EndKind = Literal["dated", "ongoing", "unknown"]

ONGOING_WORDS = frozenset({"ongoing", "present", "the present", "now", "today", "to date", ".."})
UNKNOWN_WORDS = frozenset({"", "unknown", "?", "not known"})
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Certainty(StrEnum):
    """What the dates allow to be said."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"


class EndBeforeStart(ValueError):
    """The end is certainly before the start, whatever the uncertain dates turn out to be."""

    def __init__(self, start: Moment, end: Moment) -> None:
        self.reason = f"The end ({end.describe()}) is before the start ({start.describe()}): check both dates."
        super().__init__(self.reason)


@dataclass(frozen=True)
class Period:
    """From a start to an end; a missing start is not known, a missing end is ongoing or not known.

    Raises:
        EndBeforeStart: on construction, where no reading of the dates puts the end on or after the start.
        ValueError: `end_kind` and `end` contradict each other.
    """

    start: Moment | None
    end: Moment | None = None
    end_kind: EndKind = "unknown"

    def __post_init__(self) -> None:
        if (self.end_kind == "dated") != (self.end is not None):
            raise ValueError("A period has an end moment exactly where its end is dated.")
        if self.start and self.end and _certainly_reversed(self.start, self.end):
            raise EndBeforeStart(self.start, self.end)

    @property
    def earliest(self) -> date | None:
        """The first day the period may have begun; None where the start is open or not known."""
        return self.start.earliest if self.start else None

    @property
    def latest(self) -> date | None:
        """The last day the period may have ended; None where it is ongoing or not known."""
        return self.end.latest if self.end else None

    def describe(self) -> str:
        """Return the period in plain English."""
        start = self.start.describe() if self.start else "start unknown"
        if self.end:
            return f"{start} – {self.end.describe()}"
        return f"{start} – {'ongoing' if self.end_kind == 'ongoing' else 'end unknown'}"

    def short(self) -> str:
        """Return a compact form for tables."""
        start = self.start.short() if self.start else "?"
        if self.end:
            return f"{start} – {self.end.short()}"
        return f"{start} – {'ongoing' if self.end_kind == 'ongoing' else '?'}"

    def __str__(self) -> str:
        return self.describe()


def parse_period_end(text: str, *, today: date | None = None) -> tuple[Moment | None, EndKind]:
    """Read the end of a period: "ongoing", "unknown" or nothing, or a moment.

    Raises:
        NotUnderstood: it is none of these.
    """
    word = " ".join(text.split()).casefold()
    if word in ONGOING_WORDS:
        return None, "ongoing"
    if word in UNKNOWN_WORDS:
        return None, "unknown"
    return parse_moment(text, today=today), "dated"


def overlap(a: Period | Moment, b: Period | Moment) -> Certainty:
    """Say whether two times share an instant (or, for calendar dates, a day)."""
    return _judge(a, b, must=_must_overlap, may=_may_overlap)


def covers(period: Period | Moment, day: date) -> Certainty:
    """Say whether a period includes some part of a calendar day. An ongoing period covers every later day."""
    return overlap(period, Moment.on(day))


def precedes(a: Period | Moment, b: Period | Moment) -> Certainty:
    """Say whether `a` is over before `b` begins. Two times on one calendar day may stand in either order."""
    return _judge(a, b, must=_must_precede, may=_may_precede)


@dataclass(frozen=True)
class _Extent:
    """A begin and an end, each somewhere within a window: days, or seconds where `is_instant`."""

    begin_min: float
    begin_max: float
    end_min: float
    end_max: float
    is_instant: bool = False


_Window = tuple[float, float]
_Test = Callable[[_Extent, _Extent], bool]


def _must_overlap(a: _Extent, b: _Extent) -> bool:
    return a.begin_max <= b.end_min and b.begin_max <= a.end_min


def _may_overlap(a: _Extent, b: _Extent) -> bool:
    return a.begin_min <= b.end_max and b.begin_min <= a.end_max


def _must_precede(a: _Extent, b: _Extent) -> bool:
    return a.end_max < b.begin_min


def _may_precede(a: _Extent, b: _Extent) -> bool:
    if a.is_instant or a.end_min in {inf, -inf}:
        return a.end_min < b.begin_max
    return a.end_min <= b.begin_max


def _judge(a: Period | Moment, b: Period | Moment, *, must: _Test, may: _Test) -> Certainty:
    as_instants = _is_timed(a) and _is_timed(b)
    pairs = list(product(_extents(a, as_instants=as_instants), _extents(b, as_instants=as_instants)))
    if all(must(one, other) for one, other in pairs):
        return Certainty.CERTAIN
    return Certainty.POSSIBLE if any(may(one, other) for one, other in pairs) else Certainty.IMPOSSIBLE


def _certainly_reversed(start: Moment, end: Moment) -> bool:
    as_instants = _is_timed(start) and _is_timed(end)
    return _window(end, as_instants=as_instants)[1] < _window(start, as_instants=as_instants)[0]


def _moments(thing: Period | Moment) -> list[Moment]:
    if isinstance(thing, Moment):
        return [thing]
    return [moment for moment in (thing.start, thing.end) if moment]


def _is_timed(thing: Period | Moment) -> bool:
    atoms = [atom for moment in _moments(thing) for atom in moment.expression.atoms]
    return bool(atoms) and all(atom.instant for atom in atoms)


def _extents(thing: Period | Moment, *, as_instants: bool) -> list[_Extent]:
    """Return the alternatives a thing stands for: several only for a choice of dates."""
    if isinstance(thing, Period):
        begin = _window(thing.start, as_instants=as_instants) if thing.start else (-inf, inf)
        return [_extent(begin, _period_end(thing, as_instants=as_instants), as_instants=as_instants)]
    expression = thing.expression
    if expression.shape is Shape.INTERVAL:
        begin, end = (_side(member, as_instants=as_instants) for member in expression.members)
        if expression.members[0] is Edge.OPEN:
            begin = (-inf, -inf)
        if expression.members[1] is Edge.OPEN:
            end = (inf, inf)
        return [_extent(begin, end, as_instants=as_instants)]
    return [_once(window, as_instants=as_instants) for window in _windows(expression, as_instants=as_instants)]


def _period_end(period: Period, *, as_instants: bool) -> _Window:
    if period.end:
        return _window(period.end, as_instants=as_instants)
    return (inf, inf) if period.end_kind == "ongoing" else (-inf, inf)


def _extent(begin: _Window, end: _Window, *, as_instants: bool) -> _Extent:
    # A period cannot begin after it ends, which narrows windows that overlap.
    return _Extent(begin[0], min(begin[1], end[1]), max(end[0], begin[0]), end[1], as_instants)


def _once(window: _Window, *, as_instants: bool) -> _Extent:
    return _Extent(*window, *window, as_instants)


def _windows(expression: Expression, *, as_instants: bool) -> list[_Window]:
    if expression.shape is Shape.WITHIN:
        first, last = (_side(member, as_instants=as_instants) for member in expression.members)
        return [(first[0], last[1])]
    return [_side(atom, as_instants=as_instants) for atom in expression.atoms]


def _window(moment: Moment, *, as_instants: bool) -> _Window:
    """Return where one side of a period may fall.

    "since August" typed as a start means a start in August, and "until May" typed as an end an end in May.
    """
    expression = moment.expression
    if expression.shape is Shape.INTERVAL and len(expression.atoms) == 1:
        return _side(expression.atoms[0], as_instants=as_instants)
    sides = [_side(member, as_instants=as_instants) for member in expression.members]
    if expression.shape is Shape.CHOICE:
        return min(side[0] for side in sides), max(side[1] for side in sides)
    return sides[0][0], sides[-1][1]


def _side(member: Atom | Edge, *, as_instants: bool) -> _Window:
    if not isinstance(member, Atom):
        return -inf, inf
    if as_instants and member.at:
        seconds = (member.at - EPOCH).total_seconds()
        return seconds, seconds
    first, last = member.earliest.toordinal(), member.latest.toordinal()
    if member.instant:
        # Clocks on Earth stand from 12 hours behind UTC to 14 ahead: the local day may be the one before or after.
        return first - (member.instant.hour < 12), last + (member.instant.hour >= 10)
    return first, last
