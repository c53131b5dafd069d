"""Telling people what concerns them: it reads the record of what was done past the last event it took in.

Nothing calls upward: no other app knows that anybody is told. Whoever left a case meanwhile is told nothing of it.
"""

import datetime
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from casefiles.access.actions import add_record, change_record
from casefiles.access.models import Membership
from casefiles.audit import actions as audit
from casefiles.audit.selectors import HistoryEntry, entries_after
from casefiles.cases.models import Case, CaseStatus, Claim, Comment, Task, TaskStatus
from casefiles.evidence.models import Citation
from casefiles.workspace.models import How, Notification, NotificationChoices, TellingState, Told

BATCH = 500
# A task is told of as due from the day before.
DUE_WITHIN = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Telling:
    """Something that one person may have to be told of."""

    user_id: uuid.UUID
    kind: str
    act: str
    case_id: uuid.UUID
    record: tuple[str, uuid.UUID]
    key: str
    at: datetime.datetime
    actor_id: uuid.UUID | None = None


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
    """Tell people of open tasks that are due tomorrow or today, or overdue; each once for a date."""
    rows = Task.objects.current().filter(status=TaskStatus.OPEN, due_on__lte=today + DUE_WITHIN, assignee__isnull=False)
    rows = rows.filter(case__status__in=[CaseStatus.OPEN, CaseStatus.IN_REVIEW], case__voided_at=None)
    now = timezone.now()
    return _tell([_due(task, today, now) for task in rows])


def _due(task: Any, today: datetime.date, now: datetime.datetime) -> Telling:
    act = "overdue" if task.due_on < today else "due"
    record = ("cases.task", task.pk)
    return Telling(task.assignee_id, Told.DUE, act, task.case_id, record, f"{act}:{task.pk}:{task.due_on}", now)


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


# --- Reading events -----------------------------------------------------------------------------------------------


def _of_comments(entries: list[HistoryEntry]) -> Iterator[Telling]:
    """Being named counts more than being answered; an answer is told to whoever spoke in its thread before."""
    rows = {row.pk: row for row in Comment.objects.filter(pk__in={entry.record_id for entry in entries})}
    threads = {row.parent_id for row in rows.values()} - {None}
    spoke = Comment.objects.filter(Q(pk__in=threads) | Q(parent__in=threads)).order_by("created_at", "pk")
    for entry in entries:
        yield from (_of_comment(entry, rows, user, Told.MENTION) for user in _new_keys(entry, "mentioned"))
    added = {entry.record_id: entry for entry in entries if entry.act == "added"}
    before: dict[uuid.UUID, set[uuid.UUID]] = {}
    for key, parent, author in spoke.values_list("pk", "parent_id", "created_by_id"):
        heard = before.setdefault(parent or key, set())
        if parent and key in added:
            yield from (_of_comment(added[key], rows, user, Told.ANSWER) for user in heard)
        heard.add(author)


def _of_comment(entry: HistoryEntry, rows: dict[uuid.UUID, Any], user: uuid.UUID, kind: str) -> Telling:
    key = f"comment:{entry.record_id}"
    return _telling(entry, user, kind, rows[entry.record_id].case_id, key=key)


def _new_keys(entry: HistoryEntry, field: str) -> list[uuid.UUID]:
    """Return the keys that a field holds since an event and did not before."""
    change = next((one for one in entry.changes if one.field == field), None)
    if change is None:
        return []
    old, new = (value if isinstance(value, list) else [value] for value in (change.old, change.new))
    return [uuid.UUID(key) for key in new if key and key not in old]


def _of_tasks(entries: list[HistoryEntry]) -> Iterator[Telling]:
    given = [(entry, user) for entry in entries for user in _new_keys(entry, "assignee")]
    rows = dict(Task.objects.filter(pk__in={entry.record_id for entry, _user in given}).values_list("pk", "case_id"))
    for entry, user in given:
        yield _telling(entry, user, Told.TASK, rows[entry.record_id])


def _of_claims(entries: list[HistoryEntry]) -> Iterator[Telling]:
    """Tell the author of a claim once of what one person did to it at a time, citations included."""
    ids = {entry.record_id for entry in entries}
    cited = dict(Citation.objects.filter(pk__in=ids).values_list("pk", "assertion_id"))
    rows = Claim._base_manager.filter(pk__in=ids | set(cited.values()))
    claims = {key: (case, author) for key, case, author in rows.values_list("pk", "case_id", "assertion__created_by")}
    seen: set[tuple[Any, Any]] = set()
    for entry in entries:
        claim = cited.get(entry.record_id, entry.record_id)
        is_beginning = entry.act == "added" and entry.record_id == claim
        if claim not in claims or is_beginning or (claim, entry.actor_id) in seen:
            continue
        seen.add((claim, entry.actor_id))
        case, author = claims[claim]
        yield _telling(entry, author, Told.CLAIM, case, record=("cases.claim", claim))


def _of_members(entries: list[HistoryEntry]) -> Iterator[Telling]:
    circles = {uuid.UUID(circle) for entry in entries for circle in entry.compartment_ids}
    cases = dict(Case.objects.filter(compartment__in=circles).values_list("compartment_id", "pk"))
    for entry in entries:
        case = next((cases[uuid.UUID(key)] for key in entry.compartment_ids if uuid.UUID(key) in cases), None)
        if case is not None:
            yield from (_telling(entry, user, Told.TEAM, case) for user in _new_keys(entry, "user"))


def _telling(
    entry: HistoryEntry,
    user: uuid.UUID,
    kind: str,
    case: uuid.UUID,
    *,
    key: str = "",
    record: tuple[str, uuid.UUID] | None = None,
) -> Telling:
    named = record or (entry.record_kind, entry.record_id)
    return Telling(user, kind, entry.act, case, named, key or f"event:{entry.seq}", entry.at, entry.actor_id)


READING: dict[str, Callable[[list[HistoryEntry]], Iterable[Telling]]] = {
    "cases.comment": _of_comments,
    "cases.task": _of_tasks,
    "cases.claim": _of_claims,
    # A claim is voided by its anchor, which shares its key.
    "evidence.assertion": _of_claims,
    "evidence.citation": _of_claims,
    "access.membership": _of_members,
}


# --- One's own ----------------------------------------------------------------------------------------------------


def mark_read(*, by: Any, only: uuid.UUID | None = None, until: datetime.datetime | None = None) -> int:
    """Take one notification as read, or all that there were when the page was drawn; return how many those are."""
    with audit.unit():
        rows = Notification.objects.visible_to(by).filter(is_read=False)
        rows = rows.filter(pk=only) if only else rows.filter(at__lte=until or timezone.now())
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
