"""What was said about the records of a case, thread by thread."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

from casefiles.cases.models import Case, Comment
from casefiles.cases.selectors.naming import Name, Named, named_records

# So many of the newest answers stand below a thread in a list; its own page has all of them.
ANSWERS_AT_MOST = 3


@dataclass(frozen=True)
class CommentLine:
    """One comment as it is shown; of one that was withdrawn there are no words, but the reason."""

    id: uuid.UUID
    url: str
    author: str
    at: datetime
    body: str
    mentioned: frozenset[str]
    is_changed: bool
    is_mine: bool
    is_voided: bool
    voided_by: str
    void_reason: str


@dataclass(frozen=True)
class ThreadLine:
    """A thread: what it is about, how it began, its newest answers in their order, and how many there are."""

    id: uuid.UUID
    url: str
    about: Named | None
    first: CommentLine
    answers: tuple[CommentLine, ...]
    answers_total: int
    is_resolved: bool
    resolved_by: str

    @property
    def earlier(self) -> int:
        return self.answers_total - len(self.answers)


@dataclass(frozen=True)
class Talk:
    """How many comments stand beside each record of a list, and where they are read."""

    prefix: str
    counts: dict[uuid.UUID, int] = field(default_factory=dict)


def threads(case: Case, user: Any, *, about: Name | None = None) -> QuerySet[Any]:
    """Return the threads of the case, or those on one record, with how many answers each has."""
    rows = Comment.objects.visible_to(user).threads().filter(case=case)
    if about is not None:
        rows = rows.filter(about_kind=about[0], about_id=about[1])
    answers = Comment.objects.filter(parent=OuterRef("pk")).order_by().values("parent").annotate(number=Count("pk"))
    counted = rows.annotate(answers_total=Coalesce(Subquery(answers.values("number")), 0))
    return counted.select_related("case", *_PEOPLE)


_PEOPLE = ("created_by", "voided_by", "resolved_by")


def thread_lines(case: Case, rows: Sequence[Any], user: Any, *, about: Named | None = None) -> list[ThreadLine]:
    """Return threads as they are shown: one query for the answers, one for who is named, one a kind of record.

    `about` is the record of all of them, where the caller has it already.
    """
    if not rows:
        return []
    answers = _newest_answers([row.pk for row in rows], user)
    named = _mentioned([*rows, *answers])
    names = [(row.about_kind, row.about_id) for row in rows]
    abouts = dict.fromkeys(names, about) if about else named_records(case, names, user)
    lines: dict[uuid.UUID, list[CommentLine]] = {}
    for answer in answers:
        lines.setdefault(answer.parent_id, []).append(_line(answer, named, user))
    return [
        ThreadLine(
            id=row.pk,
            url=row.get_absolute_url(),
            about=abouts.get((row.about_kind, row.about_id)),
            first=_line(row, named, user),
            answers=tuple(lines.get(row.pk, ())),
            answers_total=row.answers_total,
            is_resolved=row.is_resolved,
            resolved_by=str(row.resolved_by or ""),
        )
        for row in rows
    ]


def _newest_answers(threads: Sequence[uuid.UUID], user: Any) -> list[Any]:
    place = Window(RowNumber(), partition_by=F("parent_id"), order_by=[F("created_at").desc(), F("pk").desc()])
    rows = Comment.objects.visible_to(user).filter(parent__in=threads).annotate(place=place)
    return list(rows.filter(place__lte=ANSWERS_AT_MOST).select_related(*_PEOPLE).order_by("created_at", "pk"))


def comment_lines(rows: Iterable[Any], user: Any) -> list[CommentLine]:
    """Return comments as they are shown, in one query for who is named in them."""
    rows = list(rows)
    named = _mentioned(rows)
    return [_line(row, named, user) for row in rows]


def _mentioned(rows: Iterable[Any]) -> dict[uuid.UUID, set[str]]:
    through = Comment.mentioned.through._base_manager
    pairs = through.filter(comment_id__in=[row.pk for row in rows]).values_list("comment_id", "user__username")
    found: dict[uuid.UUID, set[str]] = {}
    for key, username in pairs:
        found.setdefault(key, set()).add(username)
    return found


def _line(row: Any, named: dict[uuid.UUID, set[str]], user: Any) -> CommentLine:
    return CommentLine(
        id=row.pk,
        url=row.get_absolute_url(),
        author=str(row.created_by),
        at=row.created_at,
        body="" if row.is_voided else row.body,
        mentioned=frozenset(named.get(row.pk, ())),
        is_changed=row.reworded_at is not None,
        is_mine=row.created_by_id == user.pk,
        is_voided=row.is_voided,
        voided_by=str(row.voided_by or ""),
        void_reason=row.void_reason,
    )


def comment_counts(case: Case, user: Any, kind: str, keys: Iterable[Any]) -> dict[uuid.UUID, int]:
    """Return how many comments there are on each of some records of one kind; those without any are missing."""
    rows = Comment.objects.visible_to(user).current().filter(case=case, about_kind=kind, about_id__in=list(keys))
    still = rows.filter(Q(parent=None) | Q(parent__voided_at=None)).order_by()
    return dict(still.values("about_id").annotate(number=Count("pk")).values_list("about_id", "number"))
