"""What a case is about, and what is still to be done."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from casefiles.access.models import Membership
from casefiles.access.querysets import VisibleQuerySet
from casefiles.access.rules import Role
from casefiles.cases.models import Case, Subject, Task
from casefiles.core.folding import fold


@dataclass(frozen=True)
class SubjectLine:
    """A subject: what it is, its role in the case, and the line that tells it from its namesakes."""

    id: uuid.UUID
    target: Any
    target_id: uuid.UUID
    name: str
    kind: str
    kind_label: str
    role: str
    is_main: bool
    note: str
    detail: str
    url: str
    version: int


def subjects(case: Case, user: Any) -> list[SubjectLine]:
    """Return the subjects, main ones first, in one query."""
    return [subject_line(subject) for subject in subjects_of(case, user).order_by("-is_main", "created_at", "pk")]


def subjects_of(case: Case, user: Any) -> QuerySet[Subject]:
    """Return the case's subjects with the records they are."""
    return Subject.objects.visible_to(user).current().filter(case=case).named()


def subject_line(subject: Subject) -> SubjectLine:
    target = subject.target
    return SubjectLine(
        id=subject.pk,
        target=target,
        target_id=target.pk,
        name=str(target),
        kind=str(target._meta.model_name),
        kind_label=subject.kind,
        role=subject.role,
        is_main=subject.is_main,
        note=subject.note,
        detail=str(target.detail_line),
        url=target.get_absolute_url(),
        version=subject.version,
    )


def tasks(case: Case, user: Any) -> VisibleQuerySet:
    """Return the tasks; `due_last` is their date, and for those without one a date after every other."""
    rows: VisibleQuerySet = Task.objects.visible_to(user).current().filter(case=case)
    return rows.select_related("assignee", "case").annotate(due_last=Coalesce("due_on", Value(date.max)))


@dataclass(frozen=True)
class MemberLine:
    """Somebody in the team."""

    id: uuid.UUID
    user_id: uuid.UUID
    name: str
    username: str
    role: str
    role_label: str
    is_active: bool
    may_unmask: bool
    since: datetime


def accounts_on(case: Case, user: Any) -> dict[str, Any]:
    """Return the accounts in the team that can still sign in, by key: who may be given a task."""
    rows = Membership.objects.visible_to(user).filter(compartment=case.compartment_id, user__is_active=True)
    return {str(row.user_id): row.user for row in rows.select_related("user")}


_ORDER = {role: place for place, role in enumerate([Role.LEAD, Role.EDITOR, Role.RESEARCHER, Role.VIEWER])}


def team(case: Case, user: Any) -> list[MemberLine]:
    """Return who is on the case, leads first, in one query."""
    rows = Membership.objects.visible_to(user).filter(compartment=case.compartment_id).select_related("user")
    lines = [
        MemberLine(
            id=row.pk,
            user_id=row.user_id,
            name=str(row.user),
            username=row.user.username,
            role=row.role,
            role_label=str(row.get_role_display()),
            is_active=row.user.is_active,
            may_unmask=row.may_unmask,
            since=row.created_at,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (_ORDER[Role(line.role)], line.name.casefold(), str(line.id)))


def people_named(case: Case, user: Any, typed: str) -> list[MemberLine]:
    """Return who of the team can still sign in and has a user name, or a word of a name, that begins as typed."""
    begun = fold(typed)
    lines = [line for line in team(case, user) if line.is_active]
    return [line for line in lines if any(word.startswith(begun) for word in _words_of(line))]


def _words_of(line: MemberLine) -> list[str]:
    return [fold(line.username), fold(line.name), *fold(line.name).split()]
