"""Writing one temporary file: locked while it lives, gone when it ends, read back before it counts."""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from casefiles.core.filestore.folders import FILE_FLAGS, FILE_MODE, TEMP_FOLDER, Folders
from casefiles.core.filestore.problems import (
    DiskFloorReached,
    FileTooLarge,
    StoreCorrupted,
    unavailable_if_it_fails,
)
from casefiles.core.filestore.reading import file_digest

TEMP_SUFFIX = ".part"
FLOOR_CHECK_BYTES = 8 * 1024 * 1024

_WRITE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


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
            last.callback(_let_go, TempFile(folder, name, descriptor))
            # The lock tells the sweep, in this process or another, that the upload is alive; it ends with the process.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield TempFile(folder, name, descriptor)


def _let_go(temp: TempFile) -> None:
    # A name that cannot be removed is a stale temporary file, which the sweep reports; by now the bytes are either
    # kept under their digest or refused, and neither answer may be lost to this.
    with suppress(OSError):
        os.unlink(temp.name, dir_fd=temp.folder)
    with suppress(OSError):
        os.close(temp.descriptor)


def receive(temp: TempFile, chunks: Iterable[bytes], limits: Limits) -> tuple[str, int]:
    """Write all chunks and return the SHA-256 and number of the bytes received.

    An error of `chunks` itself passes through unchanged.

    Raises:
        FileTooLarge, DiskFloorReached, StoreUnavailable: as named.
    """
    digest = hashlib.sha256()
    size, checked_at = 0, 0
    refuse_under_floor(temp.folder, limits.floor_bytes)
    for chunk in chunks:
        size += len(chunk)
        if limits.max_bytes is not None and size > limits.max_bytes:
            raise FileTooLarge(limits.max_bytes)
        if size - checked_at >= FLOOR_CHECK_BYTES:
            refuse_under_floor(temp.folder, limits.floor_bytes, needed_bytes=len(chunk))
            checked_at = size
        with unavailable_if_it_fails("write"):
            _write_whole(temp.descriptor, chunk)
        digest.update(chunk)
    return digest.hexdigest(), size


def _write_whole(descriptor: int, chunk: bytes) -> None:
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
    with unavailable_if_it_fails("read back what it wrote"):
        descriptor = os.open(temp.name, FILE_FLAGS, dir_fd=temp.folder)
        try:
            _drop_from_memory(descriptor)
            same = os.path.samestat(os.fstat(descriptor), os.fstat(temp.descriptor))
            if not (same and file_digest(descriptor) == sha256):
                raise StoreCorrupted("What was read back from the disk is not what was received.")
        finally:
            os.close(descriptor)


def _drop_from_memory(descriptor: int) -> None:
    # Otherwise the system answers from the pages just written, and the disk itself is never asked.
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
