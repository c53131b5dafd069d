"""When somebody last gave their password, and who must have a second factor (R31, M18)."""

from collections.abc import MutableMapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from casefiles.accounts.factors import has_second_factor
from casefiles.accounts.models import User

FRESH_FOR_S = 10 * 60
PROVED_AT, HAS_FACTOR = "proved_at", "has_second_factor"


def is_fresh(session: MutableMapping[str, Any]) -> bool:
    """Say whether the password of this session was given within ten minutes, on signing in or since."""
    proved = max(session.get("signed_in_at", 0), session.get(PROVED_AT, 0))
    return 0 <= timezone.now().timestamp() - proved <= FRESH_FOR_S


def note_password(session: MutableMapping[str, Any]) -> None:
    session[PROVED_AT] = timezone.now().timestamp()


def note_second_factor(session: MutableMapping[str, Any]) -> None:
    session[HAS_FACTOR] = True


def forget_second_factor(session: MutableMapping[str, Any]) -> None:
    session.pop(HAS_FACTOR, None)


def needs_second_factor(user: User) -> bool:
    """Say whether this installation lets somebody with such powers in only with a second factor."""
    asked = settings.SECOND_FACTOR_REQUIRED_OF
    if "everyone" in asked:
        return True
    administers = user.is_staff or user.is_superuser or user.may_manage_accounts
    return ("administrators" in asked and administers) or ("leads" in asked and user.may_open_cases)


def lacks_second_factor(user: User, session: MutableMapping[str, Any]) -> bool:
    """Say whether somebody must add a second factor first. A session that passed one is not asked again."""
    if not settings.SECOND_FACTOR_REQUIRED_OF or session.get(HAS_FACTOR) or not needs_second_factor(user):
        return False
    if not has_second_factor(user):
        return True
    note_second_factor(session)
    return False
