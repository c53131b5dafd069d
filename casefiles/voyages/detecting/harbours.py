"""Places where ships call, found by a point among thousands."""

from collections.abc import Iterable
from math import ceil, cos, floor, radians
from typing import Any, NamedTuple

from casefiles.core.geodesy import great_circle_nm
from casefiles.voyages.detecting.tracks import KM_PER_NM

CELL_DEG = 0.25
KM_PER_DEG = 111.0
_AROUND = round(360 / CELL_DEG)


class Harbour(NamedTuple):
    """A place with a point where ships call."""

    key: Any
    latitude: float
    longitude: float


def distance_to_km(harbour: Harbour, latitude: float, longitude: float) -> float:
    return great_circle_nm(harbour.latitude, harbour.longitude, latitude, longitude) * KM_PER_NM


class Harbours:
    """Places by the cells of a grid within their reach, so that a fix is compared with those near it only."""

    def __init__(self, harbours: Iterable[Harbour], reach_km: float) -> None:
        self.reach_km = reach_km
        self._near: dict[tuple[int, int], list[Harbour]] = {}
        for harbour in harbours:
            for cell in self._cells_around(harbour):
                self._near.setdefault(cell, []).append(harbour)

    def _cells_around(self, harbour: Harbour) -> Iterable[tuple[int, int]]:
        north, east = _cell(harbour.latitude, harbour.longitude)
        high = ceil(self.reach_km / KM_PER_DEG / CELL_DEG)
        # Cells become narrow towards the poles; beyond 88 degrees nobody calls.
        narrowest = cos(radians(min(88.0, abs(harbour.latitude) + high * CELL_DEG)))
        wide = min(_AROUND // 2, ceil(self.reach_km / KM_PER_DEG / narrowest / CELL_DEG))
        for row in range(north - high, north + high + 1):
            for column in range(east - wide, east + wide + 1):
                yield row, column % _AROUND

    def nearest(self, latitude: float, longitude: float) -> tuple[Harbour, float] | None:
        """Return the nearest place within reach, and its distance in kilometres."""
        near = self._near.get(_cell(latitude, longitude))
        if near is None:
            return None
        distance_km, _place, harbour = min(
            (distance_to_km(harbour, latitude, longitude), place, harbour) for place, harbour in enumerate(near)
        )
        return (harbour, distance_km) if distance_km <= self.reach_km else None


def _cell(latitude: float, longitude: float) -> tuple[int, int]:
    return floor(latitude / CELL_DEG), floor(longitude / CELL_DEG) % _AROUND
