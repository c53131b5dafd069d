"""A shelf for what was drawn from files: each with a digest of its own, and made anew at any time."""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings

_DIGEST_LENGTH = 64


class DrawnShelf:
    """One folder below the data folder. What is damaged on it counts as missing."""

    def __init__(self, name: str) -> None:
        self._name = name

    def get(self, key: str) -> bytes | None:
        """Return what is kept under a key, whole and as it was put there."""
        try:
            content = (self._folder() / key).read_bytes()
        except OSError:
            return None
        digest, kept = content[:_DIGEST_LENGTH], content[_DIGEST_LENGTH:]
        return kept if hashlib.sha256(kept).hexdigest().encode() == digest else None

    def put(self, key: str, content: bytes) -> None:
        """Keep something; where that fails (a full disk), it is drawn again the next time."""
        with suppress(OSError):
            self._write(key, content)

    def _folder(self) -> Path:
        folder = Path(settings.DATA_DIR) / self._name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _write(self, key: str, content: bytes) -> None:
        partial = self._folder() / f"{key}.{secrets.token_hex(8)}"
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(hashlib.sha256(content).hexdigest().encode() + content)
            partial.replace(self._folder() / key)
        except OSError:
            partial.unlink(missing_ok=True)
            raise
