"""Forms for port calls and voyages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.access.forms import CircleForm
from casefiles.core.forms import MomentField, RecordField
from casefiles.evidence.vocabulary import Basis
from casefiles.registry.models import Place, Vessel
from casefiles.voyages.models import Activity, PortCall

OTHER_CANDIDATES = 3


def vessel_field(**kwargs: Any) -> RecordField:
    return RecordField(model=Vessel, suggest_url="registry:vessel_suggest", create_url="registry:vessel_add", **kwargs)


def other_candidates(count: int) -> list[str]:
    return [f"or_vessel_{number}" for number in range(1, count + 1)]


class PortCallForm(CircleForm):
    """A ship at a place. Where it could have been one of several, each is named; `cleaned_data["vessels"]` has them."""

    place = RecordField(
        model=Place, suggest_url="registry:place_suggest", create_url="registry:place_add", label=_("Place")
    )
    activity = forms.ChoiceField(label=_("Activity"), choices=Activity.choices, initial=Activity.UNKNOWN)
    vessels = vessel_field(label=_("Vessel"))
    arrived = MomentField(label=_("Arrived"), required=False)
    departed = MomentField(label=_("Departed"), required=False)
    seen = MomentField(
        label=_("Seen there"), required=False, help_text=_("Where neither arrival nor departure is known.")
    )
    basis = forms.ChoiceField(label=_("Basis"), choices=Basis.choices, initial=Basis.DOCUMENT)
    note = forms.CharField(label=_("Note"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, other_count: int = OTHER_CANDIDATES, **kwargs: Any) -> None:
        self.other_names = other_candidates(max(other_count, OTHER_CANDIDATES))
        super().__init__(*args, **kwargs)
        for name in self.other_names:
            self.fields[name] = vessel_field(label=_("or"), required=False)
            self.fields[name].user = self.user
        self.order_fields(["place", "activity", "vessels", *self.other_names])
        if "circle" in self.fields:
            self.fields["circle"] = self.fields.pop("circle")

    def field_groups(self) -> list[dict[str, Any]]:
        candidates = ["vessels", *self.other_names]
        others = [name for name in self.fields if name not in {"place", "activity", *candidates}]
        return [
            {"legend": "", "fields": [self["place"], self["activity"]]},
            {
                "legend": _("Which vessel; or which ones it may have been"),
                "fields": [self[name] for name in candidates],
            },
            {"legend": "", "fields": [self[name] for name in others]},
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        others = [cleaned.pop(name, None) for name in self.other_names]
        if "vessels" in cleaned:
            cleaned["vessels"] = [vessel for vessel in (cleaned["vessels"], *others) if vessel]
        return cleaned


class VoyageForm(CircleForm):
    """From one port call to another; either may be left empty where it is not known."""

    field_order = ("vessel", "sailed", "departure", "arrival", "cargo", "basis", "note", "circle")

    vessel = vessel_field(label=_("Vessel"))
    departure = RecordField(
        model=PortCall,
        suggest_url="voyages:port_call_suggest",
        create_url="voyages:port_call_add",
        label=_("Port call it left from"),
        required=False,
        help_text=_("By place or vessel; empty where it is not known."),
    )
    arrival = RecordField(
        model=PortCall,
        suggest_url="voyages:port_call_suggest",
        create_url="voyages:port_call_add",
        label=_("Port call it arrived at"),
        required=False,
        help_text=_("By place or vessel; empty where it is not known."),
    )
    sailed = MomentField(label=_("Under way"), required=False)
    cargo = forms.CharField(label=_("Cargo, as reported"), max_length=300, required=False)
    basis = forms.ChoiceField(label=_("Basis"), choices=Basis.choices, initial=Basis.DOCUMENT)
    note = forms.CharField(label=_("Note"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}))
