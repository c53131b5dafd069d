"""Days along a line: where each lies, and which of them are named. Pure geometry, in the units of an SVG's view box."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MOST_TICKS = 12
MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000)


@dataclass(frozen=True)
class Tick:
    label: str
    x: float


@dataclass(frozen=True)
class Scale:
    first: date
    last: date
    left: float
    right: float

    def x(self, day: date) -> float:
        days = (self.last - self.first).days or 1
        inside = min(max((day - self.first).days, 0), days)
        return self.left + inside / days * (self.right - self.left)


def ticks(first: date, last: date, *, left: float, right: float) -> tuple[Tick, ...]:
    """Return at most twelve days, months, quarters or years, evenly apart, that lie between two days."""
    scale = Scale(first, last, left, right)
    marks = list(_days(first, last))
    if not marks:
        step = next((step for step in MONTH_STEPS if _months(first, last) / step <= MOST_TICKS - 1), MONTH_STEPS[-1])
        marks = [(day, _tick_label(day, step)) for day in _month_starts(first, last, step)]
    return tuple(Tick(label, round(scale.x(day), 1)) for day, label in marks)


def _days(first: date, last: date) -> Iterator[tuple[date, str]]:
    """Yield days where less than two months are shown."""
    days = (last - first).days
    if days > 60:
        return
    step = 1 if days < MOST_TICKS else 7
    for offset in range(0, days + 1, step):
        day = first + timedelta(days=offset)
        yield day, day.isoformat()[5:] if offset else day.isoformat()


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _month_starts(first: date, last: date, step: int) -> Iterator[date]:
    count = first.year * 12 + first.month - 1
    count += -count % step
    while count // 12 <= min(last.year, date.max.year):
        day = date(max(count // 12, 1), count % 12 + 1, 1)
        if first <= day <= last:
            yield day
        count += step


def _tick_label(day: date, step: int) -> str:
    return str(day.year) if step % 12 == 0 else day.isoformat()[:7]
