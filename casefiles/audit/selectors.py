"""Reading the record of what was done. Callers ask `access` first whether the record may be read."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casefiles.audit import chain
from casefiles.audit.actions import fields_of
from casefiles.audit.models import ChainHead, Event, EventValue


@dataclass(frozen=True)
class FieldChange:
    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class HistoryEntry:
    event_id: uuid.UUID
    seq: int
    at: datetime
    actor_id: uuid.UUID | None
    act: str
    record_kind: str
    record_id: uuid.UUID
    note: str
    changes: tuple[FieldChange, ...]
    compartment_ids: tuple[str, ...] = ()


def history(record_ids: Iterable[uuid.UUID], *, limit: int = 200) -> list[HistoryEntry]:
    """Return the newest events of the given records with their values, in two queries."""
    events = list(Event.objects.of(record_ids).newest_first()[:limit])
    changes: dict[uuid.UUID, list[FieldChange]] = {}
    for value in EventValue.objects.filter(event_id__in=[event.id for event in events]).order_by("event_id", "field"):
        changes.setdefault(value.event_id, []).append(FieldChange(value.field, _parsed(value.old), _parsed(value.new)))
    return [
        HistoryEntry(
            event_id=event.id,
            seq=event.seq,
            at=event.at,
            actor_id=event.actor_id,
            act=event.act,
            record_kind=event.record_kind,
            record_id=event.record_id,
            note=event.note,
            changes=tuple(changes.get(event.id, ())),
            compartment_ids=tuple(event.compartment_ids),
        )
        for event in events
    ]


def _parsed(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def head() -> tuple[int, str]:
    """Return the last sequence number and hash; (0, GENESIS) before anything was recorded."""
    row = ChainHead.objects.filter(pk=1).values_list("seq", "hash").first()
    return row or (0, chain.GENESIS)


def verify() -> chain.ChainReport:
    """Walk the whole chain in flat memory and report the first bad row and the kind of damage."""
    rows = (
        (fields_of(event), event.previous_hash, event.hash)
        for event in Event.objects.order_by("seq").iterator(chunk_size=2000)
    )
    return chain.verify(rows, expected_head=chain.Head(*head()))


def damaged_values() -> list[uuid.UUID]:
    """Return the events whose kept values no longer match the digests in the chain (erased values are not damage)."""
    damaged: list[uuid.UUID] = []
    values: dict[uuid.UUID, list[EventValue]] = {}
    for event in Event.objects.order_by("seq").iterator(chunk_size=500):
        expected = {name: (old, new) for name, old, new in event.changes}
        if not values or event.id not in values:
            values = _values_near(event.seq)
        if not _matches(expected, values.get(event.id, [])):
            damaged.append(event.id)
    return damaged


def _values_near(seq: int) -> dict[uuid.UUID, list[EventValue]]:
    ids = list(Event.objects.filter(seq__gte=seq, seq__lt=seq + 500).values_list("id", flat=True))
    found: dict[uuid.UUID, list[EventValue]] = {identifier: [] for identifier in ids}
    for value in EventValue.objects.filter(event_id__in=ids):
        found[value.event_id].append(value)
    return found


def _matches(expected: dict[str, tuple[str, str]], values: list[EventValue]) -> bool:
    if {value.field for value in values} != set(expected):
        return False
    for value in values:
        if value.old is None and value.new is None:
            continue
        salt = bytes(value.salt)
        if (chain.value_digest(salt, value.old), chain.value_digest(salt, value.new)) != expected[value.field]:
            return False
    return True
