"""Tasks that the installation itself opens: somebody must see to a file that failed its check."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record
from casefiles.access.models import Membership
from casefiles.access.rules import Role
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import next_number
from casefiles.cases.models import Case, Exhibit, Task, TaskStatus
from casefiles.core.filestore import Verdict
from casefiles.evidence.selectors import Damage

# What follows from each damage, as far as a case's team is concerned.
SAID: dict[str, Any] = {
    Verdict.MISSING: lambda: _("It is missing."),
    Verdict.UNREADABLE: lambda: _("It cannot be read."),
}


def open_damage_tasks(damages: Iterable[Damage]) -> list[Task]:
    """Open one task for each damaged file in each open case that holds its item, given to a lead of the case.

    Nobody's act: it asks for no right, and a closed case, which refuses every change, gets none. While a task about the
    file is open in the case, no second one is added.
    """
    opened: list[Task] = []
    for damage in damages:
        exhibits = Exhibit.objects.current().filter(item=damage.file.item_id, case__voided_at__isnull=True)
        for exhibit in exhibits.select_related("case", "item").order_by("case_id"):
            if exhibit.case.is_writable:
                opened += _open(exhibit, damage)
    return opened


def _open(exhibit: Exhibit, damage: Damage) -> list[Task]:
    with audit.unit():
        case: Case = Case.objects.locked(exhibit.case_id)
        mark = str(damage.file.pk)
        asked = Task.objects.current().filter(case=case, status=TaskStatus.OPEN, body__contains=mark)
        if not case.is_writable or asked.exists():
            return []
        task = Task(
            case=case,
            number=next_number(case, "last_task"),
            title=_("%(label)s: a file failed its check") % {"label": exhibit.label},
            body=_body(damage),
            assignee=_lead_of(case),
        )
        return [add_record(task, by=None)]


def _body(damage: Damage) -> str:
    said = SAID.get(damage.verdict, lambda: _("What is held is not what was received."))
    text = _(
        "The file “%(name)s” (%(id)s) of “%(item)s” failed its check on %(at)s (UTC). %(said)s It is not given out. "
        "Ask the administrator whether a backup holds the right bytes, and say in the case what rests on it until then."
    )
    return text % {
        "name": damage.file,
        "id": damage.file.pk,
        "item": damage.file.item,
        "at": f"{damage.failed_at:%Y-%m-%d %H:%M}",
        "said": said(),
    }


def _lead_of(case: Case) -> Any:
    """Return the account that leads a case the longest and is active; None where none is."""
    leads = Membership.objects.filter(compartment=case.compartment_id, role=Role.LEAD, user__is_active=True)
    first = leads.select_related("user").order_by("created_at", "pk").first()
    return first.user if first else None
