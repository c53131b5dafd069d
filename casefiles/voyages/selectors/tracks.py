"""Whose positions are whose: radios tied to a vessel by dated numbers, and tracks that a circle may use."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from casefiles.access.circles import Circle
from casefiles.access.selectors import covering
from casefiles.particulars.models import IdentifierScheme, IdentifierUse
from casefiles.registry.models import Place, PlaceKind, Vessel
from casefiles.voyages.detecting.elsewhere import EARLIEST_ZONE_S, LATEST_ZONE_S, Sighting
from casefiles.voyages.detecting.harbours import Harbour
from casefiles.voyages.detecting.tracks import Track
from casefiles.voyages.models import PortCall, Position, PositionImport
from casefiles.voyages.selectors.calls import port_calls_of

DAY_S = 86_400
# Sea areas and regions are no place to call at.
HARBOUR_KINDS = (
    PlaceKind.PORT, PlaceKind.BERTH, PlaceKind.SHIPYARD, PlaceKind.ANCHORAGE, PlaceKind.NAVAL, PlaceKind.DEPOT,
)  # fmt: skip
# A source that names a port does not say at which of its berths, some kilometres apart.
LEAST_WITHIN_NM = 4 / 1.852


class TooManyPositions(Exception):
    """More fixes than one look takes; a narrower window helps."""


@dataclass(frozen=True)
class Radio:
    """A number, and for how long it belongs to what is looked at; None where it has no such bound."""

    mmsi: str
    from_s: int | None = None
    until_s: int | None = None

    def within(self, since_s: int | None, until_s: int | None) -> "Radio":
        """Return the radio within a window."""
        starts = [bound for bound in (self.from_s, since_s) if bound is not None]
        ends = [bound for bound in (self.until_s, until_s) if bound is not None]
        return Radio(self.mmsi, max(starts, default=None), min(ends, default=None))


def radios_of(*vessels: Vessel, user: Any, circle: Circle | None = None) -> list[Radio]:
    """Return the MMSIs that dated numbers give to a vessel, each for the longest time that its period allows.

    Of several vessels that were judged to be one, the numbers of all.
    """
    of_them = IdentifierUse.objects.visible_to(user).current().filter(vessel__in=[one.pk for one in vessels])
    uses: QuerySet[Any] = of_them.filter(scheme=IdentifierScheme.MMSI)
    if circle is not None:
        uses = covering(uses, circle, "assertion")
    return [
        Radio(use.value, _day_s(use.period_start_earliest), _day_s(_end(use), is_end=True))
        for use in uses.order_by("period_start_key", "pk")
    ]


def _end(use: Any) -> datetime.date | None:
    day: datetime.date | None = use.period_end_latest if use.period_end_kind == "dated" else None
    return day


def _day_s(day: datetime.date | None, *, is_end: bool = False) -> int | None:
    """Return the second at which a calendar day without a zone begins at the earliest, or ends at the latest."""
    if day is None:
        return None
    start_s = (day - datetime.date(1970, 1, 1)).days * DAY_S
    return start_s + DAY_S + LATEST_ZONE_S if is_end else start_s - EARLIEST_ZONE_S


def imports_for(user: Any, circle: Circle) -> list[PositionImport]:
    """Return the position files that `user` and every reader of a circle may see."""
    rows = covering(PositionImport.objects.visible_to(user).usable(), circle, "item")
    return list(rows.order_by("created_at", "pk").only("pk", "number", "item_id"))


def track_of(radios: Iterable[Radio], imports: Iterable[PositionImport], user: Any, *, most: int) -> Track:
    """Return the fixes of radios in their windows, in the order of time, as one track.

    Raises:
        TooManyPositions: there are more than `most`.
    """
    radios, numbers = list(radios), [one.number for one in imports]
    rows: list[tuple[Any, ...]] = []
    for radio in radios:
        found = Position.objects.visible_to(user).filter(position_import__in=numbers)
        found = found.of_radio(radio.mmsi, from_s=radio.from_s, until_s=radio.until_s)
        columns = found.values_list("epoch_s", "latitude", "longitude", "speed_kn", "position_import_id", "row")
        rows.extend(columns.order_by("epoch_s", "pk")[: most + 1 - len(rows)])
        if len(rows) > most:
            raise TooManyPositions
    if len(radios) > 1:
        rows.sort(key=lambda row: row[0])
    return Track(radios[0].mmsi if len(radios) == 1 else "", rows)


def harbours_for(user: Any, circle: Circle) -> list[Harbour]:
    """Return the places with a point where ships call, as far as every reader of a circle may see them."""
    places = Place.objects.visible_to(user).current().filter(kind__in=HARBOUR_KINDS, latitude__isnull=False)
    rows = covering(places, circle).order_by("pk").values_list("pk", "latitude", "longitude")
    return [Harbour(*row) for row in rows]


def sightings_of(*vessels: Vessel, user: Any, circle: Circle) -> list[Sighting]:
    """Return when and where sources put a vessel: port calls of which it is the only candidate, at known points.

    Several that were judged to be one are one candidate.
    """
    calls = covering(port_calls_of(user=user, vessels=vessels), circle, "assertion")
    keys = {one.pk for one in vessels}
    return [
        sighting
        for call in calls
        if {candidate.vessel_id for candidate in call.candidates.all()} <= keys and call.place.latitude is not None
        for sighting in _sightings(call)
    ]


def _sightings(call: PortCall) -> Iterable[Sighting]:
    for name in ("arrived", "seen", "departed"):
        earliest, latest = (getattr(call, f"{name}_{bound}") for bound in ("earliest", "latest"))
        start_s, end_s = _day_s(earliest), _day_s(latest, is_end=True)
        if start_s is not None and end_s is not None:
            within_nm = max(LEAST_WITHIN_NM, (call.place.precision_m or 0) / 1852)
            latitude, longitude = call.place.latitude or 0.0, call.place.longitude or 0.0
            yield Sighting(call.pk, start_s, end_s, latitude, longitude, within_nm)
