"""A file as it is read: its words in parts, and what was cited from it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from casefiles.evidence.models import Citation, File, Reading, Recognition
from casefiles.evidence.passages import Part, count, parts_of
from casefiles.evidence.selectors.texts import TEXTS, recognised_text_of, text_of

_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ARCHIVES = ("application/warc", "application/wacz", "application/gzip")
_UNITS = {"application/pdf": "page", "text/csv": "rows", _SHEETS: "rows", **dict.fromkeys(_ARCHIVES, "page")}
MOST_HITS = 60


@dataclass(frozen=True)
class Hit:
    """In which part a word stands, and how often."""

    number: int
    count: int


@dataclass(frozen=True)
class ReadableFile:
    """The parts of a file's words, or none; `unit` is what is cited in it.

    `recognised` has the numbers of the parts that were read by OCR, as `recognition` tells.
    """

    unit: str
    parts: tuple[Part, ...]
    recognised: frozenset[int] = frozenset()
    recognition: Recognition | None = None

    @property
    def is_paged(self) -> bool:
        return self.unit == "page"

    def hits(self, words: str) -> list[Hit]:
        """Return the parts that hold words."""
        counts = ((number, count(words, part.text)) for number, part in enumerate(self.parts, 1))
        return [Hit(number, times) for number, times in counts if times]


def readable_file(file: File) -> ReadableFile:
    """Return a file as its reader shows it; a PDF without words still has its pages."""
    reading = Reading.objects.filter(file=file).first()
    unit = _UNITS.get(file.media_type, "paragraph")
    parts = parts_of(text_of(file) or "", unit=unit, titles=_titles(reading))
    recognition = Recognition.objects.filter(file=file).exclude(text=None).select_related("text").first()
    pages = reading.measured.get("pages") if reading and unit == "page" else None
    if isinstance(pages, int) and pages > len(parts):
        # Beyond what was extracted there are pages all the same: to look at.
        parts += parts_of("\f" * (pages - 1), unit=unit)[len(parts) : 100_000]
    if recognition is None:
        return ReadableFile(unit, tuple(parts))
    return _with_recognised(ReadableFile(unit, tuple(parts), recognition=recognition))


def _with_recognised(file: ReadableFile) -> ReadableFile:
    """Put what was recognised where a part holds no words of its own."""
    found = parts_of(recognised_text_of(file.recognition), unit=file.unit) if file.recognition else []
    pairs = list(zip_longest(file.parts, found))
    taken = frozenset(number for number, (own, other) in enumerate(pairs, 1) if other and not (own and own.is_worded))
    parts = (other if number in taken else own for number, (own, other) in enumerate(pairs, 1))
    return replace(file, parts=tuple(part for part in parts if part), recognised=taken)


def _titles(reading: Reading | None) -> Sequence[str]:
    if reading is None:
        return ()
    sheets = [str(part.get("name", "")) for part in reading.parts if part.get("kind") == "sheet"]
    return sheets or [str(name) for name in reading.measured.get("sections", [])]


def is_readable(file: File) -> bool:
    """Say whether there is something to read in a file, as far as its row and what is loaded with it tell."""
    if file.media_type in TEXTS or file.media_type == "application/pdf":
        return True
    return any(found and found.text_id for found in (getattr(file, name, None) for name in ("reading", "recognition")))


def quotes_from(file: File, user: Any) -> list[Citation]:
    """Return what `user` may see cited from a file's item in words and stands, oldest first."""
    rows = Citation.objects.visible_to(user).current().filter(item_id=file.item_id, assertion__voided_at__isnull=True)
    return list(rows.exclude(quote="").select_related("created_by").order_by("created_at", "pk")[:200])
