"""The texts that an item holds: its own, and what was extracted from its files."""

from dataclasses import dataclass

from casefiles.core.filestore import StoreError
from casefiles.evidence.models import File, Item, Reading, Recognition
from casefiles.evidence.readers.findings import TEXT_LENGTH
from casefiles.evidence.store import store
from casefiles.evidence.texts import decoded
from casefiles.evidence.vocabulary import FileRole, ReadingState

# As much as is ever extracted from one file, in any script.
TEXT_BYTES = 4 * TEXT_LENGTH
# Files that are words themselves: nothing has to be extracted from them.
TEXTS = frozenset({"text/plain", "text/csv", "application/json"})


@dataclass(frozen=True)
class StoredText:
    """Words of an item; `is_read_by_ocr` where a program recognised them in a picture, and may be wrong."""

    text: str
    is_read_by_ocr: bool


def texts_of(item: Item) -> list[str]:
    """Return an item's stored texts, its own and extracted ones, in the order they came; damaged ones are left out."""
    return [stored.text for stored in stored_texts_of(item)]


def stored_texts_of(item: Item) -> list[StoredText]:
    """Return an item's stored texts as `texts_of` does, and of each whether it was read by OCR."""
    texts = ((_text_of(file), file.is_read_by_ocr) for file in _text_files(item))
    return [StoredText(text, is_read_by_ocr) for text, is_read_by_ocr in texts if text is not None]


def text_of(file: File) -> str | None:
    """Return the words of a file: its own, or those extracted from it; None where there are none, or damaged ones."""
    if file.media_type in TEXTS and file.size_bytes <= TEXT_BYTES:
        extracted = file.derivatives.filter(media_type="text/plain").order_by("-created_at", "pk").first()
        return _text_of(extracted or file)
    reading = Reading.objects.filter(file=file).select_related("text").first()
    return _text_of(reading.text) if reading and reading.text else None


def recognised_text_of(recognition: Recognition) -> str:
    """Return the words that were recognised in a file, pages parted by a form feed; empty where there are none."""
    return (recognition.text and _text_of(recognition.text)) or ""


def pages_of(item: Item) -> int | None:
    """Return how many pages the longest document of an item has; None where none is known, or one was not read."""
    documents = File.objects.filter(item=item, media_type="application/pdf").exclude(role=FileRole.DERIVATIVE)
    counts = []
    for file in documents.select_related("reading"):
        reading = getattr(file, "reading", None)
        count = reading.measured.get("pages") if reading and reading.state == ReadingState.READ else None
        if not isinstance(count, int):
            return None
        counts.append(count)
    return max(counts, default=None)


def _text_files(item: Item) -> list[File]:
    files = File.objects.filter(item=item, media_type__in=TEXTS, size_bytes__lte=TEXT_BYTES)
    return list(files.order_by("created_at", "pk"))


def _text_of(file: File) -> str | None:
    try:
        with store().open_verified(file.sha256, size_bytes=file.size_bytes) as held:
            return decoded(b"".join(held))
    except StoreError:
        return None
