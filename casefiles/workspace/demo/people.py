"""The demo's people: one account for each role, and one on no case. They stand for roles and for nobody who exists."""

from typing import Any

from casefiles.accounts import actions as accounts
from casefiles.accounts.models import User
from casefiles.workspace.demo.loading import Team

PEOPLE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("lead", "Lead", {"may_open_cases": True, "is_staff": True, "is_superuser": True}),
    ("researcher", "Researcher", {"may_open_cases": True, "is_staff": True}),
    ("editor", "Editor", {"may_open_cases": True, "is_staff": True}),
    ("viewer", "Viewer", {}),
    ("outsider", "Outsider", {}),
)


def add_people(*, password: str) -> Team:
    """Add the accounts that are missing and return those who build the case."""
    for username, display_name, flags in PEOPLE:
        if not User.objects.filter(username=username).exists():
            user = accounts.add_user(username=username, password=password, by=None, display_name=display_name)
            User.objects.filter(pk=user.pk).update(**flags)
    named = {user.username: user for user in User.objects.all()}
    return Team(lead=named["lead"], researcher=named["researcher"], editor=named["editor"])


def set_password(password: str) -> None:
    """Give every demo account this password."""
    for username, _name, _flags in PEOPLE:
        user = User.objects.get(username=username)
        if not user.check_password(password):
            accounts.change_password(user, password=password, by=user)
