"""What somebody finds when they come in: their cases, their tasks, and what was done lately."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Case as Choice
from django.db.models import F, Value, When
from django.utils.translation import gettext as _

from casefiles.access.rules import Act
from casefiles.accounts.models import User
from casefiles.audit.models import Event
from casefiles.cases.models import Case, CaseStatement, CaseStatus, Claim, Exhibit, ReplyRequest, Task, TaskStatus
from casefiles.cases.selectors.listing import CaseRow, case_rows
from casefiles.cases.selectors.replies import unanswered_past
from casefiles.core.zones import show_instant
from casefiles.evidence.models import File
from casefiles.evidence.selectors import Damage, damages
from casefiles.workspace.selectors.alarms import alarms
from casefiles.workspace.selectors.watching import Watched, watched_by

CASES_AT_MOST, TASKS_AT_MOST, CHANGES_AT_MOST, WATCHED_AT_MOST, OVERDUE_AT_MOST = 8, 8, 10, 8, 8
# So many of the newest events are looked through for those of one's own cases.
EVENTS_LOOKED_THROUGH = 400
# What happens to these is told by the record they belong to.
QUIET_KINDS = ("evidence.custodyevent", "audit.", "accounts.", "access.")
NUMBERED: dict[str, Any] = {
    "cases.claim": Claim,
    "cases.exhibit": Exhibit,
    "cases.casestatement": CaseStatement,
    "cases.replyrequest": ReplyRequest,
    "cases.task": Task,
}

ACTS: dict[str, Any] = {
    "added": lambda: _("%(who)s added %(what)s"),
    "changed": lambda: _("%(who)s changed %(what)s"),
    "voided": lambda: _("%(who)s withdrew %(what)s"),
    "restored": lambda: _("%(who)s restored %(what)s"),
    "shared": lambda: _("%(who)s shared %(what)s"),
    "finished": lambda: _("%(who)s finished %(what)s"),
    "reopened": lambda: _("%(who)s reopened %(what)s"),
    "resolved": lambda: _("%(who)s resolved %(what)s"),
    "approved": lambda: _("%(who)s approved %(what)s"),
    "exported": lambda: _("%(who)s downloaded %(what)s"),
}


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
class ChangeLine:
    at: datetime
    sentence: str
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
    changes: tuple[ChangeLine, ...]
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
        changes=tuple(recent_changes(user)),
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


# --- Recent changes ---------------------------------------------------------------------------------------------


def recent_changes(user: Any) -> list[ChangeLine]:
    """Return the newest things done in somebody's cases, as sentences; events of other circles are passed over."""
    cases = {str(case.compartment_id): case for case in Case.objects.visible_to(user)}
    if not cases:
        return []
    events = [event for event in Event.objects.newest_first()[:EVENTS_LOOKED_THROUGH] if _case_of(event, cases)]
    told = [event for event in events if not event.record_kind.startswith(QUIET_KINDS)][:CHANGES_AT_MOST]
    names = _names(told)
    labels = _labels(told, user)
    return [_change(event, _case_of(event, cases), names, labels) for event in told]


def _case_of(event: Event, cases: dict[str, Case]) -> Case | None:
    return next((cases[key] for key in event.compartment_ids if key in cases), None)


def _names(events: Sequence[Event]) -> dict[Any, str]:
    actors = {event.actor_id for event in events if event.actor_id}
    return {account.pk: str(account) for account in User.objects.filter(pk__in=actors)}


def _labels(events: Sequence[Event], user: Any) -> dict[uuid.UUID, str]:
    """Return the number that a case gave to a record ("claim C-03"); one query for each kind there is."""
    found: dict[uuid.UUID, str] = {}
    for kind, model in NUMBERED.items():
        ids = [event.record_id for event in events if event.record_kind == kind]
        rows = model.objects.visible_to(user).filter(pk__in=ids)
        found |= {record.pk: f"{_kind_name(kind)} {record.label}" for record in rows}
    return found


def _kind_name(kind: str) -> str:
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return _("record")


def _change(event: Event, case: Case | None, names: dict[Any, str], labels: dict[uuid.UUID, str]) -> ChangeLine:
    words = {
        "who": names.get(event.actor_id, _("Casefiles")),
        "what": labels.get(event.record_id) or _("a %(kind)s") % {"kind": _kind_name(event.record_kind)},
    }
    told = ACTS.get(event.act)
    sentence = str(told()) % words if told else f"{words['who']}: {event.act}, {words['what']}"
    return ChangeLine(
        at=event.at,
        sentence=sentence,
        case_reference=case.reference if case else "",
        url=case.get_absolute_url() if case else "",
    )
