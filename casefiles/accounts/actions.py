"""Every change to an account."""

import logging
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.accounts.factors import has_second_factor, matching_step
from casefiles.accounts.models import User
from casefiles.audit import actions as audit
from casefiles.core import sealing
from casefiles.core.refusals import Refused
from casefiles.core.validation import answered_by_the_database

log = logging.getLogger(__name__)

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
        with answered_by_the_database():
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


def change_user(
    user: User, *, by: User, password: str = "", reset_second_factor: bool = False, **changes: Any
) -> dict[str, tuple[Any, Any]]:
    """Change an account's name, address, flags or password, or take its second factor away.

    New flags and passwords, and a second factor that goes, end its sessions.

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
        if reset_second_factor:
            _reset_second_factor(current, by=by)
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
    with answered_by_the_database():
        user.full_clean()
    user.save(update_fields=list(changes))
    if set(changes) & set(FLAGS):
        end_sessions(user)
    audit.record(by=by, act="changed", kind="accounts.user", record_id=user.pk, changes=changed)
    return changed


def active_user_named(username: str) -> User | None:
    """Return the account with exactly this user name, where it is active."""
    return User.objects.filter(username=username.strip(), is_active=True).first()


def end_sessions(user: User, *, keep: str = "") -> int:
    """Delete every session of an account but the one under the key `keep`; return how many there were."""
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=keep).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
            ended += 1
    return ended


def end_other_sessions(user: User, *, keep: str) -> int:
    """End every session of one's own account but this one, and return how many there were."""
    with audit.unit():
        ended = end_sessions(user, keep=keep)
        audit.record(by=user, act="sessions ended", kind="accounts.user", record_id=user.pk)
    return ended


# --- Second factors (R31) ---------------------------------------------------------------------------------------


def add_second_factor(user: User, *, secret: str, code: str, keep: str) -> list[str]:
    """Add an authenticator that shows `code` now; return the recovery codes, which are shown this once.

    Other sessions than `keep` end. The secret is sealed; no event holds it.

    Raises:
        Refused: the code is not of this secret and this moment, there is a second factor already, or no key to seal it.
    """
    step = matching_step(secret, code)
    if step is None:
        raise Refused(_("This code is not right. Check your device's clock, and type what it shows now."), field="code")
    with audit.unit():
        User.objects.select_for_update().get(pk=user.pk)
        if has_second_factor(user):
            raise Refused(_("This account has a second factor already. Remove it first."))
        try:
            factor = TOTP.activate(user, secret).instance
        except sealing.NoKey as error:
            raise Refused(_("This installation has no key for second factors. Ask whoever runs it.")) from error
        factor.data["last_step"] = step
        factor.save(update_fields=["data"])
        codes = _new_codes(user)
        end_sessions(user, keep=keep)
        audit.record(by=user, act="second factor added", kind="accounts.user", record_id=user.pk)
    return codes


def renew_recovery_codes(user: User, *, keep: str) -> list[str]:
    """Replace the recovery codes; return the new ones, which are shown this once.

    Raises:
        Refused: the account has no second factor.
    """
    with audit.unit():
        User.objects.select_for_update().get(pk=user.pk)
        if not has_second_factor(user):
            raise Refused(_("This account has no second factor."))
        codes = _new_codes(user)
        end_sessions(user, keep=keep)
        audit.record(by=user, act="recovery codes renewed", kind="accounts.user", record_id=user.pk)
    return codes


def _new_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


def remove_second_factor(user: User, *, keep: str) -> None:
    """Take away one's own second factor and its recovery codes; other sessions than `keep` end."""
    with audit.unit():
        if Authenticator.objects.filter(user=user).delete()[0]:
            audit.record(by=user, act="second factor removed", kind="accounts.user", record_id=user.pk)
        end_sessions(user, keep=keep)


def _reset_second_factor(user: User, *, by: User) -> None:
    if by.pk == user.pk:
        raise Refused(_("Nobody changes this on their own account: ask somebody else."), field="reset_second_factor")
    if Authenticator.objects.filter(user=user).delete()[0]:
        audit.record(by=by, act="second factor reset", kind="accounts.user", record_id=user.pk)
    end_sessions(user)


def accept_code(user: User, code: str) -> bool:
    """Take a one-time code or a recovery code, once; say whether it was right.

    The row is locked, so that of two who send the same code one comes in. A code of a time step that was used, or of
    one before it, is not taken again (RFC 6238, section 5.2).
    """
    with audit.unit():
        held = {row.type: row for row in Authenticator.objects.select_for_update().filter(user=user).order_by("pk")}
        try:
            return any(take(row, code) for kind, take in TAKERS.items() if (row := held.get(kind)) is not None)
        except (sealing.NoKey, sealing.NotOpened):
            # Nobody comes in past a factor that cannot be read: whoever manages accounts resets it.
            log.exception("A second factor could not be opened.", extra={"user_id": user.pk})
            return False


def _take_one_time_code(factor: Any, code: str) -> bool:
    step = matching_step(decrypt(factor.data["secret"]), code)
    if step is None or step <= factor.data.get("last_step", -1):
        return False
    factor.data["last_step"] = step
    factor.last_used_at = timezone.now()
    factor.save(update_fields=["data", "last_used_at"])
    return True


def _take_recovery_code(factor: Any, code: str) -> bool:
    codes = RecoveryCodes(factor)
    if not codes.validate_code(code):
        return False
    codes.instance.record_usage()
    user = factor.user
    audit.record(by=user, act="recovery code used", kind="accounts.user", record_id=user.pk)
    return True


TAKERS = {
    Authenticator.Type.TOTP: _take_one_time_code,
    Authenticator.Type.RECOVERY_CODES: _take_recovery_code,
}
