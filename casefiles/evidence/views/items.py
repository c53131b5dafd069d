"""One item: its page, its history, and what changes it."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.forms import circle_to_start_from
from casefiles.access.pages import HistoryPage, RestorePage
from casefiles.access.rules import Visibility
from casefiles.core.pages import ActionPage, DetailPage, Page
from casefiles.evidence import forms, selectors
from casefiles.evidence.actions import collecting, grades, items
from casefiles.evidence.arrivals import StoreUpload
from casefiles.evidence.models import Grade, Item
from casefiles.evidence.uploads import received_by
from casefiles.evidence.views.showing import shown_files


class ItemMixin(Page):
    """What every page below an item's address shares."""

    section = "evidence"
    record_model = Item
    tab = ""

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("source", "place", "collector", "created_by", "voided_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.record
        shared = {
            "list_url": reverse("evidence:items"),
            "list_label": _("Evidence"),
            "heading": item.title,
            "cancel_url": item.get_absolute_url(),
            "tabs": self._tabs(),
            "voided": self._voided(),
        }
        return shared | super().get_context_data(**kwargs)

    def _tabs(self) -> list[dict[str, Any]]:
        pages = (
            ("", "evidence:item", _("Item")),
            ("custody", "evidence:custody", _("Custody")),
            ("preservation", "evidence:preservation", _("Preservation")),
            ("history", "evidence:item_history", _("History")),
        )
        return [
            {"label": label, "url": reverse(name, args=[self.record.pk]), "is_current": key == self.tab}
            for key, name, label in pages
        ]

    def _voided(self) -> dict[str, Any] | None:
        item = self.record
        if not item.is_voided:
            return None
        return {"reason": item.void_reason, "by": item.voided_by, "at": item.voided_at}


class ItemPage(ItemMixin, DetailPage):
    """An item with its files, grades, lineage, custody, and what relies on it."""

    template_name = "evidence/item.html"
    visibility = "record:read"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.record
        page = selectors.item_page(item, self.user)
        readings = selectors.readings_of(item, [held.file for held in page.files], self.user)
        shown, failed = shown_files(page.files, self.request.GET.get("show", ""), by=self.user)
        return super().get_context_data(
            page=page,
            shown=shown,
            is_damaged=bool(page.damaged) or failed,
            lineage=selectors.lineage_of(item, self.user),
            relying=selectors.relying_on(item, self.user),
            sheet=selectors.sheet_part(item, self.user, [found.reading for found in readings if found.reading]),
            readings=readings,
            may_edit=self.may("edit") and not item.is_voided,
            may_lift=bool(page.holds) and self.may("review"),
            may_restore=item.is_voided and self.may("edit"),
            is_open=item.visibility == Visibility.OPEN,
            judgement=selectors.newest_judgements([item.source], self.user).get(item.source_id)
            if item.source
            else None,
            **kwargs,
        )


class ItemHistory(ItemMixin, HistoryPage):
    tab = "history"

    def history_ids(self) -> list[Any]:
        return selectors.history_ids(self.record, self.user)


class ItemAdd(ActionPage):
    """Adds an item outside a case, with its files; it asks who may see it."""

    template_name = "evidence/item_form.html"
    visibility = "member"
    section = "evidence"
    form_class = forms.ItemForm
    title = gettext_lazy("Add an item")
    submit_label = gettext_lazy("Add to the evidence")
    creates_in_place = True
    upload_handler = StoreUpload

    def get_initial(self) -> dict[str, Any]:
        return {"circle": circle_to_start_from(self.request.GET.get("case", ""), self.user)}

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        if self.is_in_place:
            self.form_class = forms.QuickItemForm  # type: ignore[misc]
        return super().get_form(*args, **kwargs)

    def perform(self, form: Any, *, version: int) -> Item:
        received = received_by(form, by=self.user)
        return collecting.collect_item(by=self.user, received=received, **form.for_action())

    def success_message(self, saved: Item) -> str:
        if saved.visibility == Visibility.OPEN:
            return _("Item added. Every member sees it.")
        return _("Item added. Only its circle sees it.")

    def undo_for(self, saved: Item) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            cancel_url=reverse("evidence:items"), list_url=reverse("evidence:items"), list_label=_("Evidence"), **kwargs
        )


class ItemEdit(ItemMixin, ActionPage):
    template_name = "evidence/item_form.html"
    visibility = "record:edit"
    form_class = forms.DescriptionForm
    is_edit = True
    title = gettext_lazy("Edit the item")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in self.form_class.base_fields}

    def perform(self, form: Any, *, version: int) -> Item:
        return items.change_item(self.record, by=self.user, version=version, **form.cleaned_data)

    def success_message(self, saved: Item) -> str:
        return _("Saved.")


class ItemRestore(ItemMixin, RestorePage):
    title = gettext_lazy("Restore this item")

    def perform(self, form: Any, *, version: int) -> Item:
        items.restore_item(self.record, by=self.user)
        return self.record


class GradeAdd(ItemMixin, ActionPage):
    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = forms.GradeForm
    title = gettext_lazy("Grade the item")
    submit_label = gettext_lazy("Grade")

    def perform(self, form: Any, *, version: int) -> Grade:
        return grades.grade(self.record, by=self.user, **form.cleaned_data)

    def success_url(self, saved: Grade) -> str:
        return f"{self.record.get_absolute_url()}#grades"

    def success_message(self, saved: Grade) -> str:
        return _("Graded %(grade)s.") % {"grade": saved}

    def undo_for(self, saved: Grade) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}
