"""What a program says of the letters in a picture, taken apart: lines of words, and how sure it is of them.

Pure: knows no database, no Django and no program.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from casefiles.evidence.readers.findings import plain_text

# A program that is asked for letters finds some in waves and leaves too, but is not sure of them.
LEAST_CONFIDENCE = 50.0
MOST_ROWS = 200_000
_WORD_ROW = "5"
_COLUMNS = 12
# Scripts written without spaces, which the program puts between their signs: Han, kana.
_SIGN = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
_WITHOUT_SPACES = re.compile(f"(?<={_SIGN}) (?={_SIGN})")


@dataclass(frozen=True)
class Recognised:
    """The words of a picture; `confidence` is the program's own, from 0 to 100, in the mean over the words kept."""

    text: str = ""
    words: int = 0
    left_out: int = 0
    confidence: float = 0.0


@dataclass(frozen=True)
class _Word:
    paragraph: tuple[str, ...]
    line: str
    confidence: float
    text: str


def recognised_in(rows: str) -> Recognised:
    """Take apart tab-separated rows of tesseract; lines that it is not sure of are left out and counted.

    What is no row of a word is passed over.
    """
    words = list(_words(rows))
    lines: list[tuple[tuple[str, ...], str]] = []
    kept: list[_Word] = []
    for (paragraph, _line), group in groupby(words, key=lambda word: (word.paragraph, word.line)):
        line = list(group)
        if _is_sure(line):
            kept += line
            lines.append((paragraph, _WITHOUT_SPACES.sub("", " ".join(word.text for word in line))))
    paragraphs = ["\n".join(text for _p, text in group) for _p, group in groupby(lines, key=lambda one: one[0])]
    mean = sum(word.confidence for word in kept) / len(kept) if kept else 0.0
    return Recognised("\n\n".join(paragraphs), len(kept), len(words) - len(kept), round(mean, 1))


def _words(rows: str) -> Iterator[_Word]:
    for row in plain_text(rows).split("\n")[:MOST_ROWS]:
        cells = row.rstrip("\r").split("\t", _COLUMNS - 1)
        if len(cells) != _COLUMNS or cells[0] != _WORD_ROW or not cells[11].strip():
            continue
        try:
            confidence = float(cells[10])
        except ValueError:
            continue
        if 0 <= confidence <= 100:
            yield _Word(tuple(cells[1:4]), cells[4], confidence, " ".join(cells[11].split()))


def _is_sure(line: list[_Word]) -> bool:
    """Say whether a line is kept: the program is sure of it on the whole, and it holds more than specks."""
    mean = sum(word.confidence for word in line) / len(line)
    signs = sum(character.isalnum() for word in line for character in word.text)
    return mean >= LEAST_CONFIDENCE and signs >= 2
