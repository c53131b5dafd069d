"""How long a session lasts, and whose it is (R31)."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone


def is_over(session: Mapping[str, Any]) -> bool:
    """Say whether a session was idle for too long, or began too long ago."""
    now = timezone.now().timestamp()
    is_idle = now - session.get("seen_at", now) > settings.SESSION_IDLE.total_seconds()
    return is_idle or now - session.get("signed_in_at", now) > settings.SESSION_ABSOLUTE.total_seconds()


def user_of_session(key: str) -> Any | None:
    """Return who is signed in under a session's key; None where it ended, ran out, or its account may not come in."""
    session = SessionStore(key)
    # Whoever changed the password, was disabled or signed out is nobody here as well.
    user = get_user(SimpleNamespace(session=session))  # type: ignore[arg-type]
    return user if user.is_authenticated and user.is_active and not is_over(session) else None
