"""Recording what was done, in the transaction that does it.

Every action opens `unit()`. Inner units join the outermost one; events are collected and chained when that ends, so the
head row is locked last and for a short time.
"""

import contextlib
import json
import secrets
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from casefiles.audit import chain
from casefiles.audit.models import ChainHead, Event, EventValue

Change = tuple[Any, Any]


class OutsideUnit(RuntimeError):
    """Something was recorded outside a unit: its change would not be in the same transaction."""


@dataclass
class _Pending:
    actor_id: uuid.UUID | None
    act: str
    record_kind: str
    record_id: uuid.UUID
    compartment_ids: tuple[str, ...]
    changes: Mapping[str, Change]
    note: str
    event_id: uuid.UUID = field(default_factory=uuid.uuid4)


class _Units(threading.local):
    pending: list[_Pending] | None = None
    is_whole: bool = False


_units = _Units()


@contextlib.contextmanager
def unit() -> Iterator[None]:
    """Open or join the transaction in which a change and its events are written together.

    One that joins and fails takes back its own part alone: whoever opened the outer one may go on without it, but
    within a `whole_unit`.
    """
    if _units.pending is not None:
        noted = len(_units.pending)
        try:
            with transaction.atomic(savepoint=not _units.is_whole):
                yield
        except BaseException:
            del _units.pending[noted:]
            raise
        return
    with transaction.atomic():
        _units.pending = []
        try:
            yield
            _write(_units.pending)
        finally:
            _units.pending = None


@contextlib.contextmanager
def whole_unit() -> Iterator[None]:
    """Open or join the transaction, as `unit` does, for steps of which none is taken back without the others.

    The units inside set no savepoint of their own: one that fails takes all of this with it, and whoever caught its
    error inside would find the transaction broken. It spares what is done for thousands of rows a round trip a step.
    """
    with unit():
        outer, _units.is_whole = _units.is_whole, True
        try:
            yield
        finally:
            _units.is_whole = outer


def record(
    *,
    by: Any,
    act: str,
    kind: str,
    record_id: uuid.UUID,
    compartments: Iterable[uuid.UUID] = (),
    changes: Mapping[str, Change] | None = None,
    note: str = "",
) -> uuid.UUID:
    """Note one event for the end of the unit and return its id.

    `changes` maps a field's name to its value before and after, as JSON-ready values (None where there was none).
    """
    if _units.pending is None:
        raise OutsideUnit(f"{act} on {kind} was recorded outside audit.unit().")
    pending = _Pending(
        actor_id=getattr(by, "pk", None),
        act=act,
        record_kind=kind,
        record_id=record_id,
        compartment_ids=tuple(sorted(str(compartment) for compartment in compartments)),
        changes=changes or {},
        note=note,
    )
    _units.pending.append(pending)
    return pending.event_id


def _write(pending: list[_Pending]) -> None:
    if not pending:
        return
    head, _made = ChainHead.objects.select_for_update().get_or_create(id=1, defaults={"seq": 0, "hash": chain.GENESIS})
    events: list[Event] = []
    values: list[EventValue] = []
    for item in pending:
        event_values = [_value(item.event_id, name, change) for name, change in sorted(item.changes.items())]
        event = _event(item, event_values, seq=head.seq + 1, previous_hash=head.hash)
        head.seq, head.hash = event.seq, event.hash
        events.append(event)
        values.extend(event_values)
    Event.objects.bulk_create(events, batch_size=500)
    EventValue.objects.bulk_create(values, batch_size=500)
    head.save(update_fields=["seq", "hash"])


def _text(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _value(event_id: uuid.UUID, name: str, change: Change) -> EventValue:
    old, new = change
    return EventValue(event_id=event_id, field=name, old=_text(old), new=_text(new), salt=secrets.token_bytes(16))


def _event(item: _Pending, values: list[EventValue], *, seq: int, previous_hash: str) -> Event:
    event = Event(
        id=item.event_id,
        seq=seq,
        at=timezone.now(),
        actor_id=item.actor_id,
        act=item.act,
        record_kind=item.record_kind,
        record_id=item.record_id,
        compartment_ids=list(item.compartment_ids),
        changes=[
            [v.field, chain.value_digest(bytes(v.salt), v.old), chain.value_digest(bytes(v.salt), v.new)]
            for v in values
        ],
        note=item.note,
        previous_hash=previous_hash,
    )
    event.hash = chain.link(previous_hash, fields_of(event))
    return event


def fields_of(event: Event) -> chain.EventFields:
    """Return what the chain hashes of an event, in its pure form."""
    return chain.EventFields(
        seq=event.seq,
        event_id=str(event.id),
        at=event.at.isoformat(timespec="microseconds"),
        actor=str(event.actor_id or ""),
        act=event.act,
        record_kind=event.record_kind,
        record_id=str(event.record_id),
        compartments=tuple(event.compartment_ids),
        changes=tuple((name, old, new) for name, old, new in event.changes),
        note=event.note,
    )
