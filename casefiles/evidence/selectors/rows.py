"""Lines of lists: what a table shows of each item or source, in a constant number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from casefiles.core.addresses import record_address
from casefiles.core.moments import Moment
from casefiles.evidence.models import File, Grade, Item, Source, SourceReliability
from casefiles.evidence.vocabulary import Credibility, ItemKind, ItemStatus, Lineage, Reliability, SourceKind

# What a line of the list shows, and what the list is ordered by: a quarter of an item's columns.
ITEM_COLUMNS = (
    "kind",
    "title",
    "title_key",
    "created_at",
    "published_edtf",
    "published_wording",
    "published_key",
    "lineage",
    "status",
    "voided_at",
    "source__name",
)


@dataclass(frozen=True)
class ItemRow:
    """`mark` says "retracted" and the like of what is not current; `grade` is "B2", `grade_words` what that means."""

    url: str
    title: str
    is_voided: bool
    mark: str
    kind: str
    source: str
    source_url: str
    published: Moment | None
    grade: str
    grade_words: str
    lineage: str
    is_lineage_recorded: bool
    files_count: int


@dataclass(frozen=True)
class SourceRow:
    """`reliability` is empty where nobody has judged the source."""

    url: str
    name: str
    kind: str
    organisation: str
    reliability: str
    items_count: int


def listed(items: QuerySet[Item]) -> QuerySet[Item]:
    """Load no more of items than their lines in the list show."""
    return items.select_related("source").only(*ITEM_COLUMNS)


def item_rows(items: Sequence[Item], user: Any) -> list[ItemRow]:
    """Return items with their newest grade and number of files; two queries for any number of items."""
    ids = [item.pk for item in items]
    newest = Grade.objects.visible_to(user).current().filter(item_id__in=ids).order_by("created_at", "pk")
    grades = {pk: marks for pk, *marks in newest.values_list("item_id", "reliability", "credibility")}
    held = File.objects.visible_to(user).filter(item_id__in=ids).order_by().values("item_id")
    counts = dict(held.annotate(count=Count("pk")).values_list("item_id", "count"))
    return [_item_row(item, grades.get(item.pk), counts.get(item.pk, 0)) for item in items]


def _item_row(item: Item, grade: list[str] | None, files_count: int) -> ItemRow:
    meaning = f"{Reliability(grade[0]).label}; {Credibility(grade[1]).label}" if grade else ""
    return ItemRow(
        url=record_address("evidence:item", item.pk),
        title=item.title,
        is_voided=item.is_voided,
        mark="" if item.status == ItemStatus.CURRENT else str(ItemStatus(item.status).label),
        kind=str(ItemKind(item.kind).label),
        source=item.source.name if item.source else "",
        source_url=record_address("workspace:source", item.source_id) if item.source else "",
        published=item.published,
        grade="".join(grade or ()),
        grade_words=meaning,
        lineage=str(Lineage(item.lineage).label),
        is_lineage_recorded=item.lineage != Lineage.NOT_RECORDED,
        files_count=files_count,
    )


def newest_grades(items: Iterable[Item], user: Any) -> dict[Any, Grade]:
    """Return the newest standing grade of each item that has one; one query."""
    grades = Grade.objects.visible_to(user).current().filter(item__in=list(items)).order_by("created_at", "pk")
    return {grade.item_id: grade for grade in grades}


def source_rows(sources: Sequence[Source], user: Any) -> list[SourceRow]:
    """Return sources with the judgement that counts and the items that `user` may see of them; two queries."""
    judgements = newest_judgements(sources, user)
    items = Item.objects.visible_to(user).current().filter(source__in=sources)
    grouped = items.order_by().values("source_id").annotate(count=Count("pk"))
    counts = dict(grouped.values_list("source_id", "count"))
    return [
        SourceRow(
            url=record_address("workspace:source", source.pk),
            name=source.name,
            kind=str(SourceKind(source.kind).label),
            organisation=str(source.organisation or ""),
            reliability=str(judgements[source.pk].get_reliability_display()) if source.pk in judgements else "",
            items_count=counts.get(source.pk, 0),
        )
        for source in sources
    ]


def newest_judgements(sources: Iterable[Source], user: Any) -> dict[Any, SourceReliability]:
    """Return the judgement of each source that counts: the latest day, and of one day the last said; one query."""
    judgements = SourceReliability.objects.visible_to(user).current().filter(source__in=list(sources))
    return {one.source_id: one for one in judgements.order_by("judged_on", "created_at", "pk")}
