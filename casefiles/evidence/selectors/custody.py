"""Custody, and whether its rows are still what was recorded."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from casefiles.audit.models import Event, EventValue
from casefiles.core.versions import snapshot
from casefiles.evidence.actions.custody import KIND
from casefiles.evidence.models import CustodyEvent, File, Item
from casefiles.evidence.vocabulary import CustodyAct

_BATCH = 500


@dataclass(frozen=True)
class CustodyDamage:
    """One custody row that is not what was recorded: `edited` (fields named), `removed` or `inserted`.

    `file changed` is a file's row whose digest or size is not the one its custody recorded on arrival.
    """

    custody_id: uuid.UUID
    kind: str
    fields: tuple[str, ...] = ()


def custody_of(item: Item, user: Any) -> list[CustodyEvent]:
    """Return an item's custody events, newest first, with who did them; one query."""
    events = CustodyEvent.objects.visible_to(user).filter(item=item).select_related("by", "file")
    return list(events.order_by("-at", "pk"))


def damaged_custody() -> list[CustodyDamage]:
    """Compare every custody row with the values in the audit chain; nothing is found where all is well.

    The chain itself is checked by `audit.selectors`: together they show an edited, removed or inserted row. Flat
    memory; a constant number of queries for each 500 rows.
    """
    return [*_recorded_but_wrong(), *_never_recorded(), *_changed_files()]


def _recorded_but_wrong() -> Iterator[CustodyDamage]:
    for events in _batches(Event.objects.filter(record_kind=KIND).order_by("seq")):
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
    for rows in _batches(CustodyEvent.objects.order_by("pk").only("pk")):
        known = set(
            Event.objects.filter(record_kind=KIND, record_id__in=[row.pk for row in rows]).values_list(
                "record_id", flat=True
            )
        )
        yield from (CustodyDamage(row.pk, "inserted") for row in rows if row.pk not in known)


def _changed_files() -> Iterator[CustodyDamage]:
    arrivals = CustodyEvent.objects.filter(act__in=[CustodyAct.RECEIVED, CustodyAct.DERIVED], file__isnull=False)
    for rows in _batches(arrivals.order_by("pk")):
        files = File.objects.in_bulk([row.file_id for row in rows])
        for row in rows:
            if files[row.file_id].sha256 != row.sha256_after:
                yield CustodyDamage(row.pk, "file changed", ("sha256",))


def _batches(queryset: Any) -> Iterator[list[Any]]:
    rows = queryset.iterator(chunk_size=_BATCH)
    while batch := list(islice(rows, _BATCH)):
        yield batch
