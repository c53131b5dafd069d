"""The store: bytes come in once and stay as they came."""

import sys
from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path

from casefiles.core.filestore.folders import TEMP_FOLDER, Folders, folder_names
from casefiles.core.filestore.incoming import Incoming, StoredFile
from casefiles.core.filestore.keeping import Keeping, Tree
from casefiles.core.filestore.partial import Partial
from casefiles.core.filestore.problems import NotServed, Verdict, WrongBytes
from casefiles.core.filestore.reading import EAGER_BYTES, Spend, VerifiedFile, free
from casefiles.core.filestore.sweeping import Finding
from casefiles.core.filestore.writing import Limits, refuse_under_floor


class FileStore:
    """Files under `<root>/blobs/ab/cd/<sha256>`, mode 0400 in folders of mode 0700, whatever the umask.

    `keeping` may say that kept bytes lie elsewhere; what is on its way lies below the root in any case. `floor_bytes`
    of free space are left for the database; `max_bytes` is the most one file may have. An instance may be shared by
    threads; several processes may use one root.

    Raises:
        TempElsewhere: `<root>/tmp` is on another filesystem than `<root>/blobs`.
        StoreUnavailable: the folders cannot be made or opened.
    """

    def __init__(
        self,
        root: Path,
        *,
        floor_bytes: int = 0,
        max_bytes: int | None = None,
        keeping: Callable[[Folders], Keeping] = Tree,
    ) -> None:
        self._folders = Folders(root)
        self._keeping = keeping(self._folders)
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

    def adopt(self, sha256: str, *, held_by: "FileStore") -> bool:
        """Keep a file that another store holds, and return whether it was here already, sound.

        It is hashed where it lies before it is sent, and read back and hashed here; nothing goes from the other store.

        Raises:
            WrongBytes, NotServed: the other store does not hold it as it should.
            HeldCopyDamaged: it was here already, and is not sound.
            StoreCorrupted: what was read back is not what was sent.
            StoreUnavailable: this store does not answer.
        """
        with held_by.open_verified(sha256, eager_bytes=sys.maxsize) as held, held.as_file() as body:
            return self._keeping.adopt(body, sha256=sha256, size_bytes=held.size_bytes)

    def refuse_under_floor(self, needed_bytes: int = 0) -> None:
        """Raise DiskFloorReached where so many bytes more would leave less than the floor: asked before they come."""
        with self._folders.opened(TEMP_FOLDER) as folder:
            refuse_under_floor(folder, self._limits.floor_bytes, needed_bytes=needed_bytes)

    def incoming(self) -> Incoming:
        """Return a file to push bytes into; close it, whatever happens.

        Raises:
            DiskFloorReached, StoreUnavailable: as named.
        """
        return Incoming(self._folders, self._limits, self._keeping)

    def partial(self, key: str) -> Partial:
        """Return what came so far under a key, to add to it; close it, whatever happens.

        `key` is 32 lower-case hexadecimal digits, made so that nobody else can name them.

        Raises:
            PartialBusy: another request is adding to it.
            StoreUnavailable: the system refused, or something else lies in its place.
        """
        return Partial(self._folders, self._limits, self._keeping, key)

    def open_verified(
        self, sha256: str, *, size_bytes: int | None = None, eager_bytes: int = EAGER_BYTES
    ) -> VerifiedFile:
        """Open a held file for giving out, and close it after.

        Up to `eager_bytes` the whole file is hashed here, before the first byte; above that while it streams, with the
        last chunk held back until the digest is known.

        Raises:
            WrongBytes: the bytes held are not the ones stored (above `eager_bytes`: raised by the iteration).
            NotServed: missing, unreadable, not a regular file or, where `size_bytes` is given, of another size.
            StoreUnavailable: where kept bytes lie does not answer.
            NotADigest: `sha256` is not one.
        """
        try:
            return self._opened(sha256, size_bytes, eager_bytes)
        except WrongBytes:
            if not self._keeping.forget_copy(sha256):
                raise
            # What was read was a copy that lies on this machine: what is held has its say.
            return self._opened(sha256, size_bytes, eager_bytes)

    def _opened(self, sha256: str, size_bytes: int | None, eager_bytes: int) -> VerifiedFile:
        held = VerifiedFile(self._keeping.open(sha256), sha256)
        try:
            if size_bytes is not None and held.size_bytes != size_bytes:
                raise NotServed(sha256, Verdict.WRONG_SIZE)
            if held.size_bytes <= eager_bytes:
                held.refuse_wrong_bytes()
        except BaseException:
            held.close()
            raise
        held.forget_copy = self._keeping.forget_copy
        return held

    def verify(self, sha256: str, size_bytes: int | None = None, *, spend: Spend = free) -> Verdict:
        """Read a held file whole and say whether it is what was stored.

        `spend` is told how many bytes each read brought, and may wait.

        Raises:
            StoreUnavailable: where kept bytes lie does not answer.
            NotADigest: `sha256` is not one.
        """
        return self._keeping.verdict_on(sha256, size_bytes, spend=spend)

    def path_of(self, sha256: str) -> Path:
        """Return where a digest lies, or would lie, in the tree of this machine.

        Raises:
            NotADigest: it is not 64 lower-case hexadecimal digits.
        """
        return self.root.joinpath(*folder_names(sha256), sha256)

    def stamp(self, sha256: str) -> list[str]:
        """Return what changes when somebody changes or replaces a held file; empty where there is none.

        Raises:
            StoreUnavailable: where kept bytes lie does not answer.
        """
        return self._keeping.stamp(sha256)

    def reach(self) -> None:
        """Raise StoreUnavailable where kept bytes lie somewhere that does not answer."""
        self._keeping.reach()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was ever kept here: a folder that once held a file stays when the file is gone."""
        return self._keeping.is_blank()

    def walk(self) -> Iterator[str]:
        """Yield every held digest, in order, without reading the files."""
        return self._keeping.walk()

    def sweep(
        self,
        known: Container[str] | Callable[[str], bool],
        *,
        min_age_seconds: float,
        temp_age_seconds: float | None = None,
    ) -> list[Finding]:
        """List what lies in the store and should not, in order of path; nothing is changed.

        `known` answers whether a row names a digest; it is asked in ascending order. Files younger than
        `min_age_seconds` are left out as orphans: their row may be about to be written. Temporary files younger than
        `temp_age_seconds`, where it is another age, are left out too: somebody may go on with them.
        """
        temps = min_age_seconds if temp_age_seconds is None else temp_age_seconds
        return self._keeping.findings(known, min_age_seconds=min_age_seconds, temp_age_seconds=temps)

    def remove_stale_temps(self, *, min_age_seconds: float) -> list[str]:
        """Remove temporary files of dead uploads and return their names; nothing else is ever removed.

        A file goes only if it has the name of a temporary file, is that old, and no living upload holds its lock.
        """
        return self._keeping.remove_stale_temps(min_age_seconds=min_age_seconds)
