"""Noting in a second place how far the record goes and which bytes are held."""

import uuid
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from casefiles.audit import actions as audit
from casefiles.audit.selectors import head
from casefiles.core.batches import batches
from casefiles.core.checkpoints import Checkpoint
from casefiles.evidence.models import File
from casefiles.evidence.selectors.checkpoints import CheckpointStanding, checkpoint_folder, checkpoint_standing

KIND = "audit.chainhead"


class RecordDisagrees(Exception):
    """The record does not lead through the newest checkpoint; one more checkpoint would hide that."""

    def __init__(self, standing: CheckpointStanding) -> None:
        super().__init__(standing.explained)
        self.standing = standing


def write_checkpoint(*, accepting: str = "") -> Checkpoint:
    """Write the head of the chain and the manifest of held files to the folder of checkpoints.

    `accepting` says why the record is right although it does not lead through the newest checkpoint: somebody put an
    older database back on purpose. It becomes an event and stands in the checkpoint. Only one process may do this at a
    time (`core.leadership`).

    Raises:
        RecordDisagrees: the record does not lead through the newest checkpoint, and nobody said that it is right.
        OSError: the folder cannot be read or written; what was there before is untouched.
    """
    standing = checkpoint_standing()
    if standing.is_alarm:
        if not accepting:
            raise RecordDisagrees(standing)
        _record_acceptance(standing, accepting)
    # The head first: a file that comes meanwhile may stand in the manifest, and never an event without its file.
    seq, last_hash = head()
    return checkpoint_folder().write(
        seq=seq,
        hash=last_hash,
        held=_held(),
        at=timezone.now(),
        keep=settings.CHECKPOINTS_KEPT,
        accepted=accepting if standing.is_alarm else "",
    )


def _record_acceptance(standing: CheckpointStanding, reason: str) -> None:
    assert standing.checkpoint is not None, "an alarm is about a checkpoint"
    with audit.unit():
        audit.record(
            by=None,
            act="older record accepted",
            kind=KIND,
            record_id=uuid.uuid4(),
            changes={"seq": (standing.checkpoint.seq, head()[0]), "agreement": (str(standing.agreement), None)},
            note=reason,
        )


def _held() -> Iterator[tuple[str, int]]:
    """Yield every held digest with its size, in ascending order."""
    digests = File.objects.values("sha256").annotate(size=Max("size_bytes"))
    for batch in batches(digests, key="sha256"):
        yield from ((row["sha256"], row["size"]) for row in batch)
