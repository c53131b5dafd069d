"""Whether the dates of two port calls leave time for the way between them."""

import datetime
from dataclasses import dataclass

from casefiles.core.geodesy import great_circle_nm
from casefiles.registry.models import Place
from casefiles.voyages.models import PortCall, Voyage
from casefiles.voyages.sea_routes import SPEED_KN, least_hours, over_sea_nm


@dataclass(frozen=True)
class Passage:
    """`allowed_hours` is the longest time that the dates allow, None where they do not bound it."""

    great_circle_nm: float
    over_sea_nm: float | None
    speed_kn: float
    least_hours: float
    allowed_hours: float | None

    @property
    def is_possible(self) -> bool | None:
        """Say whether the time is enough along the great circle; None where the dates do not say."""
        return None if self.allowed_hours is None else self.allowed_hours >= self.least_hours


def passage_of(voyage: Voyage) -> Passage | None:
    """Return what a voyage's two places and dates come to; None where one of them has no point."""
    if voyage.departure is None or voyage.arrival is None:
        return None
    start, end = _point(voyage.departure.place), _point(voyage.arrival.place)
    if start is None or end is None or start == end:
        return None
    direct = great_circle_nm(*start, *end)
    return Passage(
        great_circle_nm=direct,
        over_sea_nm=over_sea_nm(start, end),
        speed_kn=SPEED_KN,
        least_hours=least_hours(direct),
        allowed_hours=_allowed_hours(voyage.departure, voyage.arrival),
    )


def _point(place: Place) -> tuple[float, float] | None:
    return None if place.latitude is None or place.longitude is None else (place.latitude, place.longitude)


def _allowed_hours(departure: PortCall, arrival: PortCall) -> float | None:
    """Return the hours from the first that it may have left to the last that it may have arrived."""
    left, reached = _earliest(departure), _latest(arrival)
    if left is None or reached is None:
        return None
    return ((reached - left).days + 1) * 24.0


def _earliest(call: PortCall) -> datetime.date | None:
    """Return the first day on which the ship may have left: it was still there when it was seen, and had arrived."""
    days = [getattr(call, f"{name}_earliest") for name in ("departed", "seen", "arrived")]
    return max((day for day in days if day), default=None)


def _latest(call: PortCall) -> datetime.date | None:
    """Return the last day on which the ship may have arrived: before it was seen there, and before it left."""
    days = [getattr(call, f"{name}_latest") for name in ("arrived", "seen", "departed")]
    return min((day for day in days if day), default=None)
