"""Jumps that no ship sails: one number at two places, one after the other or at the same time.

A number may be used by two radios, a receiver may garble a position, or a position may be made up: which of these it
was is not said here.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from casefiles.voyages.detecting.thresholds import Thresholds
from casefiles.voyages.detecting.tracks import HOUR_S, Found, Track

IMPOSSIBLE_SPEED = "impossible speed"
TWO_PLACES = "two places at once"
# Chains that may go on at one time; a number that is at more places than these is at two of them all the same.
MOST_CHAINS = 4
# A single fix elsewhere is a garbled one sooner than a second ship.
LEAST_FIXES = 2


@dataclass
class Chain:
    """Fixes that one ship could have sent, in the order of time."""

    fixes: list[int] = field(default_factory=list)

    @property
    def last(self) -> int:
        return self.fixes[-1]


@dataclass
class _Jump:
    before: int
    after: int
    kn: float


def jumps(track: Track, thresholds: Thresholds) -> Iterator[Found]:
    """Yield pairs of chains that overlap in time as two places at once, and every other jump as an impossible speed."""
    chains, found = _chained(track, thresholds)
    chain_of = {fix: number for number, chain in enumerate(chains) for fix in chain.fixes}
    explained: set[frozenset[int]] = set()
    lasting = [chain for chain in chains if len(chain.fixes) >= LEAST_FIXES]
    for position, first in enumerate(lasting):
        for second in lasting[position + 1 :]:
            # In the order of their first fixes: whoever begins behind this one's last overlaps with it no more.
            if second.fixes[0] > first.last:
                break
            overlap = _overlap(first, second)
            if overlap is not None:
                explained.add(frozenset((chain_of[first.last], chain_of[second.last])))
                yield _two_places(track, first, second, overlap)
    for jump in found:
        if frozenset((chain_of[jump.before], chain_of[jump.after])) not in explained:
            yield _impossible(track, jump)


def _chained(track: Track, thresholds: Thresholds) -> tuple[list[Chain], list[_Jump]]:
    chains: list[Chain] = []
    found: list[_Jump] = []
    for index in range(len(track)):
        if index and not _joins(track, index - 1, index, thresholds):
            found.append(_Jump(index - 1, index, track.implied_kn(index - 1, index)))
        place = _place_of_chain(track, chains, index, thresholds)
        chain = chains.pop(place) if place is not None else Chain()
        chain.fixes.append(index)
        # The one that was heard last stands last.
        chains.append(chain)
    return sorted(chains, key=lambda one: one.fixes[0]), found


def _place_of_chain(track: Track, chains: list[Chain], index: int, thresholds: Thresholds) -> int | None:
    """Return which chain a fix goes on with, the one heard last first; None where it begins one."""
    for place in range(len(chains) - 1, max(-1, len(chains) - 1 - MOST_CHAINS), -1):
        if _joins(track, chains[place].last, index, thresholds):
            return place
    return None


def _joins(track: Track, first: int, second: int, thresholds: Thresholds) -> bool:
    distance = track.distance_nm(first, second)
    if distance <= thresholds.position_noise_nm:
        return True
    hours = (track.epoch_s[second] - track.epoch_s[first]) / HOUR_S
    return hours > 0 and distance / hours <= thresholds.impossible_over_kn


def _overlap(first: Chain, second: Chain) -> tuple[int, int] | None:
    """Return the first and last fix of the time in which both chains go on; None where one of them has hardly any."""
    start, end = max(first.fixes[0], second.fixes[0]), min(first.last, second.last)
    counts = [len(_between(chain, start, end)) for chain in (first, second)]
    return (start, end) if min(counts) >= LEAST_FIXES else None


def _between(chain: Chain, start: int, end: int) -> list[int]:
    return chain.fixes[bisect_left(chain.fixes, start) : bisect_right(chain.fixes, end)]


def _two_places(track: Track, first: Chain, second: Chain, overlap: tuple[int, int]) -> Found:
    start, end = overlap
    ours, theirs = _between(first, start, end), _between(second, start, end)
    pairs = list(zip(ours, theirs, strict=False))
    values = {
        "duration_h": round((track.epoch_s[end] - track.epoch_s[start]) / HOUR_S, 2),
        "apart_nm": round(max(track.distance_nm(one, other) for one, other in pairs), 1),
        "fixes": len(ours),
        "other_fixes": len(theirs),
    }
    return Found(
        TWO_PLACES,
        track.epoch_s[start],
        track.epoch_s[end],
        track.point(ours[0]),
        track.point(theirs[0]),
        (ours[0], ours[-1], theirs[0], theirs[-1]),
        values,
    )


def _impossible(track: Track, jump: _Jump) -> Found:
    values = {
        "implied_kn": round(jump.kn, 1) if jump.kn != float("inf") else None,
        "distance_nm": round(track.distance_nm(jump.before, jump.after), 1),
        "duration_h": round((track.epoch_s[jump.after] - track.epoch_s[jump.before]) / HOUR_S, 4),
    }
    return track.found(IMPOSSIBLE_SPEED, jump.before, jump.after, values=values)
