"""Time in lanes: where the marks of a timeline go, in the units of an SVG's view box. Pure geometry.

A dot stands for one day that is known for certain, and for nothing else. Whatever is less exact is a bar: solid where
the dates say that it certainly held, dashed over what they allow, fading where one side is open or not known.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from casefiles.core.axis import Scale, Tick, ticks
from casefiles.core.crowds import TALLEST, Bin, bins
from casefiles.core.moments import Moment, Period
from casefiles.core.moments.edtf import Atom, Shape

WIDTH, COMPACT_WIDTH = 1080, 820
LABELS_WIDTH, COMPACT_LABELS_WIDTH, RIGHT_MARGIN = 132, 104, 18
ROW_HEIGHT, BAR_HEIGHT, LANE_GAP, TOP, AXIS_HEIGHT = 22, 16, 12, 12, 26
LETTER_WIDTH, WIDE_LETTER_WIDTH, TEXT_MARGIN = 6.1, 11.5, 5
RADIUS, NARROWEST, GAP = 4.5, 7.0, 3
# How far a bar fades where one side of it is open or not known, and in how many steps.
OPEN_FADE, FADE_STEPS = 40.0, 4
LONGEST_LABEL = 40
ENTRIES_AT_MOST = 500
# A compact lane grows no higher; dots then overlap.
COMPACT_ROWS = 4
# Up to this share of the entries is left out at the ends where that makes room for the others.
OUTLIERS, LEAST_GAIN = 0.06, 0.35


@dataclass(frozen=True)
class Extent:
    """The days that a time may cover (None: that side is open) and those that it certainly covers, if any."""

    earliest: date | None
    latest: date | None
    certain_from: date | None = None
    certain_to: date | None = None
    is_ongoing: bool = False

    @property
    def is_day(self) -> bool:
        return self.earliest is not None and self.earliest == self.latest == self.certain_from

    @property
    def known_days(self) -> list[date]:
        days = (self.earliest, self.latest, self.certain_from, self.certain_to)
        return [day for day in days if day is not None]


@dataclass(frozen=True)
class Entry:
    """Something that happened: the lane it belongs to, a short label, a sentence, and when."""

    lane: str
    label: str
    title: str
    when: str
    extent: Extent | None
    url: str = ""
    tone: str = ""

    @property
    def full_title(self) -> str:
        return f"{self.title} ({self.when})" if self.when else self.title

    @property
    def sort_key(self) -> tuple[date, str]:
        days = self.extent.known_days if self.extent else []
        return (min(days) if days else date.max, self.label)


@dataclass(frozen=True)
class Strip:
    """A part of a bar; `step` is 0 for the whole strength and counts up as it fades."""

    x: float
    width: float
    step: int = 0


@dataclass(frozen=True)
class Mark:
    """One drawn entry: a dot (`is_point`), or a bar of strips with an outline around what is possible only."""

    label: str
    title: str
    url: str
    tone: str
    is_point: bool
    left: float
    right: float
    solid: Strip | None
    possible: Strip | None
    fades: tuple[Strip, ...]
    y: float = 0
    text_x: float = 0

    @property
    def text_y(self) -> float:
        return self.y + BAR_HEIGHT / 2 + 4

    @property
    def center_x(self) -> float:
        return round((self.left + self.right) / 2, 1)

    @property
    def center_y(self) -> float:
        return self.y + BAR_HEIGHT / 2


@dataclass(frozen=True)
class Lane:
    """A lane has marks, or where there are too many of them columns that count them."""

    label: str
    text_y: float
    marks: tuple[Mark, ...]
    bins: tuple[Bin, ...] = ()


@dataclass(frozen=True)
class Timeline:
    """Everything a template needs: no arithmetic is left to it."""

    width: int
    height: float
    axis_y: float
    grid_bottom: float
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    drawn_count: int
    undated_count: int
    omitted_count: int
    outside_count: int
    first: date
    last: date
    left: float
    right: float
    crowd_count: int = 0
    bar_height: int = BAR_HEIGHT
    grid_top: int = TOP - 6
    radius: float = RADIUS

    @property
    def shown_count(self) -> int:
        return self.drawn_count + self.crowd_count


def extent_of(time: Moment | Period | None) -> Extent | None:
    """Return the days that a moment or period allows, and those that it certainly covers."""
    if time is None:
        return None
    return _extent_of_period(time) if isinstance(time, Period) else _extent_of_moment(time)


def extent_of_stay(arrived: Moment | None, departed: Moment | None, seen: Moment | None) -> Extent | None:
    """Return the extent of a stay: a day on which the ship was seen is certain, whenever it came and left."""
    if arrived is None and departed is None:
        return extent_of(seen)
    stay = extent_of(Period(arrived, departed, "dated" if departed else "unknown"))
    sighting = extent_of(seen)
    if stay is None or sighting is None or not sighting.is_day:
        return stay
    day = sighting.certain_from
    starts = [known for known in (stay.certain_from, day) if known]
    ends = [known for known in (stay.certain_to, day) if known]
    return replace(stay, certain_from=min(starts), certain_to=max(ends))


def _extent_of_moment(moment: Moment) -> Extent | None:
    if moment.earliest is None and moment.latest is None:
        return None
    whole = Extent(moment.earliest, moment.latest)
    if moment.is_uncertain or moment.is_approximate:
        return whole
    expression = moment.expression
    if expression.shape is Shape.INTERVAL:
        return _between(whole, *(member if isinstance(member, Atom) else None for member in expression.members))
    if moment.earliest == moment.latest:
        return replace(whole, certain_from=moment.earliest, certain_to=moment.latest)
    return whole


def _between(whole: Extent, first: Atom | None, last: Atom | None) -> Extent:
    start = first.latest if first else (last.earliest if last else None)
    end = last.earliest if last else (first.latest if first else None)
    if start is None or end is None or start > end:
        return whole
    return replace(whole, certain_from=start, certain_to=end)


def _extent_of_period(period: Period) -> Extent | None:
    start, end = period.start, period.end
    if start is None and end is None:
        return None
    certain_from = _last_begin(start) if start else (end.earliest if end else None)
    certain_to = end.earliest if end else certain_from
    if certain_from is None or certain_to is None or (certain_from > certain_to and end is not None):
        certain_from = certain_to = None
    return Extent(
        earliest=start.earliest if start else None,
        latest=end.latest if end else None,
        certain_from=certain_from,
        certain_to=certain_to,
        is_ongoing=period.end_kind == "ongoing",
    )


def _last_begin(start: Moment) -> date | None:
    """Return the last day on which a period has begun; "since August" begins in August."""
    if start.is_uncertain or start.is_approximate:
        return None
    expression = start.expression
    if expression.shape is Shape.INTERVAL and len(expression.atoms) == 1:
        return expression.atoms[0].latest
    return start.latest


# --- Drawing ----------------------------------------------------------------------------------------------------


def draw(
    entries: Iterable[Entry],
    *,
    lanes: Sequence[tuple[str, str]],
    today: date,
    is_compact: bool = False,
    labelled_lanes: Collection[str] | None = None,
    at_most: int = ENTRIES_AT_MOST,
    window: tuple[date, date] | None = None,
    crowds: Mapping[str, Sequence[date]] | None = None,
) -> Timeline | None:
    """Lay entries out in labelled lanes, the earliest first; None where none has a date.

    At most so many are drawn; `omitted_count` says how many more there are, and `outside_count` how many lie so far
    from all others that drawing them would squeeze those. `labelled_lanes` are those whose marks have labels (by
    default all); the others grow no higher than a few rows. `today` is the right edge where something goes on.
    `window` says which days are drawn, from edge to edge. `crowds` are lanes of more entries than can be told apart, by
    the first possible day of each: they are drawn as columns, and none of them is among `entries`.
    """
    crowded = {key: days for key, days in (crowds or {}).items() if days}
    ordered = sorted(entries, key=lambda entry: entry.sort_key)
    dated = [entry for entry in ordered if entry.extent and entry.extent.known_days]
    near = dated if window else _without_outliers(dated)
    drawn = near[:at_most]
    if not drawn and not crowded and not window:
        return None
    width = COMPACT_WIDTH if is_compact else WIDTH
    left = COMPACT_LABELS_WIDTH if is_compact else LABELS_WIDTH
    right = width - RIGHT_MARGIN
    days = [day for some in crowded.values() for day in some]
    scale = Scale(*window, left, right) if window else _scale(drawn, days, today=today, left=left, right=right)
    placed, bottom = _lanes(drawn, lanes, scale, labelled_lanes, crowded)
    return Timeline(
        width=width,
        height=bottom + AXIS_HEIGHT,
        axis_y=bottom + 14,
        grid_bottom=bottom,
        lanes=tuple(placed),
        ticks=ticks(scale.first, scale.last, left=scale.left, right=scale.right),
        drawn_count=len(drawn),
        undated_count=len(ordered) - len(dated),
        omitted_count=len(near) - len(drawn),
        outside_count=len(dated) - len(near),
        first=scale.first,
        last=scale.last,
        left=left,
        right=right,
        crowd_count=sum(len(some) for some in crowded.values()),
    )


def _without_outliers(entries: list[Entry]) -> list[Entry]:
    """Leave out the few first entries if the others then have at least half as much room again."""
    days = [entry.sort_key[0] for entry in entries]
    latest = max((day for entry in entries if entry.extent for day in entry.extent.known_days), default=date.min)
    for count in range(int(len(entries) * OUTLIERS), 0, -1):
        if (days[count] - days[0]).days > LEAST_GAIN * (latest - days[0]).days:
            return entries[count:]
    return entries


def _scale(entries: Sequence[Entry], others: Sequence[date], *, today: date, left: float, right: float) -> Scale:
    extents = [entry.extent for entry in entries if entry.extent]
    days = [*(day for extent in extents for day in extent.known_days), *others]
    if any(extent.is_ongoing for extent in extents):
        days.append(today)
    first, last = min(days), max(days)
    margin = timedelta(days=max((last - first).days // 30, 4))
    return Scale(_shifted(first, -margin), _shifted(last, margin), left, right)


def _shifted(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day


def _lanes(
    entries: Sequence[Entry],
    lanes: Sequence[tuple[str, str]],
    scale: Scale,
    labelled: Collection[str] | None,
    crowds: Mapping[str, Sequence[date]],
) -> tuple[list[Lane], float]:
    drawn, y = [], float(TOP)
    for key, label in lanes:
        if key in crowds:
            drawn.append(Lane(label, y + TALLEST / 2 + 4, (), bins(crowds[key], scale, y=y)))
            y += TALLEST + LANE_GAP
            continue
        marks = [_mark(entry, scale) for entry in entries if entry.lane == key]
        if not marks:
            continue
        rows = _in_rows(marks, scale, is_labelled=labelled is None or key in labelled)
        text_y = y + BAR_HEIGHT / 2 + 4
        drawn.append(Lane(label, text_y, tuple(replace(mark, y=y + row * ROW_HEIGHT) for mark, row in rows)))
        y += (max(row for _mark_, row in rows) + 1) * ROW_HEIGHT + LANE_GAP
    return drawn, y


def _mark(entry: Entry, scale: Scale) -> Mark:
    extent = entry.extent
    assert extent is not None  # noqa: S101 (for the type checker: entries without a date were left out)
    said = Mark(entry.label, entry.full_title, entry.url, entry.tone, False, 0, 0, None, None, ())
    if extent.is_day and extent.earliest:
        x = scale.x(extent.earliest)
        return replace(said, is_point=True, left=round(x - RADIUS, 1), right=round(x + RADIUS, 1))
    return _bar(said, extent, scale)


def _bar(said: Mark, extent: Extent, scale: Scale) -> Mark:
    solid = _solid(extent, scale)
    left, right = _possible(extent, scale)
    possible = None
    if solid is None or left < solid.x or right > solid.x + solid.width:
        possible = Strip(round(left, 1), round(max(right - left, NARROWEST), 1))
    fades = [*_fade_before(extent, left, scale), *_fade_after(extent, max(right, left + NARROWEST), scale)]
    edges = [strip for strip in (solid, possible, *fades) if strip]
    return replace(
        said,
        left=min(strip.x for strip in edges),
        right=round(max(strip.x + strip.width for strip in edges), 1),
        solid=solid,
        possible=possible,
        fades=tuple(fades),
    )


def _solid(extent: Extent, scale: Scale) -> Strip | None:
    if extent.certain_from is None or extent.certain_to is None:
        return None
    start = scale.x(extent.certain_from)
    end = scale.right if extent.is_ongoing else scale.x(extent.certain_to)
    return Strip(round(start, 1), round(max(end - start, NARROWEST), 1))


def _possible(extent: Extent, scale: Scale) -> tuple[float, float]:
    """Return between which points the time may lie, as far as its dates say; an open side adds nothing here."""
    known = extent.known_days
    left = scale.x(extent.earliest or min(known))
    if extent.is_ongoing:
        return left, scale.right
    return left, scale.x(extent.latest or max(known))


def _fade_before(extent: Extent, x: float, scale: Scale) -> Iterator[Strip]:
    if extent.earliest is not None:
        return
    width = min(OPEN_FADE, x - scale.left) / FADE_STEPS
    for step in range(1, FADE_STEPS + 1):
        if width > 0:
            yield Strip(round(x - step * width, 1), round(width, 1), step)


def _fade_after(extent: Extent, x: float, scale: Scale) -> Iterator[Strip]:
    if extent.latest is not None or extent.is_ongoing:
        return
    width = min(OPEN_FADE, scale.right - x) / FADE_STEPS
    for step in range(1, FADE_STEPS + 1):
        if width > 0:
            yield Strip(round(x + (step - 1) * width, 1), round(width, 1), step)


def _in_rows(marks: Sequence[Mark], scale: Scale, *, is_labelled: bool) -> list[tuple[Mark, int]]:
    """Give each mark the first row in which nothing stands in its way, its label included."""
    ends: list[float] = []
    placed = []
    for mark in sorted(marks, key=lambda mark: (mark.left, mark.right)):
        mark, left, right = _labelled(mark, scale, is_labelled=is_labelled)
        row = next((row for row, end in enumerate(ends) if end <= left), len(ends))
        if not is_labelled and row >= COMPACT_ROWS:
            row = ends.index(min(ends))
        if row == len(ends):
            ends.append(right)
        ends[row] = right + GAP
        placed.append((mark, row))
    return placed


def _labelled(mark: Mark, scale: Scale, *, is_labelled: bool) -> tuple[Mark, float, float]:
    """Put the label into the bar, or beside it where it does not fit; return the whole extent too."""
    label = shortened(mark.label, LONGEST_LABEL)
    needed = text_width(label) + 2 * TEXT_MARGIN
    if not is_labelled:
        return replace(mark, label=""), mark.left, mark.right
    part = mark.solid or mark.possible
    if part and needed <= part.width:
        return replace(mark, label=label, text_x=round(part.x + TEXT_MARGIN, 1)), mark.left, mark.right
    if mark.right + needed <= scale.right + RIGHT_MARGIN:
        return replace(mark, label=label, text_x=round(mark.right + TEXT_MARGIN, 1)), mark.left, mark.right + needed
    if mark.left - needed >= scale.left:
        left = mark.left - needed
        return replace(mark, label=label, text_x=round(left + TEXT_MARGIN, 1)), left, mark.right
    return replace(mark, label=""), mark.left, mark.right


def text_width(text: str) -> float:
    """Return about how wide a label is at 12 px; East Asian letters take twice the room."""
    return sum(
        WIDE_LETTER_WIDTH if unicodedata.east_asian_width(character) in "WF" else LETTER_WIDTH for character in text
    )


def shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
