"""A page of a web archive set anew from what the archive itself holds, as pictures of its sheets; nothing runs."""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import BinaryIO

from casefiles.evidence.readers import html_tree, pdf_document, pdf_pages, pictures, renderings
from casefiles.evidence.readers.captures import PAGE_BYTES, Capture, Page, Shelf
from casefiles.evidence.readers.findings import MOST_SHEETS, Frame, NotParsed, picture_frame
from casefiles.evidence.readers.gzips import Place
from casefiles.evidence.readers.warcs import Record, record_at
from casefiles.evidence.readers.web_archives import opener, surveyed

# As wide as the page was set: a sheet of `renderings`, pixel for pixel.
WIDTH = 1200
FOLDERS = renderings.FOLDERS

Reading = Callable[[Capture], Record | None]


def prepare() -> None:
    renderings.prepare()
    pdf_pages.prepare()


def frames(file: BinaryIO, *, page: int) -> Iterator[Frame]:
    """Yield what the sheets of page `page` of the archive are and leave out, then a picture of each.

    Raises:
        NotParsed: the archive holds no such page, it is no markup, or it cannot be set.
    """
    survey, package = surveyed(file)
    listed = next((one for one in survey.pages() if one.number == page), None)

    def read(capture: Capture) -> Record | None:
        return record_at(opener(file, package, capture.entry), Place(capture.raw, capture.skip))

    pdf = _set_anew(listed, Captured(survey.captures, read, at=listed.at if listed else ""))
    yield Frame("sheets", json.dumps(dict(pdf.meta)).encode())
    with closing(pdf_document.opened(io.BytesIO(pdf.body))) as document:
        for index in range(min(len(document), MOST_SHEETS)):
            with pdf_document.page_of(document, index) as sheet:
                drawn = pdf_pages.drawn(sheet, sheet.get_size(), WIDTH)
                yield picture_frame(pictures.webp(drawn, quality=80), role=f"sheet {index + 1}")


def _set_anew(page: Page | None, captured: "Captured") -> Frame:
    capture = captured.capture(renderings.plain_address(page.url)) if page else None
    record = captured.read(capture) if capture else None
    if capture is None or record is None:
        raise NotParsed("it holds no such page")
    if not capture.is_markup:
        raise NotParsed("what was captured is no page of markup")
    text = html_tree.decoded_page(record.content(PAGE_BYTES), record.charset).text
    return renderings.set_anew(text, renderings.base_of(text, record.url), captured)


class Captured(renderings.Parts):
    """What an archive holds, as it was captured nearest to a time; errors that servers sent are nothing to show."""

    def __init__(self, captures: Iterable[Capture], read: Reading, *, at: str) -> None:
        super().__init__()
        self.read, self._at = read, at
        self._shelf = Shelf(_findable(one) for one in captures if one.status < 400)

    def capture(self, address: str) -> Capture | None:
        """Return what shows an address; of one that was not kept again, what its record refers to."""
        found = self._shelf.answer(address, self._at)
        if found is not None and found.type == "revisit":
            found = self._shelf.nearest(found.refers_to, found.at)
        return found if found is not None and found.type != "revisit" else None

    def has(self, address: str) -> bool:
        return self.capture(address) is not None

    def part(self, address: str) -> tuple[bytes, str, str] | None:
        capture = self.capture(address)
        record = self.read(capture) if capture else None
        if record is None:
            return None
        return record.content(renderings.PART_BYTES + 1), record.media_type, record.charset


def _findable(capture: Capture) -> Capture:
    plain = renderings.plain_address
    return replace(
        capture, url=plain(capture.url), location=plain(capture.location), refers_to=plain(capture.refers_to)
    )
