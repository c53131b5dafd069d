"""A track as far as a screen can show it: of millions of fixes the few thousand of the level that fits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from casefiles.voyages.detecting.tracks import HOUR_S
from casefiles.voyages.levels import BUCKETS_S, COARSE, FINEST, MOST_POINTS, finest_level_for
from casefiles.voyages.models import Position, PositionImport
from casefiles.voyages.selectors.tracks import Radio
from casefiles.voyages.simplifying import Point, degrees_in_a_pixel, parted, simplified, unwrapped

# No line is drawn over a silence that detection would call a gap.
SILENCE_S = 12 * HOUR_S
EXPORTED = 200_000
BATCH = 20_000


@dataclass(frozen=True)
class Box:
    """What a map shows, in degrees; `east` is less than `west` across the antimeridian."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class DrawnTrack:
    """The pieces of one radio's track; `level` is that of `levels`, `is_whole` where it holds every fix."""

    mmsi: str
    pieces: tuple[list[Point], ...]
    level: int
    fixes: int

    @property
    def is_whole(self) -> bool:
        return self.level >= FINEST


def positions_of(radios: Iterable[Radio], user: Any) -> QuerySet[Position]:
    """Return the positions of radios, each in its time, that `user` may see."""
    condition = Q(pk__in=[])
    for radio in radios:
        one = Q(mmsi=radio.mmsi)
        if radio.from_s is not None:
            one &= Q(epoch_s__gte=radio.from_s)
        if radio.until_s is not None:
            one &= Q(epoch_s__lt=radio.until_s)
        condition |= one
    found: QuerySet[Position] = Position.objects.visible_to(user).filter(condition)
    return found


def extent_of(radios: Sequence[Radio], user: Any) -> tuple[int, int] | None:
    """Return the first and last second of the radios' positions; None where there are none."""
    ends: list[int] = []
    for radio in radios:
        times = positions_of([radio], user).values_list("epoch_s", flat=True)
        # Along the index, a step from each end: an aggregate would read every row.
        ends += [*times.order_by("epoch_s")[:1], *times.order_by("-epoch_s")[:1]]
    return (min(ends), max(ends)) if ends else None


def drawn_track(radio: Radio, user: Any, *, box: Box | None = None, zoom: float | None = None) -> DrawnTrack:
    """Return a radio's track in its window at the finest level that gives no more points than help.

    With `box` only what lies in it is counted, so that a closer look shows more; with `zoom` points that a pixel
    cannot tell apart are left out.
    """
    rows, level = _level_that_fits(radio, user, box)
    silence_s = SILENCE_S if level >= FINEST else max(SILENCE_S, 2 * BUCKETS_S[level])
    pieces = parted(unwrapped(rows), silence_s=silence_s)
    tolerance = degrees_in_a_pixel(zoom) if zoom is not None else 0.0
    return DrawnTrack(radio.mmsi, tuple(simplified(piece, tolerance) for piece in pieces), level, len(rows))


def _level_that_fits(radio: Radio, user: Any, box: Box | None) -> tuple[list[Point], int]:
    ends = extent_of([radio], user)
    if ends is None:
        return [], FINEST
    # Within a box there may be few of many: try the finest, and go back where it is too much.
    level = FINEST if box is not None else finest_level_for(ends[1] - ends[0])
    while True:
        rows = list(_at_level(radio, user, level, box)[: MOST_POINTS + 1])
        if len(rows) <= MOST_POINTS or level == 0:
            return rows[:MOST_POINTS], level
        level -= 1


def _at_level(radio: Radio, user: Any, level: int, box: Box | None) -> QuerySet[Any, Any]:
    rows = positions_of([radio], user)
    if level <= COARSE:
        # As it stands in the index, literally: SQLite does not see that a parameter implies it.
        rows = rows.extra(where=['"voyages_position"."level" <= 2'])
    if level < FINEST:
        rows = rows.filter(level__lte=level)
    if box is not None:
        rows = rows.filter(latitude__range=(box.south, box.north)).filter(_between(box))
    return rows.order_by("epoch_s", "pk").values_list("longitude", "latitude", "epoch_s")


def _between(box: Box) -> Q:
    if box.west <= box.east:
        return Q(longitude__range=(box.west, box.east))
    return Q(longitude__gte=box.west) | Q(longitude__lte=box.east)


def fix_near(mmsi: str, epoch_s: int, user: Any) -> Position | None:
    """Return the fix of a radio at a time, or the next one, with its file; for whoever clicks on a track."""
    rows = Position.objects.visible_to(user).of_radio(mmsi, from_s=epoch_s).select_related("position_import__item")
    found: Position | None = rows.order_by("epoch_s", "pk").first()
    return found


def all_fixes(radio: Radio, user: Any, *, most: int = EXPORTED, batch: int = BATCH) -> Iterator[Position]:
    """Yield a radio's positions in the order of time, in batches by key, up to `most`."""
    rows = positions_of([radio], user).select_related("position_import").order_by("epoch_s", "pk")
    page = rows
    while most > 0:
        found = list(page[: min(batch, most)])
        yield from found
        if len(found) < batch:
            return
        most, last = most - len(found), found[-1]
        page = rows.filter(epoch_s__gte=last.epoch_s).exclude(epoch_s=last.epoch_s, pk__lte=last.pk)


def files_of(positions: Iterable[Position], user: Any) -> dict[int, PositionImport]:
    """Return the position files of some positions, by number, each with its item."""
    numbers = {position.position_import_id for position in positions}
    found = PositionImport.objects.visible_to(user).filter(number__in=numbers).select_related("item")
    return {one.number: one for one in found}
