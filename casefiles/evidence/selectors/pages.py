"""What the pages of one item and one source show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from casefiles.access.models import Compartment
from casefiles.evidence.models import (
    Annotation,
    Citation,
    CustodyEvent,
    Derivation,
    Dismissal,
    File,
    Grade,
    Hold,
    ImageObservation,
    ImageSheet,
    Independence,
    Item,
    PreservationMark,
    Source,
    SourceReliability,
)
from casefiles.evidence.origins import Origins
from casefiles.evidence.selectors.custody_log import in_order
from casefiles.evidence.selectors.damage import damages
from casefiles.evidence.selectors.lineage import Provenance
from casefiles.evidence.selectors.reading import is_readable
from casefiles.evidence.vocabulary import ItemStatus

# The newest of them; all stand on a page of their own.
CUSTODY_SHOWN = 6
_ENDS = ("child__source", "parent__source")
# What was found in each file, or in the one that it was made from.
_FOUND = ("reading", "recognition", "rendering", "parent__reading", "parent__recognition")


@dataclass(frozen=True)
class HeldFile:
    """A file of an item; `failed_at` where the last check of its bytes found others."""

    file: File
    failed_at: datetime | None

    @property
    def is_damaged(self) -> bool:
        return self.failed_at is not None

    @property
    def is_readable(self) -> bool:
        return is_readable(self.file)


@dataclass(frozen=True)
class ItemPage:
    """An item with everything its page shows, but for its derivations' tree, citations and history."""

    files: tuple[HeldFile, ...]
    grades: tuple[Grade, ...]
    custody: tuple[CustodyEvent, ...]
    holds: tuple[Hold, ...]
    readers: tuple[str, ...]

    @property
    def grade(self) -> Grade | None:
        return next((grade for grade in self.grades if not grade.is_voided), None)

    @property
    def damaged(self) -> list[HeldFile]:
        return [held for held in self.files if held.is_damaged]


def item_page(item: Item, user: Any) -> ItemPage:
    """Return what an item's page shows; the number of queries does not grow with what there is to show."""
    return ItemPage(
        files=held_files(item, user),
        grades=tuple(
            Grade.objects.visible_to(user)
            .filter(item=item)
            .select_related("created_by", "voided_by")
            .order_by("-created_at", "pk")
        ),
        custody=tuple(
            in_order(CustodyEvent.objects.visible_to(user).filter(item=item))
            .select_related("by", "file")
            .order_by("-place", "pk")[:CUSTODY_SHOWN]
        ),
        holds=tuple(
            Hold.objects.visible_to(user)
            .filter(item=item)
            .standing()
            .select_related("created_by")
            .order_by("created_at", "pk")
        ),
        readers=readers_of(item, user),
    )


def held_files(item: Item, user: Any) -> tuple[HeldFile, ...]:
    """Return an item's files in the order they came, with what the last check of each found."""
    files = File.objects.visible_to(user).filter(item=item)
    failed = {damage.file.pk: damage.failed_at for damage in damages(files)}
    rows = files.select_related("created_by", *_FOUND).order_by("created_at", "pk")
    return tuple(HeldFile(file, failed.get(file.pk)) for file in rows)


def readers_of(record: Item | Source, user: Any) -> tuple[str, ...]:
    """Return the names of the circles that may read a restricted record, as far as `user` belongs to them."""
    rows = Compartment.objects.visible_to(user).filter(pk__in=record.compartments.values("pk"))
    return tuple(rows.order_by("name", "pk").values_list("name", flat=True))


@dataclass(frozen=True)
class Branch:
    """One item in the tree of where an item comes from; `derivation` leads to it from the item above it in the tree."""

    item: Item
    derivation: Derivation | None
    is_here: bool
    branches: tuple["Branch", ...]


@dataclass(frozen=True)
class ItemLineage:
    """Where an item comes from: the roots of its tree, the origins it counts for, and what was signed of it.

    `tree` are the roots from which it comes, each with the way down to it and on to what repeats it; an item that is
    reached in two ways stands in the tree twice. `independences` name the item itself.
    """

    tree: tuple[Branch, ...]
    origins: Origins
    independences: tuple[Independence, ...]


def lineage_of(item: Item, user: Any) -> ItemLineage:
    """Return where an item comes from, as far as `user` may see; one query a generation, and one more."""
    up, down = _edges(item, Derivation.objects.visible_to(user).current().select_related(*_ENDS))
    above = {edge.parent_id: edge.parent for edge in up} | {item.pk: item}
    parents: dict[Any, set[Any]] = {}
    for edge in up:
        parents.setdefault(edge.child_id, set()).add(edge.parent_id)
    signed = tuple(
        Independence.objects.visible_to(user)
        .current()
        .filter(Q(first__in=above) | Q(second=item))
        .select_related("first", "second", "created_by")
        .order_by("created_at", "pk")
    )
    pairs = {frozenset((one.first_id, one.second_id)) for one in signed}
    known = Provenance(
        derivations={child: frozenset(found) for child, found in parents.items()},
        lineage={key: one.lineage for key, one in above.items()},
        independent_pairs=frozenset(pair for pair in pairs if pair <= above.keys()),
        dead=frozenset(key for key, one in above.items() if one.is_voided or one.status == ItemStatus.RETRACTED),
    )
    return ItemLineage(
        tree=_tree(item, up, down),
        origins=known.origins_of([item.pk]),
        independences=tuple(one for one in signed if item.pk in {one.first_id, one.second_id}),
    )


def _tree(item: Item, up: list[Derivation], down: list[Derivation]) -> tuple[Branch, ...]:
    known = {one.pk: one for edge in [*up, *down] for one in (edge.child, edge.parent)} | {item.pk: item}
    below: dict[Any, list[Derivation]] = {}
    for edge in sorted({edge.pk: edge for edge in [*up, *down]}.values(), key=_order):
        below.setdefault(edge.parent_id, []).append(edge)
    children = {edge.child_id for edge in up}
    roots = [one for one in dict.fromkeys([edge.parent_id for edge in up] or [item.pk]) if one not in children]
    return tuple(_branch(known[root], None, below, item, frozenset()) for root in roots)


def _order(edge: Derivation) -> tuple[str, datetime]:
    return edge.child.published_key or "9999", edge.created_at


def _edges(item: Item, derivations: Any) -> tuple[list[Derivation], list[Derivation]]:
    """Return the derivations that lead up from an item, and those that lead down; a generation of both at a time."""
    up: list[Derivation] = []
    down: list[Derivation] = []
    children, parents = {item.pk}, {item.pk}
    above, below = set(children), set(parents)
    while children or parents:
        edges = list(derivations.filter(Q(child_id__in=children) | Q(parent_id__in=parents)))
        rising = [edge for edge in edges if edge.child_id in children]
        falling = [edge for edge in edges if edge.parent_id in parents]
        up += rising
        down += falling
        children = {edge.parent_id for edge in rising} - above
        parents = {edge.child_id for edge in falling} - below
        above |= children
        below |= parents
    return up, down


def _branch(
    item: Item, derivation: Derivation | None, below: dict[Any, list[Derivation]], here: Item, above: frozenset[Any]
) -> Branch:
    # A circle would be a mistake of the data: it ends where an item would stand under itself.
    edges = [edge for edge in below.get(item.pk, []) if edge.child_id not in above]
    return Branch(
        item=item,
        derivation=derivation,
        is_here=item.pk == here.pk,
        branches=tuple(_branch(edge.child, edge, below, here, above | {item.pk}) for edge in edges),
    )


@dataclass(frozen=True)
class SourcePage:
    judgements: tuple[SourceReliability, ...]
    items: Sequence[Item]
    items_count: int
    readers: tuple[str, ...]

    @property
    def judgement(self) -> SourceReliability | None:
        return next((one for one in self.judgements if not one.is_voided), None)


def source_page(source: Source, user: Any, *, items_shown: int = 12) -> SourcePage:
    """Return a source's judgements, newest first, and its newest items as far as `user` may see."""
    items = Item.objects.visible_to(user).current().filter(source=source)
    return SourcePage(
        judgements=tuple(
            SourceReliability.objects.visible_to(user)
            .filter(source=source)
            .select_related("created_by", "voided_by")
            .order_by("-judged_on", "-created_at", "pk")
        ),
        items=list(items.order_by("-published_key", "pk")[:items_shown]),
        items_count=items.count(),
        readers=readers_of(source, user),
    )


def history_ids(item: Item, user: Any) -> list[Any]:
    """Return the ids of an item and of all that hangs on it, whose events are its history; one query for each kind.

    Custody has a list of its own.
    """
    ids = [item.pk]
    for model in (File, Grade, Hold, Annotation, Citation, PreservationMark, ImageSheet):
        ids += model.objects.visible_to(user).filter(item=item).values_list("pk", flat=True)
    ids += ImageObservation.objects.visible_to(user).filter(sheet__item=item).values_list("pk", flat=True)
    pairs: tuple[tuple[Any, str, str], ...] = (
        (Derivation, "child", "parent"),
        (Independence, "first", "second"),
        (Dismissal, "first", "second"),
    )
    for linking, one, other in pairs:
        touching = Q(**{one: item}) | Q(**{other: item})
        ids += linking.objects.visible_to(user).filter(touching).values_list("pk", flat=True)
    return ids
