"""How completely an item was preserved, and what is said of the parts that are not there."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.core.pages import ActionPage, DetailPage
from casefiles.evidence import forms, selectors
from casefiles.evidence.actions import preservation
from casefiles.evidence.models import PreservationMark
from casefiles.evidence.views.items import ItemMixin
from casefiles.evidence.views.lineage import PartVoid
from casefiles.evidence.vocabulary import PreservedPart


class Preservation(ItemMixin, DetailPage):
    template_name = "evidence/preservation.html"
    tab = "preservation"
    visibility = "record:read"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.record
        return super().get_context_data(
            parts=shown_parts(selectors.completeness_of([item], self.user)[item.pk]),
            marks=selectors.marks_of(item, self.user),
            may_edit=self.may("edit") and not item.is_voided,
            **kwargs,
        )


def shown_parts(completeness: Any) -> list[dict[str, Any]]:
    """Return the parts of an item as a template lists them."""
    return [
        {"key": one.part.value, "label": PreservedPart(one.part.value).label, "state": one.state, "reason": one.reason}
        for one in completeness.parts
    ]


class MarkPart(ItemMixin, ActionPage):
    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = forms.PreservationForm
    title = gettext_lazy("Why is a part not there?")

    def get_initial(self) -> dict[str, Any]:
        part = self.request.GET.get("part", "")
        return {"part": part} if part in PreservedPart.values else {}

    def perform(self, form: Any, *, version: int) -> PreservationMark:
        return preservation.mark_part(self.record, by=self.user, **form.cleaned_data)

    def success_url(self, saved: PreservationMark) -> str:
        return f"{self.record.get_absolute_url()}preservation/"

    def success_message(self, saved: PreservationMark) -> str:
        return _("Marked.")

    def undo_for(self, saved: PreservationMark) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}


class MarkEdit(ActionPage):
    template_name = "access/add.html"
    visibility = "record:edit"
    section = "evidence"
    record_model = PreservationMark
    form_class = forms.PreservationForm
    is_edit = True
    title = gettext_lazy("Change what is said of a part")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("item")

    def form_kwargs(self) -> dict[str, Any]:
        return {"is_edit": True}

    def get_initial(self) -> dict[str, Any]:
        return {"state": self.record.state, "reason": self.record.reason}

    def perform(self, form: Any, *, version: int) -> PreservationMark:
        return preservation.change_mark(self.record, by=self.user, version=version, **form.cleaned_data)

    def success_url(self, saved: PreservationMark) -> str:
        return f"{saved.item.get_absolute_url()}preservation/"

    def success_message(self, saved: PreservationMark) -> str:
        return _("Saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shared = {
            "heading": self.record.item.title,
            "list_url": reverse("evidence:items"),
            "list_label": _("Evidence"),
            "cancel_url": self.success_url(self.record),
        }
        return super().get_context_data(**shared, **kwargs)


class MarkVoid(PartVoid):
    record_model = PreservationMark
    item_names: ClassVar[tuple[str, ...]] = ("item",)
    title = gettext_lazy("Void this mark")

    def perform(self, form: Any, *, version: int) -> PreservationMark:
        preservation.void_mark(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record

    def success_url(self, saved: Any) -> str:
        return f"{super().success_url(saved)}preservation/"
