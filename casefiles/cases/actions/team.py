"""Who is on a case. Names are never suggested: a lead types the user name of somebody they know."""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import change_record, require, set_role, set_unmasking
from casefiles.access.actions import remove_member as leave_circle
from casefiles.access.models import Membership
from casefiles.access.rules import Act
from casefiles.accounts.models import User
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import writable
from casefiles.cases.actions.tasks import require_in_team
from casefiles.cases.models import Case, Task, TaskStatus
from casefiles.core.refusals import Refused


def add_member(case: Case, *, by: Any, username: str, role: str) -> Membership:
    """Add the account with exactly this user name to the case.

    Raises:
        NotAllowed: the person does not lead the case.
        Refused: there is no such active account, or it is in the team already.
    """
    with audit.unit():
        require(by, Act.MANAGE, case)
        user = User.objects.filter(username=username.strip(), is_active=True).first()
        if user is None:
            raise Refused(_("No account has exactly this user name. Ask the person for it."), field="username")
        if Membership.objects.filter(compartment=case.compartment_id, user=user).exists():
            raise Refused(_("%(name)s is in the team already.") % {"name": user}, field="username")
        return set_role(compartment=case.compartment, user=user, role=role, by=by)


def change_role(case: Case, *, by: Any, member: Membership, role: str, may_unmask: bool | None = None) -> Membership:
    """Give somebody in the team another role; the last lead keeps theirs.

    `may_unmask` gives or takes the right to see protected identities of sources, which no role brings; None leaves it.

    Raises:
        Refused: this would leave the case without a lead.
    """
    with audit.unit():
        require(by, Act.MANAGE, case)
        _require_on(case, member)
        changed = set_role(compartment=case.compartment, user=member.user, role=role, by=by)
        if may_unmask is not None:
            changed = set_unmasking(compartment=case.compartment, user=member.user, may_unmask=may_unmask, by=by)
        return changed


def remove_member(case: Case, *, by: Any, member: Membership, successor: Any = None) -> int:
    """Take somebody out of the team; it takes effect at their next request. Return how many open tasks they had.

    Those go to `successor`, and to nobody without one. Everybody may leave by themselves, with the same.

    Raises:
        NotAllowed: it is somebody else, and the person does not lead the case.
        Refused: they are the last lead, or the successor is not in the team.
    """
    with audit.unit():
        require(by, Act.READ if member.user_id == by.pk else Act.MANAGE, case)
        _require_on(case, member)
        moved = _give_tasks(case, member.user, successor, by=by) if case.is_writable else 0
        leave_circle(compartment=case.compartment, user=member.user, by=by)
        return moved


def hand_over(case: Case, *, by: Any, member: Membership, successor: Any) -> int:
    """Give all open tasks of somebody in the team to somebody else in it; return how many those were.

    Raises:
        Refused: the case is closed, it is the same person, they are not in the team, or there is no task to give.
    """
    with audit.unit():
        case = writable(case, by=by)
        _require_on(case, member)
        if not open_tasks_of(case, member.user).exists():
            raise Refused(_("%(name)s has no open task.") % {"name": member.user})
        if successor is None or member.user_id == successor.pk:
            raise Refused(_("Choose somebody else."), field="successor")
        return _give_tasks(case, member.user, successor, by=by)


def _give_tasks(case: Case, user: Any, successor: Any, *, by: Any) -> int:
    """Whoever leaves may give away their own tasks, also where they may not edit."""
    if successor is not None:
        require_in_team(case, successor, field="successor")
    tasks = list(open_tasks_of(case, user))
    for task in tasks:
        change_record(
            task, by=by, version=task.version, changes={"assignee": successor}, act="handed over", needs=Act.READ
        )
    return len(tasks)


def open_tasks_of(case: Case, user: Any) -> Any:
    """Return the open tasks that somebody has in a case, in their order."""
    rows = Task.objects.current().filter(case=case, status=TaskStatus.OPEN, assignee=user)
    return rows.select_related("case__compartment").order_by("number")


def _require_on(case: Case, member: Membership) -> None:
    if member.compartment_id != case.compartment_id:
        raise Refused(_("This person is not in the case's team."))
