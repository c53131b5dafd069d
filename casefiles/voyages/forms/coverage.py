"""What is said of the coverage in the time of an event, and what shows it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.core.forms import Form
from casefiles.evidence.citing import CiteForm
from casefiles.evidence.vocabulary import Basis
from casefiles.voyages.models import Coverage


class CoverageForm(Form):
    answer = forms.ChoiceField(
        label=_("Was AIS of others received nearby at the time?"),
        choices=Coverage.choices,
        widget=forms.RadioSelect,
        help_text=_("Without coverage, silence says nothing about the ship."),
    )
    basis = forms.ChoiceField(label=_("Basis"), choices=Basis.choices, initial=Basis.DOCUMENT)
    note = forms.CharField(label=_("Note"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}))

    def fields_to_save(self) -> dict[str, Any]:
        return self.cleaned_data


class CitedCoverageForm(CoverageForm):
    """A statement begins with a source: without one it would count for nothing."""

    item = CiteForm.base_fields["item"]
    locator = CiteForm.base_fields["locator"]
    quote = CiteForm.base_fields["quote"]
