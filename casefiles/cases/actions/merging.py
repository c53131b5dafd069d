"""Merging two claims that say the same: one stays, the other is voided and points to it; restoring it undoes that."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import change_record
from casefiles.audit import actions as audit
from casefiles.cases.actions.citing import cite_again, void_citation
from casefiles.cases.actions.claims import change_claim, keys_of, void_claim
from casefiles.cases.actions.dependences import add_dependence, restore_dependence, rests_in
from casefiles.cases.actions.guards import require_in, restore_in_case, void_in_case, writable
from casefiles.cases.actions.lookups import change_lookup
from casefiles.cases.actions.reopening import telling_reopened
from casefiles.cases.actions.reviews import fit_status
from casefiles.cases.actions.statements import set_stance
from casefiles.cases.models import Case, Claim, Dependence, ElementFinding, Lookup, Outcome, Stance, Subject
from casefiles.core.refusals import Refused
from casefiles.evidence.models import Citation
from casefiles.evidence.origins import would_cycle

SAME_CITATION = ("item_id", "stance", "locator_kind", "locator", "quote", "about")


def merge_claims(duplicate: Claim, *, by: Any, into: Claim, reason: str, version: int | None = None) -> Claim:
    """Void a claim that says the same as another one, which takes over all on it; return the one that stays.

    Citations, stances, dependences, lookups and subjects are copied where the other has none like them; findings, and
    claims that rest on the duplicate, rest on the other instead. Citations of voided items stay with the duplicate.

    Raises:
        Refused: the case is closed, the two are one or of two cases, one is voided, the other does not stand, a
            statement says different things of the two, or one rests on the other through a third.
        StaleVersion: somebody else changed the duplicate first.
    """
    with audit.unit():
        case = writable(duplicate.case, by=by)
        require_in(case, duplicate, into)
        _refuse_unequal(case, duplicate, into)
        with telling_reopened([into.pk], by=by):
            citations = _take_citations(duplicate, into, by=by)
        taken = {
            "citations": citations,
            "stances": _take_stances(duplicate, into, by=by),
            **_take_dependences(duplicate, into, by=by),
            "findings": _move_findings(
                ElementFinding.objects.current().filter(claims=duplicate), duplicate, into, by=by
            ),
            "lookups": _take_lookups(duplicate, into, by=by),
            "subjects": _take_subjects(duplicate, into, by=by),
            # What a split noted of the duplicate holds again when the merge is taken back.
            "continues": duplicate.taken_over,
        }
        at = duplicate.version if version is None else version
        change_record(duplicate, by=by, version=at, changes={"merged_into": into}, act="merged", note=reason.strip())
        words = _("Merged into %(label)s: %(reason)s") % {"label": into.label, "reason": reason.strip()}
        void_claim(duplicate, by=by, reason=words if reason.strip() else "")
        duplicate.taken_over = taken
        Claim.objects.filter(pk=duplicate.pk).update(taken_over=taken)
    return into


def _refuse_unequal(case: Case, duplicate: Claim, into: Claim) -> None:
    if duplicate.pk == into.pk:
        raise Refused(_("A claim cannot be merged into itself."), field="into")
    if into.outcome != Outcome.HELD:
        raise Refused(
            _("%(label)s is %(outcome)s: merge into a claim that stands.")
            % {"label": into.label, "outcome": into.get_outcome_display()},
            field="into",
        )
    rests = rests_in(case)
    joined = {
        key: [into.pk if one == duplicate.pk else one for one in others]
        for key, others in rests.items()
        if key != duplicate.pk
    }
    both = {*joined.get(into.pk, ()), *rests.get(duplicate.pk, ())} - {into.pk, duplicate.pk}
    if any(would_cycle(into.pk, one, {**joined, into.pk: list(both)}) for one in both):
        raise Refused(
            _("One of the two rests on the other through a third claim: merged they would rest on themselves."),
            field="into",
        )


def _take_citations(duplicate: Claim, into: Claim, *, by: Any) -> list[str]:
    """Return the keys of the citations that were made anew on the claim that stays."""
    rows = Citation.objects.visible_to(by).current().with_items().order_by("created_at", "pk")
    held = {_sameness(citation) for citation in rows.filter(assertion=into.pk)}
    taken = []
    for citation in rows.filter(assertion=duplicate.pk, item__voided_at=None):
        if _sameness(citation) not in held:
            taken.append(cite_again(citation, into, by=by))
    return keys_of(taken)


def _sameness(citation: Citation) -> tuple[Any, ...]:
    return tuple(getattr(citation, name) for name in SAME_CITATION)


def _take_stances(duplicate: Claim, into: Claim, *, by: Any) -> list[str]:
    held = {one.case_statement_id: one for one in Stance.objects.current().filter(claim=into)}
    taken = []
    for stance in Stance.objects.current().filter(claim=duplicate, case_statement__voided_at=None).named():
        other = held.get(stance.case_statement_id)
        if other is None:
            made = set_stance(into, stance.case_statement, by=by, stance=stance.stance, note=stance.note)
            taken.append(made)
        elif other.stance != stance.stance:
            raise Refused(
                _("%(statement)s says different things of the two claims: settle its stance first.")
                % {"statement": stance.case_statement.label},
                field="into",
            )
    return keys_of(taken)


def _take_dependences(duplicate: Claim, into: Claim, *, by: Any) -> dict[str, list[str]]:
    """Let the claim that stays rest on what the duplicate rests on, and what rests on the duplicate rest on it."""
    made, voided = [], []
    for one in duplicate.dependences.current().filter(rests_on__assertion__voided_at=None).named():
        if one.rests_on_id != into.pk and not _is_said(into, one.rests_on):
            made.append(add_dependence(into, by=by, rests_on=one.rests_on, note=one.note))
    for one in duplicate.dependents.current().named():
        reason = _("%(label)s was merged into %(into)s.") % {"label": duplicate.label, "into": into.label}
        void_in_case(one, by=by, reason=reason)
        voided.append(one)
        if one.claim_id != into.pk and not one.claim.is_voided and not _is_said(one.claim, into):
            made.append(add_dependence(one.claim, by=by, rests_on=into, note=one.note))
    return {"dependences": keys_of(made), "dependents": keys_of(voided)}


def _is_said(claim: Claim, rests_on: Claim) -> bool:
    return Dependence.objects.current().filter(claim=claim, rests_on=rests_on).exists()


def _move_findings(findings: Iterable[ElementFinding], old: Claim, new: Claim, *, by: Any) -> list[str]:
    """Let findings that rest on one claim rest on another; whatever else they rest on stays as it is."""
    moved = []
    for finding in findings:
        held = list(finding.claims.all())
        kept = list(
            {(new if one.pk == old.pk else one).pk: (new if one.pk == old.pk else one) for one in held}.values()
        )
        change_record(
            finding,
            by=by,
            version=finding.version,
            changes={"claim_count": len(kept)},
            beside={"claims": (keys_of(held), keys_of(kept))},
        )
        finding.claims.set(kept)
        moved.append(finding)
    return keys_of(moved)


def _take_lookups(duplicate: Claim, into: Claim, *, by: Any) -> list[str]:
    taken = []
    for lookup in Lookup.objects.current().filter(claims=duplicate).exclude(claims=into).order_by("number"):
        change_lookup(lookup, by=by, version=lookup.version, claims=[*lookup.claims.all(), into])
        taken.append(lookup)
    return keys_of(taken)


def _take_subjects(duplicate: Claim, into: Claim, *, by: Any) -> list[str]:
    held = list(into.subjects.all())
    more = list(duplicate.subjects.current().exclude(pk__in=[one.pk for one in held]))
    if more:
        change_claim(into, by=by, version=into.version, subjects=[*held, *more])
    return keys_of(more)


def restore_claim(claim: Claim, *, by: Any, reason: str = "", version: int | None = None) -> None:
    """Take back that a claim was voided; of a duplicate, take from the other one again what it took over.

    Raises:
        Refused: the case is closed.
    """
    with audit.unit():
        restore_in_case(claim, by=by, reason=reason, version=version)
        # A review that named it waits for it again.
        fit_status(claim.case, by=by)
        into = claim.merged_into
        if into is None:
            return
        _give_back(claim, into, by=by)
        current = Claim.objects.get(pk=claim.pk)
        change_record(current, by=by, version=current.version, changes={"merged_into": None}, act="merge taken back")
        Claim.objects.filter(pk=claim.pk).update(taken_over=claim.taken_over.get("continues", {}))


def _give_back(claim: Claim, into: Claim, *, by: Any) -> None:
    taken, reason = claim.taken_over, _("%(label)s was restored.") % {"label": claim.label}
    for citation in Citation.objects.visible_to(by).current().filter(pk__in=taken["citations"]):
        void_citation(citation, case=claim.case, by=by, reason=reason)
    for model, name in ((Stance, "stances"), (Dependence, "dependences")):
        for record in model.objects.current().filter(pk__in=taken[name]):
            void_in_case(record, by=by, reason=reason)
    for dependence in Dependence.objects.filter(pk__in=taken["dependents"], voided_at__isnull=False).named():
        restore_dependence(dependence, by=by)
    findings = ElementFinding.objects.current().filter(pk__in=taken["findings"], claims=into)
    _move_findings(findings, into, claim, by=by)
    for lookup in Lookup.objects.current().filter(pk__in=taken["lookups"]):
        kept = [one for one in lookup.claims.all() if one.pk != into.pk]
        change_lookup(lookup, by=by, version=lookup.version, claims=kept)
    other = Claim.objects.get(pk=into.pk)
    if taken["subjects"] and not other.is_voided:
        kept_subjects = list(Subject.objects.filter(claims=other).exclude(pk__in=taken["subjects"]))
        change_claim(other, by=by, version=other.version, subjects=kept_subjects)
