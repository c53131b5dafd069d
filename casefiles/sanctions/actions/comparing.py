"""What an edition differs in from the one before it: added, no longer on it, changed. Nothing is taken away."""

from collections.abc import Iterator
from typing import Any

from casefiles.audit import actions as audit
from casefiles.sanctions.models import ListChange, ListEdition, ListEntry
from casefiles.sanctions.reading import COMPARED

IDS = 400


def previous_of(edition: ListEdition) -> ListEdition | None:
    """Return the applied edition of the same list that comes right before this one by its day."""
    rows = ListEdition.objects.applied().filter(list_key=edition.list_key, published_on__lte=edition.published_on)
    previous: ListEdition | None = rows.exclude(pk=edition.pk).first()
    return previous


def compare(edition: ListEdition) -> None:
    """Keep the differences to the edition before, and count them on the record, which the caller saves.

    The first edition of a list differs from nothing: all of it is new.
    """
    previous = previous_of(edition)
    edition.compared_with = previous
    edition.added, edition.removed, edition.changed = edition.entries, 0, 0
    if previous is None:
        return
    before, now = _digests(previous), _digests(edition)
    changes = [
        *_only_in(edition, edition, [key for key in now if key not in before], "added"),
        *_only_in(edition, previous, [key for key in before if key not in now], "removed"),
        *_changed(edition, previous, [key for key in now if key in before and before[key] != now[key]]),
    ]
    with audit.unit():
        ListChange.objects.bulk_create(changes, batch_size=500)
    kinds = [change.kind for change in changes]
    edition.added, edition.removed, edition.changed = (kinds.count(kind) for kind in ("added", "removed", "changed"))


def _digests(edition: ListEdition) -> dict[str, str]:
    return dict(ListEntry.objects.of(edition).order_by("row", "pk").values_list("list_id", "digest"))


def _only_in(edition: ListEdition, holder: ListEdition, ids: list[str], kind: str) -> Iterator[ListChange]:
    for entry in _entries(holder, ids):
        yield ListChange(edition=edition, kind=kind, list_id=entry.list_id, name=entry.name)


def _changed(edition: ListEdition, previous: ListEdition, ids: list[str]) -> Iterator[ListChange]:
    before = {entry.list_id: entry for entry in _entries(previous, ids)}
    for entry in _entries(edition, ids):
        fields = dict(_differences(before[entry.list_id], entry))
        yield ListChange(edition=edition, kind="changed", list_id=entry.list_id, name=entry.name, fields=fields)


def _entries(edition: ListEdition, ids: list[str]) -> Iterator[ListEntry]:
    for start in range(0, len(ids), IDS):
        some = ids[start : start + IDS]
        yield from ListEntry.objects.of(edition).filter(list_id__in=some).order_by("row", "pk")


def _differences(before: ListEntry, now: ListEntry) -> Iterator[tuple[str, list[str]]]:
    for name in COMPARED:
        old, new = _text(getattr(before, name)), _text(getattr(now, name))
        if old != new:
            yield name, [old, new]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(sorted(f"{one['name']} ({one['kind']}{', weak' * one['is_weak']})" for one in value))
    return str(value)
