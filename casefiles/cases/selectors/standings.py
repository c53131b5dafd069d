"""From citations and lineage in the database to the standing that the pure modules compute."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casefiles.cases.models import Claim
from casefiles.cases.standing import StandingResult, standing
from casefiles.evidence.models import Citation
from casefiles.evidence.origins import Origins
from casefiles.evidence.selectors import Provenance, provenance
from casefiles.evidence.vocabulary import CitationStance


@dataclass(frozen=True)
class Judged:
    """A claim's standing, and what stands behind it; `items_count` are the supporting items that still stand."""

    result: StandingResult
    origins: Origins
    items_count: int


def judge(claims: Sequence[Claim], cited: Mapping[uuid.UUID, Sequence[Citation]], user: Any) -> dict[uuid.UUID, Judged]:
    """Return the standing of each claim from its citations; the queries are those of one `provenance`."""
    known = provenance({citation.item_id for citations in cited.values() for citation in citations}, user)
    return {claim.pk: _judged(claim, cited.get(claim.pk, ()), known) for claim in claims}


def _judged(claim: Claim, citations: Sequence[Citation], known: Provenance) -> Judged:
    origins = known.origins_of(_cited_as(CitationStance.SUPPORTS, citations))
    contradicting = _cited_as(CitationStance.CONTRADICTS, citations)
    result = standing(outcome=claim.outcome, contradicting=contradicting, graph=known.graph, origins=origins)
    return Judged(result, origins, len(origins.counted) + len(origins.unrecorded))


def _cited_as(stance: str, citations: Sequence[Citation]) -> set[uuid.UUID]:
    return {citation.item_id for citation in citations if citation.stance == stance}
