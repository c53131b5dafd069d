"""A harmless picture of an image: pixels only, at most 1600 long, upright, as WebP without metadata."""

import io
import warnings
from collections.abc import Iterator
from typing import BinaryIO

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
from pillow_heif import register_heif_opener

from casefiles.evidence.readers import bands
from casefiles.evidence.readers.findings import Frame, NotParsed
from casefiles.evidence.readers.likeness import picture_hash

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF", "HEIF")
PLUGINS = (AvifImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
LONGEST_SIDE = 1600
MOST_PIXELS = 150_000_000
UNDRAWN = "Its head can be read, but its picture is damaged or cut off, and cannot be drawn."

# The cage has no threads to give: a decoder that wants some fails there, unless it runs as root. That of HEIC starts
# one whatever it is told, so it has a task with a few.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
register_heif_opener(thumbnails=False, decode_threads=0)


def prepare() -> None:
    """Load what encoding a WebP loads only when it is first asked for."""
    Image.new("RGB", (1, 1)).save(io.BytesIO(), "WEBP")


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield the picture, with the size of the original in pixels.

    Raises:
        NotParsed: it has no size, or a larger one than is shown.
    """
    shown, width, height = seen(file, LONGEST_SIDE)
    yield Frame("picture", webp(shown), {"width": width, "height": height})


def seen(file: BinaryIO, longest: int) -> tuple[Image.Image, int, int]:
    """Return the pixels of a file, no longer than `longest`, with the width and height of the original.

    Raises:
        NotParsed: it has no size, or a larger one than is shown.
    """
    if bands.needs(file):
        stretched = bands.drawn(file, longest, most_pixels=MOST_PIXELS)
        return stretched.picture, stretched.width, stretched.height
    with opened(file) as image:
        width, height = image.size
        return drawn(image, longest), width, height


def likeness_frame(shown: Image.Image) -> Frame:
    """Return by what a picture is found again, as it leaves the cage."""
    return Frame("likeness", meta={"picture": picture_hash(shown)})


def opened(file: BinaryIO, *, most_pixels: int = MOST_PIXELS) -> Image.Image:
    """Open an image of an allowed form, whose claimed size can be shown, or can be read where that is more.

    Raises:
        NotParsed: it is damaged, of another form, without size, or too large.
    """
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = most_pixels
    try:
        image = Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotParsed("it claims more pixels than are shown") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise NotParsed("it is damaged, or no picture of a known form") from error
    if image.width < 1 or image.height < 1:
        raise NotParsed("it has no width or no height")
    if image.width * image.height > most_pixels:
        raise NotParsed(f"it claims {image.width} by {image.height} pixels, more than is shown")
    return image


def drawn(image: Image.Image, longest: int) -> Image.Image:
    """Return the pixels of an image, upright, in sight, and no longer than `longest`."""
    image.draft("RGB", (longest, longest))
    try:
        image.seek(0)
        image.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise NotParsed("it is damaged, or no picture of a known form") from error
    upright = _upright(image)
    upright.thumbnail((longest, longest), reducing_gap=2.0)
    if upright.mode.startswith(("I", "F")):
        return _stretched(upright)
    has_holes = upright.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in upright.info
    return upright.convert("RGBA" if has_holes else "RGB")


def webp(shown: Image.Image, *, quality: int = 85) -> bytes:
    """Encode pixels, and nothing that came with them."""
    clean = Image.new(shown.mode, shown.size)
    clean.paste(shown)
    output = io.BytesIO()
    clean.save(output, "WEBP", quality=quality, method=4)
    return output.getvalue()


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image) or image
    except Exception:  # noqa: BLE001 (whatever is wrong with its metadata, the picture itself is there)
        return image


def _stretched(image: Image.Image) -> Image.Image:
    """Bring 16-bit and floating-point pixels into view, between their lowest and highest value."""
    numbers = image.convert("F")
    low, high = numbers.getextrema()
    if not isinstance(low, float) or not isinstance(high, float) or not high > low:
        return numbers.convert("L").convert("RGB")
    scale = 255.0 / (high - low)
    return numbers.point(lambda value: value * scale + (-low * scale)).convert("L").convert("RGB")
