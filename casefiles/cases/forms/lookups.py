"""What people type where they looked and found nothing, and where one claim rests on another."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from casefiles.cases.forms.fields import ClaimField, OfCase, area, line
from casefiles.cases.models import Claim, LookupResult
from casefiles.core.folding import visible_controls
from casefiles.core.forms import MomentField, PeriodForm


class LookupForm(PeriodForm):
    """Looked, found nothing. `claims` are those on which it may bear, by key."""

    searched = forms.CharField(
        label=_("What was searched"),
        max_length=300,
        widget=line(autofocus=True, **{"data-wide": ""}),
        help_text=_("The archive, register or database, and what for."),
    )
    result = forms.ChoiceField(
        label=_("Result"),
        choices=LookupResult.choices,
        widget=forms.RadioSelect,
        help_text=_("Only “not found” says that it is not there. Where the service failed, nothing was searched."),
    )
    looked = MomentField(label=_("Looked on"), required=False)
    looked_by = forms.CharField(
        label=_("Who looked"), required=False, max_length=200, widget=line(), help_text=_("Empty where it was you.")
    )
    claims = forms.MultipleChoiceField(
        label=_("Claims on which it bears"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=area())

    def __init__(self, *args: Any, claims: Mapping[str, Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named = claims
        self.fields["start"].label = _("Window from")
        self.fields["end"].label = _("Window until")
        self.fields["claims"].choices = [
            (key, visible_controls(f"{claim.label} {claim.text}")) for key, claim in claims.items()
        ]

    def clean_claims(self) -> list[Claim]:
        return [self.named[key] for key in self.cleaned_data["claims"]]

    @cached_property
    def field_groups(self) -> list[dict[str, Any]]:
        shown = ("searched", "result", "start", "end", "looked", "looked_by", "claims", "note")
        names = [name for name in shown if name != "claims" or self.named]
        return [{"legend": "", "fields": [self[name] for name in names]}]


class DependenceForm(OfCase):
    """The claim on which another one rests."""

    rests_on = ClaimField(
        label=_("Rests on"),
        help_text=_("Its number, or words from it. A claim of the kind “assumption” is shown as what is assumed."),
    )
    note = forms.CharField(
        label=_("Why it rests on it"), required=False, max_length=500, widget=line(**{"data-wide": ""})
    )
