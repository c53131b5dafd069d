"""An e-mail as one file: its headers, the way it took, its text, and what is attached."""

from collections.abc import Iterator
from email.message import Message
from email.utils import parseaddr
from typing import BinaryIO

from casefiles.evidence.readers import html_tree, messages
from casefiles.evidence.readers.encodings import decoded
from casefiles.evidence.readers.findings import Claim, Findings, Frame, Plain, text_frame

MADE_BY = "Casefiles mail reader 1"
_MOST_HOPS = 60
_CLAIMS = (
    ("Subject", "title"),
    ("From", "sender"),
    ("Sender", "sender"),
    ("Reply-To", "sender"),
    ("Return-Path", "sender"),
    ("To", "recipient"),
    ("Cc", "recipient"),
    ("Bcc", "recipient"),
    ("Date", "published"),
    ("Message-ID", "identifier"),
    ("In-Reply-To", "identifier"),
    ("X-Mailer", "software"),
    ("User-Agent", "software"),
    ("Content-Language", "language"),
    ("X-Originating-IP", "attribution"),
)
_ADDRESSES = frozenset({"From", "Sender", "Reply-To", "To", "Cc", "Bcc"})


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield what is found and the text.

    Raises:
        NotParsed: it is larger, or its parts lie deeper, than is read.
    """
    message = messages.message_of(file)
    parts = list(messages.leaves(message))
    bodies, attached = _parted(parts)
    hops = list(_hops(message))
    attachments = [messages.listed(part, "attachment") for part in attached[: messages.MOST_PARTS]]
    measured: dict[str, Plain] = {"parts": len(parts), "attachments": len(attached), "hops": len(hops)}
    yield Findings(
        "e-mail (RFC 5322)",
        measured,
        tuple(_claims(message)),
        (*attachments, *hops),
        tuple(_warnings(message, attachments)),
    ).frame()
    text = "\n\n".join(filter(None, [_shown_headers(message), _text(bodies)]))
    if text:
        yield text_frame(text, made_by=MADE_BY)


def _parted(parts: list[Message]) -> tuple[list[Message], list[Message]]:
    """Return the parts that are its words, and those that are attached."""
    bodies: list[Message] = []
    attached: list[Message] = []
    for part in parts:
        is_text = part.get_content_type() in {"text/plain", "text/html"}
        is_attached = part.get_content_disposition() == "attachment" or bool(part.get_filename())
        (bodies if is_text and not is_attached else attached).append(part)
    return bodies, attached


def _claims(message: Message) -> Iterator[Claim]:
    for name, key in _CLAIMS:
        if name in _ADDRESSES:
            values = messages.addresses(message, name)
        else:
            values = [value for value in messages.headers(message, name)[:5] if value]
        for value in values:
            yield Claim(key, messages.date_of(value) if name == "Date" else value, where=name)
    for signature in messages.headers(message, "DKIM-Signature")[:5]:
        domain = next((tag.strip()[2:] for tag in signature.split(";") if tag.strip().startswith("d=")), "")
        yield Claim("signature", f"DKIM, by {domain}: not checked", where="DKIM-Signature")
    for value in messages.headers(message, "Authentication-Results")[:5]:
        yield Claim("signature", value, where="Authentication-Results")
    newest = next(_hops(message), None)
    if newest and newest["at"]:
        yield Claim("received", newest["at"], where="Received")


def _hops(message: Message) -> Iterator[dict[str, Plain]]:
    """Yield the servers that a message says it went through, the last one first, as they wrote it."""
    for line in messages.headers(message, "Received")[:_MOST_HOPS]:
        way, _semicolon, date = line.rpartition(";")
        yield {"kind": "received", "text": way or line, "at": messages.date_of(date.strip()) if way else ""}


def _shown_headers(message: Message) -> str:
    """Return the headers that a mail program shows, so that they can be quoted too."""
    names = ("From", "To", "Cc", "Date", "Subject")
    return "\n".join(f"{name}: {value}" for name in names if (value := messages.header(message, name)))


def _text(bodies: list[Message]) -> str:
    """Return the words of a message: as plain text where it has any, else those of its HTML."""
    plain = [part for part in bodies if part.get_content_type() == "text/plain"]
    return "\n\n".join(filter(None, (_words(part) for part in plain or bodies)))


def _words(part: Message) -> str:
    content = messages.content_of(part)
    if part.get_content_type() == "text/html":
        page = html_tree.decoded_page(content, messages.charset_of(part))
        return "\n\n".join(html_tree.blocks(page.text))
    text = decoded(content, messages.charset_of(part)).text
    return text.replace("\r\n", "\n").replace("\f", " ").strip()


def _warnings(message: Message, attachments: list[dict[str, Plain]]) -> Iterator[str]:
    sender = parseaddr(messages.header(message, "From"))[1].casefold()
    others = {
        name: parseaddr(messages.header(message, name))[1].casefold() for name in ("Reply-To", "Return-Path", "Sender")
    }
    for name, address in others.items():
        if address and sender and address.rpartition("@")[2] != sender.rpartition("@")[2]:
            yield f"Its {name} is at another domain than its sender."
    for name in ("From", "Date", "Subject", "Message-ID"):
        if len(messages.headers(message, name)) > 1:
            yield f"It has more than one {name}: programs show one or the other."
    if not messages.headers(message, "Received"):
        yield "It names no server that it went through: a draft, or a copy that somebody sent or saved."
    if any(part["media_type"] in _PROGRAMS for part in attachments):
        yield "A program is attached to it."
    if any(_is_disguised(part) for part in attachments):
        yield "Something attached to it is not what it claims to be."


_PROGRAMS = frozenset({"application/vnd.microsoft.portable-executable", "application/x-elf"})


def _is_disguised(part: dict[str, Plain]) -> bool:
    """Say whether an attachment claims to be a picture or a document, and is a program or a page."""
    claimed, found = str(part["claimed_media_type"]), str(part["media_type"])
    return claimed != found and claimed.startswith(("image/", "application/pdf", "text/plain")) and found in (
        *_PROGRAMS, "text/html", "image/svg+xml", "application/zip",
    )  # fmt: skip
