"""The hash chain of recorded events, without a database."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

GENESIS = "0" * 64
EVENT_DOMAIN = b"casefiles/event/1"
VALUE_DOMAIN = b"casefiles/value/1"


@dataclass(frozen=True)
class EventFields:
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


@dataclass(frozen=True)
class ChainReport:
    is_sound: bool
    checked: int
    damage: str = ""
    seq: int | None = None


def _framed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def value_digest(salt: bytes, value: str | None) -> str:
    """Return the salted digest of one value; an absent value and an empty one differ."""
    body = b"\x00" if value is None else b"\x01" + value.encode()
    return hashlib.sha256(_framed(VALUE_DOMAIN, salt, body)).hexdigest()


def link(previous_hash: str, event: EventFields) -> str:
    """Return the hash of an event that follows `previous_hash`."""
    changes = _framed(*(_framed(*(part.encode() for part in change)) for change in event.changes))
    compartments = _framed(*(part.encode() for part in event.compartments))
    texts = (event.event_id, event.at, event.actor, event.act, event.record_kind, event.record_id, event.note)
    body = _framed(
        EVENT_DOMAIN, bytes.fromhex(previous_hash), str(event.seq).encode(), *(text.encode() for text in texts),
        compartments, changes,
    )
    return hashlib.sha256(body).hexdigest()


def verify(
    events: Iterable[tuple[EventFields, str, str]], *, start: str = GENESIS, expected_head: str | None = None
) -> ChainReport:
    """Walk events in order of seq and report the first bad row and the kind of damage."""
    previous, last, checked = start, 0, 0
    for event, stored_previous, stored_hash in events:
        if event.seq != last + 1:
            return ChainReport(False, checked, "removed" if event.seq > last + 1 else "reordered", event.seq)
        if stored_previous != previous or link(previous, event) != stored_hash:
            return ChainReport(False, checked, "edited", event.seq)
        previous, last, checked = stored_hash, event.seq, checked + 1
    if expected_head is not None and previous != expected_head:
        return ChainReport(False, checked, "tail missing", last + 1)
    return ChainReport(True, checked)
