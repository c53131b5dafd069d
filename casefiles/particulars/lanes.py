"""Where the bars of a picture of dated values go: pure geometry, in the units of an SVG's view box.

An end that is not known exactly fades: the solid part of a bar is the time it certainly covers, the faded parts what
its dates allow beyond that. Bars that would meet stand in rows below each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from casefiles.core.moments import Moment, Period

WIDTH, LABELS_X, LABELS_WIDTH, RIGHT_MARGIN = 860, 16, 160, 16
LONGEST_LANE_LABEL = 20
ROW_HEIGHT, BAR_HEIGHT, LANE_GAP, TOP, AXIS_HEIGHT = 26, 20, 8, 10, 26
LETTER_WIDTH, TEXT_MARGIN, NARROWEST = 6.3, 6, 3
_RIGHT_EDGE = WIDTH - RIGHT_MARGIN
YEAR_STEPS = (1, 2, 4, 5, 10, 20, 25, 50, 100)
MOST_TICKS = 9


@dataclass(frozen=True)
class Span:
    """One value to draw, and the period for which it is recorded; `is_disputed` where another stands for that time."""

    label: str
    period: Period
    title: str
    url: str = ""
    is_self_reported: bool = False
    is_disputed: bool = False


@dataclass(frozen=True)
class Bar:
    """A drawn value: solid from `x` for `width`, faded before and after it."""

    label: str
    title: str
    url: str
    is_self_reported: bool
    is_disputed: bool
    x: float
    y: float
    width: float
    fade_before: float
    fade_after: float
    text_x: float
    text_y: float
    is_open_ended: bool

    @property
    def left(self) -> float:
        return round(self.x - self.fade_before, 1)

    @property
    def right(self) -> float:
        return round(self.x + self.width, 1)


@dataclass(frozen=True)
class DrawnLane:
    label: str
    title: str
    text_y: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Tick:
    label: str
    x: float
    anchor: str = "start"


@dataclass(frozen=True)
class Picture:
    """Everything a template needs: no arithmetic is left to it."""

    width: int
    height: float
    axis_y: float
    grid_bottom: float
    lanes: tuple[DrawnLane, ...]
    ticks: tuple[Tick, ...]
    day_x: float | None = None
    day_width: float = 0
    bar_height: int = BAR_HEIGHT
    labels_x: int = LABELS_X
    grid_top: int = TOP - 4


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date

    def x(self, day: date) -> float:
        days = (self.last - self.first).days or 1
        inside = min(max((day - self.first).days, 0), days)
        return LABELS_WIDTH + inside / days * (WIDTH - LABELS_WIDTH - RIGHT_MARGIN)


def draw(lanes: Sequence[tuple[str, Iterable[Span]]], *, today: date, as_at: Moment | None = None) -> Picture | None:
    """Lay out labelled lanes of spans; None where no date is known, so that there is nothing to draw.

    The scale runs over whole years around every date that is known, and to `today` where something goes on or may;
    `as_at` adds a band where the page was asked to answer for one day, month or other moment.
    """
    filled = [(label, list(spans)) for label, spans in lanes]
    filled = [(label, spans) for label, spans in filled if spans]
    periods = [span.period for _label, spans in filled for span in spans]
    if not any(period.start or period.end for period in periods):
        return None
    scale = _scale(periods, today=today, as_at=as_at)
    day_x, day_width = _band(as_at, scale)
    drawn, y = [], float(TOP)
    for label, spans in filled:
        rows = _apart([_bar(span, scale) for span in spans])
        drawn.append(DrawnLane(_shortened(label), label, text_y=y + 14, bars=tuple(_placed(rows, top=y))))
        y += max(row for _bar_, row in rows) * ROW_HEIGHT + ROW_HEIGHT + LANE_GAP
    return Picture(
        width=WIDTH,
        height=y + AXIS_HEIGHT,
        axis_y=y + 16,
        grid_bottom=y,
        lanes=tuple(drawn),
        ticks=ticks(scale.first, scale.last),
        day_x=day_x,
        day_width=day_width,
    )


def _shortened(label: str) -> str:
    return label if len(label) <= LONGEST_LANE_LABEL else f"{label[: LONGEST_LANE_LABEL - 1]}…"


def _band(as_at: Moment | None, scale: _Scale) -> tuple[float | None, float]:
    window = _window(as_at, scale)
    if window is None:
        return None, 0
    return round(window[0], 1), round(max(window[1] - window[0], 1.5), 1)


def ticks(first: date, last: date) -> tuple[Tick, ...]:
    """Return at most nine years, evenly apart, between two days."""
    scale = _Scale(first, last)
    years = last.year - first.year
    step = next((step for step in YEAR_STEPS if years / step <= MOST_TICKS - 1), years // (MOST_TICKS - 1) + 1)
    marks = [(year, round(scale.x(date(year, 1, 1)), 1)) for year in range(first.year, last.year + 1, step)]
    # The last label would leave the picture if it began at its line.
    return tuple(Tick(str(year), x, "start" if x < WIDTH - 40 else "end") for year, x in marks)


def _scale(periods: list[Period], *, today: date, as_at: Moment | None) -> _Scale:
    known = [edge for period in periods for edge in _known_days(period)]
    if any(period.end_kind != "dated" for period in periods):
        known.append(today)
    if as_at:
        known += [day for day in (as_at.earliest, as_at.latest) if day]
    first, last = min(known), max(known)
    return _Scale(date(first.year, 1, 1), date(min(last.year + 1, date.max.year), 1, 1))


def _known_days(period: Period) -> list[date]:
    moments = [moment for moment in (period.start, period.end) if moment]
    return [day for moment in moments for day in (moment.earliest, moment.latest) if day]


def _bar(span: Span, scale: _Scale) -> Bar:
    left, start, stop, right = _edges(span.period, scale)
    if start > stop:
        # The dates leave no day that is certainly covered: a thin solid part stands in the middle of what they allow.
        start = stop = (start + stop) / 2
    is_dated = bool(span.period.start or span.period.end)
    width = max(stop - start, NARROWEST if is_dated else 0)
    return Bar(
        label=span.label,
        title=span.title,
        url=span.url,
        is_self_reported=span.is_self_reported,
        is_disputed=span.is_disputed,
        x=round(start, 1),
        y=0,
        width=round(width, 1),
        fade_before=round(max(start - left, 0), 1),
        fade_after=round(max(right - start - width, 0), 1),
        text_x=0,
        text_y=0,
        is_open_ended=span.period.end_kind == "ongoing",
    )


def _edges(period: Period, scale: _Scale) -> tuple[float, float, float, float]:
    """Return where a bar may begin, certainly has begun, may end and certainly has ended.

    An end that is not known at all fades to the edge of the picture: nothing recorded says that it stopped before.
    """
    begins, ends = _window(period.start, scale), _window(period.end, scale)
    if period.end_kind == "ongoing":
        ends = (_RIGHT_EDGE, _RIGHT_EDGE)
    if begins and ends:
        return begins[0], begins[1], ends[0], ends[1]
    if begins:
        return begins[0], begins[1], begins[1], _RIGHT_EDGE
    if ends:
        return LABELS_WIDTH, ends[0] - NARROWEST, ends[0], ends[1]
    return LABELS_WIDTH, LABELS_WIDTH, LABELS_WIDTH, _RIGHT_EDGE


def _window(moment: Moment | None, scale: _Scale) -> tuple[float, float] | None:
    """Return between which points a moment lies; a side that is open reaches the edge of the picture."""
    if moment is None or (moment.earliest is None and moment.latest is None):
        return None
    first = scale.x(moment.earliest) if moment.earliest else LABELS_WIDTH
    return first, scale.x(moment.latest) if moment.latest else _RIGHT_EDGE


def _apart(bars: list[Bar]) -> list[tuple[Bar, int]]:
    """Give each bar a row: what a ship says of itself never shares one with what others recorded, and stands below."""
    recorded = _in_rows([bar for bar in bars if not bar.is_self_reported])
    below = max((row for _bar_, row in recorded), default=-1) + 1
    said = _in_rows([bar for bar in bars if bar.is_self_reported])
    return [*recorded, *((bar, below + row) for bar, row in said)]


def _in_rows(bars: list[Bar]) -> list[tuple[Bar, int]]:
    """Give each bar the first row in which nothing stands in its way, labels included."""
    ends: list[float] = []
    placed = []
    for bar in sorted(bars, key=lambda bar: (bar.left, bar.right)):
        bar, left, right = _labelled(bar)
        row = next((row for row, end in enumerate(ends) if end <= left), len(ends))
        if row == len(ends):
            ends.append(right)
        # Neighbours touch: one year's last day and the next one's first are a hair apart.
        ends[row] = right - 1
        placed.append((bar, row))
    return placed


def _labelled(bar: Bar) -> tuple[Bar, float, float]:
    """Put the label into the bar, or beside it where it does not fit; return the whole extent too."""
    full_right = bar.right + bar.fade_after
    needed = len(bar.label) * LETTER_WIDTH + 2 * TEXT_MARGIN
    if bar.width < needed <= bar.fade_after:
        return replace(bar, text_x=round(bar.right + TEXT_MARGIN, 1)), bar.left, full_right
    if needed <= full_right - bar.left:
        return replace(bar, text_x=round(bar.left + TEXT_MARGIN, 1)), bar.left, full_right
    if full_right + needed <= WIDTH:
        return replace(bar, text_x=round(full_right + TEXT_MARGIN, 1)), bar.left, full_right + needed
    if bar.left - needed >= LABELS_WIDTH:
        return replace(bar, text_x=round(bar.left - needed + TEXT_MARGIN, 1)), bar.left - needed, full_right
    room = max(int((full_right - bar.left - 2 * TEXT_MARGIN) / LETTER_WIDTH) - 1, 0)
    short = f"{bar.label[:room]}…" if room else ""
    return replace(bar, label=short, text_x=round(bar.left + TEXT_MARGIN, 1)), bar.left, full_right


def _placed(rows: list[tuple[Bar, int]], *, top: float) -> Iterable[Bar]:
    for bar, row in rows:
        y = top + row * ROW_HEIGHT
        yield replace(bar, y=y, text_y=y + 14)
