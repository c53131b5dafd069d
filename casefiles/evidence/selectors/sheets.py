"""The sheet of an image as the item's page shows it: its values, what is seen in it, and what its files offer."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.core.basemap import coastline_file
from casefiles.core.geodesy import show_position
from casefiles.core.moments import Moment, NotUnderstood, parse_moment
from casefiles.core.outlines import DrawnOutline, draw_outline
from casefiles.evidence import footprints
from casefiles.evidence.actions.sheets import MOMENTS, sighting_of
from casefiles.evidence.identification import Doubt, doubts, length_in_pixels
from casefiles.evidence.models import ImageObservation, ImageSheet, Item, Reading
from casefiles.evidence.proposals import Proposal, proposals
from casefiles.evidence.vocabulary import ItemKind
from casefiles.registry.models import Vessel

SHOWN = (
    "provider", "platform", "sensor", "gsd_m", "off_nadir_deg", "cloud_fraction", "sun_elevation_deg",
    "sun_azimuth_deg", "scene_id",
)  # fmt: skip
IMAGES = frozenset({ItemKind.SATELLITE_IMAGE, ItemKind.PHOTOGRAPH})
READERS = frozenset({"image", "heif", "tiff", "stac"})
NEW, SAME, OTHER = "new", "same", "other"
DOUBTS = {
    Doubt.TOO_FEW_PIXELS: gettext_lazy("The ship is under 10 pixels long in this image: too few to tell it by."),
    Doubt.NO_LENGTH: gettext_lazy("No length of the ship is known, so nobody can say how many pixels it has here."),
    Doubt.NO_GSD: gettext_lazy("The sheet has no ground sample distance, so nobody can say how sharp the image is."),
    Doubt.OTHER_LENGTH: gettext_lazy("The measured length is not that of the ship, even within its error."),
}


@dataclass(frozen=True)
class Offered:
    """A value that a file offers; `state` says how the sheet stands to it: new, same or other."""

    reading: Reading
    key: str
    label: str
    text: str
    where: str
    is_measured: bool
    state: str
    recorded: str


@dataclass(frozen=True)
class Seen:
    """An observation with its look-alikes as far as the reader sees them, and what to warn of."""

    observation: ImageObservation
    vessels: tuple[Vessel, ...]
    pixels: float | None
    doubts: tuple[str, ...]


@dataclass(frozen=True)
class SheetPart:
    """What the item's page shows about an image as an image; nothing of it where `is_offered` is false."""

    sheet: ImageSheet | None
    rows: tuple[tuple[str, str], ...]
    times: tuple[tuple[str, Moment | None], ...]
    seen: tuple[Seen, ...]
    offered: tuple[Offered, ...]
    outline: DrawnOutline | None
    extent: str
    is_offered: bool

    @property
    def version(self) -> int:
        return self.sheet.version if self.sheet else 0

    @property
    def open_offers(self) -> list[Offered]:
        return [one for one in self.offered if one.state != SAME]


def sheet_part(item: Item, user: Any, found: Iterable[Reading] | None = None) -> SheetPart:
    """Return what the page of an item shows about its sheet; five queries at most, whatever there is to show.

    `found` is what was read from its files, in their order, where the caller has it.
    """
    sheet = sheet_of(item, user)
    if found is None:
        rows = Reading.objects.visible_to(user).filter(item=item)
        found = rows.select_related("file").order_by("file__created_at", "pk")
    readings = [reading for reading in found if reading.reader in READERS]
    footprint = sheet.footprint if sheet else None
    return SheetPart(
        sheet=sheet,
        rows=tuple((label_of(name), _text(name, getattr(sheet, name))) for name in SHOWN) if sheet else (),
        times=tuple((label_of(name), getattr(sheet, name)) for name in MOMENTS) if sheet else (),
        seen=seen_in(sheet, user) if sheet else (),
        offered=offered(sheet, readings),
        outline=_outline(footprint) if footprint else None,
        extent=extent_of(footprint) if footprint else "",
        is_offered=bool(sheet or readings or item.kind in IMAGES),
    )


def sheet_of(item: Item, user: Any) -> ImageSheet | None:
    """Return the sheet of an image that stands, or None."""
    rows = ImageSheet.objects.visible_to(user).current().filter(item=item)
    found: ImageSheet | None = rows.select_related("stac_item", "created_by").first()
    return found


def seen_in(sheet: ImageSheet, user: Any) -> tuple[Seen, ...]:
    """Return the observations that stand, in the order they were recorded; two queries."""
    vessels = Vessel.objects.visible_to(user).order_by("display_name_key", "pk")
    rows = (
        ImageObservation.objects.visible_to(user)
        .current()
        .filter(sheet=sheet)
        .select_related("created_by")
        .prefetch_related(Prefetch("look_alike_vessels", queryset=vessels, to_attr="visible_look_alikes"))
        .order_by("created_at", "pk")
    )
    return tuple(_seen(observation, sheet) for observation in rows)


def _seen(observation: ImageObservation, sheet: ImageSheet) -> Seen:
    vessels: tuple[Vessel, ...] = tuple(observation.visible_look_alikes)
    sighting = sighting_of(observation, look_alikes_count=len(vessels), gsd_m=sheet.gsd_m)
    pixels = length_in_pixels(sighting)
    return Seen(observation, vessels, pixels, tuple(str(DOUBTS[doubt]) for doubt in doubts(sighting)))


def offered(sheet: ImageSheet | None, readings: Iterable[Reading]) -> tuple[Offered, ...]:
    """Return what readings offer for the sheet; the same value for the same field once, from the first file."""
    found: dict[tuple[str, str], Offered] = {}
    for reading in readings:
        for proposal in proposals(reading.measured, reading.claims):
            one = offer(sheet, reading, proposal)
            if one is not None:
                found.setdefault((proposal.name, one.text), one)
    return tuple(found.values())


def offer(sheet: ImageSheet | None, reading: Reading, proposal: Proposal) -> Offered | None:
    """Return one proposal beside what the sheet says; None where it is a time or a footprint that cannot be read."""
    value = _as_field(proposal)
    if value is None:
        return None
    recorded = getattr(sheet, proposal.name) if sheet else None
    state = NEW if recorded in (None, "") else SAME if _same(value, recorded) else OTHER
    return Offered(
        reading,
        proposal.key,
        label_of(proposal.name),
        _text(proposal.name, value),
        proposal.where,
        proposal.is_measured,
        state,
        _text(proposal.name, recorded),
    )


def _as_field(proposal: Proposal) -> Any:
    try:
        if proposal.name in MOMENTS:
            return parse_moment(proposal.value)
        return footprints.checked(proposal.value) if proposal.name == "footprint" else proposal.value
    except (NotUnderstood, footprints.InvalidFootprint):
        return None


def _same(value: Any, recorded: Any) -> bool:
    if isinstance(value, Moment):
        return bool(value.edtf == recorded.edtf)
    return bool(value == recorded)


def label_of(name: str) -> str:
    """Return what people call a field of the sheet."""
    field = getattr(ImageSheet, name) if name in MOMENTS else ImageSheet._meta.get_field(name)
    return str(field.verbose_name)  # type: ignore[union-attr]


def _text(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name == "footprint":
        return extent_of(value)
    if isinstance(value, Moment):
        return value.describe()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def extent_of(footprint: footprints.GeoJson) -> str:
    """Return how large a footprint is, and where its middle lies."""
    wide, high = footprints.size_km(footprint)
    longitude, latitude = footprints.middle(footprint)
    words = {"wide": f"{wide:.3g}", "high": f"{high:.3g}", "place": show_position(latitude, longitude)}
    return _("about %(wide)s × %(high)s km around %(place)s") % words


def _outline(footprint: footprints.GeoJson) -> DrawnOutline:
    around = footprints.box(footprint)
    rings = footprints.outer_rings(footprint)
    if around.east > 180:
        rings = [[(x + 360 if x < 0 else x, y) for x, y in ring] for ring in rings]
    return draw_outline(rings, coastline=coastline_file())
