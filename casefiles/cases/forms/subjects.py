"""What people type about the subjects of a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from casefiles.cases.forms.fields import OfCase, area, line
from casefiles.core.forms import Form, RecordField
from casefiles.registry.models import Organisation, Person, Place, Vessel


class SubjectForm(OfCase):
    vessel = RecordField(
        model=Vessel,
        label=_("Vessel"),
        suggest_url="registry:vessel_suggest",
        create_url="registry:vessel_add",
        required=False,
    )
    organisation = RecordField(
        model=Organisation,
        label=_("Organisation"),
        suggest_url="registry:organisation_suggest",
        create_url="registry:organisation_add",
        required=False,
    )
    person = RecordField(
        model=Person,
        label=_("Person"),
        suggest_url="registry:person_suggest",
        create_url="registry:person_add",
        required=False,
    )
    place = RecordField(
        model=Place,
        label=_("Place"),
        suggest_url="registry:place_suggest",
        create_url="registry:place_add",
        required=False,
    )
    role = forms.CharField(
        label=_("Role in the case"), required=False, max_length=100, widget=line(), help_text=_("“carrier”, “owner”.")
    )
    is_main = forms.BooleanField(label=_("Main subject: named in the head of the case"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=area())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        named = [name for name in ("vessel", "organisation", "person", "place") if cleaned.get(name)]
        if len(named) != 1 and not self.errors:
            self.add_error(None, now("Choose one vessel, organisation, person or place."))
        return cleaned


class SubjectEditForm(Form):
    role = forms.CharField(label=_("Role in the case"), required=False, max_length=100, widget=line(autofocus=True))
    is_main = forms.BooleanField(label=_("Main subject: named in the head of the case"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=area())
