"""Reading a held file: no byte leaves that was not stored."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import BinaryIO, Self

from casefiles.core.filestore.folders import FILE_FLAGS, Folders, folder_names
from casefiles.core.filestore.problems import NotServed, StoreError, StoreUnavailable, Verdict, WrongBytes

CHUNK_BYTES = 1024 * 1024
# Up to here the whole file is hashed before its first byte leaves; above, while it streams.
EAGER_BYTES = 256 * 1024 * 1024

_VERDICTS = {
    errno.ENOENT: Verdict.MISSING,
    errno.ELOOP: Verdict.NOT_A_REGULAR_FILE,
    errno.ENOTDIR: Verdict.NOT_A_REGULAR_FILE,
    errno.ENXIO: Verdict.NOT_A_REGULAR_FILE,
}


# Called with the number of bytes that were just read; it may wait, so that reading keeps to a pace.
Spend = Callable[[int], None]


def free(size_bytes: int) -> None:
    """Let reading go as fast as it can."""


def open_held(folders: Folders, sha256: str) -> int:
    """Open a held file and return its descriptor, unchecked.

    Raises:
        NotServed: it is missing, unreadable or not a regular file.
    """
    names = folder_names(sha256)
    try:
        with folders.opened(*names) as folder:
            descriptor = os.open(sha256, FILE_FLAGS, dir_fd=folder)
    except OSError as error:
        raise NotServed(sha256, _VERDICTS.get(error.errno or 0, Verdict.UNREADABLE)) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotServed(sha256, Verdict.NOT_A_REGULAR_FILE)
    return descriptor


def file_digest(descriptor: int, *, spend: Spend = free) -> str:
    """Return the SHA-256 of a whole open file, in memory of one chunk; `spend` is told of every chunk read."""
    digest = hashlib.sha256()
    for chunk in _chunks(descriptor):
        spend(len(chunk))
        digest.update(chunk)
    return digest.hexdigest()


def drop_from_memory(descriptor: int) -> None:
    """Make the next reading ask the disk: otherwise the system answers from the pages that it still holds."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def _chunks(descriptor: int) -> Iterator[bytes]:
    # pread: the file's own position is never moved, so two readers of one descriptor do not disturb each other.
    offset = 0
    while chunk := os.pread(descriptor, CHUNK_BYTES, offset):
        yield chunk
        offset += len(chunk)


def verdict_on(
    folders: Folders, sha256: str, size_bytes: int | None, *, spend: Spend = free, is_kept_in_memory: bool = False
) -> Verdict:
    """Check one held file against its digest and, where given, its size.

    What was read for a check alone would push out what people work with; `is_kept_in_memory` says that it is worked
    with next.
    """
    try:
        descriptor = open_held(folders, sha256)
    except NotServed as refusal:
        return refusal.verdict
    try:
        if size_bytes is not None and os.fstat(descriptor).st_size != size_bytes:
            return Verdict.WRONG_SIZE
        drop_from_memory(descriptor)
        return Verdict.OK if file_digest(descriptor, spend=spend) == sha256 else Verdict.WRONG_BYTES
    except OSError:
        return Verdict.UNREADABLE
    finally:
        if not is_kept_in_memory:
            drop_from_memory(descriptor)
        os.close(descriptor)


class VerifiedFile:
    """An open held file whose chunks are checked as they leave. Iterate it once or often; close it.

    The last chunk is held back until the whole file has been hashed: who receives all bytes received the right ones,
    and who receives wrong ones sees the transfer break off.
    """

    def __init__(self, descriptor: int, sha256: str) -> None:
        self._descriptor = descriptor
        self.sha256 = sha256
        self.size_bytes = os.fstat(descriptor).st_size
        # Set by a store that reads from copies: lets go of this one.
        self.forget_copy: Callable[[str], bool] | None = None

    def __iter__(self) -> Iterator[bytes]:
        return self.chunks()

    def chunks(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from `start` up to, not including, `stop`; the whole file is read and hashed for any part.

        Raises:
            WrongBytes: the file does not have its digest; the last chunk was not given out.
            NotServed: the device failed while reading.
        """
        end = self.size_bytes if stop is None else stop
        digest = hashlib.sha256()
        withheld, offset = b"", 0
        for chunk in self._chunks():
            digest.update(chunk)
            piece = chunk[max(0, start - offset) : max(0, end - offset)]
            offset += len(chunk)
            if piece:
                if withheld:
                    yield withheld
                withheld = piece
        if digest.hexdigest() != self.sha256:
            raise self.wrong()
        if withheld:
            yield withheld

    def _chunks(self) -> Iterator[bytes]:
        try:
            yield from _chunks(self._descriptor)
        except OSError as error:
            raise NotServed(self.sha256, Verdict.UNREADABLE) from error

    def wrong(self) -> StoreError:
        """Return what to raise about wrong bytes. A copy with wrong bytes goes, and says nothing of what is held."""
        if self.forget_copy is not None and self.forget_copy(self.sha256):
            return StoreUnavailable("trust its copy of a file", OSError(None, "ask again for another one"))
        return WrongBytes(self.sha256)

    def refuse_wrong_bytes(self) -> None:
        """Hash the whole file now.

        Raises:
            WrongBytes: the file does not have its digest.
            NotServed: the device failed while reading.
        """
        for _chunk in self.chunks(stop=0):
            pass

    def fileno(self) -> int:
        """Return the descriptor, for another process to read from; check the file before (`refuse_wrong_bytes`)."""
        return self._descriptor

    def as_file(self) -> BinaryIO:
        """Return it as a file of its own to read and close, unchecked, from the beginning."""
        file = os.fdopen(os.dup(self._descriptor), "rb")
        file.seek(0)
        return file

    def close(self) -> None:
        """Let go of the file; a second time does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
