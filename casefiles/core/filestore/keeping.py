"""Where kept bytes lie: what the store asks of the place, whichever it is."""

from collections.abc import Callable, Container, Iterator
from typing import BinaryIO, Protocol

from casefiles.core.filestore import placing, reading, sweeping
from casefiles.core.filestore.folders import Folders, folder_names
from casefiles.core.filestore.problems import NotADigest, Verdict
from casefiles.core.filestore.reading import Spend
from casefiles.core.filestore.sweeping import Finding
from casefiles.core.filestore.writing import TempFile

Known = Container[str] | Callable[[str], bool]


class Keeping(Protocol):
    """A place that takes bytes once, under their digest, and gives them back as they came."""

    def reach(self) -> None:
        """Raise StoreUnavailable where the place does not answer."""

    def place(self, temp: TempFile, *, sha256: str, size_bytes: int, check: Callable[[], None]) -> bool:
        """Keep a durable temporary file, and return whether its bytes had been held already; see `placing.place`."""

    def adopt(self, body: BinaryIO, *, sha256: str, size_bytes: int) -> bool:
        """Keep a file that another place holds, read from its beginning, and return whether it was here already.

        Called by whoever keeps the installation, who may know what is held; see `FileStore.adopt`.
        """

    def open(self, sha256: str) -> int:
        """Open a held file and return its descriptor, unchecked.

        Raises:
            NotServed: it is missing, unreadable or not a regular file.
            StoreUnavailable: the place does not answer.
        """

    def forget_copy(self, sha256: str) -> bool:
        """Let go of a copy of a held file that turned out to be wrong; False where what is read is no copy."""

    def verdict_on(self, sha256: str, size_bytes: int | None, *, spend: Spend) -> Verdict:
        """Read a held file whole, where it lies, and say whether it is what was stored.

        Raises:
            StoreUnavailable: the place does not answer, so nothing can be said about the file.
        """

    def stamp(self, sha256: str) -> list[str]:
        """Return what changes when somebody writes to a held file or puts another in its place; empty without one.

        Raises:
            StoreUnavailable: the place does not answer.
        """

    def is_blank(self) -> bool: ...

    def walk(self) -> Iterator[str]: ...

    def findings(self, known: Known, *, min_age_seconds: float, temp_age_seconds: float) -> list[Finding]: ...

    def remove_stale_temps(self, *, min_age_seconds: float) -> list[str]: ...


class Tree:
    """Folders of this machine, beside the folder for temporary files: a name is linked, never written over."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders

    def reach(self) -> None:
        """Its folders were opened when the store was."""

    def place(self, temp: TempFile, *, sha256: str, size_bytes: int, check: Callable[[], None]) -> bool:
        return placing.place(self._folders, temp, sha256=sha256, size_bytes=size_bytes, check=check)

    def adopt(self, body: BinaryIO, *, sha256: str, size_bytes: int) -> bool:
        raise NotImplementedError("A tree takes what arrives, not what another place holds.")

    def open(self, sha256: str) -> int:
        return reading.open_held(self._folders, sha256)

    def forget_copy(self, sha256: str) -> bool:
        return False

    def verdict_on(self, sha256: str, size_bytes: int | None, *, spend: Spend) -> Verdict:
        return reading.verdict_on(self._folders, sha256, size_bytes, spend=spend)

    def stamp(self, sha256: str) -> list[str]:
        try:
            found = self._folders.root.joinpath(*folder_names(sha256), sha256).stat(follow_symlinks=False)
        except (OSError, NotADigest):
            return []
        return [str(value) for value in (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)]

    def is_blank(self) -> bool:
        return sweeping.is_blank(self._folders)

    def walk(self) -> Iterator[str]:
        return sweeping.held_digests(self._folders)

    def findings(self, known: Known, *, min_age_seconds: float, temp_age_seconds: float) -> list[Finding]:
        ages = {"min_age_seconds": min_age_seconds, "temp_age_seconds": temp_age_seconds}
        return sweeping.findings(self._folders, known, **ages)

    def remove_stale_temps(self, *, min_age_seconds: float) -> list[str]:
        return sweeping.remove_stale_temps(self._folders, min_age_seconds=min_age_seconds)
