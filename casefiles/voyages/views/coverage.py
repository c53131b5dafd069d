"""Statements on the coverage in the time of an event, each with what is cited for it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.pages import RestorePage, VoidPage
from casefiles.core.pages import ActionPage
from casefiles.evidence.pages import AssertedEditPage, AssertedHistoryPage, AssertedMixin, AssertedPage, CitePage
from casefiles.voyages.actions.coverage import change_coverage, state_coverage
from casefiles.voyages.forms.coverage import CitedCoverageForm, CoverageForm
from casefiles.voyages.models import CoverageStatement
from casefiles.voyages.views.detection import TrackEventMixin


class CoverageAdd(TrackEventMixin, ActionPage):
    """Says of a track event whether there was coverage, with a source."""

    template_name = "access/add.html"
    visibility = "record:edit"
    form_class = CitedCoverageForm
    title = _("State the coverage")
    submit_label = _("State it")

    def perform(self, form: Any, *, version: int) -> CoverageStatement:
        return state_coverage(self.record, by=self.user, **form.cleaned_data)

    def success_url(self, saved: Any) -> str:
        return f"{self.record.get_absolute_url()}#coverage"

    def success_message(self, saved: Any) -> str:
        return gettext("Recorded: %(value)s.") % {"value": saved}

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}


class CoverageMixin(AssertedMixin):
    section = "detections"
    record_model = CoverageStatement
    url_name = "voyages:coverage"
    list_url_name = "voyages:detection_runs"
    list_label = _("Detection")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return super().gate_queryset(rows).select_related("event")

    def heading(self) -> str:
        return str(self.record).capitalize()


class CoveragePage(CoverageMixin, AssertedPage):
    template_name = "voyages/coverage.html"


class CoverageHistory(CoverageMixin, AssertedHistoryPage):
    pass


class CoverageEdit(CoverageMixin, AssertedEditPage):
    form_class = CoverageForm
    title = _("Edit this statement")
    fields = ("answer", "basis", "note")

    def form_kwargs(self) -> dict[str, Any]:
        return {}

    def change(self, *, version: int, values: dict[str, Any]) -> CoverageStatement:
        return change_coverage(self.record, by=self.user, version=version, **values)


class CoverageCite(CoverageMixin, CitePage):
    pass


class CoverageVoid(CoverageMixin, VoidPage):
    pass


class CoverageRestore(CoverageMixin, RestorePage):
    pass
