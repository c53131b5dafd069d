"""Sealing the identity of a protected source with the keys of this installation (R11)."""

from django.conf import settings

from casefiles.core import sealing
from casefiles.core.sealing import NoKey, NotOpened

__all__ = ["NoKey", "NotOpened", "opened", "seal"]


def seal(text: str) -> str:
    """Return the text sealed.

    Raises:
        NoKey: no key is configured, or it has not the form of one.
    """
    return sealing.seal(text, keys=settings.IDENTITY_KEYS)


def opened(sealed: str) -> str:
    """Return a sealed text.

    Raises:
        NoKey: no key is configured.
        NotOpened: no key opens it.
    """
    return sealing.opened(sealed, keys=settings.IDENTITY_KEYS)
