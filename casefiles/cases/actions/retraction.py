"""An item is marked or withdrawn: every case that relies on it learns so, also those that whoever did it cannot see."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, require
from casefiles.access.rules import Act, Visibility
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import next_number
from casefiles.cases.actions.reopening import telling_reopened
from casefiles.cases.models import Case, Claim, Task
from casefiles.cases.selectors.affected import affected_by
from casefiles.core.moments import Moment
from casefiles.evidence.actions import items
from casefiles.evidence.models import Item
from casefiles.evidence.vocabulary import ItemStatus

Claims = dict[uuid.UUID, list[Claim]]


def mark_item(
    item: Item,
    *,
    by: Any,
    version: int,
    status: str,
    reason: str = "",
    said: Moment | None = None,
    source: str = "",
    releases: Mapping[uuid.UUID, Sequence[str]] | None = None,
) -> Item:
    """Mark an item, and open a task in each case whose claims rest on it or on what derives from it.

    `releases` names, by case, the versions of dossiers that rely on it. A task is opened whatever the case's status,
    for what was published relies on it too, and by nobody: its team need not know whoever marked the item.

    Raises:
        NotVisible, NotAllowed: they may not change the item.
        Refused: a mark without a reason.
        StaleVersion: somebody else changed it first.
    """
    with audit.unit():
        require(by, Act.EDIT, item)
        found = _by_case(affected_by(item))
        _lock({*found, *(releases or {})})
        was = item.status
        _telling(found, by, lambda: items.set_status(
            item, by=by, version=version, status=status, reason=reason, said=said, source=source
        ))  # fmt: skip
        if item.status not in (ItemStatus.CURRENT, was):
            for case_id in sorted({*found, *(releases or {})}, key=str):
                _open_task(case_id, item, found.get(case_id, []), (releases or {}).get(case_id, ()))
    return item


def void_item(item: Item, *, by: Any, reason: str, version: int | None = None) -> None:
    """Withdraw an item; the history of every approved claim that cites it tells that it is open again.

    Raises:
        NotVisible, NotAllowed, Refused, ItemHeld: as for withdrawing it from the evidence.
    """
    with audit.unit():
        require(by, Act.EDIT, item)
        found = _by_case(affected_by(item))
        _lock(found.keys())
        _telling(found, by, lambda: items.void_item(item, by=by, reason=reason, version=version))


def _by_case(claims: Sequence[Claim]) -> Claims:
    found: Claims = {}
    for claim in claims:
        found.setdefault(claim.case_id, []).append(claim)
    return found


def _lock(case_ids: Any) -> None:
    """Lock the cases in one order, before anything of theirs is read or written."""
    for case_id in sorted(case_ids, key=str):
        Case.objects.locked(case_id)


def _telling(found: Claims, by: Any, act: Any) -> None:
    """Do something to an item; who did it is told to those cases alone whose members they are."""
    known = set(Case.objects.visible_to(by).filter(pk__in=found).values_list("pk", flat=True))
    seen = [claim.pk for case_id, claims in found.items() for claim in claims if case_id in known]
    hidden = [claim.pk for case_id, claims in found.items() for claim in claims if case_id not in known]
    with telling_reopened(seen, by=by), telling_reopened(hidden, by=None):
        act()


def _open_task(case_id: uuid.UUID, item: Item, claims: Sequence[Claim], releases: Sequence[str]) -> None:
    case = Case.objects.locked(case_id)
    named = ", ".join([*(claim.label for claim in claims), *releases])
    words = {"status": item.get_status_display(), "named": named}
    task = Task(case=case, number=next_number(case, "last_task"))
    if _is_known_to(case, item):
        tail = _(" is %(status)s: look at %(named)s") % words
        said = f"{item.status_said.describe()}. " if item.status_said else ""
        task.title = f"“{item.title[: max(20, 290 - len(tail))]}”{tail}"[:300]
        task.body = f"{item.status_reason}\n{said}{item.status_source}".strip()
    else:
        # Its readers may see what derives from the item, and nothing of the item itself.
        task.title = (_("What some of the evidence derives from is %(status)s: look at %(named)s") % words)[:300]
    add_record(task, by=None)


def _is_known_to(case: Case, item: Item) -> bool:
    return item.visibility == Visibility.OPEN or item.compartments.filter(pk=case.compartment_id).exists()
