"""Every change to an account."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.accounts.models import User
from casefiles.audit import actions as audit
from casefiles.core.refusals import Refused

# What only a superuser gives or takes, and what nobody changes on their own account.
POWERS = ("is_staff", "is_superuser", "may_manage_accounts")
FLAGS = ("is_active", "may_open_cases", "may_verify", *POWERS)
CHANGEABLE = frozenset({"display_name", "email", *FLAGS})


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


def manages_accounts(user: User) -> bool:
    """Say whether somebody manages other people's accounts at all."""
    return user.is_active and user.is_staff and (user.may_manage_accounts or user.is_superuser)


def may_manage(manager: User, user: User) -> bool:
    """Say whether `manager` may change an account: who manages accounts may, but that of staff only a superuser.

    Opening the admin is not enough: whoever sets a colleague's password could sign in as them.
    """
    if not manages_accounts(manager):
        return False
    return manager.is_superuser or manager.pk == user.pk or not (user.is_staff or user.is_superuser)


def change_user(user: User, *, by: User, password: str = "", **changes: Any) -> dict[str, tuple[Any, Any]]:
    """Change an account's name, address, flags or password; new flags and passwords end its sessions.

    Raises:
        Refused: `by` may not manage this account, would give powers without being a superuser, or changes own flags.
        ValidationError: a field or the password does not hold.
    """
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise TypeError(f"Not changed this way: {', '.join(sorted(unknown))}.")
    with audit.unit():
        current = User.objects.select_for_update().get(pk=user.pk)
        differing = {name: value for name, value in changes.items() if getattr(current, name) != value}
        _refuse_unmanaged(current, differing, by=by)
        changed = _save(current, differing, by=by)
        if password:
            change_password(current, password=password, by=by)
    user.refresh_from_db()
    return changed


def _refuse_unmanaged(user: User, changes: dict[str, Any], *, by: User) -> None:
    if not may_manage(by, user):
        raise Refused(_("Only a superuser changes the account of somebody who administers."))
    power = next((name for name in POWERS if name in changes), None)
    if power and not by.is_superuser:
        raise Refused(_("Only a superuser gives or takes this."), field=power)
    flag = next((name for name in FLAGS if name in changes), None)
    if flag and by.pk == user.pk:
        raise Refused(_("Nobody changes this on their own account: ask somebody else."), field=flag)


def _save(user: User, changes: dict[str, Any], *, by: User) -> dict[str, tuple[Any, Any]]:
    if not changes:
        return {}
    changed = {name: (getattr(user, name), value) for name, value in changes.items()}
    for name, value in changes.items():
        setattr(user, name, value)
    user.full_clean()
    user.save(update_fields=list(changes))
    if set(changes) & set(FLAGS):
        end_sessions(user)
    audit.record(by=by, act="changed", kind="accounts.user", record_id=user.pk, changes=changed)
    return changed


def active_user_named(username: str) -> User | None:
    """Return the account with exactly this user name, where it is active."""
    return User.objects.filter(username=username.strip(), is_active=True).first()


def end_sessions(user: User) -> int:
    """Delete every session of an account and return how many there were."""
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
            ended += 1
    return ended
