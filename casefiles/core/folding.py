"""Fold text for search and sorting, show what is invisible in it, and refuse what cannot be stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

TAB, LINE_FEED, CARRIAGE_RETURN = "\t", "\n", "\r"
# Letters that Unicode decomposes no further, although people search for them without the stroke or dot.
_PLAIN_LETTERS = str.maketrans({"ı": "i", "İ": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d"})
_HANGUL = (("\u1100", "\u11ff"), ("\u3131", "\u318e"), ("\ua960", "\ua97f"), ("\uac00", "\ud7ff"))
_IDEOGRAPHS_AND_KANA = (
    ("\u3005", "\u3007"),
    ("\u3040", "\u30ff"),
    ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"),
    ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003ffff"),
)
_RUNNING_SCRIPTS = _HANGUL + _IDEOGRAPHS_AND_KANA
# Fillers of Hangul count as letters and show nothing.
_PRINTABLE_BUT_BLANK = re.compile("[\u115f\u1160\u3164\uffa0]")


class UnsafeText(ValueError):
    """The text holds a character that the databases cannot keep; `reason` says which and where."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def fold(text: str) -> str:
    """Return a search and sort key: no accents, no case, no invisible characters, single spaces.

    Chinese, Japanese and Korean characters stay as they are, but for width and compatibility forms.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN_LETTERS))
    # Marks go before case folding, which for bare letters brings no new ones.
    bare = "".join(_spaced(character) for character in decomposed).casefold()
    return unicodedata.normalize("NFC", " ".join(bare.split()))


def _spaced(character: str) -> str:
    """Keep a character, make white space of it, or drop it where it is invisible or a mark."""
    if character in (TAB, LINE_FEED, CARRIAGE_RETURN):
        return " "
    category = unicodedata.category(character)
    return "" if category in {"Cc", "Cf", "Cs"} or _is_accent(character) else character


def _is_accent(character: str) -> bool:
    # Kana voicing marks (U+3099, U+309A) tell か from が: another letter, not an accent.
    return unicodedata.category(character) in {"Mn", "Me"} and character not in "\u3099\u309a"


def search_tokens(text: str) -> list[str]:
    """Return folded words in order; runs of Chinese, Japanese or Korean become pairs of neighbours.

    Those scripts write no spaces where a searcher would, so "앙가라호" gives "앙가", "가라", "라호".
    """
    return list(each_token(text))


def each_token(text: str) -> Iterator[str]:
    """Yield the same, one after another: of a long text they take many times its room."""
    for run, is_running in _runs(fold(text)):
        yield from _pairs(run) if is_running else [run]


def _runs(folded: str) -> Iterator[tuple[str, bool]]:
    """Yield each word, or run of letters without spaces, as soon as it ends: texts have megabytes."""
    start, kind = 0, None
    for place, character in enumerate(folded):
        now = _is_running(character) if _is_word(character) else None
        if now is not kind:
            if kind is not None:
                yield folded[start:place], kind
            start, kind = place, now
    if kind is not None:
        yield folded[start:], kind


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def _is_running(character: str) -> bool:
    return character >= "\u1100" and any(first <= character <= last for first, last in _RUNNING_SCRIPTS)


def _pairs(run: str) -> list[str]:
    return [run[index : index + 2] for index in range(len(run) - 1)] or [run]


def visible_controls(text: str) -> str:
    """Replace what steers or hides text by a marker, such as ⟨U+202E⟩; tabs and line breaks stay.

    Covers the C0 and C1 controls, bidirectional marks, embeddings, overrides and isolates, zero-width and other
    format characters, line and paragraph separators, and lone surrogates.
    """
    # Nearly all text is printable, and Python answers that for a whole string at once.
    if text.isprintable() and not _PRINTABLE_BUT_BLANK.search(text):
        return text
    return "".join(_marker(character) if _is_hidden(character) else character for character in text)


def _is_hidden(character: str) -> bool:
    if character in (TAB, LINE_FEED, CARRIAGE_RETURN):
        return False
    category = unicodedata.category(character)
    return category in {"Cc", "Cf", "Cs", "Zl", "Zp"} or bool(_PRINTABLE_BUT_BLANK.match(character))


def _marker(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


def clean_line(text: str) -> str:
    """Return one line of text: white space runs become single spaces, the ends are trimmed.

    Everything else stays as typed, also characters that steer direction: show them with `visible_controls`.

    Raises:
        UnsafeText: it holds a NUL or half of a surrogate pair.
    """
    refuse_unsafe(text)
    return " ".join(text.split())


def clean_text(text: str) -> str:
    """Return text of several lines with line breaks as line feeds; nothing else changes.

    Raises:
        UnsafeText: it holds a NUL or half of a surrogate pair.
    """
    refuse_unsafe(text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def refuse_unsafe(text: str) -> None:
    """Refuse what PostgreSQL or UTF-8 cannot store, on both databases alike.

    Raises:
        UnsafeText: it holds a NUL or half of a surrogate pair.
    """
    for position, character in enumerate(text, start=1):
        if character == "\x00":
            raise UnsafeText(f"Character {position} is a NUL (U+0000), which cannot be stored: remove it.")
        if "\ud800" <= character <= "\udfff":
            raise UnsafeText(
                f"Character {position} is half of a character (U+{ord(character):04X}), which cannot be stored: "
                "copy the text again from where it came."
            )
