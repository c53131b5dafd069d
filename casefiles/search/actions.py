"""Keeping the index up to date: it reads the record of what was done past the last event it took in.

Nothing calls upward: no other app knows that there is an index.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from casefiles.access.rules import Visibility
from casefiles.audit.models import Event
from casefiles.audit.selectors import head
from casefiles.core.folding import fold, search_tokens
from casefiles.evidence.models import File
from casefiles.sanctions.models import Provision
from casefiles.search.documents import INDEXED, Indexed, terms_of
from casefiles.search.models import IndexState, SearchEntry

BATCH = 1_000
FILES_IN_A_BATCH = 50


def catch_up(*, batches: int | None = None) -> int:
    """Take in what was recorded since the last time and return how many records were read anew.

    `batches` limits the work, so that a page never waits for a bulk load; None finishes.
    """
    done = 0
    while batches is None or batches > 0:
        count = _take_in_one_batch()
        if count is None:
            break
        done += count
        batches = None if batches is None else batches - 1
    return done


def is_behind() -> bool:
    """Say whether something was recorded that the index has not taken in."""
    state = IndexState.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    return head()[0] > state


def _take_in_one_batch() -> int | None:
    with transaction.atomic():
        IndexState.objects.get_or_create(pk=1)
        state = IndexState.objects.select_for_update().get(pk=1)
        following = Event.objects.after(state.seq).values_list("seq", "record_kind", "record_id")[:BATCH]
        events = _with_few_files(list(following))
        if not events:
            return None
        changed: dict[str, set[uuid.UUID]] = {}
        for _seq, kind, record_id in events:
            changed.setdefault(kind, set()).add(record_id)
        # The words of a file, also those extracted from it later, are words of its item.
        if files := changed.pop("evidence.file", None):
            changed.setdefault("evidence.item", set()).update(_items_of(files))
        _add_provisions(changed)
        count = sum(_index(INDEXED[kind], ids) for kind, ids in changed.items() if kind in INDEXED)
        count += _index_by_anchor(changed.get("evidence.assertion", set()))
        state.seq = events[-1][0]
        state.save(update_fields=["seq"])
    return count


def _add_provisions(changed: dict[str, set[uuid.UUID]]) -> None:
    """Have provisions read anew whose instrument or elements changed: they are found by the words of both."""
    instruments, elements = changed.get("sanctions.instrument", set()), changed.pop("sanctions.element", set())
    if not instruments and not elements:
        return
    beside = Q(instrument__in=instruments) | Q(elements__in=elements)
    if found := set(Provision._base_manager.filter(beside).values_list("pk", flat=True)):
        changed.setdefault("sanctions.provision", set()).update(found)


def _with_few_files(events: list[Any]) -> list[Any]:
    """Return the first events, up to as many files as may be read while somebody waits for a page."""
    places = [place for place, event in enumerate(events) if event[1] == "evidence.file"]
    return events[: places[FILES_IN_A_BATCH]] if len(places) > FILES_IN_A_BATCH else events


def _items_of(files: set[uuid.UUID]) -> list[uuid.UUID]:
    return list(File._base_manager.filter(pk__in=files).values_list("item_id", flat=True))


def _index_by_anchor(ids: set[uuid.UUID]) -> int:
    """Take in records whose anchor was voided, restored or shared: they share its key."""
    if not ids:
        return 0
    return sum(_index(entry, ids) for entry in INDEXED.values() if entry.circle_path == "assertion")


def _index(entry: Indexed, ids: Iterable[uuid.UUID]) -> int:
    records = list(
        entry.model._base_manager.filter(pk__in=ids).select_related(*entry.related).prefetch_related(*entry.prefetch)
    )
    if not records and entry.circle_path == "assertion":
        return 0
    _forget([record.pk for record in records])
    kept = [record for record in records if not (record.is_voided or _is_within_voided(record) or _is_sealed(record))]
    rows = [_row(entry, record) for record in kept]
    made = SearchEntry.objects.bulk_create(rows, batch_size=500)
    _add_circles(entry, kept, made)
    _add_words([row.pk for row in made])
    return len(records)


def _is_within_voided(record: Any) -> bool:
    return isinstance(record, Provision) and record.instrument.is_voided


def _is_sealed(record: Any) -> bool:
    """Say whether nobody may know of it yet, not even by a count of hits."""
    return bool(getattr(record, "is_sealed", False))


def _row(entry: Indexed, record: Any) -> SearchEntry:
    document = entry.describe(record)
    holder = _holder(entry, record)
    return SearchEntry(
        kind=entry.kind,
        record_id=record.pk,
        label=document.label[:600],
        label_key=fold(document.label)[:600],
        detail=document.detail[:600],
        text="\n".join(part for part in document.texts if part)[:20_000],
        terms=terms_of(document, search_tokens),
        visibility=Visibility.OPEN if entry.is_open else getattr(holder, "visibility", Visibility.RESTRICTED),
        # A case's own circle decides alone; elsewhere a record in no compartment is its creator's.
        created_by_id=None if hasattr(holder, "compartment_id") else holder.created_by_id,
    )


def _holder(entry: Indexed, record: Any) -> Any:
    path = entry.circle_path
    return getattr(record, path) if path else record


def _add_circles(entry: Indexed, records: list[Any], rows: list[SearchEntry]) -> None:
    """Copy the circles of the records to their entries, in one query for reading and one for writing."""
    holders = {record.pk: _holder(entry, record) for record in records}
    by_holder = {} if entry.is_open else _compartments(list(holders.values()))
    through = SearchEntry.compartments.through
    links = [
        through(searchentry_id=row.pk, compartment_id=compartment_id)
        for row in rows
        for compartment_id in by_holder.get(holders[row.record_id].pk, [])
    ]
    through._base_manager.bulk_create(links, batch_size=500)


def _compartments(holders: list[Any]) -> dict[uuid.UUID, list[uuid.UUID]]:
    if not holders:
        return {}
    if hasattr(holders[0], "compartment_id"):
        return {holder.pk: [holder.compartment_id] for holder in holders}
    model = type(holders[0])
    through = model.compartments.through
    column = f"{model._meta.model_name}_id"
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    pairs = through._base_manager.filter(**{f"{column}__in": [holder.pk for holder in holders]})
    for holder_id, compartment_id in pairs.values_list(column, "compartment_id"):
        found.setdefault(holder_id, []).append(compartment_id)
    return found


def _forget(record_ids: list[uuid.UUID]) -> None:
    entries = list(SearchEntry.objects.filter(record_id__in=record_ids).values_list("pk", flat=True))
    if not entries:
        return
    _remove_words(entries)
    SearchEntry.compartments.through._base_manager.filter(searchentry_id__in=entries).delete()
    SearchEntry.objects.filter(pk__in=entries).delete()


def _add_words(entries: list[int]) -> None:
    _words("INSERT INTO search_words(rowid, terms) SELECT id, terms FROM search_searchentry WHERE id IN", entries)


def _remove_words(entries: list[int]) -> None:
    _words(
        "INSERT INTO search_words(search_words, rowid, terms) "
        "SELECT 'delete', id, terms FROM search_searchentry WHERE id IN",
        entries,
    )


def _words(statement: str, entries: list[int]) -> None:
    """Run one statement a batch against SQLite's word table; PostgreSQL's index keeps itself."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for start in range(0, len(entries), 500):
            batch = entries[start : start + 500]
            cursor.execute(f"{statement} ({','.join(['%s'] * len(batch))})", batch)
