"""The hypotheses of a case: what it weighs against each other, by which claims, and how each analyst rates them."""

from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casefiles.cases import actions, selectors
from casefiles.cases.competing import MARKS
from casefiles.cases.forms.hypotheses import HypothesisForm, RatingsForm, WeighedClaimsForm
from casefiles.cases.models import Case, Claim, Hypothesis, RatingSheet, WeighedClaim
from casefiles.cases.selectors.hypotheses import Shown, mark_words
from casefiles.cases.views.base import CaseForm, CasePage, PartForm, RemovePart, undo
from casefiles.core.forms import ReasonForm
from casefiles.core.versions import StaleVersion

HYPOTHESES = gettext_lazy("Hypotheses")
VIEWS = (
    (Shown.MINE, gettext_lazy("Mine")),
    (Shown.ALL, gettext_lazy("All analysts")),
    (Shown.APART, gettext_lazy("Where they disagree")),
)


class Hypotheses(CasePage):
    """The hypotheses, their scores and the matrix; `?show=` says whose ratings."""

    template_name = "cases/hypotheses.html"
    tab = "hypotheses"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("show", "")
        shown = Shown(asked) if asked in set(Shown) else Shown.MINE
        matrix = selectors.matrix_of(self.case, self.user, shown)
        keys = [line.id for line in matrix.hypotheses]
        counts = selectors.comment_counts(self.case, self.user, "cases.hypothesis", keys)
        return super().get_context_data(
            talk=selectors.Talk(f"{self.address('discussion')}?about=cases.hypothesis:", counts),
            matrix=matrix,
            shown=str(shown),
            views=[(str(key), label, key == shown) for key, label in VIEWS],
            codes=[(code, mark_words(mark)) for code, mark in MARKS.items()],
            prefix=self.address("hypotheses"),
            **kwargs,
        )


class HypothesisForms(CaseForm):
    back = "hypotheses"
    crumb = HYPOTHESES

    def success_url(self, saved: Any) -> str:
        return str(saved.get_absolute_url())


class AddHypothesis(HypothesisForms):
    form_class = HypothesisForm
    title = gettext_lazy("Add a hypothesis")

    def perform(self, form: Any, *, version: int) -> Hypothesis:
        return actions.add_hypothesis(self.case, by=self.user, **form.cleaned_data)

    def success_message(self, saved: Hypothesis) -> str:
        return _("%(label)s was added.") % {"label": saved.label}

    def undo_for(self, saved: Hypothesis) -> dict[str, Any]:
        return undo(saved)


class HypothesisPart(PartForm, HypothesisForms):
    record_model = Hypothesis


class EditHypothesis(HypothesisPart):
    form_class = HypothesisForm
    is_edit = True
    title = gettext_lazy("Edit the hypothesis")

    def get_initial(self) -> dict[str, Any]:
        return {"text": self.record.text, "note": self.record.note}

    def perform(self, form: Any, *, version: int) -> Hypothesis:
        actions.change_hypothesis(self.record, by=self.user, version=version, **form.cleaned_data)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Hypothesis) -> str:
        return _("%(label)s was changed.") % {"label": saved.label}

    def undo_for(self, saved: Hypothesis) -> dict[str, Any]:
        return undo(saved, "undo")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        about = _("%(label)s keeps its ratings: a new question deserves a new hypothesis.")
        return super().get_context_data(about=about % {"label": self.record.label}, **kwargs)


class VoidHypothesis(HypothesisPart, RemovePart):
    form_class = ReasonForm
    title = gettext_lazy("Take the hypothesis out")
    submit_label = gettext_lazy("Take it out")

    def consequences(self) -> list[str]:
        return [
            _("%(label)s leaves the matrix with its ratings; its number stays, with your reason.")
            % {"label": self.record.label}
        ]

    def perform(self, form: Any, *, version: int) -> Hypothesis:
        actions.void_hypothesis(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]

    def success_url(self, saved: Hypothesis) -> str:
        return self.address("hypotheses")


class WeighClaims(HypothesisForms):
    """Chooses the rows of the matrix. Only what was ticked or unticked here changes, whoever else chose meanwhile."""

    form_class = WeighedClaimsForm
    is_edit = True
    title = gettext_lazy("Choose the claims to weigh")

    @cached_property
    def claims(self) -> dict[str, Claim]:
        found = selectors.numbered_claims(self.case, self.user).order_by("number", "pk")
        return {str(claim.pk): claim for claim in found}

    def form_kwargs(self) -> dict[str, Any]:
        return {"claims": self.claims}

    def get_initial(self) -> dict[str, Any]:
        return {"claims": [str(claim.pk) for claim in selectors.weighed_claims(self.case, self.user)]}

    def perform(self, form: Any, *, version: int) -> tuple[list[WeighedClaim], list[WeighedClaim]]:
        base = self._base()
        was = set(base.values.get("claims", ())) if base else set()
        ticked = {str(claim.pk) for claim in form.cleaned_data["claims"]}
        return actions.weigh_claims(
            self.case,
            by=self.user,
            chosen=[self.claims[key] for key in self.claims if key in ticked - was],
            taken_out=[self.claims[key] for key in self.claims if key in was - ticked],
        )

    def success_url(self, saved: Any) -> str:
        return self.address("hypotheses")

    def success_message(self, saved: Any) -> str:
        added, left = (len(rows) for rows in saved)
        words = [
            text % {"count": count}
            for count, text in (
                (added, ngettext("%(count)d claim joined the matrix.", "%(count)d claims joined the matrix.", added)),
                (left, ngettext("%(count)d claim left it.", "%(count)d claims left it.", left)),
            )
            if count
        ]
        return " ".join(words) or _("Nothing changed.")

    def undo_for(self, saved: Any) -> dict[str, Any] | None:
        """One row is taken back here; several are ticked again on the same page."""
        added, left = saved
        return undo(added[0]) if len(added) == 1 and not left else None


class OwnRatings:
    """The ratings of one person in a case, saved or not yet.

    Their forms are known by the case and not by the sheet, which the first save makes: a second form that was opened
    before it meets what was saved as a conflict.
    """

    def __init__(self, case: Case, sheet: RatingSheet | None) -> None:
        self.pk = case.pk
        self.version = sheet.version if sheet else 0

    @property
    def version_holder(self) -> "OwnRatings":
        return self


class RateClaims(HypothesisForms):
    """The reader's own ratings, every cell on one form; its version is that of their sheet, not of the case."""

    template_name = "cases/rate.html"
    form_class = RatingsForm
    is_edit = True
    title = gettext_lazy("Rate the claims")
    submit_label = gettext_lazy("Save the ratings")

    @cached_property
    def case(self) -> Case:  # type: ignore[override]
        return self.request.record  # type: ignore[attr-defined, no-any-return]

    @property
    def record(self) -> Any:
        return OwnRatings(self.case, selectors.sheet_of(self.case, self.user))

    @cached_property
    def axes(self) -> dict[str, Any]:
        return {
            "hypotheses": selectors.numbered_hypotheses(self.case, self.user),
            "claims": selectors.weighed_claims(self.case, self.user),
        }

    def form_kwargs(self) -> dict[str, Any]:
        return self.axes

    def get_initial(self) -> dict[str, Any]:
        held = selectors.ratings_on(selectors.sheet_of(self.case, self.user), self.user)
        initial = {}
        for claim in self.axes["claims"]:
            for one in self.axes["hypotheses"]:
                rating = held.get((one.pk, claim.pk))
                name = f"{claim.label}_{one.label}"
                initial[name] = rating.mark.code if rating and rating.mark else ""
                initial[f"{name}_why"] = rating.rationale if rating else ""
        return initial

    def perform(self, form: Any, *, version: int) -> RatingSheet:
        changed = {name.removesuffix("_why") for name in form.changed_data}
        cells = {cell: rated for cell, rated in form.rated.items() if _name(cell) in changed}
        return actions.rate(self.case, by=self.user, cells=cells, version=version)

    def _conflict(self, form: Any, base: Any, stale: StaleVersion) -> HttpResponse:
        stale.record = self.record
        return super()._conflict(form, base, stale)

    def success_message(self, saved: RatingSheet) -> str:
        return _("Your ratings were saved.")

    def undo_for(self, saved: RatingSheet) -> dict[str, Any]:
        return undo(saved, "undo")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **self.axes)


def _name(cell: Any) -> str:
    hypothesis, claim = cell
    return f"{claim.label}_{hypothesis.label}"
