"""Forms for authorities, programmes and designations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.access.forms import CircleForm
from casefiles.core.countries import country_choices
from casefiles.core.forms import Form, MomentField, PeriodEndField, RecordField
from casefiles.evidence.vocabulary import Basis
from casefiles.registry.models import Organisation, Person, Vessel
from casefiles.sanctions.models import Authority, Measure, Programme


class AuthorityForm(Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=40, required=False, help_text=_("“OFAC”, “EU”."))
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("none")), *country_choices()]


class ProgrammeEditForm(Form):
    """What may change of a programme; its authority never does."""

    key = forms.CharField(label=_("Key"), max_length=40, help_text=_("As its authority writes it: “EU-MARE”."))
    name = forms.CharField(label=_("Name"), max_length=300)


class ProgrammeForm(ProgrammeEditForm):
    authority = RecordField(
        model=Authority,
        suggest_url="sanctions:authority_suggest",
        create_url="sanctions:authority_add",
        label=_("Authority"),
    )

    field_order = ("authority", "key", "name")


class DesignationForm(CircleForm):
    """One listing of one target; announced, in force and ended are three dates."""

    authority = RecordField(
        model=Authority,
        suggest_url="sanctions:authority_suggest",
        create_url="sanctions:authority_add",
        label=_("Authority"),
    )
    programme = RecordField(
        model=Programme,
        suggest_url="sanctions:programme_suggest",
        create_url="sanctions:programme_add",
        label=_("Programme"),
        required=False,
    )
    vessel = RecordField(
        model=Vessel,
        suggest_url="registry:vessel_suggest",
        create_url="registry:vessel_add",
        label=_("Vessel"),
        required=False,
    )
    organisation = RecordField(
        model=Organisation,
        suggest_url="registry:organisation_suggest",
        create_url="registry:organisation_add",
        label=_("Organisation"),
        required=False,
    )
    person = RecordField(
        model=Person,
        suggest_url="registry:person_suggest",
        create_url="registry:person_add",
        label=_("Person"),
        required=False,
    )
    announced = MomentField(label=_("Announced"), required=False)
    in_force = MomentField(label=_("In force from"), required=False)
    ended = PeriodEndField(
        label=_("Ended"),
        required=False,
        help_text=_("A date; “ongoing” where it has not ended; empty where that is not known."),
    )
    list_name = forms.CharField(label=_("List"), max_length=200, required=False)
    list_entry = forms.CharField(label=_("Number on the list"), max_length=80, required=False)
    measures = forms.MultipleChoiceField(
        label=_("Measures"), choices=Measure.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    grounds = forms.CharField(
        label=_("Grounds"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In our own words, or as a short quote with its source cited."),
    )
    basis = forms.ChoiceField(label=_("Basis"), choices=Basis.choices, initial=Basis.DOCUMENT)
    note = forms.CharField(label=_("Note"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}))

    def field_groups(self) -> list[dict[str, Any]]:
        def bound(*names: str) -> list[Any]:
            return [self[name] for name in names if name in self.fields]

        return [
            {"legend": "", "fields": bound("authority", "programme")},
            {
                "legend": _("What is designated: one vessel, organisation or person"),
                "fields": bound("vessel", "organisation", "person"),
            },
            {"legend": _("Three dates"), "fields": bound("announced", "in_force", "ended")},
            {
                "legend": "",
                "fields": bound("list_name", "list_entry", "measures", "grounds", "basis", "note", "circle"),
            },
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "ended" in cleaned:
            cleaned["ended"], cleaned["end_kind"] = cleaned["ended"]
        return cleaned


class DayForm(Form):
    """The day for which the page answers whether the designation was in force."""

    on = forms.DateField(label=_("In force on this date?"), widget=forms.DateInput(attrs={"type": "date"}))
