"""Unpacking gzip member by member, within bounds, and telling where each byte came from.

Web archives are gzipped one record a member, so that each can be opened by itself. Nothing is believed of the header of
a member: the name in it is never read.
"""

import zlib
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

MAGIC = b"\x1f\x8b"
_CHUNK = 64 * 1024
MEBIBYTE = 1024 * 1024
# Honest pages shrink to a tenth; what grows a hundredfold was made to.
MOST_GROWTH = 100
MOST_BYTES = 8 * 1024 * MEBIBYTE
ALWAYS_BYTES = 256 * MEBIBYTE


@dataclass(frozen=True, order=True)
class Place:
    """Where something begins: the byte at which unpacking starts, and how many unpacked bytes are left out then."""

    raw: int
    skip: int = 0


OpenAt = Callable[[int], BinaryIO]


class Plain:
    """Bytes that are not packed, read from a place on. `head` are those that were read already."""

    def __init__(self, file: BinaryIO, head: bytes, place: Place) -> None:
        self._file, self._head, self._start = file, head, place.raw
        self.trouble = ""

    def read(self, size: int) -> bytes:
        content, self._head = self._head[:size], self._head[size:]
        return content or self._file.read(size)

    def place_of(self, position: int) -> Place:
        return Place(self._start + position)


class Unpacked:
    """What gzip members hold, read from a place on, as if it were one stream. `head` are bytes that were read already.

    It ends where the file ends, or where it cannot go on; `trouble` then says why, in our words. It may always give
    `always_bytes`, however little it is made of.
    """

    def __init__(self, file: BinaryIO, head: bytes, place: Place, *, always_bytes: int = ALWAYS_BYTES) -> None:
        self._file, self._always_bytes = file, always_bytes
        self._base = place.raw
        self._waiting, self._taken = head, len(head)
        self._given = 0
        self._left_out = place.skip
        self._member: zlib._Decompress | None = None
        self._unpacked_starts = [0]
        self._raw_starts = [place.raw]
        self.trouble = ""
        self._leave_out(place.skip)

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes; nothing at the end."""
        content = b""
        while not content and not self.trouble:
            if not self._waiting and not self._more():
                break
            content = self._step(size)
        self._given += len(content)
        self._refuse_bombs()
        return content

    def place_of(self, position: int) -> Place:
        """Return where an unpacked byte that was read, counted from the start of this stream, can be found again."""
        position += self._left_out
        index = bisect_right(self._unpacked_starts, position) - 1
        return Place(self._raw_starts[index], position - self._unpacked_starts[index])

    def _leave_out(self, skip: int) -> None:
        while skip > 0:
            piece = self.read(min(skip, _CHUNK))
            if not piece:
                return
            skip -= len(piece)

    def _more(self) -> bool:
        self._waiting = self._file.read(_CHUNK)
        self._taken += len(self._waiting)
        if not self._waiting and self._member is not None:
            self.trouble = f"the compressed data that begins at byte {self._raw_starts[-1]} is cut off"
        return bool(self._waiting)

    def _step(self, size: int) -> bytes:
        if self._member is None and not self._begun():
            return b""
        assert self._member is not None
        try:
            content = self._member.decompress(self._waiting, size)
        except zlib.error:
            self.trouble = f"the compressed data that begins at byte {self._raw_starts[-1]} is damaged"
            return b""
        if self._member.eof:
            self._waiting, self._member = self._member.unused_data, None
        else:
            self._waiting = self._member.unconsumed_tail
        return content

    def _begun(self) -> bool:
        """Start the next member, or say that what stands there is none; zeros at the end are filling."""
        start = self._base + self._taken - len(self._waiting)
        if len(self._waiting) < len(MAGIC):
            self._waiting += self._file.read(_CHUNK)
            self._taken = start - self._base + len(self._waiting)
        if not self._waiting.startswith(MAGIC):
            if self._waiting.strip(b"\x00"):
                self.trouble = f"what follows at byte {start} is not compressed with gzip"
            self._waiting = b""
            return False
        self._member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        if self._given > self._unpacked_starts[-1]:
            self._unpacked_starts.append(self._given)
            self._raw_starts.append(start)
        else:
            # Nothing was in the member before: what comes now begins here.
            self._raw_starts[-1] = start
        return True

    def _refuse_bombs(self) -> None:
        most = min(MOST_BYTES, max(self._always_bytes, MOST_GROWTH * self._taken))
        if self._given > most:
            self.trouble = "it unpacks to far more than it holds, and was read no further"


def unpacked(open_at: OpenAt, place: Place = Place(0)) -> Plain | Unpacked:  # noqa: B008 (frozen)
    """Open what stands at a place, unpacked where it begins like gzip."""
    file = open_at(place.raw)
    head = file.read(len(MAGIC))
    return Unpacked(file, head, place) if head == MAGIC else Plain(file, head, place)
