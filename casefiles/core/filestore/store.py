"""The store: bytes come in once and stay as they came."""

from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path

from casefiles.core.filestore import sweeping
from casefiles.core.filestore.folders import TEMP_FOLDER, Folders, folder_names
from casefiles.core.filestore.incoming import Incoming, StoredFile
from casefiles.core.filestore.partial import Partial
from casefiles.core.filestore.problems import Verdict
from casefiles.core.filestore.reading import EAGER_BYTES, Spend, VerifiedFile, free, open_checked, verdict_on
from casefiles.core.filestore.sweeping import Finding
from casefiles.core.filestore.writing import Limits, refuse_under_floor


class FileStore:
    """Files under `<root>/blobs/ab/cd/<sha256>`, mode 0400 in folders of mode 0700, whatever the umask.

    `floor_bytes` of free space are left for the database; `max_bytes` is the most one file may have. An instance may
    be shared by threads; several processes may use one root.

    Raises:
        TempElsewhere: `<root>/tmp` is on another filesystem than `<root>/blobs`.
        StoreUnavailable: the folders cannot be made or opened.
    """

    def __init__(self, root: Path, *, floor_bytes: int = 0, max_bytes: int | None = None) -> None:
        self._folders = Folders(root)
        self._limits = Limits(floor_bytes=floor_bytes, max_bytes=max_bytes)
        self.root = self._folders.root

    def store(self, chunks: Iterable[bytes]) -> StoredFile:
        """Keep the bytes and return their digest; when this returns they survive a power cut.

        An empty file is kept like any other: whether it should be is the caller's question. An error raised by
        `chunks` passes through unchanged, and nothing is kept.

        Raises:
            FileTooLarge: more than `max_bytes` came.
            DiskFloorReached: free space is, or would fall, under the floor.
            StoreUnavailable: the system refused to write, force, read back or link.
            StoreCorrupted: the disk gave back other bytes than were written.
            HeldCopyDamaged: these bytes are held already, but the held copy is no longer sound.
        """
        with self.incoming() as incoming:
            for chunk in chunks:
                incoming.write(chunk)
            return incoming.keep()

    def refuse_under_floor(self, needed_bytes: int = 0) -> None:
        """Raise DiskFloorReached where so many bytes more would leave less than the floor: asked before they come."""
        with self._folders.opened(TEMP_FOLDER) as folder:
            refuse_under_floor(folder, self._limits.floor_bytes, needed_bytes=needed_bytes)

    def incoming(self) -> Incoming:
        """Return a file to push bytes into; close it, whatever happens.

        Raises:
            DiskFloorReached, StoreUnavailable: as named.
        """
        return Incoming(self._folders, self._limits)

    def partial(self, key: str) -> Partial:
        """Return what came so far under a key, to add to it; close it, whatever happens.

        `key` is 32 lower-case hexadecimal digits, made so that nobody else can name them.

        Raises:
            PartialBusy: another request is adding to it.
            StoreUnavailable: the system refused, or something else lies in its place.
        """
        return Partial(self._folders, self._limits, key)

    def open_verified(
        self, sha256: str, *, size_bytes: int | None = None, eager_bytes: int = EAGER_BYTES
    ) -> VerifiedFile:
        """Open a held file for giving out, and close it after.

        Up to `eager_bytes` the whole file is hashed here, before the first byte; above that while it streams, with the
        last chunk held back until the digest is known.

        Raises:
            WrongBytes: the bytes held are not the ones stored (above `eager_bytes`: raised by the iteration).
            NotServed: missing, unreadable, not a regular file or, where `size_bytes` is given, of another size.
            NotADigest: `sha256` is not one.
        """
        return open_checked(self._folders, sha256, size_bytes=size_bytes, eager_bytes=eager_bytes)

    def verify(self, sha256: str, size_bytes: int | None = None, *, spend: Spend = free) -> Verdict:
        """Read a held file whole and say whether it is what was stored. Raises only NotADigest.

        `spend` is told how many bytes each read brought, and may wait.
        """
        return verdict_on(self._folders, sha256, size_bytes, spend=spend)

    def path_of(self, sha256: str) -> Path:
        """Return where a digest lies, or would lie.

        Raises:
            NotADigest: it is not 64 lower-case hexadecimal digits.
        """
        return self.root.joinpath(*folder_names(sha256), sha256)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was ever kept here: a folder that once held a file stays when the file is gone."""
        return sweeping.is_blank(self._folders)

    def walk(self) -> Iterator[str]:
        """Yield every held digest, in order, without reading the files."""
        return sweeping.held_digests(self._folders)

    def sweep(self, known: Container[str] | Callable[[str], bool], *, min_age_seconds: float) -> list[Finding]:
        """List what lies in the store and should not, in order of path; nothing is changed.

        `known` answers whether a row names a digest; it is asked in ascending order. Files younger than
        `min_age_seconds` are left out as orphans and stale temporary files: their row may be about to be written.
        """
        return sweeping.findings(self._folders, known, min_age_seconds=min_age_seconds)

    def remove_stale_temps(self, *, min_age_seconds: float) -> list[str]:
        """Remove temporary files of dead uploads and return their names; nothing else is ever removed.

        A file goes only if it has the name of a temporary file, is that old, and no living upload holds its lock.
        """
        return sweeping.remove_stale_temps(self._folders, min_age_seconds=min_age_seconds)
