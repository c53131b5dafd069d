"""Where somebody's stance on one claim changed between two days: pure, stances in, changes out."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from casefiles.core.moments import Certainty, Moment, precedes

Said = TypeVar("Said")
# Who does not address a claim takes no position on it: neither a change, nor the end of the one before.
NO_POSITION = frozenset({"not addressed"})


@dataclass(frozen=True)
class Position(Generic[Said]):
    """What a statement says of one claim, and when it was said."""

    claim: Hashable
    stance: str
    said: Moment | None
    statement: Said


@dataclass(frozen=True)
class Change(Generic[Said]):
    """Two statements, of which the later takes another position on the claim than the earlier."""

    earlier: Position[Said]
    later: Position[Said]


def changes_of(positions: Iterable[Position[Said]]) -> list[Change[Said]]:
    """Return where the position on a claim changed, claim by claim in the order given, the earliest change first.

    Of two statements the later is known only where their dates leave no doubt; one without a date changes nothing.
    """
    by_claim: dict[Hashable, list[Position[Said]]] = {}
    for position in positions:
        if position.said is not None and position.said.latest and position.stance not in NO_POSITION:
            by_claim.setdefault(position.claim, []).append(position)
    return [change for taken in by_claim.values() for change in _changes(taken)]


def _changes(taken: list[Position[Said]]) -> Iterable[Change[Said]]:
    ordered = sorted(taken, key=_end)
    for index, later in enumerate(ordered):
        before = [one for one in ordered[:index] if _precedes(one, later)]
        if before and all(one.stance != later.stance for one in _last(before)):
            yield Change(before[-1], later)


def _last(before: list[Position[Said]]) -> list[Position[Said]]:
    """Return the last of them, and those that may be as late as it."""
    return [one for one in before if not _precedes(one, before[-1])]


def _end(position: Position[Said]) -> tuple[object, object]:
    said = position.said
    return (said.latest, said.earliest or said.latest) if said else ("", "")


def _precedes(one: Position[Said], other: Position[Said]) -> bool:
    if one.said is None or other.said is None:
        return False
    return precedes(one.said, other.said) is Certainty.CERTAIN
