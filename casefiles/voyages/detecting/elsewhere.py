"""Whether a ship can have been at a place at a time that a source bounds, given where its radio was heard."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from casefiles.core.geodesy import great_circle_nm
from casefiles.voyages.detecting.jumps import TWO_PLACES
from casefiles.voyages.detecting.thresholds import Thresholds
from casefiles.voyages.detecting.tracks import HOUR_S, Found, Track

# A calendar day without a zone begins up to 14 hours before that of UTC, and ends up to 12 hours after it.
EARLIEST_ZONE_S, LATEST_ZONE_S = 14 * HOUR_S, 12 * HOUR_S


@dataclass(frozen=True)
class Sighting:
    """Once between two times a ship was within `within_nm` of a point, as a source says; `key` names the record."""

    key: Any
    earliest_s: int
    latest_s: int
    latitude: float
    longitude: float
    within_nm: float = 0.0


def elsewhere(track: Track, sightings: list[Sighting], thresholds: Thresholds) -> Iterator[Found]:
    """Yield sightings for which the track leaves no moment: at each of them the ship was too far away to be there.

    Each fix rules out the time in which the place cannot be reached from it, or left for it; where all of these cover
    the whole span of a sighting, both cannot be true.
    """
    for sighting in sightings:
        ruling = _ruling_fixes(track, sighting, thresholds)
        if ruling:
            yield _found(track, sighting, ruling)


def apart(sightings: list[Sighting], thresholds: Thresholds) -> Iterator[tuple[Sighting, Sighting, Found]]:
    """Yield pairs of sightings whose bounds leave no time for the way between them."""
    for place, first in enumerate(sightings):
        for second in sightings[place + 1 :]:
            longest_s = max(second.latest_s - first.earliest_s, first.latest_s - second.earliest_s)
            distance_nm = great_circle_nm(first.latitude, first.longitude, second.latitude, second.longitude)
            way_nm = distance_nm - first.within_nm - second.within_nm
            if way_nm > thresholds.position_noise_nm and way_nm > thresholds.impossible_over_kn * longest_s / HOUR_S:
                yield first, second, _of_two(first, second, way_nm, longest_s)


def _of_two(first: Sighting, second: Sighting, way_nm: float, longest_s: int) -> Found:
    return Found(
        TWO_PLACES,
        min(first.earliest_s, second.earliest_s),
        max(first.latest_s, second.latest_s),
        (first.latitude, first.longitude),
        (second.latitude, second.longitude),
        (),
        {"apart_nm": round(way_nm, 1), "duration_h": round(longest_s / HOUR_S, 2)},
        place=first.key,
    )


def _ruling_fixes(track: Track, sighting: Sighting, thresholds: Thresholds) -> list[int]:
    """Return the fixes that rule out every moment of a sighting; none where one moment is left."""
    reached_s, ruling = float(sighting.earliest_s), []
    # A fix from the other side of the Earth rules out as much as this.
    widest_s = int(10_800 / thresholds.impossible_over_kn * HOUR_S)
    index = track.first_from(sighting.earliest_s - widest_s)
    spans = []
    while index < len(track) and track.epoch_s[index] <= sighting.latest_s + widest_s:
        away_nm = _away_nm(track, index, sighting) - thresholds.position_noise_nm
        if away_nm > 0:
            hours_s = away_nm / thresholds.impossible_over_kn * HOUR_S
            spans.append((track.epoch_s[index] - hours_s, track.epoch_s[index] + hours_s, index))
        index += 1
    for start_s, end_s, fix in sorted(spans):
        if start_s > reached_s:
            return []
        if end_s > reached_s:
            reached_s = end_s
            ruling.append(fix)
        if reached_s >= sighting.latest_s:
            return ruling
    return []


def _away_nm(track: Track, index: int, sighting: Sighting) -> float:
    return great_circle_nm(*track.point(index), sighting.latitude, sighting.longitude) - sighting.within_nm


def _found(track: Track, sighting: Sighting, ruling: list[int]) -> Found:
    nearest = min(ruling, key=lambda fix: _away_nm(track, fix, sighting))
    return Found(
        TWO_PLACES,
        sighting.earliest_s,
        sighting.latest_s,
        (sighting.latitude, sighting.longitude),
        track.point(nearest),
        tuple(dict.fromkeys((ruling[0], nearest, ruling[-1]))),
        {
            "apart_nm": round(_away_nm(track, nearest, sighting), 1),
            "fixes": len(ruling),
            "duration_h": round((sighting.latest_s - sighting.earliest_s) / HOUR_S, 2),
        },
        place=sighting.key,
    )
