"""Port visits with hysteresis: entered near a place, left further away, with a stop or a silence between."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from casefiles.voyages.detecting.harbours import Harbour, Harbours, distance_to_km
from casefiles.voyages.detecting.thresholds import Thresholds
from casefiles.voyages.detecting.tracks import HOUR_S, Found, Track

PORT_VISIT = "port visit"


@dataclass
class _Visit:
    """From the first fix in a port to the last; seconds of stops and of the longest silence."""

    harbour: Harbour
    first: int
    last: int
    nearest_km: float
    stopped_s: int = 0
    silence_s: int = 0
    has_left: bool = False


def port_visits(track: Track, harbours: Iterable[Harbour], thresholds: Thresholds) -> Iterator[Found]:
    """Yield visits of at least the least time in which the ship stopped, or was not heard for long, within a port.

    It enters within one distance of a place and leaves beyond a larger one; a stop begins at one speed and ends at a
    higher one. Several places near one another are one port: the one entered first.
    """
    grid, index = Harbours(harbours, thresholds.port_enter_km), 0
    while index < len(track):
        near = grid.nearest(*track.point(index))
        if near is None:
            index += 1
            continue
        visit = _walked(track, index, *near, thresholds)
        if _is_visit(track, visit, thresholds):
            yield track.found(PORT_VISIT, visit.first, visit.last, place=near[0].key, values=_values(track, visit))
        index = visit.last + 1


def _walked(track: Track, first: int, harbour: Harbour, distance_km: float, thresholds: Thresholds) -> _Visit:
    visit = _Visit(harbour, first, first, distance_km)
    is_stopped = track.speed_at(first) <= thresholds.stop_begins_kn
    for index in range(first + 1, len(track)):
        distance_km = distance_to_km(harbour, *track.point(index))
        if distance_km > thresholds.port_leave_km:
            visit.has_left = True
            break
        step_s = track.epoch_s[index] - track.epoch_s[index - 1]
        visit.silence_s = max(visit.silence_s, step_s)
        visit.stopped_s += step_s if is_stopped else 0
        speed = track.speed_at(index)
        is_stopped = speed < thresholds.stop_ends_kn if is_stopped else speed <= thresholds.stop_begins_kn
        visit.last, visit.nearest_km = index, min(visit.nearest_km, distance_km)
    return visit


def _is_visit(track: Track, visit: _Visit, thresholds: Thresholds) -> bool:
    duration_s = track.epoch_s[visit.last] - track.epoch_s[visit.first]
    if duration_s < thresholds.port_visit_least_h * HOUR_S:
        return False
    return visit.stopped_s > 0 or visit.silence_s > thresholds.port_gap_min * 60


def _values(track: Track, visit: _Visit) -> dict[str, Any]:
    return {
        "duration_h": round((track.epoch_s[visit.last] - track.epoch_s[visit.first]) / HOUR_S, 2),
        "stopped_h": round(visit.stopped_s / HOUR_S, 2),
        "longest_silence_h": round(visit.silence_s / HOUR_S, 2),
        "nearest_km": round(visit.nearest_km, 2),
        "has_left": visit.has_left,
    }
