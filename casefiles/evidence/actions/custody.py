"""The chronological record of who had what, when and why. The audit chain holds every value of every row."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from casefiles.access.actions import compartments_of
from casefiles.audit import actions as audit
from casefiles.core.versions import snapshot
from casefiles.evidence.models import CustodyEvent, File, Item

KIND = "evidence.custodyevent"
PURPOSE_LENGTH = 500


def record_custody(
    item: Item,
    *,
    act: str,
    by: Any,
    file: File | None = None,
    purpose: str = "",
    before: str = "",
    after: str = "",
    compartments: Iterable[Any] | None = None,
) -> CustodyEvent:
    """Write one custody event and, in the same unit, an audit event that holds all its values.

    `compartments` are the item's, where the caller has read them already.

    `before` and `after` are SHA-256 digests of the file's bytes, where the act has them. Whether `by` may do what is
    recorded has been asked by the caller.
    """
    event = CustodyEvent(
        item=item,
        file=file,
        act=act,
        at=timezone.now(),
        by=by,
        purpose=purpose.strip()[:PURPOSE_LENGTH],
        sha256_before=before,
        sha256_after=after,
    )
    with audit.unit():
        event.event_id = audit.record(
            by=by,
            act=f"custody: {act}",
            kind=KIND,
            record_id=event.pk,
            compartments=compartments_of(item) if compartments is None else compartments,
            changes={name: (None, value) for name, value in snapshot(event).items() if name != "event_id"},
        )
        event.save(force_insert=True)
    return event
