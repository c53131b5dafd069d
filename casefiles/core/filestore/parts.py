"""Giving out parts of a held file, of any size, without ever giving out a wrong byte.

A digest is of the whole, so a part cannot be checked by it. The first time, the whole file is hashed, and a digest of
each piece is noted on the way; they count only if the whole was right. From then on every piece is compared with its
own digest before a byte of it leaves. The notes are true of the bytes that have this SHA-256, wherever they lie, so
they need no renewal; they are kept in the memory of the process, 32 bytes a mebibyte.
"""

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator

from casefiles.core.filestore.problems import NotServed, Verdict
from casefiles.core.filestore.reading import VerifiedFile

PIECE_BYTES = 1024 * 1024
_MOST_FILES = 64

_noted: OrderedDict[str, tuple[bytes, ...]] = OrderedDict()
_lock = threading.Lock()


class CheckedParts:
    """An open file of which any part can be given out. It takes the file over: close this, not the file."""

    def __init__(self, held: VerifiedFile) -> None:
        """Hash the whole file, unless this process knows its pieces already.

        Raises:
            WrongBytes: the file does not have its digest.
            NotServed: the device failed while reading.
        """
        self._held = held
        self.size_bytes = held.size_bytes
        self._digests = _known(held.sha256) or _note(held)

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from `start` up to, not including, `stop`.

        Raises:
            WrongBytes: a piece is not the one that was noted; nothing of it was given out.
            NotServed: the device failed while reading.
        """
        for number in range(start // PIECE_BYTES, -(-stop // PIECE_BYTES)):
            piece = _piece(self._held, number)
            if number >= len(self._digests) or _digest(piece) != self._digests[number]:
                raise self._held.wrong()
            begin = number * PIECE_BYTES
            yield piece[max(0, start - begin) : stop - begin]

    def close(self) -> None:
        self._held.close()


def _known(sha256: str) -> tuple[bytes, ...] | None:
    with _lock:
        digests = _noted.get(sha256)
        if digests is not None:
            _noted.move_to_end(sha256)
        return digests


def _note(held: VerifiedFile) -> tuple[bytes, ...]:
    whole, digests, number = hashlib.sha256(), [], 0
    while piece := _piece(held, number):
        whole.update(piece)
        digests.append(_digest(piece))
        number += 1
    if whole.hexdigest() != held.sha256:
        raise held.wrong()
    with _lock:
        _noted[held.sha256] = tuple(digests)
        while len(_noted) > _MOST_FILES:
            _noted.popitem(last=False)
    return tuple(digests)


def _piece(held: VerifiedFile, number: int) -> bytes:
    """Read one piece whole; the last one is shorter, and one behind it is empty."""
    content, offset = b"", number * PIECE_BYTES
    try:
        while len(content) < PIECE_BYTES:
            more = os.pread(held.fileno(), PIECE_BYTES - len(content), offset + len(content))
            if not more:
                break
            content += more
    except OSError as error:
        raise NotServed(held.sha256, Verdict.UNREADABLE) from error
    return content


def _digest(piece: bytes) -> bytes:
    return hashlib.blake2b(piece, digest_size=32).digest()
