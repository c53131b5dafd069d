"""Who stands behind which ship, drawn as columns: pure geometry, in the units of an SVG's view box.

From left to right: beneficial owners, registered owners, who has charge of the ship, and the ships. A line joins a
party to the next column that the same ship has one in; it says what each was to that ship, not that one owns the other.
"""

import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

WIDTH, TOP, BOX_HEIGHT, ROW_HEIGHT, COLUMN_GAP, HEAD_HEIGHT = 860.0, 6.0, 30.0, 40.0, 56.0, 26.0
TEXT_MARGIN, LETTER_WIDTH, WIDE_LETTER_WIDTH = 10.0, 6.9, 12.5


@dataclass(frozen=True)
class Party:
    """Somebody who was something to a ship; `column` counts from the left, the ship itself stands behind the last."""

    key: Hashable
    label: str
    url: str
    column: int
    is_here: bool = False


@dataclass(frozen=True)
class Ship:
    """A ship with its parties."""

    key: Hashable
    label: str
    url: str
    parties: tuple[Party, ...]


@dataclass(frozen=True)
class Box:
    """A drawn party or ship."""

    label: str
    title: str
    url: str
    x: float
    y: float
    is_here: bool

    @property
    def text_x(self) -> float:
        return self.x + TEXT_MARGIN

    @property
    def text_y(self) -> float:
        return self.y + BOX_HEIGHT / 2 + 4.5

    @property
    def middle_y(self) -> float:
        return self.y + BOX_HEIGHT / 2


@dataclass(frozen=True)
class Line:
    """A line from the right edge of one box to the left edge of another, as an SVG path."""

    path: str


@dataclass(frozen=True)
class Heading:
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    box_width: float
    box_height: float
    headings: tuple[Heading, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def draw(ships: Sequence[Ship], headings: Sequence[str]) -> Drawing | None:
    """Return the drawing of some ships and their parties, or None where there is none.

    `headings` name the columns, that of the ships the last; a column without any party is left out.
    """
    if not ships:
        return None
    last = len(headings) - 1
    used = sorted({party.column for ship in ships for party in ship.parties} | {last})
    box_width = (WIDTH - COLUMN_GAP * (len(used) - 1)) / len(used)
    places = {column: index * (box_width + COLUMN_GAP) for index, column in enumerate(used)}
    ship_rows = {ship.key: float(row) for row, ship in enumerate(ships)}
    boxes: dict[tuple[int, Hashable], Box] = {}
    for column in used[:-1]:
        for row, party in enumerate(_in_order(ships, column, ship_rows)):
            boxes[column, party.key] = _box(party, places[column], row, box_width)
    for row, ship in enumerate(ships):
        boxes[last, ship.key] = _box(Party(ship.key, ship.label, ship.url, last), places[last], row, box_width)
    lines = dict.fromkeys(line for ship in ships for line in _lines(ship, last, boxes, box_width))
    bottom = max(box.y for box in boxes.values()) + BOX_HEIGHT
    return Drawing(
        width=WIDTH,
        height=bottom + TOP,
        box_width=round(box_width, 1),
        box_height=BOX_HEIGHT,
        headings=tuple(Heading(headings[column], round(places[column], 1), TOP + 12) for column in used),
        boxes=tuple(boxes.values()),
        lines=tuple(lines),
    )


def _in_order(ships: Iterable[Ship], column: int, rows: dict[Hashable, float]) -> list[Party]:
    """Return a column's parties, each once, beside the ships that they belong to, so that few lines cross."""
    found: dict[Hashable, Party] = {}
    at: dict[Hashable, list[float]] = {}
    for ship in ships:
        for party in ship.parties:
            if party.column == column:
                found.setdefault(party.key, party)
                at.setdefault(party.key, []).append(rows[ship.key])
    return sorted(found.values(), key=lambda party: (sum(at[party.key]) / len(at[party.key]), party.label))


def _box(party: Party, x: float, row: int, width: float) -> Box:
    label = fitted(party.label, width - 2 * TEXT_MARGIN)
    y = TOP + HEAD_HEIGHT + row * ROW_HEIGHT
    return Box(label, party.label, party.url, round(x, 1), round(y, 1), party.is_here)


def _lines(ship: Ship, last: int, boxes: dict[tuple[int, Hashable], Box], width: float) -> Iterable[Line]:
    columns = sorted({party.column for party in ship.parties})
    for column, after in zip(columns, [*columns[1:], last], strict=True):
        targets = [ship.key] if after == last else [party.key for party in ship.parties if party.column == after]
        for party in ship.parties:
            if party.column == column:
                for target in targets:
                    yield _line(boxes[column, party.key], boxes[after, target], width)


def _line(start: Box, end: Box, width: float) -> Line:
    x1, x2 = start.x + width, end.x
    half = (x1 + x2) / 2
    y1, y2 = start.middle_y, end.middle_y
    return Line(f"M{x1:.1f} {y1:.1f}C{half:.1f} {y1:.1f} {half:.1f} {y2:.1f} {x2:.1f} {y2:.1f}")


def fitted(label: str, width: float) -> str:
    """Return a label cut with an ellipsis so that it fits about that width."""
    used = 0.0
    for place, character in enumerate(label):
        is_wide = unicodedata.east_asian_width(character) in "WF"
        used += WIDE_LETTER_WIDTH if is_wide else LETTER_WIDTH
        if used > width:
            return label[: max(place - 1, 0)].rstrip() + "…"
    return label
