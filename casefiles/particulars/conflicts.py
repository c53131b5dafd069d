"""Which recorded values disagree about the same time. Nothing is decided here: both stand, side by side."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Generic, TypeVar

from casefiles.core.moments import Certainty, Period, overlap

Ref = TypeVar("Ref")


@dataclass(frozen=True)
class Claimed(Generic[Ref]):
    """One value of one property for a period.

    `value` is compared as it is; for a measure, `number` and `error` decide instead: two that are no further apart than
    their errors agree. `ref` is whatever the caller wants back.
    """

    lane: Hashable
    value: str
    period: Period
    ref: Ref
    number: Decimal | None = None
    error: Decimal = Decimal(0)


@dataclass(frozen=True)
class Conflict(Generic[Ref]):
    """Two different values whose periods share a day: certainly, or possibly."""

    lane: Hashable
    first: Ref
    second: Ref
    certainty: Certainty

    @property
    def is_certain(self) -> bool:
        """Whether no reading of the dates keeps the two apart."""
        return self.certainty is Certainty.CERTAIN


def conflicts(claims: Iterable[Claimed[Ref]]) -> list[Conflict[Ref]]:
    """Return every pair that disagrees, certain ones first, otherwise in the order given."""
    by_lane: dict[Hashable, list[Claimed[Ref]]] = {}
    for claim in claims:
        by_lane.setdefault(claim.lane, []).append(claim)
    found = [
        Conflict(lane, first.ref, second.ref, certainty)
        for lane, together in by_lane.items()
        for first, second in combinations(together, 2)
        if _differ(first, second) and (certainty := overlap(first.period, second.period)) is not Certainty.IMPOSSIBLE
    ]
    return sorted(found, key=lambda conflict: not conflict.is_certain)


def _differ(first: Claimed[Ref], second: Claimed[Ref]) -> bool:
    if first.number is not None and second.number is not None:
        return abs(first.number - second.number) > first.error + second.error
    return first.value != second.value
