"""What people type about an image: its sheet, what they see in it, and which value of a file they confirm."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.core.forms import Form, MomentField, RecordField
from casefiles.evidence.footprints import MOST_CHARACTERS, InvalidFootprint, read_footprint
from casefiles.evidence.forms import GroupedForm
from casefiles.evidence.models import File
from casefiles.evidence.vocabulary import SeenLevel
from casefiles.registry.models import Vessel

LONG = 20_000
LOOK_ALIKES = 2


def _line(label: Any, *, most: int, help_text: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"dir": "auto"})
    return forms.CharField(label=label, max_length=most, required=False, help_text=help_text, widget=widget)


def _text(label: Any, *, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    return forms.CharField(label=label, max_length=LONG, required=False, help_text=help_text, widget=widget)


def _number(label: Any, *, least: float, most: float, places: int, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        decimal_places=places,
        max_digits=9,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


class FootprintField(forms.CharField):
    """GeoJSON as text; `cleaned_data` holds the footprint, or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MOST_CHARACTERS)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return json.dumps(value) if isinstance(value, dict) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_footprint(text)
        except InvalidFootprint as refusal:
            raise ValidationError(refusal.reason, code="invalid_footprint") from refusal


class SheetForm(GroupedForm):
    """The sheet of an image. `stac_files` are those of its files that hold GeoJSON."""

    provider = _line(gettext_lazy("Provider"), most=200, help_text=gettext_lazy("Who runs the satellite or camera."))
    platform = _line(gettext_lazy("Platform"), most=200, help_text=gettext_lazy("Which satellite, aircraft or drone."))
    sensor = _line(gettext_lazy("Sensor"), most=200)
    scene_id = _line(gettext_lazy("Scene"), most=200, help_text=gettext_lazy("The provider's own number of the image."))
    acquired = MomentField(label=gettext_lazy("Acquired"), required=False)
    delivered = MomentField(label=gettext_lazy("Delivered"), required=False)
    published = MomentField(label=gettext_lazy("Published"), required=False)
    gsd_m = _number(gettext_lazy("Ground sample distance, m"), least=0.001, most=100_000, places=3)
    off_nadir_deg = _number(gettext_lazy("Off nadir, degrees"), least=0, most=90, places=2)
    cloud_fraction = _number(
        gettext_lazy("Cloud, fraction"), least=0, most=1, places=4, help_text=gettext_lazy("0.06 means 6 per cent.")
    )
    sun_elevation_deg = _number(gettext_lazy("Elevation of the sun, degrees"), least=-90, most=90, places=2)
    sun_azimuth_deg = _number(gettext_lazy("Azimuth of the sun, degrees"), least=0, most=360, places=2)
    footprint = FootprintField(
        label=gettext_lazy("Footprint"),
        required=False,
        help_text=gettext_lazy("A GeoJSON polygon, longitude first. Only its shape is kept."),
    )
    stac_item = forms.ChoiceField(
        label=gettext_lazy("File of its STAC item"),
        required=False,
        help_text=gettext_lazy("Which of the item's files describes the image, if one does."),
    )

    groups: ClassVar = (
        ("", ("provider", "platform", "sensor", "scene_id")),
        (gettext_lazy("Three different times"), ("acquired", "delivered", "published")),
        (
            gettext_lazy("How it was taken"),
            ("gsd_m", "off_nadir_deg", "cloud_fraction", "sun_elevation_deg", "sun_azimuth_deg"),
        ),
        ("", ("footprint", "stac_item")),
    )

    def __init__(self, *args: Any, stac_files: Iterable[File] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stac_files = {str(file.pk): file for file in stac_files}
        named = [(key, str(file)) for key, file in self.stac_files.items()]
        self.fields["stac_item"].choices = [("", _("none")), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "stac_item" in cleaned:
            cleaned["stac_item"] = self.stac_files.get(cleaned["stac_item"] or "")
        return cleaned


def _vessel(label: Any) -> RecordField:
    return RecordField(
        label=label,
        model=Vessel,
        suggest_url="registry:vessel_suggest",
        create_url="registry:vessel_add",
        required=False,
    )


class ObservationForm(GroupedForm):
    """What is seen; `cleaned_data["look_alike_vessels"]` has the vessels that it could also be."""

    seen = forms.CharField(
        label=gettext_lazy("What is seen"), max_length=500, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    level = forms.ChoiceField(
        label=gettext_lazy("How far it goes"),
        choices=SeenLevel.choices,
        initial=SeenLevel.DETECT,
        widget=forms.RadioSelect,
    )
    matching_features = _text(
        gettext_lazy("Features that match"),
        help_text=gettext_lazy("Bridge, funnel, cranes, hatches, colours: what is there as it should be."),
    )
    differing_features = _text(gettext_lazy("Features that do not"))
    look_alikes = _text(
        gettext_lazy("Look-alikes considered"),
        help_text=gettext_lazy("Which other ships it could be, and what tells them apart."),
    )
    measured_m = _number(gettext_lazy("Measured length, m"), least=0.01, most=10_000, places=2)
    measured_error_m = _number(gettext_lazy("Error, ± m"), least=0, most=10_000, places=2)
    length_m = _number(
        gettext_lazy("Length of the ship, m"),
        least=0.01,
        most=10_000,
        places=2,
        help_text=gettext_lazy("As a register gives it, if it is known."),
    )

    def __init__(self, *args: Any, look_alikes_count: int = 0, **kwargs: Any) -> None:
        self.vessel_names = [f"look_alike_{number}" for number in range(1, max(look_alikes_count + 1, LOOK_ALIKES) + 1)]
        super().__init__(*args, **kwargs)
        for name in self.vessel_names:
            self.fields[name] = _vessel(_("A vessel that it could also be"))
            self.fields[name].user = self.user  # type: ignore[attr-defined]

    @property
    def field_groups(self) -> Any:
        self.groups = (  # type: ignore[misc]
            ("", ("seen", "level", "matching_features", "differing_features")),
            (_("Look-alikes"), ("look_alikes", *self.vessel_names)),
            (_("Lengths"), ("measured_m", "measured_error_m", "length_m")),
        )
        return super().field_groups

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        vessels: Sequence[Any] = [cleaned.pop(name, None) for name in self.vessel_names]
        cleaned["look_alike_vessels"] = [vessel for vessel in vessels if vessel]
        if cleaned.get("measured_error_m") is not None and cleaned.get("measured_m") is None:
            self.add_error("measured_m", _("Give the length that this error belongs to."))
        return cleaned


class OfferForm(Form):
    """Which value of which reading, and the version of the sheet that was looked at: 0 where there was none."""

    reading = forms.UUIDField(widget=forms.HiddenInput)
    key = forms.RegexField(regex=r"\A(?:measured|claim)-[a-z0-9_]{1,40}\Z", widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
