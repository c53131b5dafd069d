"""Which of several anchors are one, from judgements on pairs of them: pure, and the same in whatever order they come.

Only "same" joins. A group that holds a contradiction is not joined at all: two of it were also judged different, or
two of it bear an official number that belongs to one thing alone. Until somebody settles that, each answers for itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

SAME, DIFFERENT, UNSURE = "same", "different", "unsure"
Key = TypeVar("Key")


@dataclass(frozen=True)
class Said(Generic[Key]):
    """One judgement on a pair; `standing` is the one of the two that answers for both, of "same" alone."""

    first: Key
    second: Key
    verdict: str
    standing: Key | None = None
    ref: Any = None

    @property
    def yields(self) -> Key | None:
        """The one of the pair that does not stand."""
        if self.verdict != SAME:
            return None
        return self.second if self.standing == self.first else self.first


@dataclass(frozen=True)
class Group(Generic[Key]):
    """Anchors judged to be one, by key, with the one that stands for them; `against` is what contradicts that.

    `members` are told also where `is_disputed`; then nothing is joined, and nobody stands for another.
    """

    members: tuple[Key, ...]
    standing: Key
    holding: tuple[Said[Key], ...]
    against: tuple[Said[Key], ...]
    numbers: tuple[str, ...]

    @property
    def is_disputed(self) -> bool:
        return bool(self.against) or len(self.numbers) > 1


def resolve(start: Key, said: Iterable[Said[Key]], *, numbers: Mapping[Key, str]) -> Group[Key]:
    """Return the group of one anchor. `numbers` holds the official number of each that bears one of its own.

    The one that stands is the one that yields to no other; of several, or none (they were judged in a circle), the one
    with an official number, and then the one whose key sorts first.
    """
    judgements = list(said)
    members = _reached(start, judgements)
    holding = [one for one in judgements if one.verdict == SAME and one.first in members]
    against = [one for one in judgements if one.verdict == DIFFERENT and {one.first, one.second} <= members]
    yielding = {one.yields for one in holding}
    return Group(
        members=tuple(sorted(members, key=str)),
        standing=min(members, key=lambda key: (key in yielding, not numbers.get(key), str(key))),
        holding=tuple(holding),
        against=tuple(against),
        numbers=tuple(sorted({numbers[key] for key in members if numbers.get(key)})),
    )


def _reached(start: Key, judgements: Iterable[Said[Key]]) -> set[Key]:
    beside: dict[Key, set[Key]] = {}
    for one in judgements:
        if one.verdict == SAME:
            beside.setdefault(one.first, set()).add(one.second)
            beside.setdefault(one.second, set()).add(one.first)
    reached, waiting = {start}, [start]
    while waiting:
        for key in beside.get(waiting.pop(), set()) - reached:
            reached.add(key)
            waiting.append(key)
    return reached
