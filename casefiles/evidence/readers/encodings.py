"""Which encoding a text is in: marked, declared, UTF-8, or guessed from its bytes."""

from dataclasses import dataclass

import charset_normalizer
import webencodings

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_WESTERN = "cp1252"
_SAMPLE_BYTES = 60_000
# Guesses are believed for scripts that no Western encoding has: among those, one accent looks like another.
_GUESSED = frozenset(
    {
        "cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic", "gb18030", "gbk", "big5", "cp950", "cp932",
        "shift_jis", "euc_jp", "cp949", "euc_kr", "johab", "cp1253", "iso8859_7", "cp1255", "iso8859_8", "cp1256",
        "iso8859_6", "cp874", "tis_620",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Decoded:
    """A text with the encoding it was read in; not `is_certain`: that was guessed."""

    text: str
    encoding: str
    is_certain: bool

    @property
    def warnings(self) -> tuple[str, ...]:
        if self.is_certain:
            return ()
        shown = {"cp1252": "Windows-1252"}.get(self.encoding, self.encoding)
        return (f"Its encoding is not marked and it is not UTF-8: read as {shown}.",)


def decoded(content: bytes, declared: str = "") -> Decoded:
    """Read a text; a declared encoding in which it cannot be read is not believed."""
    encoding, is_certain = encoding_of(content, declared)
    return Decoded(content.decode(encoding, "replace"), encoding, is_certain)


def encoding_of(content: bytes, declared: str = "") -> tuple[str, bool]:
    """Return the encoding of a text, and whether the bytes themselves or a declaration that fits them show it."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding, True
    known = _known(declared)
    # Whoever could read the declaration was not reading UTF-16.
    for encoding in ("utf-8", known) if known.startswith("utf_16") else (known, "utf-8"):
        if encoding and _is_in(content, encoding):
            return encoding, True
    return _guessed(content), False


def _known(declared: str) -> str:
    """Return a declared encoding under Python's name, where a page may declare it: UTF-7 and its like it may not."""
    encoding = webencodings.lookup(declared[:40])
    if encoding is None or encoding.name in {"replacement", "x-user-defined"}:
        return ""
    return str(encoding.codec_info.name).replace("-", "_").replace("utf_8", "utf-8")


def _is_in(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        # Cut in the middle of the last character, as a long file is, it is in this encoding all the same.
        return error.start >= len(content) - 4 and ("unexpected end" in error.reason or "incomplete" in error.reason)
    return True


def _guessed(content: bytes) -> str:
    best = charset_normalizer.from_bytes(content[:_SAMPLE_BYTES]).best()
    name = (best.encoding if best else "").replace("-", "_")
    return name if name in _GUESSED else _WESTERN
