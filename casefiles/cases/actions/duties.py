"""Which duties a case considers, and what its claims show of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, refuse_voided
from casefiles.access.circles import Circle
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import bring_into, require_in, void_in_case, writable
from casefiles.cases.duties import may_be_found
from casefiles.cases.models import Case, Claim, Duty, ElementFinding, Finding, Outcome
from casefiles.core.cleaning import cleaned
from casefiles.core.countries import COUNTRY_NAMES
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.assertions import assert_record
from casefiles.registry.models import Organisation
from casefiles.sanctions.models import DutyBearer, Element, Provision


def add_duty(
    case: Case, *, by: Any, provision: Provision, country: str = "", organisation: Organisation | None = None
) -> Duty:
    """Let the case consider whether a provision bound a State, or an operator.

    Raises:
        Refused: the case is closed, the provision was voided or is considered already for the same bearer, or the
            bearer is not of the kind that the provision binds.
    """
    with audit.unit():
        case = writable(case, by=by)
        refuse_voided(provision)
        refuse_voided(provision.instrument)
        _refuse_another_kind(provision, country=country, organisation=organisation)
        bring_into(case, [organisation], by=by)
        duty = Duty(case=case, provision=provision, country=country, organisation=organisation)
        _refuse_twice(duty)
        return add_record(duty, by=by)


def remove_duty(duty: Duty, *, by: Any, reason: str, version: int | None = None) -> None:
    """Take a duty out of the case with a reason; its findings stay with it, unread."""
    void_in_case(duty, by=by, reason=reason, version=version)


def add_finding(
    duty: Duty,
    *,
    by: Any,
    element: Element,
    finding: str = Finding.UNKNOWN,
    claims: Iterable[Claim] = (),
    note: str = "",
) -> ElementFinding:
    """Say what the case's claims show of an element: met, not met, disputed or unknown.

    Raises:
        Refused: the case is closed, the element is not one of the duty's or was found on already, a claim is not the
            case's or no longer stands, or no claim is cited for anything but unknown.
        ValidationError: there is no such finding.
    """
    with audit.unit():
        case = writable(duty.case, by=by)
        require_in(case, duty)
        _refuse_other_elements(duty, element)
        cited = _standing_claims(case, claims)
        _refuse_uncited(finding, cited)
        record = ElementFinding(
            case=case,
            duty=duty,
            element=element,
            element_text=element.text,
            finding=finding,
            claim_count=len(cited),
            **cleaned(ElementFinding, {"note": note}),
        )
        saved: ElementFinding = assert_record(record, by=by, circle=Circle.of_case(case))
        saved.claims.set(cited)
        _record_claims(saved, cited, by=by)
        return saved


def change_finding(
    record: ElementFinding, *, by: Any, version: int, claims: Iterable[Claim] | None = None, **changes: Any
) -> dict[str, tuple[Any, Any]]:
    """Change a finding, its note, or the claims cited for it; it is then about the element as that reads now.

    Raises:
        Refused: as for adding; or the finding was voided.
        StaleVersion: somebody else changed it first.
    """
    with audit.unit():
        case = writable(record.case, by=by)
        require_in(case, record.duty)
        held = list(record.claims.all())
        cited = held if claims is None else _standing_claims(case, claims)
        _refuse_uncited(changes.get("finding", record.finding), cited)
        columns = {"claim_count": len(cited), "element_text": record.element.text}
        before, after = _keys(held), _keys(cited)
        changed = change_record(
            record,
            by=by,
            version=version,
            changes={**cleaned(ElementFinding, changes), **columns},
            beside={"claims": (before, after)} if before != after else {},
        )
        record.claims.set(cited)
        return changed


def _refuse_another_kind(provision: Provision, *, country: str, organisation: Organisation | None) -> None:
    """Refuse a company where States are bound, a State where operators are, and both or neither of them."""
    if country and country not in COUNTRY_NAMES:
        raise Refused(_("There is no country with the code “%(code)s”.") % {"code": country}, field="country")
    if provision.bearer == DutyBearer.OPERATORS:
        if country or organisation is None:
            raise Refused(_("This provision binds operators: name one organisation."), field="organisation")
    elif organisation is not None or not country:
        raise Refused(_("This provision binds States: choose one."), field="country")


def _refuse_twice(duty: Duty) -> None:
    same = {"provision": duty.provision, "country": duty.country, "organisation": duty.organisation}
    if Duty.objects.current().filter(case=duty.case, **same).exists():
        raise Refused(
            _("The case considers this provision for %(name)s already.") % {"name": duty.bearer_name}, field="provision"
        )


def _refuse_other_elements(duty: Duty, element: Element) -> None:
    if element.provision_id != duty.provision_id:
        raise Refused(_("This is no element of the provision."), field="element")
    refuse_voided(element)
    if ElementFinding._base_manager.filter(duty=duty, element=element).exists():
        raise Refused(_("There is a finding on this element already: change that one, or restore it."), field="element")


def _standing_claims(case: Case, claims: Iterable[Claim]) -> list[Claim]:
    """Return the claims once each, by number.

    Raises:
        Refused: one is of another case, was taken out, or is withdrawn or refuted.
    """
    distinct = sorted({claim.pk: claim for claim in claims}.values(), key=lambda claim: claim.number)
    require_in(case, *distinct)
    fallen = [claim for claim in distinct if claim.outcome != Outcome.HELD]
    if fallen:
        raise Refused(
            _("%(label)s is %(outcome)s: it carries no finding.")
            % {"label": fallen[0].label, "outcome": fallen[0].get_outcome_display()},
            field="claims",
        )
    return distinct


def _refuse_uncited(finding: str, claims: Sequence[Claim]) -> None:
    if not may_be_found(finding, claim_count=len(claims)):
        raise Refused(_("Without a cited claim a finding can only be unknown: choose the claims."), field="claims")


def _keys(claims: Iterable[Claim]) -> list[str]:
    return sorted(str(claim.pk) for claim in claims)


def _record_claims(record: ElementFinding, claims: Sequence[Claim], *, by: Any) -> None:
    if not claims:
        return
    audit.record(
        by=by,
        act="claims cited",
        kind=record._meta.label_lower,
        record_id=record.pk,
        compartments=[record.case.compartment_id],
        changes={"claims": (None, _keys(claims))},
    )
