"""How a claim stands on what is cited for it: computed from the citations, never typed or stored.

Statements take no part: they add no origin and dispute nothing; what officials said is shown beside the standing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from casefiles.evidence.origins import Item, LineageGraph, Origins, in_order

HELD = "held"


class Standing(StrEnum):
    """In the order in which they are tried; the first that holds is the claim's."""

    WITHDRAWN = "withdrawn"
    REFUTED = "refuted"
    DISPUTED = "disputed"
    UNSUPPORTED = "unsupported"
    LINEAGE_NOT_RECORDED = "lineage_not_recorded"
    SINGLE_ORIGIN = "single_origin"
    CORROBORATED = "corroborated"


@dataclass(frozen=True)
class StandingResult:
    """`items_count` are the supporting items that counted; `sentence` answers "Why this standing?" in plain English."""

    standing: Standing
    origins_count: int
    items_count: int
    sentence: str


def standing(
    *, outcome: str, contradicting: Collection[Item], graph: LineageGraph[Item], origins: Origins[Item]
) -> StandingResult:
    """Return how a claim stands.

    `outcome` is a person's decision: `held`, `withdrawn` or `refuted`. `origins` are those of the supporting items,
    asked from the same `graph`. A contradicting item disputes if it is live, its own lineage is recorded, and it does
    not rest on voided or retracted items only. (One marked `derived` without a recorded parent does dispute, although
    it could not support: in doubt a claim stands lower.)

    Raises:
        ValueError: the outcome is none of the three.
    """
    disputing = disputing_items(contradicting, graph)
    found = _first_match(outcome, disputing_count=len(disputing), origins=origins)
    reasons = [_REASONS[found](origins, len(disputing)), *_left_out(origins, len(set(contradicting)) - len(disputing))]
    return StandingResult(found, origins.count, len(origins.counted), " ".join(reasons))


def disputing_items(contradicting: Collection[Item], graph: LineageGraph[Item]) -> list[Item]:
    """Return the contradicting items that dispute a claim, each once; the others count for nothing."""
    return [
        item
        for item in in_order(set(contradicting))
        if graph.is_recorded(item) and not graph.is_dead(item) and not graph.is_fallen(item)
    ]


def _first_match(outcome: str, *, disputing_count: int, origins: Origins[Item]) -> Standing:
    if outcome != HELD:
        return _DECIDED[outcome] if outcome in _DECIDED else _refuse(outcome)
    if disputing_count:
        return Standing.DISPUTED
    if not origins.counted and not origins.unrecorded:
        return Standing.UNSUPPORTED
    if origins.count == 0:
        return Standing.LINEAGE_NOT_RECORDED
    return Standing.CORROBORATED if origins.count > 1 else Standing.SINGLE_ORIGIN


_DECIDED = {"withdrawn": Standing.WITHDRAWN, "refuted": Standing.REFUTED}


def _refuse(outcome: str) -> Standing:
    raise ValueError(f"{outcome!r} is not an outcome of a claim: held, withdrawn or refuted.")


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"


def _why_disputed(origins: Origins[Item], disputing_count: int) -> str:
    verb = "contradicts" if disputing_count == 1 else "contradict"
    start = f"{_items(disputing_count)} of recorded lineage {verb} this claim"
    if not origins.counted:
        return f"{start}, and no item of known origin supports it."
    behind = "1 origin" if origins.count == 1 else f"{origins.count} independent origins"
    return f"{start}; {_items(len(origins.counted))} from {behind} support{_s(len(origins.counted))} it."


def _why_single(origins: Origins[Item], _disputing_count: int) -> str:
    if len(origins.roots) > 1:
        return (
            f"{_items(len(origins.counted))} lead{_s(len(origins.counted))} back to {len(origins.roots)} origins, "
            "independence not established: nobody has signed that any two of them are independent."
        )
    if len(origins.counted) == 1:
        return "1 item supports this claim, so it has one origin."
    return f"All {len(origins.counted)} items lead back to the same origin."


def _why_corroborated(origins: Origins[Item], _disputing_count: int) -> str:
    counted = len(origins.counted)
    if len(origins.roots) == origins.count:
        return (
            f"{_items(counted)} lead{_s(counted)} back to {origins.count} origins signed as independent of each other."
        )
    return (
        f"{_items(counted)} lead{_s(counted)} back to {len(origins.roots)} origins, "
        f"of which {origins.count} are signed as independent of each other."
    )


def _why_lineage_missing(origins: Origins[Item], _disputing_count: int) -> str:
    count = len(origins.unrecorded)
    if count == 1:
        return "1 item supports this claim, but where it got the information from is not recorded."
    return f"{count} items support this claim, but where they got the information from is not recorded."


_REASONS = {
    Standing.WITHDRAWN: lambda _origins, _count: "The claim was withdrawn; the reason stands with it.",
    Standing.REFUTED: lambda _origins, _count: "The claim was refuted; the reason stands with it.",
    Standing.DISPUTED: _why_disputed,
    Standing.UNSUPPORTED: lambda _origins, _count: "No item that counts supports this claim.",
    Standing.LINEAGE_NOT_RECORDED: _why_lineage_missing,
    Standing.SINGLE_ORIGIN: _why_single,
    Standing.CORROBORATED: _why_corroborated,
}


def _left_out(origins: Origins[Item], contradicting_count: int) -> list[str]:
    """Say which citations counted for nothing, so that no reader wonders where they went."""
    # Where nothing else supports the claim, its standing says so already.
    unrecorded = len(origins.unrecorded) if origins.counted else 0
    groups = [
        (unrecorded, "of unrecorded lineage"),
        (len(origins.dead), "voided or retracted since"),
        (len(origins.fallen), "resting only on voided or retracted ones"),
        (contradicting_count, "contradicting it, but voided, retracted or of unrecorded lineage,"),
    ]
    return [f"{_items(count)} {which} count{_s(count)} for nothing." for count, which in groups if count]


def _s(count: int) -> str:
    return "s" if count == 1 else ""
