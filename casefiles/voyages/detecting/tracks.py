"""One radio's fixes in the order of time, and what detectors say of them."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import Any

from casefiles.core.geodesy import great_circle_nm

KM_PER_NM = 1.852
HOUR_S = 3_600


@dataclass(frozen=True)
class Found:
    """One suggestion: from which fix to which, by their place in the track; `values` are computed, units in names.

    `other` is the second radio of an encounter; `place` the key of a port. `cites` are the fixes that show it.
    """

    kind: str
    start_s: int
    end_s: int
    start: tuple[float, float]
    end: tuple[float, float]
    cites: tuple[int, ...]
    values: dict[str, Any] = field(default_factory=dict)
    place: Any = None
    other_mmsi: str = ""
    other_cites: tuple[int, ...] = ()


class Track:
    """Columns of fixes: seconds, degrees, knots (not a number where none was sent), and where each stands in a file."""

    def __init__(self, mmsi: str, rows: Iterable[Sequence[Any]] = ()) -> None:
        """Take rows of (epoch_s, latitude, longitude, speed_kn, import, row) in the order of time; twins count once."""
        self.mmsi = mmsi
        self.epoch_s, self.import_number, self.row = array("q"), array("q"), array("q")
        self.latitude, self.longitude, self.speed_kn = array("d"), array("d"), array("d")
        here: set[tuple[float, float]] = set()
        for epoch_s, latitude, longitude, speed_kn, number, row in rows:
            if self.epoch_s and epoch_s == self.epoch_s[-1]:
                if (latitude, longitude) in here:
                    continue
            else:
                here = set()
            here.add((latitude, longitude))
            self.epoch_s.append(epoch_s)
            self.latitude.append(latitude)
            self.longitude.append(longitude)
            self.speed_kn.append(nan if speed_kn is None else speed_kn)
            self.import_number.append(number)
            self.row.append(row)

    def __len__(self) -> int:
        return len(self.epoch_s)

    def point(self, index: int) -> tuple[float, float]:
        return self.latitude[index], self.longitude[index]

    def distance_nm(self, first: int, second: int) -> float:
        return great_circle_nm(*self.point(first), *self.point(second))

    def speed_at(self, index: int) -> float:
        """Return the speed that was sent, or else the one from the fix before; infinite where there is neither."""
        sent = self.speed_kn[index]
        if sent == sent:
            return sent
        return self.implied_kn(index - 1, index) if index else float("inf")

    def implied_kn(self, first: int, second: int) -> float:
        """Return the constant speed that joins two fixes; infinite where they share a second but not a place."""
        hours = (self.epoch_s[second] - self.epoch_s[first]) / HOUR_S
        distance = self.distance_nm(first, second)
        if hours > 0:
            return distance / hours
        return float("inf") if distance else 0.0

    def first_from(self, epoch_s: int) -> int:
        """Return the place of the first fix at a time or after it."""
        return bisect_left(self.epoch_s, epoch_s)

    def found(self, kind: str, first: int, last: int, **more: Any) -> Found:
        """Return a suggestion that reaches from one fix to another and cites both."""
        cites = (first,) if first == last else (first, last)
        return Found(kind, self.epoch_s[first], self.epoch_s[last], self.point(first), self.point(last), cites, **more)
