"""Which recorded values disagree about the same time. Nothing is decided here: both stand, side by side."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product
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
    """Two different values, each with every record of it that shares time with a record of the other.

    It is certain where at least one pair of records certainly does.
    """

    lane: Hashable
    first: tuple[Ref, ...]
    second: tuple[Ref, ...]
    certainty: Certainty

    @property
    def is_certain(self) -> bool:
        """Whether no reading of the dates keeps the two apart."""
        return self.certainty is Certainty.CERTAIN


def conflicts(claims: Iterable[Claimed[Ref]]) -> list[Conflict[Ref]]:
    """Return every two values that disagree, certain ones first, otherwise in the order given."""
    by_lane: dict[Hashable, dict[str, list[Claimed[Ref]]]] = {}
    for claim in claims:
        by_lane.setdefault(claim.lane, {}).setdefault(claim.value, []).append(claim)
    found = [
        conflict
        for lane, values in by_lane.items()
        for first, second in combinations(values.values(), 2)
        if (conflict := _between(lane, first, second)) is not None
    ]
    return sorted(found, key=lambda conflict: not conflict.is_certain)


def _between(lane: Hashable, first: list[Claimed[Ref]], second: list[Claimed[Ref]]) -> Conflict[Ref] | None:
    pairs = [(one, other) for one, other in product(first, second) if _differ(one, other)]
    judged = [(one, other, _shared(one.period, other.period)) for one, other in pairs]
    meeting = [(one, other, certainty) for one, other, certainty in judged if certainty is not Certainty.IMPOSSIBLE]
    if not meeting:
        return None
    is_certain = any(certainty is Certainty.CERTAIN for *_pair, certainty in meeting)
    ones, others = ([pair[side] for pair in meeting] for side in (0, 1))
    return Conflict(
        lane=lane,
        first=tuple(claim.ref for claim in first if claim in ones),
        second=tuple(claim.ref for claim in second if claim in others),
        certainty=Certainty.CERTAIN if is_certain else Certainty.POSSIBLE,
    )


def _shared(first: Period, second: Period) -> Certainty:
    """Say whether two periods share time; a change on one day, when one ends and the other begins, is not sharing."""
    if _hands_over(first, second) or _hands_over(second, first):
        return Certainty.IMPOSSIBLE
    return overlap(first, second)


def _hands_over(earlier: Period, later: Period) -> bool:
    end, start = earlier.end, later.start
    if end is None or start is None or end.earliest is None:
        return False
    return end.earliest == end.latest == start.earliest == start.latest


def _differ(first: Claimed[Ref], second: Claimed[Ref]) -> bool:
    if first.number is not None and second.number is not None:
        return abs(first.number - second.number) > first.error + second.error
    return first.value != second.value
