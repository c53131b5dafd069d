"""Where on Earth the pixels of a GeoTIFF lie: its coordinate system, the size of a pixel, its outline.

OGC GeoTIFF 1.1 (19-008r4), https://docs.ogc.org/is/19-008r4/19-008r4.html. Coordinates are turned into longitude and
latitude (WGS 84) by PROJ, from the database that comes with it: nothing is asked of the network.
"""

import math
import struct
from dataclasses import dataclass, field
from typing import Any

import pyproj
import pyproj.network
from pyproj.exceptions import CRSError, ProjError

from casefiles.evidence.footprints import GeoJson, outline
from casefiles.evidence.readers.tags import Directory

SCALE, TIE_POINTS, MATRIX, KEYS, KEY_NUMBERS, KEY_TEXTS = 33550, 33922, 34264, 34735, 34736, 34737
MODEL, RASTER, GEOGRAPHIC, PROJECTED = 1024, 1025, 2048, 3072
_PROJECTED_MODEL, _GEOGRAPHIC_MODEL, _POINTS, _OWN_SYSTEM = 1, 2, 2, 32767
_DAMAGED = "Its georeference is damaged, and was not read."
_OWN = "Its coordinate system is one that the file defines itself; that is not read."
_UNKNOWN = "Its coordinate system is not one that is known."
_OUTSIDE = "It lies, by its own account, outside the area of its coordinate system: no outline is drawn."
_CONTROL_POINTS = "It is tied to the ground by control points only: no outline is drawn."
# A side is drawn in so many steps where it is long enough to bend.
_LONG_SIDE_M, _STEPS = 200_000, 12


@dataclass(frozen=True)
class Affine:
    """x = x0 + column * xc + row * xr, and y likewise: from pixels, counted from the outer corner, to the ground."""

    x0: float
    xc: float
    xr: float
    y0: float
    yc: float
    yr: float

    def at(self, column: float, row: float) -> tuple[float, float]:
        return self.x0 + column * self.xc + row * self.xr, self.y0 + column * self.yc + row * self.yr

    @property
    def is_usable(self) -> bool:
        values = (self.x0, self.xc, self.xr, self.y0, self.yc, self.yr)
        return all(math.isfinite(value) for value in values) and self.xc * self.yr != self.xr * self.yc


@dataclass(frozen=True)
class Ground:
    """Where a picture lies. `pixel_size_m` is measured at its middle, along its rows and along its columns."""

    affine: Affine | None = None
    epsg: int | None = None
    name: str = ""
    unit: str = ""
    pixel_size_m: tuple[float, float] | None = None
    footprint: GeoJson | None = None
    warnings: tuple[str, ...] = field(default=())

    @property
    def is_there(self) -> bool:
        return self.affine is not None or self.epsg is not None or bool(self.warnings)


def prepare() -> None:
    """Open PROJ's database, which stays open."""
    pyproj.network.set_network_enabled(active=False)  # type: ignore[attr-defined]
    pyproj.Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True).transform(500_000, 5_000_000)


def ground(directory: Directory, *, width: int, height: int) -> Ground:
    """Return where the picture of a directory lies; what cannot be read is left out with a warning."""
    keys = _keys(directory)
    if keys is None:
        return Ground(warnings=(_DAMAGED,))
    affine, warnings = _affine(directory, is_point=keys.get(RASTER) == _POINTS)
    epsg = _epsg(keys)
    if epsg is None:
        own = (_OWN,) if keys.get(MODEL) else ()
        return Ground(affine=affine, warnings=(*warnings, *own))
    try:
        system = pyproj.CRS.from_epsg(epsg)
    except CRSError:
        return Ground(affine, epsg, warnings=(*warnings, _UNKNOWN))
    placed = Ground(affine, epsg, system.name, system.axis_info[0].unit_name, warnings=warnings)
    return _on_earth(placed, system, width, height) if affine else placed


def _keys(directory: Directory) -> dict[int, int] | None:
    """Return the keys whose value is a short number; None where their directory contradicts itself."""
    values = directory.whole_numbers(KEYS)
    if not values:
        return {}
    if len(values) < 4 or len(values) < 4 + 4 * values[3]:
        return None
    rows = [values[start : start + 4] for start in range(4, 4 + 4 * values[3], 4)]
    return {key: value for key, place, count, value in rows if place == 0 and count == 1}


def _epsg(keys: dict[int, int]) -> int | None:
    key = {_PROJECTED_MODEL: PROJECTED, _GEOGRAPHIC_MODEL: GEOGRAPHIC}.get(keys.get(MODEL, 0))
    code = keys.get(key, 0) if key else 0
    return code if 1024 <= code < _OWN_SYSTEM else None


def _affine(directory: Directory, *, is_point: bool) -> tuple[Affine | None, tuple[str, ...]]:
    matrix, scale, ties = (directory.numbers(tag) for tag in (MATRIX, SCALE, TIE_POINTS))
    found = None
    if len(matrix) == 16:
        found = Affine(matrix[3], matrix[0], matrix[1], matrix[7], matrix[4], matrix[5])
    elif len(scale) >= 2 and len(ties) >= 6:
        column, row, _height, x, y = ties[:5]
        found = Affine(x - column * scale[0], scale[0], 0.0, y + row * scale[1], 0.0, -scale[1])
    elif ties:
        return None, (_CONTROL_POINTS,)
    if found is None:
        return None, ()
    if not found.is_usable:
        return None, (_DAMAGED,)
    return _from_corner(found) if is_point else found, ()


def _from_corner(affine: Affine) -> Affine:
    """Return the same for pixels counted from their outer corner, where it was for their middles."""
    x, y = affine.at(-0.5, -0.5)
    return Affine(x, affine.xc, affine.xr, y, affine.yc, affine.yr)


def _on_earth(placed: Ground, system: Any, width: int, height: int) -> Ground:
    affine = placed.affine
    if affine is None:
        return placed
    to_earth = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    try:
        size = _pixel_size_m(affine, to_earth, width, height)
        points = [to_earth.transform(*point, errcheck=True) for point in _around(affine, width, height, size)]
    except (ProjError, ValueError, OverflowError, struct.error):
        return _warned(placed, _OUTSIDE)
    footprint = outline(points)
    if footprint is None or size is None:
        return _warned(placed, _OUTSIDE)
    return Ground(affine, placed.epsg, placed.name, placed.unit, size, footprint, placed.warnings)


def _warned(placed: Ground, sentence: str) -> Ground:
    return Ground(placed.affine, placed.epsg, placed.name, placed.unit, warnings=(*placed.warnings, sentence))


def _pixel_size_m(affine: Affine, to_earth: Any, width: int, height: int) -> tuple[float, float] | None:
    """Return how long a pixel of the middle is on the ellipsoid: a map's own metres are stretched away from it."""
    column, row = width / 2, height / 2
    geod = pyproj.Geod(ellps="WGS84")
    steps = ((column - 0.5, row, column + 0.5, row), (column, row - 0.5, column, row + 0.5))
    sizes = []
    for start_column, start_row, end_column, end_row in steps:
        start = to_earth.transform(*affine.at(start_column, start_row), errcheck=True)
        end = to_earth.transform(*affine.at(end_column, end_row), errcheck=True)
        _there, _back, metres = geod.inv(*start, *end)
        sizes.append(metres)
    across, along = sizes
    return (round(across, 4), round(along, 4)) if math.isfinite(across) and math.isfinite(along) else None


def _around(affine: Affine, width: int, height: int, size: tuple[float, float] | None) -> list[tuple[float, float]]:
    """Return points on the ground around a picture, from its first pixel on, against the clock as GeoJSON wants it."""
    longest = max(width * size[0], height * size[1]) if size else 0.0
    steps = _STEPS if longest > _LONG_SIDE_M else 1
    corners = ((0, 0), (0, height), (width, height), (width, 0))
    found = []
    for (column, row), (next_column, next_row) in zip(corners, (*corners[1:], corners[0]), strict=True):
        for step in range(steps):
            share = step / steps
            found.append(affine.at(column + (next_column - column) * share, row + (next_row - row) * share))
    return found
