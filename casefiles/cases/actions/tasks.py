"""What is still to be done in a case."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record
from casefiles.access.models import Membership
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import next_number, require_in, writable
from casefiles.cases.checklists import STEP_AT_MOST, STEPS_AT_MOST, NotAChecklist, read, ticked, written
from casefiles.cases.models import Case, Task, TaskStatus
from casefiles.cases.selectors.naming import NAMEABLE
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
    checklist: str = "",
    about: Any = None,
    origin: str = "",
) -> Task:
    """Add a task under the case's next number; `about` is a record of the case, the checklist has one step a line.

    `origin` names the entry of the template that it is made from.

    Raises:
        Refused: the case is closed, the assignee is not in its team, the record is of another case or was taken out, or
            the checklist is too long.
    """
    with audit.unit():
        case = writable(case, by=by)
        require_in_team(case, assignee)
        number = next_number(case, "last_task")
        words = cleaned(Task, {"title": title, "body": body, "checklist": _as_kept(checklist), "origin": origin})
        task = Task(case=case, number=number, assignee=assignee, due_on=due_on, **words, **_named(case, about))
        return add_record(task, by=by)


def _named(case: Case, about: Any) -> dict[str, Any]:
    if about is None or about == case:
        return {}
    if about._meta.label_lower not in NAMEABLE:
        raise Refused(_("A task is about a record of its case."), field="about")
    require_in(case, about)
    return {"about_kind": about._meta.label_lower, "about_id": about.pk}


def _as_kept(checklist: str) -> str:
    try:
        return written(read(checklist))
    except NotAChecklist as error:
        if error.step is None:
            words = _("That are more than %(most)d steps: make two tasks of it.") % {"most": STEPS_AT_MOST}
        else:
            words = _("Step %(number)d is longer than %(most)d characters: put the rest into the details.") % {
                "number": error.step,
                "most": STEP_AT_MOST,
            }
        raise Refused(words, field="checklist") from error


def require_in_team(case: Case, assignee: Any, *, field: str = "assignee") -> None:
    """Refuse to give anything to somebody who is not in the case's team, or cannot sign in; None is nobody."""
    if assignee is None:
        return
    if not Membership.objects.filter(compartment=case.compartment_id, user=assignee, user__is_active=True).exists():
        raise Refused(_("Only somebody in the case's team can be given a task."), field=field)


def change_task(task: Task, *, by: Any, version: int, **changes: Any) -> dict[str, tuple[Any, Any]]:
    """Change a task's words, assignee, date, checklist or status."""
    with audit.unit():
        case = writable(task.case, by=by)
        require_in_team(case, changes.get("assignee"))
        if "checklist" in changes:
            changes["checklist"] = _as_kept(changes["checklist"])
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


def tick_step(task: Task, *, by: Any, text: str, is_done: bool) -> Task:
    """Mark a step of the checklist, named by its words, as done or as open again.

    Raises:
        Refused: the case is closed, or no such step is left: somebody changed the checklist meanwhile.
    """
    with audit.unit():
        writable(task.case, by=by)
        task = Task._base_manager.select_related("case__compartment").get(pk=task.pk)
        steps = ticked(task.steps, text, is_done=is_done)
        if steps is None:
            raise Refused(_("Somebody changed this checklist meanwhile: look at it again."))
        changes = {"checklist": written(steps)}
        act = "ticked" if is_done else "unticked"
        change_record(task, by=by, version=task.version, changes=changes, act=act, note=text)
        return task
