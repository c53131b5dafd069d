"""What people type about a case itself. The actions decide; here every mistake is explained at its field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.cases.forms.fields import area, line
from casefiles.cases.models import (
    CaseStatus,
)
from casefiles.core.forms import Form
from casefiles.evidence.vocabulary import Tlp


class OpenCaseForm(Form):
    title = forms.CharField(label=_("Title"), max_length=300, widget=line(autofocus=True))
    question = forms.CharField(
        label=_("Question"),
        required=False,
        max_length=10_000,
        widget=area(),
        help_text=_("What this case sets out to answer."),
    )
    handling = forms.ChoiceField(label=_("Handling"), choices=Tlp.choices, initial=Tlp.AMBER)
    opened_on = forms.DateField(
        label=_("Opened on"),
        required=False,
        help_text=_("As 2024-04-25; empty means today."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class EditCaseForm(OpenCaseForm):
    status = forms.ChoiceField(label=_("Status"), choices=CaseStatus.choices)
    summary = forms.CharField(
        label=_("Summary"),
        required=False,
        max_length=100_000,
        widget=area(12),
        help_text=_("Markdown. Cite with [[E-03]], [[E-03 p.4]], [[C-01]] or [[S-02]]."),
    )

    field_order = ("title", "question", "summary", "status", "handling", "opened_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_on"].required = True
        self.fields["opened_on"].help_text = ""
