"""What a claim rests on among the other claims: which of it has fallen, and which of it is only assumed.

Pure. It warns and never moves a standing: a standing is computed from what is cited for the claim itself.
"""

from collections import deque
from collections.abc import Collection, Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Generic, TypeVar

Claim = TypeVar("Claim", bound=Hashable)

# What no longer carries a claim that rests on it; the last is true of an assumption by its nature.
FALLEN = frozenset({"withdrawn", "refuted", "voided"})
UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Beneath(Generic[Claim]):
    """A claim that another rests on. `state` is its standing, or "voided"; `through` is the claim that leads to it
    where it is not rested on directly.
    """

    claim: Claim
    state: str
    through: Claim | None


@dataclass(frozen=True)
class Footing(Generic[Claim]):
    """What a claim rests on, near ones first: what gave way, and what is assumed. Each claim is named once."""

    gave_way: tuple[Beneath[Claim], ...] = ()
    assumed: tuple[Beneath[Claim], ...] = ()

    @property
    def is_sound(self) -> bool:
        return not self.gave_way


def footing(
    claim: Claim,
    *,
    rests_on: Mapping[Claim, Collection[Claim]],
    states: Mapping[Claim, str],
    assumptions: AbstractSet[Claim],
) -> Footing[Claim]:
    """Return what a claim rests on, directly or through others.

    A claim that gave way is named, and what lies beneath it is not: it says no more. One without a state was taken out
    of the case.
    """
    gave_way, assumed = [], []
    seen = {claim}
    unread: deque[tuple[Claim, Claim | None]] = deque((one, None) for one in rests_on.get(claim, ()))
    while unread:
        one, through = unread.popleft()
        if one in seen:
            continue
        seen.add(one)
        beneath = Beneath(one, states.get(one, "voided"), through)
        if _gave_way(beneath.state, is_assumption=one in assumptions):
            gave_way.append(beneath)
            continue
        if one in assumptions:
            assumed.append(beneath)
        unread.extend((other, through or one) for other in rests_on.get(one, ()))
    return Footing(tuple(gave_way), tuple(assumed))


def _gave_way(state: str, *, is_assumption: bool) -> bool:
    return state in FALLEN or (state == UNSUPPORTED and not is_assumption)
