"""Things and what joins them, laid out for a drawing: pure geometry, in the units of an SVG's view box.

What the picture starts from stands in the middle. What was opened from there stands in columns to both sides, each
thing once, under the first that leads to it: things of the world to the left, claims and evidence to the right. A line
is solid where its dates say that it certainly held in the days asked for, and dashed where they only allow it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from casefiles.core.moments import Certainty
from casefiles.core.timeline import Extent, shortened, text_width

ROW_HEIGHT, COLUMN_WIDTH, MARGIN, RADIUS = 46.0, 268.0, 28.0, 8.0
TEXT_GAP, LONGEST_NAME, LONGEST_RELATION = 8.0, 30, 38
ALONE_IN_A_ROW, ALONE_WIDTH, ALONE_HEIGHT = 4, 220.0, 56.0
LEFT, MIDDLE, RIGHT = "left", "middle", "right"
LEAST_WIDTH = 640.0

Key = tuple[str, str]
Place = Sequence[float]


@dataclass(frozen=True)
class Link:
    """One record that joins two things: its words, its time, its page, and what is cited for it."""

    source: str
    target: str
    relation: str
    when: str
    extent: Extent | None
    url: str
    record: str = ""
    cited: tuple[tuple[str, str], ...] = ()
    certainty: Certainty = Certainty.POSSIBLE

    @property
    def words(self) -> str:
        return f"{self.relation}, {self.when}" if self.when else self.relation


@dataclass(frozen=True)
class Node:
    """A thing, by a key; `has_more` where it is opened and not all that it is joined to is shown."""

    key: str
    kind: str
    kind_label: str
    label: str
    url: str
    detail: str = ""
    is_start: bool = False
    is_open: bool = False
    has_more: bool = False
    is_on_path: bool = False

    @property
    def title(self) -> str:
        return f"{self.label} ({self.kind_label})"


@dataclass(frozen=True)
class Edge:
    """Everything of one kind that joins two things; the links in the order of their time."""

    source: str
    target: str
    links: tuple[Link, ...]
    is_on_path: bool = False

    @property
    def certainty(self) -> Certainty:
        is_certain = any(link.certainty is Certainty.CERTAIN for link in self.links)
        return Certainty.CERTAIN if is_certain else Certainty.POSSIBLE

    @property
    def is_dashed(self) -> bool:
        return self.certainty is not Certainty.CERTAIN

    @property
    def words(self) -> str:
        """Return the relation with its date; of several, how many there are and the first and last date."""
        if len(self.links) == 1:
            return self.links[0].words
        relations = list(dict.fromkeys(link.relation for link in self.links))
        dates = [link.when for link in self.links if link.when]
        span = f", {dates[0]} … {dates[-1]}" if len(dates) > 1 and dates[0] != dates[-1] else "".join(dates[:1])
        return f"{' / '.join(relations[:2])}{' / …' if len(relations) > 2 else ''} ×{len(self.links)}{span}"

    @property
    def url(self) -> str:
        return self.links[0].url


@dataclass(frozen=True)
class DrawnNode:
    node: Node
    x: float
    y: float
    side: str
    name: str

    @property
    def text_x(self) -> float:
        away = RADIUS + TEXT_GAP
        return {LEFT: self.x - away, MIDDLE: self.x, RIGHT: self.x + away}[self.side]

    @property
    def text_y(self) -> float:
        return self.y + (RADIUS + 16 if self.side == MIDDLE else 0)

    @property
    def anchor(self) -> str:
        return {LEFT: "end", MIDDLE: "middle", RIGHT: "start"}[self.side]


@dataclass(frozen=True)
class DrawnEdge:
    """A line; `text` stands under the name of the thing that the line leads to, if it is the first to lead there."""

    edge: Edge
    path: str
    text: str = ""
    text_x: float = 0
    text_y: float = 0
    anchor: str = "start"


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]
    # From which point of the plane the sheet's corner was taken: places that are kept do not move with the sheet.
    left: float
    top: float
    radius: float = RADIUS


# --- Dates ------------------------------------------------------------------------------------------------------


def held(extent: Extent | None, since: date | None, until: date | None, *, today: date) -> Certainty:
    """Say whether something held in some part of a window of days; what has no date may always have."""
    if extent is None or not extent.known_days:
        return Certainty.POSSIBLE if since or until else Certainty.CERTAIN
    first, last = since or date.min, until or date.max
    latest = max(today, *extent.known_days) if extent.is_ongoing else extent.latest
    if (extent.earliest and extent.earliest > last) or (latest and latest < first):
        return Certainty.IMPOSSIBLE
    certain_to = max(today, extent.certain_to) if extent.is_ongoing and extent.certain_to else extent.certain_to
    if extent.certain_from and certain_to and extent.certain_from <= last and certain_to >= first:
        return Certainty.CERTAIN
    is_within = extent.earliest is not None and latest is not None and extent.earliest >= first and latest <= last
    return Certainty.CERTAIN if is_within else Certainty.POSSIBLE


def joined(links: Iterable[Link]) -> list[Edge]:
    """Put the links between the same two things together, in the order of their time."""
    grouped: dict[frozenset[str], list[Link]] = {}
    for link in links:
        grouped.setdefault(frozenset((link.source, link.target)), []).append(link)
    return [
        Edge(ordered[0].source, ordered[0].target, tuple(ordered))
        for some in grouped.values()
        for ordered in [sorted(some, key=_time_key)]
    ]


def _time_key(link: Link) -> tuple[date, str, str]:
    days = link.extent.known_days if link.extent else []
    return (min(days) if days else date.max, link.relation, link.record)


# --- Drawing ----------------------------------------------------------------------------------------------------


@dataclass
class _Branch:
    """A thing with what it was the first to lead to."""

    node: Node
    depth: int
    side: str
    edge: Edge | None = None
    below: list["_Branch"] = field(default_factory=list)

    def rows(self, side: str = "") -> int:
        children = [child for child in self.below if not side or child.side == side]
        return max(sum(child.rows() for child in children), 0 if side else 1)


def draw(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    *,
    right: Collection[str] = (),
    kept: Mapping[str, Place] | None = None,
) -> Drawing | None:
    """Lay things out from those it starts from; None without any. `kept` are places that somebody chose.

    `right` are the kinds that stand on the right; the others stand on the left.
    """
    roots, first_edges = _trees(nodes, edges, frozenset(right))
    if not roots:
        return None
    placed = {drawn.node.key: drawn for drawn in _placed(roots)}
    for key, (x, y) in (kept or {}).items():
        if key in placed:
            placed[key] = replace(placed[key], x=x, y=y)
    return _sheet(placed, edges, first_edges)


def _trees(
    nodes: Sequence[Node], edges: Sequence[Edge], right: frozenset[str]
) -> tuple[list[_Branch], dict[str, Edge]]:
    """Go out from the opened starts in steps, the nearest first; what nothing leads to starts a tree of its own."""
    by_key = {node.key: node for node in nodes}
    beside: dict[str, list[tuple[str, Edge]]] = {}
    for edge in edges:
        beside.setdefault(edge.source, []).append((edge.target, edge))
        beside.setdefault(edge.target, []).append((edge.source, edge))
    middle = [node for node in nodes if node.is_start and node.is_open] or [node for node in nodes if node.is_start]
    starts = [middle, *([node] for node in sorted(nodes, key=lambda node: not node.is_start))]
    roots: list[_Branch] = []
    seen: set[str] = set()
    for some in starts:
        grown = [_Branch(node, 0, MIDDLE) for node in some if node.key not in seen]
        seen |= {branch.node.key for branch in grown}
        roots += grown
        _grow(grown, beside, by_key, seen, right)
    return roots, {branch.node.key: branch.edge for branch in _all(roots) if branch.edge}


def _grow(
    level: list[_Branch],
    beside: Mapping[str, list[tuple[str, Edge]]],
    by_key: Mapping[str, Node],
    seen: set[str],
    right: frozenset[str],
) -> None:
    while level:
        following = []
        for branch in level:
            for key, edge in beside.get(branch.node.key, []):
                if key in seen or key not in by_key:
                    continue
                seen.add(key)
                side = branch.side if branch.depth else (RIGHT if by_key[key].kind in right else LEFT)
                child = _Branch(by_key[key], branch.depth + 1, side, edge)
                branch.below.append(child)
                following.append(child)
        level = following


def _all(branches: Iterable[_Branch]) -> Iterator[_Branch]:
    for branch in branches:
        yield branch
        yield from _all(branch.below)


def _placed(roots: Sequence[_Branch]) -> Iterator[DrawnNode]:
    """Put trees below each other, and below them in rows what nothing is joined to."""
    top = 0.0
    for root in (root for root in roots if root.below):
        height = max(root.rows(LEFT), root.rows(RIGHT), 1) * ROW_HEIGHT + ROW_HEIGHT / 2
        yield _drawn(root, 0.0, top + height / 2)
        for side in (LEFT, RIGHT):
            children = [child for child in root.below if child.side == side]
            start = top + (height - sum(child.rows() for child in children) * ROW_HEIGHT) / 2
            yield from _column(children, start)
        top += height
    alone = [root for root in roots if not root.below]
    columns = min(len(alone), ALONE_IN_A_ROW)
    for number, root in enumerate(alone):
        row, column = divmod(number, ALONE_IN_A_ROW)
        yield _drawn(root, (column - (columns - 1) / 2) * ALONE_WIDTH, top + (row + 0.5) * ALONE_HEIGHT)


def _column(branches: Sequence[_Branch], top: float) -> Iterator[DrawnNode]:
    for branch in branches:
        height = branch.rows() * ROW_HEIGHT
        away = branch.depth * COLUMN_WIDTH
        yield _drawn(branch, -away if branch.side == LEFT else away, top + height / 2)
        yield from _column(branch.below, top)
        top += height


def _drawn(branch: _Branch, x: float, y: float) -> DrawnNode:
    return DrawnNode(branch.node, x, y, branch.side, shortened(branch.node.label, LONGEST_NAME))


def _sheet(placed: Mapping[str, DrawnNode], edges: Sequence[Edge], first: Mapping[str, Edge]) -> Drawing:
    """Move everything so that the leftmost and topmost of it, words included, begins at the margin."""
    texts = {key: _relation(first.get(key)) for key in placed}
    spans = [_span(drawn, texts[key]) for key, drawn in placed.items()]
    left = min(span[0] for span in spans) - MARGIN
    right = max(max(span[1] for span in spans) + MARGIN, left + LEAST_WIDTH)
    top = min(drawn.y for drawn in placed.values()) - ROW_HEIGHT / 2 - MARGIN / 2
    bottom = max(drawn.y for drawn in placed.values()) + ROW_HEIGHT / 2 + MARGIN
    moved = {
        key: replace(drawn, x=round(drawn.x - left, 1), y=round(drawn.y - top, 1)) for key, drawn in placed.items()
    }
    lines = [_line(edge, moved, first, texts) for edge in edges if edge.source in moved and edge.target in moved]
    return Drawing(
        width=round(right - left, 1),
        height=round(bottom - top, 1),
        nodes=tuple(moved.values()),
        edges=tuple(lines),
        left=round(left, 1),
        top=round(top, 1),
    )


def _relation(edge: Edge | None) -> str:
    return shortened(edge.words, LONGEST_RELATION) if edge else ""


def _span(drawn: DrawnNode, text: str) -> tuple[float, float]:
    width = max(text_width(drawn.name) * 1.06, text_width(text) * 0.9)
    if drawn.side == MIDDLE:
        return drawn.x - width / 2, drawn.x + width / 2
    return (drawn.text_x - width, drawn.x) if drawn.side == LEFT else (drawn.x, drawn.text_x + width)


def _line(
    edge: Edge, placed: Mapping[str, DrawnNode], first: Mapping[str, Edge], texts: Mapping[str, str]
) -> DrawnEdge:
    source, target = placed[edge.source], placed[edge.target]
    led_to = next((one for one in (target, source) if first.get(one.node.key) is edge), None)
    drawn = DrawnEdge(edge, _path(source, target))
    if led_to is None:
        return drawn
    return replace(
        drawn,
        text=texts[led_to.node.key],
        text_x=led_to.text_x,
        text_y=led_to.text_y + 15,
        anchor=led_to.anchor,
    )


def _path(source: DrawnNode, target: DrawnNode) -> str:
    """Return a curve that leaves and arrives level, so that lines between two columns do not run through a third."""
    start, end = _leaving(source, target), _leaving(target, source)
    bend = (end - start) / 2
    if abs(target.x - source.x) < COLUMN_WIDTH / 4:
        out = source.x + COLUMN_WIDTH / 3 * (1 if source.side == LEFT else -1)
        return f"M{source.x} {source.y}C{out:.1f} {source.y} {out:.1f} {target.y} {target.x} {target.y}"
    return f"M{start:.1f} {source.y}C{start + bend:.1f} {source.y} {end - bend:.1f} {target.y} {end:.1f} {target.y}"


def _leaving(drawn: DrawnNode, other: DrawnNode) -> float:
    """Return where a line leaves a thing: behind its name where it goes on outwards."""
    width = text_width(drawn.name) + TEXT_GAP
    if drawn.side == RIGHT and other.x > drawn.x + COLUMN_WIDTH / 2:
        return min(drawn.text_x + width, other.x)
    if drawn.side == LEFT and other.x < drawn.x - COLUMN_WIDTH / 2:
        return max(drawn.text_x - width, other.x)
    return drawn.x
