"""Recognising words in pictures: outside any transaction, kept as a derivative that says it may be wrong."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from casefiles.audit import actions as audit
from casefiles.evidence import ocr
from casefiles.evidence.actions.citations import check_again
from casefiles.evidence.actions.files import attach_derived
from casefiles.evidence.actions.in_turn import MOST_FILES, in_turn
from casefiles.evidence.cage import NotParsed
from casefiles.evidence.letters import Recognised
from casefiles.evidence.models import File, Recognition
from casefiles.evidence.passages import PAGE_BREAK
from casefiles.evidence.reading import scan_task_for
from casefiles.evidence.selectors.texts import text_of
from casefiles.evidence.store import store
from casefiles.evidence.vocabulary import READ_BY_OCR, ReadingState

TASK = "recognising"
# What one file may cost: a scanned book would keep the machine for hours.
MOST_PAGES, FILE_SECONDS = 200, 900.0


@dataclass(frozen=True)
class Outcome:
    """What was recognised in one file, by page; page 0 is that of a picture. Nothing of it is kept yet."""

    pages: dict[int, Recognised] = field(default_factory=dict)
    reason: str = ""
    is_cut: bool = False

    @property
    def text(self) -> str:
        """The words, each page at its place: pages are parted by a form feed."""
        last = max((number for number, page in self.pages.items() if page.text), default=0)
        return PAGE_BREAK.join(self._words(number) for number in range(min(1, last), last + 1))

    def _words(self, number: int) -> str:
        return self.pages[number].text.replace(PAGE_BREAK, " ") if number in self.pages else ""

    @property
    def confidence(self) -> float:
        """Return the mean over all words, from 0 to 100."""
        total = sum(page.words for page in self.pages.values())
        return round(sum(page.confidence * page.words for page in self.pages.values()) / total, 1) if total else 0.0

    def findings(self) -> dict[str, Any]:
        return {
            "pages": len(self.pages),
            "pages_with_words": sorted(number for number, page in self.pages.items() if page.text),
            "words": sum(page.words for page in self.pages.values()),
            "left_out": sum(page.left_out for page in self.pages.values()),
            "confidence": self.confidence,
            "is_cut": self.is_cut,
        }


def recognise_waiting(*, most: int | None = None, progress: Callable[[File], None] = lambda file: None) -> int:
    """Recognise words in files that wait for it, oldest first, and return how many were looked at.

    Without the program none is, and none waits. It takes long, so of several processes one does it.
    """
    known = ocr.program()
    if known is None:
        return 0
    return in_turn(
        TASK, lambda: _waiting(known), lambda file: bool(recognise_file(file, known)), most=most, progress=progress
    )


def _waiting(known: ocr.Program) -> list[File]:
    waiting = File.objects.waiting_for_ocr(ocr.OCR_VERSION, known.languages, ocr.MEDIA_TYPES)
    return list(waiting.select_related("item", "reading")[:MOST_FILES])


def recognise_file(file: File, known: ocr.Program) -> Recognition:
    """Look for words in one file and keep them.

    Raises:
        StoreError, Refused: its bytes, or the disk, do not allow it now.
    """
    return keep(file, known, look_at(file, known))


def look_at(file: File, known: ocr.Program, *, seconds: float = FILE_SECONDS) -> Outcome:
    """Return the words of a picture, or of the pages of a PDF that hold none, without keeping anything.

    Raises:
        StoreError: the bytes held are not the ones received, or cannot be read.
    """
    until = time.monotonic() + seconds
    wanted = list(_pages_without_words(file)) if file.media_type == ocr.PDF else [0]
    found: dict[int, Recognised] = {}
    reason = ""
    with store().open_verified(file.sha256, size_bytes=file.size_bytes) as held:
        held.refuse_wrong_bytes()
        for page in wanted[:MOST_PAGES]:
            if time.monotonic() > until:
                break
            try:
                task = scan_task_for(file.media_type)
                found[page] = ocr.words_of_scan(known, held.fileno(), task=task, page=page)
            except NotParsed as refusal:
                reason = refusal.reason
    return Outcome(found, reason if not found else "", is_cut=not reason and len(found) < len(wanted))


def _pages_without_words(file: File) -> Iterator[int]:
    words = (text_of(file) or "").split(PAGE_BREAK)
    count = file.reading.measured.get("pages")
    for number in range(1, (count if isinstance(count, int) else len(words)) + 1):
        # Of pages beyond what was extracted nobody knows whether they hold words: they are left alone.
        if not any(words) or (number <= len(words) and not words[number - 1].strip()):
            yield number


def keep(file: File, known: ocr.Program, outcome: Outcome) -> Recognition:
    """Keep what was recognised, in place of what was before; quotes are looked for in it."""
    text = _kept_text(file, known, outcome)
    is_parsed = not outcome.reason
    with audit.unit():
        recognition, _made = Recognition.objects.update_or_create(
            file=file,
            defaults={
                "item": file.item,
                "version": ocr.OCR_VERSION,
                "languages": known.languages,
                "made_by": known.made_by,
                "state": ReadingState.READ if is_parsed else ReadingState.NOT_PARSED,
                "reason": outcome.reason,
                "findings": outcome.findings(),
                "text": text,
            },
        )
        if text is not None:
            check_again(file.item)
    return recognition


def _kept_text(file: File, known: ocr.Program, outcome: Outcome) -> File | None:
    """Keep the words as a derivative; where the same ones were recognised before, that one stays."""
    content = outcome.text.encode()
    if not content.strip():
        return None
    made = file.derivatives.filter(sha256=sha256(content).hexdigest(), transformation__startswith=READ_BY_OCR)
    return made.order_by("created_at", "pk").first() or attach_derived(
        file,
        content=content,
        name=f"{(file.name or file.sha256[:12])[:380]} OCR.txt",
        transformation=(
            f"{READ_BY_OCR}, may be wrong: {known.made_by}, sure to {outcome.confidence:.0f} % in the mean"
        ),
        media_type="text/plain",
    )
