"""A small map of ports and the voyages that join them: where everything goes, in the units of an SVG's view box.

Mercator projection. A line between two ports says that a voyage joined them; it is not a track, and it bends so that
nobody takes it for one. How precisely a place is known is drawn as a circle, never as a sharper point.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from casefiles.core.coastline import Box, land, within
from casefiles.core.timeline import text_width

WIDTH = 620
SHORTEST, TALLEST = 0.62, 1.15
LEAST_DEGREES, MARGIN = 3.0, 0.16
EARTH_RADIUS_M = 6_371_008.8
LETTER_HEIGHT, LABEL_GAP, RADIUS = 19.0, 9.0, 5.0
# Labels are set larger than those of a timeline.
LABEL_SCALE = 1.64
SMALLEST_CIRCLE = 7.0
# Smaller than this on the sheet, an area is circled, so that it is found.
SMALLEST_AREA = 24.0
SIMPLIFIED = 0.7
NORTHERNMOST = 84.0


@dataclass(frozen=True)
class Port:
    """A place with its point in degrees; `is_possible` where nothing but candidates places a ship there."""

    key: str
    name: str
    latitude: float
    longitude: float
    precision_m: float | None = None
    title: str = ""
    url: str = ""
    is_possible: bool = False


@dataclass(frozen=True)
class Leg:
    """A voyage between two ports, by their keys; `is_inferred` where nobody saw both ends."""

    start: str
    end: str
    title: str = ""
    url: str = ""
    is_inferred: bool = False


@dataclass(frozen=True)
class Area:
    """A piece of the Earth, by rings of longitude and latitude in degrees."""

    rings: tuple[tuple[tuple[float, float], ...], ...]
    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class Mark:
    """A point at which something was seen that is no port."""

    latitude: float
    longitude: float
    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class DrawnArea:
    """An outline; `circle` is the radius of the circle around one too small to be found, or 0."""

    area: Area
    path: str
    x: float
    y: float
    circle: float


@dataclass(frozen=True)
class DrawnMark:
    mark: Mark
    path: str


@dataclass(frozen=True)
class DrawnPort:
    port: Port
    x: float
    y: float
    circle: float
    text_x: float
    text_y: float
    anchor: str
    leader: str


@dataclass(frozen=True)
class DrawnLeg:
    """A curve; `points` are some that it runs through, for labels to keep away from."""

    leg: Leg
    path: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Bar:
    """The bar that says how long so many kilometres are at the middle of the map."""

    x: float
    y: float
    width: float
    label: str

    @property
    def text_y(self) -> float:
        return self.y - 6


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    land: str
    ports: tuple[DrawnPort, ...]
    legs: tuple[DrawnLeg, ...]
    bar: Bar
    has_coastline: bool
    areas: tuple[DrawnArea, ...] = ()
    marks: tuple[DrawnMark, ...] = ()


@dataclass(frozen=True)
class View:
    """A box of the world on a sheet of so many units."""

    box: Box
    width: int
    height: int

    def x(self, longitude: float) -> float:
        return (longitude - self.box.west) / (self.box.east - self.box.west) * self.width

    def y(self, latitude: float) -> float:
        top, bottom = mercator(self.box.north), mercator(self.box.south)
        return (top - mercator(latitude)) / (top - bottom) * self.height

    @property
    def units_per_radian(self) -> float:
        return self.width / math.radians(self.box.east - self.box.west)

    def length(self, metres: float, latitude: float) -> float:
        """Return how long a distance is on the sheet at a latitude."""
        return metres / (EARTH_RADIUS_M * math.cos(math.radians(latitude))) * self.units_per_radian


def mercator(latitude: float) -> float:
    """Return the Mercator ordinate of a latitude, in radians; beyond 84 degrees it is cut off."""
    inside = math.radians(max(-NORTHERNMOST, min(NORTHERNMOST, latitude)))
    return math.log(math.tan(math.pi / 4 + inside / 2))


def latitude_of(ordinate: float) -> float:
    """Return the latitude, in degrees, of a Mercator ordinate."""
    return math.degrees(2 * math.atan(math.exp(ordinate)) - math.pi / 2)


def draw(
    ports: Sequence[Port],
    legs: Sequence[Leg] = (),
    *,
    areas: Sequence[Area] = (),
    marks: Sequence[Mark] = (),
    coastline: Path,
    width: int = WIDTH,
    tallest: float = TALLEST,
) -> Chart | None:
    """Lay out ports, legs, areas and marks over the coast read from `coastline`; None where there is nothing.

    Letters keep their size, so that a wider sheet shows smaller ones; it is at most `tallest` times as high as wide.
    Without the file the map is drawn all the same, and `has_coastline` is False.
    """
    corners = [
        Port("", "", latitude, longitude) for area in areas for ring in area.rings for longitude, latitude in ring
    ]
    seen = [Port("", "", mark.latitude, mark.longitude) for mark in marks]
    everything = _unwrapped([*ports, *corners, *seen])
    if not everything:
        return None
    view = fitted(everything, width=width, tallest=tallest)
    shifted, beside = everything[: len(ports)], iter(everything[len(ports) :])
    placed = {port.key: (view.x(port.longitude), view.y(port.latitude)) for port in shifted}
    drawn_legs = tuple(_drawn_legs(legs, placed))
    return Chart(
        width=view.width,
        height=view.height,
        land=land_path(coastline, view),
        ports=tuple(_drawn_ports(shifted, placed, drawn_legs, view)),
        legs=drawn_legs,
        bar=scale_bar(view),
        has_coastline=bool(land(coastline)),
        areas=tuple(_drawn_area(area, beside, view) for area in areas),
        marks=tuple(_drawn_mark(mark, next(beside), view) for mark in marks),
    )


def _drawn_area(area: Area, corners: Iterator[Port], view: View) -> DrawnArea:
    """Draw an area by its corners, taken in turn from those that were moved to one side of the cut."""
    rings = [
        [(view.x(one.longitude), view.y(one.latitude)) for one in islice(corners, len(ring))] for ring in area.rings
    ]
    xs, ys = [x for ring in rings for x, _y in ring], [y for ring in rings for _x, y in ring]
    across = max(max(xs) - min(xs), max(ys) - min(ys))
    return DrawnArea(
        area=area,
        path="".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings),
        x=round((max(xs) + min(xs)) / 2, 1),
        y=round((max(ys) + min(ys)) / 2, 1),
        circle=SMALLEST_AREA if across < SMALLEST_AREA else 0,
    )


def _drawn_mark(mark: Mark, at: Port, view: View) -> DrawnMark:
    x, y, reach = view.x(at.longitude), view.y(at.latitude), RADIUS + 3
    return DrawnMark(mark, f"M{x:.1f} {y - reach:.1f}l{reach} {reach}l-{reach} {reach}l-{reach} -{reach}Z")


def _unwrapped(ports: Sequence[Port]) -> list[Port]:
    """Return the ports with longitudes on one side of a cut, so that the Pacific is not drawn around the globe."""
    longitudes = [port.longitude for port in ports]
    if not longitudes or max(longitudes) - min(longitudes) <= 180:
        return list(ports)
    eastern = [longitude + 360 if longitude < 0 else longitude for longitude in longitudes]
    if max(eastern) - min(eastern) >= max(longitudes) - min(longitudes):
        return list(ports)
    return [_moved(port, longitude) for port, longitude in zip(ports, eastern, strict=True)]


def _moved(port: Port, longitude: float) -> Port:
    return Port(**{**port.__dict__, "longitude": longitude})


def fitted(ports: Sequence[Port], *, width: int = WIDTH, tallest: float = TALLEST) -> View:
    """Return a view with room around every port, never closer than a few degrees, of a shape that fits a page."""
    wests, ordinates = [port.longitude for port in ports], [mercator(port.latitude) for port in ports]
    least = math.radians(LEAST_DEGREES)
    across = max(math.radians(max(wests) - min(wests)), least)
    down = max(max(ordinates) - min(ordinates), least * SHORTEST)
    across, down = across * (1 + 2 * MARGIN), down * (1 + 2 * MARGIN)
    across = max(across, down / tallest)
    down = max(down, across * min(SHORTEST, tallest))
    middle_x, middle_y = (max(wests) + min(wests)) / 2, (max(ordinates) + min(ordinates)) / 2
    half = math.degrees(across) / 2
    box = Box(middle_x - half, latitude_of(middle_y - down / 2), middle_x + half, latitude_of(middle_y + down / 2))
    # The pole is cut off, so the height follows what is left.
    height = round(width * (mercator(box.north) - mercator(box.south)) / across)
    return View(box, width, max(height, 1))


@lru_cache(maxsize=32)
def land_path(coastline: Path, view: View) -> str:
    """Return the land in a view as the data of one SVG path; points closer than a hair are left out."""
    reach = (view.box.east - view.box.west) * 0.02
    box = Box(view.box.west - reach, view.box.south - reach, view.box.east + reach, view.box.north + reach)
    return "".join(_ring_path(part, view) for part in within(land(coastline), box))


def _ring_path(points: Sequence[tuple[float, float]], view: View) -> str:
    kept: list[tuple[float, float]] = []
    for longitude, latitude in points:
        x, y = view.x(longitude), view.y(latitude)
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= SIMPLIFIED:
            kept.append((x, y))
    if len(kept) < 3:
        return ""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept) + "Z"


# --- Labels -----------------------------------------------------------------------------------------------------

Rectangle = tuple[float, float, float, float]


def _drawn_ports(
    ports: Sequence[Port], placed: dict[str, tuple[float, float]], legs: Sequence[DrawnLeg], view: View
) -> Iterable[DrawnPort]:
    taken: list[Rectangle] = [_around(*point) for point in placed.values()]
    taken += [_around(*point) for drawn in legs for point in drawn.points]
    for port in ports:
        x, y = placed[port.key]
        spot, anchor, rectangle = _label_spot(port.name, x, y, taken, view)
        taken.append(rectangle)
        circle = view.length(port.precision_m, port.latitude) if port.precision_m else 0.0
        far = math.hypot(spot[0] - x, spot[1] - y) > 4 * LABEL_GAP
        yield DrawnPort(
            port=port,
            x=round(x, 1),
            y=round(y, 1),
            circle=round(circle, 1) if circle >= SMALLEST_CIRCLE else 0,
            text_x=round(spot[0], 1),
            text_y=round(spot[1], 1),
            anchor=anchor,
            leader=f"M{x:.1f} {y:.1f}L{spot[0]:.1f} {spot[1] - 4:.1f}" if far else "",
        )


def _around(x: float, y: float) -> Rectangle:
    reach = RADIUS + 2
    return x - reach, y - reach, x + reach, y + reach


def _label_spot(
    name: str, x: float, y: float, taken: Sequence[Rectangle], view: View
) -> tuple[tuple[float, float], str, Rectangle]:
    """Return the first place around a point where its name covers nothing on the sheet, else the least bad."""
    width = text_width(name) * LABEL_SCALE
    found = [_spot(x, y, width, distance, side) for distance in (1, 2.4, 4.6) for side in range(8)]
    return min(enumerate(found), key=lambda pair: (_overlap(pair[1][2], taken) + _outside(pair[1][2], view), pair[0]))[
        1
    ]


def _spot(x: float, y: float, width: float, distance: float, side: int) -> tuple[tuple[float, float], str, Rectangle]:
    """Return the base point, anchor and box of a label to the right, left, above, below, or between these."""
    across, down = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))[side]
    gap = LABEL_GAP * distance
    base_x = x + across * gap
    base_y = y + 5 + down * (gap + (4 if down else 0))
    anchor = {1: "start", -1: "end", 0: "middle"}[across]
    left = base_x - {1: 0.0, -1: width, 0: width / 2}[across]
    return (base_x, base_y), anchor, (left, base_y - LETTER_HEIGHT + 2, left + width, base_y + 3)


def _overlap(rectangle: Rectangle, taken: Sequence[Rectangle]) -> float:
    left, top, right, bottom = rectangle
    return sum(
        max(0.0, min(right, other[2]) - max(left, other[0])) * max(0.0, min(bottom, other[3]) - max(top, other[1]))
        for other in taken
    )


def _outside(rectangle: Rectangle, view: View) -> float:
    left, top, right, bottom = rectangle
    beyond = max(0.0, -left) + max(0.0, right - view.width) + max(0.0, -top) + max(0.0, bottom - view.height)
    return beyond * 1000


# --- Legs and scale ---------------------------------------------------------------------------------------------


def _drawn_legs(legs: Iterable[Leg], placed: dict[str, tuple[float, float]]) -> Iterable[DrawnLeg]:
    counts: dict[frozenset[str], int] = {}
    for leg in legs:
        if leg.start not in placed or leg.end not in placed or leg.start == leg.end:
            continue
        pair = frozenset((leg.start, leg.end))
        counts[pair] = counts.get(pair, 0) + 1
        yield _arc(leg, placed[leg.start], placed[leg.end], counts[pair])


def _arc(leg: Leg, start: tuple[float, float], end: tuple[float, float], turn: int) -> DrawnLeg:
    """Return a curve that bends to the side, further for every voyage between the same two ports."""
    (x1, y1), (x2, y2) = start, end
    bend = 0.16 * turn
    x = (x1 + x2) / 2 - (y2 - y1) * bend
    y = (y1 + y2) / 2 + (x2 - x1) * bend
    path = f"M{x1:.1f} {y1:.1f}Q{x:.1f} {y:.1f} {x2:.1f} {y2:.1f}"
    shares = [step / 6 for step in range(1, 6)]
    points = tuple(
        ((1 - t) ** 2 * x1 + 2 * (1 - t) * t * x + t**2 * x2, (1 - t) ** 2 * y1 + 2 * (1 - t) * t * y + t**2 * y2)
        for t in shares
    )
    return DrawnLeg(leg, path, points)


def scale_bar(view: View) -> Bar:
    """Return the longest bar of a round length that takes less than a third of the sheet."""
    middle = (view.box.south + view.box.north) / 2
    widest = view.width * 0.28
    kilometres = 1
    for candidate in (factor * 10**power for power in range(5) for factor in (1, 2, 5)):
        if view.length(candidate * 1000, middle) <= widest:
            kilometres = candidate
    return Bar(14, view.height - 14, round(view.length(kilometres * 1000, middle), 1), f"{kilometres:,} km")
