"""Claims that count the same things differently: pure, text in, groups out.

"At least four trips", "at least six trips" and "at least eleven trips" may all be true of different times and ships;
which of them holds is for people to say. What the dossier owes its reader is to show them beside each other.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from casefiles.core.moments import Certainty, Moment, overlap

WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
NUMBERS = {word: value for value, word in enumerate(WORDS, start=1)}
COUNTED = re.compile(rf"\b(?P<number>\d{{1,7}}|{'|'.join(WORDS)})\s+(?P<thing>[a-z]{{3,}}s)\b", re.IGNORECASE)
# Dates and measures are no counts of things.
NOT_COUNTED = frozenset({"days", "weeks", "months", "years", "hours", "minutes", "metres", "knots", "miles", "tonnes"})


@dataclass(frozen=True)
class CountedClaim:
    """A claim that says how many of something there were."""

    label: str
    text: str
    occurred: Moment | None


@dataclass(frozen=True)
class RivalCounts:
    """Claims about one kind of thing whose numbers differ and whose times may overlap, in the order given."""

    thing: str
    labels: tuple[str, ...]


def rival_counts(claims: Iterable[CountedClaim]) -> list[RivalCounts]:
    """Return the groups of claims that count the same things differently."""
    by_thing: dict[str, list[tuple[int, CountedClaim]]] = {}
    for claim in claims:
        for thing, number in _counts_in(claim.text).items():
            by_thing.setdefault(thing, []).append((number, claim))
    groups = [RivalCounts(thing, _rivals(counted)) for thing, counted in by_thing.items()]
    return [group for group in groups if group.labels]


def _counts_in(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for match in COUNTED.finditer(text):
        thing, number = match["thing"].lower(), match["number"].lower()
        if thing not in NOT_COUNTED:
            found.setdefault(thing, NUMBERS.get(number) or int(number))
    return found


def _rivals(counted: list[tuple[int, CountedClaim]]) -> tuple[str, ...]:
    return tuple(
        claim.label
        for number, claim in counted
        if any(number != other and _may_meet(claim, rival) for other, rival in counted)
    )


def _may_meet(first: CountedClaim, second: CountedClaim) -> bool:
    if first.occurred is None or second.occurred is None:
        return True
    return overlap(first.occurred, second.occurred) is not Certainty.IMPOSSIBLE
