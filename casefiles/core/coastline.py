"""Natural Earth's land, from the TopoJSON files of world-atlas, as rings of longitude and latitude.

The files are installed at set-up, never committed; where they are missing there is no coastline, and the map says so.
TopoJSON: arcs are lists of integer differences, scaled and shifted into degrees; ~n is arc n walked backwards.
https://github.com/topojson/topojson-specification
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A piece of the world in degrees; `east` may be beyond 180 where it crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    def meets(self, other: "Box") -> bool:
        return (
            self.west < other.east and other.west < self.east and self.south < other.north and other.south < self.north
        )

    def shifted(self, degrees: float) -> "Box":
        return Box(self.west + degrees, self.south, self.east + degrees, self.north)


@dataclass(frozen=True)
class Ring:
    points: tuple[Point, ...]
    box: Box


@lru_cache(maxsize=4)
def land(path: Path) -> tuple[Ring, ...]:
    """Return the land of one file, read once a process; nothing where the file is missing or is no TopoJSON."""
    try:
        return tuple(rings(json.loads(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return ()


def rings(topology: dict[str, Any], name: str = "land") -> Iterator[Ring]:
    """Yield the rings of all polygons in one object of a topology."""
    arcs = list(decoded_arcs(topology))
    for indexes in _rings_of(topology["objects"][name]):
        points = joined(indexes, arcs)
        if len(points) >= 4:
            yield Ring(points, _box(points))


def decoded_arcs(topology: dict[str, Any]) -> Iterator[list[Point]]:
    """Yield the arcs as degrees."""
    transform = topology.get("transform")
    for arc in topology["arcs"]:
        if transform is None:
            yield [(float(x), float(y)) for x, y in arc]
            continue
        (scale_x, scale_y), (shift_x, shift_y) = transform["scale"], transform["translate"]
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        yield points


def _rings_of(geometry: dict[str, Any]) -> Iterator[list[int]]:
    kind = geometry["type"]
    if kind == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _rings_of(part)
    elif kind == "Polygon":
        yield from geometry["arcs"]
    elif kind == "MultiPolygon":
        for polygon in geometry["arcs"]:
            yield from polygon


def joined(indexes: Sequence[int], arcs: Sequence[Sequence[Point]]) -> tuple[Point, ...]:
    """Return the arcs of one ring end to end; the point where two meet is kept once."""
    points: list[Point] = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return tuple(points)


def _box(points: Sequence[Point]) -> Box:
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def within(found: Sequence[Ring], box: Box) -> Iterator[tuple[Point, ...]]:
    """Yield the parts of the rings that lie in a box, repeated around the globe where the box leaves it."""
    for degrees in (-360.0, 0.0, 360.0):
        there = box.shifted(-degrees)
        for ring in found:
            if ring.box.meets(there):
                part = clipped(ring.points, there)
                if len(part) >= 3:
                    yield tuple((x + degrees, y) for x, y in part)


def clipped(points: Sequence[Point], box: Box) -> list[Point]:
    """Return a polygon cut off at a box (Sutherland and Hodgman, 1974)."""
    edges = ((0, box.west, 1), (0, box.east, -1), (1, box.south, 1), (1, box.north, -1))
    part = list(points)
    for axis, limit, sign in edges:
        if not part:
            break
        part = _cut(part, axis, limit, sign)
    return part


def _cut(points: list[Point], axis: int, limit: float, sign: int) -> list[Point]:
    kept: list[Point] = []
    before = points[-1]
    was_inside = (before[axis] - limit) * sign >= 0
    for point in points:
        is_inside = (point[axis] - limit) * sign >= 0
        if is_inside != was_inside:
            kept.append(_crossing(before, point, axis, limit))
        if is_inside:
            kept.append(point)
        before, was_inside = point, is_inside
    return kept


def _crossing(start: Point, end: Point, axis: int, limit: float) -> Point:
    share = (limit - start[axis]) / (end[axis] - start[axis])
    other = start[1 - axis] + share * (end[1 - axis] - start[1 - axis])
    return (limit, other) if axis == 0 else (other, limit)
