"""What a PDF is, what it says of itself, its text by page, and what in it would act, was hidden in it or changed."""

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium

from casefiles.evidence.media_types import of_head
from casefiles.evidence.readers import pdf_document, pdf_structure
from casefiles.evidence.readers.findings import (
    PAGE_BREAK,
    TEXT_LENGTH,
    Claim,
    Findings,
    Frame,
    NotParsed,
    Plain,
    text_frame,
)
from casefiles.evidence.readers.pdf_versions import earlier_versions, ends_of

# Of the processor time that the cage gives: what is left is for saying what was found.
TEXT_SECONDS, OTHER_SECONDS = 11.0, 15.0
_MISSING_IN_A_ROW = 20
_MOST_PAGES = 100_000
_MOST_LINKS = 120
_MOST_ATTACHMENTS = 60
_ATTACHMENT_BYTES = 64 * 1024 * 1024
_MILLIMETRES = 25.4 / 72

# The keys of the information dictionary (ISO 32000-1, 14.3.3), and what each is a claim of.
_INFORMATION = {
    "Title": "title",
    "Author": "author",
    "Subject": "summary",
    "Keywords": "keywords",
    "Creator": "software",
    "Producer": "producer",
    "CreationDate": "created",
    "ModDate": "modified",
}
_DATE = re.compile(
    r"(?:D:)?(?P<year>\d{4})(?P<month>\d\d)?(?P<day>\d\d)?(?:(?P<hour>\d\d)(?P<minute>\d\d)?(?P<second>\d\d)?)?"
    r"(?:(?P<zone>[Zz])(?:00'?(?:00'?)?)?|(?P<sign>[+-])(?P<zone_hour>\d\d)'?(?:(?P<zone_minute>\d\d)'?)?)?\s*"
)


@dataclass(frozen=True)
class _Pages:
    """The text of the pages that could be opened in time, and how many there are."""

    texts: list[str]
    count: int
    damaged: int
    links: list[dict[str, Plain]]

    @property
    def is_whole(self) -> bool:
        return len(self.texts) == self.count


def frames(file: BinaryIO, *, text_seconds: float = TEXT_SECONDS) -> Iterator[Frame]:
    """Yield what is found, and the text with its pages parted by a form feed.

    After `text_seconds` of work no further page is read.

    Raises:
        NotParsed: it is damaged, no PDF, or opens with a password only.
    """
    is_late_for_text, is_late = _after(text_seconds), _after(OTHER_SECONDS)
    with closing(pdf_document.opened(file)) as document:
        pages = _pages(document, is_late_for_text)
        if not pages.count:
            raise NotParsed("it has no pages")
        yield _findings(file, document, pages, is_late).frame()
    text = PAGE_BREAK.join(pages.texts)
    if text.replace(PAGE_BREAK, "").strip():
        yield text_frame(text, made_by=f"PDFium {pypdfium2.PDFIUM_INFO.build}")


def _findings(file: BinaryIO, document: pypdfium2.PdfDocument, pages: _Pages, is_late: Callable[[], bool]) -> Findings:
    ends = ends_of(document, file)
    versions = earlier_versions(file, ends, pages.texts, is_late)
    acting = pdf_structure.acting_names(file)
    warnings = [
        *_page_warnings(document, pages),
        *_version_warnings(ends, [version.texts for version in versions]),
        *pdf_structure.warnings_of(acting),
        *_other_warnings(document, file.seek(0, 2)),
    ]
    earlier = (part for version in versions for part in version.parts())
    version = document.get_version()
    return Findings(
        form=f"PDF {version // 10}.{version % 10}" if version else "PDF",
        measured=_measured(document, pages, ends, acting),
        claims=tuple(_claims(document)),
        parts=(*_attachments(document), *earlier, *pages.links),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _after(seconds: float) -> Callable[[], bool]:
    """Return a question that answers yes once this process has worked for so long from now on."""
    end = time.process_time() + seconds
    return lambda: time.process_time() > end


# --- Pages ----------------------------------------------------------------------------------------------------------


def _pages(document: pypdfium2.PdfDocument, is_late: Callable[[], bool]) -> _Pages:
    texts: list[str] = []
    links: list[dict[str, Plain]] = []
    room, damaged = TEXT_LENGTH, 0
    count = _count(document)
    for index in range(count):
        if is_late() or room <= 0:
            break
        try:
            with pdf_document.page_of(document, index) as page:
                text = pdf_document.text_of(page).replace(PAGE_BREAK, " ")
                if len(links) < _MOST_LINKS:
                    links += _links(document, page, index)
        except NotParsed:
            text, damaged = "", damaged + 1
        texts.append(text)
        room -= len(text)
    return _Pages(texts, count, damaged, links[:_MOST_LINKS])


def _count(document: pypdfium2.PdfDocument) -> int:
    """Return the number of pages that are there: a document may claim any."""
    claimed, found, missing = min(len(document), _MOST_PAGES), 0, 0
    size = pdfium.FS_SIZEF()
    for index in range(claimed):
        if pdfium.FPDF_GetPageSizeByIndexF(document, index, size):
            found, missing = index + 1, 0
        else:
            missing += 1
        if missing >= _MISSING_IN_A_ROW:
            break
    return found


def _links(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, index: int) -> list[dict[str, Plain]]:
    """Return the addresses that a page links to, each once."""
    found: dict[str, dict[str, Plain]] = {}
    position, link = pdfium.ctypes.c_int(0), pdfium.FPDF_LINK()
    while len(found) < _MOST_LINKS and pdfium.FPDFLink_Enumerate(page, position, link):
        url = _address(document, link)
        if url:
            found.setdefault(url, {"kind": "link", "page": index + 1, "url": url})
    return list(found.values())


def _address(document: pypdfium2.PdfDocument, link: pdfium.FPDF_LINK) -> str:
    action = pdfium.FPDFLink_GetAction(link)
    if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
        return ""
    length = min(pdfium.FPDFAction_GetURIPath(document, action, None, 0), 4_000)
    buffer = pdfium.ctypes.create_string_buffer(length)
    pdfium.FPDFAction_GetURIPath(document, action, buffer, length)
    return buffer.value.decode("utf-8", "replace")


# --- What it says ---------------------------------------------------------------------------------------------------


def _measured(
    document: pypdfium2.PdfDocument, pages: _Pages, ends: list[int], acting: dict[str, int]
) -> dict[str, Plain]:
    measured: dict[str, Plain] = {"pages": pages.count, "page_size_mm": _page_size(document)}
    measured["is_encrypted"] = pdfium.FPDF_GetSecurityHandlerRevision(document) >= 0
    measured["versions_kept"] = len(ends)
    counts: dict[str, Plain] = {
        "signatures": max(pdfium.FPDF_GetSignatureCount(document), 0),
        "attachments": max(pdfium.FPDFDoc_GetAttachmentCount(document), 0),
        "scripts": max(pdfium.FPDFDoc_GetJavaScriptActionCount(document), 0),
        "acting_names": dict(acting),
    }
    return measured | {name: value for name, value in counts.items() if value}


def _page_size(document: pypdfium2.PdfDocument) -> Plain:
    size = pdfium.FS_SIZEF()
    if not pdfium.FPDF_GetPageSizeByIndexF(document, 0, size):
        return None
    return f"{size.width * _MILLIMETRES:.0f} × {size.height * _MILLIMETRES:.0f}"


def _claims(document: pypdfium2.PdfDocument) -> Iterator[Claim]:
    for name, value in document.get_metadata_dict(skip_empty=True).items():
        key = _INFORMATION.get(name)
        if key:
            yield Claim(key, iso_date(value) if name.endswith("Date") else value, where=f"Info/{name}")
    language = _language(document)
    if language:
        yield Claim("language", language, where="Catalog/Lang")


def _language(document: pypdfium2.PdfDocument) -> str:
    length = min(pdfium.FPDFCatalog_GetLanguage(document, None, 0), 200)
    if length < 4:
        return ""
    buffer = pdfium.ctypes.create_string_buffer(length)
    written = pdfium.FPDFCatalog_GetLanguage(
        document, pdfium.ctypes.cast(buffer, pdfium.ctypes.POINTER(pdfium.FPDF_WCHAR)), length
    )
    return buffer.raw[: max(min(written, length) - 2, 0)].decode("utf-16-le", "replace")


def iso_date(text: str) -> str:
    """Return "D:20240425103000+09'00'" as "2024-04-25T10:30:00+09:00": what is not there is not added."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        return text
    part = match.groupdict()
    date = "-".join(one for one in (part["year"], part["month"], part["day"]) if one)
    if not part["day"] or not part["hour"]:
        return date
    time_of_day = ":".join(one for one in (part["hour"], part["minute"] or "00", part["second"]) if one)
    zone = "Z" if part["zone"] else ""
    if part["sign"]:
        zone = f"{part['sign']}{part['zone_hour']}:{part['zone_minute'] or '00'}"
    return f"{date}T{time_of_day}{zone}"


def _attachments(document: pypdfium2.PdfDocument) -> Iterator[dict[str, Plain]]:
    count = pdfium.FPDFDoc_GetAttachmentCount(document)
    for index in range(min(max(count, 0), _MOST_ATTACHMENTS)):
        try:
            attachment = document.get_attachment(index)
            part: dict[str, Plain] = {"kind": "attachment", "name": attachment.get_name()}
            content = bytes(attachment.get_data())[: _ATTACHMENT_BYTES + 1]
        except pypdfium2.PdfiumError:
            yield {"kind": "attachment", "name": "", "is_damaged": True}
            continue
        if len(content) <= _ATTACHMENT_BYTES:
            part |= {"size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        yield part | {"media_type": of_head(content[:8192])}


# --- What is unusual ------------------------------------------------------------------------------------------------


def _page_warnings(document: pypdfium2.PdfDocument, pages: _Pages) -> Iterator[str]:
    claimed = len(document)
    if claimed != pages.count:
        yield f"It claims {claimed} pages, of which {pages.count} can be found."
    if pages.damaged:
        yield f"Damaged pages, which cannot be opened: {pages.damaged}."
    if not pages.is_whole:
        yield f"Only the text of its first {len(pages.texts)} pages was read: there is more than is kept."
    empty = sum(not text.strip() for text in pages.texts) - pages.damaged
    if empty > 0:
        yield f"Pages without text: {empty} of {pages.count}. They may be scanned, or empty."


def _version_warnings(ends: list[int], changes: list[dict[int, str]]) -> Iterator[str]:
    if len(ends) < 2:
        return
    times = "once" if len(ends) == 2 else f"{len(ends) - 1} times"
    yield f"It was added to {times} after it was first written, and still holds what it was before."
    changed = {index for texts in changes for index in texts}
    if changed:
        listed = ", ".join(str(index + 1) for index in sorted(changed)[:20])
        yield f"The text of these pages was changed since: {listed}. The earlier text is listed with it."


def _other_warnings(document: pypdfium2.PdfDocument, size_bytes: int) -> Iterator[str]:
    if pdfium.FPDF_GetSecurityHandlerRevision(document) >= 0:
        yield "It is encrypted, and opens without a password."
    if pdfium.FPDF_GetSignatureCount(document) > 0:
        yield "It carries digital signatures. They were not checked."
    if not pdf_structure.is_searched_whole(size_bytes):
        yield "It is large: only its first 64 MB were searched for things that act."
