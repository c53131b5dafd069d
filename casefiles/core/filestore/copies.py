"""Copies on this machine of files held elsewhere: fetched whole, hashed on the way, and checked at every use."""

import os
from collections.abc import Iterable
from contextlib import suppress

from casefiles.core.filestore.folders import FILE_FLAGS, FILE_MODE, Folders
from casefiles.core.filestore.problems import WrongBytes, unavailable_if_it_fails
from casefiles.core.filestore.writing import Limits, Sink, TempFile, temp_file

COPY_FOLDER = "copies"


class Copies:
    """At most about `most_bytes` of copies under their digests; those unused for the longest time go first.

    Uploads end where `floor_bytes` are free; reading goes on to half of that.
    """

    def __init__(self, folders: Folders, *, most_bytes: int, floor_bytes: int) -> None:
        self._folders, self._most_bytes = folders, most_bytes
        self._limits = Limits(floor_bytes=floor_bytes // 2, max_bytes=None)

    def open(self, sha256: str) -> int | None:
        """Open a copy and return its descriptor, unchecked; None where there is none."""
        with unavailable_if_it_fails("open a copy"), self._folders.made(COPY_FOLDER) as folder:
            try:
                descriptor = os.open(sha256, FILE_FLAGS, dir_fd=folder)
            except OSError:
                return None
            with suppress(OSError):
                os.utime(descriptor)
            return descriptor

    def fetch(self, sha256: str, chunks: Iterable[bytes]) -> int:
        """Take a copy in and return its descriptor; it stays open for its reader when its name is gone.

        Raises:
            WrongBytes: what came does not have its digest.
            DiskFloorReached, StoreUnavailable: as named. What `chunks` raises passes through.
        """
        with temp_file(self._folders) as temp:
            sink = Sink(temp, self._limits)
            try:
                for chunk in chunks:
                    sink.write(chunk)
            finally:
                digest = sink.finish()
            if digest != sha256:
                raise WrongBytes(sha256)
            with unavailable_if_it_fails("shut a copy"):
                os.fchmod(temp.descriptor, FILE_MODE)
                self.add(temp, sha256)
                return os.open(temp.name, FILE_FLAGS, dir_fd=temp.folder)

    def add(self, temp: TempFile, sha256: str) -> None:
        """Keep a temporary file as a copy; where that fails, the next reader fetches one."""
        with suppress(OSError), self._folders.made(COPY_FOLDER) as folder:
            os.link(temp.name, sha256, src_dir_fd=temp.folder, dst_dir_fd=folder, follow_symlinks=False)
            self._make_room(folder)

    def _make_room(self, folder: int) -> None:
        with os.scandir(folder) as found:
            copies = sorted((entry.stat(follow_symlinks=False).st_mtime_ns, entry.name) for entry in found)
        sizes = {name: os.stat(name, dir_fd=folder, follow_symlinks=False).st_size for _at, name in copies}
        held = sum(sizes.values())
        # The newest stays in any case: somebody is about to read it.
        for _at, name in copies[:-1]:
            if held <= self._most_bytes:
                return
            os.unlink(name, dir_fd=folder)
            held -= sizes[name]

    def forget(self, sha256: str) -> bool:
        """Remove a copy, and say whether there was one."""
        with suppress(OSError), self._folders.opened(COPY_FOLDER) as folder:
            os.unlink(sha256, dir_fd=folder)
            return True
        return False
