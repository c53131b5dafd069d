"""What a detection run found, ready to show."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casefiles.core.addresses import record_address
from casefiles.core.geodesy import show_position
from casefiles.voyages.detecting.thresholds import SOURCES
from casefiles.voyages.models import DetectionRun, PortCall, PositionImport, TrackEvent
from casefiles.voyages.vocabulary import COMPUTED, THRESHOLDS


@dataclass(frozen=True)
class CitedPosition:
    """One position that shows an event: when, where, and in which row of which file."""

    at: str
    point: str
    row: int
    file: str
    url: str


def events_of(run: DetectionRun, user: Any) -> QuerySet[TrackEvent]:
    events: QuerySet[TrackEvent] = TrackEvent.objects.visible_to(user).current().filter(run=run)
    return events.select_related("place")


def thresholds_of(run: DetectionRun) -> list[tuple[Any, float, str]]:
    """Return the thresholds of a run: what each is, its value, and where it comes from."""
    return [(THRESHOLDS[name], value, SOURCES[name]) for name, value in run.thresholds.items() if name in THRESHOLDS]


def computed(event: TrackEvent) -> list[tuple[Any, Any]]:
    """Return what was computed, in words."""
    return [(label, _said(event.values[name])) for name, label in COMPUTED.items() if name in event.values]


def _said(value: Any) -> Any:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _("cannot be computed") if value is None else f"{value:,}"


def cited_positions(event: TrackEvent, user: Any) -> list[CitedPosition]:
    """Return the positions that show an event, as far as their files are still seen."""
    rows = PositionImport.objects.visible_to(user).filter(pk__in={cited["import"] for cited in event.cites})
    files = {str(one.pk): one for one in rows.select_related("item")}
    return [
        CitedPosition(
            at=cited["at"].replace("T", " ").replace("+00:00", ""),
            point=show_position(cited["latitude"], cited["longitude"]),
            row=cited["row"],
            file=files[cited["import"]].item.title,
            url=record_address("voyages:position_import", cited["import"]),
        )
        for cited in event.cites
        if cited["import"] in files
    ]


def port_calls_about(event: TrackEvent, user: Any) -> list[PortCall]:
    calls = PortCall.objects.visible_to(user).filter(pk__in=event.port_calls).with_places()
    return list(calls.order_by("when_key", "pk"))
