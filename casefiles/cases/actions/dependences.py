"""Which claim rests on which. Circles are refused; nothing here moves a standing."""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import require_in, restore_in_case, writable
from casefiles.cases.models import Case, Claim, Dependence
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.evidence.origins import would_cycle


def add_dependence(claim: Claim, *, by: Any, rests_on: Claim, note: str = "") -> Dependence:
    """Say that a claim rests on another claim of the same case.

    Raises:
        Refused: the case is closed, the two are one or of two cases, one was voided, it is said already, or the other
            rests on this one.
    """
    with audit.unit():
        case = writable(claim.case, by=by)
        require_in(case, claim, rests_on)
        _refuse_circle(case, claim, rests_on)
        if Dependence.objects.current().filter(claim=claim, rests_on=rests_on).exists():
            raise Refused(
                _("%(claim)s rests on %(other)s already.") % {"claim": claim.label, "other": rests_on.label},
                field="rests_on",
            )
        words = cleaned(Dependence, {"note": note})
        return add_record(Dependence(case=case, claim=claim, rests_on=rests_on, **words), by=by)


def restore_dependence(dependence: Dependence, *, by: Any, reason: str = "", version: int | None = None) -> None:
    """Take back that a dependence was voided.

    Raises:
        Refused: the case is closed, it was said again meanwhile, or it would close a circle now.
    """
    with audit.unit():
        case = writable(dependence.case, by=by)
        _refuse_circle(case, dependence.claim, dependence.rests_on)
        restore_in_case(dependence, by=by, reason=reason, version=version)


def rests_in(case: Case) -> dict[Any, list[Any]]:
    """Return what each claim of a locked case rests on, by key; voided claims keep what was said of them."""
    found: dict[Any, list[Any]] = {}
    for claim_id, other_id in Dependence.objects.current().filter(case=case).values_list("claim_id", "rests_on_id"):
        found.setdefault(claim_id, []).append(other_id)
    return found


def _refuse_circle(case: Case, claim: Claim, rests_on: Claim) -> None:
    if claim.pk == rests_on.pk:
        raise Refused(_("A claim cannot rest on itself."), field="rests_on")
    if would_cycle(claim.pk, rests_on.pk, rests_in(case)):
        raise Refused(
            _("%(other)s rests on %(claim)s already, directly or through others: that would be a circle.")
            % {"claim": claim.label, "other": rests_on.label},
            field="rests_on",
        )
