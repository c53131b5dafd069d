"""Writing one temporary file: locked while it lives, gone when it ends, read back before it counts."""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from casefiles.core.filestore.folders import FILE_FLAGS, FILE_MODE, TEMP_FOLDER, Folders
from casefiles.core.filestore.problems import (
    DiskFloorReached,
    FileTooLarge,
    StoreCorrupted,
    unavailable_if_it_fails,
)
from casefiles.core.filestore.reading import drop_from_memory, file_digest

TEMP_SUFFIX = ".part"
# Beside a file that comes in pieces; see `partial`.
JOURNAL_SUFFIX = ".journal"
STEP_BYTES = 8 * 1024 * 1024

_WRITE_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True)
class Limits:
    """How much one file may take, and how much must stay free."""

    floor_bytes: int
    max_bytes: int | None


@dataclass(frozen=True)
class TempFile:
    """A temporary file being written; `folder` and `descriptor` are open."""

    folder: int
    name: str
    descriptor: int


@contextmanager
def temp_file(folders: Folders) -> Iterator[TempFile]:
    """Make a temporary file that nobody else can have made, and remove its name at the end, whatever happens."""
    name = f"{secrets.token_hex(16)}{TEMP_SUFFIX}"
    with ExitStack() as last:
        with unavailable_if_it_fails("make a temporary file"):
            folder = folders.open(TEMP_FOLDER)
            last.callback(os.close, folder)
            descriptor = os.open(name, _WRITE_FLAGS, 0o600, dir_fd=folder)
            last.callback(let_go, TempFile(folder, name, descriptor))
            # The lock tells the sweep, in this process or another, that the upload is alive; it ends with the process.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield TempFile(folder, name, descriptor)


def let_go(temp: TempFile, *, is_removed: bool = True) -> None:
    """Close a temporary file and, unless it is to be continued, remove its name."""
    # A name that cannot be removed is a stale temporary file, which the sweep reports; by now the bytes are either
    # kept under their digest or refused, and neither answer may be lost to this.
    with suppress(OSError):
        if is_removed:
            os.unlink(temp.name, dir_fd=temp.folder)
    with suppress(OSError):
        os.close(temp.descriptor)


class Sink:
    """Writes chunks at the end of a temporary file, and hashes them.

    While one chunk is written, the one before is hashed in a thread beside: both leave the interpreter alone. What was
    written starts on its way to the disk at once, so that forcing it there at the end is short.

    `start` is how many bytes the file holds already; they count for the limit and not for the digest.
    """

    def __init__(self, temp: TempFile, limits: Limits, *, start: int = 0) -> None:
        self._temp, self._limits, self._start = temp, limits, start
        self._digest = hashlib.sha256()
        self._beside: ThreadPoolExecutor | None = None
        self._hashing: Future[None] | None = None
        self._stepped_at = 0
        self.size_bytes = 0
        refuse_under_floor(temp.folder, limits.floor_bytes)

    def write(self, chunk: bytes) -> None:
        """Write one chunk, whole or not at all; whoever gives it does not change it afterwards.

        Raises:
            FileTooLarge, DiskFloorReached, StoreUnavailable: as named.
        """
        self._refuse(len(chunk))
        self._hash(chunk)
        with unavailable_if_it_fails("write"):
            write_whole(self._temp.descriptor, chunk)
        self.size_bytes += len(chunk)
        if self.size_bytes - self._stepped_at >= STEP_BYTES:
            self._send_to_disk()

    def _refuse(self, needed_bytes: int) -> None:
        most = self._limits.max_bytes
        if most is not None and self._start + self.size_bytes + needed_bytes > most:
            raise FileTooLarge(most)
        if self.size_bytes + needed_bytes - self._stepped_at >= STEP_BYTES:
            refuse_under_floor(self._temp.folder, self._limits.floor_bytes, needed_bytes=needed_bytes)

    def _hash(self, chunk: bytes) -> None:
        self._settle()
        # For less than a step, a thread costs more than it gains.
        if self.size_bytes + len(chunk) < STEP_BYTES:
            self._digest.update(chunk)
            return
        self._beside = self._beside or ThreadPoolExecutor(1, thread_name_prefix="hash")
        self._hashing = self._beside.submit(self._digest.update, chunk)

    def _settle(self) -> None:
        hashing, self._hashing = self._hashing, None
        if hashing is not None:
            hashing.result()

    def _send_to_disk(self) -> None:
        # Linux begins to write out what is not written yet; elsewhere nothing is lost but time.
        if hasattr(os, "posix_fadvise"):
            done = self.size_bytes - self._stepped_at
            os.posix_fadvise(self._temp.descriptor, self._start + self._stepped_at, done, os.POSIX_FADV_DONTNEED)
        self._stepped_at = self.size_bytes

    def finish(self) -> str:
        """Return the SHA-256 of all that was written, and end the thread; a second time it says the same."""
        self._settle()
        if self._beside is not None:
            self._beside.shutdown()
            self._beside = None
        return self._digest.hexdigest()


def write_whole(descriptor: int, chunk: bytes) -> None:
    """Write all of it, also where the system takes it in parts. Raises OSError as the system gave it."""
    rest = memoryview(chunk).cast("B")
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def refuse_under_floor(folder: int, floor_bytes: int, *, needed_bytes: int = 0) -> None:
    """Raise DiskFloorReached where fewer bytes would be free than the floor."""
    if floor_bytes <= 0:
        return
    with unavailable_if_it_fails("measure its free space"):
        space = os.fstatvfs(folder)
    free = space.f_bavail * space.f_frsize - needed_bytes
    if free < floor_bytes:
        raise DiskFloorReached(free_bytes=free, floor_bytes=floor_bytes)


def make_durable(temp: TempFile) -> None:
    """Close the file to writers and force it to the disk; an error is final, since a second fsync may lie."""
    with unavailable_if_it_fails("force a file to the disk"):
        os.fchmod(temp.descriptor, FILE_MODE)
        os.fsync(temp.descriptor)


def read_back(temp: TempFile, *, sha256: str) -> None:
    """Open the file again by its name and hash what is there.

    Raises:
        StoreCorrupted: it is another file by now, or holds other bytes than were received.
    """
    with reopened(temp) as descriptor:
        if file_digest(descriptor) != sha256:
            raise StoreCorrupted("What was read back from the disk is not what was received.")


@contextmanager
def reopened(temp: TempFile) -> Iterator[int]:
    """Open the file again by its name, for reading from the disk itself.

    Raises:
        StoreCorrupted: it is another file by now.
    """
    with unavailable_if_it_fails("read back what it wrote"):
        descriptor = os.open(temp.name, FILE_FLAGS, dir_fd=temp.folder)
        try:
            drop_from_memory(descriptor)
            if not os.path.samestat(os.fstat(descriptor), os.fstat(temp.descriptor)):
                raise StoreCorrupted("Another file lies in the place of the one that was written.")
            yield descriptor
        finally:
            os.close(descriptor)
