"""What the map of a case shows beside ports and voyages: images, and where deceptive practices were seen."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from casefiles.cases.models import Case, Exhibit
from casefiles.cases.selectors.timeline import Around
from casefiles.core.chart import Area, Mark
from casefiles.core.geodesy import show_position
from casefiles.core.moments import Moment
from casefiles.evidence.footprints import GeoJson, outer_rings
from casefiles.evidence.models import ImageSheet
from casefiles.particulars.models import AboutKind, DeceptivePractice
from casefiles.voyages.models import Decision, PortCall, TrackEvent

IMAGES_AT_MOST = 100
PRACTICES_AT_MOST = 200


@dataclass(frozen=True)
class ImageLine:
    """An image of the case and what it shows of the Earth."""

    title: str
    url: str
    acquired: Moment | None
    taken_by: str
    footprint: GeoJson

    @property
    def area(self) -> Area:
        when = self.acquired.describe() if self.acquired else ""
        rings = tuple(tuple(ring) for ring in outer_rings(self.footprint))
        return Area(rings, ", ".join(filter(None, (self.title, when))), self.url)


@dataclass(frozen=True)
class PracticeLine:
    """A deceptive practice of a subject; `point` is where, latitude and longitude, as far as that is known."""

    label: str
    vessel: str
    url: str
    where: str
    basis: str
    point: tuple[float, float] | None

    @property
    def title(self) -> str:
        return ", ".join(filter(None, (self.label, self.vessel, self.where)))

    @property
    def mark(self) -> Mark | None:
        return Mark(*self.point, self.title, self.url) if self.point else None


def images_of(case: Case, user: Any) -> list[ImageLine]:
    """Return the exhibits of a case whose image sheet has a footprint, the newest first; one query."""
    exhibits = Exhibit.objects.visible_to(user).current().filter(case=case).values("item_id")
    rows = ImageSheet.objects.visible_to(user).current().filter(item__in=exhibits, item__voided_at__isnull=True)
    rows = rows.exclude(footprint=None).select_related("item").order_by("-acquired_key", "pk")
    return [
        ImageLine(
            title=sheet.item.title,
            url=sheet.get_absolute_url(),
            acquired=sheet.acquired or sheet.item.occurred,
            taken_by=", ".join(filter(None, (sheet.provider, sheet.platform))),
            footprint=sheet.footprint or {},
        )
        for sheet in rows[:IMAGES_AT_MOST]
    ]


def practices_of(found: Around, user: Any) -> list[PracticeLine]:
    """Return the deceptive practices of the subjects of a case that were seen in one movement; three queries."""
    vessels = [subject.vessel_id for subject in found.subjects if subject.vessel_id]
    rows = DeceptivePractice.objects.visible_to(user).current().filter(vessel__in=vessels).exclude(about_kind="")
    practices = list(rows.select_related("vessel").order_by("practice", "pk")[:PRACTICES_AT_MOST])
    calls = _seen_in(PortCall, practices, user, "place")
    events = _seen_in(TrackEvent, practices, user)
    return [_practice(one, calls.get(one.about_id) or events.get(one.about_id)) for one in practices]


def _seen_in(model: Any, practices: Iterable[Any], user: Any, *related: str) -> dict[uuid.UUID, Any]:
    keys = {one.about_id for one in practices if one.about_kind == model._meta.label_lower}
    rows = model.objects.visible_to(user).current().filter(pk__in=keys)
    if model is TrackEvent:
        rows = rows.exclude(decision=Decision.REJECTED)
    return {row.pk: row for row in (rows.select_related(*related) if related else rows)}


def _practice(practice: Any, seen_in: Any) -> PracticeLine:
    point = _point(seen_in.place if isinstance(seen_in, PortCall) else seen_in)
    named = str(seen_in.place) if isinstance(seen_in, PortCall) else show_position(*point) if point else ""
    return PracticeLine(
        label=str(practice.get_practice_display()),
        vessel=str(practice.vessel),
        url=practice.get_absolute_url(),
        where=named or str(AboutKind(practice.about_kind).label),
        basis=str(practice.get_basis_display()),
        point=point,
    )


def _point(holder: Any) -> tuple[float, float] | None:
    if holder is None or holder.latitude is None or holder.longitude is None:
        return None
    return holder.latitude, holder.longitude
