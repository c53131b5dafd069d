"""The hash chain of events: how an event is serialised, linked to the one before, and how damage is named.

Every text is preceded by its length and every list by its count, so that no two events serialise alike; a domain tag
keeps these hashes apart from all others. `verify_log.py` computes the same without this module, for outsiders.
"""

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

EVENT_DOMAIN = "casefiles/event/1"
VALUE_DOMAIN = "casefiles/value/1"

# What stands before the first event.
GENESIS = "0" * 64


class Head(NamedTuple):
    """The last event of a chain, or of a part of it: its sequence number and its hash."""

    seq: int
    hash: str


BEGINNING = Head(0, GENESIS)


@dataclass(frozen=True)
class EventFields:
    """What is hashed of an event. `at` is ISO 8601, UTC, with microseconds; a change is (field, old and new digest)."""

    seq: int
    event_id: str
    at: str
    actor: str
    act: str
    record_kind: str
    record_id: str
    compartments: tuple[str, ...]
    changes: tuple[tuple[str, str, str], ...]
    note: str


Row = tuple[EventFields, str, str]


class Damage(StrEnum):
    """What happened to a chain, as far as the rows tell."""

    EDITED = "edited"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    DUPLICATED = "duplicated"
    FORKED = "forked"
    REWRITTEN = "rewritten"
    TAIL_MISSING = "tail_missing"


@dataclass(frozen=True)
class ChainReport:
    """What a walk over a chain found.

    `checked` counts the sound rows before the damage, `head` is the last of them. Where `damage` is set, `seq` is the
    number of the first row that is wrong or missing. `head_was_known` tells whether there was a head to compare the
    end with: without one, a missing tail cannot show.
    """

    checked: int
    head: Head
    head_was_known: bool
    damage: Damage | None = None
    seq: int | None = None
    detail: str = ""

    @property
    def is_sound(self) -> bool:
        """No damage was found. Of a chain with `checked` at 0 this says nothing, and must not be shown as passed."""
        return self.damage is None


# Written for speed, all of it: a record of a million events is serialised whole whenever it is verified.
_count = struct.Struct(">Q").pack


def _text(content: str) -> bytes:
    # surrogatepass: an exported log may hold lone surrogates, and different texts must never serialise alike.
    coded = content.encode("utf-8", "surrogatepass")
    return _count(len(coded)) + coded


_EVENT_TAG, _VALUE_TAG = _text(EVENT_DOMAIN), _text(VALUE_DOMAIN)
# The lengths and counts under 128 as ASCII characters, so that a row is coded in one step.
_SHORT = [_count(length).decode("ascii") for length in range(128)]


def value_digest(salt: bytes, value: str | None) -> str:
    """Return the salted SHA-256 of a value; None and the empty text differ."""
    content = b"\x00" if value is None else b"\x01" + _text(value)
    return sha256(_VALUE_TAG + _count(len(salt)) + salt + content).hexdigest()


def serialise(event: EventFields) -> bytes:
    """Return the bytes that stand for an event; no two events share them."""
    try:
        return _serialised_short(event)
    except (IndexError, UnicodeEncodeError):
        # A long text, or one beyond ASCII, elsewhere than in the note.
        return _serialised(event)


def _serialised_short(event: EventFields) -> bytes:
    """Do what `_serialised` does, where every text but the note is of fewer than 128 ASCII characters: nearly always.

    Raises:
        IndexError, UnicodeEncodeError: one is not.
    """
    short = _SHORT
    texts = [str(event.seq), event.event_id, event.at, event.actor, event.act, event.record_kind, event.record_id]
    head = "".join([short[len(text)] + text for text in texts])
    listed = "".join([short[len(text)] + text for text in event.compartments])
    changed = "".join([short[len(text)] + text for change in event.changes for text in change])
    counted = f"{head}{short[len(event.compartments)]}{listed}{short[len(event.changes)]}{changed}"
    return counted.encode("ascii") + _text(event.note)


def _serialised(event: EventFields) -> bytes:
    parts = [
        str(event.seq), event.event_id, event.at, event.actor, event.act, event.record_kind, event.record_id,
    ]  # fmt: skip
    written = list(map(_text, parts))
    written.append(_count(len(event.compartments)))
    written.extend(map(_text, event.compartments))
    written.append(_count(len(event.changes)))
    for change in event.changes:
        written.extend(map(_text, change))
    written.append(_text(event.note))
    return b"".join(written)


def link(previous_hash: str, event: EventFields) -> str:
    """Return the hash of an event that follows the one with `previous_hash`, as 64 hexadecimal digits."""
    return sha256(_EVENT_TAG + _text(previous_hash) + serialise(event)).hexdigest()


def exported_line(event: EventFields, previous_hash: str, event_hash: str) -> str:
    """Return one line of an exported log, without its line end: the format that `verify_log.py` reads."""
    content = {part.name: getattr(event, part.name) for part in fields(event)}
    return json.dumps(content | {"previous": previous_hash, "hash": event_hash}, ensure_ascii=True, sort_keys=True)


def verify(rows: Iterable[Row], *, start: Head = BEGINNING, expected_head: Head | None = None) -> ChainReport:
    """Walk rows of (event, stored previous hash, stored hash) in the order of their number; report the first damage.

    Memory stays flat: rows are read once and two are kept. `start` resumes after a head verified before;
    `expected_head` is a head noted elsewhere (a checkpoint, the head row), at or after which the chain must agree.
    """
    walk = _Walk(start, expected_head)
    unread = iter(rows)
    row = next(unread, None)
    while row is not None:
        following = next(unread, None)
        damage, seq, detail = walk.step(row, following)
        if damage is Damage.REMOVED and detail == GAP and _comes_later(walk.head.seq + 1, row, following, unread):
            damage, detail = Damage.REORDERED, "a row that belongs here comes later"
        if damage:
            return walk.report(damage, seq, detail)
        row = following
    return walk.end()


GAP = "rows are missing here"


def _comes_later(missing: int, row: Row, following: Row | None, unread: Iterable[Row]) -> bool:
    """Return whether a row from the gap before `row` turns up after it."""
    gap = range(missing, row[0].seq)
    return (following is not None and following[0].seq in gap) or any(event.seq in gap for event, _p, _h in unread)


Found = tuple[Damage | None, int | None, str]
SOUND: Found = (None, None, "")


@dataclass
class _Walk:
    """The state of a walk: the last sound row and the hash before it."""

    head: Head
    expected_head: Head | None
    checked: int = 0
    before_head: str = ""
    last: Row | None = None

    def step(self, row: Row, following: Row | None) -> Found:
        """Take one row, or say what is wrong with it."""
        event, previous, stored = row
        fits = event.seq == self.head.seq + 1 and previous == self.head.hash and stored == link(previous, event)
        if not fits:
            return _diagnosis(self, row, following)
        if self.expected_head and event.seq == self.expected_head.seq and stored != self.expected_head.hash:
            return Damage.REWRITTEN, event.seq, "this row or rows before it were replaced and hashed anew"
        self.before_head, self.head = self.head.hash, Head(event.seq, stored)
        self.last, self.checked = row, self.checked + 1
        return SOUND

    def end(self) -> ChainReport:
        if self.expected_head and self.head.seq < self.expected_head.seq:
            missing = f"rows up to {self.expected_head.seq} are missing"
            return self.report(Damage.TAIL_MISSING, self.head.seq + 1, missing)
        return self.report(None, None, "")

    def report(self, damage: Damage | None, seq: int | None, detail: str) -> ChainReport:
        return ChainReport(self.checked, self.head, self.expected_head is not None, damage, seq, detail)


def _diagnosis(walk: _Walk, row: Row, following: Row | None) -> Found:
    """Name what is wrong with a row that does not fit where it stands; the first explanation that holds wins."""
    for explain in (_renumbered, _repeated, _out_of_turn, _attached_elsewhere, _inserted):
        found = explain(walk, row, following)
        if found is not SOUND:
            return found
    return _edited(walk, row, following)


def _renumbered(walk: _Walk, row: Row, _following: Row | None) -> Found:
    """The row is the right one but for its number, or the number is right and was made so after rows were removed."""
    event, previous, stored = row
    expected = walk.head.seq + 1
    if event.seq != expected and stored == link(walk.head.hash, replace(event, seq=expected)):
        return Damage.EDITED, expected, "the sequence number was changed"
    if event.seq == expected and stored == link(previous, replace(event, seq=expected + 1)):
        return Damage.REMOVED, expected, "the row was removed and the next took its number"
    if event.seq == expected and walk.last and stored == link(previous, replace(event, seq=expected - 1)):
        return Damage.INSERTED, walk.head.seq, "a row was put in and the next ones renumbered"
    return SOUND


def _repeated(walk: _Walk, row: Row, _following: Row | None) -> Found:
    """The number was taken already, by the same row or by another one that follows the same predecessor."""
    event, previous, stored = row
    if row == walk.last:
        return Damage.DUPLICATED, event.seq, "the row stands here twice"
    if event.seq > walk.head.seq or stored != link(previous, event):
        return SOUND
    if walk.last and event.seq == walk.head.seq and previous == walk.before_head:
        return Damage.FORKED, event.seq, "two different rows follow the same one"
    return Damage.DUPLICATED, event.seq, "a second row has this number"


def _out_of_turn(walk: _Walk, row: Row, following: Row | None) -> Found:
    """The number is too high: rows are missing, or come later."""
    event, previous, stored = row
    if event.seq <= walk.head.seq + 1:
        return SOUND
    if following and _fits(walk, following) and stored != link(previous, event):
        return Damage.INSERTED, event.seq, "a row that belongs nowhere stands here"
    return Damage.REMOVED, walk.head.seq + 1, GAP


def _fits(walk: _Walk, row: Row) -> bool:
    event, previous, stored = row
    return event.seq == walk.head.seq + 1 and previous == walk.head.hash and stored == link(previous, event)


def _attached_elsewhere(walk: _Walk, row: Row, _following: Row | None) -> Found:
    """The row is whole in itself, but follows another row than the one before it."""
    event, previous, stored = row
    if previous == walk.head.hash or stored != link(previous, event):
        return SOUND
    if walk.last and previous == walk.before_head:
        return Damage.FORKED, event.seq, "two different rows follow the same one"
    if walk.last:
        return Damage.EDITED, walk.head.seq, "the row was changed and hashed anew: the next one knows another hash"
    return SOUND


def _inserted(walk: _Walk, row: Row, following: Row | None) -> Found:
    if following and _fits(walk, following):
        return Damage.INSERTED, row[0].seq, "a row that belongs nowhere stands here"
    return SOUND


def _edited(walk: _Walk, row: Row, following: Row | None) -> Found:
    """Say which column class was changed, where the row's own hash and the row after it tell."""
    event, _previous, stored = row
    computed = link(walk.head.hash, event)
    if stored == computed:
        return Damage.EDITED, event.seq, "the previous hash was changed"
    if following and following[1] == computed:
        return Damage.EDITED, event.seq, "the hash was changed"
    return Damage.EDITED, event.seq, "the fields were changed, or the last row's hash"
