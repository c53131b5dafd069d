"""Opening a PDF and its pages with PDFium, which knows no scripts here and follows nothing that a document asks for."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium

from casefiles.evidence.readers.findings import NotParsed

# PDFium writes a hyphen at the end of a line, and no line break, where a word goes on in the next one.
_BROKEN_WORD = ("\x02", "\ufffe")
_DRAWN = {pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP}
_REASONS = {
    pdfium.FPDF_ERR_PASSWORD: "it is encrypted, and opens with a password only",
    pdfium.FPDF_ERR_SECURITY: "it is encrypted in a way that is not read",
}


def opened(file: BinaryIO) -> pypdfium2.PdfDocument:
    """Open a document.

    Raises:
        NotParsed: it is damaged, no PDF, without pages, or needs a password.
    """
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        reason = _REASONS.get(getattr(error, "err_code", 0), "it is damaged, or no PDF")
        raise NotParsed(reason) from error
    if len(document) < 1:
        raise NotParsed("it has no pages")
    return document


@contextmanager
def page_of(document: pypdfium2.PdfDocument, index: int) -> Iterator[pypdfium2.PdfPage]:
    """Open one page, counted from zero, with what was typed into forms and written over it made part of it.

    Raises:
        NotParsed: there is no such page, or it is damaged.
    """
    try:
        page = document[index]
        if _is_written_over(page):
            pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
            page.close()
            page = document[index]
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise NotParsed("it has no such page, or that page is damaged") from error
    with closing(page):
        yield page


def _is_written_over(page: pypdfium2.PdfPage) -> bool:
    """Say whether forms or comments hold text that is no part of the page itself."""
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), 1_000)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if kind in _DRAWN:
            return True
    return False


def characters_of(text_page: Any) -> list[str]:
    """Return a page's characters in PDFium's order, one for each of its indexes; "" for what is no text.

    A word broken at the end of a line keeps its hyphen, with a line break behind it.
    """
    read = pdfium.FPDFText_GetUnicode
    return [_character(read(text_page, index)) for index in range(text_page.count_chars())]


def _character(code: int) -> str:
    if not code or code == 0x0D or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return ""
    character = chr(code)
    return "-\n" if character in _BROKEN_WORD else character


def text_of(page: pypdfium2.PdfPage) -> str:
    """Return a page's text with the line breaks of the page."""
    with closing(page.get_textpage()) as text_page:
        return "".join(characters_of(text_page))
