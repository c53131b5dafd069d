"""From citations and lineage in the database to the standing that the pure modules compute."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from casefiles.cases.querysets import ClaimQuerySet
from casefiles.cases.standing import Standing, StandingResult, standing
from casefiles.evidence.origins import Origins
from casefiles.evidence.selectors import Provenance, cited_as, provenance
from casefiles.evidence.vocabulary import CitationStance, QuoteCheck


class Cited(Protocol):
    """What standing asks of a citation."""

    @property
    def item_id(self) -> uuid.UUID: ...
    @property
    def stance(self) -> str: ...


@dataclass(frozen=True)
class Judged:
    """A claim's standing, and what stands behind it; `items_count` are the supporting items that still stand."""

    result: StandingResult
    origins: Origins
    items_count: int


class ClaimStanding(NamedTuple):
    """How one claim of a case stands, for lists of which few are shown whole."""

    id: uuid.UUID
    label: str
    judged: Judged
    has_missing_quote: bool

    @property
    def standing(self) -> Standing:
        return self.judged.result.standing

    @property
    def is_held(self) -> bool:
        """Whether the case still argues it: neither withdrawn nor refuted."""
        return self.standing not in (Standing.WITHDRAWN, Standing.REFUTED)


def judge(
    outcomes: Mapping[uuid.UUID, str], cited: Mapping[uuid.UUID, Sequence[Cited]], user: Any
) -> dict[uuid.UUID, Judged]:
    """Return the standing of claims from what was decided of them and what they cite; queries as `provenance`."""
    known = provenance({citation.item_id for citations in cited.values() for citation in citations}, user)
    return {key: judged_by(outcome, cited.get(key, ()), known) for key, outcome in outcomes.items()}


def standings(claims: ClaimQuerySet, user: Any) -> list[ClaimStanding]:
    """Return how each of some claims stands, in their order, in a few queries."""
    rows = list(claims.values_list("pk", "number", "outcome"))
    cited = cited_as(claims, user)
    judged = judge({key: outcome for key, _number, outcome in rows}, cited, user)
    return [
        ClaimStanding(
            id=key,
            label=f"C-{number:02d}",
            judged=judged[key],
            has_missing_quote=any(one.quote_check == QuoteCheck.NOT_FOUND for one in cited.get(key, ())),
        )
        for key, number, _outcome in rows
    ]


def judged_by(outcome: str, citations: Sequence[Cited], known: Provenance) -> Judged:
    """Return how one claim stands, by what was read of the origins of what it cites."""
    origins = known.origins_of(_cited_as(CitationStance.SUPPORTS, citations))
    contradicting = _cited_as(CitationStance.CONTRADICTS, citations)
    result = standing(outcome=outcome, contradicting=contradicting, graph=known.graph, origins=origins)
    return Judged(result, origins, len(origins.counted) + len(origins.unrecorded))


def _cited_as(stance: str, citations: Iterable[Cited]) -> set[uuid.UUID]:
    return {citation.item_id for citation in citations if citation.stance == stance}
