"""How completely items were preserved, for a page of one or of many; the number of queries stays the same."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from casefiles.evidence.completeness import Completeness, HeldFact, ItemFacts, Mark, Part, State, completeness
from casefiles.evidence.models import File, Item, PreservationMark, Reading


def completeness_of(items: Iterable[Item], user: Any) -> dict[uuid.UUID, Completeness]:
    """Return the state of the eight parts of each item, as far as `user` may see; three queries."""
    by_id = {item.pk: item for item in items}
    files = _files(by_id, user)
    marks = _marks(by_id, user)
    with_claims = set(
        Reading.objects.visible_to(user)
        .filter(item__in=by_id, findings__claims__0__isnull=False)
        .values_list("item_id", flat=True)
    )
    return {
        pk: completeness(_facts(item, files.get(pk, ()), has_metadata=pk in with_claims), marks.get(pk, {}))
        for pk, item in by_id.items()
    }


def _files(items: Iterable[uuid.UUID], user: Any) -> dict[uuid.UUID, tuple[HeldFact, ...]]:
    found: dict[uuid.UUID, tuple[HeldFact, ...]] = {}
    rows = File.objects.visible_to(user).filter(item__in=list(items)).values_list("item_id", "media_type", "role")
    for item_id, media_type, role in rows:
        found[item_id] = (*found.get(item_id, ()), HeldFact(media_type, role))
    return found


def _marks(items: Iterable[uuid.UUID], user: Any) -> dict[uuid.UUID, Mapping[Part, Mark]]:
    found: dict[uuid.UUID, dict[Part, Mark]] = {}
    rows = PreservationMark.objects.visible_to(user).current().filter(item__in=list(items))
    for item_id, part, state, reason in rows.values_list("item_id", "part", "state", "reason"):
        found.setdefault(item_id, {})[Part(part)] = Mark(State(state), reason)
    return dict(found)


def _facts(item: Item, files: tuple[HeldFact, ...], *, has_metadata: bool) -> ItemFacts:
    return ItemFacts(
        has_address=bool(item.url),
        has_context=bool(item.summary),
        has_collection_data=bool(item.collector_id and item.collected and item.collection_method),
        has_metadata=has_metadata,
        files=files,
    )


def marks_of(item: Item, user: Any) -> list[PreservationMark]:
    """Return what was said of an item's parts, the standing marks first."""
    rows = PreservationMark.objects.visible_to(user).filter(item=item).select_related("created_by", "voided_by")
    return list(rows.order_by("voided_at", "part", "pk"))
