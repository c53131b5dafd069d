"""A picture, or a page of a PDF, drawn for a program that recognises letters: grey, upright, of a size that suits."""

import io
import math
from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO

from PIL import Image

from casefiles.evidence.readers import pdf_document, pictures
from casefiles.evidence.readers.findings import Frame, NotParsed

LONGEST_SIDE = 4_000
# Letters on a screen are smaller than those that the program was taught.
_SMALL_SIDE, _ENLARGED = 1_600, 2
_MOST_PIXELS = 16_000_000
# PDFs are measured in points; printed letters are recognised best at 300 dots an inch.
_DOTS_A_POINT = 300 / 72


def prepare() -> None:
    """Load what encoding a PNG loads only when it is first asked for."""
    pictures.prepare()
    Image.new("L", (1, 1)).save(io.BytesIO(), "PNG")


def frames(file: BinaryIO, *, page: int) -> Iterator[Frame]:
    """Yield page `page` of a PDF (the first is 1) as PNG; with `page` 0, the file is a picture itself.

    Raises:
        NotParsed: there is no such page, or nothing that can be drawn.
    """
    shown = _page(file, page) if page else _picture(file)
    output = io.BytesIO()
    shown.save(output, "PNG", compress_level=1)
    yield Frame("scan", output.getvalue())


def _picture(file: BinaryIO) -> Image.Image:
    shown, _width, _height = pictures.seen(file, LONGEST_SIDE)
    if shown.mode == "RGBA":
        shown = Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown)
    grey = shown.convert("L")
    if max(grey.size) < _SMALL_SIDE:
        return grey.resize((grey.width * _ENLARGED, grey.height * _ENLARGED), Image.Resampling.BICUBIC)
    return grey


def _page(file: BinaryIO, page: int) -> Image.Image:
    with closing(pdf_document.opened(file)) as document, pdf_document.page_of(document, page - 1) as opened:
        width, height = opened.get_size()
        if not (1 <= width <= 200_000 and 1 <= height <= 200_000):
            raise NotParsed("its size is none that can be drawn")
        scale = min(_DOTS_A_POINT, math.sqrt(_MOST_PIXELS / (width * height)), 16_000 / max(width, height))
        drawn: Image.Image = opened.render(scale=scale, may_draw_forms=False, grayscale=True).to_pil()
        return drawn.convert("L")
