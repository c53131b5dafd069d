"""Reading the record of what was done. Callers ask `access` first whether the record may be read."""

import json
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from casefiles.audit import chain
from casefiles.audit.models import ChainHead, Event, EventValue
from casefiles.core.batches import batches

WALKED_AT_ONCE = 2_000


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


class UnknownEvent(Exception):
    """A page of history was asked for beside an event that is none of these records'."""


@dataclass(frozen=True)
class Step:
    """Which page of a history: the newest, or the one beyond an event, by its id (a sequence number tells too much)."""

    older_than: uuid.UUID | None = None
    newer_than: uuid.UUID | None = None
    size: int = 100


@dataclass(frozen=True)
class Narrowed:
    """Which events of a history are asked for: those by one person, of some kinds of record; none named is all."""

    actor_id: uuid.UUID | None = None
    kinds: tuple[str, ...] = ()

    def of(self, rows: Any) -> Any:
        if self.actor_id is not None:
            rows = rows.filter(actor_id=self.actor_id)
        return rows.filter(record_kind__in=self.kinds) if self.kinds else rows


@dataclass(frozen=True)
class HistoryPage:
    """A page of history, the newest first, and the events beyond which its neighbours begin, where there are any."""

    entries: list[HistoryEntry]
    older_than: uuid.UUID | None
    newer_than: uuid.UUID | None


def history(record_ids: Iterable[uuid.UUID] | QuerySet[Any], *, limit: int = 200) -> list[HistoryEntry]:
    """Return the newest events of the given records with their values, in two queries."""
    return _with_values(list(Event.objects.of(record_ids).newest_first()[:limit]))


def history_page(
    record_ids: Iterable[uuid.UUID] | QuerySet[Any],
    step: Step,
    *,
    is_shown: Callable[[Event], bool] | None = None,
    narrow: Narrowed | None = None,
) -> HistoryPage:
    """Return one page of what was done to the given records; events for which `is_shown` says no do not exist.

    Raises:
        UnknownEvent: the step names an event that is not among them.
    """
    rows = Event.objects.of(record_ids)
    rows = narrow.of(rows) if narrow else rows
    is_reversed = step.newer_than is not None
    edge = step.newer_than or step.older_than
    window = _beyond(rows, edge, is_reversed=is_reversed, is_shown=is_shown) if edge else rows.newest_first()
    found = window.iterator(chunk_size=200)
    events = list(islice(filter(is_shown, found) if is_shown else found, step.size + 1))
    has_more, events = len(events) > step.size, events[: step.size]
    if is_reversed:
        events.reverse()
    has_newer = has_more if is_reversed else edge is not None
    has_older = edge is not None if is_reversed else has_more
    return HistoryPage(
        entries=_with_values(events),
        older_than=events[-1].id if events and has_older else None,
        newer_than=events[0].id if events and has_newer else None,
    )


def newest_among(
    kinds: Collection[str], *, is_shown: Callable[[Event], bool], looked_through: int, limit: int
) -> list[HistoryEntry]:
    """Return the newest events about some kinds of record that are shown, of the newest so many of all; two queries.

    They are read as far as needed: where the newest are shown, the others stay where they are.
    """
    rows = Event.objects.newest(looked_through).filter(record_kind__in=kinds).newest_first()
    return _with_values(list(islice(filter(is_shown, rows.iterator(chunk_size=200)), limit)))


def events_between(
    record_ids: Iterable[uuid.UUID] | QuerySet[Any],
    *,
    after: datetime | None,
    until: datetime | None = None,
    limit: int,
) -> list[HistoryEntry]:
    """Return what was done to the given records after one time and up to another, the oldest first; two queries."""
    rows = Event.objects.of(record_ids).order_by("seq")
    if after is not None:
        rows = rows.filter(at__gt=after)
    if until is not None:
        rows = rows.filter(at__lte=until)
    return _with_values(list(rows[:limit]))


def _beyond(rows: Any, event_id: uuid.UUID, *, is_reversed: bool, is_shown: Callable[[Event], bool] | None) -> Any:
    edge = rows.filter(id=event_id).first()
    if edge is None or (is_shown and not is_shown(edge)):
        raise UnknownEvent
    return rows.after(edge.seq) if is_reversed else rows.before(edge.seq)


def entries_after(seq: int, *, kinds: Collection[str], limit: int) -> tuple[list[HistoryEntry], int]:
    """Return what was recorded of some kinds among the next `limit` events, and the last number looked at.

    That is `seq` again where nothing follows it. For whoever reads the record on, such as notifications.
    """
    events = list(Event.objects.after(seq)[:limit])
    wanted = [event for event in events if event.record_kind in kinds]
    return _with_values(wanted) if wanted else [], events[-1].seq if events else seq


def _with_values(events: list[Event]) -> list[HistoryEntry]:
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


def verify(*, start: chain.Head = chain.BEGINNING, noted: Iterable[chain.Head] = ()) -> chain.ChainReport:
    """Walk the chain in flat memory and report the first bad row and the kind of damage.

    `start` is a head verified before, from which to go on; `noted` are heads that were noted elsewhere, in a checkpoint
    or on paper, through which the chain must lead. Its own end is compared with the head row.
    """
    own = chain.Head(*head())
    report = chain.verify(_rows(after=start.seq), start=start, expected_head=own)
    if report.is_sound:
        for one in (start, *noted):
            if agreement_with(one) is not Agreement.AGREES:
                return _contradicted(report, one, own)
    return report


def _rows(*, after: int) -> Iterator[chain.Row]:
    events = Event.objects.filter(seq__gt=after).annotate(**_AS_TEXT).values(*_HASHED)
    for batch in batches(events, key="seq", size=WALKED_AT_ONCE):
        yield from map(_row, batch)


# Neither models nor UUID objects: making them takes longer than all the hashing.
_AS_TEXT: dict[str, Any] = {
    f"{name}_text": Cast(name, TextField()) for name in ("id", "actor_id", "record_id", "compartment_ids", "changes")
}
_DIGESTED = ("seq", "id_text", "changes_text")
_HASHED = (*_AS_TEXT, "seq", "at", "act", "record_kind", "note", "previous_hash", "hash")


def _row(found: dict[str, Any]) -> chain.Row:
    """Return what the chain hashes of a row, as `fields_of` does of an event."""
    event = chain.EventFields(
        seq=found["seq"],
        event_id=_written(found["id_text"]),
        at=found["at"].isoformat(timespec="microseconds"),
        actor=_written(found["actor_id_text"] or ""),
        act=found["act"],
        record_kind=found["record_kind"],
        record_id=_written(found["record_id_text"]),
        compartments=_compartments(found["compartment_ids_text"]),
        changes=tuple((name, old, new) for name, old, new in json.loads(found["changes_text"])),
        note=found["note"],
    )
    return event, found["previous_hash"], found["hash"]


@lru_cache(maxsize=1_000)
def _compartments(listed: str) -> tuple[str, ...]:
    """Read a list that most rows share with many others."""
    return tuple(json.loads(listed))


def _written(identifier: str) -> str:
    """Return a UUID as it is hashed: SQLite keeps it without the hyphens."""
    if len(identifier) != 32:
        return identifier
    return f"{identifier[:8]}-{identifier[8:12]}-{identifier[12:16]}-{identifier[16:20]}-{identifier[20:]}"


def _contradicted(report: chain.ChainReport, noted: chain.Head, own: chain.Head) -> chain.ChainReport:
    """Return the report on a chain that is whole in itself, and does not lead through a head noted elsewhere."""
    if own.seq < noted.seq:
        detail = f"rows up to {noted.seq} are missing"
        return replace(report, damage=chain.Damage.TAIL_MISSING, seq=own.seq + 1, detail=detail)
    detail = "this row or rows before it were replaced and hashed anew"
    return replace(report, damage=chain.Damage.REWRITTEN, seq=noted.seq, detail=detail)


class Agreement(StrEnum):
    """Whether the record still says what it said when a head was noted elsewhere."""

    AGREES = "agrees"
    BEHIND = "behind"  # it ends before that head: an older database was put back, or rows were removed
    DIFFERS = "differs"  # another row stands there: it was written anew


def agreement_with(noted: chain.Head) -> Agreement:
    """Compare the record with a head that was noted elsewhere, without walking it; two queries at most."""
    if noted == chain.BEGINNING or Event.objects.filter(seq=noted.seq, hash=noted.hash).exists():
        return Agreement.AGREES
    return Agreement.BEHIND if head()[0] < noted.seq else Agreement.DIFFERS


def exported_lines() -> Iterator[str]:
    """Yield the whole log as `verify_log.py` reads it: ids and digests, no value that anybody entered but notes."""
    for row in _rows(after=0):
        yield chain.exported_line(*row)


def damaged_values(*, after: int = 0) -> list[uuid.UUID]:
    """Return the events whose kept values no longer match the digests in the chain (erased values are not damage).

    The events come in the order of the chain. Values are written in that order too, so a whole record is read once from
    its beginning; whatever does not fit there is looked up by its event, and that answer counts.
    """
    damaged: dict[int, str] = {}
    events = Event.objects.filter(seq__gt=after).annotate(**_AS_TEXT).values_list(*_DIGESTED)
    beside = _Beside() if after == 0 else None
    for batch in batches(events, key="seq", size=WALKED_AT_ONCE):
        doubtful = beside.unlike(batch) if beside else [event_id for _seq, event_id, _changes in batch]
        damaged |= _damaged_among(doubtful)
    for late in beside.late() if beside else ():
        damaged |= _damaged_among(late)
    return [uuid.UUID(damaged[seq]) for seq in sorted(damaged)]


_Digested = tuple[int, str, str]
_Values = dict[str, list[tuple[str | None, str | None, bytes]]]


class _Beside:
    """Reads the values from the first on, beside a walk over all events, and says which events they do not fit.

    It proves nothing of those: rows may have been written out of turn. Every value is seen once, so that an event which
    fitted and has another value further on is named when that one comes.
    """

    def __init__(self) -> None:
        self._reached = 0
        self._unclaimed: dict[str, _Values] = {}

    def unlike(self, events: list[_Digested]) -> list[str]:
        """Return the ids of those events that the next values do not fit, and of what else had been passed by."""
        expected = [(event_id, json.loads(changes)) for _seq, event_id, changes in events]
        self._read(sum(len(changes) for _event_id, changes in expected))
        doubtful = [
            event_id for event_id, changes in expected if not _matches(changes, self._unclaimed.pop(event_id, {}))
        ]
        if len(self._unclaimed) > WALKED_AT_ONCE:
            doubtful.extend(self._unclaimed)
            self._unclaimed.clear()
        return doubtful

    def late(self) -> Iterator[list[str]]:
        """Yield, some at a time, the ids of the events whose values no walk claimed."""
        is_read = self._read(WALKED_AT_ONCE)
        while is_read or self._unclaimed:
            yield list(self._unclaimed)
            self._unclaimed.clear()
            is_read = self._read(WALKED_AT_ONCE)

    def _read(self, count: int) -> bool:
        rows = EventValue.objects.filter(pk__gt=self._reached).annotate(event_text=Cast("event_id", TextField()))
        found = list(rows.order_by("pk").values_list("event_text", "field", "old", "new", "salt", "pk")[:count])
        for event, name, old, new, salt, _pk in found:
            self._unclaimed.setdefault(event, {}).setdefault(name, []).append((old, new, bytes(salt)))
        if found:
            self._reached = found[-1][-1]
        return bool(found)


def _damaged_among(event_ids: list[str]) -> dict[int, str]:
    """Return which of these events have other values than their digests say, by number."""
    damaged: dict[int, str] = {}
    # As many at a time as SQLite takes in one statement, with room to spare.
    for start in range(0, len(event_ids), WALKED_AT_ONCE):
        ids = [uuid.UUID(event_id) for event_id in event_ids[start : start + WALKED_AT_ONCE]]
        values = _values_of(ids)
        events = Event.objects.filter(pk__in=ids).annotate(**_AS_TEXT).values_list(*_DIGESTED)
        for seq, event_id, changes in events:
            if not _matches(json.loads(changes), values.get(event_id, {})):
                damaged[seq] = event_id
    return damaged


def _values_of(events: list[uuid.UUID]) -> dict[str, _Values]:
    """Return the values of some events: by event, then by field, each (old, new, salt)."""
    # The ids themselves: for a subquery that finds them, PostgreSQL reads all the values there are, each time.
    values = EventValue.objects.filter(event_id__in=events).annotate(event_text=Cast("event_id", TextField()))
    found: dict[str, _Values] = {}
    for event, name, old, new, salt in values.values_list("event_text", "field", "old", "new", "salt"):
        found.setdefault(event, {}).setdefault(name, []).append((old, new, bytes(salt)))
    return found


def _matches(changes: list[tuple[str, str, str]], values: _Values) -> bool:
    expected = {name: (old, new) for name, old, new in changes}
    return values.keys() == expected.keys() and all(
        (old is None and new is None)
        or (chain.value_digest(salt, old), chain.value_digest(salt, new)) == expected[name]
        for name, kept in values.items()
        for old, new, salt in kept
    )
