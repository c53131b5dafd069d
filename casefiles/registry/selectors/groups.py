"""Which anchors were judged to be one, as far as a reader may see the judgements; for everybody else they are apart."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from casefiles.access.circles import Circle
from casefiles.access.rules import Act, Visibility
from casefiles.access.selectors import covering
from casefiles.registry.models import JUDGEMENTS, OWN_NUMBERS, Judgement, Verdict
from casefiles.registry.sameness import Group, Said, resolve
from casefiles.registry.selectors.reached import Reached


@dataclass(frozen=True)
class AnchorGroup:
    """An anchor, those judged to be the same, and the one that stands for them all.

    Where judgements contradict each other (`is_disputed`), `members` and `against` say so, and each stands alone.
    """

    anchor: Any
    standing: Any
    members: tuple[Any, ...]
    against: tuple[Judgement, ...]
    numbers: tuple[str, ...]
    is_disputed: bool

    @property
    def others(self) -> tuple[Any, ...]:
        """The members but the anchor itself."""
        return tuple(one for one in self.members if one.pk != self.anchor.pk)

    @property
    def is_standing(self) -> bool:
        return bool(self.standing.pk == self.anchor.pk)

    @property
    def joined(self) -> tuple[Any, ...]:
        """The anchors that are one: all members, where nothing contradicts that, else the anchor alone."""
        return (self.anchor,) if self.is_disputed else self.members

    @property
    def answered(self) -> tuple[Any, ...]:
        """The anchors whose rows the page of this one shows: all where it stands for them, else its own."""
        return self.joined if self.is_standing else (self.anchor,)

    @property
    def keys(self) -> list[uuid.UUID]:
        return [one.pk for one in self.answered]

    def origin_of(self, key: uuid.UUID | None) -> Any:
        """Return the anchor that a row was recorded of, where that is another one than the page's; else nothing."""
        return next((one for one in self.others if one.pk == key), None)


def alone(anchor: Any) -> AnchorGroup:
    """Return an anchor as a group of its own, whatever was judged; no queries."""
    return _group(anchor, resolve(anchor.pk, (), numbers={}), {anchor.pk: anchor})


def group_of(anchor: Any, user: Any, *, circle: Circle | None = None) -> AnchorGroup:
    """Return the group of one anchor, as far as `user` may see, and every reader of `circle` where one is given.

    One query, however many joined it and over however many steps.
    """
    return groups_of([anchor], user, circle=circle)[anchor.pk]


def group_by_key(model: type[Any], key: uuid.UUID, user: Any) -> AnchorGroup | None:
    """Return the group of the anchor with a key, or nothing where `user` sees no such anchor; two queries."""
    manager: Any = model.objects
    anchor = manager.visible_to(user).filter(pk=key).first()
    return group_of(anchor, user) if anchor is not None else None


def groups_of(anchors: Iterable[Any], user: Any, *, circle: Circle | None = None) -> dict[uuid.UUID, AnchorGroup]:
    """Return the group of each of several anchors of one kind, by key; one query."""
    asked = {anchor.pk: anchor for anchor in anchors}
    if not asked:
        return {}
    model = type(next(iter(asked.values())))
    return _groups(asked, _touching(model, asked, user, circle), model)


def joined_among(model: type[Any], anchors: QuerySet[Any], user: Any) -> dict[uuid.UUID, AnchorGroup]:
    """Return the groups in which some anchors are joined with others, by the key of every member; one query.

    `anchors` is a queryset of one column that holds their keys. Those of which nothing is judged have no entry.
    """
    judgements = _touching(model, anchors, user, None)
    known = {one.pk: one for judgement in judgements for one in judgement.pair}
    groups = _groups(known, judgements, model)
    return {key: group for key, group in groups.items() if len(group.joined) > 1}


def _touching(model: type[Any], seeds: Any, user: Any, circle: Circle | None) -> list[Any]:
    """Return the judgements that join or part what is reached from some anchors."""
    rows: Any = JUDGEMENTS[model].objects.visible_to(user)
    rows = covering(rows, circle) if circle else rows
    decided = rows.current().exclude(verdict=Verdict.UNSURE)
    # What was reached is asked of rows that passed the rules already: asking once more would only cost.
    found: Any = JUDGEMENTS[model]._base_manager.filter(pk__in=Reached(seeds, decided))
    return list(found.select_related("first", "second").order_by("created_at", "pk"))


def _groups(asked: dict[uuid.UUID, Any], judgements: list[Any], model: type[Any]) -> dict[uuid.UUID, AnchorGroup]:
    known = {one.pk: one for judgement in judgements for one in judgement.pair} | asked
    field = OWN_NUMBERS.get(model, "")
    numbers = {key: getattr(one, field, None) or "" for key, one in known.items()}
    said = [_said(judgement) for judgement in judgements]
    return {key: _group(anchor, resolve(key, said, numbers=numbers), known) for key, anchor in asked.items()}


def _said(judgement: Any) -> Said[uuid.UUID]:
    return Said(
        judgement.first_id, judgement.second_id, judgement.verdict, standing=judgement.standing_id, ref=judgement
    )


def _group(anchor: Any, group: Group[uuid.UUID], known: dict[uuid.UUID, Any]) -> AnchorGroup:
    standing = anchor if group.is_disputed else known[group.standing]
    members = sorted(
        (known[key] for key in group.members), key=lambda one: (one.pk != standing.pk, str(one), str(one.pk))
    )
    return AnchorGroup(
        anchor=anchor,
        standing=standing,
        members=tuple(members),
        against=tuple(one.ref for one in group.against),
        numbers=group.numbers,
        is_disputed=group.is_disputed,
    )


@dataclass(frozen=True)
class Judged:
    """A judgement that names an anchor, ready to show; `other` is the other one of the pair."""

    pk: uuid.UUID
    other: Any
    verdict: str
    verdict_label: str
    reason: str
    stands: Any
    by: str
    at: datetime
    is_restricted: bool
    edit_url: str
    void_url: str

    @property
    def may_edit(self) -> bool:
        return bool(self.edit_url)


def judgements_on(anchor: Any, user: Any) -> list[Judged]:
    """Return the current judgements on an anchor that `user` may see, the newest first; two queries for any number."""
    model: Any = JUDGEMENTS[type(anchor)]
    naming = Q(first=anchor) | Q(second=anchor)
    rows = model.objects.visible_to(user).current().filter(naming).select_related("first", "second", "created_by")
    editable = set(model.objects.visible_to(user, Act.EDIT).filter(naming).values_list("pk", flat=True))
    return [_judged(row, anchor, may_edit=row.pk in editable) for row in rows.order_by("-created_at", "pk")]


def judgement_keys(anchor: Any, user: Any) -> list[uuid.UUID]:
    """Return the keys of all judgements on an anchor that `user` may see, also of voided ones: part of its history."""
    model: Any = JUDGEMENTS[type(anchor)]
    rows = model.objects.visible_to(user).filter(Q(first=anchor) | Q(second=anchor))
    return list(rows.values_list("pk", flat=True))


def _judged(row: Any, anchor: Any, *, may_edit: bool) -> Judged:
    edit, void = (
        reverse(f"registry:{anchor._meta.model_name}_judgement_{act}", args=[row.pk]) if may_edit else ""
        for act in ("edit", "void")
    )
    return Judged(
        pk=row.pk,
        other=row.other_than(anchor.pk),
        verdict=row.verdict,
        verdict_label=str(row.get_verdict_display()),
        reason=row.reason,
        stands=next((one for one in row.pair if one.pk == row.standing_id), None),
        by=str(row.created_by or ""),
        at=row.created_at,
        is_restricted=row.visibility != Visibility.OPEN,
        edit_url=edit,
        void_url=void,
    )
