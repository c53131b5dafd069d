"""Custody, and whether its rows are still what was recorded."""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from django.db.models import F, Q, QuerySet

from casefiles.audit.models import Event, EventValue
from casefiles.core.batches import batches
from casefiles.core.versions import snapshot
from casefiles.evidence.actions.custody import KIND
from casefiles.evidence.models import CustodyEvent, File, Item
from casefiles.evidence.selectors.damage import PLACE_IN_CHAIN
from casefiles.evidence.vocabulary import CustodyAct

FILE_KIND = "evidence.file"


@dataclass(frozen=True)
class CustodyDamage:
    """One custody row that is not what was recorded: `edited` (fields named), `removed` or `inserted`.

    `file changed` is a file's row that no longer says what was recorded on arrival; `record_id` is then the file's.
    """

    record_id: uuid.UUID
    kind: str
    fields: tuple[str, ...] = ()


def custody_of(item: Item, user: Any) -> list[CustodyEvent]:
    """Return an item's custody events, newest first, with who did them; one query."""
    events = CustodyEvent.objects.visible_to(user).filter(item=item).annotate(place=PLACE_IN_CHAIN)
    return list(events.select_related("by", "file").order_by("-place", "pk"))


@dataclass(frozen=True)
class TimelineEntry:
    """One event with what the page shows beside it; `day` only where it differs from the entry above."""

    event: CustodyEvent
    day: date | None
    is_unchanged: bool
    has_clock_gone_back: bool


def timeline(events: Sequence[CustodyEvent]) -> list[TimelineEntry]:
    """Return events that stand newest first, in the order of the chain, with day headings between them."""
    entries: list[TimelineEntry] = []
    for place, event in enumerate(events):
        above = events[place - 1] if place else None
        below = events[place + 1] if place + 1 < len(events) else None
        day = event.at.astimezone(UTC).date()
        entries.append(
            TimelineEntry(
                event=event,
                day=None if above and above.at.astimezone(UTC).date() == day else day,
                is_unchanged=bool(event.sha256_after) and event.sha256_before == event.sha256_after,
                # The place in the chain says what came after what; a time before the event below is the clock's doing.
                has_clock_gone_back=below is not None and event.at < below.at,
            )
        )
    return entries


def damaged_custody() -> list[CustodyDamage]:
    """Compare every custody row with the values in the audit chain; nothing is found where all is well.

    The chain itself is checked by `audit.selectors`: together they show an edited, removed or inserted row. Flat
    memory; a constant number of queries for each 500 rows.
    """
    return [*_recorded_but_wrong(), *_never_recorded(), *_changed_files()]


def _recorded_but_wrong() -> Iterator[CustodyDamage]:
    for events in batches(Event.objects.filter(record_kind=KIND), key="seq"):
        values = _values_of(events)
        rows = CustodyEvent.objects.in_bulk([event.record_id for event in events])
        for event in events:
            row = rows.get(event.record_id)
            if row is None:
                yield CustodyDamage(event.record_id, "removed")
            elif fields := _differing(row, event, values.get(event.pk, {})):
                yield CustodyDamage(row.pk, "edited", fields)


def _differing(row: CustodyEvent, event: Event, recorded: dict[str, Any]) -> tuple[str, ...]:
    held = {name: value for name, value in snapshot(row).items() if name != "event_id"}
    names = {name for name in {*held, *_named_in(event)} if _is_other(name, held, recorded, event)}
    if row.event_id != event.pk:
        names.add("event_id")
    return tuple(sorted(names))


def _named_in(event: Event) -> set[str]:
    return {name for name, _old, _new in event.changes}


def _is_other(name: str, held: dict[str, Any], recorded: dict[str, Any], event: Event) -> bool:
    if name not in _named_in(event):
        return True
    # An ordered erasure leaves no value to compare with.
    return recorded.get(name) is not None and recorded[name] != held.get(name)


def _values_of(events: list[Event]) -> dict[uuid.UUID, dict[str, Any]]:
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for value in EventValue.objects.filter(event_id__in=[event.pk for event in events]):
        found.setdefault(value.event_id, {})[value.field] = None if value.new is None else json.loads(value.new)
    return found


def _never_recorded() -> Iterator[CustodyDamage]:
    for rows in batches(CustodyEvent.objects.only("pk")):
        known = set(
            Event.objects.filter(record_kind=KIND, record_id__in=[row.pk for row in rows]).values_list(
                "record_id", flat=True
            )
        )
        yield from (CustodyDamage(row.pk, "inserted") for row in rows if row.pk not in known)


def _changed_files() -> Iterator[CustodyDamage]:
    """Compare each file's row with what was recorded when it was added: files are never changed, and never removed."""
    for events in batches(Event.objects.filter(record_kind=FILE_KIND, act="added"), key="seq"):
        values = _values_of(events)
        files = File.objects.in_bulk([event.record_id for event in events])
        for event in events:
            file = files.get(event.record_id)
            if file is None:
                yield CustodyDamage(event.record_id, "file removed")
            elif fields := _changed_since(file, event, values.get(event.pk, {})):
                yield CustodyDamage(file.pk, "file changed", fields)


def _changed_since(file: File, event: Event, recorded: dict[str, Any]) -> tuple[str, ...]:
    held = snapshot(file)
    # A column that is newer than the event was not recorded with it, and says nothing.
    return tuple(sorted(name for name in _named_in(event) if _is_other(name, held, recorded, event)))


def files_unlike_their_arrival() -> QuerySet[Any]:
    """Return the arrivals of files whose row names another digest now, with the files; one query."""
    arrived = Q(act__in=[CustodyAct.RECEIVED, CustodyAct.DERIVED], file__isnull=False)
    changed = CustodyEvent.objects.filter(arrived).exclude(sha256_after=F("file__sha256"))
    return changed.select_related("file").order_by("pk")
