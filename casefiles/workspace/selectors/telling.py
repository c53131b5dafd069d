"""What somebody was told, in words; what they may no longer see has no row here, in lists and in counts."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from casefiles.accounts.models import User
from casefiles.audit.selectors import head
from casefiles.cases.models import Comment
from casefiles.cases.selectors import Named, named_anywhere
from casefiles.workspace.models import Notification, NotificationChoices, TellingState, Told

SENTENCES: dict[str, Any] = {
    Told.MENTION: lambda: _("%(who)s named you in a comment on %(what)s"),
    Told.ANSWER: lambda: _("%(who)s answered in a thread on %(what)s"),
    Told.TASK: lambda: _("%(who)s gave you the task %(what)s"),
    Told.CLAIM: lambda: _("%(who)s changed your claim %(what)s, or what is cited for it"),
    Told.TEAM: lambda: _("%(who)s changed your place in the team"),
    Told.REVIEW: lambda: _("%(who)s asked for review %(what)s"),
    Told.REPLY: lambda: _("%(who)s recorded what came of request %(what)s"),
    Told.MATRIX: lambda: _("%(who)s put %(what)s into the matrix that you rated"),
}
ACTS: dict[tuple[str, str], Any] = {
    (Told.DUE, "due"): lambda: _("Your task %(what)s is due"),
    (Told.DUE, "overdue"): lambda: _("Your task %(what)s is overdue"),
    (Told.TASK, "handed over"): lambda: _("%(who)s handed the task %(what)s over to you"),
    (Told.REVIEW, "approved"): lambda: _("%(who)s approved %(what)s"),
    (Told.REVIEW, "changes requested"): lambda: _("%(who)s asked for changes to %(what)s"),
    (Told.REVIEW, "shown"): lambda: _("Both verdicts on %(what)s are in"),
    (Told.REVIEW, "answered"): lambda: _("%(who)s answered your remark on %(what)s"),
    (Told.REVIEW, "open again"): lambda: _("%(what)s is open again after its approval"),
    (Told.REVIEW, "voided"): lambda: _("%(who)s took back a verdict on %(what)s"),
    (Told.REPLY, "due"): lambda: _("The deadline of request %(what)s comes near"),
    (Told.REPLY, "overdue"): lambda: _("The deadline of request %(what)s has passed"),
    (Told.TEAM, "joined"): lambda: _("%(who)s added you to the team"),
}


@dataclass(frozen=True)
class NotificationLine:
    """One thing that somebody was told: a sentence, the words of the record, and where it is read."""

    id: uuid.UUID
    at: datetime
    sentence: str
    text: str
    url: str
    case_reference: str
    case_title: str
    is_read: bool


def notifications(user: Any) -> Any:
    return Notification.objects.visible_to(user).select_related("case", "actor")


def account_with_bell(key: Any) -> User | None:
    """Return the account, and as `unread_notifications` how much it was told, may still see and has not read."""
    own = Notification.objects.visible_to(User(pk=key)).filter(is_read=False)
    # Grouped by the person, of whom these all are: a count that is a subquery.
    count = own.order_by().values("user").annotate(number=Count("pk")).values("number")
    return User.objects.filter(pk=key).annotate(unread_notifications=Coalesce(Subquery(count), 0)).first()


def is_behind() -> bool:
    """Say whether something was recorded that nobody was told of yet."""
    state = TellingState.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    return head()[0] > state


def choices_of(user: Any) -> NotificationChoices:
    """Return what somebody chose, or what holds for who chose nothing (not saved)."""
    return NotificationChoices.objects.visible_to(user).first() or NotificationChoices(pk=user.pk, user=user)


def notification_lines(rows: Sequence[Any], user: Any) -> list[NotificationLine]:
    """Return notifications as they are shown; one query for comments, and one for each kind of record they name."""
    keys = [row.record_id for row in rows if row.record_kind == "cases.comment"]
    comments = {one.pk: one for one in Comment.objects.visible_to(user).filter(pk__in=keys)}
    names = {row.pk: _name(row, comments) for row in rows}
    named = named_anywhere(names.values(), user)
    return [_line(row, comments.get(row.record_id), named.get(names[row.pk])) for row in rows]


def _name(row: Any, comments: dict[uuid.UUID, Any]) -> tuple[str, uuid.UUID]:
    comment = comments.get(row.record_id)
    return (comment.about_kind, comment.about_id) if comment else (row.record_kind, row.record_id)


def _line(row: Any, comment: Any, named: Named | None) -> NotificationLine:
    told = ACTS.get((row.kind, row.act)) or SENTENCES[row.kind]
    words = {"who": str(row.actor or _("Casefiles")), "what": named.short if named else _("a record")}
    text = comment.body if comment and not comment.is_voided else named.text if named and named.label else ""
    page = comment or named
    url = page.url if isinstance(page, Named) else page.get_absolute_url() if page else row.case.get_absolute_url()
    return NotificationLine(
        id=row.pk,
        at=row.at,
        sentence=told() % words,
        text=text,
        url=url,
        case_reference=row.case.reference,
        case_title=row.case.title,
        is_read=row.is_read,
    )
