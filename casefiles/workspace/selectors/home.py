"""What somebody finds when they come in: their cases, their tasks, and what was done lately."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case as Choice
from django.db.models import F, Value, When

from casefiles.access.rules import Act
from casefiles.cases.models import Case, CaseStatus, Task, TaskStatus
from casefiles.cases.selectors.feed import Day, by_day, happened_in_cases
from casefiles.cases.selectors.listing import CaseRow, case_rows
from casefiles.cases.selectors.replies import unanswered_past
from casefiles.core.zones import show_instant
from casefiles.evidence.models import File
from casefiles.evidence.selectors import Damage, damages
from casefiles.workspace.selectors.alarms import alarms
from casefiles.workspace.selectors.watching import Watched, watched_by

CASES_AT_MOST, TASKS_AT_MOST, CHANGES_AT_MOST, WATCHED_AT_MOST, OVERDUE_AT_MOST = 8, 8, 12, 8, 8


@dataclass(frozen=True)
class TaskLine:
    task: Task
    url: str
    case_title: str
    is_overdue: bool


@dataclass(frozen=True)
class OverdueLine:
    """A request for comment whose deadline passed, and of which nobody said what came."""

    label: str
    party: str
    since: str
    case_reference: str
    url: str


@dataclass(frozen=True)
class Home:
    """Lists are capped; the number of queries is the same for one case and for many."""

    cases: tuple[CaseRow, ...]
    has_more_cases: bool
    tasks: tuple[TaskLine, ...]
    tasks_total: int
    overdue: tuple[OverdueLine, ...]
    happened: tuple[Day, ...]
    damaged: tuple[Damage, ...]
    alarms: tuple[str, ...]
    writable_cases: tuple[Case, ...]
    watched: Watched


def home(user: Any, *, now: datetime) -> Home:
    """Return what the first page shows."""
    cases, today = _cases(user), now.date()
    mine = my_open_tasks(user)
    return Home(
        cases=tuple(case_rows(cases[:CASES_AT_MOST], user)),
        has_more_cases=len(cases) > CASES_AT_MOST,
        tasks=tuple(task_line(task, today) for task in mine[:TASKS_AT_MOST]),
        tasks_total=mine.count(),
        overdue=tuple(_overdue(user, now)),
        happened=by_day(happened_in_cases(Case.objects.visible_to(user), user, limit=CHANGES_AT_MOST)),
        damaged=tuple(damages(File.objects.visible_to(user))),
        alarms=alarms(user),
        writable_cases=tuple(_writable(user)),
        watched=watched_by(user, most=WATCHED_AT_MOST),
    )


def _cases(user: Any) -> list[Case]:
    """Return the cases that are worked on first, then the others, the newest first."""
    is_done = Choice(When(status__in=[CaseStatus.OPEN, CaseStatus.IN_REVIEW], then=Value(0)), default=Value(1))
    rows = Case.objects.visible_to(user).current().annotate(is_done=is_done)
    return list(rows.order_by("is_done", "-opened_on", "pk")[: CASES_AT_MOST + 1])


def my_open_tasks(user: Any) -> Any:
    """Return the open tasks given to somebody, those due first before the others."""
    rows = Task.objects.visible_to(user).current().filter(status=TaskStatus.OPEN, assignee=user)
    return rows.select_related("case").order_by(F("due_on").asc(nulls_last=True), "created_at", "pk")


def due_tasks(user: Any, *, today: date) -> list[TaskLine]:
    """Return the first open tasks of somebody's cases that have a date."""
    rows = Task.objects.visible_to(user).current().filter(status=TaskStatus.OPEN, due_on__isnull=False)
    ordered = rows.select_related("case", "assignee").order_by("due_on", "pk")
    return [task_line(task, today) for task in ordered[:TASKS_AT_MOST]]


def _overdue(user: Any, now: datetime) -> Iterable[OverdueLine]:
    for asked in unanswered_past(user, now=now, at_most=OVERDUE_AT_MOST):
        since = show_instant(asked.deadline_at, asked.zone) if asked.deadline_at else ""
        yield OverdueLine(asked.label, asked.party_name, since, asked.case.reference, asked.get_absolute_url())


def task_line(task: Task, today: date) -> TaskLine:
    is_late = task.status == TaskStatus.OPEN and task.due_on is not None and task.due_on < today
    return TaskLine(task, task.get_absolute_url(), task.case.title, is_late)


def _writable(user: Any) -> Iterable[Case]:
    rows = Case.objects.visible_to(user, Act.EDIT).current()
    return rows.filter(status__in=[CaseStatus.OPEN, CaseStatus.IN_REVIEW]).order_by("title_key", "pk")[:5]
