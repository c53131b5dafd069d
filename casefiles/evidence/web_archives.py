"""Looking at a web archive offline: its pages, the words and pictures of one, drawn in the cage. Nothing of it runs.

The index and everything drawn is kept on a shelf, may be removed at any time, and is made anew. The archive itself is
hashed before every showing.
"""

import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from casefiles.core.filestore import EAGER_BYTES, VerifiedFile
from casefiles.evidence import cage
from casefiles.evidence.cage import NotParsed
from casefiles.evidence.drawn import DrawnShelf
from casefiles.evidence.models import File
from casefiles.evidence.previews import Picture, read_answer
from casefiles.evidence.readers.captures import Capture, Page, Shelf
from casefiles.evidence.reading import READERS_VERSION, limits_for, reader_for
from casefiles.evidence.store import store

__all__ = [
    "Archive",
    "CapturedPage",
    "NotParsed",
    "Sheets",
    "archive_of",
    "is_archive",
    "page_of",
    "picture_of",
    "sheets_in",
    "sheets_of",
]

_shelf = DrawnShelf("archives")


@dataclass(frozen=True)
class Archive:
    """What the index of an archive names. `resources` and `signature` are of packages only."""

    form: str
    pages: tuple[Page, ...]
    captures: tuple[Capture, ...]
    resources: tuple[Mapping[str, Any], ...]
    manifest: str
    signature: Mapping[str, Any]
    warnings: tuple[str, ...]

    def page(self, number: int) -> Page | None:
        return next((page for page in self.pages if page.number == number), None)

    def capture(self, number: int) -> Capture | None:
        return self.captures[number - 1] if 0 < number <= len(self.captures) else None


@dataclass(frozen=True)
class CapturedPage:
    """A page as it can be shown: blocks of words, where each picture's `capture` is its number, or 0."""

    title: str
    language: str
    blocks: tuple[Mapping[str, Any], ...]
    links: tuple[str, ...]
    is_cut: bool
    status: str
    headers: tuple[tuple[str, str], ...]
    record: tuple[tuple[str, str], ...]
    media_type: str
    verdicts: tuple[str, ...]


@dataclass(frozen=True)
class Sheets:
    """A page set anew: WebPs with their sizes in pixels, how many sheets it would fill, and what was left out.

    Of one that cannot be set there is only the reason.
    """

    pictures: tuple[Picture, ...] = ()
    pages: int = 0
    made_by: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""


def is_archive(file: File) -> bool:
    """Say whether the cage would try to read this file as a web archive."""
    return reader_for(file.media_type) == "archive"


def archive_of(file: File) -> Archive:
    """Return what an archive holds.

    Raises:
        NotParsed: it is none, with the reason.
        StoreError: the bytes held are not the ones received.
    """
    with _opened(file) as held:
        return _index(file, held)


def page_of(file: File, number: int) -> tuple[Archive, Page, CapturedPage | None]:
    """Return a page of an archive; nothing is drawn of one that the archive only names.

    Raises:
        NotParsed: there is no such page, or it cannot be shown; with the reason.
        StoreError: the bytes held are not the ones received.
    """
    with _opened(file) as held:
        archive = _index(file, held)
        page = archive.page(number)
        if page is None:
            raise NotParsed("it lists no such page")
        capture = archive.capture(page.capture)
        if capture is None:
            return archive, page, None
        return archive, page, _as_page(_drawn(file, held, capture, "page"), Shelf(archive.captures), page.at)


def picture_of(file: File, number: int) -> Picture:
    """Return a captured picture, drawn anew.

    Raises:
        NotParsed: there is none of this number, or it is no picture of a known form.
        StoreError: the bytes held are not the ones received.
    """
    with _opened(file) as held:
        capture = _index(file, held).capture(number)
        if capture is None:
            raise NotParsed("it holds no such capture")
        return read_answer(_drawn(file, held, capture, "picture"))


def sheets_of(file: File, number: int) -> tuple[Archive, Page, "Sheets"]:
    """Return a page of an archive set anew from what the archive holds, as pictures of its sheets.

    Raises:
        NotParsed: there is no such page, or it cannot be set; with the reason.
        StoreError: the bytes held are not the ones received.
    """
    with _opened(file) as held:
        archive = _index(file, held)
        page = archive.page(number)
        if page is None:
            raise NotParsed("it lists no such page")
        key = f"{file.sha256}.{READERS_VERSION}.{number}.sheets"
        content = _shelf.get(key)
        if content is None:
            content = _set_anew(held, number)
            _shelf.put(key, content)
        return archive, page, sheets_in(content)


@contextmanager
def _opened(file: File) -> Iterator[VerifiedFile]:
    if not is_archive(file):
        raise NotParsed("it is no web archive")
    with store().open_verified(file.sha256, size_bytes=file.size_bytes) as held:
        if held.size_bytes > EAGER_BYTES:
            # Otherwise only checked while it streams, and the cage reads it in any order.
            held.refuse_wrong_bytes()
        yield held


def _index(file: File, held: VerifiedFile) -> Archive:
    key = f"{file.sha256}.{READERS_VERSION}.index"
    content = _shelf.get(key)
    if content is None:
        frames = cage.collected("archive", held.fileno(), limits_for("archive"))
        content = next((frame.body for frame in frames if frame.kind == "index"), b"")
        _shelf.put(key, content)
    known = json.loads(content)
    return Archive(
        form=known["form"],
        pages=tuple(Page(**{**page, "screenshots": tuple(page["screenshots"])}) for page in known["pages"]),
        captures=tuple(Capture(*capture) for capture in known["captures"]),
        resources=tuple(known["resources"]),
        manifest=known["manifest"],
        signature=known["signature"],
        warnings=tuple(known["warnings"]),
    )


def _drawn(file: File, held: VerifiedFile, capture: Capture, wanted: str) -> bytes:
    """Return a line of JSON and, of a picture, its bytes; or a line that says why there is none."""
    key = f"{file.sha256}.{READERS_VERSION}.{capture.number}.{wanted}"
    content = _shelf.get(key)
    if content is None:
        content = _draw(held, capture, wanted)
        _shelf.put(key, content)
    return content


def _draw(held: VerifiedFile, capture: Capture, wanted: str) -> bytes:
    asked: dict[str, int | str] = {"entry": capture.entry, "raw": capture.raw, "skip": capture.skip, "wanted": wanted}
    try:
        [frame] = cage.collected("captured", held.fileno(), asked=asked)
    except NotParsed as refusal:
        return json.dumps({"reason": refusal.reason}).encode()
    return frame.body if wanted == "page" else json.dumps(dict(frame.meta)).encode() + b"\n" + frame.body


def _set_anew(held: VerifiedFile, number: int) -> bytes:
    """Return a line of JSON and the pictures of the sheets; or a line that says why there are none."""
    try:
        head, *drawn = cage.collected(
            "archived sheets", held.fileno(), limits_for("archived sheets"), asked={"page": number}
        )
        known = {**json.loads(head.body), "bytes": [len(frame.body) for frame in drawn]}
    except NotParsed as refusal:
        return json.dumps({"reason": refusal.reason}).encode()
    return json.dumps(known).encode() + b"\n" + b"".join(frame.body for frame in drawn)


def sheets_in(content: bytes) -> Sheets:
    """Take apart what came out of the cage: numbers, and the bytes of WebPs; nothing else is believed."""
    line, _newline, rest = content.partition(b"\n")
    try:
        known = json.loads(line)
        if "reason" in known:
            return Sheets(reason=str(known["reason"])[:200])
        ends = list(itertools.accumulate(int(size) for size in known["bytes"]))
        bodies = [rest[start:end] for start, end in itertools.pairwise([0, *ends])]
        pictures = tuple(
            Picture(body, int(width), int(height))
            for body, (width, height) in zip(bodies, known["sizes"], strict=True)
            if body.startswith(b"RIFF") and body[8:12] == b"WEBP"
        )
        left_out = {str(kind)[:40]: int(count) for kind, count in known["left_out"].items()}
        return Sheets(pictures, int(known["pages"]), str(known["made_by"])[:60], left_out)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Sheets(reason="reading it gave no answer that can be used")


def _as_page(content: bytes, shelf: Shelf, at: str) -> CapturedPage:
    known = json.loads(content)
    if "reason" in known:
        raise NotParsed(str(known["reason"])[:200])
    links = [run["address"] for block in known["blocks"] for runs in (block["runs"], *block["cells"]) for run in runs]
    return CapturedPage(
        title=known["title"],
        language=known["language"],
        blocks=tuple(_with_capture(block, shelf, at) for block in known["blocks"]),
        links=tuple(dict.fromkeys(link for link in links if link)),
        is_cut=known["is_cut"],
        status=known["status"],
        headers=tuple((name, value) for name, value in known["headers"]),
        record=tuple((name, value) for name, value in known["record"]),
        media_type=known["media_type"],
        verdicts=tuple(known["verdicts"]),
    )


def _with_capture(block: Mapping[str, Any], shelf: Shelf, at: str) -> Mapping[str, Any]:
    """Tell of a picture which capture holds it: what cannot be drawn is shown by its description only."""
    if block["kind"] != "picture":
        return block
    capture = shelf.answer(block["address"], at)
    is_drawable = capture is not None and capture.media_type.startswith("image/") and "svg" not in capture.media_type
    return {**block, "capture": capture.number if capture and is_drawable else 0}
