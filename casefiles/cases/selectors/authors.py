"""Who wrote a claim, in the sense in which nobody reviews what they wrote."""

import uuid
from collections.abc import Collection
from datetime import datetime

from casefiles.audit.models import Event
from casefiles.cases.models import Claim, VerdictKind
from casefiles.cases.selectors.reviews import shown_verdicts
from casefiles.evidence.models import Assertion, Citation


def authors_of(claim_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Return who may not review each of some claims, as the keys of accounts; four queries.

    Whoever made it; whoever made or last changed a citation that stands on it; and whoever changed anything of it, or
    of any citation on it, since it was approved last (ever, where it never was).
    """
    made = dict(Assertion._base_manager.filter(pk__in=claim_ids).values_list("pk", "created_by_id"))
    found: dict[uuid.UUID, set[uuid.UUID | None]] = {claim: {made[claim]} for claim in claim_ids}
    claim_of = {claim: claim for claim in claim_ids}
    standing: set[uuid.UUID] = set()
    rows = Citation.objects.filter(assertion__in=claim_ids)
    for citation, claim, by, withdrawn_at in rows.values_list("pk", "assertion_id", "created_by_id", "voided_at"):
        claim_of[citation] = claim
        if withdrawn_at is None:
            standing.add(citation)
            found[claim].add(by)
    approved = _approved_at(claim_ids)
    newest: dict[uuid.UUID, uuid.UUID | None] = {}
    # Its place in the order says nothing of it.
    events = Event.objects.of(claim_of).filter(actor_id__isnull=False).exclude(act="moved").order_by("seq")
    for record, actor, at in events.values_list("record_id", "actor_id", "at"):
        claim = claim_of[record]
        if claim not in approved or at > approved[claim]:
            found[claim].add(actor)
        if record in standing:
            newest[record] = actor
    for citation, actor in newest.items():
        found[claim_of[citation]].add(actor)
    return {claim: {key for key in keys if key} for claim, keys in found.items()}


def authors_of_claim(claim: Claim) -> set[uuid.UUID]:
    """Return who may not review a claim: its authors, and those of the claims it was split from or took in."""
    return set[uuid.UUID]().union(*authors_of(_roots_of(claim.pk)).values())


def _roots_of(claim: uuid.UUID) -> set[uuid.UUID]:
    """Return the claim and every claim whose words it continues, however often they were split and merged."""
    found: set[uuid.UUID] = set()
    wanted = {claim}
    while wanted:
        found |= wanted
        noted = Claim._base_manager.filter(pk__in=wanted).values_list("taken_over", flat=True)
        split = [one.get("split_from") or one.get("continues", {}).get("split_from") for one in noted]
        merged = Claim._base_manager.filter(merged_into__in=wanted).values_list("pk", flat=True)
        wanted = {*(uuid.UUID(key) for key in split if key), *merged} - found
    return found


def _approved_at(claim_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """Return when each claim was approved last; an approval with which the other blind reviewer disagreed is none."""
    found: dict[uuid.UUID, datetime] = {}
    for claim, verdicts in shown_verdicts(claim_ids).items():
        refused = {one.review_id for one in verdicts if one.verdict != VerdictKind.APPROVED}
        times = [one.created_at for one in verdicts if one.review_id not in refused]
        if times:
            found[claim] = max(times)
    return found
