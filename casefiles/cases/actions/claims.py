"""Claims: one assertion each, argued from exhibits."""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import change_record
from casefiles.access.circles import Circle
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import bring_into, next_number, void_in_case, writable
from casefiles.cases.models import Case, Claim, ClaimKind, Outcome
from casefiles.core.cleaning import cleaned
from casefiles.core.moments import Moment
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.assertions import assert_record
from casefiles.registry.models import Place


def add_claim(
    case: Case,
    *,
    by: Any,
    text: str,
    kind: str = ClaimKind.FACT,
    occurred: Moment | None = None,
    place: Place | None = None,
    likelihood: str = "",
    confidence: str = "",
    rationale: str = "",
    is_key: bool = False,
) -> Claim:
    """Add a claim under the case's next number.

    Raises:
        Refused: the case is closed, or the place is not the case's to name.
        ValidationError: a field does not hold.
    """
    with audit.unit():
        case = writable(case, by=by)
        bring_into(case, [place], by=by)
        claim = Claim(
            case=case,
            number=next_number(case, "last_claim"),
            kind=kind,
            place=place,
            likelihood=likelihood,
            confidence=confidence,
            is_key=is_key,
            **cleaned(Claim, {"text": text, "rationale": rationale}),
        )
        claim.occurred = occurred
        return assert_record(claim, by=by, circle=Circle.of_case(case))


def change_claim(claim: Claim, *, by: Any, version: int, **changes: Any) -> dict[str, tuple[Any, Any]]:
    """Change a claim's words or judgement; its outcome has an action of its own.

    Raises:
        StaleVersion: somebody else changed it first.
        Refused: the case is closed, or the claim was voided.
    """
    with audit.unit():
        case = writable(claim.case, by=by)
        bring_into(case, [changes.get("place")], by=by)
        return change_record(claim, by=by, version=version, changes=cleaned(Claim, changes))


def set_outcome(
    claim: Claim, *, by: Any, outcome: str, reason: str = "", version: int | None = None
) -> dict[str, tuple[Any, Any]]:
    """Withdraw or refute a claim with a reason, or take that back ("held", which needs none).

    Raises:
        Refused: the case is closed, or no reason was given.
        StaleVersion: somebody else changed it first.
    """
    if outcome != Outcome.HELD and not reason.strip():
        raise Refused(_("Say why: the reason stays with the claim."), field="reason")
    with audit.unit():
        writable(claim.case, by=by)
        at = claim.version if version is None else version
        given = {"outcome": outcome, "outcome_reason": "" if outcome == Outcome.HELD else reason.strip()}
        return change_record(
            claim,
            by=by,
            version=at,
            changes=cleaned(Claim, given),
            act=f"outcome {outcome}",
            note=reason.strip(),
        )


def void_claim(claim: Claim, *, by: Any, reason: str, version: int | None = None) -> None:
    """Take a claim out of its case with a reason; its number stays."""
    void_in_case(claim, by=by, reason=reason, version=version)
