"""What people type when they ask for a review, give a verdict, or answer a remark."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from casefiles.cases.forms.fields import area
from casefiles.cases.models import Claim, VerdictKind
from casefiles.core.forms import Form


class AskForm(Form):
    """Which claims are to be reviewed. `claims` are those that may be chosen, by key."""

    claims = forms.MultipleChoiceField(
        label=_("Claims"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one claim.")},
        help_text=_("Those that are not approved are chosen; one that is in review already is not offered."),
    )
    note = forms.CharField(label=_("What to look at"), required=False, max_length=5000, widget=area())
    is_blind = forms.BooleanField(
        label=_("Two editors, neither seeing the other's verdict"),
        required=False,
        help_text=_("Both verdicts are shown at once, when the second one is in."),
    )

    def __init__(self, *args: Any, claims: Mapping[str, Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = claims
        self.fields["claims"].choices = [  # type: ignore[attr-defined]
            (key, f"{claim.label} {claim.text}") for key, claim in claims.items()
        ]

    def clean_claims(self) -> list[Claim]:
        return [self.offered[key] for key in self.cleaned_data["claims"]]


class VerdictRow:
    """The fields about one claim, for the template."""

    def __init__(self, form: "VerdictsForm", claim: Claim, line: Any) -> None:
        self.claim = claim
        self.line = line
        self.seen = form[f"seen_{claim.pk}"]
        self.verdict = form[f"verdict_{claim.pk}"]
        self.remark = form[f"remark_{claim.pk}"]


class VerdictsForm(Form):
    """A verdict on each of some claims; one without is left for later. `seen` says how each stood when it was shown."""

    def __init__(
        self, *args: Any, lines: Sequence[tuple[Claim, Any]], seen: Mapping[uuid.UUID, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for claim, _line in lines:
            self.fields[f"seen_{claim.pk}"] = forms.CharField(
                required=False, max_length=64, widget=forms.HiddenInput, initial=seen.get(claim.pk, "")
            )
            self.fields[f"verdict_{claim.pk}"] = forms.ChoiceField(
                label=now("Verdict on %(label)s") % {"label": claim.label},
                required=False,
                choices=[("", now("not yet")), *VerdictKind.choices],
                widget=forms.RadioSelect,
            )
            self.fields[f"remark_{claim.pk}"] = forms.CharField(
                label=now("Remark on %(label)s") % {"label": claim.label},
                required=False,
                max_length=5000,
                widget=area(2),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = {}
        for claim, _line in self.lines:
            verdict, remark = cleaned.get(f"verdict_{claim.pk}"), cleaned.get(f"remark_{claim.pk}", "")
            if verdict == VerdictKind.CHANGES_REQUESTED and not remark:
                words = now("Say what is to be changed: the remark goes to the authors.")
                self.add_error(f"remark_{claim.pk}", words)
            if not verdict and remark:
                self.add_error(f"verdict_{claim.pk}", now("Choose a verdict to go with the remark."))
            if verdict:
                given[claim] = (verdict, remark)
        if not given and not self.errors:
            self.add_error(None, now("Give a verdict on at least one claim."))
        seen = {claim.pk: cleaned.get(f"seen_{claim.pk}") or "-" for claim, _line in self.lines}
        return {"given": given, "seen": seen}

    @property
    def rows(self) -> list[VerdictRow]:
        return [VerdictRow(self, claim, line) for claim, line in self.lines]


class AnswerForm(Form):
    answer = forms.CharField(
        label=_("Answer"), max_length=5000, widget=area(), help_text=_("What was done about it, or why nothing was.")
    )
