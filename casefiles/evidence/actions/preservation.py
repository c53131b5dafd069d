"""Saying of a part that an item should have been preserved with why it is not there."""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, refuse_voided, require, void_record
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.evidence.actions._input import only, required
from casefiles.evidence.models import Item, PreservationMark

CHANGEABLE = frozenset({"state", "reason"})


def mark_part(item: Item, *, by: Any, part: str, state: str, reason: str) -> PreservationMark:
    """Say that a part is not applicable, or is present in a form that the files do not show; with a reason.

    Raises:
        Refused: no reason, or the part is marked already.
    """
    with audit.unit():
        require(by, Act.EDIT, item)
        refuse_voided(item)
        said = required(reason, field="reason", message=_("Say why, or where it is held."))
        values = cleaned(PreservationMark, {"part": part, "state": state, "reason": said})
        if PreservationMark.objects.current().filter(item=item, part=part).exists():
            raise Refused(_("This part is marked already: change that mark, or void it."), field="part")
        added: PreservationMark = add_record(PreservationMark(item=item, **values), by=by)
    return added


def change_mark(mark: PreservationMark, *, by: Any, version: int, **changes: Any) -> PreservationMark:
    """Change what is said of a part.

    Raises:
        StaleVersion: somebody else changed it first.
        Refused: no reason.
    """
    only(changes, CHANGEABLE)
    if "reason" in changes:
        changes["reason"] = required(changes["reason"], field="reason", message=_("Say why, or where it is held."))
    change_record(mark, by=by, version=version, changes=cleaned(PreservationMark, changes))
    return mark


def void_mark(mark: PreservationMark, *, by: Any, reason: str) -> None:
    """Withdraw a mark with a reason."""
    void_record(mark, by=by, reason=reason)
