"""Bytes on their way into the store: pushed in as they arrive, then kept under their digest, or gone."""

from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from casefiles.core.filestore.folders import Folders
from casefiles.core.filestore.keeping import Keeping
from casefiles.core.filestore.problems import DigestDiffers
from casefiles.core.filestore.writing import Limits, Sink, make_durable, read_back, temp_file


@dataclass(frozen=True)
class StoredFile:
    """What was kept. `was_held`: the same bytes had been there already, and were found sound."""

    sha256: str
    size_bytes: int
    was_held: bool


class Incoming:
    """One file being received. Write to it, then `keep` it; closed without that, nothing stays.

    Raises:
        DiskFloorReached, StoreUnavailable: as named; at once, or at any write.
    """

    def __init__(self, folders: Folders, limits: Limits, keeping: Keeping) -> None:
        self._keeping = keeping
        with ExitStack() as opened:
            self._temp = opened.enter_context(temp_file(folders))
            self._sink = Sink(self._temp, limits)
            opened.callback(self._sink.finish)
            self._last = opened.pop_all()

    @property
    def size_bytes(self) -> int:
        return self._sink.size_bytes

    def fileno(self) -> int:
        """Return the descriptor of the temporary file, for reading what came."""
        return self._temp.descriptor

    def write(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises:
            FileTooLarge: more than the limit came.
            DiskFloorReached, StoreUnavailable: as named.
        """
        self._sink.write(chunk)

    def keep(self, *, expected_sha256: str = "") -> StoredFile:
        """Keep the bytes and return their digest; when this returns they survive a power cut.

        Raises:
            DigestDiffers: whoever sent them said another digest.
            StoreUnavailable: the system refused to force, read back or link.
            StoreCorrupted: the disk gave back other bytes than were written.
            HeldCopyDamaged: these bytes are held already, but the held copy is no longer sound.
        """
        sha256, size = self._sink.finish(), self.size_bytes
        if expected_sha256 and expected_sha256 != sha256:
            raise DigestDiffers(sha256)
        make_durable(self._temp)
        was_held = self._keeping.place(
            self._temp,
            sha256=sha256,
            size_bytes=size,
            check=lambda: read_back(self._temp, sha256=sha256),
        )
        self.close()
        return StoredFile(sha256, size, was_held)

    def close(self) -> None:
        """Let go of what was not kept; a second time does nothing."""
        self._last.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
