"""Loitering: slow for hours, far from the shore."""

from collections.abc import Iterator
from typing import Any

from casefiles.voyages.detecting.shores import Shore
from casefiles.voyages.detecting.thresholds import Thresholds
from casefiles.voyages.detecting.tracks import HOUR_S, Found, Track

LOITERING = "loitering"
# So many points of a stretch are measured against the coast.
SAMPLED = 12


def loitering(track: Track, shore: Shore, thresholds: Thresholds) -> Iterator[Found]:
    """Yield stretches whose steps are all slow, long enough, and on average far enough from the shore.

    Where no coastline is installed the distance is not known: the stretch is yielded, and says so.
    """
    first = 0
    for index in range(1, len(track) + 1):
        if index < len(track) and _is_slow(track, index, thresholds):
            continue
        yield from _stretch(track, first, index - 1, shore, thresholds)
        first = index


def _is_slow(track: Track, index: int, thresholds: Thresholds) -> bool:
    """Say whether the step to a fix is slow, and no gap: over a gap nobody knows what the ship did."""
    if track.epoch_s[index] - track.epoch_s[index - 1] > thresholds.gap_over_h * HOUR_S:
        return False
    return track.implied_kn(index - 1, index) < thresholds.loitering_below_kn


def _stretch(track: Track, first: int, last: int, shore: Shore, thresholds: Thresholds) -> Iterator[Found]:
    seconds = track.epoch_s[last] - track.epoch_s[first]
    if seconds < thresholds.loitering_least_h * HOUR_S:
        return
    off_shore = _off_shore_nm(track, first, last, shore)
    if off_shore is not None and off_shore < thresholds.loitering_off_shore_nm:
        return
    sailed = sum(track.distance_nm(index - 1, index) for index in range(first + 1, last + 1))
    values: dict[str, Any] = {
        "duration_h": round(seconds / HOUR_S, 2),
        "average_kn": round(sailed / (seconds / HOUR_S), 2),
        "off_shore_nm": None if off_shore is None else round(off_shore, 1),
    }
    yield track.found(LOITERING, first, last, values=values)


def _off_shore_nm(track: Track, first: int, last: int, shore: Shore) -> float | None:
    step = max(1, (last - first) // SAMPLED)
    distances = [shore.distance_nm(*track.point(index)) for index in range(first, last + 1, step)]
    known = [distance for distance in distances if distance is not None]
    return sum(known) / len(known) if known else None
