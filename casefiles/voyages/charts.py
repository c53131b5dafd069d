"""Where ships were seen, on a small map: only ports are drawn, and lines that join them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from casefiles.core import chart
from casefiles.core.basemap import coastline_file
from casefiles.core.chart import Chart, Leg, Port
from casefiles.registry.models import Place
from casefiles.voyages.models import PortCall, Voyage

# Widths at which letters come out readable: in a card beside the page, and across a page.
CARD_WIDTH, PAGE_WIDTH = 500, 1600


@dataclass(frozen=True)
class PlaceLine:
    """A place of the map as a line of the table beside it; `happened` says in words what was seen there and when."""

    id: uuid.UUID
    name: str
    url: str
    detail: str
    point: str
    precision: str
    happened: tuple[str, ...]
    is_drawn: bool
    is_possible: bool


@dataclass(frozen=True)
class PortChart:
    """The map, or None where no place has a point, and every place with what happened there."""

    chart: Chart | None
    places: tuple[PlaceLine, ...]
    voyages: tuple[str, ...]

    @property
    def undrawn(self) -> tuple[PlaceLine, ...]:
        return tuple(line for line in self.places if not line.is_drawn)


def chart_of_port_calls(
    port_calls: Sequence[PortCall],
    voyages: Sequence[Voyage] = (),
    places: Iterable[Place] = (),
    *,
    areas: Sequence[chart.Area] = (),
    marks: Sequence[chart.Mark] = (),
    width: int = chart.WIDTH,
    tallest: float = chart.TALLEST,
) -> PortChart:
    """Return the map of port calls, of the ends of voyages, and of further places, areas and marks; no queries.

    Give port calls `with_places` and voyages `with_ends`. A wider sheet shows smaller letters.
    """
    happened = _happened(port_calls)
    found = {place.pk: place for place in [*(call.place for call in port_calls), *_ends(voyages), *places]}
    lines = [_line(place, happened.get(place.pk, ())) for place in found.values()]
    ports = [_port(found[line.id], line) for line in lines if line.is_drawn]
    legs = [leg for voyage in voyages if (leg := _leg(voyage))]
    return PortChart(
        chart=chart.draw(
            ports, legs, areas=areas, marks=marks, coastline=coastline_file(), width=width, tallest=tallest
        ),
        places=tuple(lines),
        voyages=tuple(_said(voyage) for voyage in voyages),
    )


def _happened(port_calls: Sequence[PortCall]) -> dict[uuid.UUID, list[PortCall]]:
    found: dict[uuid.UUID, list[PortCall]] = {}
    for call in port_calls:
        found.setdefault(call.place_id, []).append(call)
    return found


def _ends(voyages: Iterable[Voyage]) -> Iterable[Place]:
    for voyage in voyages:
        for call in (voyage.departure, voyage.arrival):
            if call is not None:
                yield call.place


def _line(place: Place, calls: Sequence[PortCall]) -> PlaceLine:
    has_point = place.latitude is not None and place.longitude is not None
    return PlaceLine(
        id=place.pk,
        name=place.name,
        url=place.get_absolute_url(),
        detail=place.detail_line,
        point=_rough_point(place.latitude, place.longitude),
        precision=_("within %(km)s km") % {"km": f"{place.precision_m / 1000:g}"} if place.precision_m else "",
        happened=tuple(f"{call.vessel_names}, {call.get_activity_display()}: {call.when}" for call in calls),
        is_drawn=has_point,
        is_possible=bool(calls) and not any(call.is_identified for call in calls),
    )


def _rough_point(latitude: float | None, longitude: float | None) -> str:
    """Return a point to a hundredth of a degree, about a kilometre: no source knows a port any better."""
    if latitude is None or longitude is None:
        return ""
    north, east = ("N" if latitude >= 0 else "S"), ("E" if longitude >= 0 else "W")
    return f"{abs(latitude):.2f}° {north}, {abs(longitude):.2f}° {east}"


def _port(place: Place, line: PlaceLine) -> Port:
    words = "; ".join((place.name, *line.happened, *([line.precision] if line.precision else [])))
    return Port(
        key=str(place.pk),
        name=place.name,
        latitude=place.latitude or 0.0,
        longitude=place.longitude or 0.0,
        precision_m=place.precision_m,
        title=words,
        url=line.url,
        is_possible=line.is_possible,
    )


def _leg(voyage: Voyage) -> Leg | None:
    if voyage.departure is None or voyage.arrival is None:
        return None
    return Leg(
        start=str(voyage.departure.place_id),
        end=str(voyage.arrival.place_id),
        title=_said(voyage),
        url=voyage.get_absolute_url(),
        is_inferred=voyage.basis != "imagery",
    )


def _said(voyage: Voyage) -> str:
    when = voyage.sailed.describe() if voyage.sailed else _("date not known")
    return f"{voyage}: {when}"
