"""Sealing what must never be readable at rest (R11).

Fernet (cryptography): AES-128-CBC with HMAC-SHA256. The first key seals; every key opens, so that keys can be changed.
"""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class NoKey(Exception):
    """This installation has no key: nothing can be sealed or opened."""


class NotOpened(Exception):
    """None of the keys opens it: the one that sealed it is gone, or the sealed text was changed, or is too old."""


def seal(text: str, *, keys: Sequence[str]) -> str:
    """Return the text sealed.

    Raises:
        NoKey: no key is configured, or it has not the form of one.
    """
    return _joined(keys).encrypt(text.encode()).decode("ascii")


def opened(sealed: str, *, keys: Sequence[str], max_age_s: int | None = None) -> str:
    """Return a sealed text.

    Raises:
        NoKey: no key is configured.
        NotOpened: no key opens it, or it was sealed longer ago than `max_age_s`.
    """
    try:
        return _joined(keys).decrypt(sealed.encode(), ttl=max_age_s).decode()
    except InvalidToken as error:
        raise NotOpened from error


def _joined(keys: Sequence[str]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise NoKey from error
