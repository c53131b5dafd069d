"""Asking for a review, giving a verdict, and answering a remark. Nobody reviews what they wrote."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, compartments_of, refuse_voided
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import next_number, require_in, void_in_case, writable
from casefiles.cases.models import Case, CaseStatus, Claim, Outcome, Review, Verdict, VerdictKind
from casefiles.cases.reviewing import Basis
from casefiles.cases.selectors.authors import authors_of_claim
from casefiles.cases.selectors.reviews import asked_of, bases_to_review, shown_verdicts
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.core.versions import save_changes


class SelfReview(Refused):
    """Somebody would review what they wrote themselves."""

    def __init__(self, claim: Claim) -> None:
        words = _("You wrote %(label)s, cited for it, or changed it since it was approved: another editor reviews it.")
        super().__init__(words % {"label": claim.label})


# --- Asking -------------------------------------------------------------------------------------------------------


def ask_for_review(case: Case, *, by: Any, claims: Iterable[Claim], note: str = "", is_blind: bool = False) -> Review:
    """Ask an editor of the case to review claims, or two of them, each without seeing the other's verdict.

    Raises:
        NotAllowed: they only read the case.
        Refused: the case is closed; no claim is named; one is of another case, no longer held, or in review already.
    """
    with audit.unit():
        case = writable(case, by=by)
        named = sorted({claim.pk: claim for claim in claims}.values(), key=lambda claim: claim.number)
        _refuse_unreviewable(case, named)
        review = Review(case=case, number=next_number(case, "last_review"), **cleaned(Review, {"note": note.strip()}))
        review.is_blind = is_blind
        added: Review = add_record(review, by=by, act="asked")
        added.claims.set(named)
        audit.record(
            by=by,
            act="claims named",
            kind=added._meta.label_lower,
            record_id=added.pk,
            compartments=[case.compartment_id],
            changes={"claims": (None, sorted(str(claim.pk) for claim in named))},
        )
        fit_status(case, by=by)
    return added


def _refuse_unreviewable(case: Case, claims: list[Claim]) -> None:
    if not claims:
        raise Refused(_("Choose at least one claim."), field="claims")
    require_in(case, *claims)
    for claim in claims:
        _refuse_fallen(claim)
    keys = [claim.pk for claim in claims]
    waiting = asked_of(keys, shown_verdicts(keys))
    if waiting:
        label = next(claim.label for claim in claims if claim.pk == waiting[0].claim_id)
        words = {"label": label, "review": waiting[0].review.label}
        raise Refused(_("%(label)s is in review already (%(review)s).") % words, field="claims")


def _refuse_fallen(claim: Claim) -> None:
    if claim.outcome != Outcome.HELD:
        words = {"label": claim.label, "outcome": claim.get_outcome_display()}
        raise Refused(_("%(label)s is %(outcome)s: there is nothing to review.") % words, field="claims")


def withdraw_review(review: Review, *, by: Any, reason: str, version: int | None = None) -> None:
    """Take back a request for review with a reason; verdicts that everybody may see keep counting.

    Raises:
        Refused: the case is closed, no reason was given, or it was withdrawn already.
    """
    with audit.unit():
        void_in_case(review, by=by, reason=reason, version=version)
        fit_status(Case.objects.locked(review.case_id), by=by)


def fit_status(case: Case, *, by: Any) -> None:
    """Let the case say that it is in review while a verdict is waited for, and that it is open when none is."""
    links = Review.claims.through.objects.filter(review__case=case, review__voided_at__isnull=True)
    keys = set(links.values_list("claim_id", flat=True))
    is_asked = bool(asked_of(keys, shown_verdicts(keys)))
    wanted = CaseStatus.IN_REVIEW if is_asked else CaseStatus.OPEN
    fresh = Case.objects.locked(case.pk)
    if fresh.status != wanted:
        act = "review begun" if is_asked else "review ended"
        change_record(fresh, by=by, version=fresh.version, changes={"status": wanted}, act=act)


# --- Answering ----------------------------------------------------------------------------------------------------


def give_verdict(review: Review, *, by: Any, claim: Claim, verdict: str, remark: str = "", seen: str = "") -> Verdict:
    """Approve a claim as it stands, or request changes with a remark that says which.

    `seen` is the digest of how the claim stood when the reviewer read it: what changed since has not been reviewed.

    Raises:
        NotAllowed: they may read the case, but are no editor or lead of it.
        SelfReview: they are an author of the claim.
        Refused: the case is closed, the claim is not waiting for their verdict in this review, it changed while they
            read it, or changes are requested without a remark.
        ValidationError: there is no such verdict.
    """
    with audit.unit():
        case = writable(review.case, by=by, act=Act.REVIEW)
        require_in(case, review, claim)
        _refuse_fallen(claim)
        earlier = _refuse_unasked(review, claim, by)
        if by.pk in authors_of_claim(claim):
            raise SelfReview(claim)
        basis = bases_to_review(Claim.objects.visible_to(by).filter(pk=claim.pk), by)[claim.pk]
        _refuse_changed_meanwhile(claim, basis, seen)
        if verdict == VerdictKind.CHANGES_REQUESTED and not remark.strip():
            raise Refused(_("Say what is to be changed: the remark goes to the authors."), field="remark")
        record = Verdict(
            case=case,
            review=review,
            claim=claim,
            claim_version=basis.version,
            basis=basis.plain(),
            is_sealed=review.is_blind,
            **cleaned(Verdict, {"verdict": verdict, "remark": remark.strip()}),
        )
        given: Verdict = add_record(record, by=by, act="sealed" if review.is_blind else str(verdict))
        if review.is_blind and earlier:
            _unseal([*earlier, given], by=by)
        fit_status(case, by=by)
    return given


def _refuse_unasked(review: Review, claim: Claim, by: Any) -> list[Verdict]:
    """Return the verdicts given in this review so far, sealed ones among them.

    Raises:
        Refused: the claim is not part of the review, or waits for no verdict of this person's any more.
    """
    if not review.claims.filter(pk=claim.pk).exists():
        raise Refused(_("%(label)s is not part of this review.") % {"label": claim.label}, field="claim")
    given = list(Verdict.objects.current().filter(review=review, claim=claim).select_related("created_by"))
    if any(one.created_by_id == by.pk for one in given):
        raise Refused(_("Your verdict on %(label)s is in already.") % {"label": claim.label}, field="claim")
    if len(given) >= review.verdicts_wanted:
        raise Refused(_("%(label)s was reviewed already.") % {"label": claim.label}, field="claim")
    return given


def _refuse_changed_meanwhile(claim: Claim, basis: Basis, seen: str) -> None:
    if seen and seen != basis.digest:
        words = _("%(label)s was changed while you read it: look at it again before you say anything of it.")
        raise Refused(words % {"label": claim.label})


def _unseal(verdicts: Iterable[Verdict], *, by: Any) -> None:
    """Show both verdicts on a claim at once; only now does its history tell of them."""
    for verdict in verdicts:
        save_changes(verdict, version=verdict.version, changes={"is_sealed": False})
        audit.record(
            by=by,
            act="shown",
            kind=verdict._meta.label_lower,
            record_id=verdict.pk,
            compartments=compartments_of(verdict),
            changes={
                "created_by": (None, str(verdict.created_by_id)),
                "verdict": (None, verdict.verdict),
                "remark": (None, verdict.remark),
            },
        )


def give_verdicts(
    review: Review, *, by: Any, given: Mapping[Claim, tuple[str, str]], seen: Mapping[uuid.UUID, str] | None = None
) -> list[Verdict]:
    """Give verdicts on several claims of a review, each as (verdict, remark): all of them or none.

    Raises:
        Refused: as for one of them; or none is given.
    """
    if not given:
        raise Refused(_("Give a verdict on at least one claim."))
    known = seen or {}
    with audit.unit():
        return [
            give_verdict(review, by=by, claim=claim, verdict=verdict, remark=remark, seen=known.get(claim.pk, ""))
            for claim, (verdict, remark) in given.items()
        ]


def withdraw_verdict(verdict: Verdict, *, by: Any, reason: str, version: int | None = None) -> None:
    """Take back one's own verdict with a reason; the claim waits for another one then.

    Raises:
        Refused: it is somebody else's; or it is one of two blind ones that were shown, of which neither is blind again.
    """
    with audit.unit():
        if verdict.created_by_id != by.pk:
            raise Refused(_("Only its reviewer takes back a verdict."))
        if verdict.review.is_blind and not verdict.is_sealed:
            raise Refused(_("Both verdicts were shown: ask for a new review instead."))
        void_in_case(verdict, by=by, reason=reason, version=version)
        fit_status(Case.objects.locked(verdict.case_id), by=by)


def answer_remark(verdict: Verdict, *, by: Any, answer: str, version: int) -> dict[str, tuple[Any, Any]]:
    """Answer what a reviewer asked to be changed: what was done about it, or why nothing was.

    Raises:
        Refused: the case is closed, there is no remark to answer, nothing is said, or they are no author of the claim.
        StaleVersion: somebody else answered it first.
    """
    said = answer.strip()
    if not said:
        raise Refused(_("Say what was done about it, or why nothing was."), field="answer")
    with audit.unit():
        case = writable(verdict.case, by=by)
        require_in(case, verdict.claim)
        refuse_voided(verdict)
        if verdict.verdict != VerdictKind.CHANGES_REQUESTED or verdict.is_sealed:
            raise Refused(_("There is no remark to answer."))
        if by.pk == verdict.created_by_id or by.pk not in authors_of_claim(verdict.claim):
            raise Refused(_("The authors of %(label)s answer this.") % {"label": verdict.claim.label})
        changes = {"answer": said, "answered_at": timezone.now(), "answered_by_id": by.pk}
        return change_record(
            verdict, by=by, version=version, changes={**changes, **cleaned(Verdict, {"answer": said})}, act="answered"
        )
