"""Looking through the store for what should not be there. Only dead uploads are ever removed, on request."""

import fcntl
import os
import re
import stat
import time
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from enum import StrEnum

from casefiles.core.filestore.folders import (
    BLOB_FOLDER,
    FILE_FLAGS,
    FILE_MODE,
    FOLDER_MODE,
    TEMP_FOLDER,
    Folders,
    is_digest,
)
from casefiles.core.filestore.problems import unavailable_if_it_fails
from casefiles.core.filestore.writing import JOURNAL_SUFFIX, TEMP_SUFFIX

_TEMP_NAME = re.compile(rf"[0-9a-f]{{32}}(?:{re.escape(TEMP_SUFFIX)}|{re.escape(JOURNAL_SUFFIX)})")
_FOLDER_NAME = re.compile(r"[0-9a-f]{2}")
# By whom: NFS and FUSE for files removed while open; macOS, Windows and KDE desktops; checks of filesystems; trash.
_LEFTOVER_NAME = re.compile(
    r"\.nfs[0-9a-f]+|\.fuse_hidden[0-9a-f]+|\.DS_Store|\._.*|\.Spotlight-V100|\.fseventsd|Thumbs\.db|desktop\.ini"
    r"|\.directory|lost\+found|\.Trash.*",
    re.DOTALL,
)
# A clock that was wrong for a while leaves files from a time to come: they are no younger for that.
_FUTURE_SECONDS = 3600

Known = Container[str] | Callable[[str], bool]


class FindingKind(StrEnum):
    """What is wrong with something that lies in the store."""

    ORPHAN = "orphan"  # kept bytes that no row names: an upload that ended between file and row
    STALE_TEMP = "stale_temp"  # what a dead upload left
    MISPLACED = "misplaced"  # a file named by a digest, outside the folders of that digest
    LINK = "link"  # a symbolic link, wherever it leads
    PIPE = "pipe"
    SOCKET = "socket"
    DEVICE = "device"
    ALIEN_FOLDER = "alien_folder"  # a folder that the store did not make; what lies in it is not looked at
    LEFTOVER = "leftover"  # what systems and desktops leave by themselves: .nfs…, .DS_Store, lost+found
    ALIEN = "alien"  # any other file that the store did not write
    WRONG_MODE = "wrong_mode"  # a kept file that others may read, or somebody may write
    WRONG_FOLDER_MODE = "wrong_folder_mode"
    WRONG_OWNER = "wrong_owner"  # it belongs to another account than the store's root
    EXTRA_LINK = "extra_link"  # the same file has a second name, through which it could be changed
    EMPTY_FOLDER = "empty_folder"
    UNREADABLE = "unreadable"


_KINDS_OF_TYPE = {
    stat.S_IFLNK: FindingKind.LINK,
    stat.S_IFIFO: FindingKind.PIPE,
    stat.S_IFSOCK: FindingKind.SOCKET,
    stat.S_IFBLK: FindingKind.DEVICE,
    stat.S_IFCHR: FindingKind.DEVICE,
    stat.S_IFDIR: FindingKind.ALIEN_FOLDER,
}


@dataclass(frozen=True, order=True)
class Finding:
    """One thing found; `path` is relative to the root and may hold hostile characters."""

    path: str
    kind: FindingKind


@dataclass(frozen=True)
class _Entry:
    names: tuple[str, ...]
    status: os.stat_result

    @property
    def path(self) -> str:
        return "/".join(self.names) or "."

    @property
    def mode(self) -> int:
        return stat.S_IMODE(self.status.st_mode)

    @property
    def is_folder_of_ours(self) -> bool:
        if not stat.S_ISDIR(self.status.st_mode):
            return False
        if len(self.names) == 1:
            return self.names[0] in {TEMP_FOLDER, BLOB_FOLDER}
        fans_out = self.names[0] == BLOB_FOLDER and len(self.names) <= 3
        return fans_out and _FOLDER_NAME.fullmatch(self.names[-1]) is not None

    @property
    def kind_of_stranger(self) -> FindingKind:
        """Return the class of what is neither a folder, a kept file nor a temporary file of the store."""
        name, kind = self.names[-1], _KINDS_OF_TYPE.get(stat.S_IFMT(self.status.st_mode), FindingKind.ALIEN)
        if kind in {FindingKind.ALIEN, FindingKind.ALIEN_FOLDER} and _LEFTOVER_NAME.fullmatch(name):
            return FindingKind.LEFTOVER
        return FindingKind.MISPLACED if kind is FindingKind.ALIEN and is_digest(name) else kind

    @property
    def is_temp(self) -> bool:
        placed = len(self.names) == 2 and self.names[0] == TEMP_FOLDER
        return placed and stat.S_ISREG(self.status.st_mode) and _TEMP_NAME.fullmatch(self.names[1]) is not None

    @property
    def is_blob(self) -> bool:
        if len(self.names) != 4 or not stat.S_ISREG(self.status.st_mode):
            return False
        _blobs, first, second, name = self.names
        return is_digest(name) and name.startswith(first + second)


@dataclass(frozen=True)
class _Sweep:
    folders: Folders
    is_known: Callable[[str], bool]
    now: float  # seconds since 1970
    min_age_seconds: float
    temp_age_seconds: float
    owner: int

    def below(self, *names: str) -> Iterator[Finding]:
        """Yield what is wrong with a folder itself and with everything in it."""
        try:
            folder, entries = _listing(self.folders, *names)
        except OSError:
            yield Finding("/".join(names) or ".", FindingKind.UNREADABLE)
            return
        if folder.mode != FOLDER_MODE:
            yield Finding(folder.path, FindingKind.WRONG_FOLDER_MODE)
        if folder.status.st_uid != self.owner:
            yield Finding(folder.path, FindingKind.WRONG_OWNER)
        if len(names) > 1 and not entries:
            yield Finding(folder.path, FindingKind.EMPTY_FOLDER)
        for entry in entries:
            yield from self._wrong_with(entry)

    def _wrong_with(self, entry: _Entry) -> Iterator[Finding]:
        if entry.is_folder_of_ours:
            yield from self.below(*entry.names)
            return
        if entry.is_blob:
            kinds = self._wrong_with_blob(entry)
        elif entry.is_temp:
            kinds = self._wrong_with_temp(entry)
        else:
            kinds = [entry.kind_of_stranger]
        yield from (Finding(entry.path, kind) for kind in kinds)

    def _wrong_with_blob(self, entry: _Entry) -> list[FindingKind]:
        kinds = [FindingKind.WRONG_MODE] if entry.mode != FILE_MODE else []
        kinds += [FindingKind.WRONG_OWNER] if entry.status.st_uid != self.owner else []
        # A young file may still be linked to its temporary name, and about to get its row.
        if self.is_old(entry):
            kinds += [FindingKind.EXTRA_LINK] if entry.status.st_nlink > 1 else []
            kinds += [] if self.is_known(entry.names[-1]) else [FindingKind.ORPHAN]
        return kinds

    def _wrong_with_temp(self, entry: _Entry) -> list[FindingKind]:
        if not self.is_old(entry, self.temp_age_seconds):
            return []
        try:
            with self.folders.opened(TEMP_FOLDER) as folder:
                return [FindingKind.STALE_TEMP] if _is_dead(folder, entry.names[-1]) else []
        except FileNotFoundError:
            return []  # the upload ended while we looked
        except OSError:
            return [FindingKind.UNREADABLE]

    def is_old(self, entry: _Entry, least_seconds: float | None = None) -> bool:
        age = self.now - entry.status.st_mtime
        return age >= (self.min_age_seconds if least_seconds is None else least_seconds) or age < -_FUTURE_SECONDS


def _sweep(
    folders: Folders, is_known: Callable[[str], bool], min_age_seconds: float, temp_age_seconds: float
) -> _Sweep:
    with unavailable_if_it_fails("look at its root"):
        owner = folders.root.stat().st_uid
    return _Sweep(folders, is_known, time.time(), min_age_seconds, temp_age_seconds, owner)


def findings(folders: Folders, known: Known, *, min_age_seconds: float, temp_age_seconds: float) -> list[Finding]:
    """See `FileStore.sweep`."""
    is_known = known if callable(known) else known.__contains__
    return sorted(_sweep(folders, is_known, min_age_seconds, temp_age_seconds).below())


def findings_below(folders: Folders, *names: str, temp_age_seconds: float) -> list[Finding]:
    """List what is wrong with one folder of the store and what lies in it, where nothing kept lies."""
    return sorted(_sweep(folders, lambda _digest: True, temp_age_seconds, temp_age_seconds).below(*names))


def is_blank(folders: Folders) -> bool:
    """See `FileStore.is_blank`."""
    with unavailable_if_it_fails("list what it holds"), folders.opened(BLOB_FOLDER) as folder:
        with os.scandir(folder) as found:
            return next(found, None) is None


def held_digests(folders: Folders) -> Iterator[str]:
    """See `FileStore.walk`."""

    def below(*names: str) -> Iterator[str]:
        with unavailable_if_it_fails("list what it holds"):
            _folder, entries = _listing(folders, *names)
        for entry in entries:
            if entry.is_folder_of_ours:
                yield from below(*entry.names)
            elif entry.is_blob:
                yield entry.names[-1]

    return below(BLOB_FOLDER)


def remove_stale_temps(folders: Folders, *, min_age_seconds: float) -> list[str]:
    """See `FileStore.remove_stale_temps`."""
    sweep = _sweep(folders, lambda _digest: True, min_age_seconds, min_age_seconds)
    removed: list[str] = []
    with unavailable_if_it_fails("remove temporary files"), folders.opened(TEMP_FOLDER) as folder:
        for entry in _listing(folders, TEMP_FOLDER)[1]:
            if entry.is_temp and sweep.is_old(entry) and _is_dead(folder, entry.names[-1], remove=True):
                removed.append(entry.names[-1])
    return removed


def _listing(folders: Folders, *names: str) -> tuple[_Entry, list[_Entry]]:
    """Return a folder and what lies in it, by name. Links are not followed."""
    with folders.opened(*names) as folder:
        with os.scandir(folder) as found:
            # Here, and not later: the entries answer through this descriptor.
            entries = [_Entry((*names, entry.name), status) for entry in found if (status := _status_of(entry))]
        return _Entry(names, os.fstat(folder)), sorted(entries, key=lambda entry: entry.names)


def _status_of(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None  # a temporary file whose upload ended between listing and looking


def _is_dead(folder: int, name: str, *, remove: bool = False) -> bool:
    """Return whether no living upload holds the lock of a temporary file; remove it, if asked, under that lock."""
    descriptor = os.open(name, FILE_FLAGS, dir_fd=folder)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if remove:
            os.unlink(name, dir_fd=folder)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
