"""One capture of a web archive, for whoever looks at it: a page as blocks of words, or a picture drawn anew."""

import io
import json
from collections.abc import Iterator
from typing import BinaryIO

from lxml.etree import LxmlError

from casefiles.evidence.readers import pictures
from casefiles.evidence.readers.captures import PAGE_BYTES
from casefiles.evidence.readers.findings import Frame, NotParsed, Plain, plain_text
from casefiles.evidence.readers.gzips import Place
from casefiles.evidence.readers.markup import Block, Run, WebPage, decoded, read_page
from casefiles.evidence.readers.wacz import Package
from casefiles.evidence.readers.warcs import Record, record_at
from casefiles.evidence.readers.web_archives import is_package, opener
from casefiles.evidence.readers.web_archives import prepare as prepare_markup

PICTURE_BYTES = 40 * 1024 * 1024
_MOST_HEADERS, _HEADER_LENGTH = 200, 2_000
_TEXT_LENGTH = 500_000
_MARKUP = {"text/html", "application/xhtml+xml"}
_TEXTS = ("text/", "application/json", "application/xml", "application/javascript")


def prepare() -> None:
    pictures.prepare()
    prepare_markup()


def frames(file: BinaryIO, *, entry: str, raw: int, skip: int, wanted: str) -> Iterator[Frame]:
    """Yield the capture at a place that an index of this archive named: `wanted` is "page" or "picture".

    Raises:
        NotParsed: no capture begins there, or it is nothing that can be shown.
    """
    package = Package(file) if is_package(file) else None
    record = record_at(opener(file, package, entry), Place(raw, skip))
    if record is None:
        raise NotParsed("no capture begins where the index says")
    yield _page(record) if wanted == "page" else _picture(record)


def _picture(record: Record) -> Frame:
    """Draw a captured picture anew; one that is larger than is read is cut, and so not drawn."""
    with pictures.opened(io.BytesIO(record.content(PICTURE_BYTES))) as image:
        size: dict[str, Plain] = {"width": image.width, "height": image.height}
        shown = pictures.drawn(image, pictures.LONGEST_SIDE)
    return Frame("picture", pictures.webp(shown), size)


def _page(record: Record) -> Frame:
    page = _as_page(record)
    content: dict[str, Plain] = {
        "title": page.title,
        "language": page.language,
        "blocks": [block.plain() for block in page.blocks],
        "is_cut": page.is_cut,
        "status": record.http.statusline[:200] if record.http else "",
        "headers": _headers(record.http.headers if record.http else []),
        "record": _headers(record.headers),
        "media_type": record.media_type,
        "verdicts": list(_verdicts(record)),
    }
    return Frame("page", plain_text(json.dumps(content, ensure_ascii=False)).encode())


def _as_page(record: Record) -> WebPage:
    content = record.content(PAGE_BYTES)
    if record.media_type in _MARKUP:
        try:
            return read_page(content, charset=record.charset, address=record.url)
        except (LxmlError, ValueError) as error:
            raise NotParsed("its markup is damaged") from error
    if not record.media_type.startswith(_TEXTS):
        return WebPage("", "", ())
    text = decoded(content, record.charset)
    return WebPage("", "", (Block("preformatted", (Run(text[:_TEXT_LENGTH]),)),), len(text) > _TEXT_LENGTH)


def _headers(headers: list[tuple[str, str]]) -> list[Plain]:
    return [[name[:200], str(value)[:_HEADER_LENGTH]] for name, value in headers[:_MOST_HEADERS]]


def _verdicts(record: Record) -> Iterator[str]:
    record.body.drain()
    yield from record.verdicts
