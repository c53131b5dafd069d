"""A plan is what somebody saw in a dry run: one file, one person, one kind of record, carried out at most once."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils import timezone

LIFETIME_SECONDS = 3_600


@dataclass(frozen=True)
class Plan:
    content: bytes
    sha256: str
    name: str
    format: int
    user_id: str
    kind: str
    made_at: str


def _key(token: str, user: Any) -> str:
    return f"import-plan:{user.pk}:{hashlib.sha256(token.encode()).hexdigest()}"


def keep(*, content: bytes, name: str, format: int, kind: str, user: Any) -> str:
    """Keep a plan for an hour and return its token."""
    token = secrets.token_urlsafe(32)
    plan = {
        "content": content,
        "sha256": hashlib.sha256(content).hexdigest(),
        "name": name,
        "format": format,
        "user_id": str(user.pk),
        "kind": kind,
        "made_at": timezone.now().isoformat(),
    }
    cache.set(_key(token, user), plan, timeout=LIFETIME_SECONDS)
    return token


def take(token: str, *, kind: str, user: Any) -> Plan | None:
    """Return the plan and remove it, in the caller's transaction; None where there is none for this person and kind.

    Of two that take one plan, the row's removal lets one through. Where the transaction fails, the plan is there again.
    """
    found = cache.get(_key(token, user))
    if not found or found["kind"] != kind or found["user_id"] != str(user.pk):
        return None
    plan = Plan(**found)
    if hashlib.sha256(plan.content).hexdigest() != plan.sha256:
        return None
    return plan if cache.delete(_key(token, user)) else None
