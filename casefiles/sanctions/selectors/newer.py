"""What the newest edition of a list says of a designation that was taken over from an earlier one."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from casefiles.core.moments import Moment
from casefiles.sanctions.models import Designation, ListEdition, ListEntry, ListKey, Measure


@dataclass(frozen=True)
class Difference:
    """One field in which an entry says something else than the record: what is held, and what would be."""

    field: str
    label: str
    held: str
    now: str
    values: dict[str, Any]


def measures_in(text: str) -> Iterator[str]:
    """Yield the measures of the vocabulary that a list names in so many words."""
    said = text.casefold()
    return (measure for measure in Measure.values if measure in said)


def not_before(day: datetime.date) -> Moment:
    """Return the end of a listing that stood on a day, as far as an edition of that day shows: not before it."""
    return Moment.from_edtf(f"[{day.isoformat()}..]")


def newest_entry_for(designation: Designation, user: Any) -> ListEntry | None:
    """Return what the newest applied edition of its list has under a designation's number, of the same ship; one query.

    The list is the one that the record names, and a ship is the same by its IMO number.
    """
    keys = [key for key, label in ListKey.choices if str(label) == designation.list_name]
    vessel = designation.vessel
    if not keys or not designation.list_entry or vessel is None or not vessel.imo_number:
        return None
    newest = ListEdition.objects.visible_to(user).newest_of_each().filter(list_key=keys[0])
    rows = ListEntry.objects.visible_to(user).filter(edition__in=newest.order_by().values("pk"))
    rows = rows.filter(list_id=designation.list_entry, imo_number=vessel.imo_number)
    entry: ListEntry | None = rows.select_related("edition__item").first()
    return entry


def differences(designation: Designation, entry: ListEntry) -> list[Difference]:
    """Return the fields in which an entry says something else than a designation, or more.

    A list that is silent about a field differs in nothing. An end that was said to be open stays: an edition shows that
    the listing stood on its day, and nothing of afterwards.
    """
    found = (_in_force(designation, entry), _measures(designation, entry), _ended(designation, entry))
    return [one for one in found if one is not None]


def _in_force(designation: Designation, entry: ListEntry) -> Difference | None:
    held = designation.in_force
    if not entry.listed_on or (held and held.edtf == entry.listed_on):
        return None
    now = Moment.from_edtf(entry.listed_on)
    return Difference("in_force", _("in force from"), _told(held), _told(now), {"in_force": now})


def _measures(designation: Designation, entry: ListEntry) -> Difference | None:
    said = list(measures_in(entry.measures))
    if not said or set(said) == set(designation.measures):
        return None
    trial = Designation(measures=said)
    held = designation.measures_text or _("none recorded")
    return Difference("measures", _("measures"), held, trial.measures_text, {"measures": said})


def _ended(designation: Designation, entry: ListEntry) -> Difference | None:
    held, day = designation.ended, entry.edition.published_on
    last = held and (held.latest or held.earliest)
    if designation.end_kind == "ongoing" or (last and last >= day):
        return None
    now = not_before(day)
    shown = _told(held) if held else str(designation.get_end_kind_display())
    return Difference("ended", _("ended"), shown, _told(now), {"ended": now, "end_kind": "dated"})


def _told(moment: Moment | None) -> str:
    return moment.describe() if moment else _("not known")
