"""From an entry of a list to a designation in the record: only where a person decides it, ship by ship."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import require
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.moments import Moment
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.citations import cite
from casefiles.registry.models import Vessel
from casefiles.sanctions.actions.designations import add_designation, change_designation
from casefiles.sanctions.models import Authority, Designation, EditionState, ListEntry, Programme
from casefiles.sanctions.selectors.newer import differences, measures_in, newest_entry_for, not_before

DATES = ("announced", "in_force", "ended")


def designate_from_entry(
    entry: ListEntry, *, by: Any, vessel: Vessel, authority: Authority, programme: Programme | None = None
) -> Designation:
    """Record what an applied edition says of a ship that has the same IMO number, citing the row of its file.

    The listing date comes from the entry, where it has one. An edition shows that the listing stood on its own day, and
    nothing of afterwards: so the end is "not before that day".

    Raises:
        NotAllowed: the person may not add for every member.
        Refused: the edition is not applied, the numbers are not the same, or the designation is recorded already.
    """
    edition = entry.edition
    if edition.state != EditionState.APPLIED or edition.is_voided:
        raise Refused(_("Apply the edition first: until then it is not part of the record."))
    if not entry.imo_number or entry.imo_number != vessel.imo_number:
        raise Refused(_("The IMO number of the entry is not the ship's."), field="vessel")
    held = Designation.objects.current().visible_to(by).filter(vessel=vessel, list_entry=entry.list_id)
    if held.exists():
        raise Refused(_("This entry is recorded for this ship already."))
    with audit.unit():
        designation = add_designation(
            by=by,
            circle=Circle.everyone(),
            authority=authority,
            programme=programme,
            vessel=vessel,
            list_name=str(edition.get_list_key_display()),
            list_entry=entry.list_id,
            measures=list(measures_in(entry.measures)),
            in_force=Moment.from_edtf(entry.listed_on) if entry.listed_on else None,
            ended=not_before(edition.published_on),
            end_kind="dated",
        )
        locator = f"rows {entry.row}"
        cite(designation, by=by, item=edition.item, locator=locator, quote=entry.name)
        if entry.listed_on:
            cite(designation, by=by, item=edition.item, locator=locator, about="in_force")
    return designation


def refresh_from_entry(
    designation: Designation, *, by: Any, version: int, entry: ListEntry, take: Collection[str]
) -> Designation:
    """Take some fields of a designation over from the newest edition of its list, citing the row for each.

    What was held before stays in the history, and what is not taken stays as it is.

    Raises:
        NotAllowed: the person may not change the designation.
        Refused: the edition no longer counts or is not the newest, the entry is of something else, nothing was chosen,
            or a chosen field says the same by now.
        StaleVersion: somebody else changed the designation first.
    """
    newest = newest_entry_for(designation, by)
    if newest is None or newest.pk != entry.pk:
        raise Refused(_("This is not what the newest applied edition of its list says of this designation."))
    if not take:
        raise Refused(_("Choose what to take over."), field="take")
    offered = {one.field: one for one in differences(designation, entry)}
    if not set(take) <= set(offered):
        raise Refused(_("Something that was chosen says the same by now. Look again."), field="take")
    chosen = [offered[field] for field in offered if field in take]
    with audit.unit():
        require(by, Act.EDIT, designation)
        values = {name: value for one in chosen for name, value in one.values.items()}
        change_designation(designation, by=by, version=version, **values)
        for one in chosen:
            about = one.field if one.field in DATES else ""
            cite(designation, by=by, item=entry.edition.item, locator=f"rows {entry.row}", about=about)
    return designation
