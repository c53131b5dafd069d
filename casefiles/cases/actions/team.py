"""Who is on a case. Names are never suggested: a lead types the user name of somebody they know."""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import remove_member as leave_circle
from casefiles.access.actions import require, set_role, set_unmasking
from casefiles.access.models import Membership
from casefiles.access.rules import Act
from casefiles.accounts.models import User
from casefiles.audit import actions as audit
from casefiles.cases.models import Case
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


def remove_member(case: Case, *, by: Any, member: Membership) -> None:
    """Take somebody out of the team; it takes effect at their next request.

    Raises:
        Refused: they are the last lead.
    """
    with audit.unit():
        require(by, Act.MANAGE, case)
        _require_on(case, member)
        leave_circle(compartment=case.compartment, user=member.user, by=by)


def _require_on(case: Case, member: Membership) -> None:
    if member.compartment_id != case.compartment_id:
        raise Refused(_("This person is not in the case's team."))
