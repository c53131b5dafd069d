"""A file that comes in pieces, over several requests and perhaps days: what came stays until it is whole or swept.

Two temporary files hold it: the bytes, and beside them a journal with the place, length and SHA-256 of every piece, so
that what lies on the disk at the end can be compared with what was received, by whichever process received it. Bytes
that the journal does not name yet are dropped when the file is opened again.
"""

import errno
import fcntl
import hashlib
import os
import re
import stat
import struct
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from casefiles.core.filestore.folders import FILE_MODE, TEMP_FOLDER, Folders
from casefiles.core.filestore.incoming import StoredFile
from casefiles.core.filestore.keeping import Keeping
from casefiles.core.filestore.problems import (
    DigestDiffers,
    PartialBusy,
    StoreCorrupted,
    StoreUnavailable,
    WrongOffset,
    unavailable_if_it_fails,
)
from casefiles.core.filestore.reading import CHUNK_BYTES
from casefiles.core.filestore.writing import (
    JOURNAL_SUFFIX,
    TEMP_SUFFIX,
    Limits,
    Sink,
    TempFile,
    let_go,
    reopened,
    write_whole,
)

_KEY = re.compile(r"[0-9a-f]{32}")
_PIECE = struct.Struct(">QQ32s")
# O_NONBLOCK: opening a planted pipe must not wait for somebody at its other end.
_MODE = 0o600
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_ATTEMPTS = 5


@dataclass(frozen=True)
class Piece:
    start: int
    size_bytes: int
    sha256: bytes

    @property
    def end(self) -> int:
        return self.start + self.size_bytes


class Partial:
    """What came of one file so far. Opened, it is locked: only one request adds to it at a time.

    Raises:
        PartialBusy: another request has it open.
        StoreUnavailable: the system refused, or something else lies in its place.
    """

    def __init__(self, folders: Folders, limits: Limits, keeping: Keeping, key: str) -> None:
        if _KEY.fullmatch(key) is None:
            raise ValueError("A partial file is named by 32 lower-case hexadecimal digits.")
        self._limits, self._keeping = limits, keeping
        self._is_over = self._is_read = False
        self._pieces: list[Piece] = []
        with ExitStack() as opened, unavailable_if_it_fails("open a file to continue"):
            folder = folders.open(TEMP_FOLDER)
            opened.callback(os.close, folder)
            self._bytes = _opened(folder, f"{key}{TEMP_SUFFIX}")
            opened.callback(self._let_go, self._bytes)
            self._journal = _opened(folder, f"{key}{JOURNAL_SUFFIX}")
            opened.callback(self._let_go, self._journal)
            self._pieces = _pieces_in(self._journal, os.fstat(self._bytes.descriptor).st_size)
            self._is_read = True
            self._cut()
            self._last = opened.pop_all()

    def _let_go(self, temp: TempFile) -> None:
        is_empty = self._is_read and not self._pieces
        let_go(temp, is_removed=self._is_over or is_empty)

    def _cut(self) -> None:
        """Drop what the journal does not name, and what of the journal names nothing."""
        os.ftruncate(self._bytes.descriptor, self.size_bytes)
        os.ftruncate(self._journal.descriptor, len(self._pieces) * _PIECE.size)
        os.lseek(self._bytes.descriptor, 0, os.SEEK_END)
        os.lseek(self._journal.descriptor, 0, os.SEEK_END)

    @property
    def size_bytes(self) -> int:
        """How many bytes came so far, and will survive a power cut."""
        return self._pieces[-1].end if self._pieces else 0

    def sha256(self) -> str:
        """Return the digest of what came so far, read from the disk, so that a sender can compare it with theirs."""
        with reopened(self._bytes) as descriptor:
            return _digest_of(descriptor, 0, self.size_bytes).hex()

    def append(self, chunks: Iterable[bytes], *, at: int) -> int:
        """Add a piece that begins at byte `at`, and return how many bytes the file has then.

        Where `chunks` breaks off with an error, what came before is kept, and the error passes through unchanged.

        Raises:
            WrongOffset: the file does not end there.
            FileTooLarge, DiskFloorReached, StoreUnavailable: as named; whole chunks before that are kept.
        """
        if at != self.size_bytes:
            raise WrongOffset(self.size_bytes)
        sink = Sink(self._bytes, self._limits, start=at)
        try:
            for chunk in chunks:
                sink.write(chunk)
        finally:
            self._note(Piece(at, sink.size_bytes, bytes.fromhex(sink.finish())))
        return self.size_bytes

    def _note(self, piece: Piece) -> None:
        """Make a piece durable, and only then its line in the journal."""
        with unavailable_if_it_fails("force a file to the disk"):
            if piece.size_bytes:
                os.fdatasync(self._bytes.descriptor)
                write_whole(self._journal.descriptor, _PIECE.pack(piece.start, piece.size_bytes, piece.sha256))
                os.fdatasync(self._journal.descriptor)
                self._pieces.append(piece)
            # A chunk that the system took in part only.
            self._cut()

    def keep(self, *, expected_sha256: str = "") -> StoredFile:
        """Keep the file under its digest. The partial file is over after this, unless the place did not take it.

        Raises:
            As `Incoming.keep`.
        """
        self._is_over = True
        with self:
            sha256 = self._whole_digest()
            if expected_sha256 and expected_sha256 != sha256:
                raise DigestDiffers(sha256)
            size = self.size_bytes
            was_held = self._placed(sha256, size)
            return StoredFile(sha256, size, was_held)

    def _placed(self, sha256: str, size_bytes: int) -> bool:
        try:
            return self._keeping.place(self._bytes, sha256=sha256, size_bytes=size_bytes, check=self._check)
        except StoreUnavailable:
            # Hours of sending are not to be lost to a minute of silence. With a second name it lies in the store
            # already, where nobody may write to it any more.
            with suppress(OSError):
                if os.fstat(self._bytes.descriptor).st_nlink == 1:
                    os.fchmod(self._bytes.descriptor, _MODE)
                    self._is_over = False
            raise

    def _whole_digest(self) -> str:
        # Of one piece the digest is known: its bytes were hashed as they came.
        return self._pieces[0].sha256.hex() if len(self._pieces) == 1 else self.sha256()

    def _check(self) -> None:
        """Compare every piece on the disk with the digest that its bytes had when they came, and shut the file."""
        with reopened(self._bytes) as descriptor:
            for piece in self._pieces:
                if _digest_of(descriptor, piece.start, piece.end) != piece.sha256:
                    raise StoreCorrupted("What was read back from the disk is not what was received.")
        with unavailable_if_it_fails("force a file to the disk"):
            os.fchmod(self._bytes.descriptor, FILE_MODE)
            os.fsync(self._bytes.descriptor)

    def discard(self) -> None:
        """Forget what came: the sender wants it no more, or their file changed meanwhile."""
        self._is_over = True
        self.close()

    def close(self) -> None:
        """Let go; what came stays, to be continued. A second time does nothing."""
        self._last.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _opened(folder: int, name: str) -> TempFile:
    """Open a file of ours, or make it, and lock it.

    Another request may have kept or removed the file between our opening and our locking it: then its name leads
    elsewhere by now, or the same bytes have a second name under their digest, and a new file is begun.

    Raises:
        PartialBusy, StoreUnavailable: as for `Partial`.
    """
    for _attempt in range(_ATTEMPTS):
        try:
            temp = TempFile(folder, name, os.open(name, _FLAGS, _MODE, dir_fd=folder))
        except PermissionError:
            # Shut, by a request that was killed before it could give the file its place or take the name away.
            os.unlink(name, dir_fd=folder)
            continue
        try:
            if _is_ours(temp):
                return temp
        except BaseException:
            os.close(temp.descriptor)
            raise
        os.close(temp.descriptor)
    raise PartialBusy("Another request is adding to this file.")


def _is_ours(temp: TempFile) -> bool:
    try:
        fcntl.flock(temp.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise PartialBusy("Another request is adding to this file.") from error
    held = os.fstat(temp.descriptor)
    if not stat.S_ISREG(held.st_mode):
        raise OSError(errno.EPERM, "something else lies in its place")
    if held.st_nlink > 1:
        os.unlink(temp.name, dir_fd=temp.folder)
    with suppress(FileNotFoundError):
        return os.path.samestat(held, os.stat(temp.name, dir_fd=temp.folder, follow_symlinks=False))
    return False


def _pieces_in(journal: TempFile, size_bytes: int) -> list[Piece]:
    """Return the pieces that follow one another without a gap and lie whole within the bytes that there are."""
    pieces: list[Piece] = []
    for piece in _lines_of(journal):
        if piece.start != (pieces[-1].end if pieces else 0) or piece.end > size_bytes:
            break
        pieces.append(piece)
    return pieces


def _lines_of(journal: TempFile) -> Iterator[Piece]:
    offset = 0
    while len(line := os.pread(journal.descriptor, _PIECE.size, offset)) == _PIECE.size:
        yield Piece(*_PIECE.unpack(line))
        offset += len(line)


def _digest_of(descriptor: int, start: int, end: int) -> bytes:
    """Return the SHA-256 of a part of an open file; of what there is, where it ends early."""
    digest = hashlib.sha256()
    while start < end and (chunk := os.pread(descriptor, min(CHUNK_BYTES, end - start), start)):
        digest.update(chunk)
        start += len(chunk)
    return digest.digest()
