"""An image as tiles: squares of WebP without metadata, at every level from a glance down to its own pixels.

Small levels come first, made of one quick way through the image, so that it can be looked at while the rest is made.
"""

import io
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from PIL import Image

from casefiles.evidence.readers import strips
from casefiles.evidence.readers.findings import Frame
from casefiles.evidence.readers.pyramids import TILE, Pyramid

# The level from which everything smaller is made: what a large screen shows.
OVERVIEW_PIXELS = 4096
QUALITY = 85


def prepare() -> None:
    strips.prepare()
    # Pages are answered first.
    with suppress(OSError):
        os.nice(10)


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield a frame "pyramid" with the size, the tiles, and after all tiles of a level was said, a frame "shown".

    Raises:
        NotParsed: it cannot be read, or is larger than is shown.
    """
    image = strips.opened(file)
    pyramid = Pyramid(image.width, image.height)
    about = {"stretched": image.is_stretched, "as_stored": image.is_as_stored, "bands": image.bands}
    yield Frame("pyramid", meta={"width": image.width, "height": image.height, **about})
    top = pyramid.level_within(OVERVIEW_PIXELS)
    yield from _small_levels(_overview(image, pyramid, top), pyramid, top)
    yield Frame("shown", meta={"levels": top + 1})
    if top < pyramid.levels - 1:
        yield from _large_levels(image, pyramid, top + 1)
        yield Frame("shown", meta={"levels": pyramid.levels})


def _overview(image: strips.Strips, pyramid: Pyramid, level: int) -> Image.Image:
    whole: Image.Image | None = None
    top = 0
    for strip in image.strips(pyramid.shrink(level)):
        whole = whole or Image.new(strip.mode, pyramid.size(level))
        whole.paste(strip, (0, top))
        top += strip.height
    assert whole is not None, "an image has rows"  # noqa: S101
    return whole


def _small_levels(overview: Image.Image, pyramid: Pyramid, top: int) -> Iterator[Frame]:
    images = [overview]
    for _level in range(top):
        images.append(images[-1].reduce(2))
    for level, image in enumerate(reversed(images)):
        for row, upper in enumerate(range(0, image.height, TILE)):
            yield from _tiles(image, upper, level, row)


def _large_levels(image: strips.Strips, pyramid: Pyramid, lowest: int) -> Iterator[Frame]:
    cutter = _Level(pyramid.levels - 1, lowest)
    for strip in image.strips():
        yield from cutter.take(strip)
    yield from cutter.finish()


class _Level:
    """Cuts one level from strips as they come, and hands halves of them to the level below."""

    def __init__(self, level: int, lowest: int) -> None:
        self._level, self._row = level, 0
        self._below = _Level(level - 1, lowest) if level > lowest else None
        self._halves: list[Image.Image] = []

    def take(self, strip: Image.Image) -> Iterator[Frame]:
        yield from _tiles(strip, 0, self._level, self._row)
        self._row += 1
        if self._below is not None:
            self._halves.append(strip.reduce(2))
            if len(self._halves) == 2:
                yield from self._hand_down(self._below)

    def finish(self) -> Iterator[Frame]:
        if self._below is not None:
            if self._halves:
                yield from self._hand_down(self._below)
            yield from self._below.finish()

    def _hand_down(self, below: "_Level") -> Iterator[Frame]:
        joined = Image.new(self._halves[0].mode, (self._halves[0].width, sum(half.height for half in self._halves)))
        joined.paste(self._halves[0], (0, 0))
        if len(self._halves) == 2:
            joined.paste(self._halves[1], (0, self._halves[0].height))
        self._halves.clear()
        yield from below.take(joined)


def _tiles(strip: Image.Image, upper: int, level: int, row: int) -> Iterator[Frame]:
    """Cut one row of tiles; those at the edge of the image are filled up with nothing."""
    for column, left in enumerate(range(0, strip.width, TILE)):
        piece = strip.crop((left, upper, min(left + TILE, strip.width), min(upper + TILE, strip.height)))
        yield Frame("tile", _webp(_filled_up(piece)), {"level": level, "column": column, "row": row})


def _filled_up(piece: Image.Image) -> Image.Image:
    if piece.size == (TILE, TILE):
        return piece
    whole = Image.new("RGBA", (TILE, TILE))
    whole.paste(piece.convert("RGBA"), (0, 0))
    return whole


def _webp(tile: Image.Image) -> bytes:
    output = io.BytesIO()
    shown = tile if tile.mode in ("RGB", "RGBA") else tile.convert("RGBA" if tile.mode == "LA" else "RGB")
    # A crop carries nothing that came with the file; method 0 is ten times faster than 4, and 15 % larger.
    shown.save(output, "WEBP", quality=QUALITY, method=0, exif=b"", icc_profile=b"", xmp=b"")
    return output.getvalue()
