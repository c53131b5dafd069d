"""Forms for editions of lists."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.access.forms import CircleForm
from casefiles.core.forms import Form, RecordField
from casefiles.evidence.models import Source
from casefiles.evidence.uploads import UploadField, UploadForm
from casefiles.sanctions.models import Authority, ListEntry, ListKey, Programme, Verdict
from casefiles.sanctions.selectors.newer import Difference


class EditionForm(UploadForm):
    """The files of one edition, and what they do not say themselves."""

    file = UploadField(
        most=3,
        label=_("File"),
        help_text=_("As its maker publishes it. OFAC's ALT.CSV and ADD.CSV are chosen together with SDN.CSV."),
    )
    list_key = forms.ChoiceField(label=_("List"), choices=ListKey.choices)
    published_on = forms.DateField(
        label=_("Published on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Only where the file does not say it: OFAC's tables and OpenSanctions do not."),
    )
    title = forms.CharField(
        label=_("Title"), max_length=500, required=False, help_text=_("Empty: the list and the day.")
    )
    source = RecordField(
        model=Source,
        suggest_url="evidence:source_suggest",
        create_url="evidence:source_add",
        required=False,
        label=_("Source"),
    )
    encoding = forms.CharField(
        label=_("Encoding"),
        max_length=40,
        required=False,
        help_text=_("Only where names come out wrong: such as windows-1251."),
    )

    field_order = ("file", "list_key", "published_on", "title", "source", "encoding")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("file") or cleaned.get("received")) and "file" not in self.errors:
            self.add_error("file", _("Choose a file."))
        return cleaned


class ApplyForm(Form):
    """Whether an edition that is older than one applied is meant as an older one."""

    as_older = forms.BooleanField(
        label=_("Keep it as an older edition; the newer one stays the newest"), required=False
    )


class SetAsideForm(Form):
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class FromEntryForm(Form):
    """Under whose authority, and which programme, an entry becomes a designation."""

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


class RefreshForm(Form):
    """Which fields of a designation are taken over from a newer edition.

    A choice names the entry whose value was shown (`in_force@…`): where a still newer edition was applied meanwhile,
    what it says has been seen by nobody.
    """

    take = forms.MultipleChoiceField(
        label=_("Take over"),
        required=False,
        choices=(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("The record or the list says something else by now. Look, and choose anew.")
        },
    )

    def __init__(self, *args: Any, differences: Sequence[Difference], entry: ListEntry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["take"].choices = [  # type: ignore[attr-defined]
            (f"{one.field}@{entry.pk}", f"{one.label}: {one.held} → {one.now}") for one in differences
        ]

    def clean_take(self) -> list[str]:
        return [chosen.partition("@")[0] for chosen in self.cleaned_data["take"]]


class DecisionForm(CircleForm):
    """Whether an entry of a list is the one looked for."""

    verdict = forms.ChoiceField(label=_("Decision"), choices=Verdict.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}))

    field_order = ("verdict", "reason", "circle")
