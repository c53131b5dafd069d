"""One page of a PDF as a picture, and where on it each line of its text stands, so that a passage can be selected."""

import json
import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from casefiles.evidence.readers import pdf_document, pictures
from casefiles.evidence.readers.findings import Frame, NotParsed, Plain, picture_frame, plain_text

WIDTHS = (900, 1800)
_MOST_PIXELS = 16_000_000
# WebP knows no longer side than 16383.
_LONGEST_SIDE = 16_000
_MOST_CHARACTERS = 60_000
_TURNED = math.radians(5)
# Positions are whole numbers on the wire; a tenth of a point is finer than any letter.
_TENTHS = 10


def prepare() -> None:
    pictures.prepare()


def frames(file: BinaryIO, *, page: int, width: int) -> Iterator[Frame]:
    """Yield the lines of page `page` (the first is 1), then its picture, `width` pixels wide where that is sensible.

    Raises:
        NotParsed: there is no such page, it is damaged, or its size is none.
    """
    with closing(pdf_document.opened(file)) as document, pdf_document.page_of(document, page - 1) as opened:
        size = opened.get_size()
        if not all(1 <= side <= 200_000 for side in size):
            raise NotParsed("its size is none that can be drawn")
        layer: dict[str, Plain] = {
            "width": round(size[0] * _TENTHS),
            "height": round(size[1] * _TENTHS),
            "label": _label(document, page - 1),
            "lines": [line.plain() for line in _lines(opened) if line.text],
        }
        yield Frame("layer", json.dumps(layer, ensure_ascii=False).encode("utf-8", "replace"))
        yield picture_frame(pictures.webp(drawn(opened, size, width), quality=80), role=f"page {page}")


def drawn(page: pypdfium2.PdfPage, size: tuple[float, float], width: int) -> Image.Image:
    """Return a page as a picture of some width, or of less where that would be too much."""
    scale = min(width / size[0], _LONGEST_SIDE / max(size), math.sqrt(_MOST_PIXELS / (size[0] * size[1])))
    return page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")


@dataclass
class _Line:
    """Characters that stand in a row: `edges` are their left edges and the right edge of the last, in tenths."""

    text: str = ""
    edges: list[int] = field(default_factory=list)
    top: int = 0
    bottom: int = 0
    is_turned: bool = False

    def add(self, character: str, box: tuple[int, int, int, int] | None, *, is_turned: bool) -> None:
        # What PDFium put in (a space between two words) has no place of its own.
        left, top, right, bottom = box or (self._end, self.top, self._end, self.bottom)
        self.top, self.bottom = (min(self.top, top), max(self.bottom, bottom)) if self.edges else (top, bottom)
        self.edges[-1:] = [left, right]
        self.text += character
        self.is_turned = self.is_turned or is_turned

    @property
    def _end(self) -> int:
        return self.edges[-1] if self.edges else 0

    def plain(self) -> Plain:
        return {
            "text": plain_text(self.text), "top": self.top, "height": self.bottom - self.top,
            "edges": list(self.edges), "is_turned": self.is_turned,
        }  # fmt: skip


def _lines(page: pypdfium2.PdfPage) -> list[_Line]:
    lines = [_Line()]
    place = _Place(page)
    with closing(page.get_textpage()) as text_page:
        for index, given in enumerate(pdf_document.characters_of(text_page)[:_MOST_CHARACTERS]):
            character, _break, _rest = given.partition("\n")
            if character:
                lines[-1].add(character, place.box(text_page, index), is_turned=place.is_turned(text_page, index))
            if "\n" in given:
                lines.append(_Line())
    return lines


class _Place:
    """Where something stands on the page as it is drawn, turned and cropped: from its upper left corner."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = page
        self._size = [round(side * _TENTHS) for side in page.get_size()]
        self._turned_by = math.radians(page.get_rotation())
        self._box, self._x, self._y = pdfium.FS_RECTF(), pdfium.ctypes.c_int(), pdfium.ctypes.c_int()

    def box(self, text_page: Any, index: int) -> tuple[int, int, int, int] | None:
        if pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            return None
        if not pdfium.FPDFText_GetLooseCharBox(text_page, index, self._box):
            return None
        first, second = self._drawn(self._box.left, self._box.top), self._drawn(self._box.right, self._box.bottom)
        (left, right), (top, bottom) = sorted((first[0], second[0])), sorted((first[1], second[1]))
        return left, top, right, bottom

    def is_turned(self, text_page: Any, index: int) -> bool:
        angle = pdfium.FPDFText_GetCharAngle(text_page, index)
        return angle >= 0 and abs(math.remainder(angle - self._turned_by, math.tau)) > _TURNED

    def _drawn(self, x: float, y: float) -> tuple[int, int]:
        pdfium.FPDF_PageToDevice(self._page, 0, 0, *self._size, 0, x, y, self._x, self._y)
        return self._x.value, self._y.value


def _label(document: pypdfium2.PdfDocument, index: int) -> str:
    """Return the number that is printed on a page, where the document says it: "iv"."""
    try:
        return str(document.get_page_label(index))[:40]
    except (pypdfium2.PdfiumError, UnicodeDecodeError):
        return ""
