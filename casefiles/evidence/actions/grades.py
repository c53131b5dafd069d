"""Grading: reliability of the source and credibility of the information, judged apart, with a history."""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, refuse_voided, require, void_record
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.evidence.actions._input import required
from casefiles.evidence.models import Citation, Grade, Item
from casefiles.evidence.selectors.lineage import provenance
from casefiles.evidence.vocabulary import CitationStance, Credibility


def grade(item: Item, *, by: Any, reliability: str, credibility: str, rationale: str) -> Grade:
    """Add a grade (A to F, 1 to 6) with its reason; the newest counts, the earlier ones stay as its history.

    Raises:
        Refused: no reason; or credibility 1 while the information rests on fewer than two independent origins.
    """
    with audit.unit():
        require(by, Act.EDIT, item)
        refuse_voided(item)
        said = cleaned(Grade, {"rationale": required(rationale, field="rationale")})
        if credibility == Credibility.ONE and independent_origins_behind(item, by) < 2:
            text = _("Confirmed by other sources needs two independent origins: sign their independence first.")
            raise Refused(text, field="credibility")
        added: Grade = add_record(Grade(item=item, reliability=reliability, credibility=credibility, **said), by=by)
    return added


def independent_origins_behind(item: Item, user: Any) -> int:
    """Return the most independent origins behind what an item says, as far as `user` may see.

    Behind the item itself, or behind any one assertion that it supports together with other items.
    """
    supports = (
        Citation.objects.visible_to(user)
        .current()
        .filter(stance=CitationStance.SUPPORTS, assertion__voided_at__isnull=True)
    )
    together: dict[Any, set[Any]] = {None: {item.pk}}
    shared = supports.filter(assertion__in=supports.filter(item=item).values("assertion"))
    for assertion_id, item_id in shared.values_list("assertion_id", "item_id"):
        together.setdefault(assertion_id, set()).add(item_id)
    known = provenance({one for items in together.values() for one in items}, user)
    return max(known.origins_of(items).count for items in together.values())


def void_grade(grade: Grade, *, by: Any, reason: str) -> None:
    """Withdraw a grade with a reason; the one before it counts again."""
    void_record(grade, by=by, reason=reason)
