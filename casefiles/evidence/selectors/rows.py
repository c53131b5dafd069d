"""Lines of lists: what a table shows of each item or source, in a constant number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from casefiles.evidence.models import File, Grade, Item, Source, SourceReliability


@dataclass(frozen=True)
class ItemRow:
    item: Item
    grade: Grade | None
    files_count: int


@dataclass(frozen=True)
class SourceRow:
    source: Source
    judgement: SourceReliability | None
    items_count: int


def item_rows(items: Sequence[Item], user: Any) -> list[ItemRow]:
    """Return items with their newest grade and number of files; two queries for any number of items."""
    grades = newest_grades(items, user)
    held = File.objects.visible_to(user).filter(item__in=items).order_by().values("item_id").annotate(count=Count("pk"))
    counts = {row["item_id"]: row["count"] for row in held}
    return [ItemRow(item, grades.get(item.pk), counts.get(item.pk, 0)) for item in items]


def newest_grades(items: Iterable[Item], user: Any) -> dict[Any, Grade]:
    """Return the newest standing grade of each item that has one; one query."""
    grades = Grade.objects.visible_to(user).current().filter(item__in=list(items)).order_by("created_at", "pk")
    return {grade.item_id: grade for grade in grades}


def source_rows(sources: Sequence[Source], user: Any) -> list[SourceRow]:
    """Return sources with the judgement that counts and the items that `user` may see of them; two queries."""
    judgements = newest_judgements(sources, user)
    items = Item.objects.visible_to(user).current().filter(source__in=sources)
    counts = {
        row["source_id"]: row["count"] for row in items.order_by().values("source_id").annotate(count=Count("pk"))
    }
    return [SourceRow(source, judgements.get(source.pk), counts.get(source.pk, 0)) for source in sources]


def newest_judgements(sources: Iterable[Source], user: Any) -> dict[Any, SourceReliability]:
    """Return the judgement of each source that counts: the latest day, and of one day the last said; one query."""
    judgements = SourceReliability.objects.visible_to(user).current().filter(source__in=list(sources))
    return {one.source_id: one for one in judgements.order_by("judged_on", "created_at", "pk")}
