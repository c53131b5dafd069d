"""What was found in an item's files, as its page shows it: measured values and claims apart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casefiles.core.fields import MomentField
from casefiles.core.geodesy import show_position
from casefiles.core.moments import Moment, NotUnderstood
from casefiles.evidence import footprints
from casefiles.evidence.actions.claims import field_of, value_of
from casefiles.evidence.models import File, Item, Reading, Recognition, Rendering

NEW, SAME, OTHER = "new", "same", "other"
# What readers call their findings, for people; a key that is not here is shown with spaces for underscores.
LABELS = {
    "acquired": gettext_lazy("acquired"),
    "altitude_m": gettext_lazy("altitude, m"),
    "azimuth_deg": gettext_lazy("azimuth of the view, degrees"),
    "bits": gettext_lazy("bits of a number"),
    "canonical_url": gettext_lazy("canonical address"),
    "captured": gettext_lazy("time in the file"),
    "cloud_percent": gettext_lazy("cloud, %"),
    "crs": gettext_lazy("coordinate system"),
    "crs_name": gettext_lazy("its name"),
    "crs_unit": gettext_lazy("its unit"),
    "direction_deg": gettext_lazy("direction of the camera, degrees"),
    "duration_s": gettext_lazy("duration, s"),
    "focal_length_mm": gettext_lazy("focal length, mm"),
    "gps_time": gettext_lazy("time of the GPS"),
    "gsd_m": gettext_lazy("ground sample distance, m"),
    "height_px": gettext_lazy("height, pixels"),
    "incidence_deg": gettext_lazy("angle of incidence, degrees"),
    "off_nadir_deg": gettext_lazy("off nadir, degrees"),
    "overviews_px": gettext_lazy("smaller copies inside, pixels"),
    "pixel_size": gettext_lazy("pixel size, in its coordinate system"),
    "pixel_size_m": gettext_lazy("pixel size on the ground, m"),
    "position": gettext_lazy("position (latitude, longitude)"),
    "resolution_azimuth_m": gettext_lazy("resolution along the track, m"),
    "resolution_range_m": gettext_lazy("resolution across the track, m"),
    "scene_id": gettext_lazy("scene"),
    "shown_bands": gettext_lazy("shown from its bands (stretched)"),
    "sun_azimuth_deg": gettext_lazy("azimuth of the sun, degrees"),
    "sun_elevation_deg": gettext_lazy("elevation of the sun, degrees"),
    "tiles_px": gettext_lazy("tiles, pixels"),
    "url": gettext_lazy("address"),
    "width_px": gettext_lazy("width, pixels"),
}


@dataclass(frozen=True)
class Found:
    """One measured value."""

    label: str
    text: str


@dataclass(frozen=True)
class Claimed:
    """One claim of a file; `state` says how the record stands to it: new, same, other, or nothing to confirm into."""

    index: int
    label: str
    text: str
    where: str
    state: str = ""
    field: str = ""
    recorded: str = ""


_LEFT_OUT: dict[str, Callable[[int], str]] = {
    "scripts": lambda count: ngettext("%(count)d script", "%(count)d scripts", count),
    "frames": lambda count: ngettext(
        "%(count)d frame or embedded object", "%(count)d frames or embedded objects", count
    ),
    "fields": lambda count: ngettext("%(count)d field of a form", "%(count)d fields of forms", count),
    "outside": lambda count: ngettext(
        "%(count)d part that the file does not hold", "%(count)d parts that the file does not hold", count
    ),
}


@dataclass(frozen=True)
class Sheet:
    """One sheet of a page set anew; its size in CSS pixels."""

    number: int
    width: int
    height: int


def left_out_in_words(counts: Mapping[str, int]) -> list[str]:
    """Return what was left out of a page set anew, counted by kind, in words."""
    known = [(words, int(counts[kind])) for kind, words in _LEFT_OUT.items() if kind in counts]
    return [words(count) % {"count": count} for words, count in known]


@dataclass(frozen=True)
class ShownRendering:
    """A web page set anew, as an item's page shows it."""

    record: Rendering

    @property
    def sheets(self) -> list[Sheet]:
        sizes = self.record.findings.get("sizes", [])
        return [Sheet(number, width, height) for number, (width, height) in enumerate(sizes, 1)]

    @property
    def is_cut(self) -> bool:
        return int(self.record.findings.get("pages", 0)) > len(self.sheets)

    @property
    def left_out(self) -> list[str]:
        """What was left out of it, counted by kind."""
        return left_out_in_words(self.record.findings.get("left_out", {}))


@dataclass(frozen=True)
class FileReading:
    """A file and what was found in it; without a reading it waits to be read."""

    file: File
    reading: Reading | None
    measured: tuple[Found, ...] = ()
    claims: tuple[Claimed, ...] = ()

    @property
    def rendering(self) -> ShownRendering | None:
        """The page set anew, or why it was not; None while it waits, or where the file is no page."""
        found = getattr(self.file, "rendering", None)
        return ShownRendering(found) if found else None

    @property
    def recognition(self) -> Recognition | None:
        """The words recognised in its pictures, where there are any; loaded with the file."""
        found: Recognition | None = getattr(self.file, "recognition", None)
        return found if found and found.text_id else None


def readings_of(item: Item, files: Sequence[File], user: Any) -> tuple[FileReading, ...]:
    """Return what was found in each file as it was received, in their order; one query."""
    received = [file for file in files if not file.parent_id]
    rows = Reading.objects.visible_to(user).filter(file__in=received).select_related("text", "file")
    by_file = {reading.file_id: reading for reading in rows}
    return tuple(_file_reading(item, file, by_file.get(file.pk)) for file in received)


def _file_reading(item: Item, file: File, reading: Reading | None) -> FileReading:
    if reading is None:
        return FileReading(file, None)
    # In one order on both databases: PostgreSQL keeps the keys of a mapping in an order of its own.
    measured = tuple(Found(label_of(key), text_of(key, value)) for key, value in sorted(reading.measured.items()))
    claims = tuple(claimed(item, index, claim) for index, claim in enumerate(reading.claims))
    return FileReading(file, reading, measured, claims)


def claimed(item: Item, index: int, claim: Mapping[str, Any]) -> Claimed:
    """Return one claim as a page shows it beside what the item's record says."""
    key = str(claim.get("key", ""))
    text = text_of(key, claim.get("value"))
    row = Claimed(index, label_of(key), text, str(claim.get("where", "")))
    name = field_of(claim)
    if not name:
        return row
    recorded = getattr(item, name)
    state = _state(claim, recorded)
    shown = recorded.short() if isinstance(recorded, Moment) else str(recorded or "")
    return Claimed(index, row.label, text, row.where, state, _field_label(name), shown)


def _field_label(name: str) -> str:
    composite = getattr(Item, name, None)
    field = composite if isinstance(composite, MomentField) else Item._meta.get_field(name)
    return str(field.verbose_name)  # type: ignore[union-attr]


def _state(claim: Mapping[str, Any], recorded: Any) -> str:
    try:
        value = value_of(claim)
    except NotUnderstood:
        return ""
    if not recorded:
        return NEW if value else ""
    same = value.edtf == recorded.edtf if isinstance(value, Moment) else value == recorded
    return SAME if same else OTHER


def label_of(key: str) -> str:
    """Return what people call a finding."""
    return str(LABELS.get(key) or key.replace("_", " "))


def _footprint_text(value: Any) -> str:
    """Return how large a footprint is and where its middle lies; nothing for one that cannot be read."""
    try:
        footprint = footprints.checked(value)
    except footprints.InvalidFootprint:
        return ""
    wide, high = footprints.size_km(footprint)
    longitude, latitude = footprints.middle(footprint)
    size = {"wide": f"{wide:.3g}", "high": f"{high:.3g}", "place": show_position(latitude, longitude)}
    return _("about %(wide)s × %(high)s km around %(place)s") % size


def text_of(key: str, value: Any) -> str:
    """Return a finding's value in one line."""
    if key == "position" and isinstance(value, list) and len(value) == 2:
        return f"{value[1]}, {value[0]}"
    if key == "footprint":
        return _footprint_text(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return f"{value:.7g}"
    if isinstance(value, list):
        return ", ".join(text_of("", one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {text_of('', one)}" for name, one in sorted(value.items()))
    return "" if value is None else str(value)
