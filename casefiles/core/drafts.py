"""The key with which a browser seals what somebody typed and has not saved (static/js/lib/drafts.js)."""

from typing import Any

from django.utils.crypto import salted_hmac

SALT = "casefiles.draft"


def draft_key(user: Any) -> str:
    """Return 32 bytes as hexadecimal digits: one person's, until they change their password; nothing for a visitor."""
    if not getattr(user, "is_authenticated", False):
        return ""
    return salted_hmac(SALT, f"{user.pk}:{user.get_session_auth_hash()}", algorithm="sha256").hexdigest()
