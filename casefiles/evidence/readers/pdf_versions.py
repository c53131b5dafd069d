"""Earlier versions of a PDF: a document that was changed by adding to its end still holds what it said before."""

import ctypes
import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium

from casefiles.evidence.readers import pdf_document, pdf_structure
from casefiles.evidence.readers.findings import VALUE_LENGTH, NotParsed, Plain
from casefiles.evidence.readers.sections import section

MOST_VERSIONS = 8
_MOST_TEXTS = 40
_MOST_ENDS = 1_000
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Version:
    """The document as it was up to `size_bytes`; `texts` are the pages that read differently then, by index."""

    number: int
    size_bytes: int
    sha256: str
    pages: int
    texts: dict[int, str]

    def parts(self) -> Iterator[dict[str, Plain]]:
        """Yield this as parts of findings: the version, and each page that read differently."""
        changed: list[Plain] = [index + 1 for index in sorted(self.texts)]
        yield {
            "kind": "earlier version", "version": self.number, "size_bytes": self.size_bytes, "sha256": self.sha256,
            "pages": self.pages, "pages_changed_since": changed,
        }  # fmt: skip
        for index, text in sorted(self.texts.items())[:_MOST_TEXTS]:
            yield {"kind": "earlier text", "version": self.number, "page": index + 1, "text": text[:VALUE_LENGTH]}


def ends_of(document: pypdfium2.PdfDocument, file: BinaryIO) -> list[int]:
    """Return after how many bytes each version of a document ends, the present one last."""
    buffer = (ctypes.c_uint * _MOST_ENDS)()
    count = min(pdfium.FPDF_GetTrailerEnds(document, buffer, _MOST_ENDS), _MOST_ENDS)
    ends = sorted(set(buffer[:count]))
    return ends[1:] if pdf_structure.is_linearized(file) and len(ends) > 1 else ends


def earlier_versions(file: BinaryIO, ends: list[int], texts: list[str], is_late: Callable[[], bool]) -> list[Version]:
    """Return the versions before the present one, newest last, as far as they open and `is_late` allows."""
    found = []
    for number, end in list(enumerate(ends[:-1], 1))[-MOST_VERSIONS:]:
        if is_late():
            break
        version = _version(file, number, end, texts, is_late)
        if version is not None:
            found.append(version)
    return found


def _version(file: BinaryIO, number: int, end: int, texts: list[str], is_late: Callable[[], bool]) -> Version | None:
    try:
        document = pdf_document.opened(section(file, 0, end))
    except NotParsed:
        return None
    changed = {}
    with closing(document):
        for index in range(min(len(document), len(texts))):
            if is_late():
                break
            text = _page_text(document, index)
            if text != texts[index]:
                changed[index] = text
        return Version(number, end, _digest(file, end), len(document), changed)


def _page_text(document: pypdfium2.PdfDocument, index: int) -> str:
    try:
        with pdf_document.page_of(document, index) as page:
            return pdf_document.text_of(page)
    except NotParsed:
        return ""


def _digest(file: BinaryIO, end: int) -> str:
    digest, left = hashlib.sha256(), end
    file.seek(0)
    while left > 0 and (chunk := file.read(min(_CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()
