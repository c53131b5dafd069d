"""How a finding on an element is read, and what the findings on a provision come to: computed, never typed or stored.

A finding rests on the claims cited for it and on nothing else. Where it cites none, or one of them no longer stands, it
is read as unknown: claims may carry an element only together, so what is left is not taken to carry it alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Found(StrEnum):
    """In the order in which a summary names them."""

    MET = "met"
    NOT_MET = "not met"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


# What becomes of a claim that carries nothing any more.
FALLEN = frozenset({"withdrawn", "refuted", "voided"})


@dataclass(frozen=True)
class Reading:
    """How a finding is read; `fallen` are the cited claims that no longer stand, with what became of each."""

    found: Found
    recorded: Found
    fallen: tuple[tuple[str, str], ...] = ()

    @property
    def fell_back(self) -> bool:
        """Whether something else was recorded than is read."""
        return self.found != self.recorded


@dataclass(frozen=True)
class Tally:
    """How many elements of a provision are met, not met, disputed and unknown."""

    met: int = 0
    not_met: int = 0
    disputed: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        return self.met + self.not_met + self.disputed + self.unknown


NOTHING_FOUND = Reading(Found.UNKNOWN, Found.UNKNOWN)


def may_be_found(found: str, *, claim_count: int) -> bool:
    """Say whether a finding may be recorded: without a cited claim it can only be unknown."""
    return found == Found.UNKNOWN or claim_count > 0


def reading(recorded: str, cited: Mapping[str, str], *, is_voided: bool = False) -> Reading:
    """Return how a finding is read. `cited` has for each claim what it stands as: its standing, or "voided".

    Raises:
        ValueError: there is no such finding.
    """
    word = Found(recorded)
    fallen = tuple((label, state) for label, state in cited.items() if state in FALLEN)
    carries = not is_voided and not fallen and may_be_found(word, claim_count=len(cited))
    return Reading(word if carries else Found.UNKNOWN, word, fallen)


def tally(readings: Iterable[Reading]) -> Tally:
    """Count how the elements of one provision are read."""
    counted = Counter(one.found for one in readings)
    return Tally(
        met=counted[Found.MET],
        not_met=counted[Found.NOT_MET],
        disputed=counted[Found.DISPUTED],
        unknown=counted[Found.UNKNOWN],
    )
