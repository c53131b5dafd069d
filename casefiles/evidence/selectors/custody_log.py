"""The custody of one item as a log that an outsider can check: what was recorded, in the order of the chain, linked."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casefiles.audit.models import Event, EventValue
from casefiles.evidence.custody_verifier import FORMAT, GENESIS, link_of
from casefiles.evidence.models import CustodyEvent, File, Item
from casefiles.evidence.selectors.damage import PLACE_IN_CHAIN
from casefiles.evidence.vocabulary import CustodyAct


@dataclass(frozen=True)
class CustodyLog:
    """`entries` are JSON-ready; `digest` is the link of the last one, by which the whole can be compared."""

    item: Item
    files: tuple[File, ...]
    entries: tuple[dict[str, Any], ...]

    @property
    def digest(self) -> str:
        return str(self.entries[-1]["link"]) if self.entries else GENESIS

    def as_json(self, *, exported_at: datetime, by: str) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "item": {"id": str(self.item.pk), "title": self.item.title},
            "exported_at": exported_at.isoformat(timespec="seconds"),
            "exported_by": by,
            "digest": self.digest,
            "files": [
                {
                    "id": str(file.pk),
                    "name": file.name,
                    "role": file.role,
                    "sha256": file.sha256,
                    "size_bytes": file.size_bytes,
                    "media_type": file.media_type,
                }
                for file in self.files
            ],
            "entries": list(self.entries),
        }


def in_order(events: Any) -> Any:
    """Return custody events with their place in the chain, which the clock of a server cannot change."""
    return events.annotate(place=PLACE_IN_CHAIN)


def custody_log(item: Item, user: Any) -> CustodyLog:
    """Return everything that was recorded of an item's custody, oldest first; a constant number of queries."""
    rows = in_order(CustodyEvent.objects.visible_to(user).filter(item=item)).order_by("place")
    events = list(rows.select_related("by", "file"))
    values = _values([event.event_id for event in events])
    hashes = dict(Event.objects.filter(pk__in=[event.event_id for event in events]).values_list("pk", "hash"))
    files = tuple(File.objects.visible_to(user).filter(item=item).order_by("created_at", "pk"))
    return CustodyLog(item, files, tuple(_linked(_entry(event, values, hashes) for event in events)))


def _values(event_ids: list[Any]) -> dict[Any, list[EventValue]]:
    found: dict[Any, list[EventValue]] = {}
    for value in EventValue.objects.filter(event_id__in=event_ids).order_by("field"):
        found.setdefault(value.event_id, []).append(value)
    return found


def _entry(event: CustodyEvent, values: dict[Any, list[EventValue]], hashes: dict[Any, str]) -> dict[str, Any]:
    recorded = values.get(event.event_id, [])
    return {
        "who": str(event.by) if event.by else "",
        "file": str(event.file) if event.file else "",
        "event_id": str(event.event_id),
        "event_hash": hashes.get(event.event_id, ""),
        "values": {value.field: value.new for value in recorded},
        "salts": {value.field: bytes(value.salt).hex() for value in recorded},
    }


def _linked(entries: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    before = GENESIS
    for number, bare in enumerate(entries, start=1):
        entry = {"number": number, **bare}
        before = link_of(entry, before)
        yield {**entry, "link": before}


@dataclass(frozen=True)
class CustodyLine:
    """One entry as a person reads it. `has_clock_gone_back`: it says an earlier time than the entry before it."""

    number: int
    at: str
    who: str
    act: str
    file: str
    why: str
    before: str
    after: str
    event_hash: str
    link: str
    has_clock_gone_back: bool


def lines(log: CustodyLog) -> list[CustodyLine]:
    """Return the entries as people read them, oldest first; what was erased by order is empty."""
    shown: list[CustodyLine] = []
    latest = ""
    for entry in log.entries:
        said = {name: json.loads(value) for name, value in entry["values"].items() if value is not None}
        at = str(said.get("at", ""))
        shown.append(_line(entry, said, at, has_clock_gone_back=at < latest))
        latest = max(latest, at)
    return shown


def _line(entry: dict[str, Any], said: dict[str, Any], at: str, *, has_clock_gone_back: bool) -> CustodyLine:
    act = str(said.get("act", ""))
    return CustodyLine(
        number=entry["number"],
        at=at.replace("T", " ").replace("+00:00", " UTC"),
        who=entry["who"],
        act=str(dict(CustodyAct.choices).get(act, act)),
        file=entry["file"],
        why=str(said.get("purpose", "")),
        before=str(said.get("sha256_before", "")),
        after=str(said.get("sha256_after", "")),
        event_hash=entry["event_hash"],
        link=entry["link"],
        has_clock_gone_back=has_clock_gone_back,
    )
