"""What people type to put the claims of a case in order: another place, two out of one, one out of two."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from casefiles.cases.actions import Goes
from casefiles.cases.forms.fields import ClaimField, OfCase, area
from casefiles.core.folding import visible_controls
from casefiles.core.forms import Form

HALVES = [
    (Goes.FIRST.value, _("stays with the first")),
    (Goes.BOTH.value, _("both")),
    (Goes.SECOND.value, _("goes to the second")),
]


class OrderForm(OfCase):
    """Another place for a claim: one step, by the buttons of the list, or before another claim."""

    move = forms.RegexField(r"^C-\d{1,6} (up|down)$", required=False, widget=forms.HiddenInput)
    claim = ClaimField(label=_("Claim"), required=False, help_text=_("Its number, or words from it."))
    before = ClaimField(label=_("Before"), required=False, help_text=_("Empty to put it last."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("move") and not cleaned.get("claim") and not self.errors:
            self.add_error("claim", now("Say which claim."))
        return cleaned


class MergeForm(OfCase):
    """The claim that stays, and why the two are one."""

    into = ClaimField(label=_("Merge into"), help_text=_("The claim that stays: its number, or words from it."))
    reason = forms.CharField(
        label=_("Why"), max_length=400, widget=area(), help_text=_("It stays with the claim that is merged.")
    )


class SplitForm(Form):
    """The words of both halves, and where each citation and stance goes. `rows` are their keys and words."""

    first = forms.CharField(
        label=_("First claim"), max_length=2000, widget=area(autofocus=True), help_text=_("It keeps the number.")
    )
    second = forms.CharField(label=_("Second claim"), max_length=2000, widget=area())

    def __init__(
        self,
        *args: Any,
        citations: Sequence[tuple[str, str]],
        stances: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.shared = {"citations": [key for key, _words in citations], "stances": [key for key, _words in stances]}
        for key, words in (*citations, *stances):
            self.fields[key] = forms.ChoiceField(
                label=visible_controls(words), choices=HALVES, initial=Goes.FIRST.value, widget=forms.RadioSelect
            )

    def goes(self, what: str) -> dict[str, str]:
        """Return where each of the "citations" or the "stances" goes, by key."""
        return {key: self.cleaned_data[key] for key in self.shared[what]}

    @cached_property
    def field_groups(self) -> list[dict[str, Any]]:
        legends = {"citations": _("Citations"), "stances": _("Stances")}
        groups = [{"legend": "", "fields": [self["first"], self["second"]]}]
        return groups + [
            {"legend": legends[what], "fields": [self[key] for key in keys]}
            for what, keys in self.shared.items()
            if keys
        ]
