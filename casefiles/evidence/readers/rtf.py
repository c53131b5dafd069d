"""A Rich Text file: its words and what it says of itself, by the few rules of the format that text needs.

Groups, control words and characters as in the Rich Text Format specification 1.9.1. Objects and pictures are skipped.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from casefiles.evidence.readers.findings import TEXT_LENGTH, Claim, Findings, Frame, NotParsed, Plain, text_frame

READ_BYTES = 64 * 1024 * 1024
MADE_BY = "Casefiles RTF reader 1"
_MOST_DEPTH = 500
_TOKEN = re.compile(
    rb"(?P<open>\{)|(?P<close>\})|(?P<bytes>(?:\\'[0-9a-fA-F]{2}[\r\n]*)+)"
    rb"|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\(?P<symbol>[^a-zA-Z'])"
    rb"|(?P<line>[\r\n]+)|(?P<text>[^\\{}\r\n]+)|\\"
)
# Groups that hold no text of the document.
_SKIPPED = frozenset(
    {
        b"fonttbl", b"colortbl", b"stylesheet", b"pict", b"object", b"objdata", b"themedata", b"datastore",
        b"generator", b"listtable", b"listoverridetable", b"revtbl", b"rsidtbl", b"xmlnstbl", b"latentstyles",
        b"fldinst", b"info",
        b"header", b"footer", b"headerl", b"headerr", b"headerf", b"footerl", b"footerr", b"footerf", b"nonshppict",
        b"mmathPr", b"template", b"filetbl", b"userprops", b"bkmkstart", b"bkmkend", b"deleted",
    }
)  # fmt: skip
_SIGNS = {
    b"par": "\n\n", b"sect": "\n\n", b"page": "\n\n", b"line": "\n", b"tab": "\t", b"cell": "\t", b"row": "\n",
    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"-": "", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n\n", b"\r": "\n\n"}
_INFORMATION = {
    b"title": "title", b"author": "author", b"operator": "author", b"subject": "summary", b"keywords": "keywords",
    b"doccomm": "summary", b"company": "publisher", b"manager": "attribution",
}  # fmt: skip
_TIMES = {b"creatim": "created", b"revtim": "modified"}
_PARTS_OF_TIME = (b"yr", b"mo", b"dy", b"hr", b"min")


@dataclass(frozen=True)
class _Group:
    """What holds inside the present braces: where text goes ("" for the document), and what follows `\\u`."""

    target: bytes = b""
    is_skipped: bool = False
    is_optional: bool = False
    repeats: int = 1


class _Reader:
    """Reads a document token by token."""

    def __init__(self) -> None:
        self.texts: dict[bytes, list[str]] = {}
        self.times: dict[bytes, dict[bytes, int]] = {}
        self.encoding, self.objects = "cp1252", 0
        self._groups, self._length, self._left_out = [_Group()], 0, 0

    def read(self, content: bytes) -> None:
        for token in _TOKEN.finditer(content):
            if token["open"]:
                self._open()
            elif token["close"]:
                self._close()
            elif token["word"]:
                self._obey(token["word"], int(token["number"] or 1))
            elif token["symbol"]:
                self._sign(token["symbol"])
            elif token["bytes"]:
                self._write(bytes.fromhex(re.sub(rb"[\\'\r\n]", b"", token["bytes"]).decode()))
            elif token["text"]:
                self._write(token["text"])

    def _open(self) -> None:
        if len(self._groups) > _MOST_DEPTH:
            raise NotParsed("its groups lie in each other deeper than is read")
        self._groups.append(replace(self._groups[-1], is_optional=False))
        self._left_out = 0

    def _close(self) -> None:
        if len(self._groups) > 1:
            self._groups.pop()
        self._left_out = 0

    def _obey(self, word: bytes, number: int) -> None:
        group, self._left_out = self._groups[-1], 0
        if word == b"u":
            self._add(_of_code(number))
            self._left_out = group.repeats
        elif word == b"uc":
            self._groups[-1] = replace(group, repeats=min(max(number, 0), 100))
        elif word == b"ansicpg":
            self.encoding = _code_page(number)
        elif word in _PARTS_OF_TIME and group.target in _TIMES:
            self.times.setdefault(group.target, {})[word] = number
        elif word in _INFORMATION or word in _TIMES:
            self._groups[-1] = replace(group, target=word, is_skipped=False)
        elif word in _SKIPPED or group.is_optional:
            self.objects += word == b"object"
            self._groups[-1] = replace(group, is_skipped=True)
        else:
            self._add(_SIGNS.get(word, ""))

    def _sign(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._groups[-1] = replace(self._groups[-1], is_optional=True)
        else:
            self._add(_SYMBOLS.get(symbol, ""))

    def _write(self, raw: bytes) -> None:
        """Add characters, but for those that only repeat what `\\u` gave, for programs that do not know it."""
        left_out = min(self._left_out, len(raw))
        self._left_out -= left_out
        self._add(raw[left_out:].decode(self.encoding, "replace"))

    def _add(self, text: str) -> None:
        group = self._groups[-1]
        if text and not group.is_skipped and self._length < TEXT_LENGTH:
            self.texts.setdefault(group.target, []).append(text)
            self._length += len(text)


def _of_code(number: int) -> str:
    """Return the character of a code, which is given signed and in 16 bits; halves of pairs are joined later."""
    return chr(number % 0x10000)


def _code_page(number: int) -> str:
    try:
        return codecs.lookup(f"cp{number}").name
    except LookupError:
        return "cp1252"


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield what is found and the text.

    Raises:
        NotParsed: it is larger, or its groups lie in each other deeper, than is read.
    """
    content = file.read(READ_BYTES + 1)
    if len(content) > READ_BYTES:
        raise NotParsed("it is larger than 64 MB, more than is read")
    reader = _Reader()
    reader.read(content)
    warnings = []
    if reader.objects:
        warnings.append("It holds other documents or programs (embedded objects). They are not read.")
    if rb"\*\template" in content:
        warnings.append("It would load its template from elsewhere when it is opened.")
    measured: dict[str, Plain] = {"encoding": reader.encoding, "objects": reader.objects}
    yield Findings("RTF", measured, tuple(_claims(reader)), warnings=tuple(warnings)).frame()
    text = re.sub(r"\n{3,}", "\n\n", _joined(reader.texts.get(b"", []))).strip()
    if text:
        yield text_frame(text, made_by=MADE_BY)


def _joined(pieces: list[str]) -> str:
    """Return the pieces as one text; halves of a pair (UTF-16) become one character."""
    return "".join(pieces).replace("\f", " ").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _claims(reader: _Reader) -> Iterator[Claim]:
    for word, key in _INFORMATION.items():
        value = " ".join(_joined(reader.texts.get(word, [])).split())
        if value:
            yield Claim(key, value, where=f"info/{word.decode()}")
    for word, key in _TIMES.items():
        value = _time(reader.times.get(word, {}))
        if value:
            yield Claim(key, value, where=f"info/{word.decode()}")


def _time(parts: dict[bytes, int]) -> str:
    """Return a time as far as it is given, without a zone, as the format has none."""
    if not {b"yr", b"mo", b"dy"} <= set(parts):
        return ""
    date = f"{parts[b'yr']:04d}-{parts[b'mo']:02d}-{parts[b'dy']:02d}"
    return f"{date}T{parts[b'hr']:02d}:{parts.get(b'min', 0):02d}" if b"hr" in parts else date
