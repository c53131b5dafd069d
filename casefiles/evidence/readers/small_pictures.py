"""The small picture that cameras put into the EXIF block: whether it shows what the picture itself shows.

Programs that crop or paint over a photograph often leave it as it was. It is compared, and never shown.
"""

import io

from PIL import Image, ImageChops, ImageStat

from casefiles.evidence.readers.exif import pictures_below
from casefiles.evidence.readers.tags import Directory

LONGEST_SIDE = 320
DIFFERENT = (
    "The small picture in its EXIF block does not look like the picture: it may have been cropped or changed after it "
    "was taken."
)
ODD = "The small picture in its EXIF block is damaged, or larger than one may be."

_PLACE, _SIZE = 0x0201, 0x0202
_MOST_BYTES, _MOST_SIDE = 256 * 1024, 1024
_CELLS = 16
# Of 255 grey levels, on average over the cells; what re-encoding and sharpening change stays far below.
_MOST_DIFFERENCE = 28.0
_DARK = 24


def inside(first: Directory) -> bytes | None:
    """Return the bytes of the small picture, or None where there is none.

    Raises:
        Damaged: it lies outside the block.
    """
    for directory in pictures_below(first):
        place, size = directory.number(_PLACE, 0), directory.number(_SIZE, 0)
        if place and size:
            return directory.structure.read(place, min(size, _MOST_BYTES))
    return None


def differences(picture: Image.Image, small: bytes) -> tuple[str, ...]:
    """Return a warning where the small picture is odd, or does not show the same."""
    try:
        shown = Image.open(io.BytesIO(small), formats=("JPEG",))
        if max(shown.size) > _MOST_SIDE:
            return (ODD,)
        shown.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return (ODD,)
    whole, part = _without_borders(picture.convert("L")), _without_borders(shown.convert("L"))
    return () if any(_are_alike(whole, turned) for turned in _turned(part)) else (DIFFERENT,)


def _turned(small: Image.Image) -> list[Image.Image]:
    """Return a small picture in its four turns: programs turn the picture, and leave the small one as it was."""
    turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    return [small, *(small.transpose(turn) for turn in turns)]


def _without_borders(grey: Image.Image) -> Image.Image:
    around = grey.point(lambda value: 255 if value > _DARK else 0).getbbox()
    return grey.crop(around) if around else grey


def _are_alike(whole: Image.Image, part: Image.Image) -> bool:
    ratio = (whole.width / whole.height) / (part.width / part.height)
    return 0.85 <= ratio <= 1.18 and _difference(whole, part) <= _MOST_DIFFERENCE


def _difference(whole: Image.Image, part: Image.Image) -> float:
    cells = [one.resize((_CELLS, _CELLS), Image.Resampling.BOX) for one in (whole, part)]
    return float(ImageStat.Stat(ImageChops.difference(*cells)).mean[0])
