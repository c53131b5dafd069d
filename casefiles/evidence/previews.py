"""What a page shows of a file: a picture drawn anew in the cage, or the text. Never the bytes as they came.

Pictures are kept in a folder of their own, each under the digest of its original and with a digest of itself. They may
be removed at any time: one that is missing or damaged is drawn again. The original is hashed before every showing.
"""

import hashlib
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from casefiles.core.filestore import VerifiedFile
from casefiles.evidence import cage
from casefiles.evidence.cage import NotParsed
from casefiles.evidence.models import File
from casefiles.evidence.reading import READERS_VERSION, limits_for, picture_task_for
from casefiles.evidence.store import store
from casefiles.evidence.texts import decoded

__all__ = ["NotParsed", "Picture", "is_picture", "is_text", "picture_of", "text_of"]

TEXT_BYTES = 200_000
_TEXTS = ("text/", "message/", "multipart/")
_TEXT_TYPES = frozenset(
    {"application/json", "application/geo+json", "application/xml", "application/gpx+xml", "image/svg+xml"}
)
_DIGEST_LENGTH = 64
_VERSION_MARK = f'{{"version": {READERS_VERSION},'.encode()
PICTURES = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff", "image/avif", "image/heic", "image/heif"}
)


@dataclass(frozen=True)
class Picture:
    """A WebP of at most 1600 pixels without metadata, and the size of the original in pixels."""

    content: bytes
    width: int
    height: int


def is_picture(file: File) -> bool:
    """Say whether the cage would try to draw this file."""
    return file.media_type in PICTURES


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
    with store().open_verified(file.sha256, size_bytes=file.size_bytes) as held:
        return read_answer(_kept(file.sha256) or _drawn(file, held))


def _drawn(file: File, held: VerifiedFile) -> bytes:
    answer = _answer(held, picture_task_for(file.media_type))
    # A picture that cannot be kept (full disk) is shown all the same.
    with suppress(OSError):
        _keep(file.sha256, answer)
    return answer


def _answer(held: VerifiedFile, task: str) -> bytes:
    """Return a line of JSON and the picture, or a line that says why there is none: what is kept for the next time."""
    held.refuse_wrong_bytes()
    try:
        frames = cage.collected(task, held.fileno(), limits_for(task))
    except NotParsed as refusal:
        return json.dumps({"version": READERS_VERSION, "reason": refusal.reason}).encode()
    head = {name: frames[0].meta.get(name) for name in ("width", "height")} if frames else {}
    return json.dumps({"version": READERS_VERSION, **head}).encode() + b"\n" + (frames[0].body if frames else b"")


def read_answer(answer: bytes) -> Picture:
    """Take apart an answer: plain numbers and the bytes of a WebP, nothing else is believed.

    Raises:
        NotParsed: it says why there is no picture, or what it says is not an answer.
    """
    line, _newline, content = answer.partition(b"\n")
    try:
        known = json.loads(line)
        if "reason" in known:
            raise NotParsed(str(known["reason"])[:200])
        width, height = int(known["width"]), int(known["height"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotParsed("reading it took too much time or memory") from error
    if not content.startswith(b"RIFF") or content[8:12] != b"WEBP":
        raise NotParsed("reading it gave no picture")
    return Picture(content=content, width=width, height=height)


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
    # What an earlier reader drew, or could not draw, is drawn anew.
    is_sound = hashlib.sha256(answer).hexdigest().encode() == digest and answer.startswith(_VERSION_MARK)
    return answer if is_sound else None


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
