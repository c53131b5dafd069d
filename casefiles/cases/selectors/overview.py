"""The case at a glance: the first of everything, and how much more there is."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from casefiles.access.models import Membership
from casefiles.cases.models import Case, CaseStatement, Claim, Exhibit, Subject, Task, TaskStatus
from casefiles.cases.selectors.changes import ChangeLine, called_in, recent_changes
from casefiles.cases.selectors.claims import ClaimLine, claims_with_standing, exhibit_labels
from casefiles.cases.selectors.readiness import Readiness, readiness_of
from casefiles.cases.selectors.subjects import SubjectLine, subjects

CLAIMS_AT_MOST = 12
SUBJECTS_AT_MOST = 8


@dataclass(frozen=True)
class Counts:
    """How many there are of what a case holds, voided ones left out; tasks are the open ones."""

    claims: int
    exhibits: int
    statements: int
    subjects: int
    tasks: int
    members: int


@dataclass(frozen=True)
class Overview:
    """`labels` are all that a summary may cite: E-03, C-01, S-02."""

    claims: tuple[ClaimLine, ...]
    claims_total: int
    subjects: tuple[SubjectLine, ...]
    subjects_total: int
    main_subject: SubjectLine | None
    readiness: Readiness
    changes: tuple[ChangeLine, ...]
    labels: tuple[str, ...]


def case_overview(case: Case, user: Any) -> Overview:
    """Return what the overview shows; lists are capped, the number of queries is constant."""
    labels, called = exhibit_labels(case, user), called_in(case)
    claims = claims_with_standing(case, user, labels=labels)
    named = subjects(case, user)
    ready = readiness_of(case, user, claims=claims, named=named)
    return Overview(
        claims=tuple(claims[:CLAIMS_AT_MOST]),
        claims_total=len(claims),
        subjects=tuple(named[:SUBJECTS_AT_MOST]),
        subjects_total=len(named),
        main_subject=next((line for line in named if line.is_main), None),
        readiness=ready,
        changes=tuple(recent_changes(case, user, labels=labels, called=called)),
        labels=tuple(filter(None, called.values())),
    )


def counts(case: Case, user: Any) -> Counts:
    """Return the numbers on the tabs, in one query."""
    visible = Case.objects.visible_to(user).filter(pk=case.pk)
    numbers = visible.annotate(
        claims_=_number(Claim.objects.current()),
        exhibits_=_number(Exhibit.objects.current()),
        statements_=_number(CaseStatement.objects.current()),
        subjects_=_number(Subject.objects.current()),
        tasks_=_number(Task.objects.current().filter(status=TaskStatus.OPEN)),
        members_=_number(Membership.objects.all(), path="compartment", outer="compartment_id"),
    ).values_list("claims_", "exhibits_", "statements_", "subjects_", "tasks_", "members_")
    return Counts(*(numbers.first() or (0, 0, 0, 0, 0, 0)))


def _number(rows: QuerySet[Any], *, path: str = "case", outer: str = "pk") -> Coalesce:
    counted = rows.filter(**{path: OuterRef(outer)}).order_by().annotate(group=F(path)).values("group")
    return Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0)
