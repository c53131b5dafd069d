"""Whether a claim is reviewed: computed from the verdicts on it and from what was changed since, never typed or stored.

An approval is of a claim as it stood: its version, its citations in theirs, the marks on the items cited, and the
standing that came of them. It holds while that is how the claim stands, and is open again from the first difference.
Every reader of a case is told the same: a sealed verdict takes no part, not even for the reviewer whose it is.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class ReviewState(StrEnum):
    """In the order in which a team deals with them."""

    CHANGES_REQUESTED = "changes requested"
    DISAGREED = "reviewers disagree"
    REOPENED = "open again"
    IN_REVIEW = "in review"
    NOT_REVIEWED = "not reviewed"
    APPROVED = "approved"


class Difference(StrEnum):
    """What may have changed under an approval."""

    CLAIM = "claim"
    CITED = "cited"
    CITATION = "citation"
    WITHDRAWN = "withdrawn"
    ITEM = "item"
    STANDING = "standing"


@dataclass(frozen=True)
class Basis:
    """What a verdict is about. `citations` maps ids to versions, `items` those cited to a mark ("retracted")."""

    version: int
    citations: Mapping[str, int]
    items: Mapping[str, str]
    standing: str = ""

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def digest(self) -> str:
        """What a form carries to say how the claim stood when it was shown."""
        return hashlib.sha256(json.dumps(self.plain(), sort_keys=True).encode()).hexdigest()

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Basis":
        return cls(**plain)


@dataclass(frozen=True)
class Given:
    """A verdict that everybody in the case may know: "approved" or "changes requested"."""

    review: Any
    verdict: str
    basis: Basis


@dataclass(frozen=True)
class Judged:
    state: ReviewState
    differences: tuple[tuple[Difference, str], ...] = ()


def differences(then: Basis, now: Basis) -> tuple[tuple[Difference, str], ...]:
    """Return what differs, each kind once, with the new mark of an item and the new standing."""
    found: dict[Difference, str] = {}
    if then.version != now.version:
        found[Difference.CLAIM] = ""
    if now.citations.keys() - then.citations.keys():
        found[Difference.CITED] = ""
    if any(now.citations.get(key, version) != version for key, version in then.citations.items()):
        found[Difference.CITATION] = ""
    if then.citations.keys() - now.citations.keys():
        found[Difference.WITHDRAWN] = ""
    marks = {now.items[key] for key, mark in then.items.items() if now.items.get(key, mark) != mark}
    if marks:
        found[Difference.ITEM] = ", ".join(sorted(marks))
    if then.standing and now.standing and then.standing != now.standing:
        found[Difference.STANDING] = now.standing
    return tuple(found.items())


def newest_round(given: Sequence[Given]) -> list[Given]:
    """Return the verdicts, oldest first, of the review that was answered last."""
    return [one for one in given if one.review == given[-1].review]


def judged(given: Sequence[Given], *, is_asked: bool, now: Basis | None) -> Judged:
    """Return how a claim is reviewed. `given` are the shown verdicts, oldest first; `now` is needed for an approval.

    Asking again puts a claim into review whatever was said before.
    """
    if is_asked:
        return Judged(ReviewState.IN_REVIEW)
    if not given:
        return Judged(ReviewState.NOT_REVIEWED)
    latest = newest_round(given)
    kinds = {one.verdict for one in latest}
    if len(kinds) > 1:
        return Judged(ReviewState.DISAGREED)
    if kinds != {"approved"}:
        return Judged(ReviewState.CHANGES_REQUESTED)
    if now is None:
        raise ValueError("Whether an approval holds cannot be said without how the claim stands now.")
    differing = dict(pair for one in latest for pair in differences(one.basis, now))
    return Judged(ReviewState.REOPENED if differing else ReviewState.APPROVED, tuple(differing.items()))
