"""The claims of a case: the list, one claim, and what changes them."""

import uuid
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic.base import View

from casefiles.cases import actions, selectors
from casefiles.cases.forms.claims import CitingForm, ClaimForm, ClaimsFilterForm, OutcomeForm
from casefiles.cases.models import Case, Claim, Exhibit, PlannedClaim, Subject
from casefiles.cases.reviewing import ReviewState
from casefiles.cases.views.base import CaseForm, CasePage, PartForm, PartMixin, RemovePart, is_asked_by_htmx, undo
from casefiles.cases.views.comments import talk_about
from casefiles.cases.views.parts import PartPlace, PartsPage
from casefiles.cases.views.reviews import review_of
from casefiles.cases.wording import WarningKind, check_claim, check_prose
from casefiles.core.forms import ReasonForm
from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import SuggestPage

WORDING = {
    WarningKind.COMPOUND: gettext_lazy("“%(words)s”: this may be two claims in one. Each needs citations of its own."),
    WarningKind.ABSOLUTE: gettext_lazy("“%(words)s” leaves no room for doubt. Does the evidence carry it?"),
    WarningKind.MIXED: gettext_lazy("“%(words)s”: keep likelihood and confidence in sentences of their own."),
}
FIELDS = ("text", "kind", "occurred", "place", "likelihood", "confidence", "rationale", "gaps", "is_key")


def nameable(case: Case, user: Any) -> dict[str, Subject]:
    """Return the subjects of the case that a claim may be about, by key."""
    rows = selectors.subjects_of(case, user).order_by("-is_main", "created_at", "pk")
    return {str(subject.pk): subject for subject in rows}


def wording_warnings(text: str, rationale: str) -> list[str]:
    """Return what to look at in a claim's words; it never stops a save."""
    found = [*check_claim(text), *check_prose(rationale)]
    return [str(WORDING[warning.kind]) % {"words": warning.words} for warning in found]


def reopening(claim: Claim, review: selectors.ClaimReview | None = None) -> str:
    """Return what a form says before it changes an approved claim, or nothing; `review` is the claim's, if known."""
    if review is None:
        held = selectors.approvals_that_hold([claim.pk]).get(claim.pk)
        review = selectors.ClaimReview(ReviewState.APPROVED, tuple(held)) if held else selectors.NOT_REVIEWED
    if not review.is_approved:
        return ""
    words = _("%(label)s was approved by %(reviewers)s. Saving a change opens it again, for another review.")
    return words % {"label": claim.label, "reviewers": review.reviewers}


class Claims(PartsPage):
    """The ledger. Its rows stand in the order that people gave them, and one more is written below them."""

    template_name = "cases/claims.html"
    tab = "claims"
    talk_kind = "cases.claim"
    orders: ClassVar[dict[str, Order]] = {"position": Order("position")}

    @cached_property
    def filter_form(self) -> ClaimsFilterForm:
        reviewers = selectors.reviewers_in(self.case, self.user)
        return ClaimsFilterForm(self.request.GET, user=self.user, subjects=self.subjects, reviewers=reviewers)

    @cached_property
    def subjects(self) -> dict[str, Subject]:
        return nameable(self.case, self.user)

    def get_queryset(self) -> QuerySet[Claim]:
        rows = selectors.numbered_claims(self.case, self.user)
        if not self.filter_form.is_valid():
            return rows.none()
        wanted = self.filter_form.cleaned_data
        if wanted["q"]:
            rows = rows.matching(wanted["q"])
        if wanted["kind"]:
            rows = rows.filter(kind=wanted["kind"])
        if wanted.get("subject"):
            rows = rows.filter(subjects=wanted["subject"])
        if wanted["standing"]:
            rows = rows.filter(pk__in=selectors.claims_that_stand(rows, wanted["standing"], self.user))
        if wanted["reviewer"]:
            rows = selectors.claims_reviewed_by(rows, wanted["reviewer"])
        if wanted["review"]:
            rows = rows.filter(pk__in=selectors.claims_in_state(rows, wanted["review"], self.user))
        return rows

    def rows(self, page: KeysetPage) -> list[selectors.ClaimLine]:
        return selectors.claim_lines(self.case, page.rows, self.user, beside=("lookups",))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_filtered = any(self.request.GET.get(name) for name in self.filter_form.fields)
        context = super().get_context_data(
            filter_form=self.filter_form,
            is_filtered=is_filtered,
            claim_prefix=self.address("claims"),
            exhibit_prefix=self.address("exhibits"),
            **kwargs,
        )
        context["lines"] = context["rows"]
        context["planned"] = selectors.planned_claims(self.case, self.user)
        context["planned_prefix"] = f"{self.address('case')}planned/"
        # Among the rows that a filter leaves, one step up or down would say nothing of what stands between them.
        context["may_arrange"] = context["may_edit"] and not is_filtered and context["page"]["total"] > 1
        context["may_order"] = context["may_arrange"] and "arrange" in self.request.GET
        if context["may_edit"]:
            context["form"] = ClaimForm(user=self.user, case=self.case, subjects={}, auto_id="new_%s")
            context["is_next_step"] = is_asked_by_htmx(self.request) and "near" in self.request.GET
        return context


class ClaimPlace(PartPlace):
    part_model = Claim
    list_name = "claims"

    def row_of(self, part: Claim) -> str:
        """A claim that was taken out has no row, but still its page; a number says nothing of the page it stands on."""
        if part.is_voided:
            return part.get_absolute_url()
        query = f"?{urlencode({'near': part.label})}" if part.position > PartsPage.page_size else ""
        return f"{self.address('claims')}{query}#claim-{part.label}"


class ClaimWriting(CaseForm):
    """A form in which a claim is written: what to look at in its words is said beside it."""

    template_name = "cases/claim_form.html"
    form_class = ClaimForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        words = (str(form[name].value() or "") for name in ("text", "rationale"))
        return super().get_context_data(wording=wording_warnings(*words), **kwargs)


class Wording(View):
    """Says what to look at in the words of a claim while they are typed; nothing is kept, and nothing is logged."""

    # It changes nothing, so that a closed case answers it as well.
    visibility: ClassVar[str] = "case:read"
    record_model = Case
    record_kwarg = "case_id"

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows

    def post(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        sent = {name: request.POST.get(name, "")[:10_000] for name in ("text", "first", "second", "rationale")}
        rationale = sent.pop("rationale")
        found = [words for text in sent.values() for words in wording_warnings(text, "")]
        return JsonResponse({"warnings": [*found, *wording_warnings("", rationale)]})


class AddClaim(ClaimWriting):
    """Adds a claim; from the list (`?then=list`) one stays there, and the next can be written at once."""

    title = gettext_lazy("Add a claim")
    back = "claims"
    crumb = gettext_lazy("Claims")

    @cached_property
    def planned(self) -> PlannedClaim | None:
        """Return the claim to be written that the address names, if it names one."""
        asked = self.request.GET.get("planned")
        if asked is None:
            return None
        try:
            found = selectors.planned_claims(self.case, self.user).filter(pk=uuid.UUID(asked)).first()
        except ValueError:
            found = None
        if found is None:
            raise Http404
        return found  # type: ignore[no-any-return]

    @property
    def stays_in_list(self) -> bool:
        return self.request.GET.get("then") == "list"

    def _show(self, form: Any, *, status: int | None = None) -> HttpResponse:
        response = super()._show(form, status=status)
        if self.stays_in_list and is_asked_by_htmx(self.request):
            # The list stays as it is: only the form, with what is wrong, goes back into its place.
            response["HX-Retarget"] = response["HX-Reselect"] = "#add-claim"
        return response

    def get_template_names(self) -> list[str]:
        return ["cases/add_claim.html"] if self.stays_in_list else super().get_template_names()

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case, "subjects": nameable(self.case, self.user)}

    def perform(self, form: Any, *, version: int) -> Claim:
        if self.planned is not None:
            return actions.write_planned_claim(self.planned, by=self.user, **form.cleaned_data)
        return actions.add_claim(self.case, by=self.user, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(about=self.planned.asks if self.planned else "", **kwargs)

    def success_url(self, saved: Claim) -> str:
        if self.stays_in_list:
            return f"{self.address('claims')}?{urlencode({'near': saved.label})}#claim-{saved.label}"
        return saved.get_absolute_url()

    def success_message(self, saved: Claim) -> str:
        said = _("%(label)s was added. Cite an exhibit for it.") % {"label": saved.label}
        # Its own page shows them, where that is what comes next.
        return " ".join([said, *wording_warnings(saved.text, saved.rationale)]) if self.stays_in_list else said

    def undo_for(self, saved: Claim) -> dict[str, Any]:
        return undo(saved)


class ClaimMixin(PartMixin):
    record_model = Claim

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related(
            "case__compartment", "assertion__created_by", "assertion__voided_by", "place", "merged_into"
        )


class ClaimPage(ClaimMixin):
    """One claim: why it stands as it does, and the form that cites another exhibit."""

    template_name = "cases/claim.html"
    visibility = "record:read"
    tab = "claims"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        claim = self.record
        kwargs.setdefault(
            "cite_form",
            CitingForm(user=self.user, case=self.case, known="claim", is_next_step=is_asked_by_htmx(self.request)),
        )
        context = super().get_context_data(**kwargs)
        line, origins = selectors.line_with_origins(claim, self.user)
        # Most readers want the claim and not its history: that is read where it is asked for.
        told = "history" in self.request.GET
        context.update(
            **talk_about(self, claim),
            claim=line,
            reviewing=review_of(self, claim, line.review, may_change=context["may_edit"] and not claim.is_voided),
            reopens=reopening(claim, line.review) if context["may_edit"] and not claim.is_voided else "",
            origins=origins,
            findings=selectors.findings_resting_on(claim, self.user),
            parties=selectors.parties_of_claim(claim, self.user, now=timezone.now()),
            warnings=wording_warnings(claim.text, claim.rationale),
            history=selectors.history_of(self.case, selectors.ids_of(claim), self.user) if told else None,
            exhibit_prefix=self.address("exhibits"),
            statement_prefix=self.address("statements"),
            may_restore=context["may_edit"] and claim.is_voided,
            may_edit=context["may_edit"] and not claim.is_voided,
        )
        return context


class ClaimForms(ClaimMixin, PartForm):
    back = "claim"
    crumb = gettext_lazy("Claims")

    def success_url(self, saved: Any) -> str:
        return str(self.record.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.update(crumb=self.record.label, crumb_url=context["cancel_url"], reopens=reopening(self.record))
        return context

    def address(self, name: str, *args: Any) -> str:
        return super().address(name, *args) if name != "claim" or args else str(self.record.get_absolute_url())


class EditClaim(ClaimForms, ClaimWriting):
    is_edit = True
    title = gettext_lazy("Edit the claim")

    def form_kwargs(self) -> dict[str, Any]:
        """Beside the case's subjects, those that the claim names although they were taken out since."""
        held = {str(subject.pk): subject for subject in self.record.subjects.visible_to(self.user).named()}
        return {"case": self.case, "subjects": nameable(self.case, self.user) | held}

    def get_initial(self) -> dict[str, Any]:
        about = [str(key) for key in self.record.subjects.order_by("created_at").values_list("pk", flat=True)]
        return {**{name: getattr(self.record, name) for name in FIELDS}, "subjects": about}

    def perform(self, form: Any, *, version: int) -> Claim:
        actions.change_claim(self.record, by=self.user, version=version, **form.cleaned_data)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Claim) -> str:
        return _("%(label)s was changed.") % {"label": saved.label}

    def undo_for(self, saved: Claim) -> dict[str, Any]:
        return undo(saved, "undo")


class DecideClaim(ClaimForms):
    """Withdraws or refutes a claim, or upholds it again."""

    form_class = OutcomeForm
    is_edit = True
    title = gettext_lazy("Decide on the claim")

    def get_initial(self) -> dict[str, Any]:
        return {"outcome": self.record.outcome, "reason": self.record.outcome_reason}

    def perform(self, form: Any, *, version: int) -> Claim:
        actions.set_outcome(self.record, by=self.user, version=version, **form.cleaned_data)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Claim) -> str:
        return _("%(label)s is %(outcome)s now.") % {"label": saved.label, "outcome": saved.get_outcome_display()}

    def undo_for(self, saved: Claim) -> dict[str, Any]:
        return undo(saved, "undo")


class VoidClaim(ClaimMixin, RemovePart):
    form_class = ReasonForm
    title = gettext_lazy("Take the claim out of the case")
    submit_label = gettext_lazy("Take it out")
    back = "claims"
    crumb = gettext_lazy("Claims")

    def consequences(self) -> list[str]:
        return [
            _("%(label)s leaves the list and every dossier made from now on.") % {"label": self.record.label},
            _("Its number is never given again; its page stays, with your reason."),
            *self._about_findings(),
            *self._about_claims(),
        ]

    def _about_findings(self) -> list[str]:
        count = len(selectors.findings_resting_on(self.record, self.user))
        if not count:
            return []
        words = ngettext(
            "%(count)d finding on a duty rests on it, and is read as unknown then.",
            "%(count)d findings on duties rest on it, and are read as unknown then.",
            count,
        )
        return [words % {"count": count}]

    def _about_claims(self) -> list[str]:
        carried = selectors.claim_with_standing(self.record, self.user).rests.carries
        named = ", ".join(line.label for line in carried)
        return [_("What rests on it will warn that it gave way: %(claims)s.") % {"claims": named}] if carried else []

    def perform(self, form: Any, *, version: int) -> Claim:
        actions.void_claim(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]


class ClaimSuggest(SuggestPage):
    """What the picker of claims suggests: those of one case."""

    visibility = "case:read"
    record_model = CasePage.record_model
    record_kwarg = "case_id"
    model = Claim

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(case_id=self.kwargs["case_id"])

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows


class ExhibitSuggest(ClaimSuggest):
    model = Exhibit


def claims_to_choose(case: Any, user: Any) -> list[tuple[str, str, Claim]]:
    """Return the case's claims as (input name, words, claim), for the rows of a form."""
    rows = Claim.objects.visible_to(user).filter(case=case).current().select_related("assertion").order_by("number")
    return [(f"stance_{claim.pk}", f"{claim.label} {claim.text}", claim) for claim in rows]
