"""Beginning a case from a template: tasks, duties and claims to be written, all or none of them."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record
from casefiles.audit import actions as audit
from casefiles.cases.actions.cases import open_case
from casefiles.cases.actions.claims import add_claim
from casefiles.cases.actions.duties import add_duty
from casefiles.cases.actions.guards import require_in, writable
from casefiles.cases.actions.tasks import add_task
from casefiles.cases.case_templates import BoundState, CaseTemplate, Plan
from casefiles.cases.models import Case, Claim, PlannedClaim
from casefiles.cases.selectors.planned import plan_for
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused

States = Mapping[BoundState, str]


def open_case_from(template: CaseTemplate | None, *, by: Any, states: States, **values: Any) -> Case:
    """Open a case and use a template in it, in one step; without one it is opened empty.

    Raises:
        NotAllowed, ValidationError: as for opening a case.
    """
    with audit.unit():
        case = open_case(by=by, **values)
        if template is not None:
            use_template(case, template, by=by, states=states)
        return case


def use_template(case: Case, template: CaseTemplate, *, by: Any, states: States) -> Plan:
    """Add what the case lacks of a template, and return what became of each entry.

    What was made from an entry before is not made again, also where it was reworded or taken out. `states` says which
    States are bound, by what they are: a duty without its State is left out.

    Raises:
        Refused: the case is closed.
    """
    with audit.unit():
        # Behind the case's lock: two who use it at once make everything once.
        case = writable(case, by=by)
        plan = plan_for(case, template, by, states=states)
        _add_tasks(case, plan, by=by)
        for duty in plan.duties:
            if duty.is_added:
                add_duty(case, by=by, provision=duty.provision, country=duty.country)
        for claim in plan.claims:
            if claim.is_added:
                plan_claim(case, by=by, asks=claim.entry.asks, origin=template.origin(claim.entry.key))
        if plan.adds_something:
            _record(case, template, by=by)
        return plan


def _add_tasks(case: Case, plan: Plan, *, by: Any) -> None:
    today = timezone.now().date()
    for line in plan.tasks:
        if line.is_added:
            add_task(
                case,
                by=by,
                title=line.entry.title,
                due_on=line.entry.due_on(today),
                checklist=line.entry.checklist,
                origin=plan.template.origin(line.entry.key),
            )


def _record(case: Case, template: CaseTemplate, *, by: Any) -> None:
    audit.record(
        by=by,
        act="template used",
        kind=case._meta.label_lower,
        record_id=case.pk,
        compartments=[case.compartment_id],
        changes={"template": (None, template.key)},
        note=template.name,
    )


def plan_claim(case: Case, *, by: Any, asks: str, origin: str = "") -> PlannedClaim:
    """Note what a claim of the case is to say, for somebody to write it.

    Raises:
        Refused: the case is closed.
        ValidationError: nothing was written, or too much.
    """
    with audit.unit():
        case = writable(case, by=by)
        words = cleaned(PlannedClaim, {"asks": asks})
        return add_record(PlannedClaim(case=case, origin=origin, **words), by=by)


def change_planned_claim(planned: PlannedClaim, *, by: Any, version: int, asks: str) -> dict[str, tuple[Any, Any]]:
    """Ask it in other words.

    Raises:
        StaleVersion: somebody else changed it first.
        Refused: the case is closed, or it was taken out.
    """
    with audit.unit():
        writable(planned.case, by=by)
        return change_record(planned, by=by, version=version, changes=cleaned(PlannedClaim, {"asks": asks}))


def write_planned_claim(planned: PlannedClaim, *, by: Any, **values: Any) -> Claim:
    """Add the claim that was to be written; `values` are those of `add_claim`.

    Raises:
        Refused: the case is closed, it was taken out, or somebody wrote it meanwhile.
        ValidationError: a field does not hold.
    """
    with audit.unit():
        case = writable(planned.case, by=by)
        current: PlannedClaim = PlannedClaim._base_manager.select_related("written_as__assertion").get(pk=planned.pk)
        require_in(case, current)
        if current.written_as is not None and not current.written_as.is_voided:
            raise Refused(_("%(label)s was written for this meanwhile.") % {"label": current.written_as.label})
        claim = add_claim(case, by=by, **values)
        change_record(
            current, by=by, version=current.version, changes={"written_as": claim}, act="written", note=claim.label
        )
        return claim
