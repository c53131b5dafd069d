"""Who is designated by whom, and whether that was in force on a date."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from casefiles.evidence.selectors.counting import citation_counts
from casefiles.registry.models import Organisation, Person, Vessel
from casefiles.sanctions.in_force import Answer, combined, in_force
from casefiles.sanctions.models import Authority, Designation, Programme
from casefiles.sanctions.querysets import DesignationQuerySet

KINDS: dict[type[Any], str] = {Vessel: "vessel", Organisation: "organisation", Person: "person"}


@dataclass(frozen=True)
class DayAnswer:
    """Whether a designation was in force on a day; `reason` says in words why that is not known."""

    day: datetime.date
    answer: Answer
    reason: str = ""


@dataclass(frozen=True)
class InForceRow:
    """What one authority's designations of one target, under one programme, answer for each day asked about."""

    authority: Authority
    programme: Programme | None
    target: Any
    designations: tuple[Designation, ...]
    answers: tuple[DayAnswer, ...]
    citation_count: int


def designations_of(targets: Iterable[Any], *, user: Any) -> DesignationQuerySet:
    """Return the current designations of vessels, organisations and people, by date, with what they name; one query."""
    named: dict[str, list[Any]] = {name: [] for name in KINDS.values()}
    for target in targets:
        named[KINDS[type(target)]].append(target.pk)
    condition = Q(pk__in=[])
    for name, keys in named.items():
        condition |= Q(**{f"{name}_id__in": keys})
    rows = Designation.objects.visible_to(user).current().with_targets().filter(condition)
    return rows.order_by("in_force_key", "pk")


def in_force_on(target: Any, day: datetime.date, *, user: Any) -> list[InForceRow]:
    """Answer for one target and one day; two queries."""
    return in_force_table([target], [day], user=user)


def in_force_table(targets: Sequence[Any], days: Sequence[datetime.date], *, user: Any) -> list[InForceRow]:
    """Answer for each day, by target in the order given, authority and programme; two queries for any number.

    Records of one authority, programme and target are read together: where they disagree, the answer is unknown.
    """
    groups: dict[tuple[Any, ...], list[Designation]] = {}
    for designation in designations_of(targets, user=user):
        groups.setdefault(_listing(designation), []).append(designation)
    counts = citation_counts([one.pk for group in groups.values() for one in group], user=user)
    order = {target.pk: position for position, target in enumerate(targets)}
    rows = [_row(group, days, counts) for group in groups.values()]
    return sorted(rows, key=lambda row: (order[row.target.pk], row.authority.name_key, str(row.programme or "")))


def answer_on(designations: Iterable[Designation], day: datetime.date) -> DayAnswer:
    """Read records of one authority and target together, and say why where the answer is not known."""
    rows = list(designations)
    answers = [
        in_force(
            day,
            in_force_from=one.in_force,
            ended=one.ended,
            end_kind=one.end_kind,
            announced=one.announced,
        )
        for one in rows
    ]
    together = combined(answers)
    if together.answer is not Answer.UNKNOWN:
        return DayAnswer(day, together.answer)
    return DayAnswer(day, together.answer, _reason(rows, day, is_conflict=together.sources_conflict))


def _row(group: list[Designation], days: Sequence[datetime.date], counts: dict[Any, int]) -> InForceRow:
    first = group[0]
    return InForceRow(
        authority=first.authority,
        programme=first.programme,
        target=first.target,
        designations=tuple(group),
        answers=tuple(answer_on(group, day) for day in days),
        citation_count=sum(counts.get(one.pk, 0) for one in group),
    )


def _reason(rows: list[Designation], day: datetime.date, *, is_conflict: bool) -> str:
    if is_conflict:
        return _("sources conflict")
    if all(one.in_force is None for one in rows):
        return _("no source says from when it was in force")
    begun = [one for one in rows if one.in_force and one.in_force.latest and one.in_force.latest <= day]
    if begun and all(one.end_kind == "unknown" for one in begun):
        return _("whether it has ended is not known")
    return _("the dates are not exact enough")


def answers_on(designations: Sequence[Designation], day: datetime.date, *, user: Any) -> dict[Any, DayAnswer]:
    """Return, by key, what each designation answers for a day together with the others of its listing; one query.

    A record that a filter left out still speaks: where it disagrees, the answer is unknown.
    """
    groups: dict[tuple[Any, ...], list[Designation]] = {}
    for one in designations_of({one.target for one in designations}, user=user):
        groups.setdefault(_listing(one), []).append(one)
    return {one.pk: answer_on(groups.get(_listing(one), [one]), day) for one in designations}


def _listing(designation: Designation) -> tuple[Any, ...]:
    return designation.target.pk, designation.authority_id, designation.programme_id


def beside(designation: Designation, *, user: Any) -> list[Designation]:
    """Return the other current records of the same authority, programme and target: sources that may disagree."""
    same = designations_of([designation.target], user=user).filter(
        authority_id=designation.authority_id, programme_id=designation.programme_id
    )
    return list(same.exclude(pk=designation.pk))


def programmes_of(authority: Authority, user: Any) -> list[Programme]:
    """Return the programmes of an authority by their keys, without those that were voided."""
    return list(Programme.objects.visible_to(user).current().filter(authority=authority).order_by("key", "pk"))


def designation_counts(column: str, ids: Sequence[Any], user: Any) -> dict[Any, int]:
    """Return how many designations that `user` may see stand under each authority or programme, in one query."""
    rows = Designation.objects.visible_to(user).current().filter(**{f"{column}__in": ids})
    return dict(rows.order_by().values(column).annotate(count=Count("pk")).values_list(column, "count"))
