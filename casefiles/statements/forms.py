"""Forms for statements and their translations."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.access.forms import CircleForm
from casefiles.core.countries import country_choices
from casefiles.core.forms import Form, MomentField, RecordField
from casefiles.registry.models import Organisation, Person
from casefiles.statements.models import Statement


class StatementForm(CircleForm):
    """What somebody said. A second-hand report is marked, so that it never shows as a direct quote."""

    DIRECT, REPORTED = "direct", "reported"
    MANNERS: ClassVar = [(DIRECT, _("Word for word")), (REPORTED, _("As somebody reported it"))]
    field_order = ("text", "is_reported", "speaker", "speaker_text", "organisation", "office", "state", "forum", "said")

    text = forms.CharField(label=_("Words"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 5}))
    is_reported = forms.ChoiceField(
        label=_("How these words are known"), choices=MANNERS, initial=DIRECT, widget=forms.RadioSelect
    )
    speaker = RecordField(
        model=Person,
        suggest_url="registry:person_suggest",
        create_url="registry:person_add",
        label=_("Speaker"),
        required=False,
    )
    speaker_text = forms.CharField(
        label=_("Speaker as named"),
        max_length=300,
        required=False,
        help_text=_("Where nobody is named: “a spokesperson”."),
    )
    organisation = RecordField(
        model=Organisation,
        suggest_url="registry:organisation_suggest",
        create_url="registry:organisation_add",
        label=_("Speaking for"),
        required=False,
    )
    office = forms.CharField(label=_("Office"), max_length=300, required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    forum = forms.CharField(
        label=_("Where it was said"), max_length=300, required=False, help_text=_("A press conference, an interview.")
    )
    said = MomentField(label=_("Said"), required=False)
    in_answer_to = RecordField(
        model=Statement,
        suggest_url="statements:statement_suggest",
        label=_("In answer to"),
        required=False,
        help_text=_("The statement that this one answers; its speaker, or words from it."),
    )
    language = forms.CharField(
        label=_("Language"), max_length=12, initial="en", help_text=_("As a code: “en”, “ru”, “zh”.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("none")), *country_choices()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "is_reported" in cleaned:
            cleaned["is_reported"] = cleaned["is_reported"] == self.REPORTED
        return cleaned


class RenderingForm(Form):
    language = forms.CharField(label=_("Language"), max_length=12, help_text=_("As a code: “en”, “fr”."))
    translator = forms.CharField(label=_("Translated by"), max_length=200, required=False)
    text = forms.CharField(label=_("Translation"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 5}))
