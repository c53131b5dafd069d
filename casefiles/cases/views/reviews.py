"""Asking for a review, reading what reviewers said, giving a verdict, and answering one."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casefiles.cases import actions, selectors
from casefiles.cases.forms.reviews import AnswerForm, AskForm, VerdictsForm
from casefiles.cases.models import Claim, Outcome, Review, Verdict
from casefiles.cases.views.base import CaseForm, CasePage, PartForm, PartMixin, RemovePart, undo
from casefiles.cases.views.comments import talk_about
from casefiles.cases.views.parts import PartsPage
from casefiles.core.forms import ReasonForm
from casefiles.core.keyset import KeysetPage, Order

REVIEWS = gettext_lazy("Reviews")


class Reviews(PartsPage):
    template_name = "cases/reviews.html"
    tab = "reviews"
    orders: ClassVar[dict[str, Order]] = {"-number": Order("number", is_descending=True)}

    def get_queryset(self) -> QuerySet[Review]:
        return selectors.numbered_reviews(self.case, self.user)

    def rows(self, page: KeysetPage) -> list[selectors.ReviewLine]:
        return selectors.review_lines(page.rows, self.user)


class AskForReview(CaseForm):
    form_class = AskForm
    title = gettext_lazy("Ask for a review")
    submit_label = gettext_lazy("Ask")
    back = "reviews"
    crumb = REVIEWS

    @cached_property
    def reviewed(self) -> dict[Any, selectors.ClaimReview]:
        keys = list(self._held().values_list("pk", flat=True))
        return selectors.claim_reviews(keys, stands={})

    def _held(self) -> QuerySet[Claim]:
        return selectors.numbered_claims(self.case, self.user).filter(outcome=Outcome.HELD).order_by("number", "pk")

    @cached_property
    def offered(self) -> dict[str, Claim]:
        """Return the claims that may be asked about, by key."""
        return {str(claim.pk): claim for claim in self._held() if self.reviewed[claim.pk].asked is None}

    def get_initial(self) -> dict[str, Any]:
        named = self.request.GET.get("claim", "")
        if named in self.offered:
            return {"claims": [named]}
        return {"claims": [key for key, claim in self.offered.items() if not self.reviewed[claim.pk].is_approved]}

    def form_kwargs(self) -> dict[str, Any]:
        return {"claims": self.offered}

    def perform(self, form: Any, *, version: int) -> Review:
        return actions.ask_for_review(self.case, by=self.user, **form.cleaned_data)

    def success_url(self, saved: Review) -> str:
        return saved.get_absolute_url()

    def success_message(self, saved: Review) -> str:
        return _("%(label)s was asked for. An editor who wrote none of it gives a verdict.") % {"label": saved.label}

    def undo_for(self, saved: Review) -> dict[str, Any]:
        return undo(saved)


class ReviewMixin(PartMixin):
    record_model = Review

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("case__compartment", "created_by", "voided_by")

    @cached_property
    def line(self) -> selectors.ReviewLine:
        return selectors.review_lines([self.record], self.user)[0]

    @cached_property
    def own(self) -> set[Any]:
        """Return the keys of the waiting claims of which the reader is an author."""
        waiting = [one.claim.pk for one in self.line.claims if one.is_waiting]
        return {key for key, authors in selectors.authors_of(waiting).items() if self.user.pk in authors}

    @property
    def to_answer(self) -> list[selectors.ReviewedClaim]:
        """Return the claims that wait for a verdict which the reader may give."""
        if self.record.is_voided:
            return []
        return [one for one in self.line.claims if one.is_waiting and one.mine is None and one.claim.pk not in self.own]


class ReviewPage(ReviewMixin):
    template_name = "cases/review.html"
    visibility = "record:read"
    tab = "reviews"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        may_review = self.may("review") and self.case.is_writable
        return {
            **context,
            "line": self.line,
            "own": self.own if may_review else set(),
            "may_answer": bool(may_review and self.to_answer),
            "may_edit": context["may_edit"] and not self.record.is_voided,
            "claim_prefix": self.address("claims"),
            **talk_about(self, self.record),
        }


class AnswerReview(ReviewMixin, PartForm):
    """The verdicts of one reviewer on the claims that wait for theirs, or on the one that the address names."""

    template_name = "cases/verdicts.html"
    visibility = "record:review"
    form_class = VerdictsForm
    title = gettext_lazy("Give your verdict")
    submit_label = gettext_lazy("Give it")
    back = "reviews"
    crumb = REVIEWS

    @cached_property
    def claims(self) -> list[Claim]:
        found = [one.claim for one in self.to_answer]
        named = self.request.GET.get("claim", "")
        shown = [claim for claim in found if str(claim.pk) == named] or found
        return [*shown, *self._typed_for(others_than=shown)]

    def _typed_for(self, *, others_than: list[Claim]) -> list[Claim]:
        """Return the review's claims for which something was typed that wait no more: the words come back, refused."""
        typed = {
            name.partition("_")[2]
            for name, words in self.request.POST.items()
            if words and name.startswith(("verdict_", "remark_"))
        } - {str(claim.pk) for claim in others_than}
        if not typed:
            return []
        rows = Claim.objects.visible_to(self.user).filter(reviews=self.record).in_order()
        return [claim for claim in rows if str(claim.pk) in typed]

    def form_kwargs(self) -> dict[str, Any]:
        rows = selectors.numbered_claims(self.case, self.user).filter(pk__in=[claim.pk for claim in self.claims])
        lines = {line.id: line for line in selectors.claim_lines(self.case, self.claims, self.user)}
        bases = selectors.bases_to_review(rows, self.user)
        return {
            "lines": [(claim, lines[claim.pk]) for claim in self.claims],
            "seen": {key: basis.digest for key, basis in bases.items()},
        }

    def perform(self, form: Any, *, version: int) -> list[Verdict]:
        return actions.give_verdicts(self.record, by=self.user, **form.cleaned_data)

    def success_url(self, saved: list[Verdict]) -> str:
        return self.record.get_absolute_url()

    def success_message(self, saved: list[Verdict]) -> str:
        words = ngettext("%(count)d verdict was given.", "%(count)d verdicts were given.", len(saved))
        if self.record.is_blind:
            words = f"{words} {_('It is shown once the other editor has given theirs.')}"
        return words % {"count": len(saved)}

    def undo_for(self, saved: list[Verdict]) -> dict[str, Any] | None:
        """One verdict is taken back here; of several, each on the page of its review."""
        return undo(saved[0]) if len(saved) == 1 else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = self.record.get_absolute_url()
        context = super().get_context_data(exhibit_prefix=self.address("exhibits"), **kwargs)
        return {**context, "cancel_url": address, "crumb": self.record.label, "crumb_url": address}


class WithdrawReview(ReviewMixin, RemovePart):
    form_class = ReasonForm
    title = gettext_lazy("Withdraw the request")
    submit_label = gettext_lazy("Withdraw it")
    back = "reviews"
    crumb = REVIEWS

    def consequences(self) -> list[str]:
        return [_("Nobody is asked for a verdict any more; verdicts that are shown keep counting.")]

    def perform(self, form: Any, *, version: int) -> Review:
        actions.withdraw_review(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]

    def undo_for(self, saved: Any) -> Any:
        # Its claims may be in another review by then: it is asked for anew.
        return None


class VerdictPart(PartForm):
    record_model = Verdict
    back = "claims"
    crumb = gettext_lazy("Claims")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("case__compartment", "review", "claim__case", "claim__assertion", "created_by")

    def success_url(self, saved: Any) -> str:
        return str(self.record.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = self.record.get_absolute_url()
        context = super().get_context_data(**kwargs)
        return {**context, "cancel_url": address, "crumb": self.record.claim.label, "crumb_url": address}


class AnswerRemark(VerdictPart):
    form_class = AnswerForm
    is_edit = True
    title = gettext_lazy("Answer the remark")
    submit_label = gettext_lazy("Answer")

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.record.answer}

    def perform(self, form: Any, *, version: int) -> Verdict:
        actions.answer_remark(self.record, by=self.user, version=version, **form.cleaned_data)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Verdict) -> str:
        return _("The remark was answered. Ask for a review again when %(label)s is mended.") % {
            "label": saved.claim.label
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = _("%(name)s: “%(remark)s”") % {"name": self.record.created_by, "remark": self.record.remark}
        return super().get_context_data(about=said, **kwargs)


class WithdrawVerdict(VerdictPart, RemovePart):
    visibility = "record:review"
    form_class = ReasonForm
    title = gettext_lazy("Take back your verdict")
    submit_label = gettext_lazy("Take it back")

    def consequences(self) -> list[str]:
        return [_("%(label)s waits for a verdict again.") % {"label": self.record.claim.label}]

    def perform(self, form: Any, *, version: int) -> Verdict:
        actions.withdraw_verdict(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Any) -> str:
        return _("Your verdict was taken back. It stays in the history, with your reason.")

    def undo_for(self, saved: Any) -> Any:
        # The claim may have changed since: a verdict is given anew.
        return None


def review_of(page: CasePage, claim: Claim, line: selectors.ClaimReview, *, may_change: bool) -> dict[str, Any]:
    """Return what the card about a claim's review offers its reader."""
    asked = line.asked
    # Who wrote it is looked up only where that decides something.
    is_asked_of_authors = may_change and (asked is not None or bool(line.open_remarks))
    is_author = is_asked_of_authors and page.user.pk in selectors.authors_of_claim(claim)
    is_held = claim.outcome == Outcome.HELD
    sealed = selectors.sealed_verdict_of(claim, page.user) if asked and asked.is_blind else None
    may_review = bool(asked and not is_author and may_change and page.may("review", page.case) and not sealed)
    return {
        "sealed": sealed,
        "ask_url": f"{page.address('review_add')}?claim={claim.pk}" if may_change and is_held and not asked else "",
        "review_url": f"{page.address('review_answer', asked.pk)}?claim={claim.pk}" if asked and may_review else "",
        "is_own": bool(asked and is_author and page.may("review", page.case)),
        "may_answer": is_author,
    }
