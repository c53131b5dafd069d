"""Whether the record of what was done is whole: the chain, its values, custody, and what a second place noted of it."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from casefiles.audit.chain import BEGINNING, ChainReport, Head
from casefiles.audit.selectors import damaged_values, verify
from casefiles.core.checkpoints import CheckpointDamaged
from casefiles.evidence.selectors import damaged_custody
from casefiles.evidence.selectors.checkpoints import (
    CheckpointStanding,
    checkpoint_standing,
    files_gone_since,
    stamp_standing,
)

# So many of each kind are listed; more of them say nothing new.
LISTED = 100


def report_on_chain(*, start: Head = BEGINNING, noted: Iterable[Head] = ()) -> dict[str, Any]:
    """Return what a walk over the record of what was done found, JSON-ready.

    `start` is a head verified before, from which the walk goes on; custody is always compared whole. An empty chain is
    "not checked": nothing to check is not the same as sound.

    Raises:
        OSError: the folder of checkpoints cannot be read.
    """
    standing = checkpoint_standing()
    chain = verify(start=start, noted=[*noted, *_noted_in(standing)])
    report = {
        "events_checked": chain.checked,
        "last_sound_seq": chain.head.seq,
        "last_sound_hash": chain.head.hash,
        "first_bad_seq": chain.seq,
        "damage": str(chain.damage) if chain.damage else None,
        "detail": chain.detail,
        "events_with_damaged_values": [str(one) for one in damaged_values(after=start.seq)[:LISTED]],
        "damaged_custody": [
            {"record": str(one.record_id), "kind": one.kind, "fields": list(one.fields)}
            for one in damaged_custody()[:LISTED]
        ],
        "checkpoint": _on_checkpoint(standing),
        "damaged_checkpoints": list(standing.damaged),
        **_on_stamp(),
        **_files_gone(standing),
    }
    return {"result": _result(chain, report), **report}


def _noted_in(standing: CheckpointStanding) -> list[Head]:
    return [Head(standing.checkpoint.seq, standing.checkpoint.hash)] if standing.checkpoint else []


def _on_checkpoint(standing: CheckpointStanding) -> dict[str, Any] | None:
    if standing.checkpoint is None:
        return None
    one = standing.checkpoint
    return {"number": one.number, "at": one.at, "seq": one.seq, "agreement": str(standing.agreement)}


def _on_stamp() -> dict[str, Any]:
    """Say what the newest time stamp proves; one that was not checked, or does not hold, is never called good."""
    stamp = stamp_standing()
    if stamp is None:
        return {}
    if stamp.at is None:
        return {"stamp_not_verified": f"{stamp.name}: {stamp.problem}"}
    return {"stamp": {"checkpoint": stamp.name, "proves": stamp.at}}


def _files_gone(standing: CheckpointStanding) -> dict[str, Any]:
    if standing.checkpoint is None:
        return {"files_gone_since_checkpoint": []}
    try:
        return {"files_gone_since_checkpoint": list(islice(files_gone_since(standing.checkpoint), LISTED))}
    except CheckpointDamaged as error:
        return {"files_gone_since_checkpoint": [], "damaged_manifest": str(error)}


BAD = (
    "events_with_damaged_values",
    "damaged_custody",
    "damaged_checkpoints",
    "files_gone_since_checkpoint",
    "damaged_manifest",
    "stamp_not_verified",
)


def _result(chain: ChainReport, report: dict[str, Any]) -> str:
    if not chain.is_sound or any(report.get(name) for name in BAD):
        return "damaged"
    # A walk that began at a verified head has that one to stand on.
    return "sound" if chain.checked or chain.head.seq else "not checked"
