"""How long a pixel is on the ground, and from where that is known.

Pure: knows no database and no Django.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MEASURED, RECORDED, CLAIMED = "measured", "recorded", "claimed"
# Wider than a continent or smaller than a grain of sand: no picture of a ship.
_LEAST_M, _MOST_M = 0.0001, 100_000.0


@dataclass(frozen=True)
class Scale:
    """Metres on the ground of one pixel, along a row and along a column; `basis` says who says so."""

    across_m: float
    along_m: float
    basis: str


@dataclass(frozen=True)
class Corners:
    """Longitude and latitude of the corners of an image: upper left, upper right, lower right, lower left."""

    points: tuple[tuple[float, float], ...]


def scale_of(
    measured: Mapping[str, Any], claims: Iterable[Mapping[str, Any]], *, recorded_gsd_m: float | None = None
) -> Scale | None:
    """Return the size of a pixel that was measured in the file.

    Else the ground sample distance that somebody recorded, else the one that the file claims, else None.
    """
    size = measured.get("pixel_size_m")
    if isinstance(size, list) and len(size) == 2 and all(map(_is_length, size)):
        return Scale(float(size[0]), float(size[1]), MEASURED)
    if _is_length(recorded_gsd_m):
        return Scale(float(recorded_gsd_m or 0), float(recorded_gsd_m or 0), RECORDED)
    claimed = (claim.get("value") for claim in claims if claim.get("key") == "gsd_m")
    known = next((value for value in claimed if _is_length(value)), None)
    return Scale(float(known), float(known), CLAIMED) if known is not None else None


def corners_of(measured: Mapping[str, Any]) -> Corners | None:
    """Return where the corners of a georeferenced image lie; None where its outline is no plain four-sided one."""
    footprint = measured.get("footprint")
    if not measured.get("geotransform") or not isinstance(footprint, dict) or footprint.get("type") != "Polygon":
        return None
    try:
        [ring] = footprint["coordinates"]
        upper_left, lower_left, lower_right, upper_right = [(float(x), float(y)) for x, y in ring[:4]]
    except (KeyError, TypeError, ValueError):
        return None
    return Corners((upper_left, upper_right, lower_right, lower_left)) if len(ring) == 5 else None


def ground_length(dx_px: float, dy_px: float, scale: Scale, *, error_px: float) -> tuple[float, float]:
    """Return the length in metres of a line of so many pixels across and down, and by how much it may be wrong.

    The error is that of both ends together, in pixels, times the larger side of a pixel.
    """
    return math.hypot(dx_px * scale.across_m, dy_px * scale.along_m), error_px * max(scale.across_m, scale.along_m)


def _is_length(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and _LEAST_M <= value <= _MOST_M
