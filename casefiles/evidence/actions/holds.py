"""Holding an item: while somebody ordered that it stays, nobody withdraws it."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, require, void_record
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.evidence.actions._input import required
from casefiles.evidence.actions.custody import record_custody
from casefiles.evidence.models import Hold, Item
from casefiles.evidence.vocabulary import CustodyAct, HoldKind


class ItemHeld(Refused):
    """The item is on hold: it is not withdrawn before every hold is lifted or over."""


def place_hold(
    item: Item, *, by: Any, kind: str, reason: str, ordered_by: str = "", until: datetime.date | None = None
) -> Hold:
    """Hold an item, with a reason: a legal hold until it is lifted, a retention through the day `until`.

    A voided item may be held too: it is then not restored and voided again behind an order.

    Raises:
        NotVisible, NotAllowed: the person may not read, or not edit, the item.
        Refused: no reason, a retention without a day to come, or a legal hold with one.
    """
    _refuse_day(kind, until)
    with audit.unit():
        require(by, Act.EDIT, item)
        Item.objects.locked(item.pk)
        said = cleaned(Hold, {"reason": required(reason, field="reason"), "ordered_by": ordered_by})
        hold: Hold = add_record(Hold(item=item, kind=kind, until=until, **said), by=by)
        record_custody(item, act=CustodyAct.HELD, by=by, purpose=f"{kind}: {said['reason']}")
    return hold


def _refuse_day(kind: str, until: datetime.date | None) -> None:
    if kind != HoldKind.RETENTION:
        if until is not None:
            raise Refused(_("A legal hold has no end: it stays until it is lifted."), field="until")
    elif until is None or until < timezone.now().date():
        raise Refused(_("Say until which day to come the item is kept."), field="until")


def lift_hold(hold: Hold, *, by: Any, reason: str, version: int | None = None) -> None:
    """Lift a hold, with a reason; it stays in the history. It takes an editor.

    Raises:
        NotAllowed: the person may not review in a circle that holds the item.
        Refused: no reason was given, or it is lifted already.
    """
    with audit.unit():
        require(by, Act.REVIEW, hold)
        void_record(hold, by=by, reason=reason, version=version)
        record_custody(hold.item, act=CustodyAct.HOLD_LIFTED, by=by, purpose=f"{hold.kind}: {reason.strip()}")


def refuse_held(item: Item) -> None:
    """Refuse to withdraw an item that is on hold; the caller has locked it.

    Raises:
        ItemHeld: it names each hold, with its reason.
    """
    holds = Hold.objects.filter(item=item).standing().order_by("created_at", "pk")
    if holds:
        said = "; ".join(f"{hold}: {hold.reason}" for hold in holds)
        raise ItemHeld(_("This item is on hold, so it cannot be withdrawn (%(holds)s).") % {"holds": said})
