"""Second factors: one-time codes (RFC 6238) and recovery codes, made, kept and compared by allauth.mfa (R31)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from allauth.core.internal import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings

from casefiles.accounts.models import User
from casefiles.core import sealing

SETUP_MAX_AGE_S = 60 * 60
# A stranger gets here only with the password, so that a day's limit locks nobody out by their will.
RATES = {"second_factor": "20/m/ip,5/5m/key,60/d/key", "password_again": "20/m/ip,5/5m/key"}


@dataclass(frozen=True)
class Factors:
    """What an account has: since when, and how many recovery codes are left (None where they cannot be read)."""

    added_at: datetime | None
    last_used_at: datetime | None
    codes_left: int | None


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def factors_of(user: User) -> Factors:
    held = {row.type: row for row in Authenticator.objects.filter(user_id=user.pk)}
    totp, codes = held.get(Authenticator.Type.TOTP), held.get(Authenticator.Type.RECOVERY_CODES)
    return Factors(
        added_at=totp.created_at if totp else None,
        last_used_at=max((row.last_used_at for row in held.values() if row.last_used_at), default=None),
        codes_left=_left(codes) if codes else 0,
    )


def _left(codes: Any) -> int | None:
    try:
        return len(RecoveryCodes(codes).get_unused_codes())
    except (sealing.NoKey, sealing.NotOpened):
        return None


def matching_step(secret: str, code: str) -> int | None:
    """Return the newest time step, of this one, the one before and the one after, whose code this is."""
    steps = [
        step
        for step in yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
    ]
    return max(steps, default=None)


def seal_setup(user: User, secret: str) -> str:
    """Return a secret on its way into an authenticator, sealed and bound to its account: no session holds it."""
    return sealing.seal(f"{user.pk}:{secret}", keys=settings.SECOND_FACTOR_KEYS)


def secret_of_setup(user: User, sealed: str) -> str | None:
    """Return the secret of a setup that this account began within the hour, or None."""
    try:
        owner, _colon, secret = sealing.opened(
            sealed, keys=settings.SECOND_FACTOR_KEYS, max_age_s=SETUP_MAX_AGE_S
        ).partition(":")
    except (sealing.NoKey, sealing.NotOpened, UnicodeEncodeError):
        return None
    return secret if owner == str(user.pk) else None


def qr_address(user: User, secret: str) -> str:
    """Return the QR code that an authenticator scans, as a data address of an SVG picture."""
    adapter = get_adapter()
    return f"data:image/svg+xml,{quote(adapter.build_totp_svg(adapter.build_totp_url(user, secret)))}"


def in_groups(code: str) -> str:
    """Return a code in groups of four, as people read it out."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def is_allowed_to_try(request: Any, user: User, action: str) -> bool:
    """Count one more try of an account and an address in the cache that all workers share."""
    return bool(ratelimit.consume(request, app="casefiles", action=action, config=RATES, key=str(user.pk)))


def forgive_tries(request: Any, user: User, action: str) -> None:
    ratelimit.clear(request, app="casefiles", action=action, config=RATES, key=str(user.pk))
