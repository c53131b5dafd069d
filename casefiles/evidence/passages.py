"""Texts taken apart for reading: parts with an address, paragraphs that can be cited, and where words stand in them.

Pure: knows no database and no Django.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from casefiles.evidence.texts import folded, parts_of_quote, plain_mark

PAGE_BREAK = "\f"
_PART_LENGTH = 12_000
_PART_ROWS = 200


@dataclass(frozen=True)
class Range:
    """A stretch of a text that is marked, and as what ("found", "cited")."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Paragraph:
    """Words that stand together, and the locator by which they are cited."""

    locator: str
    text: str


@dataclass(frozen=True)
class Part:
    """What one page of the reader shows."""

    title: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def text(self) -> str:
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    @property
    def is_worded(self) -> bool:
        return any(paragraph.text.strip() for paragraph in self.paragraphs)


@dataclass(frozen=True)
class Piece:
    """A piece of text between two borders of marks."""

    text: str
    is_found: bool = False
    is_cited: bool = False


def parts_of(text: str, *, unit: str, titles: Sequence[str] = ()) -> list[Part]:
    """Return a text in parts. `unit` is what is cited in it: "page", "paragraph" or "rows".

    Pages are parts as they are; what has none is parted after some thousand characters, never within a paragraph.
    `titles` name the sections that page breaks part.
    """
    sections = text.split(PAGE_BREAK)
    named = [*titles, *[""] * len(sections)]
    if unit == "page":
        return [Part("", (Paragraph(f"p. {number}", one),)) for number, one in enumerate(sections, 1)]
    found, number = [], 0
    for title, section in zip(named, sections, strict=False):
        if unit == "rows":
            found += [Part(title, rows) for rows in _rows(section)]
            continue
        for texts in _bundles(_paragraphs(section)):
            numbered = tuple(Paragraph(f"para {number + place}", one) for place, one in enumerate(texts, 1))
            number += len(texts)
            found.append(Part(title, numbered))
    return found


def _rows(section: str) -> Iterator[tuple[Paragraph, ...]]:
    lines = section.splitlines()
    for start in range(0, len(lines), _PART_ROWS):
        rows = enumerate(lines[start : start + _PART_ROWS], start + 1)
        yield tuple(Paragraph(f"rows {number}", line) for number, line in rows)


def _paragraphs(section: str) -> list[str]:
    """Return what empty lines part, or the lines where there are no empty ones."""
    plain = section.replace("\r\n", "\n").strip("\n")
    blocks = [block.strip("\n") for block in plain.split("\n\n")] if "\n\n" in plain else plain.split("\n")
    return [block for block in blocks if block.strip()]


def _bundles(paragraphs: Iterable[str]) -> Iterator[list[str]]:
    bundle: list[str] = []
    length = 0
    for paragraph in paragraphs:
        if bundle and length + len(paragraph) > _PART_LENGTH:
            yield bundle
            bundle, length = [], 0
        bundle.append(paragraph)
        length += len(paragraph)
    if bundle:
        yield bundle


# --- Where words stand ----------------------------------------------------------------------------------------------


def count(words: str, text: str) -> int:
    """Return how often words stand in a text, whatever their case, quotation marks and line breaks."""
    wanted = folded(words).casefold()
    return folded(text).casefold().count(wanted) if wanted else 0


def found(words: str, text: str) -> list[Range]:
    """Return where words stand in a text, as `count` counts them."""
    wanted = folded(words).casefold()
    if not wanted:
        return []
    plain, places = _mapped(text, is_case_kept=False)
    ranges, start = [], plain.find(wanted)
    while start >= 0:
        ranges.append(_range(places, start, start + len(wanted), "found"))
        start = plain.find(wanted, start + len(wanted))
    return ranges


def cited(quote: str, text: str) -> list[Range]:
    """Return where a quote stands in a text, each part of it apart where something was left out; or nothing."""
    plain, places = _mapped(text, is_case_kept=True)
    ranges, start = [], 0
    for part in parts_of_quote(quote):
        place = plain.find(part, start)
        if place < 0:
            return []
        start = place + len(part)
        ranges.append(_range(places, place, start, "cited"))
    return ranges


def _range(places: list[int], start: int, end: int, kind: str) -> Range:
    return Range(places[start], places[end - 1] + 1, kind)


def _mapped(text: str, *, is_case_kept: bool) -> tuple[str, list[int]]:
    """Return a text folded as quotes are, and for each of its characters the place it came from."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = plain_mark(unicodedata.normalize("NFKC", character))
        for one in plain if is_case_kept else plain.casefold():
            one = " " if one.isspace() else one
            if one != " " or (characters and characters[-1] != " "):
                characters.append(one)
                places.append(place)
    return "".join(characters), places


def pieces(text: str, ranges: list[Range]) -> list[Piece]:
    """Return a text in pieces, each wholly inside or outside of every mark."""
    borders = sorted({0, len(text), *(border for one in ranges for border in (one.start, one.end))})
    return [
        Piece(
            text[start:end],
            is_found=any(one.kind == "found" and one.start <= start < one.end for one in ranges),
            is_cited=any(one.kind == "cited" and one.start <= start < one.end for one in ranges),
        )
        for start, end in zip(borders, borders[1:], strict=False)
    ]
