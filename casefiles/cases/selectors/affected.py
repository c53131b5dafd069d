"""What rests on an item of evidence: the claims that cite it, and those that cite what derives from it."""

import uuid
from dataclasses import dataclass
from typing import Any

from casefiles.cases.models import Claim
from casefiles.cases.querysets import ClaimQuerySet
from casefiles.cases.selectors.reviews import approvals_that_hold
from casefiles.evidence.models import Citation, Derivation, Item


@dataclass(frozen=True)
class AffectedClaim:
    """A claim that its reader may see. `through` is the title of what it cites, where that derives from the item."""

    claim: Claim
    through: str
    is_approved: bool


def affected_by(item: Item) -> list[Claim]:
    """Return every standing claim of every case that rests on an item, whoever may see it: for tasks, never a page."""
    cited = _on_claims(Citation.objects.current(), with_descendants(item)).values("assertion_id")
    return list(_resting(Claim.objects.filter(pk__in=cited)))


def claims_affected(item: Item, user: Any) -> list[AffectedClaim]:
    """Return the claims that `user` may see and that rest on an item, by case and number."""
    citations = _on_claims(Citation.objects.visible_to(user).current(), with_descendants(item))
    through: dict[uuid.UUID, str] = {}
    for claim_id, item_id, title in citations.values_list("assertion_id", "item_id", "item__title"):
        through[claim_id] = "" if item_id == item.pk else through.get(claim_id, title)
    claims = list(_resting(Claim.objects.visible_to(user).filter(pk__in=through)))
    held = approvals_that_hold([claim.pk for claim in claims])
    return [AffectedClaim(claim, through[claim.pk], claim.pk in held) for claim in claims]


def _resting(claims: ClaimQuerySet) -> Any:
    rows = claims.current().select_related("case__compartment", "assertion")
    return rows.order_by("case__title_key", "case_id", "number")


def _on_claims(citations: Any, items: set[uuid.UUID]) -> Any:
    kept = citations.filter(item_id__in=items, assertion__kind=Claim._meta.label_lower, assertion__voided_at=None)
    return kept.order_by("created_at", "pk")


def with_descendants(item: Item) -> set[uuid.UUID]:
    """Return an item and all that derives from it, as far as it stands; one query for each generation."""
    found = {item.pk}
    generation = found
    while generation:
        rows = Derivation.objects.current().filter(parent_id__in=generation).values_list("child_id", flat=True)
        generation = set(rows) - found
        found = found | generation
    return found
