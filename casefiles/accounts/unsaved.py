"""A form sent after the session ran out, kept signed and bound to its writer until they are back (R19)."""

from dataclasses import dataclass
from typing import Any

from django.core import signing

SALT = "casefiles.unsaved"
MAX_AGE_SECONDS = 12 * 60 * 60
# Passwords and tokens are never kept.
LEFT_OUT = ("csrfmiddlewaretoken", "password", "unsaved")


@dataclass(frozen=True)
class UnsavedForm:
    user_id: str
    path: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool


def pack(*, user_id: str, path: str, data: Any, had_files: bool) -> str:
    """Return a signed token of what was typed; chosen files cannot be kept, only said."""
    fields = [
        [name, value] for name, values in data.lists() if not any(part in name for part in LEFT_OUT) for value in values
    ]
    return signing.dumps([str(user_id), path, fields, had_files], salt=SALT, compress=True)


def unpack(token: str) -> UnsavedForm | None:
    """Return the form in a token, or None where it is not ours or too old."""
    try:
        user_id, path, fields, had_files = signing.loads(token, salt=SALT, max_age=MAX_AGE_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return UnsavedForm(user_id, path, tuple((name, value) for name, value in fields), bool(had_files))
