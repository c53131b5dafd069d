"""Everything that a page about movements shows beside the track: places, events, and the page's own addresses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from casefiles.core.addresses import record_address
from casefiles.core.chart import Port
from casefiles.registry.models import Place
from casefiles.voyages.models import Decision, PortCall, TrackEvent
from casefiles.voyages.selectors.drawing import DrawnTrack
from casefiles.voyages.selectors.tracks import Radio
from casefiles.voyages.track_files import as_time

MOST_EVENTS = 200
MOST_PLACES = 40


@dataclass(frozen=True)
class MapPlace:
    """A place on the map, how precisely it is known, and what happened there."""

    name: str
    latitude: float
    longitude: float
    radius_m: int
    text: str
    url: str


def address_query(radios: Iterable[Radio]) -> str:
    """Return the query that names radios, each with its window: `radio=273456780:1707436800:`."""
    values = [(radio.mmsi, _text(radio.from_s), _text(radio.until_s)) for radio in radios]
    return urlencode([("radio", ":".join(parts)) for parts in values])


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def radio_from(text: str) -> Radio:
    """Read one `radio=` of an address.

    Raises:
        ValueError: it is none.
    """
    mmsi, from_s, until_s = [*text.split(":"), "", ""][:3]
    if len(mmsi) != 9 or not mmsi.isascii() or not mmsi.isdigit():
        raise ValueError(text)
    return Radio(mmsi, _seconds(from_s), _seconds(until_s))


def _seconds(text: str) -> int | None:
    if not text:
        return None
    value = int(text)
    if abs(value) > 10**11:
        raise ValueError(text)
    return value


def places_of_calls(calls: Sequence[PortCall]) -> list[MapPlace]:
    """Return the places of port calls that have a point, each with all that happened there; no queries."""
    found: dict[Any, tuple[Place, list[str]]] = {}
    for call in calls:
        if call.place.latitude is not None and len(found) < MOST_PLACES:
            said = f"{call.get_activity_display()}: {call.when}"
            found.setdefault(call.place_id, (call.place, []))[1].append(said)
    return [
        MapPlace(
            name=place.name,
            latitude=place.latitude or 0.0,
            longitude=place.longitude or 0.0,
            radius_m=place.precision_m or 0,
            text="; ".join(said),
            url=record_address("workspace:place", place.pk),
        )
        for place, said in found.values()
    ]


def ports_on(places: Iterable[MapPlace]) -> list[Port]:
    """Return places as the chart takes them."""
    return [
        Port(
            key=place.url,
            name=place.name,
            latitude=place.latitude,
            longitude=place.longitude,
            precision_m=place.radius_m or None,
            title=f"{place.name}: {place.text}",
            url=place.url,
        )
        for place in places
    ]


def events_on(radios: Sequence[Radio], user: Any) -> list[TrackEvent]:
    """Return what detection found in the tracks of radios and nobody rejected, each once, in the order of time."""
    numbers = [radio.mmsi for radio in radios]
    rows = TrackEvent.objects.visible_to(user).current().filter(mmsi__in=numbers).exclude(decision=Decision.REJECTED)
    found: dict[tuple[Any, ...], TrackEvent] = {}
    for event in rows.order_by("-created_at", "pk")[: 4 * MOST_EVENTS]:
        found.setdefault((event.kind, event.mmsi, event.other_mmsi, event.start_at, event.end_at), event)
    return sorted(found.values(), key=lambda event: (event.start_at, event.pk))[:MOST_EVENTS]


def as_map_data(places: Iterable[MapPlace], events: Iterable[TrackEvent]) -> dict[str, Any]:
    """Return what the map's script reads from the page."""
    return {
        "places": [
            {
                "name": place.name,
                "point": [place.longitude, place.latitude],
                "radius_m": place.radius_m,
                "text": place.text,
                "url": place.url,
            }
            for place in places
        ],
        "events": [
            {
                "text": str(event),
                "point": [event.longitude, event.latitude],
                "start": int(event.start_at.timestamp()),
                "end": int(event.end_at.timestamp()),
                "url": record_address("voyages:track_event", event.pk),
            }
            for event in events
        ],
    }


def as_points(tracks: Iterable[DrawnTrack]) -> dict[str, Any]:
    """Return drawn tracks as the map's script reads them: [longitude, latitude, seconds] for each point."""
    return {
        "tracks": [
            {
                "mmsi": track.mmsi,
                "is_whole": track.is_whole,
                "fixes": track.fixes,
                "pieces": [
                    [[round(longitude, 5), round(latitude, 5), epoch_s] for longitude, latitude, epoch_s in piece]
                    for piece in track.pieces
                ],
            }
            for track in tracks
        ]
    }


def time_text(epoch_s: int) -> str:
    return as_time(epoch_s).replace("T", " ").replace("Z", "")
