"""What templates hold for a case, and the claims that are still to be written."""

from collections.abc import Mapping
from typing import Any

from casefiles.cases.case_templates import NOTHING, BoundState, CaseTemplate, Held, Plan, plan, templates
from casefiles.cases.models import Case, Duty, PlannedClaim, Task
from casefiles.cases.querysets import PlannedClaimQuerySet
from casefiles.sanctions.models import Provision

States = Mapping[BoundState, str]


def plan_for(case: Case | None, template: CaseTemplate, user: Any, *, states: States) -> Plan:
    """Return what using a template would do in a case, or in a new one."""
    return _plans(case, [template], user, states)[0]


def plans_for(case: Case | None, user: Any, *, states: States) -> list[Plan]:
    """Return the same of every template; as many queries as for one."""
    return _plans(case, list(templates().values()), user, states)


def _plans(case: Case | None, wanted: list[CaseTemplate], user: Any, states: States) -> list[Plan]:
    held, provisions = _held(case, user) if case else NOTHING, _provisions(wanted, user)
    return [plan(template, held, provisions=provisions, states=states) for template in wanted]


def _held(case: Case, user: Any) -> Held:
    tasks, claims = _origins(Task, case, user), _origins(PlannedClaim, case, user)
    duties: dict[tuple[Any, str], bool] = {}
    for duty in Duty.objects.visible_to(user).filter(case=case).select_related("provision"):
        # One that was taken out and added again is there.
        name = (duty.provision, duty.country)
        duties[name] = duties.get(name, False) or duty.voided_at is None
    return Held(tasks=tasks, claims=claims, duties=duties)


def _origins(model: Any, case: Case, user: Any) -> dict[str, bool]:
    rows = model.objects.visible_to(user).filter(case=case).exclude(origin="").order_by()
    return {origin: voided_at is None for origin, voided_at in rows.values_list("origin", "voided_at")}


def _provisions(wanted: list[CaseTemplate], user: Any) -> dict[tuple[str, str], Provision]:
    symbols = {entry.instrument for template in wanted for entry in template.duties}
    rows = Provision.objects.visible_to(user).standing().named().filter(instrument__key__in=symbols)
    return {(row.instrument.key, row.title): row for row in rows.order_by("-created_at", "pk")}


def planned_claims(case: Case, user: Any) -> PlannedClaimQuerySet:
    """Return the claims that are still to be written, in the order in which they were planned."""
    rows: PlannedClaimQuerySet = PlannedClaim.objects.visible_to(user).current().filter(case=case).unwritten()
    return rows.order_by("created_at", "pk")
