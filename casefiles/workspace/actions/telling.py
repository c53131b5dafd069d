"""Telling people what concerns them: it reads the record of what was done past the last event it took in.

Nothing calls upward: no other app knows that anybody is told. Whoever left a case meanwhile is told nothing of it.
"""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from casefiles.access.actions import add_record, change_record
from casefiles.access.models import Membership
from casefiles.audit import actions as audit
from casefiles.audit.selectors import HistoryEntry, entries_after
from casefiles.workspace.actions.readers import READING, Telling, of_due_requests, of_due_tasks
from casefiles.workspace.models import How, Notification, NotificationChoices, TellingState, Told

BATCH = 500


def take_in(*, batches: int | None = None) -> int:
    """Read what was recorded since the last time, and return how many notifications came of it.

    `batches` limits the work, so that nobody waits for a bulk load; None finishes.
    """
    made = 0
    while batches is None or batches > 0:
        count = _take_in_one_batch()
        if count is None:
            break
        made += count
        batches = None if batches is None else batches - 1
    return made


def _take_in_one_batch() -> int | None:
    with transaction.atomic():
        TellingState.objects.get_or_create(pk=1)
        state = TellingState.objects.select_for_update().get(pk=1)
        entries, seq = entries_after(state.seq, kinds=READING.keys(), limit=BATCH)
        if seq == state.seq:
            return None
        by_reader: dict[Callable[..., Any], list[HistoryEntry]] = {}
        for entry in entries:
            by_reader.setdefault(READING[entry.record_kind], []).append(entry)
        made = _tell([one for read, group in by_reader.items() for one in read(group)])
        TellingState.objects.filter(pk=1).update(seq=seq)
    return made


def tell_due(today: datetime.date) -> int:
    """Tell people of open tasks and deadlines that are due tomorrow or today, or overdue; each once for a date."""
    return _tell([*of_due_tasks(today), *of_due_requests(today)])


def _tell(tellings: list[Telling]) -> int:
    """Keep what concerns others than whoever did it, who still read the case and want to be told."""
    wanted = [one for one in tellings if one.user_id != one.actor_id]
    readers = _readers(wanted)
    silent = _silenced(wanted)
    rows = [
        Notification(
            user_id=one.user_id,
            case_id=one.case_id,
            kind=one.kind,
            act=one.act,
            record_kind=one.record[0],
            record_id=one.record[1],
            actor_id=one.actor_id,
            key=one.key,
            at=one.at,
        )
        for one in wanted
        if (one.case_id, one.user_id) in readers and (one.user_id, one.kind) not in silent
    ]
    held = Notification.objects.filter(key__in=[row.key for row in rows]).values_list("user_id", "key")
    known = set(held) if rows else set()
    fresh = {(row.user_id, row.key): row for row in reversed(rows) if (row.user_id, row.key) not in known}
    Notification.objects.bulk_create(fresh.values(), batch_size=500, ignore_conflicts=True)
    return len(fresh)


def _readers(tellings: list[Telling]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Return the pairs of case and person of whom the one may read the other now."""
    if not tellings:
        return set()
    cases = {one.case_id for one in tellings}
    rows = Membership.objects.filter(compartment__case__in=cases, user__is_active=True)
    return set(rows.values_list("compartment__case", "user_id"))


def _silenced(tellings: list[Telling]) -> set[tuple[uuid.UUID, str]]:
    rows = NotificationChoices.objects.filter(user__in={one.user_id for one in tellings}) if tellings else ()
    return {(row.user_id, kind) for row in rows for kind in Told.values if getattr(row, kind) == How.OFF}


# --- One's own ----------------------------------------------------------------------------------------------------


def mark_read(*, by: Any, only: uuid.UUID | None = None, until: datetime.datetime | None = None) -> int:
    """Take one notification as read, or all that there were when the page was drawn; return how many those are."""
    with audit.unit():
        rows = Notification.objects.visible_to(by).filter(is_read=False)
        rows = rows.filter(pk=only) if only else rows.filter(told_at__lte=until or timezone.now())
        keys = list(rows.order_by("-at", "-pk").values_list("pk", flat=True))
        if keys:
            Notification.objects.filter(pk__in=keys).update(is_read=True)
            _record(keys[0], by=by, count=len(keys))
    return len(keys)


def _record(key: uuid.UUID, *, by: Any, count: int) -> None:
    """Record the event under the newest one's key and for no circle: what somebody reads is their own."""
    label = Notification._meta.label_lower
    audit.record(by=by, act="read", kind=label, record_id=key, compartments=[], changes={"count": (None, count)})


def choose_notifications(*, by: Any, version: int = 0, **choices: str) -> NotificationChoices:
    """Say what one wants to be told of, and how.

    Raises:
        StaleVersion: it was chosen anew in another window.
        ValidationError: there is no such way.
    """
    with audit.unit():
        held: NotificationChoices | None = NotificationChoices.objects.visible_to(by).first()
        if held is None:
            made: NotificationChoices = add_record(NotificationChoices(pk=by.pk, user=by, **choices), by=by)
            return made
        change_record(held, by=by, version=version, changes=choices)
        return held
