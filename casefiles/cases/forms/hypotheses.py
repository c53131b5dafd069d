"""What people type about the hypotheses of a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.cases.actions.hypotheses import Cell, Rated
from casefiles.cases.forms.fields import area
from casefiles.cases.models import Claim, Hypothesis
from casefiles.core.forms import Form

CODES = (
    ("", _("– not rated")),
    ("CC", _("CC consistent, strong")),
    ("C", _("C consistent, weak")),
    ("N/A", _("N/A not applicable")),
    ("I", _("I inconsistent, weak")),
    ("II", _("II inconsistent, strong")),
)


class HypothesisForm(Form):
    text = forms.CharField(
        label=_("Hypothesis"),
        max_length=1000,
        widget=area(),
        help_text=_("One answer to the question of the case, which others compete with."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=area())


class WeighedClaimsForm(Form):
    """Which claims are rows of the matrix. `claims` are those of the case, by key."""

    claims = forms.MultipleChoiceField(label=_("Claims"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, claims: Mapping[str, Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claims = claims
        self.fields["claims"].choices = [  # type: ignore[attr-defined]
            (key, f"{claim.label} {claim.text}") for key, claim in claims.items()
        ]

    def clean_claims(self) -> list[Claim]:
        return [self.claims[key] for key in self.cleaned_data["claims"]]


@dataclass(frozen=True)
class RatingRow:
    """A claim of the matrix with the two inputs of each of its cells."""

    claim: Claim
    cells: tuple[tuple[Hypothesis, forms.BoundField, forms.BoundField], ...]


class RatingsForm(Form):
    """Every cell of the matrix: how a claim goes with a hypothesis, and why. Fields are named by the two numbers."""

    def __init__(self, *args: Any, hypotheses: Sequence[Hypothesis], claims: Sequence[Claim], **kwargs: Any) -> None:
        self.cells = {f"{claim.label}_{one.label}": (one, claim) for claim in claims for one in hypotheses}
        super().__init__(*args, **kwargs)
        for name, (hypothesis, claim) in self.cells.items():
            label = f"{claim.label}, {hypothesis.label}"
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=CODES)
            self.fields[f"{name}_why"] = forms.CharField(
                label=_("Why %(cell)s") % {"cell": label}, required=False, max_length=2000, widget=area(2)
            )

    @property
    def rows(self) -> list[RatingRow]:
        rows: dict[Claim, list[tuple[Hypothesis, forms.BoundField, forms.BoundField]]] = {}
        for name, (hypothesis, claim) in self.cells.items():
            rows.setdefault(claim, []).append((hypothesis, self[name], self[f"{name}_why"]))
        return [RatingRow(claim, tuple(cells)) for claim, cells in rows.items()]

    @property
    def rated(self) -> dict[Cell, Rated]:
        """What was typed of each cell, once the form is valid."""
        return {
            cell: Rated(self.cleaned_data[name], self.cleaned_data[f"{name}_why"]) for name, cell in self.cells.items()
        }
