"""Setting saved web pages anew: outside any transaction, kept as a derivative that says what it is."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from casefiles.audit import actions as audit
from casefiles.evidence import cage
from casefiles.evidence.actions.files import attach_derived
from casefiles.evidence.actions.in_turn import MOST_FILES, in_turn
from casefiles.evidence.cage import Frame, NotParsed
from casefiles.evidence.models import File, Rendering
from casefiles.evidence.readers.findings import MOST_SHEETS, NO_LIBRARY
from casefiles.evidence.reading import RENDERED, limits_for, reader_for
from casefiles.evidence.store import store
from casefiles.evidence.vocabulary import ReadingState

TASK = "rendering"
# Raised whenever pages are set otherwise than before: all are then set again.
RENDERING_VERSION = 1
_KINDS = ("scripts", "frames", "fields", "outside")


def render_waiting(*, most: int | None = None, progress: Callable[[File], None] = lambda file: None) -> int:
    """Set pages anew that wait for it, oldest first, and return how many were tried."""
    return in_turn(TASK, _waiting, lambda file: render_file(file) is not None, most=most, progress=progress)


def _waiting() -> list[File]:
    waiting = File.objects.waiting_to_be_rendered(RENDERING_VERSION, RENDERED)
    return list(waiting.select_related("item")[:MOST_FILES])


def render_file(file: File) -> Rendering | None:
    """Set one page anew and keep it; None where the libraries for it are missing: then it waits until they come.

    Raises:
        StoreError, Refused: its bytes, or the disk, do not allow it now.
    """
    try:
        frame = set_anew(file)
    except NotParsed as refusal:
        return None if refusal.reason == NO_LIBRARY else _keep(file, reason=refusal.reason)
    return _keep(file, frame)


def set_anew(file: File) -> Frame:
    """Return a saved page as a PDF, made in the cage, with what was left out of it.

    Raises:
        NotParsed: it cannot be set, with the reason.
        StoreError: the bytes held are not the ones received.
    """
    with store().open_verified(file.sha256, size_bytes=file.size_bytes) as held:
        held.refuse_wrong_bytes()
        asked = {"form": reader_for(file.media_type)}
        frames = cage.collected("rendering", held.fileno(), limits_for("rendering"), asked=asked)
    return pdf_in(frames)


def pdf_in(frames: list[Frame]) -> Frame:
    """Return the PDF that came out of the cage, with only those findings that have the form of some.

    Raises:
        NotParsed: there is none.
    """
    try:
        [frame] = frames
        findings = _findings(frame.meta)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotParsed("reading it gave no answer that can be used") from error
    if not frame.body.startswith(b"%PDF-"):
        raise NotParsed("reading it gave no answer that can be used")
    return Frame("pdf", frame.body, findings)


def _findings(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "made_by": str(said["made_by"])[:60],
        "pages": int(said["pages"]),
        "sizes": [[int(width), int(height)] for width, height in said["sizes"]][:MOST_SHEETS],
        "left_out": {kind: int(said["left_out"][kind]) for kind in _KINDS if kind in said["left_out"]},
    }


def _keep(file: File, frame: Frame | None = None, *, reason: str = "") -> Rendering:
    findings = dict(frame.meta) if frame else {}
    made_by = str(findings.pop("made_by", ""))
    document = _kept_document(file, frame.body, made_by) if frame else None
    with audit.unit():
        rendering, _made = Rendering.objects.update_or_create(
            file=file,
            defaults={
                "item": file.item,
                "version": RENDERING_VERSION,
                "made_by": made_by,
                "state": ReadingState.READ if frame else ReadingState.NOT_PARSED,
                "reason": reason,
                "findings": findings,
                "document": document,
            },
        )
    return rendering


def _kept_document(file: File, content: bytes, made_by: str) -> File:
    """Keep the PDF as a derivative; where the same one was made before, that one stays."""
    made = file.derivatives.filter(sha256=sha256(content).hexdigest(), media_type="application/pdf")
    return made.order_by("created_at", "pk").first() or attach_derived(
        file,
        content=content,
        name=f"{(file.name or file.sha256[:12])[:370]} re-rendered.pdf",
        transformation=(
            f"re-rendered from the saved file by {made_by}, without scripts, frames and anything from outside; "
            "not the page as it was seen"
        ),
        media_type="application/pdf",
    )
