"""Who is and was on a case, what each has to do in it, and what each role may do."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy

from casefiles.access.rules import ROLES_FOR, Act, Role
from casefiles.accounts.models import User
from casefiles.audit.selectors import HistoryEntry, history
from casefiles.cases.models import Case, Task, TaskStatus
from casefiles.cases.selectors.changes import ids_of_former

FORMER_AT_MOST = 200
ACTS: dict[Act, Any] = {
    Act.READ: gettext_lazy("read all of it"),
    Act.COMMENT: gettext_lazy("comment"),
    Act.EDIT: gettext_lazy("add and change records"),
    Act.REVIEW: gettext_lazy("review claims that others wrote"),
    Act.RELEASE: gettext_lazy("approve dossiers that others prepared"),
    Act.MANAGE: gettext_lazy("say who is on the case, in which role"),
}


@dataclass(frozen=True)
class RoleLine:
    """A role in words: what it may do and what it may not, as the rules of access have it."""

    label: str
    may: tuple[str, ...]
    may_not: tuple[str, ...]


@dataclass(frozen=True)
class FormerLine:
    """Somebody who was in the team; `role` is the last one they had."""

    name: str
    role: str
    since: datetime | None
    until: datetime


def role_lines() -> list[RoleLine]:
    """Return what each role may do, derived from the table by which every page and action asks."""
    return [
        RoleLine(
            label=str(role.label),
            may=tuple(str(words) for act, words in ACTS.items() if role in ROLES_FOR[act]),
            may_not=tuple(str(words) for act, words in ACTS.items() if role not in ROLES_FOR[act]),
        )
        for role in Role
    ]


def open_tasks_by_person(case: Case, user: Any) -> dict[uuid.UUID, int]:
    """Return how many open tasks each has in the case, in one query."""
    rows = Task.objects.visible_to(user).current().filter(case=case, status=TaskStatus.OPEN, assignee__isnull=False)
    return dict(rows.order_by().values_list("assignee").annotate(count=Count("pk")))


def former_members(case: Case) -> list[FormerLine]:
    """Return who left the team, the last first; the record of what was done is all that knows of them."""
    told: dict[uuid.UUID, list[HistoryEntry]] = {}
    for entry in history(ids_of_former(case), limit=FORMER_AT_MOST):
        told.setdefault(entry.record_id, []).append(entry)
    people = {_old(entries, "user") for entries in told.values()}
    names = {str(account.pk): str(account) for account in User.objects.filter(pk__in=people - {""})} if told else {}
    return [
        FormerLine(
            name=names.get(_old(entries, "user"), "–"),
            role=str(dict(Role.choices).get(_old(entries, "role"), "–")),
            since=next((entry.at for entry in entries if entry.act == "joined"), None),
            until=entries[0].at,
        )
        for entries in told.values()
    ]


def _old(entries: Iterable[HistoryEntry], field: str) -> str:
    """Return what a field held when the membership ended."""
    return next(
        (str(change.old) for entry in entries for change in entry.changes if change.field == field and change.old), ""
    )
