"""A web page that a browser saved as one file with all its parts (MHTML, RFC 2557)."""

from collections.abc import Iterator
from email.message import Message
from typing import BinaryIO

from casefiles.evidence.readers import html_metadata, html_tree, messages, web_pages
from casefiles.evidence.readers.findings import Claim, Findings, Frame, NotParsed, Plain, text_frame

_CLAIMS = (
    ("Subject", "title"),
    ("Snapshot-Content-Location", "url"),
    ("Date", "acquired"),
    ("From", "captured_by"),
    ("X-MimeOLE", "software"),
)


def prepare() -> None:
    web_pages.prepare()


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield what is found, of the file and of its page, and the text.

    Raises:
        NotParsed: it is larger or nested deeper than is read, or there is no page in it.
    """
    message = messages.message_of(file)
    parts = list(messages.leaves(message))
    root_part = root_of(message, parts)
    page = html_tree.decoded_page(messages.content_of(root_part), messages.charset_of(root_part))
    root = html_tree.tree_of(page.text)
    counts, text = web_pages.measured_and_text(root, page.text)
    address = messages.header(message, "Snapshot-Content-Location") or messages.header(root_part, "Content-Location")
    measured: dict[str, Plain] = {"parts": len(parts), "encoding": page.encoding, **counts}
    yield Findings(
        "MHTML",
        measured,
        (*_claims(message), *_address_claim(message, root_part), *html_metadata.claims_of(root)),
        (
            *(messages.listed(part, "part") for part in parts[: messages.MOST_PARTS]),
            *web_pages.parts_of(root, address),
        ),
        (*page.warnings, *web_pages.warnings_of(root)),
    ).frame()
    if text:
        yield text_frame(text, made_by=web_pages.MADE_BY)


def root_of(message: Message, parts: list[Message]) -> Message:
    """Return the page itself: the part that the message says to start with, else its first page.

    Raises:
        NotParsed: there is none.
    """
    start = message.get_param("start")
    pages = [part for part in parts if part.get_content_type() in {"text/html", "application/xhtml+xml"}]
    named = [part for part in pages if isinstance(start, str) and messages.header(part, "Content-ID") == start]
    if not pages:
        raise NotParsed("there is no page in it")
    return (named or pages)[0]


def _claims(message: Message) -> Iterator[Claim]:
    for name, key in _CLAIMS:
        value = messages.header(message, name)
        if value:
            yield Claim(key, messages.date_of(value) if name == "Date" else value, where=name)


def _address_claim(message: Message, root: Message) -> Iterator[Claim]:
    """Yield the address of the page's own part, where the message as a whole gives none."""
    address = messages.header(root, "Content-Location")
    if address and not messages.header(message, "Snapshot-Content-Location"):
        yield Claim("url", address, where="Content-Location")
