"""What can go wrong with a stored file, each under its own name."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum


class Verdict(StrEnum):
    """What a check of one held file found."""

    OK = "ok"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    WRONG_SIZE = "wrong_size"
    WRONG_BYTES = "wrong_bytes"
    NOT_A_REGULAR_FILE = "not_a_regular_file"


class StoreError(Exception):
    """Whatever the store refuses or cannot do."""


class TempElsewhere(StoreError):
    """The folder for temporary files is on another filesystem, where a link into the store is impossible."""


class StoreBlank(StoreError):
    """Nothing was ever kept here, although something should have been: most likely a disk that is not mounted."""


class NotADigest(StoreError, ValueError):
    """A name that is not a SHA-256 in lower-case hexadecimal never becomes a path."""


class StoreUnavailable(StoreError):
    """The operating system refused: disk full, read-only, no permission, a failing device. Nothing was kept.

    `errno` is the system's code; the message names no path.
    """

    def __init__(self, doing: str, error: OSError) -> None:
        super().__init__(f"The evidence store could not {doing}: {error.strerror or type(error).__name__}.")
        self.doing = doing
        self.errno = error.errno

    @property
    def is_for_room(self) -> bool:
        """The disk is full, or a quota, or no file may be larger."""
        return self.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class DiskFloorReached(StoreError):
    """Storing would leave less free space than the floor that is kept for the database and for reading on."""

    def __init__(self, *, free_bytes: int, floor_bytes: int) -> None:
        super().__init__(f"{free_bytes} bytes would be free, under the floor of {floor_bytes}.")
        self.free_bytes = free_bytes
        self.floor_bytes = floor_bytes


class FileTooLarge(StoreError):
    """More bytes came than one file may have. Nothing was kept."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"A file may have {max_bytes} bytes at most.")
        self.max_bytes = max_bytes


class DigestDiffers(StoreError):
    """Whoever sent the bytes said another digest than they have. Nothing was kept; `sha256` is what came."""

    def __init__(self, sha256: str) -> None:
        super().__init__("The bytes received do not have the digest that came with them.")
        self.sha256 = sha256


class WrongOffset(StoreError):
    """A piece was to begin elsewhere than where the file that is being continued ends: at `size_bytes`."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"The file goes on at byte {size_bytes}.")
        self.size_bytes = size_bytes


class PartialBusy(StoreError):
    """Another request is adding to the same file at this moment."""


class StoreCorrupted(StoreError):
    """What was read back from the disk is not what was received. Nothing was kept."""


class HeldCopyDamaged(StoreError):
    """The same bytes came again, and the copy held since then is not them any more. It was left as it is."""

    def __init__(self, sha256: str, verdict: Verdict) -> None:
        super().__init__(f"The held copy of {sha256} is damaged: {verdict}.")
        self.sha256 = sha256
        self.verdict = verdict


class NotServed(StoreError):
    """A held file that cannot be given out; `verdict` says why."""

    def __init__(self, sha256: str, verdict: Verdict) -> None:
        super().__init__(f"{sha256} cannot be given out: {verdict}.")
        self.sha256 = sha256
        self.verdict = verdict


class WrongBytes(NotServed):
    """The bytes held are not the ones that were stored."""

    def __init__(self, sha256: str) -> None:
        super().__init__(sha256, Verdict.WRONG_BYTES)


@contextmanager
def unavailable_if_it_fails(doing: str) -> Iterator[None]:
    """Turn the system's errors inside the block into `StoreUnavailable`."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(doing, error) from error
