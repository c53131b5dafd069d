"""Suggestions that somebody has looked at and found to be none: kept with the reason, and taken back like anything."""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, refuse_voided, require, restore_record, void_record
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.evidence.actions._input import required
from casefiles.evidence.models import Dismissal, Item


def dismiss_suggestion(first: Item, second: Item, *, by: Any, reason: str) -> Dismissal:
    """Say, with a reason, that two items have nothing to do with each other. The pair has no order.

    Raises:
        NotVisible, NotAllowed: both must be theirs to edit, since it is said of both.
        Refused: they are the same, one is voided, no reason was given, or it was said already.
    """
    with audit.unit():
        for item in (first, second):
            require(by, Act.EDIT, item)
            refuse_voided(item)
        _refuse_pair(first, second)
        low, high = sorted((first, second), key=lambda item: item.pk)
        said = cleaned(Dismissal, {"reason": required(reason, field="reason")})
        added: Dismissal = add_record(Dismissal(first=low, second=high, **said), by=by)
    return added


def _refuse_pair(first: Item, second: Item) -> None:
    if first.pk == second.pk:
        raise Refused(_("That is this item itself: choose another one."), field="second")
    low, high = sorted((first.pk, second.pk))
    if Dismissal.objects.current().filter(first_id=low, second_id=high).exists():
        raise Refused(_("This was said already."), field="second")


def void_dismissal(dismissal: Dismissal, *, by: Any, reason: str) -> None:
    """Take a dismissal back: the one may be suggested for the other again."""
    void_record(dismissal, by=by, reason=reason)


def restore_dismissal(dismissal: Dismissal, *, by: Any, reason: str = "") -> None:
    """Dismiss again what was taken back.

    Raises:
        Refused: it was said anew meanwhile.
    """
    with audit.unit():
        require(by, Act.EDIT, dismissal)
        _refuse_pair(dismissal.first, dismissal.second)
        restore_record(dismissal, by=by, reason=reason)
