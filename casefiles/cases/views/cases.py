"""The list of cases, opening and editing one, and its overview."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.cases import actions, selectors
from casefiles.cases.filters import CaseFilter
from casefiles.cases.forms.cases import EditCaseForm
from casefiles.cases.forms.templates import OpenCaseFromForm
from casefiles.cases.models import Case, CaseStatus
from casefiles.cases.views.base import (
    HANDLING_TONES,
    STATUS_TONES,
    CaseForm,
    CasePage,
    address_in,
    citation_addresses,
    undo,
)
from casefiles.cases.views.references import summary_note
from casefiles.cases.views.templates import OffersTemplates
from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import ActionPage, ListPage

TONE_WORDS = {"bad": gettext_lazy("Blocks:"), "warn": gettext_lazy("Look at:"), "ok": gettext_lazy("Settled:")}


def ago(at: datetime) -> str:
    """Return how long ago something was, in one unit."""
    return timesince(at, depth=1) if timezone.now() - at >= timedelta(minutes=1) else _("just now")


class CaseList(ListPage):
    template_name = "cases/list.html"
    visibility = "member"
    section = "cases"
    model = Case
    filterset_class = CaseFilter
    orders: ClassVar = {
        "-opened": Order("opened_on", is_descending=True),
        "opened": Order("opened_on"),
        "title": Order("title_key"),
        "-title": Order("title_key", is_descending=True),
    }

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        return [
            {
                "case": row,
                "status_tone": STATUS_TONES.get(CaseStatus(row.status), ""),
                "handling_tone": HANDLING_TONES.get(row.handling, ""),
            }
            for row in selectors.case_rows(page.rows, self.user)
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_open=self.user.may_open_cases, prefix=reverse("cases:list"), **kwargs)


class OpenCase(OffersTemplates, ActionPage):
    template_name = "cases/open.html"
    visibility = "member"
    section = "cases"
    form_class = OpenCaseFromForm
    title = gettext_lazy("Open a case")
    submit_label = gettext_lazy("Open the case")

    def perform(self, form: Any, *, version: int) -> Any:
        if self.only_looks:
            return self._show(form, status=200)
        return actions.open_case_from(by=self.user, **form.cleaned_data)

    def success_message(self, saved: Case) -> str:
        return _("%(reference)s is open, and you lead it.") % {"reference": saved.reference}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_url=reverse("cases:list"), **self.plans(kwargs["form"]), **kwargs)


class EditCase(CaseForm):
    template_name = "cases/edit.html"
    form_class = EditCaseForm
    is_edit = True
    title = gettext_lazy("Edit the case")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.case, name) for name in EditCaseForm.field_order}

    def perform(self, form: Any, *, version: int) -> Any:
        actions.change_case(self.case, by=self.user, version=version, **form.cleaned_data)
        return self.case

    def success_message(self, saved: Case) -> str:
        findings = selectors.findings_sentence(selectors.summary_findings(saved, self.user))
        if findings:
            return _("The case was changed. Look at the summary: %(findings)s.") % {"findings": findings}
        return _("The case was changed.")

    def undo_for(self, saved: Case) -> dict[str, Any]:
        return undo(saved, "undo")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = str(kwargs["form"]["summary"].value() or "")
        return super().get_context_data(
            summary_note=summary_note(selectors.summary_findings(self.case, self.user, words)),
            offer_url=self.address("references"),
            check_url=self.address("summary_check"),
            **kwargs,
        )


class CaseOverview(CasePage):
    template_name = "cases/overview.html"
    tab = "overview"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = selectors.case_overview(self.case, self.user, people=self.people)
        return super().get_context_data(
            overview=found,
            ready=[self._to_settle(line) for line in found.readiness.lines],
            review_steps=[(step, self._where(step)) for step in found.review.steps],
            changes=[(line, ago(line.at)) for line in found.changes],
            compared_url=address_in("workspace:changes", self.case),
            timeline_part_url=address_in("workspace:timeline_fragment", self.case),
            map_part_url=address_in("workspace:map_fragment", self.case),
            citations=citation_addresses(self.case),
            preview_url=self.address("reference_preview"),
            claim_prefix=self.address("claims"),
            exhibit_prefix=self.address("exhibits"),
            **kwargs,
        )

    def _where(self, step: selectors.NextStep) -> str:
        address = self.address(step.page, step.target) if step.target else self.address(step.page)
        return f"{address}?{urlencode({'review': step.state})}" if step.state else address

    def _to_settle(self, line: selectors.ReadinessLine) -> dict[str, Any]:
        url = self.address(line.page, line.target) if line.target else address_in(f"cases:{line.page}", self.case)
        return {"line": line, "url": url, "tone_words": TONE_WORDS[line.tone]}
