"""Items in a case: adding one under the next number, and removing one with a reason."""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, refuse_voided
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import bring_into, next_number, void_in_case, writable
from casefiles.cases.models import Case, Claim, Exhibit
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.evidence.models import Item


def add_exhibit(case: Case, *, by: Any, item: Item, note: str = "") -> Exhibit:
    """Make an item the case's next exhibit.

    An item that the case's readers may not see yet is shared with them, with its source and place, where `by` is an
    editor of a case that holds it.

    Raises:
        NotVisible, NotAllowed: the person may not read the item, or not edit the case.
        Refused: the case is closed, or the item is voided, here already, or not theirs to share.
    """
    with audit.unit():
        return exhibit_in(writable(case, by=by), by=by, item=item, note=note)


def exhibit_in(case: Case, *, by: Any, item: Item, note: str = "") -> Exhibit:
    """Do what `add_exhibit` does, in a case that the caller has from `writable`, in the same unit."""
    bring_into(case, [item, item.source, item.place], by=by)
    refuse_voided(item)
    _refuse_twice(case, item)
    return next_exhibit(case, by=by, item=item, note=note)


def next_exhibit(case: Case, *, by: Any, item: Item, note: str = "") -> Exhibit:
    """Give the case's next number to an item that was made in this unit for its circle: none can have it yet."""
    number = next_number(case, "last_exhibit")
    exhibit = Exhibit(case=case, number=number, item=item, **cleaned(Exhibit, {"note": note}))
    added: Exhibit = add_record(exhibit, by=by)
    return added


def _refuse_twice(case: Case, item: Item) -> None:
    held = Exhibit.objects.current().filter(case=case, item=item).first()
    if held is not None:
        raise Refused(_("This case already holds this item as %(label)s.") % {"label": held.label}, field="item")


def change_exhibit(exhibit: Exhibit, *, by: Any, version: int, note: str) -> dict[str, tuple[Any, Any]]:
    """Change why an exhibit is here."""
    with audit.unit():
        writable(exhibit.case, by=by)
        return change_record(exhibit, by=by, version=version, changes=cleaned(Exhibit, {"note": note}))


def remove_exhibit(exhibit: Exhibit, *, by: Any, reason: str, version: int | None = None) -> None:
    """Take an exhibit out of its case; its number stays with the reason, and the item stays in evidence.

    Raises:
        Refused: the case is closed, no reason was given, it was removed already, or claims of the case cite it.
    """
    with audit.unit():
        case = writable(exhibit.case, by=by)
        _refuse_while_cited(case, exhibit)
        void_in_case(exhibit, by=by, reason=reason, version=version)


def _refuse_while_cited(case: Case, exhibit: Exhibit) -> None:
    citing = Claim.objects.current().filter(
        case=case, assertion__citations__item=exhibit.item_id, assertion__citations__voided_at__isnull=True
    )
    labels = sorted({claim.label for claim in citing})
    if labels:
        raise Refused(
            _("%(label)s is cited on %(claims)s: withdraw those citations first.")
            % {"label": exhibit.label, "claims": ", ".join(labels)}
        )
