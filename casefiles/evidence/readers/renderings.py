"""A web page in one file (HTML, MHTML) set anew as a PDF from its own parts alone; nothing runs, nothing is fetched."""

import io
import os
import urllib.parse
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator
from email.message import Message
from typing import Any, BinaryIO

from PIL import Image

from casefiles.evidence.readers import html_tree, messages, pictures, saved_pages
from casefiles.evidence.readers.findings import MOST_SHEETS, NO_LIBRARY, Frame, NotParsed, Plain
from casefiles.evidence.readers.inert import inert, joined

# What the library that sets pages needs beside Python's own: fonts, and where they are listed.
FOLDERS = ("/etc/fonts", "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/var/cache/fontconfig")
MEBIBYTE = 1024 * 1024
MARKUP_BYTES, PART_BYTES, ALL_PARTS_BYTES = 8 * MEBIBYTE, 20 * MEBIBYTE, 60 * MEBIBYTE
MOST_PARTS = 400
# As wide as a window, as high as a sheet is to its width. Authors' own sizes of sheets are for their printers.
_SHEET = "@page { size: 1200px 1697px !important; margin: 0 !important }"
_PICTURE_SIDE = 1600


def prepare() -> None:
    """Load and try what setting a page loads only when it is first asked for."""
    # Fonts carry the time at which they were cut down: the same file is to give the same bytes.
    os.environ["SOURCE_DATE_EPOCH"] = "1700000000"
    saved_pages.prepare()
    pictures.prepare()
    try:
        import weasyprint
    except (ImportError, OSError):
        return
    weasyprint.HTML(string="<p>Words.", base_url="about:blank").write_pdf()


def frames(file: BinaryIO, *, form: str) -> Iterator[Frame]:
    """Yield the PDF, with the sizes of its sheets in CSS pixels and what was left out.

    `form` is "page" or "saved page": how the file is put together.

    Raises:
        NotParsed: it is larger than is drawn, there is nothing in it, or the libraries for it are missing.
    """
    yield set_anew(*(_saved(file) if form == "saved page" else _single(file)))


def set_anew(text: str, address: str, parts: "Parts") -> Frame:
    """Return a page's markup as a PDF; `address` is where its own addresses start, `parts` is all that it may show.

    Raises:
        NotParsed: it is larger than is drawn, there is nothing in it, or the libraries for it are missing.
    """
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise NotParsed(NO_LIBRARY) from error
    if len(text) > MARKUP_BYTES:
        raise NotParsed("its markup is larger than is drawn")
    markup, left_out = inert(html_tree.tree_of(text), address=address, is_held=parts.holds)
    document = _set(weasyprint, markup, address, parts)
    shown = document.pages[:MOST_SHEETS]
    content = document.copy(shown).write_pdf(pdf_identifier=b"\0" * 16)
    counts: dict[str, Plain] = {**left_out, "outside": len(parts.refused)}
    sizes: list[Plain] = [[round(page.width), round(page.height)] for page in shown]
    meta: dict[str, Plain] = {
        "made_by": f"WeasyPrint {weasyprint.__version__}", "pages": len(document.pages), "sizes": sizes,
        "left_out": {name: count for name, count in counts.items() if count},
    }  # fmt: skip
    return Frame("pdf", content, meta)


def _single(file: BinaryIO) -> tuple[str, str, "Parts"]:
    content = file.read(MARKUP_BYTES + 1)
    root = html_tree.decoded_page(content)
    return root.text, base_of(root.text, ""), SavedParts([], "")


def _saved(file: BinaryIO) -> tuple[str, str, "Parts"]:
    message = messages.message_of(file)
    leaves = list(messages.leaves(message))
    root = saved_pages.root_of(message, leaves)
    text = html_tree.decoded_page(messages.content_of(root), messages.charset_of(root)).text
    own = messages.header(root, "Content-Location") or messages.header(message, "Snapshot-Content-Location")
    address = base_of(text, own)
    return text, address, SavedParts([part for part in leaves if part is not root], own)


def base_of(text: str, address: str) -> str:
    """Return from where a page's addresses start: as it says itself, else where it came from."""
    said = next((element.get("href") or "" for element in html_tree.tree_of(text).iter("base")), "")
    return joined(address, said) or "about:blank"


class Parts(ABC):
    """What a page may show: found by the addresses that its markup and styles name; all else is refused, and noted."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self.room = ALL_PARTS_BYTES

    @abstractmethod
    def part(self, address: str) -> tuple[bytes, str, str] | None:
        """Return what lies at an address (see `plain_address`): bytes, media type and charset."""

    @abstractmethod
    def has(self, address: str) -> bool:
        """Say whether something lies at an address (see `plain_address`)."""

    def holds(self, address: str) -> bool:
        return address[:5].lower() == "data:" or self.has(plain_address(address))

    def content(self, address: str) -> tuple[bytes, str, str]:
        """Return the bytes at an address, their media type and charset.

        Raises:
            ValueError: nothing is held there, or more than is taken.
        """
        found = _of_data(address) if address[:5].lower() == "data:" else self.part(plain_address(address))
        if found is None:
            self.refused.add(address[:2_000])
            raise ValueError("The file holds nothing there.")
        content, media_type, charset = found
        self.room -= len(content)
        if len(content) > PART_BYTES or self.room < 0:
            raise ValueError("That is more than is taken.")
        return _harmless(content, media_type) + (charset,)


class SavedParts(Parts):
    """The parts of a saved page (RFC 2557)."""

    def __init__(self, parts: list[Message], address: str) -> None:
        super().__init__()
        self._parts: dict[str, Message] = {}
        for part in parts[:MOST_PARTS]:
            place, identity = messages.header(part, "Content-Location"), messages.header(part, "Content-ID")
            self._parts.setdefault(plain_address(joined(address, place)), part)
            self._parts.setdefault(f"cid:{identity.strip('<> ')}", part)
        for nothing in ("", "cid:"):
            self._parts.pop(nothing, None)

    def part(self, address: str) -> tuple[bytes, str, str] | None:
        part = self._parts.get(address)
        if part is None:
            return None
        return messages.content_of(part), part.get_content_type(), messages.charset_of(part)

    def has(self, address: str) -> bool:
        return address in self._parts


def plain_address(address: str) -> str:
    """Return an address as parts are found by: without what names a place in them, and however it is escaped."""
    return urllib.parse.unquote(address.partition("#")[0])


def _of_data(address: str) -> tuple[bytes, str, str]:
    with urllib.request.DataHandler().data_open(urllib.request.Request(address)) as answer:  # noqa: S310 (data only)
        headers = answer.headers
        return answer.read(PART_BYTES + 1), headers.get_content_type(), str(headers.get_param("charset") or "")


def _harmless(content: bytes, media_type: str) -> tuple[bytes, str]:
    """Draw a picture anew, so that no other decoder sees it; fonts and whatever else is no style are refused."""
    if media_type == "text/css" or (media_type == "image/svg+xml" and not _has_entities(content)):
        return content, media_type
    if not media_type.startswith("image/"):
        raise ValueError("That is nothing that is drawn.")
    try:
        with pictures.opened(io.BytesIO(content)) as image:
            shown = pictures.drawn(image, _PICTURE_SIDE)
            size = image.size
    except NotParsed as error:
        raise ValueError("That is no picture of a known form.") from error
    return _encoded(shown, size), "image/png"


def _has_entities(content: bytes) -> bool:
    return b"<!ENTITY" in content.replace(b"\0", b"").upper()


def _encoded(shown: Image.Image, size: tuple[int, int]) -> bytes:
    """Encode a picture so that it takes the room of the original, in pixels, where a page does not say how much."""
    output = io.BytesIO()
    full = shown if max(size) <= _PICTURE_SIDE else shown.resize(_bounded(size), Image.Resampling.BILINEAR)
    full.save(output, "PNG", compress_level=1)
    return output.getvalue()


def _bounded(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, 2_400 / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _set(weasyprint: Any, markup: str, address: str, parts: Parts) -> Any:
    """Lay the page out in sheets; styles and pictures come from the parts, and from nowhere else."""
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnParts(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            content, media_type, charset = parts.content(url)
            kind = f"{media_type}; charset={charset}" if charset.isascii() and charset.isalnum() else media_type
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    class InstalledFonts(FontConfiguration):
        """A page's own fonts would be written to the disk and read by another library: they are replaced."""

        def add_font_face(self, rule_descriptors: Any, url_fetcher: Any) -> None:
            return None

    fonts, fetcher = InstalledFonts(), OwnParts(allowed_protocols=set())
    page = weasyprint.HTML(string=markup, base_url=address, url_fetcher=fetcher, media_type="screen")
    sheet = weasyprint.CSS(string=_SHEET, font_config=fonts)
    return page.render(font_config=fonts, stylesheets=[sheet], presentational_hints=True)
