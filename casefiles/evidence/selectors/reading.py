"""A file as it is read: its words in parts, and what was cited from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from casefiles.evidence.models import Citation, File, Reading
from casefiles.evidence.passages import Part, count, parts_of
from casefiles.evidence.selectors.texts import TEXTS, text_of

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
    """The parts of a file's words, or none; `unit` is what is cited in it."""

    unit: str
    parts: tuple[Part, ...]

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
    pages = reading.measured.get("pages") if reading and unit == "page" else None
    if isinstance(pages, int) and pages > len(parts):
        # Beyond what was extracted there are pages all the same: to look at.
        parts += parts_of("\f" * (pages - 1), unit=unit)[len(parts) : 100_000]
    return ReadableFile(unit, tuple(parts))


def _titles(reading: Reading | None) -> Sequence[str]:
    if reading is None:
        return ()
    sheets = [str(part.get("name", "")) for part in reading.parts if part.get("kind") == "sheet"]
    return sheets or [str(name) for name in reading.measured.get("sections", [])]


def is_readable(file: File) -> bool:
    """Say whether there is something to read in a file, as far as its row and its reading (loaded with it) tell."""
    reading = getattr(file, "reading", None)
    return file.media_type in TEXTS or file.media_type == "application/pdf" or bool(reading and reading.text_id)


def quotes_from(file: File, user: Any) -> list[Citation]:
    """Return what `user` may see cited from a file's item in words and stands, oldest first."""
    rows = Citation.objects.visible_to(user).current().filter(item_id=file.item_id, assertion__voided_at__isnull=True)
    return list(rows.exclude(quote="").select_related("created_by").order_by("created_at", "pk")[:200])
