"""The inside of the cage: reads one picture from standard input and writes it anew, small and without metadata.

Run by `cage.py` as a script of its own, isolated (-I) and with an empty environment; it imports nothing of Casefiles.
It takes its own limits before it looks at a single byte. What it writes: one line of JSON, then the picture.
"""

import ctypes
import io
import json
import resource
import sys
import warnings
from contextlib import suppress
from typing import Any

from PIL import GifImagePlugin, Image, ImageOps, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF")
PLUGINS = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin, GifImagePlugin, TiffImagePlugin)
LONGEST_SIDE = 1600
MOST_PIXELS = 150_000_000
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20
_NEW_USER_NAMESPACE, _NEW_NETWORK = 0x10000000, 0x40000000
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ctypes.dlopen")


class NotParsed(Exception):
    """The file is no picture that can be shown; the message says why, in words of ours."""


def limit_self() -> None:
    """Give up memory, processor time, files, processes and the network."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    # An empty network of its own, where the system allows it to a process without rights; the hook below stands anyway.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(_NEW_USER_NAMESPACE | _NEW_NETWORK)
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: Any) -> None:
    if event.startswith(_FORBIDDEN):
        raise NotParsed("it tried to do more than be read")


def redrawn(content: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the size of the picture and a WebP of it, at most 1600 pixels long, upright and without metadata."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        _refuse_size(image)
        known = {"width": image.width, "height": image.height, "format": image.format}
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        shown = _shown(image)
    clean = Image.new(shown.mode, shown.size)
    clean.paste(shown)
    output = io.BytesIO()
    clean.save(output, "WEBP", quality=85, method=4)
    return known, output.getvalue()


def _refuse_size(image: Image.Image) -> None:
    if image.width < 1 or image.height < 1:
        raise NotParsed("it has no width or no height")
    if image.width * image.height > MOST_PIXELS:
        raise NotParsed(f"it claims {image.width} by {image.height} pixels, more than is shown")


def _shown(image: Image.Image) -> Image.Image:
    image.seek(0)
    image.load()
    upright = _upright(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    if upright.mode.startswith(("I", "F")):
        return _stretched(upright)
    has_holes = upright.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in upright.info
    return upright.convert("RGBA" if has_holes else "RGB")


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


def answer() -> tuple[dict[str, Any], bytes]:
    """Read what came and return the answer's first line and the picture."""
    try:
        known, picture = redrawn(sys.stdin.buffer.read())
    except NotParsed as error:
        return {"reason": str(error)}, b""
    except MemoryError:
        return {"reason": "it needs more memory than is given"}, b""
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"reason": "it claims more pixels than are shown"}, b""
    except Exception:  # noqa: BLE001 (a hostile file may raise anything; its words are not repeated)
        return {"reason": "it is damaged, or no picture of a known form"}, b""
    return known, picture


def main() -> None:
    limit_self()
    known, picture = answer()
    sys.stdout.buffer.write(json.dumps(known).encode() + b"\n" + picture)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
