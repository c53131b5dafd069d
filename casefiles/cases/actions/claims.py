"""Claims: one assertion each, argued from exhibits."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import change_record
from casefiles.access.circles import Circle
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import bring_into, next_number, require_in, void_in_case, writable
from casefiles.cases.actions.reopening import telling_reopened
from casefiles.cases.actions.reviews import fit_status
from casefiles.cases.models import Case, Claim, ClaimKind, Outcome, Subject
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
    gaps: str = "",
    is_key: bool = False,
    subjects: Iterable[Subject] = (),
) -> Claim:
    """Add a claim under the case's next number, behind all others.

    `gaps` says what is missing, or what would change the conclusion; `subjects` are those of the case that it is about.

    Raises:
        Refused: the case is closed, the place is not the case's to name, or a subject is another case's.
        ValidationError: a field does not hold.
    """
    with audit.unit():
        case = writable(case, by=by)
        bring_into(case, [place], by=by)
        about = _subjects_in(case, subjects)
        number = next_number(case, "last_claim")
        claim = Claim(
            case=case,
            number=number,
            # Places are those of all claims that ever were: as many as there are numbers.
            position=number,
            kind=kind,
            place=place,
            likelihood=likelihood,
            confidence=confidence,
            is_key=is_key,
            **cleaned(Claim, {"text": text, "rationale": rationale, "gaps": gaps}),
        )
        claim.occurred = occurred
        saved: Claim = assert_record(claim, by=by, circle=Circle.of_case(case))
        if about:
            saved.subjects.set(about)
            record_beside(saved, by=by, act="subjects named", changes={"subjects": (None, keys_of(about))})
        return saved


def change_claim(
    claim: Claim, *, by: Any, version: int, subjects: Iterable[Subject] | None = None, **changes: Any
) -> dict[str, tuple[Any, Any]]:
    """Change a claim's words, judgement or subjects; its outcome and its place in the order have actions of their own.

    Raises:
        StaleVersion: somebody else changed it first.
        Refused: the case is closed, the claim was voided, or a subject is another case's.
    """
    with audit.unit():
        case = writable(claim.case, by=by)
        bring_into(case, [changes.get("place")], by=by)
        # One that was taken out of the case since stays named, but cannot be named anew.
        held = list(claim.subjects.all())
        about = held if subjects is None else _subjects_in(case, subjects, held=held)
        before, after = keys_of(held), keys_of(about)
        with telling_reopened([claim.pk], by=by):
            changed = change_record(
                claim,
                by=by,
                version=version,
                changes=cleaned(Claim, changes),
                beside={"subjects": (before, after)} if before != after else {},
            )
            claim.subjects.set(about)
        return changed


def _subjects_in(case: Case, subjects: Iterable[Subject], *, held: Iterable[Subject] = ()) -> list[Subject]:
    named = list({subject.pk: subject for subject in subjects}.values())
    known = {subject.pk for subject in held}
    require_in(case, *(subject for subject in named if subject.pk not in known))
    return named


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
        case = writable(claim.case, by=by)
        at = claim.version if version is None else version
        given = {"outcome": outcome, "outcome_reason": "" if outcome == Outcome.HELD else reason.strip()}
        with telling_reopened([claim.pk], by=by):
            changed = change_record(
                claim,
                by=by,
                version=at,
                changes=cleaned(Claim, given),
                act=f"outcome {outcome}",
                note=reason.strip(),
            )
        fit_status(case, by=by)
    return changed


def place_claim(claim: Claim, *, by: Any, position: int) -> int:
    """Give a claim another place in the order of the case, and return the place it has now.

    Places count all claims that ever were, from 1; one beyond the last is the last. The claim's version stays: nobody's
    open form is stale for it.

    Raises:
        Refused: the case is closed, the claim was voided, or the place is none.
    """
    with audit.unit():
        case = writable(claim.case, by=by)
        require_in(case, claim)
        if position < 1:
            raise Refused(_("Places are counted from 1."), field="position")
        order = list(Claim.objects.filter(case=case).order_by("position", "pk"))
        was = next(place for place, one in enumerate(order, start=1) if one.pk == claim.pk)
        order.insert(min(position, len(order)) - 1, order.pop(was - 1))
        moved = [(place, one) for place, one in enumerate(order, start=1) if one.position != place]
        for place, one in moved:
            one.position = place
        Claim.objects.bulk_update([one for _place, one in moved], ["position"])
        claim.position = order.index(claim) + 1
        if claim.position != was:
            record_beside(claim, by=by, act="moved", changes={"position": (was, claim.position)})
        return int(claim.position)


def void_claim(claim: Claim, *, by: Any, reason: str, version: int | None = None) -> None:
    """Take a claim out of its case with a reason; its number stays."""
    with audit.unit():
        void_in_case(claim, by=by, reason=reason, version=version)
        fit_status(claim.case, by=by)


def keys_of(records: Iterable[Any]) -> list[str]:
    """Return the keys of some records as an event keeps them."""
    return sorted(str(record.pk) for record in records)


def record_beside(record: Any, *, by: Any, act: str, changes: dict[str, tuple[Any, Any]], note: str = "") -> None:
    """Record a change to what stands beside the columns of something bound to a case."""
    audit.record(
        by=by,
        act=act,
        kind=record._meta.label_lower,
        record_id=record.pk,
        compartments=[record.case.compartment_id],
        changes=changes,
        note=note,
    )
