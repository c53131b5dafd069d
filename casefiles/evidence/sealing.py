"""Sealing what must never be readable at rest: the identity of a protected source (R11).

Fernet (cryptography): AES-128-CBC with HMAC-SHA256. The first key seals; every key opens, so that keys can be changed.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class NoKey(Exception):
    """This installation has no key: nothing can be sealed or opened."""


class NotOpened(Exception):
    """None of the keys opens it: the one that sealed it is gone, or the sealed text was changed."""


def seal(text: str) -> str:
    """Return the text sealed.

    Raises:
        NoKey: no key is configured, or it has not the form of one.
    """
    return _keys().encrypt(text.encode()).decode("ascii")


def opened(sealed: str) -> str:
    """Return a sealed text.

    Raises:
        NoKey: no key is configured.
        NotOpened: no key opens it.
    """
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise NotOpened from error


def _keys() -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in settings.IDENTITY_KEYS])
    except ValueError as error:
        raise NoKey from error
