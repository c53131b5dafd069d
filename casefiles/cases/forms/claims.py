"""What people type about claims, and about citations on them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.cases.forms.fields import (
    EXHIBIT_HELP,
    LOCATOR_HELP,
    ClaimField,
    ExhibitField,
    OfCase,
    area,
    line,
    optional,
)
from casefiles.cases.models import (
    ClaimKind,
    Confidence,
    Likelihood,
    Outcome,
    Subject,
)
from casefiles.cases.reviewing import ReviewState
from casefiles.cases.standing import Standing
from casefiles.core.folding import visible_controls
from casefiles.core.forms import Form, MomentField, RecordField
from casefiles.evidence.vocabulary import CitationStance
from casefiles.registry.models import Place


class ClaimForm(OfCase):
    text = forms.CharField(
        label=_("Claim"),
        max_length=2000,
        widget=area(autofocus=True),
        help_text=_("One assertion, so that one citation can carry it."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ClaimKind.choices, widget=forms.RadioSelect, initial="fact")
    occurred = MomentField(label=_("When"), required=False)
    place = RecordField(
        model=Place,
        label=_("Where"),
        suggest_url="registry:place_suggest",
        create_url="registry:place_add",
        required=False,
    )
    likelihood = forms.ChoiceField(
        label=_("Likelihood"), choices=optional(Likelihood, _("not assessed")), required=False
    )
    confidence = forms.ChoiceField(
        label=_("Confidence"),
        choices=optional(Confidence, _("not assessed")),
        required=False,
        help_text=_("In the evidence, not in the event: kept apart from the likelihood."),
    )
    rationale = forms.CharField(label=_("Why this confidence"), required=False, max_length=10_000, widget=area())
    gaps = forms.CharField(
        label=_("What is missing, or would change the conclusion"), required=False, max_length=10_000, widget=area(2)
    )
    subjects = forms.MultipleChoiceField(
        label=_("What it is about"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_key = forms.BooleanField(label=_("Key judgement: stands at the front of the dossier"), required=False)

    def __init__(self, *args: Any, subjects: Mapping[str, Subject], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subjects = subjects
        self.fields["subjects"].choices = [(key, visible_controls(str(subject))) for key, subject in subjects.items()]  # type: ignore[attr-defined]
        if not subjects:
            del self.fields["subjects"]

    def clean_subjects(self) -> list[Subject]:
        return [self.subjects[key] for key in self.cleaned_data["subjects"]]


class OutcomeForm(Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=5000,
        widget=area(),
        help_text=_("Needed to withdraw or refute; it stays with the claim."),
    )


class CitingForm(OfCase):
    """Cites an exhibit on a claim. The page knows one of the two; the form asks for the other, with the focus on it.

    Not `is_next_step`: it stands on a page that somebody came to read.
    """

    claim = ClaimField(label=_("Claim"), help_text=_("Its number, or words from it."))
    exhibit = ExhibitField(label=_("Exhibit"), help_text=EXHIBIT_HELP)
    locator = forms.CharField(label=_("Where in it"), required=False, max_length=200, help_text=LOCATOR_HELP)
    quote = forms.CharField(
        label=_("Quote, in the original language"), required=False, max_length=10_000, widget=line(**{"data-wide": ""})
    )
    stance = forms.ChoiceField(
        label=_("Stance"),
        choices=CitationStance.choices,
        initial=CitationStance.SUPPORTS,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, known: str, is_next_step: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields[known]
        if is_next_step:
            asked = self.fields["claim" if known == "exhibit" else "exhibit"]
            asked.widget.widgets[0].attrs["autofocus"] = True


class CitationForm(Form):
    """Changes a citation."""

    locator = forms.CharField(label=_("Where in it"), required=False, max_length=200, help_text=LOCATOR_HELP)
    stance = forms.ChoiceField(label=_("Stance"), choices=CitationStance.choices, widget=forms.RadioSelect)
    quote = forms.CharField(
        label=_("Quote, in the original language"), required=False, max_length=10_000, widget=area()
    )
    quote_language = forms.CharField(
        label=_("Language of the quote"), required=False, max_length=12, help_text=_("As a code: “en”, “ru”, “ko”.")
    )
    translation = forms.CharField(label=_("Translation"), required=False, max_length=10_000, widget=area())


class ClaimsFilterForm(Form):
    """Narrows the list of claims; standings are computed, so the rows are filtered after reading.

    `subjects` are those of the case, by key.
    """

    q = forms.CharField(label=_("Number or words"), required=False, max_length=200)
    standing = forms.ChoiceField(label=_("Standing"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=optional(ClaimKind, _("any")))
    subject = forms.ChoiceField(label=_("About"), required=False)
    review = forms.ChoiceField(label=_("Review"), required=False)
    reviewer = forms.ChoiceField(label=_("Reviewed by"), required=False)

    STANDINGS = {
        Standing.CORROBORATED: _("Corroborated"),
        Standing.SINGLE_ORIGIN: _("Single origin"),
        Standing.LINEAGE_NOT_RECORDED: _("Lineage not recorded"),
        Standing.DISPUTED: _("Disputed"),
        Standing.UNSUPPORTED: _("Unsupported"),
        Standing.REFUTED: _("Refuted"),
        Standing.WITHDRAWN: _("Withdrawn"),
    }

    REVIEWS = {
        ReviewState.NOT_REVIEWED: _("Not reviewed"),
        ReviewState.IN_REVIEW: _("In review"),
        ReviewState.CHANGES_REQUESTED: _("Changes requested"),
        ReviewState.DISAGREED: _("Reviewers disagree"),
        ReviewState.REOPENED: _("Open again"),
        ReviewState.APPROVED: _("Approved"),
    }

    def __init__(
        self, *args: Any, subjects: Mapping[str, Subject], reviewers: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        states = [(state.value, words) for state, words in self.REVIEWS.items()]
        self.fields["review"].choices = [("", _("any")), *states]  # type: ignore[attr-defined]
        self.fields["reviewer"].choices = [("", _("anybody")), *reviewers]  # type: ignore[attr-defined]
        about = [(key, visible_controls(str(subject))) for key, subject in subjects.items()]
        self.fields["subject"].choices = [("", _("any")), *about]  # type: ignore[attr-defined]
        if not subjects:
            del self.fields["subject"]
        named = [(standing.value, words) for standing, words in self.STANDINGS.items()]
        self.fields["standing"].choices = [("", _("any")), *named]  # type: ignore[attr-defined]
