"""A file as numbered lines of text, in memory of one line: whatever its encoding, and however long a line is."""

import io
from collections.abc import Iterable, Iterator

from casefiles.evidence.readers.encodings import encoding_of

LONGEST_LINE = 20_000
SAMPLE_BYTES = 256 * 1024


class ChunkStream(io.RawIOBase):
    """Chunks of bytes as a stream that can be read once; `position` is how far it has been read."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")
        self.position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        self.position += count
        return count


def encoding_in(sample: bytes, said: str = "") -> str:
    """Return the encoding of a file, from its beginning; a mark at its start is left out of what is read."""
    encoding, _is_certain = encoding_of(sample[:SAMPLE_BYTES], said)
    return encoding


def text_of(stream: io.RawIOBase, encoding: str) -> io.TextIOWrapper:
    """Return the text of a stream; bytes that are none in this encoding are shown as such, and break nothing."""
    buffered = io.BufferedReader(stream, buffer_size=1024 * 1024)
    return io.TextIOWrapper(buffered, encoding=encoding, errors="replace", newline=None)


def numbered(text: io.TextIOBase) -> Iterator[tuple[int, str]]:
    """Yield every line with its number, from 1; of one that is far too long, the beginning."""
    number, readline = 0, text.readline
    while line := readline(LONGEST_LINE):
        number += 1
        yield number, line
        while len(line) == LONGEST_LINE and not line.endswith("\n"):
            line = readline(LONGEST_LINE)
