"""What a password must be, beyond Django's own rules, and how it is kept."""

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LEAST_DIFFERENT = 6


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with the second recommended option of RFC 9106: 64 MiB, three passes, four lanes.

    Django's own takes two passes. Signing in keeps an older hash anew.
    """

    time_cost = 3
    memory_cost = 64 * 1024
    parallelism = 4


class VarietyValidator:
    """Refuse a password made of a few characters over and over."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(set(password)) < LEAST_DIFFERENT:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self) -> str:
        return _("Use at least %(count)d different characters.") % {"count": LEAST_DIFFERENT}
