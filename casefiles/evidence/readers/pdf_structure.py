"""What the bytes of a PDF show without opening it: names of things that act, and where it was added to.

Pure. Names may hide their letters (`/J#61vaScript`) or lie in packed object streams; both are looked into.
"""

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

MEBIBYTE = 1024 * 1024
SEARCHED_BYTES = 64 * MEBIBYTE
_UNPACKED_BYTES = 32 * MEBIBYTE
_HEAD_BYTES = 1024

# The name of a thing that acts, and what to say of it.
_ACTING = {
    b"JavaScript": "It holds scripts. They never run here.",
    b"JS": "It holds scripts. They never run here.",
    b"Launch": "It would start another program or open another file.",
    b"OpenAction": "It names something to do when it is opened. Nothing of it is done here.",
    b"AA": "It names something to do when its pages or fields are used. Nothing of it is done here.",
    b"GoToR": "It leads to other files.",
    b"GoToE": "It leads to files inside it.",
    b"SubmitForm": "It has a form that sends what is typed to an address.",
    b"ImportData": "It has a form that reads from another file.",
    b"RichMedia": "It holds films, sounds or programs.",
    b"XFA": "It holds a second form (XFA), which is not read: it may show something else than its pages.",
    b"EmbeddedFile": "It holds other files.",
}
_STREAM, _STREAM_END = re.compile(rb"\bstream\r?\n"), b"endstream"
_DICTIONARY_BYTES = 600
_OBJECTS = re.compile(rb"/(?:ObjStm|Type\s*/ObjStm)")


def _pattern(name: bytes) -> re.Pattern[bytes]:
    letters = b"".join(b"(?:%c|#%02x|#%02X)" % (letter, letter, letter) for letter in name)
    return re.compile(rb"/" + letters + rb"(?=[\s/<>\[\](){}%]|\Z)")


_PATTERNS = {name: _pattern(name) for name in _ACTING}


def acting_names(file: BinaryIO) -> dict[str, int]:
    """Return how often the names of things that act stand in a document, outside its packed pages and pictures."""
    content = _structure(file)
    counts = {name.decode(): len(pattern.findall(content)) for name, pattern in _PATTERNS.items()}
    return {name: count for name, count in counts.items() if count}


def warnings_of(counts: dict[str, int]) -> list[str]:
    """Return what to say of names that act, each sentence once."""
    return list(dict.fromkeys(_ACTING[name.encode()] for name in counts))


def is_searched_whole(size_bytes: int) -> bool:
    return size_bytes <= SEARCHED_BYTES


def _structure(file: BinaryIO) -> bytes:
    """Return a document without its streams, and the packed objects with them."""
    file.seek(0)
    content = file.read(SEARCHED_BYTES)
    outside, room, place = [], _UNPACKED_BYTES, 0
    for start, end in _streams(content):
        outside.append(content[place:start])
        if room > 0 and _OBJECTS.search(outside[-1][-_DICTIONARY_BYTES:]):
            outside.append(_inflated(content[start:end], room))
            room -= len(outside[-1])
        place = end
    return b"\n".join([*outside, content[place:]])


def _streams(content: bytes) -> Iterator[tuple[int, int]]:
    place = 0
    while match := _STREAM.search(content, place):
        place = content.find(_STREAM_END, match.end())
        if place < 0:
            return
        yield match.end(), place


def _inflated(packed: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""


def is_linearized(file: BinaryIO) -> bool:
    """Say whether a document begins with its first page, for the web: its first end is then none of an own version."""
    file.seek(0)
    return b"/Linearized" in file.read(_HEAD_BYTES)
