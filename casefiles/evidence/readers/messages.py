"""MIME messages, as mail programs and "save as one file" write them: headers, parts and their bytes.

Python's own parser in its oldest policy: it keeps what is malformed instead of failing on it.
"""

import email
import hashlib
from collections.abc import Iterator
from datetime import datetime
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import BinaryIO

from casefiles.evidence.media_types import of_head
from casefiles.evidence.readers.encodings import decoded
from casefiles.evidence.readers.findings import NotParsed, Plain

MEBIBYTE = 1024 * 1024
READ_BYTES = 100 * MEBIBYTE
MOST_PARTS = 300
_MOST_DEPTH = 30


def message_of(file: BinaryIO) -> Message:
    """Read a message.

    Raises:
        NotParsed: it is larger than is read, or parts lie in parts deeper than is read.
    """
    content = file.read(READ_BYTES + 1)
    if len(content) > READ_BYTES:
        raise NotParsed("it is larger than 100 MB, more than is read of a message")
    try:
        message = email.message_from_bytes(content)
    except (RecursionError, ValueError, LookupError) as error:
        raise NotParsed("its parts lie in each other deeper than is read") from error
    return message


def leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    """Yield the parts that hold no further parts, in their order; a message within is one part.

    Raises:
        NotParsed: parts lie in each other deeper than is read.
    """
    if depth > _MOST_DEPTH:
        raise NotParsed("its parts lie in each other deeper than is read")
    if message.get_content_maintype() == "multipart" and isinstance(message.get_payload(), list):
        for part in message.get_payload():
            yield from leaves(part, depth + 1)  # type: ignore[arg-type]
    else:
        yield message


def header(message: Message, name: str) -> str:
    """Return a header as text on one line, its encoded words decoded; empty where it is not there."""
    return _readable(message.get(name))


def headers(message: Message, name: str) -> list[str]:
    """Return each header of one name, in the order of the message."""
    return [_readable(value) for value in message.get_all(name, [])]


def _readable(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    try:
        pieces = decode_header(text)
    except (ValueError, LookupError, email.errors.MessageError):
        pieces = [(text, None)]
    words = (one if isinstance(one, str) else decoded(one, charset or "").text for one, charset in pieces)
    # Bytes that no encoding announced came through as surrogates.
    plain = "".join(words).encode("utf-8", "surrogateescape")
    return " ".join(decoded(plain).text.split())


def addresses(message: Message, *names: str) -> list[str]:
    """Return the addresses in headers, each as "Name <address>"."""
    found = getaddresses([value for name in names for value in headers(message, name)][:50])
    return [f"{name} <{address}>" if name else address for name, address in found[:100] if name or address]


def date_of(text: str) -> str:
    """Return the date of a header as ISO 8601 with the offset it gives; as it stands where it is none.

    "-0000" says that the zone is not known (RFC 5322, 3.3): then none is given.
    """
    try:
        moment: datetime = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return text
    return moment.isoformat()


def content_of(part: Message) -> bytes:
    """Return the bytes of a part, its transfer encoding undone; of a message within, the message."""
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    inner = part.get_payload()
    if isinstance(inner, list) and inner and isinstance(inner[0], Message):
        return _flat(inner[0])
    return b""


def _flat(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return b""


def charset_of(part: Message) -> str:
    value = part.get_param("charset")
    return value if isinstance(value, str) else ""


def listed(part: Message, kind: str) -> dict[str, Plain]:
    """Return a part as findings list it: its name, what it claims to be and is, its size and digest."""
    content = content_of(part)
    name = part.get_filename() or header(part, "Content-Location")
    return {
        "kind": kind,
        "name": _readable(name),
        "claimed_media_type": part.get_content_type(),
        "media_type": of_head(content[:8192]) if content else "application/x-empty",
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
