"""What a page shows of a file: a picture drawn anew in the cage, or the text. Never the bytes as they came.

Pictures are kept in a folder of their own, each under the digest of its original and with a digest of itself. They may
be removed at any time: one that is missing or damaged is drawn again. The original is hashed before every showing.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from casefiles.core.filestore import VerifiedFile
from casefiles.evidence import cage
from casefiles.evidence.actions.files import store
from casefiles.evidence.cage import NotParsed, Picture
from casefiles.evidence.models import File
from casefiles.evidence.texts import decoded

__all__ = ["NotParsed", "Picture", "is_picture", "is_text", "picture_of", "text_of"]

TEXT_BYTES = 200_000
_TEXTS = ("text/", "message/", "multipart/")
_TEXT_TYPES = frozenset({"application/json", "application/xml", "application/gpx+xml", "image/svg+xml"})
_DIGEST_LENGTH = 64


def is_picture(file: File) -> bool:
    """Say whether the cage would try to draw this file."""
    return file.media_type in cage.PICTURES


def is_text(file: File) -> bool:
    """Say whether this file is short text, which a page may show as it is written."""
    known = file.media_type.startswith(_TEXTS) or file.media_type in _TEXT_TYPES
    return known and 0 < file.size_bytes <= TEXT_BYTES


def text_of(file: File) -> str:
    """Return a short text file's content.

    Raises:
        StoreError: the bytes held are not the ones received.
    """
    with store().open_verified(file.sha256, size_bytes=file.size_bytes) as held:
        return decoded(b"".join(held))


def picture_of(file: File) -> Picture:
    """Return the file as a harmless picture.

    Raises:
        NotParsed: there is none, with the reason.
        StoreError: the bytes held are not the ones received.
    """
    if not is_picture(file):
        raise NotParsed(_("it is no picture of a known form"))
    if file.size_bytes > cage.MOST_BYTES:
        raise NotParsed(_("it is too large to be shown"))
    with store().open_verified(file.sha256, size_bytes=file.size_bytes) as held:
        return cage.read_answer(_kept(file.sha256) or _drawn(file.sha256, held))


def _drawn(sha256: str, held: VerifiedFile) -> bytes:
    answer = cage.raw_answer(held)
    # A picture that cannot be kept (full disk) is shown all the same.
    with suppress(OSError):
        _keep(sha256, answer)
    return answer


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "previews"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _kept(sha256: str) -> bytes | None:
    try:
        content = (_folder() / sha256).read_bytes()
    except OSError:
        return None
    digest, answer = content[:_DIGEST_LENGTH], content[_DIGEST_LENGTH:]
    return answer if hashlib.sha256(answer).hexdigest().encode() == digest else None


def _keep(sha256: str, answer: bytes) -> None:
    partial = _folder() / f"{sha256}.{secrets.token_hex(8)}"
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(hashlib.sha256(answer).hexdigest().encode() + answer)
        partial.replace(_folder() / sha256)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
