"""An item together with its bytes and where it comes from, in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from casefiles.access.circles import Circle
from casefiles.audit import actions as audit
from casefiles.evidence.actions.derivations import add_derivation
from casefiles.evidence.actions.files import Received, attach_received, attach_to_new
from casefiles.evidence.actions.items import add_item
from casefiles.evidence.background import read_after_commit
from casefiles.evidence.models import Item


@dataclass(frozen=True)
class Repeats:
    """From which item a new one derives, how, and the passage that shows it."""

    parent: Item
    kind: str
    passage: str = ""


def collect_item(
    *,
    by: Any,
    circle: Circle,
    received: Iterable[Received] = (),
    repeats: Repeats | None = None,
    purpose: str = "",
    **item: Any,
) -> Item:
    """Add an item as `add_item` does, with the bytes received for it and its derivation.

    Raises:
        Refused, ValidationError, NotAllowed, NotVisible: as the single actions; then nothing of it was added.
    """
    with audit.unit():
        added = add_item(by=by, circle=circle, **item)
        for one in received:
            attach_to_new(added, by=by, received=one, purpose=purpose)
        if repeats:
            add_derivation(added, by=by, parent=repeats.parent, kind=repeats.kind, passage=repeats.passage)
        read_after_commit()
    return added


def attach_all(item: Item, *, by: Any, received: Iterable[Received], **file: Any) -> Item:
    """Add several received files to an item in one transaction; keywords as for `attach_received`."""
    with audit.unit():
        for one in received:
            attach_received(item, by=by, received=one, **file)
        read_after_commit()
    return item
