"""Forms for looking at tracks, and for deciding about what was found."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.forms import CircleForm
from casefiles.core.forms import Form, MmsiField, RecordField
from casefiles.core.identifiers import InvalidIdentifier, parse_mmsi
from casefiles.registry.models import Place
from casefiles.voyages.detecting.thresholds import SOURCES, Thresholds
from casefiles.voyages.forms.calls import other_candidates, vessel_field
from casefiles.voyages.models import Activity
from casefiles.voyages.vocabulary import THRESHOLDS

MOST_OTHERS = 20
OTHER_VESSELS = 2


class DetectionForm(CircleForm):
    """Whose tracks, when, and by which thresholds; `thresholds()` is what the detectors take."""

    vessel = vessel_field(
        label=_("Vessel"), required=False, help_text=_("Its radios are those of its dated MMSIs, each for its time.")
    )
    mmsi = MmsiField(label=_("or one MMSI"), required=False)
    others = forms.CharField(
        label=_("Radios that it may have met"),
        max_length=400,
        required=False,
        help_text=_("MMSIs, separated by commas. Encounters are looked for with these."),
    )
    since = forms.DateTimeField(label=_("From, UTC"), required=False, help_text=_("Such as 2024-02-01 00:00."))
    until = forms.DateTimeField(
        label=_("Until, UTC"), required=False, help_text=_("Silence until then counts as an open gap.")
    )

    field_order = ("vessel", "mmsi", "since", "until", "others", "circle")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, default in Thresholds().as_json().items():
            self.fields[name] = forms.FloatField(
                label=THRESHOLDS[name],
                min_value=0.001,
                max_value=99_999,
                initial=f"{default:g}",
                help_text=SOURCES[name],
            )

    def field_groups(self) -> list[dict[str, Any]]:
        thresholds = [name for name in self.fields if name in THRESHOLDS]
        first = [name for name in self.fields if name not in THRESHOLDS]
        return [
            {"legend": "", "fields": [self[name] for name in first]},
            {"legend": _("Thresholds; the run stores them"), "fields": [self[name] for name in thresholds]},
        ]

    def clean_others(self) -> list[str]:
        try:
            numbers = [parse_mmsi(part).value for part in self.cleaned_data["others"].split(",") if part.strip()]
        except InvalidIdentifier as error:
            raise ValidationError(str(error.reason)) from error
        if len(numbers) > MOST_OTHERS:
            raise ValidationError(_gettext("Give at most %(count)d of them.") % {"count": MOST_OTHERS})
        return list(dict.fromkeys(numbers))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("vessel") and not cleaned.get("mmsi") and not {"vessel", "mmsi"} & set(self.errors):
            self.add_error("vessel", _gettext("Choose a vessel, or give an MMSI."))
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] >= cleaned["until"]:
            self.add_error("until", _gettext("It ends before it begins."))
        return cleaned

    def thresholds(self) -> Thresholds:
        return Thresholds.of({name: self.cleaned_data[name] for name in THRESHOLDS})

    def for_action(self) -> dict[str, Any]:
        names = ("vessel", "mmsi", "others", "since", "until", "circle")
        return {**{name: self.cleaned_data[name] for name in names}, "thresholds": self.thresholds()}


class AcceptEventForm(Form):
    """What is accepted, and what shows it."""

    reason = forms.CharField(
        label=_("What it rests on"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AcceptVisitForm(Form):
    """A port visit becomes a port call; where the ship is not certain, several are candidates."""

    place = RecordField(
        model=Place, suggest_url="registry:place_suggest", create_url="registry:place_add", label=_("Place")
    )
    vessels = vessel_field(label=_("Vessel"))
    activity = forms.ChoiceField(label=_("Activity"), choices=Activity.choices, initial=Activity.UNKNOWN)
    reason = forms.CharField(
        label=_("What it rests on"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.other_names = other_candidates(OTHER_VESSELS)
        for name in self.other_names:
            self.fields[name] = vessel_field(label=_("or"), required=False)
            self.fields[name].user = self.user
        self.order_fields(["place", "vessels", *self.other_names, "activity", "reason"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        others = [cleaned.pop(name, None) for name in self.other_names]
        if cleaned.get("vessels"):
            cleaned["vessels"] = list(dict.fromkeys(vessel for vessel in (cleaned["vessels"], *others) if vessel))
        return cleaned
