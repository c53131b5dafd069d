"""A lane of a timeline with more entries than can be told apart: how many lie in each stretch of days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from casefiles.core.axis import Scale

BINS = 72
TALLEST, LEAST_HEIGHT = 44.0, 3.0


@dataclass(frozen=True)
class Bin:
    """So many entries whose first possible day lies between two days, drawn as a column."""

    first: date
    last: date
    count: int
    x: float
    width: float
    height: float
    y: float


def bins(days: Iterable[date], scale: Scale, *, y: float) -> tuple[Bin, ...]:
    """Count days into columns of equal width below `y`; a day outside counts at the nearest end."""
    whole = (scale.last - scale.first).days + 1
    count = min(BINS, whole)
    counts = [0] * count
    for day in days:
        offset = min(max((day - scale.first).days, 0), whole - 1)
        counts[offset * count // whole] += 1
    most = max(counts)
    width = (scale.right - scale.left) / count
    return tuple(
        Bin(
            first=scale.first + timedelta(days=-(-number * whole // count)),
            last=scale.first + timedelta(days=-(-(number + 1) * whole // count) - 1),
            count=found,
            x=round(scale.left + number * width, 1),
            width=round(max(width - 1, 1), 1),
            height=height,
            y=round(y + TALLEST - height, 1),
        )
        for number, found in enumerate(counts)
        if found
        for height in [round(max(found / most * TALLEST, LEAST_HEIGHT), 1)]
    )
