"""Encounters: two ships close together, slow, for hours, away from ports."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median

from casefiles.core.geodesy import great_circle_nm
from casefiles.voyages.detecting.harbours import Harbour, Harbours
from casefiles.voyages.detecting.thresholds import Thresholds
from casefiles.voyages.detecting.tracks import HOUR_S, Found, Track

ENCOUNTER = "encounter"
STEP_S = 600
# Between fixes further apart than this nobody knows where a ship was.
INTERPOLATED_S = 3_600
METRES_PER_NM = 1_852


@dataclass
class _Meeting:
    first_s: int
    last_s: int
    point: tuple[float, float]
    nearest_m: float
    ours: list[int] = field(default_factory=list)
    theirs: list[int] = field(default_factory=list)


def encounters(track: Track, other: Track, harbours: Iterable[Harbour], thresholds: Thresholds) -> Iterator[Found]:
    """Yield the times in which two tracks stay within a distance, both slow by the median, away from every place.

    Both are looked at every ten minutes, between fixes at most an hour apart along the straight line.
    """
    grid = Harbours(harbours, thresholds.encounter_off_port_km)
    for meeting in _meetings(track, other, thresholds):
        if meeting.last_s - meeting.first_s < thresholds.encounter_least_h * HOUR_S:
            continue
        speeds = _median_kn(track, meeting.ours), _median_kn(other, meeting.theirs)
        if max(speeds) >= thresholds.encounter_below_kn or grid.nearest(*meeting.point) is not None:
            continue
        yield _found(track, other, meeting, speeds)


def _meetings(track: Track, other: Track, thresholds: Thresholds) -> Iterator[_Meeting]:
    meeting: _Meeting | None = None
    for moment in _moments(track, other):
        seen = _together(track, other, moment, thresholds)
        if seen is None:
            if meeting is not None:
                yield meeting
            meeting = None
            continue
        ours, theirs, point, apart_m = seen
        meeting = meeting or _Meeting(moment, moment, point, apart_m)
        meeting.last_s, meeting.nearest_m = moment, min(meeting.nearest_m, apart_m)
        meeting.ours.append(ours)
        meeting.theirs.append(theirs)
    if meeting is not None:
        yield meeting


def _moments(track: Track, other: Track) -> range:
    if not len(track) or not len(other):
        return range(0)
    first = max(track.epoch_s[0], other.epoch_s[0])
    last = min(track.epoch_s[-1], other.epoch_s[-1])
    return range(first - first % STEP_S, last + 1, STEP_S)


def _together(
    track: Track, other: Track, moment: int, thresholds: Thresholds
) -> tuple[int, int, tuple[float, float], float] | None:
    ours, theirs = _at(track, moment), _at(other, moment)
    if ours is None or theirs is None:
        return None
    (index, point), (other_index, other_point) = ours, theirs
    if abs(point[0] - other_point[0]) > 0.1:
        return None
    apart_m = great_circle_nm(*point, *other_point) * METRES_PER_NM
    return (index, other_index, point, apart_m) if apart_m <= thresholds.encounter_within_m else None


def _at(track: Track, moment: int) -> tuple[int, tuple[float, float]] | None:
    """Return the fix at a moment or after it, and where the ship was, along the straight line between two fixes."""
    index = track.first_from(moment)
    if index >= len(track):
        return None
    if track.epoch_s[index] == moment:
        return index, track.point(index)
    span_s = track.epoch_s[index] - track.epoch_s[index - 1] if index else INTERPOLATED_S + 1
    if span_s > INTERPOLATED_S:
        return None
    share = (moment - track.epoch_s[index - 1]) / span_s
    (south, west), (north, east) = track.point(index - 1), track.point(index)
    turn = (east - west + 180) % 360 - 180
    return index, (south + share * (north - south), (west + share * turn + 180) % 360 - 180)


def _median_kn(track: Track, indexes: list[int]) -> float:
    return median(track.speed_at(index) for index in dict.fromkeys(indexes))


def _found(track: Track, other: Track, meeting: _Meeting, speeds: tuple[float, float]) -> Found:
    last = track.point(meeting.ours[-1])
    return Found(
        ENCOUNTER,
        meeting.first_s,
        meeting.last_s,
        meeting.point,
        last,
        (meeting.ours[0], meeting.ours[-1]),
        {
            "duration_h": round((meeting.last_s - meeting.first_s) / HOUR_S, 2),
            "nearest_m": round(meeting.nearest_m),
            "median_kn": round(speeds[0], 2),
            "other_median_kn": round(speeds[1], 2),
        },
        other_mmsi=other.mmsi,
        other_cites=(meeting.theirs[0], meeting.theirs[-1]),
    )
