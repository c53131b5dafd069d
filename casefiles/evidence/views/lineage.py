"""Where an item comes from: derivations from either end, the mark of an origin, and signatures of independence."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.pages import VoidPage
from casefiles.core.pages import ActionPage, DetailPage
from casefiles.core.refusals import Refused
from casefiles.evidence import forms, selectors
from casefiles.evidence.actions import derivations, dismissals, grades
from casefiles.evidence.models import Derivation, Dismissal, Grade, Independence, Item
from casefiles.evidence.views.items import ItemMixin
from casefiles.evidence.vocabulary import DerivationKind, Lineage


class LineagePart(ItemMixin, ActionPage):
    template_name = "access/add.html"
    visibility = "record:edit"

    def success_url(self, saved: Any) -> str:
        return f"{self.record.get_absolute_url()}#lineage"

    def undo_for(self, saved: Any) -> dict[str, Any] | None:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}


class DerivationAdd(LineagePart):
    """Says what this item repeats or, with `?end=parent`, what repeats it."""

    form_class = forms.DerivationForm
    submit_label = gettext_lazy("Record it")

    @property
    def is_parent(self) -> bool:
        return self.request.GET.get("end") == "parent"

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("What repeats this item?") if self.is_parent else _("What does this item repeat?")

    def get_initial(self) -> dict[str, Any]:
        """Start from a suggestion: `?other=`, `?kind=` and `?passage=`, all of them still to be decided here."""
        given = self.request.GET
        other = forms.suggested_item(given.get("other", ""), self.user)
        kind = given.get("kind", "")
        start = {"other": other, "passage": given.get("passage", "")[:2000].replace("\x00", "")}
        return start | ({"kind": kind} if kind in DerivationKind.values else {})

    def form_kwargs(self) -> dict[str, Any]:
        label = _("The item that repeats this one") if self.is_parent else _("The item that this one repeats")
        return {"other_label": label}

    def perform(self, form: Any, *, version: int) -> Derivation:
        other, values = form.cleaned_data["other"], form.cleaned_data
        child, parent = (other, self.record) if self.is_parent else (self.record, other)
        try:
            return derivations.add_derivation(
                child, by=self.user, parent=parent, kind=values["kind"], passage=values["passage"]
            )
        except Refused as refusal:
            raise Refused(refusal.message, field="other" if refusal.field == "parent" else refusal.field) from refusal

    def success_message(self, saved: Derivation) -> str:
        return _("Recorded where it comes from.")


class Suggestions(ItemMixin, DetailPage):
    """What looks like this item, has its address, or is named in its text. Asked for, so that the item stays quick."""

    template_name = "evidence/suggestions.html"
    visibility = "record:read"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.record
        return super().get_context_data(
            suggestions=selectors.suggestions_for(item, self.user),
            attributions=selectors.attributions_in(item, self.user),
            dismissals=selectors.dismissals_of(item, self.user),
            may_edit=self.may("edit") and not item.is_voided,
            **kwargs,
        )


class SuggestionDismiss(LineagePart):
    """Says that another item has nothing to do with this one; `?other=` names it."""

    form_class = forms.DismissalForm
    title = gettext_lazy("Do they have nothing to do with each other?")
    submit_label = gettext_lazy("Dismiss the suggestion")

    def success_url(self, saved: Any) -> str:
        return reverse("evidence:suggestions", args=[self.record.pk])

    def get_initial(self) -> dict[str, Any]:
        return {"second": forms.suggested_item(self.request.GET.get("other", ""), self.user)}

    def perform(self, form: Any, *, version: int) -> Dismissal:
        cleaned = form.cleaned_data
        return dismissals.dismiss_suggestion(self.record, cleaned["second"], by=self.user, reason=cleaned["reason"])

    def success_message(self, saved: Dismissal) -> str:
        return _("Dismissed: it is not suggested again.")


class LineageSet(LineagePart):
    form_class = forms.LineageForm
    is_edit = True
    title = gettext_lazy("Is it the origin?")

    def get_initial(self) -> dict[str, Any]:
        item = self.record
        lineage = item.lineage if item.lineage == Lineage.ORIGIN else Lineage.NOT_RECORDED
        return {"lineage": lineage, "lineage_reason": item.lineage_reason}

    def perform(self, form: Any, *, version: int) -> Item:
        cleaned = form.cleaned_data
        return derivations.set_lineage(
            self.record, by=self.user, version=version, lineage=cleaned["lineage"], reason=cleaned["lineage_reason"]
        )

    def success_message(self, saved: Item) -> str:
        return _("Lineage set.")

    def undo_for(self, saved: Any) -> None:
        return None


class IndependenceSign(LineagePart):
    form_class = forms.IndependenceForm
    title = gettext_lazy("Sign the independence of two origins")
    submit_label = gettext_lazy("Sign")

    def perform(self, form: Any, *, version: int) -> Independence:
        cleaned = form.cleaned_data
        return derivations.sign_independence(self.record, cleaned["second"], by=self.user, reason=cleaned["reason"])

    def success_message(self, saved: Independence) -> str:
        return _("Signed as independent.")


class PartVoid(VoidPage):
    """Withdraws what hangs on an item, and goes back to it."""

    section = "evidence"
    item_names: tuple[str, ...] = ("item",)

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related(*cls.item_names)

    def success_url(self, saved: Any) -> str:
        return str(getattr(saved, self.item_names[0]).get_absolute_url())


class DerivationVoid(PartVoid):
    record_model = Derivation
    item_names = ("child", "parent")
    title = gettext_lazy("Void this derivation")

    def perform(self, form: Any, *, version: int) -> Derivation:
        derivations.void_derivation(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record


class IndependenceVoid(PartVoid):
    record_model = Independence
    item_names = ("first", "second")
    title = gettext_lazy("Void this signature")

    def perform(self, form: Any, *, version: int) -> Independence:
        derivations.void_independence(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record


class DismissalVoid(PartVoid):
    record_model = Dismissal
    item_names = ("first", "second")
    title = gettext_lazy("Suggest it again?")

    def perform(self, form: Any, *, version: int) -> Dismissal:
        dismissals.void_dismissal(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record


class GradeVoid(PartVoid):
    record_model = Grade
    title = gettext_lazy("Void this grade")

    def perform(self, form: Any, *, version: int) -> Grade:
        grades.void_grade(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record
