"""A part of a file, as a file of its own."""

import io
from typing import BinaryIO


def section(file: BinaryIO, start: int, size_bytes: int) -> BinaryIO:
    """Return `size_bytes` of a file from `start` on, seekable; others may read the file between two reads."""
    return io.BufferedReader(_Section(file, start, size_bytes))


class _Section(io.RawIOBase):
    def __init__(self, file: BinaryIO, start: int, size_bytes: int) -> None:
        self._file, self._start, self._size_bytes, self._position = file, start, size_bytes, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size_bytes}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._start + self._position)
        chunk = self._file.read(max(0, min(len(buffer), self._size_bytes - self._position)))
        buffer[: len(chunk)] = chunk
        self._position += len(chunk)
        return len(chunk)
