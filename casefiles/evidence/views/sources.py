"""One source: its judgements, and what changes it."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.forms import circle_to_start_from
from casefiles.access.pages import HistoryPage, RestorePage, VoidPage
from casefiles.core.pages import ActionPage, Page
from casefiles.evidence import forms
from casefiles.evidence.actions import sources
from casefiles.evidence.models import Source, SourceReliability


class SourceMixin(Page):
    """What every page below a source's address shares."""

    section = "sources"
    record_model = Source
    tab = ""

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("organisation", "created_by", "voided_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        source = self.record
        pages = (("", "workspace:source", _("Source")), ("history", "evidence:source_history", _("History")))
        voided = {"reason": source.void_reason, "by": source.voided_by, "at": source.voided_at}
        shared = {
            "list_url": reverse("evidence:sources"),
            "list_label": _("Sources"),
            "heading": source.name,
            "cancel_url": source.get_absolute_url(),
            "tabs": [
                {"label": label, "url": reverse(name, args=[source.pk]), "is_current": key == self.tab}
                for key, name, label in pages
            ],
            "voided": voided if source.is_voided else None,
        }
        return shared | super().get_context_data(**kwargs)


class SourceHistory(SourceMixin, HistoryPage):
    tab = "history"

    def history_ids(self) -> list[Any]:
        judged = SourceReliability.objects.visible_to(self.user).filter(source=self.record)
        return [self.record.pk, *judged.values_list("pk", flat=True)]


class SourceAdd(ActionPage):
    template_name = "access/add.html"
    visibility = "member"
    section = "sources"
    form_class = forms.SourceForm
    title = gettext_lazy("Add a source")
    creates_in_place = True

    def get_initial(self) -> dict[str, Any]:
        return {"circle": circle_to_start_from(self.request.GET.get("case", ""), self.user)}

    def perform(self, form: Any, *, version: int) -> Source:
        return sources.add_source(by=self.user, **form.cleaned_data)

    def success_message(self, saved: Source) -> str:
        return _("Source added.")

    def undo_for(self, saved: Source) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse("evidence:sources")
        return super().get_context_data(cancel_url=url, list_url=url, list_label=_("Sources"), **kwargs)


class SourceEdit(SourceMixin, ActionPage):
    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = forms.SourceForm
    is_edit = True
    title = gettext_lazy("Edit the source")

    def form_kwargs(self) -> dict[str, Any]:
        return {"is_edit": True}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in self.form_class.base_fields if name != "circle"}

    def perform(self, form: Any, *, version: int) -> Source:
        return sources.change_source(self.record, by=self.user, version=version, **form.fields_to_save())

    def success_message(self, saved: Source) -> str:
        return _("Saved.")


class SourceVoid(SourceMixin, VoidPage):
    title = gettext_lazy("Void this source")

    def consequences(self) -> list[str]:
        return [_("Its items keep naming it; nobody is offered it in pickers any more.")]


class SourceRestore(SourceMixin, RestorePage):
    title = gettext_lazy("Restore this source")


class JudgementAdd(SourceMixin, ActionPage):
    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = forms.JudgementForm
    title = gettext_lazy("Judge the source's reliability")
    submit_label = gettext_lazy("Judge")

    def perform(self, form: Any, *, version: int) -> SourceReliability:
        return sources.judge_source(self.record, by=self.user, **form.cleaned_data)

    def success_url(self, saved: SourceReliability) -> str:
        return f"{self.record.get_absolute_url()}#reliability"

    def success_message(self, saved: SourceReliability) -> str:
        return _("Judged %(letter)s.") % {"letter": saved.reliability}

    def undo_for(self, saved: SourceReliability) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}


class JudgementVoid(VoidPage):
    section = "sources"
    record_model = SourceReliability
    title = gettext_lazy("Void this judgement")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("source")

    def success_url(self, saved: SourceReliability) -> str:
        return saved.source.get_absolute_url()
