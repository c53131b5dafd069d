"""Footprints: the piece of the Earth that an image shows, as a GeoJSON polygon (RFC 7946).

Positions are [longitude, latitude] in degrees, WGS 84. Nothing but the shape is kept of what comes in: no properties,
no heights, no other coordinate system. What crosses the line of 180 degrees is cut in two there, as the RFC asks.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from casefiles.core.coastline import Box, clipped
from casefiles.core.geodesy import KM_PER_NM, great_circle_nm, normalised_longitude

GeoJson: TypeAlias = dict[str, Any]
Point: TypeAlias = tuple[float, float]

MOST_CHARACTERS = 100_000
MOST_POSITIONS = 400
DECIMALS = 6
# Less than a square metre at the equator.
_LEAST_AREA = 1e-11


class InvalidFootprint(ValueError):
    """This is no footprint; `reason` is a sentence that says why, and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_footprint(text: str) -> GeoJson:
    """Read a footprint from GeoJSON as text: a Polygon, a MultiPolygon, or a Feature with one.

    Raises:
        InvalidFootprint: it is something else, or too large.
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidFootprint(f"A footprint has at most {MOST_CHARACTERS:,} characters. Simplify it first.")
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidFootprint("This is not GeoJSON. Paste a polygon, such as the geometry of a STAC item.") from error
    return checked(value)


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON.")


def checked(value: Any) -> GeoJson:
    """Return the footprint in parsed GeoJSON, with its shape alone.

    Raises:
        InvalidFootprint: there is none, or it lies outside the world.
    """
    geometry = value.get("geometry") if isinstance(value, dict) and value.get("type") == "Feature" else value
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
        raise InvalidFootprint("A footprint is a GeoJSON Polygon or MultiPolygon, or a Feature with one.")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    _count(polygons)
    parts = [part for polygon in polygons for part in _parts([_ring(ring) for ring in polygon])]
    return _geojson(parts)


def _count(polygons: list[Any]) -> None:
    """Refuse what is not two lists deep, or holds nothing, or more positions than are kept."""
    rings = [ring for polygon in polygons if isinstance(polygon, list) for ring in polygon if isinstance(ring, list)]
    is_whole = all(isinstance(polygon, list) and polygon for polygon in polygons) and len(rings) == sum(
        len(polygon) for polygon in polygons
    )
    if not rings or not is_whole:
        raise InvalidFootprint("Its coordinates are not those of a polygon: lists of rings, each a list of positions.")
    if sum(len(ring) for ring in rings) > MOST_POSITIONS:
        raise InvalidFootprint(f"A footprint has at most {MOST_POSITIONS:,} positions. Simplify it first.")


def _ring(positions: list[Any]) -> list[Point]:
    """Return a ring without its repeated end."""
    points = [_point(position) for position in positions]
    if len(points) < 4 or points[0] != points[-1]:
        raise InvalidFootprint("A ring of a polygon has at least four positions, the last of which is the first again.")
    return points[:-1]


def _point(position: Any) -> Point:
    if not isinstance(position, list) or not 2 <= len(position) <= 3 or not all(_is_number(one) for one in position):
        raise InvalidFootprint("A position is a list of numbers: longitude, latitude.")
    longitude, latitude = float(position[0]), float(position[1])
    if abs(longitude) <= 180 and abs(latitude) <= 90:
        return longitude, latitude
    is_swapped = abs(longitude) <= 90 and abs(latitude) <= 180
    hint = " Longitude stands first: the two may be swapped." if is_swapped else ""
    raise InvalidFootprint(f"It lies outside the world: {longitude:g}, {latitude:g}.{hint}")


def _is_number(value: Any) -> bool:
    # An integer too long for a float is no coordinate either.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6


def outline(points: Sequence[Point]) -> GeoJson | None:
    """Return the footprint with these points around it (longitude, latitude), or None where they are no polygon."""
    if not all(math.isfinite(longitude) and abs(latitude) <= 90 for longitude, latitude in points):
        return None
    try:
        return _geojson(_parts([[(normalised_longitude(longitude), latitude) for longitude, latitude in points]]))
    except InvalidFootprint:
        return None


# --- Across 180 degrees -------------------------------------------------------------------------------------------


def _parts(rings: list[list[Point]]) -> Iterator[list[list[Point]]]:
    """Yield a polygon, cut in two where it crosses the line of 180 degrees; what is cut loses its holes."""
    outer = unwrapped(rings[0])
    if _area(outer) < _LEAST_AREA:
        raise InvalidFootprint("It has no area.")
    if min(x for x, _y in outer) >= -180 and max(x for x, _y in outer) <= 180:
        yield rings
        return
    for turn in (-360.0, 0.0, 360.0):
        part = clipped(outer, Box(-180.0 + turn, -90.0, 180.0 + turn, 90.0))
        if len(part) >= 3:
            yield [[(x - turn, y) for x, y in part]]


def unwrapped(ring: Sequence[Point]) -> list[Point]:
    """Return a ring whose longitudes go on beyond 180 degrees where it crosses that line.

    Raises:
        InvalidFootprint: it goes around a pole.
    """
    found = [ring[0]]
    for before, point in pairwise(ring):
        longitude = point[0] if _is_whole_turn(before, point) else _beside(point[0], found[-1][0])
        found.append((longitude, point[1]))
    if abs(_beside(ring[0][0], found[-1][0]) - ring[0][0]) > 1 and not _is_whole_turn(ring[-1], ring[0]):
        raise InvalidFootprint("It goes around a pole, which a polygon of longitudes and latitudes cannot.")
    return found


def _is_whole_turn(start: Point, end: Point) -> bool:
    """Say whether a side runs along a parallel around the whole world."""
    return {start[0], end[0]} == {-180.0, 180.0} and start[1] == end[1]


def _beside(longitude: float, other: float) -> float:
    """Return a longitude within half a turn of another one."""
    apart = longitude - other
    return longitude if abs(apart) <= 180 else longitude - 360 * round(apart / 360)


def _area(ring: Sequence[Point]) -> float:
    return abs(_signed_area(ring))


def _signed_area(ring: Sequence[Point]) -> float:
    """Return the area in square degrees; positive where the ring runs against the clock."""
    pairs = zip(ring, (*ring[1:], ring[0]), strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def _geojson(parts: Iterable[list[list[Point]]]) -> GeoJson:
    polygons = [
        [_closed(ring, is_outer=number == 0) for number, ring in enumerate(rings) if len(ring) >= 3] for rings in parts
    ]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _closed(ring: Sequence[Point], *, is_outer: bool) -> list[list[float]]:
    """Return a ring as GeoJSON has it: closed, the outer one against the clock, holes with it."""
    turned = ring if (_signed_area(ring) > 0) == is_outer else [ring[0], *reversed(ring[1:])]
    positions = [[round(x, DECIMALS) + 0.0, round(y, DECIMALS) + 0.0] for x, y in turned]
    return [*positions, positions[0]]


# --- What a page says of one --------------------------------------------------------------------------------------


def outer_rings(footprint: GeoJson) -> list[list[Point]]:
    """Return the outer ring of each part, without its repeated end."""
    polygons = [footprint["coordinates"]] if footprint["type"] == "Polygon" else footprint["coordinates"]
    return [[(x, y) for x, y in polygon[0][:-1]] for polygon in polygons]


def box(footprint: GeoJson) -> Box:
    """Return the box around a footprint; its east is beyond 180 where it crosses that line."""
    rings = outer_rings(footprint)
    xs = [x for ring in rings for x, _y in ring]
    ys = [y for ring in rings for _x, y in ring]
    if len(rings) > 1 and max(xs) == 180 and min(xs) == -180:
        xs = [x + 360 if x < 0 else x for x in xs]
    return Box(min(xs), min(ys), max(xs), max(ys))


def middle(footprint: GeoJson) -> Point:
    """Return the middle of the box around a footprint: longitude, latitude."""
    around = box(footprint)
    return normalised_longitude((around.west + around.east) / 2), (around.south + around.north) / 2


def size_km(footprint: GeoJson) -> tuple[float, float]:
    """Return how wide (at its middle) and how high the box around a footprint is, over the sphere."""
    around = box(footprint)
    longitude, latitude = middle(footprint)
    half = min((around.east - around.west) / 2, 90.0)
    wide = 2 * great_circle_nm(latitude, 0.0, latitude, half) * KM_PER_NM
    high = great_circle_nm(around.south, longitude, around.north, longitude) * KM_PER_NM
    return wide, high
