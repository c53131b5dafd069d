"""Every change to an account."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils import timezone

from casefiles.accounts.models import User
from casefiles.audit import actions as audit


def add_user(
    *,
    username: str,
    password: str,
    by: User | None,
    display_name: str = "",
    email: str = "",
    may_open_cases: bool = False,
) -> User:
    """Create an account.

    Raises:
        ValidationError: the user name is taken in any spelling of case, or the password is too weak.
    """
    user = User(username=username, display_name=display_name, email=email, may_open_cases=may_open_cases)
    if User.objects.filter(username__iexact=username).exists():
        raise ValidationError({"username": "This user name is taken."})
    validate_password(password, user)
    user.set_password(password)
    with audit.unit():
        user.full_clean()
        user.save(force_insert=True)
        changes = {"username": (None, username), "display_name": (None, display_name)}
        audit.record(by=by, act="added", kind="accounts.user", record_id=user.pk, changes=changes)
    return user


def change_password(user: User, *, password: str, by: User) -> None:
    """Set a new password and end every session of the account."""
    validate_password(password, user)
    with audit.unit():
        user.set_password(password)
        user.save(update_fields=["password"])
        end_sessions(user)
        audit.record(by=by, act="password changed", kind="accounts.user", record_id=user.pk)


def set_active(user: User, *, is_active: bool, by: User) -> None:
    """Disable an account and end its sessions, or enable it again."""
    with audit.unit():
        old = user.is_active
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        if not is_active:
            end_sessions(user)
        changes: dict[str, tuple[Any, Any]] = {"is_active": (old, is_active)}
        audit.record(
            by=by, act="enabled" if is_active else "disabled", kind="accounts.user", record_id=user.pk, changes=changes
        )


def end_sessions(user: User) -> int:
    """Delete every session of an account and return how many there were."""
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
            ended += 1
    return ended
