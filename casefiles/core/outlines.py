"""A small map of one piece of the Earth: its outline over the coast, in the units of an SVG's view box."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from casefiles.core.chart import Bar, Port, fitted, land_path, scale_bar
from casefiles.core.coastline import Point, land

WIDTH = 500
# Smaller than this on the sheet, an outline is circled, so that it is found.
SMALLEST = 24.0


@dataclass(frozen=True)
class DrawnOutline:
    """Where everything goes; `circle` is the radius of the circle around a small outline, or 0."""

    width: int
    height: int
    land: str
    path: str
    x: float
    y: float
    circle: float
    bar: Bar
    has_coastline: bool


def draw_outline(rings: Sequence[Sequence[Point]], *, coastline: Path, width: int = WIDTH) -> DrawnOutline:
    """Draw rings of longitude and latitude, which may go on beyond 180 degrees, with land around them."""
    points = [point for ring in rings for point in ring]
    view = fitted([Port("", "", latitude, longitude) for longitude, latitude in points], width=width)
    xs, ys = [view.x(longitude) for longitude, _ in points], [view.y(latitude) for _, latitude in points]
    across = max(max(xs) - min(xs), max(ys) - min(ys))
    return DrawnOutline(
        width=view.width,
        height=view.height,
        land=land_path(coastline, view),
        path="".join("M" + "L".join(f"{view.x(x):.1f} {view.y(y):.1f}" for x, y in ring) + "Z" for ring in rings),
        x=round((max(xs) + min(xs)) / 2, 1),
        y=round((max(ys) + min(ys)) / 2, 1),
        circle=SMALLEST if across < SMALLEST else 0,
        bar=scale_bar(view),
        has_coastline=bool(land(coastline)),
    )
