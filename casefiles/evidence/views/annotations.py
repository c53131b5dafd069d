"""Annotating a region, changing what was noted, and withdrawing it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.core.pages import ActionPage, Page
from casefiles.evidence.actions import annotations
from casefiles.evidence.annotating import AnnotationForm, PassageForm, initial_of, initial_region
from casefiles.evidence.models import Annotation, File
from casefiles.evidence.views.lineage import PartVoid
from casefiles.evidence.vocabulary import SelectorKind


class AnnotationForms(Page):
    """What the pages around one annotation share."""

    section = "evidence"

    def item(self) -> Any:
        return self.record.item

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = {"list_url": self.item().get_absolute_url(), "list_label": self.item().title}
        return {**back, "cancel_url": self.look_url(), **super().get_context_data(**kwargs)}

    def look_url(self) -> str:
        file = self.record if isinstance(self.record, File) else self.record.file
        return f"{Annotation(item=file.item, file=file).get_absolute_url().partition('#')[0]}"


class AnnotationAdd(AnnotationForms, ActionPage):
    """Annotates a region of an image; the viewer sends its form here, and without it this page asks for numbers."""

    template_name = "evidence/annotation_form.html"
    visibility = "record:edit"
    record_model = File
    form_class = AnnotationForm
    title = gettext_lazy("Annotate a region")
    submit_label = gettext_lazy("Annotate")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("item")

    def get_initial(self) -> dict[str, Any]:
        return initial_region(self.request.GET.get("xywh", "")[:200])

    def perform(self, form: Any, *, version: int) -> Annotation:
        return annotations.annotate(self.record, by=self.user, **form.cleaned_data)

    def success_message(self, saved: Annotation) -> str:
        return _("Annotated.")

    def undo_for(self, saved: Annotation) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}


class AnnotationEdit(AnnotationForms, ActionPage):
    template_name = "evidence/annotation_form.html"
    visibility = "record:edit"
    record_model = Annotation
    is_edit = True
    title = gettext_lazy("Edit the annotation")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("item", "file")

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return PassageForm if self.record.selector_kind == SelectorKind.PASSAGE else AnnotationForm

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.record)

    def perform(self, form: Any, *, version: int) -> Annotation:
        return annotations.change_annotation(self.record, by=self.user, version=version, **form.cleaned_data)

    def success_message(self, saved: Annotation) -> str:
        return _("Saved.")

    def undo_for(self, saved: Annotation) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "undo"}


class AnnotationVoid(PartVoid):
    record_model = Annotation
    item_names = ("item", "file")
    title = gettext_lazy("Void this annotation")

    def perform(self, form: Any, *, version: int) -> Annotation:
        annotations.void_annotation(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]

    def success_url(self, saved: Annotation) -> str:
        return saved.get_absolute_url().partition("#")[0]
