"""An image of any known form as strips of eight-bit pixels, upright, from top to bottom.

JPEG, PNG, TIFF and WebP are read a few rows at a time; the forms that are small by nature (GIF, AVIF, HEIC) whole.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Protocol, cast

from PIL import Image, TiffImagePlugin

from casefiles.evidence.readers import pictures, vips
from casefiles.evidence.readers.findings import NotParsed
from casefiles.evidence.readers.pyramids import MOST_PIXELS, TILE, WIDEST

TALLEST = 2**20
_FETCHED_ROWS = 128
# To turn an image, all of it must be at hand.
_MOST_HELD_BYTES = 700_000_000
_SAMPLES = 200_000
_LOADERS = (
    (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"II*\x00", "tiff"), (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"), (b"MM\x00+", "tiff"),
)  # fmt: skip
_EXTRA_SAMPLES, _IS_ALPHA = 338, (1, 2)


class Strips(Protocol):
    """An image: its size upright, what was done to show it, and its pixels."""

    width: int
    height: int
    is_stretched: bool
    is_as_stored: bool
    bands: int

    def strips(self, shrink: int = 1) -> Iterator[Image.Image]:
        """Yield strips of `TILE // shrink` rows and the full width, each side shrunk; the last may be lower."""


def prepare() -> None:
    pictures.prepare()
    vips.prepare()


def opened(file: BinaryIO) -> Strips:
    """Open an image without reading its pixels.

    Raises:
        NotParsed: it is damaged, of no known form, without size, or larger than is shown.
    """
    file.seek(0)
    head = file.read(16)
    loader = next((name for magic, name in _LOADERS if head.startswith(magic)), "")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        loader = "webp"
    file.seek(0)
    return _Streamed(file, loader) if loader else _Held(pictures.opened(file))


def refuse_size(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise NotParsed("it has no width or no height")
    if width * height > MOST_PIXELS or width > WIDEST or height > TALLEST:
        raise NotParsed(f"it claims {width} by {height} pixels, more than is shown")


class _Held:
    """An image that is in memory whole."""

    is_stretched = is_as_stored = False

    def __init__(self, image: Image.Image) -> None:
        self._image = pictures.drawn(image, max(image.size))
        self.width, self.height = self._image.size
        self.bands = len(self._image.getbands())

    def strips(self, shrink: int = 1) -> Iterator[Image.Image]:
        image = self._image.reduce(shrink) if shrink > 1 else self._image
        step = TILE // shrink
        for top in range(0, image.height, step):
            yield image.crop((0, top, image.width, min(top + step, image.height)))


@dataclass(frozen=True)
class _Look:
    """How raw pixels become ones that can be seen: the mode of Pillow, and a factor and offset for each band."""

    mode: str
    scales: tuple[tuple[float, float], ...] = ()


class _Streamed:
    """An image that libvips decodes row by row."""

    def __init__(self, file: BinaryIO, loader: str) -> None:
        self._descriptor, self._loader = file.fileno(), loader
        # First: libvips moves the descriptor's place, of which this reader of the file knows nothing.
        may_have_alpha = loader != "tiff" or _tiff_has_alpha(file)
        image = vips.Image.opened(loader, self._descriptor)
        self.width, self.height = image.number("width"), image.number("height")
        self.bands, self._format = image.number("bands"), image.number("format")
        refuse_size(self.width, self.height)
        if self._format not in vips.FORMATS:
            raise NotParsed("its pixels are numbers of a kind that cannot be shown")
        self._turn(image.number("orientation"))
        self._look = _Look(_mode(image, loader, may_have_alpha=may_have_alpha))
        self.is_stretched = self._format != vips.UCHAR
        if self.is_stretched:
            kept = 3 if self.bands >= 3 else 1
            self._look = replace(_Look("RGB" if kept == 3 else "L"), scales=tuple(self._ranges(kept)))

    def _turn(self, orientation: int) -> None:
        held_bytes = self.width * self.height * self.bands * (1 if self._format == vips.UCHAR else 8)
        self._is_turned = orientation > 1 and held_bytes <= _MOST_HELD_BYTES
        self.is_as_stored = orientation > 1 and not self._is_turned
        if self._is_turned and orientation >= 5:
            self.width, self.height = self.height, self.width

    def _opened(self, shrink: int = 1) -> vips.Image:
        options: dict[str, Any] = {"access": "random", "memory": True} if self._is_turned else {}
        if shrink > 1:
            options["shrink"] = shrink
        image = vips.Image.opened(self._loader, self._descriptor, **options)
        return image.changed("autorot") if self._is_turned else image

    def _ranges(self, kept: int) -> Iterator[tuple[float, float]]:
        """Yield what brings the middle 99 of 100 values of each band into view; most pixels of a scene lie close."""
        for values in _sampled(self._opened(), self.height, kept, self.bands, vips.FORMATS[self._format]):
            low, high = _span(values)
            scale = 255.0 / (high - low) if high > low else 1.0
            yield scale, -low * scale

    def _seen(self, shrink: int) -> vips.Image:
        image = self._opened(shrink)
        bands = Image.getmodebands(self._look.mode)
        if image.number("bands") > bands:
            image = image.changed("extract_band", band=0, n=bands)
        if self._look.scales:
            factors, offsets = zip(*self._look.scales, strict=True)
            image = image.changed("linear", a=factors, b=offsets, uchar=True)
        return image

    def strips(self, shrink: int = 1) -> Iterator[Image.Image]:
        decoded = min(shrink, 8) if self._loader == "jpeg" else 1
        image, rest = self._seen(decoded), shrink // decoded
        height, step = image.number("height"), TILE // decoded
        for top in range(0, height, step):
            strip = self._strip(image, top, min(step, height - top))
            yield strip.reduce(rest) if rest > 1 else strip

    def _strip(self, image: vips.Image, top: int, height: int) -> Image.Image:
        mode, width = self._look.mode, image.number("width")
        strip = Image.new(mode, (width, height))
        for offset in range(0, height, _FETCHED_ROWS):
            rows = min(_FETCHED_ROWS, height - offset)
            pixels = cast(Any, image.rows(top + offset, rows))
            strip.paste(Image.frombuffer(mode, (width, rows), pixels, "raw", mode, 0, 1), (0, offset))
        return strip.convert("RGB") if mode == "CMYK" else strip


def _mode(image: vips.Image, loader: str, *, may_have_alpha: bool) -> str:
    """Say as what Pillow takes the bands of an eight-bit image; a band beyond colour is only sometimes transparency."""
    bands = image.number("bands")
    if image.number("interpretation") == vips.CMYK:
        return "CMYK"
    if bands < 3:
        return "LA" if bands == 2 and loader == "png" else "L"
    return "RGBA" if bands == 4 and may_have_alpha else "RGB"


def _tiff_has_alpha(file: BinaryIO) -> bool:
    file.seek(0)
    head = file.read(8)
    if head[2:3] == b"+" or head[3:4] == b"+":
        head += file.read(8)
    directory = TiffImagePlugin.ImageFileDirectory_v2(head)
    try:
        file.seek(directory.next)
        directory.load(file)
        return bool(directory.get(_EXTRA_SAMPLES, (0,))[0] in _IS_ALPHA)
    except (OSError, ValueError, TypeError, IndexError, SyntaxError):
        return False


def _sampled(image: vips.Image, height: int, kept: int, bands: int, letter: str) -> list[list[float]]:
    """Return values of each of the first bands, taken evenly from the whole image; 0 and what is no number left out."""
    found: list[list[float]] = [[] for _band in range(kept)]
    every = max(1, image.number("width") * height // _SAMPLES)
    for top in range(0, height, _FETCHED_ROWS):
        numbers = cast(Any, image.rows(top, min(_FETCHED_ROWS, height - top))).cast("B").cast(letter)
        for band in range(kept):
            taken = numbers[band :: bands * every].tolist()
            found[band] += [value for value in taken if value and math.isfinite(value)]
    return found


def _span(values: list[float]) -> tuple[float, float]:
    if not values:
        return 0.0, 0.0
    ordered = sorted(values)
    cut = len(ordered) // 200
    return float(ordered[cut]), float(ordered[-1 - cut])
