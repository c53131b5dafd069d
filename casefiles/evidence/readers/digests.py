"""Digests as files state them of their own parts, and whether they are right.

They are claims: whoever can change a part can change its digest as well.
"""

import base64
import binascii
import hashlib
import re
from typing import Final

VALID: Final = "valid"
WRONG: Final = "wrong"
NOT_CHECKABLE: Final = "not checkable"
MISSING: Final = "missing"

_ALGORITHMS = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512"}


class StatedDigest:
    """A digest in words ("sha1:3I42H3S6…", "sha256:9f86d0…"; base 16, 32 or 64), to be fed with what it is of."""

    def __init__(self, stated: str) -> None:
        name, _colon, value = stated.strip().partition(":")
        algorithm = name.strip().lower().replace("-", "")
        self._running = hashlib.new(algorithm, usedforsecurity=False) if algorithm in _ALGORITHMS else None
        self._expected = _decoded(value.strip(), self._running.digest_size) if self._running else None

    def update(self, content: bytes) -> None:
        if self._running and self._expected:
            self._running.update(content)

    @property
    def verdict(self) -> str:
        """Say whether what was fed has this digest; an unknown algorithm or form cannot be checked."""
        if self._running is None or self._expected is None:
            return NOT_CHECKABLE
        return VALID if self._running.digest() == self._expected else WRONG


def _decoded(value: str, size: int) -> bytes | None:
    """Return the bytes of a digest of known size; its length tells how it is written."""
    bare = value.rstrip("=")
    try:
        if len(bare) == 2 * size:
            return bytes.fromhex(bare)
        if len(bare) == -(-8 * size // 5):
            return base64.b32decode(bare.upper() + "=" * (-len(bare) % 8))
        if len(bare) == -(-4 * size // 3) and re.fullmatch(r"[\w+/-]+", bare, re.ASCII):
            return base64.b64decode(bare.replace("-", "+").replace("_", "/") + "=" * (-len(bare) % 4))
    except (ValueError, binascii.Error):
        return None
    return None
