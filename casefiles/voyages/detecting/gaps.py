"""Gaps: no AIS was received. Nothing here says why: coverage, weather and switched-off radios look the same."""

from collections.abc import Iterator

from casefiles.voyages.detecting.thresholds import Thresholds
from casefiles.voyages.detecting.tracks import HOUR_S, Found, Track

GAP = "gap"


def gaps(track: Track, thresholds: Thresholds, *, until_s: int | None = None) -> Iterator[Found]:
    """Yield spans longer than the threshold without a fix, also the last one before `until_s`, which is open."""
    over_s = thresholds.gap_over_h * HOUR_S
    times = track.epoch_s
    for index in range(1, len(track)):
        if times[index] - times[index - 1] > over_s:
            yield track.found(GAP, index - 1, index, values=_values(track, index - 1, index))
    if until_s is not None and len(track) and until_s - times[-1] > over_s:
        last = len(track) - 1
        hours = (until_s - times[-1]) / HOUR_S
        values = {"duration_h": round(hours, 2), "is_open": True}
        yield Found(GAP, times[-1], until_s, track.point(last), track.point(last), (last,), values)


def _values(track: Track, first: int, second: int) -> dict[str, float | bool]:
    return {
        "duration_h": round((track.epoch_s[second] - track.epoch_s[first]) / HOUR_S, 2),
        "distance_nm": round(track.distance_nm(first, second), 1),
        "implied_kn": round(track.implied_kn(first, second), 2),
        "is_open": False,
    }
