"""How the pixels of a TIFF lie in its file: size, bands, numbers, and the strips or tiles that hold them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from casefiles.evidence.readers.tags import Damaged, Directory

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
SAMPLES, ROWS_PER_STRIP, PLANAR, PREDICTOR = 277, 278, 284, 317
STRIP_PLACES, STRIP_SIZES, TILE_WIDTH, TILE_HEIGHT, TILE_PLACES, TILE_SIZES = 273, 279, 322, 323, 324, 325
SUBFILE, SAMPLE_FORMAT, EXTRA_SAMPLES, GDAL_METADATA, NO_DATA = 254, 339, 338, 42112, 42113
MOST_BANDS = 1_000

COMPRESSIONS: Final = {
    1: "none", 2: "CCITT", 3: "CCITT fax 3", 4: "CCITT fax 4", 5: "LZW", 6: "JPEG (old)", 7: "JPEG", 8: "Deflate",
    32773: "PackBits", 32946: "Deflate", 33003: "JPEG 2000", 34712: "JPEG 2000", 34887: "LERC", 34925: "LZMA",
    50000: "Zstandard", 50001: "WebP", 50002: "JPEG XL", 52546: "JPEG XL",
}  # fmt: skip
PHOTOMETRICS: Final = {
    0: "grey, white is zero", 1: "grey, black is zero", 2: "red, green, blue", 3: "palette", 4: "mask", 5: "CMYK",
    6: "YCbCr", 8: "CIE L*a*b*", 32803: "colour filter array", 34892: "linear raw",
}  # fmt: skip
NUMBERS: Final = {1: "unsigned", 2: "signed", 3: "floating point", 4: "undefined", 5: "complex", 6: "complex"}


@dataclass(frozen=True)
class Layout:
    """One picture of a TIFF. Blocks are its strips or tiles, band by band where the bands lie apart."""

    directory: Directory

    @cached_property
    def width(self) -> int:
        return self._size(WIDTH)

    @cached_property
    def height(self) -> int:
        return self._size(HEIGHT)

    def _size(self, tag: int) -> int:
        size = self.directory.number(tag, 0)
        if size < 1:
            raise Damaged("it has no width or no height")
        return size

    @cached_property
    def bands(self) -> int:
        bands = self.directory.number(SAMPLES, 1)
        if not 0 < bands <= MOST_BANDS:
            raise Damaged("it has no bands, or more than are read")
        return bands

    @cached_property
    def bits(self) -> int:
        """How many bits one number has; bands with different ones are not read."""
        return self._shared(BITS, 1)

    @cached_property
    def number_kind(self) -> int:
        """What kind its numbers are of, a key of NUMBERS."""
        return self._shared(SAMPLE_FORMAT, 1)

    def _shared(self, tag: int, default: int) -> int:
        found = set(self.directory.whole_numbers(tag)) or {default}
        if len(found) != 1:
            raise Damaged("its bands are of different kinds")
        return found.pop()

    @property
    def compression(self) -> int:
        return self.directory.number(COMPRESSION, 1)

    @property
    def photometric(self) -> int:
        return self.directory.number(PHOTOMETRIC, 1)

    @property
    def predictor(self) -> int:
        return self.directory.number(PREDICTOR, 1)

    @cached_property
    def is_apart(self) -> bool:
        """Say whether each band lies in blocks of its own."""
        return self.directory.number(PLANAR, 1) == 2 and self.bands > 1

    @property
    def is_tiled(self) -> bool:
        return TILE_WIDTH in self.directory

    @property
    def is_overview(self) -> bool:
        return bool(self.directory.number(SUBFILE, 0) & 1)

    @property
    def is_mask(self) -> bool:
        return bool(self.directory.number(SUBFILE, 0) & 4)

    @cached_property
    def block_width(self) -> int:
        return self._block(TILE_WIDTH) if self.is_tiled else self.width

    @cached_property
    def block_height(self) -> int:
        if self.is_tiled:
            return self._block(TILE_HEIGHT)
        return min(self._block(ROWS_PER_STRIP, self.height), self.height)

    def _block(self, tag: int, default: int = 0) -> int:
        size = self.directory.number(tag, default)
        if size < 1:
            raise Damaged("its strips or tiles have no size")
        return size

    @property
    def blocks_across(self) -> int:
        return math.ceil(self.width / self.block_width)

    @property
    def blocks_down(self) -> int:
        return math.ceil(self.height / self.block_height)

    @cached_property
    def blocks(self) -> tuple[tuple[int, int], ...]:
        """Place and size in the file of each block, row by row; (0, 0) for one that was left out as empty.

        Raises:
            Damaged: there are fewer than the size needs, or one lies beyond the end of the file.
        """
        tags = (TILE_PLACES, TILE_SIZES) if self.is_tiled else (STRIP_PLACES, STRIP_SIZES)
        places, sizes = (self.directory.whole_numbers(tag) for tag in tags)
        needed = self.blocks_across * self.blocks_down * (self.bands if self.is_apart else 1)
        if len(places) != needed or len(sizes) != needed:
            raise Damaged("it has not as many strips or tiles as its size needs")
        found = tuple(zip(places, sizes, strict=True))
        if any(place + size > self.directory.structure.size_bytes for place, size in found):
            raise Damaged("a part of it lies beyond the end of the file")
        self._check_uncompressed(found)
        return found

    def _check_uncompressed(self, blocks: Iterable[tuple[int, int]]) -> None:
        """Refuse pixels that are claimed but not there, where that can be told without unpacking them."""
        if self.compression != 1 or self.is_tiled:
            return
        held = sum(size for _place, size in blocks)
        needed = math.ceil(self.width * self.bits * self.bands / 8) * self.height
        if held < needed and self.photometric != 6:
            raise Damaged("it holds fewer pixels than it claims")

    @property
    def no_data(self) -> float | None:
        """The number that stands for "nothing here" in a file written by GDAL."""
        text = self.directory.text(NO_DATA)
        try:
            return float(text)
        except ValueError:
            return None


def layouts(directories: Iterable[Directory]) -> tuple[Layout, ...]:
    """Return the pictures of a TIFF, each of which has a size.

    Raises:
        Damaged: one has none, or there is no picture.
    """
    found = tuple(Layout(directory) for directory in directories)
    for layout in found:
        layout.width, layout.height, layout.bands  # noqa: B018 (asked for, so that what is wrong shows)
    return found
