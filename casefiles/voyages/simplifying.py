"""Fewer points for the same line: what a screen cannot tell apart need not be sent."""

from collections.abc import Sequence
from math import cos, radians

TILE_PX = 256
# (longitude, latitude, seconds)
Point = tuple[float, float, int]


def degrees_in_a_pixel(zoom: float) -> float:
    """Return how many degrees of longitude one pixel of a map in Mercator's projection covers."""
    return 360 / (TILE_PX * 2 ** max(0.0, min(24.0, zoom)))


def unwrapped(points: Sequence[Point]) -> list[Point]:
    """Return the points with longitudes that go on beyond 180, so that no line runs around the globe."""
    kept: list[Point] = []
    for longitude, latitude, epoch_s in points:
        if kept:
            longitude = kept[-1][0] + (longitude - kept[-1][0] + 180) % 360 - 180
        kept.append((longitude, latitude, epoch_s))
    return kept


def parted(points: Sequence[Point], *, silence_s: int) -> list[list[Point]]:
    """Return the points in pieces between which nothing was heard for longer: no line says what was not heard."""
    pieces: list[list[Point]] = []
    for point in points:
        if pieces and point[2] - pieces[-1][-1][2] <= silence_s:
            pieces[-1].append(point)
        else:
            pieces.append([point])
    return pieces


def simplified(points: Sequence[Point], tolerance_deg: float) -> list[Point]:
    """Return the points of a line that none of the others is further from than a tolerance (Douglas and Peucker, 1973).

    Longitudes are weighed by the cosine of the latitude in the middle. The first and last point always stay.
    """
    if len(points) < 3 or tolerance_deg <= 0:
        return list(points)
    shrink = cos(radians(min(89.0, abs(points[len(points) // 2][1]))))
    places = [(longitude * shrink, latitude) for longitude, latitude, _epoch_s in points]
    keep = bytearray(len(points))
    keep[0] = keep[-1] = 1
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        furthest, index = _furthest(places, first, last)
        if furthest > (tolerance_deg * shrink) ** 2:
            keep[index] = 1
            waiting += [(first, index), (index, last)]
    return [point for point, is_kept in zip(points, keep, strict=True) if is_kept]


def _furthest(places: list[tuple[float, float]], first: int, last: int) -> tuple[float, int]:
    """Return the square of the largest distance from the line between two points, and whose it is."""
    (x, y), (end_x, end_y) = places[first], places[last]
    run, rise = end_x - x, end_y - y
    length = run * run + rise * rise
    best, at = -1.0, first
    for index in range(first + 1, last):
        across, up = places[index][0] - x, places[index][1] - y
        share = max(0.0, min(1.0, (across * run + up * rise) / length)) if length else 0.0
        off_x, off_y = across - share * run, up - share * rise
        distance = off_x * off_x + off_y * off_y
        if distance > best:
            best, at = distance, index
    return best, at
