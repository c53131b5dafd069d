"""Where a digest lies, and how its folder is reached without ever following a link.

Folders are opened one inside the other by descriptor: a symbolic link planted at any level below the root is refused,
not only one in the last place.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casefiles.core.filestore.problems import NotADigest, TempElsewhere, unavailable_if_it_fails

TEMP_FOLDER = "tmp"
BLOB_FOLDER = "blobs"
FOLDER_MODE = 0o700
FILE_MODE = 0o400

FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK, opening a planted FIFO would wait for ever for somebody to write into it.
FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_digest(name: str) -> bool:
    """Return whether a name is a SHA-256 in lower-case hexadecimal."""
    return _DIGEST.fullmatch(name) is not None


def folder_names(sha256: str) -> tuple[str, str, str]:
    """Return the folders, from the root down, in which a digest lies.

    Raises:
        NotADigest: it is not 64 lower-case hexadecimal digits.
    """
    if not is_digest(sha256):
        raise NotADigest("A file is named by the 64 lower-case hexadecimal digits of its SHA-256.")
    return BLOB_FOLDER, sha256[:2], sha256[2:4]


class Folders:
    """The tree under one root. The root itself may be reached through links; nothing below it may."""

    def __init__(self, root: Path) -> None:
        with unavailable_if_it_fails("make its folder"):
            root.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            self.root = root.resolve(strict=True)
            _make_beside(self.root, TEMP_FOLDER, BLOB_FOLDER)
        self._refuse_two_filesystems()
        with unavailable_if_it_fails("open its folders"), self.opened(TEMP_FOLDER), self.opened(BLOB_FOLDER):
            self._durable: set[tuple[str, ...]] = set()

    def _refuse_two_filesystems(self) -> None:
        devices = {(self.root / name).stat().st_dev for name in (TEMP_FOLDER, BLOB_FOLDER)}
        if len(devices) > 1:
            raise TempElsewhere("Temporary files and kept files must be on one filesystem: put both under one mount.")

    @contextmanager
    def opened(self, *names: str) -> Iterator[int]:
        """Open a folder below the root for the block. Raises OSError as the system gave it."""
        folder = self.open(*names)
        try:
            yield folder
        finally:
            os.close(folder)

    def open(self, *names: str) -> int:
        """Open a folder below the root and return its descriptor. Raises OSError as the system gave it."""
        folder = os.open(self.root, FOLDER_FLAGS)
        for name in names:
            outer = folder
            try:
                folder = os.open(name, FOLDER_FLAGS, dir_fd=outer)
            finally:
                os.close(outer)
        return folder

    @contextmanager
    def made(self, *names: str) -> Iterator[int]:
        """Open a folder below the root, making what is missing so that it outlasts a power cut."""
        for depth in range(1, len(names) + 1):
            self._make(names[:depth])
        with self.opened(*names) as folder:
            yield folder

    def _make(self, names: tuple[str, ...]) -> None:
        if names in self._durable:
            return
        with self.opened(*names[:-1]) as outer:
            make_folder(names[-1], inside=outer)
            # Also for a folder that was there: who made it may not have come to this line yet.
            os.fsync(outer)
        self._durable.add(names)

    def forget(self, *names: str) -> None:
        """Make a folder anew next time: somebody removed it under a running store."""
        self._durable -= {names[:depth] for depth in range(1, len(names) + 1)}


def make_folder(name: str, *, inside: int) -> None:
    """Make a folder with the store's mode, whatever the umask; one that is there already stays as it is."""
    try:
        os.mkdir(name, FOLDER_MODE, dir_fd=inside)
    except FileExistsError:
        return
    os.chmod(name, FOLDER_MODE, dir_fd=inside)


def _make_beside(root: Path, *names: str) -> None:
    folder = os.open(root, FOLDER_FLAGS)
    try:
        for name in names:
            make_folder(name, inside=folder)
        os.fsync(folder)
    finally:
        os.close(folder)
