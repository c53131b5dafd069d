"""How far a point is from the coast, by the corners of a coastline."""

from collections.abc import Sequence

from casefiles.core.coastline import Ring
from casefiles.core.geodesy import great_circle_nm

CELL_DEG = 1
# Far enough from every shore that it does not matter how far.
FURTHEST_NM = 120.0


class Shore:
    """The corners of a coastline by cells; corners of the 1:50m coast lie a few miles apart, so expect that error."""

    def __init__(self, rings: Sequence[Ring]) -> None:
        self._cells: dict[tuple[int, int], list[tuple[float, float]]] = {}
        for ring in rings:
            for longitude, latitude in ring.points:
                self._cells.setdefault(_cell(latitude, longitude), []).append((latitude, longitude))

    @property
    def is_known(self) -> bool:
        return bool(self._cells)

    def distance_nm(self, latitude: float, longitude: float) -> float | None:
        """Return the distance to the nearest corner, at most `FURTHEST_NM`; None where there is no coastline."""
        if not self._cells:
            return None
        north, east = _cell(latitude, longitude)
        # Two degrees of latitude are the furthest; degrees of longitude are shorter.
        wide = 2 if abs(latitude) < 60 else 6 if abs(latitude) < 80 else 180
        return min(
            (
                min(FURTHEST_NM, great_circle_nm(latitude, longitude, *corner))
                for row in range(north - 2, north + 3)
                for column in range(east - 2 * wide, east + 2 * wide + 1)
                for corner in self._cells.get((row, column % 360), ())
            ),
            default=FURTHEST_NM,
        )


def _cell(latitude: float, longitude: float) -> tuple[int, int]:
    return int(latitude // CELL_DEG), int(longitude // CELL_DEG) % 360
