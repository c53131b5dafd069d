"""Strict reading of tags: of TIFF and BigTIFF files, and of the EXIF block inside other images.

A structure is a chain of directories; a directory is a list of entries; an entry names the place of its values. Values
are read when they are asked for, so that what is not asked for costs nothing, however much is claimed.
TIFF 6.0 (Adobe, 1992), https://www.loc.gov/preservation/digital/formats/content/tiff_tags.shtml; BigTIFF
(libtiff), https://libtiff.gitlab.io/libtiff/specification/bigtiff.html
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from casefiles.evidence.readers.findings import NotParsed

MOST_DIRECTORIES = 1_000
MOST_ENTRIES = 4_096
MOST_BYTES = 8 * 1024 * 1024
TIFF_MARKS = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")

_ASCII, _UNDEFINED, _UTF8 = 2, 7, 129
# The type of an entry: how many bytes one value has, and how `struct` calls it. A rational is two numbers.
_TYPES = {
    1: (1, "B"), 2: (1, "s"), 3: (2, "H"), 4: (4, "I"), 5: (8, "I"), 6: (1, "b"), 7: (1, "s"), 8: (2, "h"),
    9: (4, "i"), 10: (8, "i"), 11: (4, "f"), 12: (8, "d"), 13: (4, "I"), 16: (8, "Q"), 17: (8, "q"), 18: (8, "Q"),
    129: (1, "s"),
}  # fmt: skip
_RATIONALS = frozenset({5, 10})

Number = int | float


class Damaged(NotParsed):
    """The structure contradicts itself, or the file that it stands in."""


@dataclass(frozen=True)
class Entry:
    """Where the values of one tag stand: `count` of one type, from `place` on."""

    type: int
    count: int
    place: int

    @property
    def size_bytes(self) -> int:
        return _TYPES[self.type][0] * self.count


@dataclass(frozen=True)
class Structure:
    """An open file, or a block of bytes, that holds directories of tags from `start` on."""

    file: BinaryIO
    order: str
    is_big: bool
    first: int
    size_bytes: int

    @classmethod
    def of(cls, file: BinaryIO) -> "Structure":
        """Read the head of a TIFF, of a BigTIFF, or of an EXIF block without its mark.

        Raises:
            Damaged: it has none.
        """
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        head = file.read(16)
        order = {b"II": "<", b"MM": ">"}.get(head[:2], "")
        if not order or head[:4] not in TIFF_MARKS or len(head) < 8:
            raise Damaged("it does not begin as a TIFF does")
        is_big = 43 in head[2:4]
        if not is_big:
            return cls(file, order, False, struct.unpack_from(f"{order}I", head, 4)[0], size)
        if len(head) < 16 or struct.unpack_from(f"{order}HH", head, 4) != (8, 0):
            raise Damaged("it does not begin as a BigTIFF does")
        return cls(file, order, True, struct.unpack_from(f"{order}Q", head, 8)[0], size)

    def directories(self) -> Iterator["Directory"]:
        """Yield the directories of the chain, the first of which must be there.

        Raises:
            Damaged: the chain is empty, goes in a circle, is too long, or leads out of the file.
        """
        seen: set[int] = set()
        place = self.first
        if not place:
            raise Damaged("it has no directory")
        while place:
            if place in seen:
                raise Damaged("its directories go in a circle")
            if len(seen) >= MOST_DIRECTORIES:
                raise Damaged(f"it has more than {MOST_DIRECTORIES:,} directories")
            seen.add(place)
            directory = self.directory(place)
            yield directory
            place = directory.next_place

    def directory(self, place: int) -> "Directory":
        """Read the directory that begins at a place.

        Raises:
            Damaged: there is none.
        """
        count_code, count_size, entry_size = ("Q", 8, 20) if self.is_big else ("H", 2, 12)
        count = self.unpacked(count_code, self.read(place, count_size))[0]
        if not 0 < count <= MOST_ENTRIES:
            raise Damaged("a directory of it is empty, or too long")
        rows = self.read(place + count_size, count * entry_size)
        after = place + count_size + count * entry_size
        entries: dict[int, Entry] = {}
        for start in range(0, len(rows), entry_size):
            tag, entry = self._entry(rows[start : start + entry_size], after - len(rows) + start)
            if entry is not None:
                entries.setdefault(tag, entry)
        return Directory(self, entries, self._next(after))

    def _entry(self, row: bytes, place: int) -> tuple[int, Entry | None]:
        """Return a tag and where its values stand; None where its type is not known."""
        tag, kind, count = self.unpacked("HHQ" if self.is_big else "HHI", row[: 12 if self.is_big else 8])
        if kind not in _TYPES:
            return tag, None
        room, at = (8, 12) if self.is_big else (4, 8)
        if _TYPES[kind][0] * count <= room:
            return tag, Entry(kind, count, place + at)
        return tag, Entry(kind, count, self.unpacked("Q" if self.is_big else "I", row[at:])[0])

    def _next(self, place: int) -> int:
        size = 8 if self.is_big else 4
        # Some writers of EXIF leave the last link out altogether.
        if place + size > self.size_bytes:
            return 0
        return int(self.unpacked("Q" if self.is_big else "I", self.read(place, size))[0])

    def unpacked(self, code: str, content: bytes) -> tuple[int, ...]:
        return struct.unpack(self.order + code, content)

    def read(self, place: int, size: int, *, most: int = MOST_BYTES) -> bytes:
        """Return bytes of the file, as many as are asked for.

        Raises:
            Damaged: they lie beyond its end, or are more than is read at once.
        """
        if size > most:
            raise Damaged("a value of it is larger than is read")
        if place < 0 or place + size > self.size_bytes:
            raise Damaged("a part of it lies beyond the end of the file")
        self.file.seek(place)
        content = self.file.read(size)
        if len(content) != size:
            raise Damaged("a part of it lies beyond the end of the file")
        return content


@dataclass(frozen=True)
class Directory:
    """The tags of one picture; where the next directory begins, or 0."""

    structure: Structure
    entries: dict[int, Entry]
    next_place: int

    def __contains__(self, tag: int) -> bool:
        return tag in self.entries

    def content(self, tag: int) -> bytes:
        """Return the bytes of a tag's values as they stand; none where it is not there."""
        entry = self.entries.get(tag)
        return self.structure.read(entry.place, entry.size_bytes) if entry else b""

    def numbers(self, tag: int) -> tuple[Number, ...]:
        """Return a tag's values; a fraction without a denominator is not a number (NaN). Text has none."""
        entry = self.entries.get(tag)
        if entry is None or entry.type in (_ASCII, _UNDEFINED, _UTF8):
            return ()
        content = self.content(tag)
        count = entry.count * (2 if entry.type in _RATIONALS else 1)
        values: tuple[Number, ...] = struct.unpack(f"{self.structure.order}{count}{_TYPES[entry.type][1]}", content)
        if entry.type not in _RATIONALS:
            return values
        return tuple(above / below if below else float("nan") for above, below in zip(*[iter(values)] * 2, strict=True))

    def number(self, tag: int, default: int) -> int:
        """Return the one whole number of a tag.

        Raises:
            Damaged: it holds something else.
        """
        if tag not in self.entries:
            return default
        values = self.numbers(tag)
        if len(values) != 1 or not isinstance(values[0], int):
            raise Damaged("a value of it is not of the kind that it must be")
        return values[0]

    def whole_numbers(self, tag: int) -> tuple[int, ...]:
        """Return a tag's values.

        Raises:
            Damaged: one is not a whole number.
        """
        values = self.numbers(tag)
        if not all(isinstance(value, int) for value in values):
            raise Damaged("a value of it is not of the kind that it must be")
        return tuple(int(value) for value in values)

    def text(self, tag: int) -> str:
        """Return a tag's text up to its first NUL, without blanks around it; bytes that are not UTF-8 as Latin-1."""
        content = self.content(tag).split(b"\x00", 1)[0]
        try:
            return content.decode("utf-8").strip()
        except UnicodeDecodeError:
            return content.decode("latin-1").strip()

    def below(self, tag: int) -> "Directory | None":
        """Return the directory that a tag points at, such as that of EXIF; None where there is none.

        Raises:
            Damaged: it points nowhere.
        """
        place = self.number(tag, 0)
        return self.structure.directory(place) if place else None
