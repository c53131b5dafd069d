"""Bytes in: kept once under their digest, and durable before any row names them (R14, R16)."""

import itertools
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from casefiles.access.actions import compartments_of, refuse_voided, require
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.filestore import (
    DigestDiffers,
    DiskFloorReached,
    FileTooLarge,
    StoredFile,
    StoreError,
    StoreUnavailable,
    Verdict,
)
from casefiles.core.refusals import Refused
from casefiles.core.versions import snapshot
from casefiles.evidence import media_types
from casefiles.evidence.actions._input import required
from casefiles.evidence.actions.custody import record_custody
from casefiles.evidence.actions.quota import hold_to_quota
from casefiles.evidence.models import File, Item
from casefiles.evidence.names import kept_name
from casefiles.evidence.selectors.damage import DAMAGES
from casefiles.evidence.store import store
from casefiles.evidence.vocabulary import CustodyAct, FileRole

log = logging.getLogger(__name__)

TOKEN_SALT = "casefiles.received"


class EmptyFile(Refused):
    """Nothing came. It is kept only by somebody who says that the emptiness is the evidence."""


class TooManyBytes(Refused):
    """The file is over the limit of this installation."""

    code = "too_large"


class NotWhatWasSent(Refused):
    """The bytes do not have the digest that their sender said. Nothing was kept."""


class NoRoom(Refused):
    """The disk is at its floor, or refused to write. Nothing was kept; reading goes on."""

    code = "no_room"


class OutOfReach(NoRoom):
    """The place where bytes are kept does not answer, or takes nothing. Nothing was kept."""

    code = "out_of_reach"


@dataclass(frozen=True)
class Received:
    """Bytes that are kept, and as what they came; no item has them yet."""

    sha256: str
    size_bytes: int
    media_type: str
    name: str = ""
    claimed_media_type: str = ""

    def token(self, *, by: Any) -> str:
        """Return this, signed for one person, so that a form can ask something and go on without a second upload."""
        return signing.dumps(asdict(self), salt=f"{TOKEN_SALT}:{by.pk}", compress=True)

    @classmethod
    def from_token(cls, token: str, *, by: Any) -> "Received | None":
        """Return what was signed for this person within the last day, or None."""
        try:
            return cls(**signing.loads(token, salt=f"{TOKEN_SALT}:{by.pk}", max_age=86_400))
        except (signing.BadSignature, TypeError):
            return None


def receive(
    *, chunks: Iterable[bytes], name: str, claimed_media_type: str = "", is_empty_allowed: bool = False
) -> Received:
    """Keep bytes under their digest and say what they are; call it outside a transaction where the file may be large.

    Raises:
        EmptyFile: no byte came and that is not confirmed.
        TooManyBytes, NoRoom: as named; nothing was kept.
        Refused: the disk did not keep what it was given.
    """
    rest = _refuse_empty(chunks, is_empty_allowed)
    return received_of(lambda: store().store(rest), name=name, claimed_media_type=claimed_media_type)


def received_of(keep: Callable[[], StoredFile], *, name: str, claimed_media_type: str = "") -> Received:
    """Keep bytes by calling `keep`, and say what they are.

    Raises:
        Refused: as `receive`, for whatever `keep` raises as a StoreError.
    """
    try:
        kept = keep()
        # Its digest was compared a moment ago: this only looks at how it begins and ends.
        with store().open_verified(kept.sha256, eager_bytes=-1) as held, held.as_file() as file:
            media_type = media_types.recognise(file, kept.size_bytes)
    except StoreError as error:
        raise refusal_of(error) from error
    return Received(
        sha256=kept.sha256,
        size_bytes=kept.size_bytes,
        media_type=media_type,
        name=kept_name(name),
        claimed_media_type=kept_name(claimed_media_type)[:120],
    )


def _refuse_empty(chunks: Iterable[bytes], is_empty_allowed: bool) -> Iterator[bytes]:
    rest = (chunk for chunk in chunks if chunk)
    first = next(rest, None)
    if first is None:
        refuse_empty(0, is_empty_allowed=is_empty_allowed)
        return iter(())
    return itertools.chain([first], rest)


def refuse_empty(size_bytes: int | None, *, is_empty_allowed: bool) -> None:
    """Raise EmptyFile where nothing came and nobody said that this is meant."""
    if not size_bytes and not is_empty_allowed:
        text = _("This file is empty (0 bytes). Choose it again, or confirm that it is meant to be empty.")
        raise EmptyFile(text, field="file")


def refusal_of(error: StoreError) -> Refused:
    """Say in words for whoever sent a file why the store did not take it; the log says it to whoever keeps the disk."""
    if not isinstance(error, FileTooLarge | DigestDiffers):
        log.error("%s", error)
    if isinstance(error, FileTooLarge):
        text = _("This file is larger than the limit of %(limit)s bytes.") % {"limit": f"{error.max_bytes:,}"}
        return TooManyBytes(text, field="file")
    if isinstance(error, DiskFloorReached) or (isinstance(error, StoreUnavailable) and error.is_for_room):
        text = _("The disk is nearly full, so nothing was kept. Reading goes on; tell the administrator.")
        return NoRoom(text, field="file")
    if isinstance(error, DigestDiffers):
        text = _("What arrived is not what was sent: its SHA-256 is another one. Nothing was kept; send it again.")
        return NotWhatWasSent(text, field="file")
    if isinstance(error, StoreUnavailable):
        text = _(
            "The evidence store cannot be reached or does not take anything, so nothing was kept. Try again later."
        )
        return OutOfReach(text, field="file")
    # One sentence for every other fault: a damaged copy that is held already must not tell that it is held (R7).
    return NoRoom(
        _("The file could not be kept intact, so nothing was added. Tell the administrator, who can run “fixity”."),
        field="file",
    )


def attach_file(
    item: Item,
    *,
    by: Any,
    chunks: Iterable[bytes],
    name: str,
    claimed_media_type: str = "",
    role: str = FileRole.ORIGINAL,
    parent: File | None = None,
    transformation: str = "",
    purpose: str = "",
    is_empty_allowed: bool = False,
) -> File:
    """Keep bytes and add them to an item: `receive`, then `attach_received`.

    Bytes that are held already, by whoever, are the same blob and a new file; nothing tells of the other one.

    Raises:
        Refused: see both; also where the item is voided.
    """
    require(by, Act.EDIT, item)
    refuse_voided(item)
    received = receive(
        chunks=chunks, name=name, claimed_media_type=claimed_media_type, is_empty_allowed=is_empty_allowed
    )
    return attach_received(
        item, by=by, received=received, role=role, parent=parent, transformation=transformation, purpose=purpose
    )


def attach_received(
    item: Item,
    *,
    by: Any,
    received: Received,
    role: str = FileRole.ORIGINAL,
    parent: File | None = None,
    transformation: str = "",
    purpose: str = "",
) -> File:
    """Add kept bytes to an item: the file, its custody event and its audit event in one transaction.

    Raises:
        Refused: the item is voided; a derivative without its parent and transformation, or of another item's file.
        OverQuota: with it `by` would have brought in more than one may.
    """
    with audit.unit():
        require(by, Act.EDIT, item)
        refuse_voided(item)
        hold_to_quota(by, received.size_bytes)
        transformation = _transformation(item, role, parent, transformation)
        file = File(
            item=item, role=role, parent=parent, transformation=transformation, created_by=by, **asdict(received)
        )
        _keep_row(file, by=by, purpose=purpose)
    return file


def attach_to_new(item: Item, *, by: Any, received: Received, purpose: str = "") -> File:
    """Add kept bytes to an item that `by` made in this unit: what `attach_received` asks of an older one holds of it.

    Raises:
        OverQuota: as `attach_received`.
    """
    with audit.unit():
        hold_to_quota(by, received.size_bytes)
        file = File(item=item, created_by=by, **asdict(received))
        _keep_row(file, by=by, purpose=purpose)
    return file


def attach_derived(parent: File, *, content: bytes, name: str, transformation: str, media_type: str = "") -> File:
    """Keep what this installation itself made from a file, such as its text; nobody's act, so it asks for no right.

    `media_type` says what was made, where its bytes may look like something else: the text of a letter begins like one.

    Raises:
        Refused: the disk did not keep it.
    """
    received = receive(chunks=[content], name=name, is_empty_allowed=True)
    with audit.unit():
        file = File(
            item=parent.item,
            role=FileRole.DERIVATIVE,
            parent=parent,
            transformation=transformation,
            **(asdict(received) | ({"media_type": media_type} if media_type else {})),
        )
        _keep_row(file, by=None, purpose="")
    return file


def _keep_row(file: File, *, by: Any, purpose: str) -> None:
    # Its constraints hold by construction (a size is counted, a derivative has a parent); the database keeps them too.
    file.full_clean(exclude={"id", "item", "parent", "created_by"}, validate_constraints=False)
    file.save(force_insert=True)
    compartments = compartments_of(file.item)
    _record(file, by=by, compartments=compartments)
    act = CustodyAct.DERIVED if file.role == FileRole.DERIVATIVE else CustodyAct.RECEIVED
    before = file.parent.sha256 if file.parent else ""
    record_custody(
        file.item, file=file, act=act, by=by, purpose=purpose, before=before, after=file.sha256,
        compartments=compartments,
    )  # fmt: skip


def _transformation(item: Item, role: str, parent: File | None, transformation: str) -> str:
    if parent is not None and parent.item_id != item.pk:
        raise Refused(_("A derivative belongs to the item of the file it was made from."), field="parent")
    if role != FileRole.DERIVATIVE:
        return str(cleaned(File, {"transformation": transformation})["transformation"])
    if parent is None:
        raise Refused(_("Say which file it was made from."), field="parent")
    said = required(transformation, field="transformation", message=_("Say how it was made."))
    return str(cleaned(File, {"transformation": said})["transformation"])


def _record(file: File, *, by: Any, compartments: list[Any]) -> None:
    changes = {name: (None, value) for name, value in snapshot(file).items() if name != "created_by"}
    audit.record(
        by=by,
        act="added",
        kind=file._meta.label_lower,
        record_id=file.pk,
        compartments=compartments,
        changes=changes,
    )


def record_access(file: File, *, by: Any, purpose: str) -> None:
    """Record that a file's right bytes were given to somebody who may read them."""
    require(by, Act.READ, file)
    record_custody(
        file.item, file=file, act=CustodyAct.ACCESSED, by=by, purpose=purpose, before=file.sha256, after=file.sha256
    )


def record_failed_check(file: File, *, by: Any, verdict: Verdict) -> None:
    """Record that the held bytes are not the ones received, and in which way; they are not given out."""
    record_custody(
        file.item,
        file=file,
        act=CustodyAct.FAILED,
        by=by,
        purpose=str(DAMAGES.get(verdict, verdict)),
        before=file.sha256,
    )


def record_verified(file: File, *, by: Any, purpose: str = "") -> None:
    """Record that the held bytes were read whole and are the ones received."""
    record_custody(
        file.item, file=file, act=CustodyAct.VERIFIED, by=by, purpose=purpose, before=file.sha256, after=file.sha256
    )
