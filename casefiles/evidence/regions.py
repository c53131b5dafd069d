"""Regions of an image and passages of a text, as W3C Web Annotations select them.

Pure: knows no database and no Django. Pixels are counted from the upper left corner of the image as shown, upright.
https://www.w3.org/TR/annotation-model/#selectors, https://www.w3.org/TR/media-frags/#naming-space
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MOST_PIXELS_OF_A_SIDE = 2**20
MOST_POINTS = 500
_NUMBERS = re.compile(r"(?:xywh=)?(?:pixel:)?(\d{1,7}(?:\.\d{1,6})?(?:,\d{1,7}(?:\.\d{1,6})?){3})")
_POINT = re.compile(r"\s*(\d{1,7})\s*,\s*(\d{1,7})\s*")


class NotARegion(ValueError):
    """What was given selects nothing."""


@dataclass(frozen=True)
class Rectangle:
    """A rectangle in whole pixels, at least one wide and high."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def parse(cls, text: str) -> "Rectangle":
        """Read "10,20,300,200", with "xywh=" or "pixel:" before it or not; parts of pixels are rounded outwards.

        Raises:
            NotARegion: it is of another form, or empty.
        """
        match = _NUMBERS.fullmatch("".join(text.split()))
        if match is None:
            raise NotARegion
        x, y, width, height = (float(part) for part in match[1].split(","))
        left, top = int(x), int(y)
        return cls.checked(left, top, _up(x + width) - left, _up(y + height) - top)

    @classmethod
    def checked(cls, x: int, y: int, width: int, height: int) -> "Rectangle":
        """Make a rectangle.

        Raises:
            NotARegion: it is empty, or begins before the image or beyond any image.
        """
        if min(x, y) < 0 or min(width, height) < 1 or max(x + width, y + height) > MOST_PIXELS_OF_A_SIDE:
            raise NotARegion
        return cls(x, y, width, height)

    def __str__(self) -> str:
        return f"{self.x},{self.y},{self.width},{self.height}"

    @property
    def box(self) -> "Rectangle":
        return self

    def selector(self) -> dict[str, Any]:
        """Return this as JSON-LD."""
        return {
            "type": "FragmentSelector",
            "conformsTo": "http://www.w3.org/TR/media-frags/",
            "value": f"xywh=pixel:{self}",
        }


@dataclass(frozen=True)
class Polygon:
    """Three corners or more, in whole pixels."""

    points: tuple[tuple[int, int], ...]

    @classmethod
    def parse(cls, text: str) -> "Polygon":
        """Read "10,20 30,20 30,40".

        Raises:
            NotARegion: it is of another form, has fewer than three different corners, or no area.
        """
        matches = [_POINT.fullmatch(part) for part in re.sub(r"\s*,\s*", ",", text.strip()).split()]
        points = [(int(match[1]), int(match[2])) for match in matches if match]
        if len(points) != len(matches) or len(points) > MOST_POINTS or len(set(points)) < 3:
            raise NotARegion
        if max(max(point) for point in points) > MOST_PIXELS_OF_A_SIDE or not _double_area(points):
            raise NotARegion
        return cls(tuple(points))

    def __str__(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.points)

    @property
    def box(self) -> Rectangle:
        """Return the smallest rectangle around it."""
        across, down = zip(*self.points, strict=True)
        left, top = min(across), min(down)
        return Rectangle(left, top, max(across) - left, max(down) - top)

    def selector(self) -> dict[str, Any]:
        """Return this as JSON-LD."""
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><polygon points="{self}"/></svg>'
        return {"type": "SvgSelector", "value": drawing}


@dataclass(frozen=True)
class Passage:
    """Words of a text, with what stands right before and after them where they stand more than once."""

    exact: str
    prefix: str = ""
    suffix: str = ""

    def selector(self) -> dict[str, Any]:
        """Return this as JSON-LD."""
        around = {name: value for name, value in (("prefix", self.prefix), ("suffix", self.suffix)) if value}
        return {"type": "TextQuoteSelector", "exact": self.exact, **around}


def is_within(region: Rectangle | Polygon, size: tuple[int, int]) -> bool:
    """Say whether a region lies wholly on an image of this width and height."""
    box = region.box
    return box.x + box.width <= size[0] and box.y + box.height <= size[1]


def _up(value: float) -> int:
    return int(-(-value // 1))


def _double_area(points: Iterable[tuple[int, int]]) -> int:
    corners = list(points)
    pairs = zip(corners, [*corners[1:], corners[0]], strict=True)
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairs)
