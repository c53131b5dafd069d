"""Citing an exhibit on a claim, and what changes a citation."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.cases import actions
from casefiles.cases.forms.claims import CitationForm, CitingForm
from casefiles.cases.models import Claim, Exhibit
from casefiles.cases.views.base import PartForm, PartMixin, RemovePart, is_asked_by_htmx, undo
from casefiles.cases.views.claims import ClaimMixin, reopening
from casefiles.core.forms import ReasonForm
from casefiles.evidence.models import Citation


class CitingPage(PartForm):
    """The form that cites: shown on its own, and taken into the page by htmx."""

    template_name = "cases/cite.html"
    form_class = CitingForm
    known: ClassVar[str] = ""

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case, "known": self.known}

    def _show(self, form: Any, *, status: int | None = None) -> HttpResponse:
        response = super()._show(form, status=status)
        if is_asked_by_htmx(self.request) and form.is_bound:
            # The rest of the page stays as it is: only the form, with what is wrong, goes back into its place.
            response["HX-Retarget"] = response["HX-Reselect"] = "#cite-form"
        return response

    def undo_for(self, saved: Citation) -> dict[str, Any]:
        return undo(saved)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.known == "claim":
            kwargs["reopens"] = reopening(self.record)
        return super().get_context_data(known=self.known, form_action=self.request.path, **kwargs)


class CiteOnClaim(ClaimMixin, CitingPage):
    known = "claim"
    title = gettext_lazy("Cite an exhibit")
    submit_label = gettext_lazy("Cite")
    back = "claims"

    def perform(self, form: Any, *, version: int) -> Citation:
        self.cited: Exhibit = form.cleaned_data["exhibit"]
        return actions.cite_exhibit(self.record, by=self.user, **form.cleaned_data)

    def success_url(self, saved: Citation) -> str:
        return str(self.record.get_absolute_url())

    def success_message(self, saved: Citation) -> str:
        return cited_message(self.cited, self.record, saved)


def cited_message(exhibit: Exhibit, claim: Claim, citation: Citation) -> str:
    """Return what was cited where, with the warning that stays with a quote that was not found."""
    words = {"exhibit": exhibit.label, "claim": claim.label}
    if citation.quote_check == "not found":
        return _("%(exhibit)s was cited on %(claim)s. The quote was not found in the stored copy.") % words
    return _("%(exhibit)s was cited on %(claim)s.") % words


class CitationMixin(PartForm):
    """A citation on a claim of the case in the address."""

    record_model = Citation
    back = "claims"
    crumb = gettext_lazy("Claims")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("assertion__cases_claim__case__compartment", "item")

    @property
    def claim(self) -> Claim:
        claim = getattr(self.record.assertion, "cases_claim", None)
        if claim is None:
            raise Http404
        return claim  # type: ignore[no-any-return]

    @property
    def case(self) -> Any:
        return self.claim.case

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.claim.case_id != kwargs["case_id"]:
            raise Http404
        return super(PartMixin, self).dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def success_url(self, saved: Any) -> str:
        return self.claim.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        address = self.claim.get_absolute_url()
        context.update(cancel_url=address, crumb=self.claim.label, crumb_url=address, reopens=reopening(self.claim))
        return context


class EditCitation(CitationMixin):
    form_class = CitationForm
    is_edit = True
    title = gettext_lazy("Edit the citation")

    def get_initial(self) -> dict[str, Any]:
        names = ("stance", "quote", "quote_language", "translation")
        return {"locator": self.record.locator_text, **{name: getattr(self.record, name) for name in names}}

    def perform(self, form: Any, *, version: int) -> Citation:
        return actions.change_citation(self.record, case=self.case, by=self.user, version=version, **form.cleaned_data)

    def success_message(self, saved: Citation) -> str:
        return _("The citation was changed.")

    def undo_for(self, saved: Citation) -> dict[str, Any]:
        return undo(saved, "undo")


class VoidCitation(CitationMixin, RemovePart):
    form_class = ReasonForm
    title = gettext_lazy("Withdraw the citation")
    submit_label = gettext_lazy("Withdraw it")

    def consequences(self) -> list[str]:
        rests = _("%(label)s no longer rests on this citation.") % {"label": self.claim.label}
        return [rests, *filter(None, [reopening(self.claim)])]

    def perform(self, form: Any, *, version: int) -> Citation:
        actions.void_citation(self.record, case=self.case, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Citation) -> str:
        return _("The citation was withdrawn.")
