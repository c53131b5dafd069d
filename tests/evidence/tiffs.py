"""TIFFs made byte by byte, so that a test says exactly what stands in one, and where it lies."""

import array
import io
import struct
import sys
import zlib
from collections.abc import Sequence
from typing import Any

from PIL import Image

Tag = tuple[int, int, Sequence[Any]]
_CODES = {1: "B", 2: "s", 3: "H", 4: "I", 5: "II", 7: "s", 9: "i", 11: "f", 12: "d", 13: "I", 16: "Q"}
_TYPES = {(1, 8): "B", (1, 16): "H", (1, 32): "I", (2, 8): "b", (2, 16): "h", (2, 32): "i", (3, 32): "f", (3, 64): "d"}

UTM_10_NORTH: tuple[Tag, ...] = (
    (33550, 12, (5.0, 5.0, 0.0)),
    (33922, 12, (0.0, 0.0, 0.0, 557050.0, 4176460.0, 0.0)),
    (34735, 3, (1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32610)),
)


def structure(
    directories: Sequence[Sequence[Tag]],
    *,
    order: str = "<",
    is_big: bool = False,
    tail: bytes = b"",
    last: int = 0,
) -> bytes:
    """Return a TIFF of these directories; a value that is `bytes` stands as it is, after them.

    `tail` comes last. The last directory points at `last`, which is nothing unless a test wants it otherwise.
    """
    head = 16 if is_big else 8
    size = lambda tags: (8 + 20 * len(tags) + 8) if is_big else (2 + 12 * len(tags) + 4)  # noqa: E731
    places = [head]
    for tags in directories[:-1]:
        places.append(places[-1] + size(tags))
    at = places[-1] + size(directories[-1])
    rows, rest = bytearray(), bytearray()
    for number, tags in enumerate(directories):
        rows += struct.pack(order + ("Q" if is_big else "H"), len(tags))
        for tag, kind, values in sorted(tags):
            content, count = _content(order, kind, values)
            room = 8 if is_big else 4
            rows += struct.pack(order + ("HHQ" if is_big else "HHI"), tag, kind, count)
            if len(content) <= room:
                rows += content.ljust(room, b"\x00")
            else:
                rows += struct.pack(order + ("Q" if is_big else "I"), at + len(rest))
                rest += content
        following = places[number + 1] if number + 1 < len(places) else last
        rows += struct.pack(order + ("Q" if is_big else "I"), following)
    mark = b"II" if order == "<" else b"MM"
    if is_big:
        begin = mark + struct.pack(order + "HHHQ", 43, 8, 0, head)
    else:
        begin = mark + struct.pack(order + "HI", 42, head)
    return bytes(begin + rows + rest + tail)


def _content(order: str, kind: int, values: Sequence[Any]) -> tuple[bytes, int]:
    if isinstance(values, bytes):
        return values, len(values)
    code = _CODES[kind]
    flat = [one for value in values for one in value] if kind == 5 else list(values)
    return struct.pack(f"{order}{len(flat)}{code[0]}", *flat), len(values)


def tiff(
    width: int = 8,
    height: int = 6,
    *,
    bands: int = 1,
    bits: int = 16,
    kind: int = 1,
    numbers: Any = None,
    photometric: int = 1,
    compression: int = 1,
    predictor: int = 1,
    rows_per_strip: int = 0,
    tile: int = 0,
    is_apart: bool = False,
    order: str = "<",
    is_big: bool = False,
    more: Sequence[Tag] = (),
) -> bytes:
    """Return a TIFF whose number at (column, row, band) is what `numbers` says; by default one that grows with each."""
    value = numbers or (lambda column, row, band: 100 * (band + 1) + 10 * row + column)
    planes = range(bands) if is_apart else [None]
    across, down = (tile, tile) if tile else (width, rows_per_strip or height)
    blocks = []
    for plane in planes:
        for top in range(0, height, down):
            for left in range(0, width, across):
                tall = down if tile else min(down, height - top)
                rows = [
                    [
                        value(min(x, width - 1), min(y, height - 1), band)
                        for x in range(left, left + across)
                        for band in (range(bands) if plane is None else [plane])
                    ]
                    for y in range(top, top + tall)
                ]
                together = bands if plane is None else 1
                blocks.append(_packed(rows, bits, kind, order, compression, predictor, together))
    tags: list[Tag] = [
        (256, 4, [width]), (257, 4, [height]), (258, 3, [bits] * bands), (259, 3, [compression]),
        (262, 3, [photometric]), (277, 3, [bands]), (284, 3, [2 if is_apart else 1]), (317, 3, [predictor]),
        (339, 3, [kind] * bands), *more,
    ]  # fmt: skip
    place_kind = 16 if is_big else 4
    names = ((322, 4, [tile]), (323, 4, [tile])) if tile else ((278, 4, [down]),)
    tags += names
    place_tag, size_tag = (324, 325) if tile else (273, 279)
    sizes = [len(block) for block in blocks]
    bare = [*tags, (place_tag, place_kind, [0] * len(blocks)), (size_tag, 4, sizes)]
    at = len(structure([bare], order=order, is_big=is_big))
    places = [at + sum(sizes[:number]) for number in range(len(blocks))]
    whole = [*tags, (place_tag, place_kind, places), (size_tag, 4, sizes)]
    return structure([whole], order=order, is_big=is_big, tail=b"".join(blocks))


def _packed(
    rows: list[list[Any]], bits: int, kind: int, order: str, compression: int, predictor: int, together: int
) -> bytes:
    code = _TYPES[kind, bits]
    if predictor == 2:
        wrap = 1 << bits
        rows = [
            [(one - (row[at - together] if at >= together else 0)) % wrap for at, one in enumerate(row)] for row in rows
        ]
        code = code.upper()
    values = array.array(code, [one for row in rows for one in row])
    if (order == "<") != (sys.byteorder == "little"):
        values.byteswap()
    content = values.tobytes()
    if compression in (8, 32946):
        return zlib.compress(content)
    return content if compression == 1 else _by_libtiff(content, len(content) // len(rows), compression)


_NAMES = {5: "tiff_lzw", 32773: "packbits", 34925: "lzma", 50000: "zstd"}


def _by_libtiff(content: bytes, row_bytes: int, compression: int) -> bytes:
    """Return bytes packed as libtiff packs a picture of one band of bytes."""
    drawn = io.BytesIO()
    size = (row_bytes, len(content) // row_bytes)
    picture = Image.frombytes("L", size, content)
    picture.save(drawn, "TIFF", compression=_NAMES[compression], tiffinfo={278: size[1]})
    made = Image.open(io.BytesIO(drawn.getvalue()))
    places, sizes = made.tag_v2[273], made.tag_v2[279]  # type: ignore[attr-defined]
    assert len(places) == 1, "one strip, or what is packed cannot be taken out"
    return drawn.getvalue()[places[0] : places[0] + sizes[0]]
