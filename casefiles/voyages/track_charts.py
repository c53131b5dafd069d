"""A track on a small map, drawn by the server: for print, and where no script runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from casefiles.core.basemap import coastline_file
from casefiles.core.chart import Bar, DrawnPort, Port, draw, fitted, land_path, scale_bar
from casefiles.core.coastline import land
from casefiles.voyages.simplifying import Point, simplified

WIDTH = 1000
TALLEST = 0.75


@dataclass(frozen=True)
class TrackChart:
    """`paths` are one for each piece of the track; `start` and `end` are its first and last point on the sheet."""

    width: int
    height: int
    land: str
    paths: tuple[str, ...]
    silences: tuple[str, ...]
    start: tuple[float, float]
    end: tuple[float, float]
    ports: tuple[DrawnPort, ...]
    bar: Bar
    has_coastline: bool


def draw_track(pieces: Sequence[Sequence[Point]], places: Sequence[Port] = ()) -> TrackChart | None:
    """Draw the pieces of a track and places near it; dashes join what was heard before and after a silence.

    None where there is no point.
    """
    points = [point for piece in pieces for point in piece]
    if not points:
        return None
    corners = _corners(points)
    view = fitted(corners, width=WIDTH, tallest=TALLEST)
    near = [port for port in places if _is_on(port, view.box.west, view.box.east, view.box.south, view.box.north)]
    tolerance = (view.box.east - view.box.west) / WIDTH
    path = coastline_file()
    lines = [[(view.x(x), view.y(y)) for x, y, _s in simplified(piece, tolerance)] for piece in pieces]
    return TrackChart(
        width=view.width,
        height=view.height,
        land=land_path(path, view),
        paths=tuple(_path(line) for line in lines),
        silences=tuple(_path([one[-1], other[0]]) for one, other in zip(lines, lines[1:], strict=False)),
        start=_rounded(lines[0][0]),
        end=_rounded(lines[-1][-1]),
        ports=_ports(near, corners),
        bar=scale_bar(view),
        has_coastline=bool(land(path)),
    )


def _corners(points: Sequence[Point]) -> list[Port]:
    wests, souths = [point[0] for point in points], [point[1] for point in points]
    pairs = ((min(wests), min(souths)), (max(wests), max(souths)))
    return [Port(f"corner {number}", "", latitude, longitude) for number, (longitude, latitude) in enumerate(pairs)]


def _is_on(port: Port, west: float, east: float, south: float, north: float) -> bool:
    return south <= port.latitude <= north and (port.longitude - west) % 360 <= east - west


def _ports(near: Sequence[Port], corners: Sequence[Port]) -> tuple[DrawnPort, ...]:
    """Return the places with their labels, on the sheet of the track: its corners decide what is shown."""
    moved = [_beside(port, corners[0].longitude) for port in near]
    chart = draw([*corners, *moved], coastline=coastline_file(), width=WIDTH, tallest=TALLEST)
    return tuple(drawn for drawn in (chart.ports if chart else ()) if drawn.port.name)


def _beside(port: Port, west: float) -> Port:
    turn = (port.longitude - west) % 360
    return Port(**{**port.__dict__, "longitude": west + (turn if turn < 330 else turn - 360)})


def _path(line: Sequence[tuple[float, float]]) -> str:
    # A single point is drawn too: a line of no length with round ends.
    joined = "L".join(f"{x:.1f} {y:.1f}" for x, y in (line if len(line) > 1 else [*line, *line]))
    return f"M{joined}"


def _rounded(point: tuple[float, float]) -> tuple[float, float]:
    return round(point[0], 1), round(point[1], 1)
