"""The numbers in the strips and tiles of a TIFF, unpacked a few rows at a time so that no size claimed costs memory."""

import array
import io
import itertools
import struct
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from PIL import Image

from casefiles.evidence.readers.findings import NotParsed
from casefiles.evidence.readers.layouts import Layout

# Of a number, by its kind and bits: the letter of `array`, and how Pillow calls it in this machine's order of bytes.
TYPES: Final = {
    (1, 8): ("B", "F;8"), (1, 16): ("H", "F;16N"), (1, 32): ("I", "F;32N"), (2, 8): ("b", "F;8S"),
    (2, 16): ("h", "F;16NS"), (2, 32): ("i", "F;32NS"), (3, 32): ("f", "F;32NF"), (3, 64): ("d", "F;64NF"),
    (4, 8): ("B", "F;8"), (4, 16): ("H", "F;16N"), (4, 32): ("I", "F;32N"),
}  # fmt: skip
_UNSIGNED = {1: "B", 2: "H", 4: "I"}
_PIECE_BYTES = 1024 * 1024
_MOST_AT_ONCE = 128 * 1024 * 1024
_NONE, _DEFLATE, _DIFFERENCES = 1, (8, 32946), 2
# Unpacked by libtiff, as one band of bytes: LZW, PackBits, LZMA, Zstandard.
_BY_LIBTIFF = frozenset({5, 32773, 34925, 50000})

STRANGE = "its numbers are packed in a way that is not drawn"
SHORT = "it holds fewer pixels than it claims"
DAMAGED = "it is damaged, or no picture of a known form"
LARGE = "its strips or tiles are larger than are drawn"


def is_readable(layout: Layout) -> bool:
    """Say whether numbers of this kind, packed in this way, can be read here."""
    is_number = (layout.number_kind, layout.bits) in TYPES
    has_known_predictor = layout.predictor == 1 or (layout.predictor == _DIFFERENCES and layout.number_kind != 3)
    return is_number and has_known_predictor and layout.compression in {_NONE, *_DEFLATE, *_BY_LIBTIFF}


def groups_of_rows(
    layout: Layout, bands: Sequence[int], number: int, *, rows: int, each: int = 1
) -> Iterator[list[Image.Image]]:
    """Yield some bands of a strip or tile from its top, in groups of `each` rows or several such, as floating point.

    `number` counts the blocks of one band, and `rows` those of the block that belong to the picture. Where numbers are
    stored as differences, only the first row of each group is summed up, and stands for all of it.

    Raises:
        NotParsed: the block holds fewer numbers than it must, or is packed in a way that is not read here.
    """
    if not is_readable(layout):
        raise NotParsed(STRANGE)
    row_bytes = layout.block_width * _together(layout) * layout.bits // 8
    if row_bytes * each > _MOST_AT_ONCE:
        raise NotParsed(LARGE)
    at_once = each * max(1, 4 * _PIECE_BYTES // (row_bytes * each))
    sources = _sources(layout, bands, number, rows)
    for start in range(0, rows, at_once):
        height = min(at_once, rows - start)
        yield [
            _band(layout, content, first, each=each) if content is not None else _empty(layout, height)
            for take, firsts in sources
            for content in [take(row_bytes * height) if take else None]
            for first in firsts
        ]


def _together(layout: Layout) -> int:
    """Return how many bands lie in one block, number beside number."""
    return 1 if layout.is_apart else layout.bands


def _sources(
    layout: Layout, bands: Sequence[int], number: int, rows: int
) -> list[tuple["Taker | None", tuple[int, ...]]]:
    """Return what gives the bytes of each block that holds some of the bands, and where in it these begin."""
    if not layout.is_apart:
        return [(_taker(layout, number, rows=rows), tuple(bands))]
    per_band = layout.blocks_across * layout.blocks_down
    return [(_taker(layout, number + band * per_band, rows=rows), (0,)) for band in bands]


def _empty(layout: Layout, height: int) -> Image.Image:
    """Return the rows of a block that GDAL left out because it is empty."""
    return Image.new("F", (layout.block_width, height), layout.no_data or 0.0)


def _band(layout: Layout, content: bytes, first: int, *, each: int) -> Image.Image:
    """Return one band out of the bytes of some rows."""
    letter, raw = TYPES[layout.number_kind, layout.bits]
    together, width = _together(layout), layout.block_width
    values: array.array[Any] = array.array(letter, content)
    is_native = (layout.directory.structure.order == "<") == (sys.byteorder == "little")
    if not is_native:
        values.byteswap()
    if layout.predictor == _DIFFERENCES:
        values = _summed(values, in_row=width * together, together=together, first=first, each=each)
    else:
        values = values[first::together]
    return Image.frombytes("F", (width, len(values) // width), values.tobytes(), "raw", raw)


def _summed(values: "array.array[Any]", *, in_row: int, together: int, first: int, each: int) -> "array.array[Any]":
    """Return one band of numbers that are differences to the number at their left; see `groups_of_rows` for `each`."""
    wrap = 1 << (8 * values.itemsize)
    found: array.array[Any] = array.array(values.typecode)
    unsigned: array.array[Any] = array.array(_UNSIGNED[values.itemsize], values.tobytes())
    for start in range(0, len(unsigned), in_row * each):
        sums = itertools.accumulate(unsigned[start + first : start + in_row : together])
        row: array.array[Any] = array.array(unsigned.typecode, [value % wrap for value in sums])
        held = min(each, (len(unsigned) - start) // in_row)
        found.extend(array.array(values.typecode, row.tobytes()) * held)
    return found


# --- Unpacking ----------------------------------------------------------------------------------------------------

Taker = Callable[[int], bytes]


def _taker(layout: Layout, number: int, *, rows: int) -> Taker | None:
    """Return what gives the next so many bytes of a block, unpacked; None where the block was left out."""
    place, size = layout.blocks[number]
    if not size:
        return None
    if layout.compression == _NONE:
        return _Plain(layout, place, size).take
    if layout.compression in _DEFLATE:
        return _Inflated(layout, place, size).take
    return _Whole(layout, place, size, layout.block_height if layout.is_tiled else rows).take


class _Plain:
    def __init__(self, layout: Layout, place: int, size: int) -> None:
        self._structure, self._place, self._end = layout.directory.structure, place, place + size

    def take(self, wanted: int) -> bytes:
        if self._place + wanted > self._end:
            raise NotParsed(SHORT)
        content = self._structure.read(self._place, wanted, most=_MOST_AT_ONCE)
        self._place += wanted
        return content


class _Inflated:
    """Deflate, a piece of the file at a time: what is not asked for is never unpacked."""

    def __init__(self, layout: Layout, place: int, size: int) -> None:
        self._structure, self._place, self._end = layout.directory.structure, place, place + size
        self._unpacker = zlib.decompressobj()

    def take(self, wanted: int) -> bytes:
        parts = []
        while wanted > 0:
            part = self._next(wanted)
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def _next(self, most: int) -> bytes:
        packed = self._unpacker.unconsumed_tail
        if not packed and self._place < self._end:
            size = min(_PIECE_BYTES, self._end - self._place)
            packed = self._structure.read(self._place, size)
            self._place += size
        try:
            part = self._unpacker.decompress(packed, most)
        except zlib.error as error:
            raise NotParsed(DAMAGED) from error
        if not part and self._place >= self._end and not self._unpacker.unconsumed_tail:
            raise NotParsed(SHORT)
        return part


class _Whole:
    """Everything else is unpacked whole by libtiff, which is handed the block as a picture of one band of bytes."""

    def __init__(self, layout: Layout, place: int, size: int, rows: int) -> None:
        self._layout, self._place, self._size, self._rows = layout, place, size, rows
        self._content: io.BytesIO | None = None

    def take(self, wanted: int) -> bytes:
        if self._content is None:
            self._content = io.BytesIO(self._unpacked())
        content = self._content.read(wanted)
        if len(content) < wanted:
            raise NotParsed(SHORT)
        return content

    def _unpacked(self) -> bytes:
        layout = self._layout
        width = layout.block_width * _together(layout) * layout.bits // 8
        if width * self._rows > _MOST_AT_ONCE:
            raise NotParsed(LARGE)
        packed = layout.directory.structure.read(self._place, self._size, most=_MOST_AT_ONCE)
        alone = _as_tiff(layout.compression, packed, width=width, height=self._rows)
        try:
            return Image.open(io.BytesIO(alone), formats=("TIFF",)).tobytes()
        except (OSError, SyntaxError, ValueError) as error:
            raise NotParsed(DAMAGED) from error


def _as_tiff(compression: int, packed: bytes, *, width: int, height: int) -> bytes:
    tags = (
        (256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, compression), (262, 3, 1), (273, 4, 0), (277, 3, 1),
        (278, 4, height), (279, 4, len(packed)),
    )  # fmt: skip
    start = 8 + 2 + 12 * len(tags) + 4
    rows = (struct.pack("<HHII", tag, kind, 1, start if tag == 273 else value) for tag, kind, value in tags)
    return struct.pack("<2sHIH", b"II", 42, 8, len(tags)) + b"".join(rows) + bytes(4) + packed
