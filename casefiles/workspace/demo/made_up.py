"""Keeping made-up records out of an installation that holds somebody's work: nothing is ever removed again."""

from django.conf import settings
from django.core.management import CommandError

from casefiles.cases.models import Case

# How the cases begin that these commands make themselves.
TITLES = ("Made-up case", "title canary")


def refuse_where_people_work() -> None:
    """Return in the demo, in tests, and where no case but made-up ones is held.

    Raises:
        CommandError: the installation holds a case of somebody's.
    """
    if settings.IS_LOCAL:
        return
    rows = Case._base_manager.all()
    for title in TITLES:
        rows = rows.exclude(title__startswith=title)
    if rows.exists():
        raise CommandError("This installation holds cases: made-up records could never be removed from it again.")
