"""What the people of a case say to each other: whoever reads it may write, and each changes their own words alone."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import (
    NotAllowed,
    add_record,
    change_record,
    may,
    refuse_voided,
    restore_record,
    void_record,
)
from casefiles.access.models import Membership
from casefiles.access.rules import Act
from casefiles.accounts.models import User
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import require_in, writable
from casefiles.cases.models import Case, Comment
from casefiles.cases.selectors.naming import NAMEABLE
from casefiles.core.cleaning import cleaned
from casefiles.core.markdown import mentionable_names
from casefiles.core.refusals import Refused


def add_comment(case: Case, *, by: Any, about: Any, body: str) -> Comment:
    """Open a thread on the case itself or on one of its records; people of the team named with `@` are told.

    Raises:
        NotVisible: the person does not read the case.
        Refused: it is closed, or the record is not one of its own, or was taken out.
        ValidationError: nothing was written, or too much.
    """
    with audit.unit():
        case = writable(case, by=by, act=Act.COMMENT)
        if about._meta.label_lower not in NAMEABLE:
            raise Refused(_("Only a record of the case can be commented on."))
        if about != case:
            require_in(case, about)
        comment = Comment(case=case, about_kind=about._meta.label_lower, about_id=about.pk)
        return _write(comment, by=by, body=body)


def answer_comment(thread: Comment, *, by: Any, body: str) -> Comment:
    """Add to a thread.

    Raises:
        Refused: the case is closed, the thread was withdrawn, or what is answered is an answer itself.
    """
    with audit.unit():
        case = writable(thread.case, by=by, act=Act.COMMENT)
        refuse_voided(thread)
        _refuse_answers(thread)
        comment = Comment(case=case, parent=thread, about_kind=thread.about_kind, about_id=thread.about_id)
        return _write(comment, by=by, body=body)


def change_comment(comment: Comment, *, by: Any, version: int, body: str) -> dict[str, tuple[Any, Any]]:
    """Change one's own words; who is named in them now and was not before is told.

    Raises:
        NotAllowed: somebody else wrote it.
        StaleVersion: it was changed since.
    """
    with audit.unit():
        case = writable(comment.case, by=by, act=Act.COMMENT)
        _require_author(comment, by)
        words: dict[str, Any] = cleaned(Comment, {"body": body})
        if words["body"] != comment.body:
            words["reworded_at"] = timezone.now()
        after = _team_named_in(case, words["body"])
        names = _keys(comment.mentioned.all()), _keys(after)
        beside = {"mentioned": names} if names[0] != names[1] else {}
        changed = change_record(comment, by=by, version=version, changes=words, beside=beside, needs=Act.COMMENT)
        comment.mentioned.set(after)
        return changed


def void_comment(comment: Comment, *, by: Any, reason: str, version: int | None = None) -> None:
    """Withdraw one's own words, or as an editor those of others; they are no longer shown, the reason is.

    Raises:
        NotAllowed: somebody else wrote it, and the person is no editor of the case.
    """
    with audit.unit():
        writable(comment.case, by=by, act=Act.COMMENT)
        _require_author(comment, by, others=Act.REVIEW)
        void_record(comment, by=by, reason=reason, version=version, needs=Act.COMMENT)


def restore_comment(comment: Comment, *, by: Any, reason: str = "", version: int | None = None) -> None:
    """Take back a withdrawal.

    Raises:
        NotAllowed: as for withdrawing.
    """
    with audit.unit():
        writable(comment.case, by=by, act=Act.COMMENT)
        _require_author(comment, by, others=Act.REVIEW)
        restore_record(comment, by=by, reason=reason, version=version, needs=Act.COMMENT)


def resolve_thread(thread: Comment, *, by: Any, version: int | None = None) -> dict[str, tuple[Any, Any]]:
    """Mark a thread as settled: whoever began it, or may edit in the case.

    Raises:
        NotAllowed: somebody else began it, and the person only reads.
        Refused: it is an answer.
    """
    changes = {"resolved_at": timezone.now(), "resolved_by_id": by.pk}
    return _settle(thread, by=by, version=version, changes=changes, act="resolved")


def reopen_thread(thread: Comment, *, by: Any, version: int | None = None) -> dict[str, tuple[Any, Any]]:
    """Take a thread as unsettled again.

    Raises:
        NotAllowed, Refused: as for settling.
    """
    changes = {"resolved_at": None, "resolved_by_id": None}
    return _settle(thread, by=by, version=version, changes=changes, act="reopened")


def _settle(
    thread: Comment, *, by: Any, version: int | None, changes: dict[str, Any], act: str
) -> dict[str, tuple[Any, Any]]:
    with audit.unit():
        writable(thread.case, by=by, act=Act.COMMENT)
        _refuse_answers(thread)
        _require_author(thread, by, others=Act.EDIT)
        at = thread.version if version is None else version
        return change_record(thread, by=by, version=at, changes=changes, act=act, needs=Act.COMMENT)


def _write(comment: Comment, *, by: Any, body: str) -> Comment:
    comment.body = cleaned(Comment, {"body": body})["body"]
    saved: Comment = add_record(comment, by=by)
    named = _team_named_in(comment.case, saved.body)
    if named:
        saved.mentioned.set(named)
        audit.record(
            by=by,
            act="people named",
            kind=saved._meta.label_lower,
            record_id=saved.pk,
            compartments=[comment.case.compartment_id],
            changes={"mentioned": (None, _keys(named))},
        )
    return saved


def _team_named_in(case: Case, body: str) -> list[User]:
    """Return who of the team is named in a text; a name outside the team is plain text."""
    names = mentionable_names(body)
    if not names:
        return []
    team = Membership.objects.filter(compartment=case.compartment_id, user__is_active=True).select_related("user")
    return [member.user for member in team if member.user.username in names]


def _keys(people: Iterable[User]) -> list[str]:
    return sorted(str(person.pk) for person in people)


def _refuse_answers(comment: Comment) -> None:
    if comment.parent_id is not None:
        raise Refused(_("This is an answer itself: its thread is what is answered and settled."))


def _require_author(comment: Comment, by: Any, *, others: Act | None = None) -> None:
    if comment.created_by_id != by.pk and (others is None or not may(by, others, comment)):
        raise NotAllowed
