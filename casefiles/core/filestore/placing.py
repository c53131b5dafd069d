"""Giving a temporary file its place under its digest: never over another file, and alike whether one is there or not.

Whoever brings bytes must not learn, from the answer or from how long it took, that somebody else holds them already.
So both ways cost the same: one reading of the whole file from the disk, and one name made and forced.
"""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress

from casefiles.core.filestore.folders import Folders, folder_names
from casefiles.core.filestore.problems import HeldCopyDamaged, Verdict, unavailable_if_it_fails
from casefiles.core.filestore.reading import verdict_on
from casefiles.core.filestore.writing import TEMP_SUFFIX, TempFile


def place(folders: Folders, temp: TempFile, *, sha256: str, size_bytes: int, check: Callable[[], None]) -> bool:
    """Keep a durable temporary file, and return whether its bytes had been held already, sound.

    `check` reads the temporary file and raises where it is not what was received; where the bytes are held already,
    the held copy is read in its stead, since that is what stays.

    Raises:
        HeldCopyDamaged: these bytes are held already, but the held copy is no longer sound.
        StoreUnavailable: the system refused.
        Whatever `check` raises.
    """
    if _is_taken(folders, sha256):
        _refuse_damaged(folders, sha256, size_bytes)
        _make_another_name(folders, temp, sha256)
        return True
    check()
    was_held = _link(folders, temp, sha256)
    if was_held:
        _refuse_damaged(folders, sha256, size_bytes)
    return was_held


def _is_taken(folders: Folders, sha256: str) -> bool:
    with unavailable_if_it_fails("look for a file"):
        try:
            with folders.opened(*folder_names(sha256)) as folder:
                os.stat(sha256, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True


def _refuse_damaged(folders: Folders, sha256: str, size_bytes: int) -> None:
    # It stays in memory as a new file does: whoever brought the bytes reads them next, and must find that as fast.
    verdict = verdict_on(folders, sha256, size_bytes, is_kept_in_memory=True)
    if verdict is not Verdict.OK:
        raise HeldCopyDamaged(sha256, verdict)


def _link(folders: Folders, temp: TempFile, sha256: str) -> bool:
    """Give the file its name without ever replacing one, and return whether the name was taken meanwhile."""
    names = folder_names(sha256)
    with unavailable_if_it_fails("link a file into place"):
        try:
            return _linked(folders, temp, sha256)
        except FileNotFoundError:
            folders.forget(*names)
            return _linked(folders, temp, sha256)


def _linked(folders: Folders, temp: TempFile, sha256: str) -> bool:
    with folders.made(*folder_names(sha256)) as folder:
        try:
            os.link(temp.name, sha256, src_dir_fd=temp.folder, dst_dir_fd=folder, follow_symlinks=False)
            was_held = False
        except FileExistsError:
            was_held = True
        # Also where the name was taken: who linked it, a moment ago, may not have forced the folder yet.
        os.fsync(folder)
    return was_held


def _make_another_name(folders: Folders, temp: TempFile, sha256: str) -> None:
    """Do what keeping new bytes would do, with a name that goes again; and force the folder of the held copy."""
    name = f"{secrets.token_hex(16)}{TEMP_SUFFIX}"
    with unavailable_if_it_fails("link a file into place"):
        try:
            os.link(temp.name, name, src_dir_fd=temp.folder, dst_dir_fd=temp.folder, follow_symlinks=False)
            with folders.made(*folder_names(sha256)) as folder:
                os.fsync(folder)
            os.fsync(temp.folder)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=temp.folder)
