"""Reading what was received: in the cage, outside any transaction, and kept as findings that may be made anew."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from casefiles.audit import actions as audit
from casefiles.core.filestore import StoreError, VerifiedFile
from casefiles.core.refusals import Refused
from casefiles.evidence import cage
from casefiles.evidence.actions.citations import check_again
from casefiles.evidence.actions.files import attach_derived
from casefiles.evidence.actions.fingerprints import keep_fingerprints
from casefiles.evidence.models import File, Reading
from casefiles.evidence.reading import READERS_VERSION, limits_for, reader_for
from casefiles.evidence.store import store
from casefiles.evidence.vocabulary import ReadingState


@dataclass(frozen=True)
class Outcome:
    """What came out of the cage about one file, before anything of it is kept."""

    state: str
    reader: str = ""
    reason: str = ""
    findings: dict[str, Any] = field(default_factory=dict)
    text: bytes | None = None
    text_made_by: str = ""
    is_text_the_file: bool = False
    picture_hash: str = ""


def read_waiting(*, most: int | None = None, progress: Callable[[File], None] = lambda file: None) -> int:
    """Read files that wait to be read, oldest first, and return how many were.

    A file whose held bytes are wrong stays waiting: `fixity` says so.
    """
    done = 0
    waiting = File.objects.waiting_to_be_read(READERS_VERSION).select_related("item")
    for file in list(waiting[:most]):
        done += read_file(file) is not None
        progress(file)
    return done


def read_file(file: File) -> Reading | None:
    """Read one file and keep what was found; None where its bytes, or the disk, do not allow it now."""
    try:
        return keep(file, look_into(file))
    except (StoreError, Refused):
        return None


def look_into(file: File) -> Outcome:
    """Return what a reader finds in a file, without keeping anything.

    Raises:
        StoreError: the bytes held are not the ones received, or cannot be read.
    """
    reader = reader_for(file.media_type)
    if not reader:
        return Outcome(ReadingState.OPAQUE)
    with store().open_verified(file.sha256, size_bytes=file.size_bytes) as held:
        return _caged(reader, held)


def _caged(reader: str, held: VerifiedFile) -> Outcome:
    # A large file is otherwise only checked while it streams, and the cage reads it in any order.
    held.refuse_wrong_bytes()
    try:
        frames = cage.collected(reader, held.fileno(), limits_for(reader))
        findings = findings_in(frames)
    except cage.NotParsed as refusal:
        return Outcome(ReadingState.NOT_PARSED, reader, reason=refusal.reason)
    text = next((frame for frame in frames if frame.kind == "text"), None)
    return Outcome(
        ReadingState.READ,
        reader,
        findings=findings,
        text=text.body if text else None,
        text_made_by=str(text.meta.get("made_by", reader))[:200] if text else "",
        is_text_the_file=bool(text and text.meta.get("is_the_file")),
        picture_hash=picture_hash_in(frames),
    )


def picture_hash_in(frames: list[cage.Frame]) -> str:
    """Return the hash of a picture as far as it has the form of one: nothing else from the cage is believed."""
    said = next((str(frame.meta.get("picture", "")) for frame in frames if frame.kind == "likeness"), "")
    return said if re.fullmatch("[0-9a-f]{16}", said) else ""


def findings_in(frames: list[cage.Frame]) -> dict[str, Any]:
    """Return what a reader found, as far as it is a mapping at all.

    Raises:
        NotParsed: it is none.
    """
    body = next((frame.body for frame in frames if frame.kind == "findings"), b"{}")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise cage.NotParsed("reading it gave no answer that can be used") from error
    if not isinstance(found, dict):
        raise cage.NotParsed("reading it gave no answer that can be used")
    return found


def keep(file: File, outcome: Outcome) -> Reading:
    """Keep what was found in a file in place of what an earlier reading found."""
    text = _kept_text(file, outcome)
    with audit.unit():
        reading, _made = Reading.objects.update_or_create(
            file=file,
            defaults={
                "item": file.item,
                "reader": outcome.reader,
                "version": READERS_VERSION,
                "state": outcome.state,
                "reason": outcome.reason,
                "findings": outcome.findings,
                "text": text,
            },
        )
        keep_fingerprints(file, text=outcome.text or b"", picture_hash=outcome.picture_hash, claims=reading.claims)
        if outcome.text is not None:
            check_again(file.item)
    return reading


def _kept_text(file: File, outcome: Outcome) -> File | None:
    """Keep the text as a derivative; where an earlier reading made the same text, that one stays."""
    if outcome.text is None or outcome.is_text_the_file:
        return None
    digest = sha256(outcome.text).hexdigest()
    made = file.derivatives.filter(sha256=digest, media_type="text/plain").order_by("created_at", "pk").first()
    return made or attach_derived(
        file,
        content=outcome.text,
        name=f"{(file.name or file.sha256[:12])[:380]}.txt",
        transformation=f"text extracted: {outcome.text_made_by}",
        media_type="text/plain",
    )
