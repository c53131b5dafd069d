"""Where somebody looked and found nothing, and which claim rests on which."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.cases import actions, selectors
from casefiles.cases.forms.lookups import DependenceForm, LookupForm
from casefiles.cases.models import Claim, Dependence, Lookup
from casefiles.cases.views.base import CaseForm, PartForm, RemovePart, undo
from casefiles.cases.views.claims import ClaimForms
from casefiles.cases.views.parts import PartPlace, PartsPage
from casefiles.core.forms import Form, ReasonForm
from casefiles.core.keyset import KeysetPage

LOOKUPS = gettext_lazy("Lookups")
PLAIN = ("searched", "result", "looked", "looked_by", "note")


class Lookups(PartsPage):
    template_name = "cases/lookups.html"
    tab = "lookups"
    talk_kind = "cases.lookup"

    def get_queryset(self) -> QuerySet[Lookup]:
        return selectors.numbered_lookups(self.case, self.user)

    def rows(self, page: KeysetPage) -> list[selectors.LookupLine]:
        return selectors.lookup_lines(page.rows, self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            claim_prefix=self.address("claims"), lookup_prefix=self.address("lookups"), **kwargs
        )
        context["lines"] = context["rows"]
        return context


class LookupPlace(PartPlace):
    part_model = Lookup
    list_name = "lookups"


class LookupForms(CaseForm):
    form_class = LookupForm
    back = "lookups"
    crumb = LOOKUPS

    def form_kwargs(self) -> dict[str, Any]:
        return {"claims": self.nameable()}

    def nameable(self) -> dict[str, Claim]:
        """Return the claims on which a lookup may bear, by key."""
        return {str(claim.pk): claim for claim in selectors.numbered_claims(self.case, self.user)}

    def success_url(self, saved: Any) -> str:
        return str(saved.get_absolute_url())


class AddLookup(LookupForms):
    title = gettext_lazy("Record a lookup")

    def get_initial(self) -> dict[str, Any]:
        """A claim's page leads here with its key, which the form offers among those of the case."""
        return {"claims": self.request.GET.getlist("claim")}

    def perform(self, form: Any, *, version: int) -> Lookup:
        return actions.add_lookup(self.case, by=self.user, **form.cleaned_data)

    def success_message(self, saved: Lookup) -> str:
        return _("%(label)s was recorded.") % {"label": saved.label}

    def undo_for(self, saved: Lookup) -> dict[str, Any]:
        return undo(saved)


class EditLookup(PartForm, LookupForms):
    record_model = Lookup
    is_edit = True
    title = gettext_lazy("Edit the lookup")

    def nameable(self) -> dict[str, Claim]:
        """Beside the current ones, those on which it bears although they were taken out since."""
        held = {str(claim.pk): claim for claim in self.record.claims.visible_to(self.user).order_by("number")}
        return super().nameable() | held

    def get_initial(self) -> dict[str, Any]:
        lookup = self.record
        claims = [str(key) for key in lookup.claims.order_by("number").values_list("pk", flat=True)]
        period = {"start": lookup.period.start, "end": lookup.period}
        return {**{name: getattr(lookup, name) for name in PLAIN}, **period, "claims": claims}

    def perform(self, form: Any, *, version: int) -> Lookup:
        actions.change_lookup(self.record, by=self.user, version=version, **form.cleaned_data)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Lookup) -> str:
        return _("%(label)s was changed.") % {"label": saved.label}

    def undo_for(self, saved: Lookup) -> dict[str, Any]:
        return undo(saved, "undo")


class VoidLookup(RemovePart):
    record_model = Lookup
    form_class = ReasonForm
    title = gettext_lazy("Withdraw the lookup")
    submit_label = gettext_lazy("Withdraw it")
    back = "lookups"
    crumb = LOOKUPS

    def consequences(self) -> list[str]:
        return [_("%(label)s leaves the list and every dossier made from now on.") % {"label": self.record.label}]

    def perform(self, form: Any, *, version: int) -> Lookup:
        actions.void_in_case(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]


class AddDependence(ClaimForms):
    """Says on which other claim a claim rests."""

    form_class = DependenceForm
    title = gettext_lazy("What the claim rests on")
    submit_label = gettext_lazy("Rest on it")

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case}

    def perform(self, form: Any, *, version: int) -> Dependence:
        return actions.add_dependence(self.record, by=self.user, **form.cleaned_data)

    def success_message(self, saved: Dependence) -> str:
        return _("%(dependence)s.") % {"dependence": saved}

    def undo_for(self, saved: Dependence) -> dict[str, Any]:
        return undo(saved)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(about=str(self.record), **kwargs)


class VoidDependence(RemovePart):
    record_model = Dependence
    form_class = ReasonForm
    title = gettext_lazy("It no longer rests on it")
    submit_label = gettext_lazy("Take it back")
    back = "claims"
    crumb = gettext_lazy("Claims")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("case__compartment", "claim", "rests_on")

    def consequences(self) -> list[str]:
        words = {"claim": self.record.claim.label, "other": self.record.rests_on.label}
        return [_("%(claim)s no longer warns where %(other)s gives way.") % words]

    def perform(self, form: Any, *, version: int) -> Dependence:
        actions.void_in_case(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]

    def success_url(self, saved: Dependence) -> str:
        return str(saved.claim.get_absolute_url())

    def success_message(self, saved: Dependence) -> str:
        words = {"claim": saved.claim.label, "other": saved.rests_on.label}
        return _("%(claim)s no longer rests on %(other)s.") % words


class RestoreClaim(ClaimForms):
    """Brings a claim back that was taken out; of a merged one, all that the other took over."""

    template_name = "cases/confirm.html"
    form_class = Form
    title = gettext_lazy("Restore the claim")
    submit_label = gettext_lazy("Restore it")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consequences=self._consequences(), **kwargs)

    def _consequences(self) -> list[str]:
        said = [_("%(label)s stands in the list again, with all that was cited for it.") % {"label": self.record.label}]
        if self.record.merged_into is not None:
            said.append(
                _("%(label)s gives back what it took over: citations, stances, findings and dependences.")
                % {"label": self.record.merged_into.label}
            )
        return said

    def perform(self, form: Any, *, version: int) -> Claim:
        actions.restore_claim(self.record, by=self.user)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Claim) -> str:
        return _("%(label)s was restored.") % {"label": saved.label}

    def undo_for(self, saved: Claim) -> dict[str, Any]:
        return undo(saved)
