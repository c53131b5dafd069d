"""How the claims fared for which one source's items are cited."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from casefiles.cases.contradicted import contradicting_items
from casefiles.cases.models import Claim, Outcome
from casefiles.evidence.models import Citation, Item, Source
from casefiles.evidence.selectors import Provenance, citations_by_assertion, provenance
from casefiles.evidence.vocabulary import CitationStance

# Of a source that is cited more often, the newest claims tell.
CLAIMS_AT_MOST = 500
SHOWN_AT_MOST = 20


@dataclass(frozen=True)
class ContradictedClaim:
    """A claim for which the source is cited, and who says otherwise; `was_refuted` by a person, with a reason."""

    claim: Claim
    items: tuple[Item, ...]
    was_refuted: bool


@dataclass(frozen=True)
class Contradictions:
    """`claims_count` are the claims that the source supports, `contradicted_count` those that others contradict.

    `against_count` are claims that the source itself contradicts. All of them as far as the reader may see;
    `is_capped`: older claims are left out.
    """

    claims_count: int
    contradicted_count: int
    against_count: int
    shown: tuple[ContradictedClaim, ...]
    is_capped: bool


def contradictions_of(source: Source, user: Any) -> Contradictions:
    """Return how often others contradict what a source is cited for, in as many queries as lineage is deep."""
    claims = _claims_on(source, user)
    cited = citations_by_assertion([claim.pk for claim in claims[:CLAIMS_AT_MOST]], user)
    known = provenance({one.item_id for citations in cited.values() for one in citations}, user)
    supported = [claim for claim in claims[:CLAIMS_AT_MOST] if _said(source, cited[claim.pk], known)]
    told = [(claim, _others(source, claim, cited[claim.pk], known)) for claim in supported]
    contradicted = [(claim, items) for claim, items in told if items or claim.outcome == Outcome.REFUTED]
    return Contradictions(
        claims_count=len(supported),
        contradicted_count=len(contradicted),
        against_count=sum(_is_against(source, citations, known) for citations in cited.values()),
        shown=tuple(
            ContradictedClaim(claim, items, claim.outcome == Outcome.REFUTED)
            for claim, items in contradicted[:SHOWN_AT_MOST]
        ),
        is_capped=len(claims) > CLAIMS_AT_MOST,
    )


def _claims_on(source: Source, user: Any) -> list[Claim]:
    """Return the newest standing claims on which an item of the source is cited, one more than counts."""
    cited = Citation.objects.visible_to(user).current().filter(item__source=source)
    claims = Claim.objects.visible_to(user).current().exclude(outcome=Outcome.WITHDRAWN)
    found = claims.filter(pk__in=cited.values("assertion_id")).select_related("case")
    return list(found.order_by("-assertion__created_at", "pk")[: CLAIMS_AT_MOST + 1])


def _said(source: Source, citations: Sequence[Citation], known: Provenance) -> set[uuid.UUID]:
    return _ids(citations, CitationStance.SUPPORTS, known, own=source)


def _is_against(source: Source, citations: Sequence[Citation], known: Provenance) -> bool:
    return bool(_ids(citations, CitationStance.CONTRADICTS, known, own=source))


def _ids(citations: Iterable[Citation], stance: str, known: Provenance, *, own: Source) -> set[uuid.UUID]:
    return {
        one.item_id
        for one in citations
        if one.stance == stance and one.item.source_id == own.pk and one.item_id not in known.dead
    }


def _others(source: Source, claim: Claim, citations: Sequence[Citation], known: Provenance) -> tuple[Item, ...]:
    against = {one.item_id: one.item for one in citations if one.stance == CitationStance.CONTRADICTS}
    found = contradicting_items(_said(source, citations, known), against, known.graph)
    return tuple(against[key] for key in found if against[key].source_id != source.pk)
