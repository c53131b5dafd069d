"""How hypotheses fare against the claims of a case: counted by what speaks against them, computed, never stored.

The practice is analysis of competing hypotheses (R. J. Heuer, Psychology of Intelligence Analysis, CIA 1999, chapter
8): a hypothesis is tested by what is inconsistent with it, since what is consistent with one is mostly consistent with
others too. The marks CC, C, N/A, I and II, with II counted double, are those of the matrices used for it.

The weight is ours, and plain: reliability A to E and credibility 1 to 5 each give 1, 0.8, 0.6, 0.4 or 0.2; an item
weighs the product of its two, so B2 weighs 0.64; a claim weighs as much as the heaviest item that supports it, for
repeating a report makes it no heavier. F and 6 say that nothing can be judged: such an item has no weight, and least of
all a middle one. What has no weight widens the score to a range: from nothing, to the weight of an A1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

STEPS = (1.0, 0.8, 0.6, 0.4, 0.2)
RELIABILITY = dict(zip("ABCDE", STEPS, strict=True))
CREDIBILITY = dict(zip("12345", STEPS, strict=True))
HEAVIEST = 1.0


class Fit(StrEnum):
    """How a claim goes with a hypothesis."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    NOT_APPLICABLE = "not applicable"


class Strength(StrEnum):
    STRONG = "strong"
    WEAK = "weak"


COUNTS = {Strength.STRONG: 2, Strength.WEAK: 1}


@dataclass(frozen=True)
class Mark:
    """One cell as one analyst rated it; what is not applicable has no strength."""

    fit: Fit
    strength: Strength | None = None

    @property
    def code(self) -> str:
        return next(code for code, mark in MARKS.items() if mark == self)

    @property
    def counts(self) -> int:
        """How often it counts against the hypothesis: II twice, I once, everything else not at all."""
        return COUNTS[self.strength] if self.fit == Fit.INCONSISTENT and self.strength else 0


MARKS = {
    "CC": Mark(Fit.CONSISTENT, Strength.STRONG),
    "C": Mark(Fit.CONSISTENT, Strength.WEAK),
    "N/A": Mark(Fit.NOT_APPLICABLE),
    "I": Mark(Fit.INCONSISTENT, Strength.WEAK),
    "II": Mark(Fit.INCONSISTENT, Strength.STRONG),
}


@dataclass(frozen=True)
class Score:
    """What speaks against one hypothesis, for one analyst: lower is better, and none of it is a verdict.

    `low` leaves out what has no weight, `high` takes it for an A1. `unrated_count` cells are empty.
    """

    low: float
    high: float
    against_count: int
    unweighed_count: int
    unrated_count: int

    @property
    def is_range(self) -> bool:
        return self.unweighed_count > 0

    @property
    def words(self) -> str:
        """The score as it is written: "1.28", or "1.28–3.28" where something has no weight."""
        return f"{self.low:.2f}–{self.high:.2f}" if self.is_range else f"{self.low:.2f}"


def grade_weight(reliability: str, credibility: str) -> float | None:
    """Return what an item of this grade weighs, from 0.04 to 1; None where the one or the other cannot be judged."""
    source, information = RELIABILITY.get(reliability), CREDIBILITY.get(credibility)
    return None if source is None or information is None else round(source * information, 2)


def claim_weight(grades: Iterable[tuple[str, str]]) -> float | None:
    """Return what a claim weighs that items of these grades support; None where none of them can be judged."""
    weights = [weight for weight in (grade_weight(*grade) for grade in grades) if weight is not None]
    return max(weights, default=None)


def score(cells: Iterable[tuple[Mark | None, float | None]]) -> Score:
    """Count what speaks against a hypothesis: its marks, each with the weight of its claim; None is not rated yet."""
    rated = list(cells)
    against = [(mark.counts, weight) for mark, weight in rated if mark and mark.counts]
    low = sum(counts * weight for counts, weight in against if weight is not None)
    unweighed = [counts for counts, weight in against if weight is None]
    return Score(
        low=round(low, 2),
        high=round(low + sum(unweighed) * HEAVIEST, 2),
        against_count=len(against),
        unweighed_count=len(unweighed),
        unrated_count=sum(mark is None for mark, _weight in rated),
    )


def discriminates(row: Sequence[Mark | None]) -> bool | None:
    """Say whether a claim tells one hypothesis from another; None where fewer than two are there, or one is not rated.

    A claim that is alike in every column is as true under each of them, however weighty it is.
    """
    if len(row) < 2 or None in row:
        return None
    return len(set(row)) > 1


def is_apart(marks: Iterable[Mark | None]) -> bool:
    """Say whether analysts disagree on a cell: on how the claim goes with the hypothesis, not on how strongly."""
    return len({mark.fit for mark in marks if mark}) > 1
