"""Who is told of what: each reader takes the events of one kind of record, and yields whom they concern.

Whether somebody still reads the case, and wants to be told, is asked later (`telling`).
"""

import datetime
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from casefiles.access.models import Membership
from casefiles.access.rules import ROLES_FOR, Act, Role
from casefiles.audit.selectors import HistoryEntry
from casefiles.cases.models import (
    Case,
    CaseStatus,
    Claim,
    Comment,
    Hypothesis,
    RatingSheet,
    ReplyRequest,
    Review,
    Task,
    TaskStatus,
    Verdict,
    WeighedClaim,
)
from casefiles.cases.selectors.authors import authors_of
from casefiles.evidence.models import Citation
from casefiles.workspace.models import Told

# Of what is due is told from the day before.
DUE_WITHIN = datetime.timedelta(days=1)
AT_WORK = Q(case__status__in=[CaseStatus.OPEN, CaseStatus.IN_REVIEW], case__voided_at=None)


@dataclass(frozen=True)
class Telling:
    """Something that one person may have to be told of."""

    user_id: uuid.UUID
    kind: str
    act: str
    case_id: uuid.UUID
    record: tuple[str, uuid.UUID]
    key: str
    at: datetime.datetime
    actor_id: uuid.UUID | None = None


def _of_comments(entries: list[HistoryEntry]) -> Iterator[Telling]:
    """Being named counts more than being answered; an answer is told to whoever spoke in its thread before."""
    rows = {row.pk: row for row in Comment.objects.filter(pk__in={entry.record_id for entry in entries})}
    threads = {row.parent_id for row in rows.values()} - {None}
    spoke = Comment.objects.filter(Q(pk__in=threads) | Q(parent__in=threads)).order_by("created_at", "pk")
    for entry in entries:
        yield from (_of_comment(entry, rows, user, Told.MENTION) for user in _new_keys(entry, "mentioned"))
    added = {entry.record_id: entry for entry in entries if entry.act == "added"}
    before: dict[uuid.UUID, set[uuid.UUID]] = {}
    for key, parent, author in spoke.values_list("pk", "parent_id", "created_by_id"):
        heard = before.setdefault(parent or key, set())
        if parent and key in added:
            yield from (_of_comment(added[key], rows, user, Told.ANSWER) for user in heard)
        heard.add(author)


def _of_comment(entry: HistoryEntry, rows: dict[uuid.UUID, Any], user: uuid.UUID, kind: str) -> Telling:
    key = f"comment:{entry.record_id}"
    return _telling(entry, user, kind, rows[entry.record_id].case_id, key=key)


def _new_keys(entry: HistoryEntry, field: str) -> list[uuid.UUID]:
    """Return the keys that a field holds since an event and did not before."""
    change = next((one for one in entry.changes if one.field == field), None)
    if change is None:
        return []
    old, new = (value if isinstance(value, list) else [value] for value in (change.old, change.new))
    return [uuid.UUID(key) for key in new if key and key not in old]


def _of_tasks(entries: list[HistoryEntry]) -> Iterator[Telling]:
    given = [(entry, user) for entry in entries for user in _new_keys(entry, "assignee")]
    rows = dict(Task.objects.filter(pk__in={entry.record_id for entry, _user in given}).values_list("pk", "case_id"))
    for entry, user in given:
        yield _telling(entry, user, Told.TASK, rows[entry.record_id])


def _of_claims(entries: list[HistoryEntry]) -> Iterator[Telling]:
    """Tell the author of a claim once of what one person did to it at a time, citations included."""
    ids = {entry.record_id for entry in entries}
    cited = dict(Citation.objects.filter(pk__in=ids).values_list("pk", "assertion_id"))
    rows = Claim._base_manager.filter(pk__in=ids | set(cited.values()))
    claims = {key: (case, author) for key, case, author in rows.values_list("pk", "case_id", "assertion__created_by")}
    seen: set[tuple[Any, Any]] = set()
    for entry in entries:
        claim = cited.get(entry.record_id, entry.record_id)
        is_beginning = entry.act == "added" and entry.record_id == claim
        if claim not in claims or is_beginning or (claim, entry.actor_id) in seen:
            continue
        seen.add((claim, entry.actor_id))
        case, author = claims[claim]
        yield _telling(entry, author, Told.CLAIM, case, record=("cases.claim", claim))


def _of_members(entries: list[HistoryEntry]) -> Iterator[Telling]:
    circles = {uuid.UUID(circle) for entry in entries for circle in entry.compartment_ids}
    cases = dict(Case.objects.filter(compartment__in=circles).values_list("compartment_id", "pk"))
    for entry in entries:
        case = next((cases[uuid.UUID(key)] for key in entry.compartment_ids if uuid.UUID(key) in cases), None)
        if case is not None:
            yield from (_telling(entry, user, Told.TEAM, case) for user in _new_keys(entry, "user"))


def _telling(
    entry: HistoryEntry,
    user: uuid.UUID,
    kind: str,
    case: uuid.UUID,
    *,
    key: str = "",
    record: tuple[str, uuid.UUID] | None = None,
) -> Telling:
    named = record or (entry.record_kind, entry.record_id)
    return Telling(user, kind, entry.act, case, named, key or f"event:{entry.seq}", entry.at, entry.actor_id)


def _of_reviews(entries: list[HistoryEntry]) -> Iterator[Telling]:
    """Tell those who may review, but for whoever wrote each of the claims."""
    asked = {entry.record_id: entry for entry in entries if entry.act == "asked"}
    rows = dict(Review.objects.filter(pk__in=asked).values_list("pk", "case_id"))
    named: dict[uuid.UUID, set[uuid.UUID]] = {}
    for review, claim in Review.claims.through.objects.filter(review__in=asked).values_list("review_id", "claim_id"):
        named.setdefault(review, set()).add(claim)
    authors = authors_of([claim for claims in named.values() for claim in claims]) if named else {}
    editors = _people(rows.values(), ROLES_FOR[Act.REVIEW])
    for key, entry in asked.items():
        for user in editors.get(rows[key], ()):
            if not all(user in authors.get(claim, ()) for claim in named.get(key, ())):
                yield _telling(entry, user, Told.REVIEW, rows[key])


def _people(cases: Iterable[uuid.UUID], roles: Iterable[Role]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Return who is in each case in one of some roles."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    rows = Membership.objects.filter(compartment__case__in=set(cases), role__in=list(roles), user__is_active=True)
    for case, user in rows.values_list("compartment__case", "user_id"):
        found.setdefault(case, set()).add(user)
    return found


def _of_verdicts(entries: list[HistoryEntry]) -> Iterator[Telling]:
    """Tell whoever wrote the claim and whoever asked; of an answer, the reviewer. Nobody is told of a sealed one."""
    rows = {row.pk: row for row in _verdicts({entry.record_id for entry in entries})}
    for entry in entries:
        row = rows.get(entry.record_id)
        if row is None or entry.act == "sealed":
            continue
        author, asker, reviewer = row.claim.assertion.created_by_id, row.review.created_by_id, row.created_by_id
        to = {
            "answered": {reviewer},
            "open again": {reviewer, author},
            "shown": {reviewer, author, asker},
        }.get(entry.act, {author, asker})
        key = f"shown:{row.review_id}:{row.claim_id}" if entry.act == "shown" else ""
        for user in to - {None}:
            yield _telling(entry, user, Told.REVIEW, row.case_id, key=key, record=("cases.claim", row.claim_id))


def _verdicts(keys: set[uuid.UUID]) -> Any:
    return Verdict._base_manager.filter(pk__in=keys, is_sealed=False).select_related("claim__assertion", "review")


def _of_requests(entries: list[HistoryEntry]) -> Iterator[Telling]:
    """Tell whoever drafted a request, and the leads, what came of it."""
    ended = [entry for entry in entries if entry.act in {"answered", "did not respond"}]
    rows = {row.pk: row for row in ReplyRequest.objects.filter(pk__in={entry.record_id for entry in ended})}
    leads = _people((row.case_id for row in rows.values()), [Role.LEAD])
    for entry in ended:
        row = rows[entry.record_id]
        for user in {row.created_by_id, *leads.get(row.case_id, ())}:
            yield _telling(entry, user, Told.REPLY, row.case_id)


def _of_matrix(entries: list[HistoryEntry]) -> Iterator[Telling]:
    """Tell whoever rated in a case, once a day for each who adds, that there is something new to rate."""
    added = [entry for entry in entries if entry.act == "added"]
    keys = {entry.record_id for entry in added}
    claims = {row.pk: row for row in WeighedClaim.objects.filter(pk__in=keys)}
    cases = {row.pk: row.case_id for row in claims.values()}
    cases |= dict(Hypothesis.objects.filter(pk__in=keys).values_list("pk", "case_id"))
    raters: dict[uuid.UUID, set[uuid.UUID]] = {}
    for case, user in RatingSheet.objects.filter(case__in=cases.values()).values_list("case_id", "analyst_id"):
        raters.setdefault(case, set()).add(user)
    for entry in added:
        case = cases[entry.record_id]
        weighed = claims.get(entry.record_id)
        record = ("cases.claim", weighed.claim_id) if weighed else None
        for user in raters.get(case, ()):
            key = f"matrix:{case}:{entry.actor_id}:{entry.at:%Y-%m-%d}"
            yield _telling(entry, user, Told.MATRIX, case, key=key, record=record)


READING: dict[str, Callable[[list[HistoryEntry]], Iterable[Telling]]] = {
    "cases.comment": _of_comments,
    "cases.task": _of_tasks,
    "cases.claim": _of_claims,
    # A claim is voided by its anchor, which shares its key.
    "evidence.assertion": _of_claims,
    "evidence.citation": _of_claims,
    "access.membership": _of_members,
    "cases.review": _of_reviews,
    "cases.verdict": _of_verdicts,
    "cases.replyrequest": _of_requests,
    "cases.hypothesis": _of_matrix,
    "cases.weighedclaim": _of_matrix,
}


# --- What time brings ---------------------------------------------------------------------------------------------


def of_due_tasks(today: datetime.date) -> Iterator[Telling]:
    """Tell whose open tasks are due tomorrow or today, or overdue."""
    rows = Task.objects.current().filter(AT_WORK, status=TaskStatus.OPEN, due_on__lte=today + DUE_WITHIN)
    for task in rows:
        if task.assignee_id and task.due_on:
            yield _due(task, task.assignee_id, task.due_on, today, kind=Told.DUE)


def of_due_requests(today: datetime.date) -> Iterator[Telling]:
    """Tell whoever drafted a request that waits for an answer, and the leads, of its deadline (in UTC)."""
    end = datetime.datetime.combine(today + DUE_WITHIN, datetime.time.max, datetime.UTC)
    rows = ReplyRequest.objects.current().filter(AT_WORK, sent_at__isnull=False, response=None, silent_at=None)
    waiting = list(rows.filter(deadline_at__lte=end))
    leads = _people((row.case_id for row in waiting), [Role.LEAD])
    for row in waiting:
        for user in {row.created_by_id, *leads.get(row.case_id, ())}:
            yield _due(row, user, row.deadline_at.date(), today, kind=Told.REPLY)


def _due(record: Any, user: uuid.UUID, day: datetime.date, today: datetime.date, *, kind: str) -> Telling:
    act = "overdue" if day < today else "due"
    named = (record._meta.label_lower, record.pk)
    return Telling(user, kind, act, record.case_id, named, f"{act}:{record.pk}:{day}", timezone.now())
