"""A disk that fails or forgets: what the system answers to fsync, and what is left when the power goes.

Stands in for the system's calls only; what the store makes of them is its own.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def fsync_fails_at(number: int) -> Iterator[list[int]]:
    """Answer the fsync of that number, counted from 0, with EIO; yields the inodes that were asked about."""
    asked: list[int] = []
    true_fsync = os.fsync

    def fsync(descriptor: int) -> None:
        asked.append(os.fstat(descriptor).st_ino)
        if len(asked) == number + 1:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        true_fsync(descriptor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        yield asked


class Platter:
    """What a disk would still hold if the power went now: nothing but what was forced to it.

    A folder's names last once the folder was forced, a file's bytes once the file was.
    """

    def __init__(self) -> None:
        self._names: dict[int, dict[str, int]] = {}
        self._bytes: dict[int, bytes] = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", self._fsync)
            yield

    def _fsync(self, descriptor: int) -> None:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            entries = os.listdir(descriptor)
            inodes = {name: os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_ino for name in entries}
            self._names[status.st_ino] = inodes
        else:
            self._bytes[status.st_ino] = os.pread(descriptor, status.st_size, 0)

    def after_power_cut(self, root: Path, place: Path) -> Path:
        """Write into `place` what is left below `root`, whose own name has lasted; folders are those of the store."""
        place.mkdir(mode=0o700)
        for name, inode in self._names.get(root.stat().st_ino, {}).items():
            self._restore(root / name, inode, place / name)
        return place

    def _restore(self, path: Path, inode: int, place: Path) -> None:
        if path.is_dir():
            self.after_power_cut(path, place)
            return
        place.write_bytes(self._bytes.get(inode, b""))
        place.chmod(0o400)
