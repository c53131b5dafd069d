"""From an entry of a list to a designation in the record: only where a person decides it, ship by ship."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.circles import Circle
from casefiles.audit import actions as audit
from casefiles.core.moments import Moment
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.citations import cite
from casefiles.registry.models import Vessel
from casefiles.sanctions.actions.designations import add_designation
from casefiles.sanctions.models import Authority, Designation, EditionState, ListEntry, Measure, Programme


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
            ended=_not_before(edition.published_on),
            end_kind="dated",
        )
        locator = f"rows {entry.row}"
        cite(designation, by=by, item=edition.item, locator=locator, quote=entry.name)
        if entry.listed_on:
            cite(designation, by=by, item=edition.item, locator=locator, about="in_force")
    return designation


def _not_before(day: datetime.date) -> Moment:
    return Moment.from_edtf(f"[{day.isoformat()}..]")


def measures_in(text: str) -> Iterator[str]:
    """Yield the measures of the vocabulary that a list names in so many words."""
    said = text.casefold()
    return (measure for measure in Measure.values if measure in said)
