"""What became of list files, which lists are here, and which ships of the registry stand on one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from casefiles.registry.models import Vessel
from casefiles.sanctions.models import Designation, ListChange, ListEdition, ListEntry, ListKey, ListProblem
from casefiles.sanctions.selectors.newer import differences

CHANGES_SHOWN = 200
OFFERS_SHOWN = 200


@dataclass(frozen=True)
class ListState:
    """One list that is known: its newest applied edition, and what came later and failed, or waits for a decision."""

    key: str
    name: str
    newest: ListEdition | None
    failed: ListEdition | None
    undecided: ListEdition | None

    @property
    def is_here(self) -> bool:
        return self.newest is not None


def states_of_lists(user: Any) -> list[ListState]:
    """Return the state of every list: one that was never brought in, or could not be read, is said; two queries."""
    newest = {one.list_key: one for one in ListEdition.objects.visible_to(user).newest_of_each()}
    rows = ListEdition.objects.visible_to(user).current().filter(state__in=["failed", "compared"])
    open_ones = {(one.list_key, one.state): one for one in rows.order_by("created_at", "pk")}
    return [
        ListState(
            key,
            str(label),
            newest.get(key),
            _later(open_ones.get((key, "failed")), newest.get(key)),
            open_ones.get((key, "compared")),
        )
        for key, label in ListKey.choices
    ]


def _later(failed: ListEdition | None, newest: ListEdition | None) -> ListEdition | None:
    return failed if failed and (newest is None or failed.created_at > newest.created_at) else None


def problems_of(edition: ListEdition, user: Any) -> QuerySet[ListProblem]:
    """Return the rows and values of an edition that were left out, as far as they are listed."""
    rows: QuerySet[ListProblem] = ListProblem.objects.visible_to(user).filter(edition=edition)
    return rows


def changes_of(edition: ListEdition, user: Any) -> dict[str, list[ListChange]]:
    """Return the first differences of each kind to the edition before."""
    rows = ListChange.objects.visible_to(user).filter(edition=edition)
    return {
        kind: list(rows.filter(kind=kind).order_by("pk")[:CHANGES_SHOWN]) for kind in ("added", "removed", "changed")
    }


@dataclass(frozen=True)
class Offer:
    """An entry and the ship of the registry that has its IMO number; `designation` is one that names this entry.

    `differs` counts the fields in which the entry says otherwise, where the edition is the newest of its list.
    """

    entry: ListEntry
    vessel: Vessel
    designation: Designation | None
    differs: int = 0


def offers_of(edition: ListEdition, user: Any) -> list[Offer]:
    """Return the entries whose IMO number a ship of the registry has, exactly; four queries."""
    entries = list(
        ListEntry.objects.visible_to(user)
        .of(edition)
        .select_related("edition")
        .filter(imo_number__in=Vessel.objects.visible_to(user).current().exclude(imo_number=None).values("imo_number"))
        .order_by("row", "pk")[:OFFERS_SHOWN]
    )
    numbers = [entry.imo_number for entry in entries]
    vessels = {one.imo_number: one for one in Vessel.objects.visible_to(user).current().filter(imo_number__in=numbers)}
    held = _designations(entries, list(vessels.values()), user)
    newest = ListEdition.objects.visible_to(user).newest_of_each().filter(list_key=edition.list_key).first()
    return [
        _offer(entry, vessel, held.get((vessel.pk, entry.list_id)), is_newest=newest == edition)
        for entry, vessel in ((entry, vessels[entry.imo_number]) for entry in entries)
    ]


def _offer(entry: ListEntry, vessel: Vessel, designation: Designation | None, *, is_newest: bool) -> Offer:
    differs = len(differences(designation, entry)) if designation is not None and is_newest else 0
    return Offer(entry, vessel, designation, differs)


def _designations(entries: Sequence[ListEntry], vessels: Sequence[Vessel], user: Any) -> dict[Any, Designation]:
    rows = Designation.objects.visible_to(user).current()
    rows = rows.filter(list_entry__in=[entry.list_id for entry in entries], vessel__in=vessels)
    return {(one.vessel_id, one.list_entry): one for one in rows.order_by("pk")}
