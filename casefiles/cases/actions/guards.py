"""What every write in a case asks first: may the person edit it, is it open, and which number comes next."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from casefiles.access.actions import (
    may,
    named_by,
    refuse_voided,
    require,
    require_covered,
    restore_record,
    share,
    void_record,
)
from casefiles.access.circles import Circle
from casefiles.access.models import Restricted
from casefiles.access.rules import Act, Visibility
from casefiles.audit import actions as audit
from casefiles.cases.models import Case
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.items import share_item
from casefiles.evidence.models import Item
from casefiles.evidence.selectors.lineage import parents_of


def writable(case: Case, *, by: Any, act: Act = Act.EDIT) -> Case:
    """Return the case, read anew and locked until the transaction ends; call it inside `audit.unit()`.

    Raises:
        NotVisible: the person may not read it.
        NotAllowed: they may read it, but not do `act`.
        Refused: it is closed, archived or voided.
    """
    require(by, act, case)
    locked: Case = Case.objects.locked(case.pk)
    refuse_closed(locked)
    return locked


def refuse_closed(case: Case) -> None:
    """Raise Refused where the case is closed, archived or voided."""
    refuse_voided(case)
    if not case.is_writable:
        raise Refused(_("This case is closed: reopen it to change it."))


def next_number(case: Case, counter: str) -> int:
    """Raise one of a locked case's counters and return the number; a number once given is never reused."""
    number = int(getattr(case, counter)) + 1
    Case.objects.filter(pk=case.pk).update(**{counter: number})
    setattr(case, counter, number)
    return number


def require_in(case: Case, *records: Any) -> None:
    """Refuse records of another case, and those that were voided.

    Raises:
        Refused: one of them is not in this case, or no longer counts.
    """
    for record in records:
        if record.case_id != case.pk:
            raise Refused(_("%(record)s belongs to another case.") % {"record": record})
        refuse_voided(record)


def bring_into(case: Case, holders: Iterable[Restricted | None], *, by: Any) -> None:
    """Make sure that the case's readers may see what the case is about to name; share it where the person may.

    What a shared record names goes with it, since its page shows that: the organisation behind an item's source.

    Raises:
        NotVisible: the person may not see one of them.
        Refused: one is restricted to other cases, and the person is no editor there.
    """
    for holder in holders:
        if holder is None:
            continue
        require(by, Act.READ, holder)
        if not _is_seen_by_all_of(case, holder):
            _share_with(case, holder, by=by)
    require_covered(Circle.of_case(case), holders)


def _is_seen_by_all_of(case: Case, holder: Restricted) -> bool:
    return holder.visibility == Visibility.OPEN or holder.compartments.filter(pk=case.compartment_id).exists()


def _share_with(case: Case, holder: Restricted, *, by: Any) -> None:
    if not may(by, Act.REVIEW, holder):
        raise Refused(
            _(
                "“%(record)s” is restricted to people outside this case. Ask an editor of a case that holds it "
                "to share it with this one."
            )
            % {"record": holder}
        )
    bring_into(case, named_by(holder), by=by)
    if isinstance(holder, Item):
        # How a claim stands rests on where its evidence comes from: all of its readers must see the same.
        bring_into(case, parents_of(holder), by=by)
        share_item(holder, compartment=case.compartment, by=by)
    else:
        share(holder, compartment=case.compartment, by=by)


def void_in_case(record: Any, *, by: Any, reason: str, version: int | None = None) -> None:
    """Withdraw a record of an open case, with a reason; its number stays.

    Raises:
        Refused: the case is closed, no reason was given, or it is voided already.
    """
    with audit.unit():
        writable(record.case, by=by)
        void_record(record, by=by, reason=reason, version=version)


def restore_in_case(record: Any, *, by: Any, reason: str = "", version: int | None = None) -> None:
    """Take back a withdrawal in an open case.

    Raises:
        Refused: the case is closed, or the same thing was added again meanwhile.
    """
    try:
        with audit.unit():
            writable(record.case, by=by)
            restore_record(record, by=by, reason=reason, version=version)
    except (IntegrityError, ValidationError) as error:
        raise Refused(_("This was added again meanwhile, under a new number: it stays withdrawn.")) from error
