"""What is still to be done in a case."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record
from casefiles.access.models import Membership
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import next_number, writable
from casefiles.cases.models import Case, Task, TaskStatus
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused


def add_task(
    case: Case,
    *,
    by: Any,
    title: str,
    body: str = "",
    assignee: Any = None,
    due_on: datetime.date | None = None,
) -> Task:
    """Add a task under the case's next number.

    Raises:
        Refused: the case is closed, or the assignee is not in its team.
    """
    with audit.unit():
        case = writable(case, by=by)
        _require_in_team(case, assignee)
        number = next_number(case, "last_task")
        words = cleaned(Task, {"title": title, "body": body})
        task = Task(case=case, number=number, assignee=assignee, due_on=due_on, **words)
        return add_record(task, by=by)


def _require_in_team(case: Case, assignee: Any) -> None:
    if assignee is None:
        return
    if not Membership.objects.filter(compartment=case.compartment_id, user=assignee, user__is_active=True).exists():
        raise Refused(_("Only somebody in the case's team can be given a task."), field="assignee")


def change_task(task: Task, *, by: Any, version: int, **changes: Any) -> dict[str, tuple[Any, Any]]:
    """Change a task's words, assignee, date or status."""
    with audit.unit():
        case = writable(task.case, by=by)
        _require_in_team(case, changes.get("assignee"))
        return change_record(task, by=by, version=version, changes=cleaned(Task, changes))


def finish_task(task: Task, *, by: Any, version: int | None = None) -> dict[str, tuple[Any, Any]]:
    """Mark a task as done."""
    return _set_status(task, TaskStatus.DONE, by=by, version=version, act="finished")


def reopen_task(task: Task, *, by: Any, version: int | None = None) -> dict[str, tuple[Any, Any]]:
    """Open a finished or dropped task again."""
    return _set_status(task, TaskStatus.OPEN, by=by, version=version, act="reopened")


def _set_status(
    task: Task, status: TaskStatus, *, by: Any, version: int | None, act: str
) -> dict[str, tuple[Any, Any]]:
    with audit.unit():
        writable(task.case, by=by)
        at = task.version if version is None else version
        return change_record(task, by=by, version=at, changes={"status": status}, act=act)
