"""The exhibits of a case, with what a reader wants to know of each at a glance."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from casefiles.cases.models import Case, Exhibit
from casefiles.cases.selectors.claims import exhibit_labels, item_mark
from casefiles.core.moments import Moment
from casefiles.evidence.models import Citation, Derivation, File, Grade, Item
from casefiles.evidence.playing import PLAYED_AS
from casefiles.evidence.vocabulary import DerivationKind, ItemKind, Lineage


@dataclass(frozen=True)
class FileLine:
    """A file of an exhibit; bytes are fetched through evidence, by its id."""

    id: uuid.UUID
    name: str
    role: str
    sha256: str
    size_bytes: int
    media_type: str


@dataclass(frozen=True)
class DerivationLine:
    """What an exhibit repeats: the kind ("rewrites"), and the other exhibit's label, or its title where it has none."""

    kind_label: str
    parent_label: str
    parent_id: uuid.UUID
    is_exhibit: bool


@dataclass(frozen=True)
class ExhibitLine:
    """An exhibit, also a removed one: its number stays, with the reason."""

    id: uuid.UUID
    number: int
    label: str
    item: Item
    item_id: uuid.UUID
    title: str
    kind: str
    source: str
    author: str
    url: str
    archived_urls: str
    published: Moment | None
    occurred: Moment | None
    grade: str
    lineage: str
    derivations: tuple[DerivationLine, ...]
    files: tuple[FileLine, ...]
    citations_count: int
    note: str
    mark: str
    is_removed: bool
    removed_reason: str
    removed_at: datetime | None
    version: int

    @property
    def kind_label(self) -> str:
        return str(ItemKind(self.kind).label)

    @property
    def lineage_label(self) -> str:
        return str(Lineage(self.lineage).label)

    @property
    def is_played(self) -> bool:
        """Whether a browser can play one of its files."""
        return any(file.media_type in PLAYED_AS for file in self.files)

    @property
    def sha256(self) -> str:
        """The digest of the first file received, or nothing."""
        return self.files[0].sha256 if self.files else ""


def exhibits(case: Case, user: Any) -> list[ExhibitLine]:
    """Return every exhibit in the order of the numbers, removed ones among them, in a constant number of queries."""
    return exhibit_lines(case, list(numbered_exhibits(case, user).order_by("number")), user)


def numbered_exhibits(case: Case, user: Any) -> QuerySet[Exhibit]:
    """Return the case's exhibits, removed ones among them, with the items and sources that a line names."""
    return Exhibit.objects.visible_to(user).filter(case=case).select_related("item", "item__source")


def exhibit_lines(case: Case, rows: Sequence[Exhibit], user: Any) -> list[ExhibitLine]:
    """Return a line for each of some exhibits of the case; the number of queries does not grow with them."""
    items = [row.item_id for row in rows]
    derivations = _derivations(items, user)
    parents = [derivation.parent_id for found in derivations.values() for derivation in found]
    beside = _Beside(
        labels=exhibit_labels(case, user, items=parents),
        files=_files(items, user),
        grades=_grades(items, user),
        derivations=derivations,
        citations=_citation_counts(case, items, user),
    )
    return [_line(exhibit, beside) for exhibit in rows]


def exhibited(items: QuerySet[Any], case: Case) -> QuerySet[Any]:
    """Narrow items to those that are exhibits of the case."""
    return items.filter(Exists(Exhibit.objects.current().filter(case=case, item=OuterRef("pk"))))


@dataclass(frozen=True)
class _Beside:
    """What stands in other tables, by item."""

    labels: dict[uuid.UUID, str]
    files: dict[uuid.UUID, list[FileLine]]
    grades: dict[uuid.UUID, str]
    derivations: dict[uuid.UUID, list[Derivation]]
    citations: dict[uuid.UUID, int]


def _files(items: Any, user: Any) -> dict[uuid.UUID, list[FileLine]]:
    found: dict[uuid.UUID, list[FileLine]] = {}
    rows = File.objects.visible_to(user).filter(item_id__in=items).order_by("created_at", "pk")
    for item_id, *values in rows.values_list("item_id", "pk", "name", "role", "sha256", "size_bytes", "media_type"):
        found.setdefault(item_id, []).append(FileLine(*values))
    return found


def _grades(items: Any, user: Any) -> dict[uuid.UUID, str]:
    """Return the newest grade of each item, as "B2"."""
    rows = Grade.objects.visible_to(user).current().filter(item_id__in=items).order_by("created_at", "pk")
    return {
        item_id: f"{first}{second}"
        for item_id, first, second in rows.values_list("item_id", "reliability", "credibility")
    }


def _derivations(items: Any, user: Any) -> dict[uuid.UUID, list[Derivation]]:
    found: dict[uuid.UUID, list[Derivation]] = {}
    rows = Derivation.objects.visible_to(user).current().filter(child_id__in=items).select_related("parent")
    for derivation in rows.order_by("created_at", "pk"):
        found.setdefault(derivation.child_id, []).append(derivation)
    return found


def _citation_counts(case: Case, items: Any, user: Any) -> dict[uuid.UUID, int]:
    """Return on how many citations of the case's standing claims each item stands; one without any has no entry."""
    rows = Citation.objects.visible_to(user).current().filter(item_id__in=items)
    on_claims = rows.filter(assertion__cases_claim__case=case, assertion__voided_at__isnull=True)
    return dict(on_claims.order_by().values_list("item_id").annotate(Count("pk")))


def _line(exhibit: Exhibit, beside: _Beside) -> ExhibitLine:
    item = exhibit.item
    return ExhibitLine(
        id=exhibit.pk,
        number=exhibit.number,
        label=exhibit.label,
        item=item,
        item_id=item.pk,
        title=item.title,
        kind=item.kind,
        source=str(item.source or ""),
        author=item.author,
        url=item.url,
        archived_urls=item.archived_urls,
        published=item.published,
        occurred=item.occurred,
        grade=beside.grades.get(item.pk, ""),
        lineage=item.lineage,
        derivations=tuple(_derivation(row, beside.labels) for row in beside.derivations.get(item.pk, ())),
        files=tuple(beside.files.get(item.pk, ())),
        citations_count=beside.citations.get(item.pk, 0),
        note=exhibit.note,
        mark=item_mark(item),
        is_removed=exhibit.is_voided,
        removed_reason=exhibit.void_reason,
        removed_at=exhibit.voided_at,
        version=exhibit.version,
    )


def _derivation(row: Derivation, labels: dict[uuid.UUID, str]) -> DerivationLine:
    label = labels.get(row.parent_id, "")
    return DerivationLine(str(DerivationKind(row.kind).label), label or row.parent.title, row.parent_id, bool(label))
