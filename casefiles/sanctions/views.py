"""Pages about authorities, programmes and designations."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casefiles.access.pages import AddPage, RecordListPage, RestorePage, VoidPage
from casefiles.core.addresses import record_address
from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import SuggestPage
from casefiles.evidence.pages import AssertedEditPage, AssertedHistoryPage, AssertedMixin, AssertedPage, CitePage
from casefiles.evidence.selectors.counting import citation_counts
from casefiles.sanctions import actions
from casefiles.sanctions.filters import DesignationFilter
from casefiles.sanctions.forms import AuthorityForm, DayForm, DesignationForm, ProgrammeForm
from casefiles.sanctions.models import Authority, Designation, Programme
from casefiles.sanctions.selectors import answer_on, answers_on, beside

DATES = (("announced", _("announced")), ("in_force", _("in force from")), ("ended", _("ended")))
FIELDS = (
    "authority", "programme", "vessel", "organisation", "person", "list_name", "list_entry", "measures", "grounds",
    "announced", "in_force", "ended", "basis", "note",
)  # fmt: skip


class DesignationsPage(RecordListPage):
    template_name = "sanctions/designations.html"
    section = "designations"
    model = Designation
    filterset_class = DesignationFilter
    orders = {"-in_force": Order("in_force_key", is_descending=True), "in_force": Order("in_force_key")}
    add_url_name = "sanctions:designation_add"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().current().with_targets()

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        counts = citation_counts([row.pk for row in page.rows], user=self.user)
        day = self._day()
        answers = answers_on(page.rows, day, user=self.user) if day else {}
        for row in page.rows:
            row.url = record_address("sanctions:designation", row.pk)
            row.citation_count = counts.get(row.pk, 0)
            row.on_day = answers.get(row.pk)
        return page.rows

    def _day(self) -> Any:
        form = DayForm(self.request.GET, user=self.user)
        return form.cleaned_data["on"] if form.is_valid() else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(day=self._day(), **kwargs)


class DesignationMixin(AssertedMixin):
    section = "designations"
    record_model = Designation
    url_name = "sanctions:designation"
    list_url_name = "sanctions:designations"
    list_label = _("Designations")
    abouts = DATES

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        targets = ("authority", "programme", "vessel", "organisation", "person")
        return super().gate_queryset(rows).select_related(*targets)


class DesignationPage(DesignationMixin, AssertedPage):
    template_name = "sanctions/designation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = DayForm(self.request.GET if "on" in self.request.GET else None, user=self.user)
        others = beside(self.record, user=self.user)
        context.update(day_form=form, others=others, dates=self._dates(context["citations"]))
        if form.is_valid():
            context["on_day"] = answer_on([self.record], form.cleaned_data["on"])
            if others:
                context["together"] = answer_on([self.record, *others], form.cleaned_data["on"])
        return context

    def _dates(self, citations: list[Any]) -> list[dict[str, Any]]:
        """Return the three dates, each with what is cited for it alone."""
        return [
            {
                "name": name,
                "label": label,
                "moment": getattr(self.record, name),
                "citations": [citation for citation in citations if citation.about == name],
                "cite_url": f"{self.address('_cite')}?about={name}",
            }
            for name, label in DATES
        ]


class DesignationHistoryPage(DesignationMixin, AssertedHistoryPage):
    pass


class DesignationCitePage(DesignationMixin, CitePage):
    pass


class DesignationVoidPage(DesignationMixin, VoidPage):
    pass


class DesignationRestorePage(DesignationMixin, RestorePage):
    pass


class DesignationAddPage(AddPage):
    section = "designations"
    form_class = DesignationForm
    title = _("Add a designation")
    list_url_name = "sanctions:designations"
    list_label = _("Designations")

    def perform(self, form: Any, *, version: int) -> Designation:
        return actions.add_designation(by=self.user, **form.cleaned_data)


class DesignationEditPage(DesignationMixin, AssertedEditPage):
    form_class = DesignationForm
    title = _("Edit this designation")
    fields = FIELDS

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        # A moment is what the field shows; that it goes on is a word of its own.
        return {**initial, "ended": "ongoing"} if self.record.end_kind == "ongoing" else initial

    def change(self, *, version: int, values: dict[str, Any]) -> Designation:
        return actions.change_designation(self.record, by=self.user, version=version, **values)


class AuthorityAddPage(AddPage):
    section = "designations"
    form_class = AuthorityForm
    title = _("Add an authority")
    creates_in_place = True
    list_url_name = "sanctions:designations"
    list_label = _("Designations")

    def get_initial(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Any, *, version: int) -> Authority:
        return actions.add_authority(by=self.user, **form.cleaned_data)

    def success_url(self, saved: Any) -> str:
        return f"{reverse('sanctions:designations')}?authority={saved.pk}"


class ProgrammeAddPage(AuthorityAddPage):
    form_class = ProgrammeForm
    title = _("Add a programme")

    def perform(self, form: Any, *, version: int) -> Programme:
        return actions.add_programme(by=self.user, **form.cleaned_data)

    def success_url(self, saved: Any) -> str:
        return f"{reverse('sanctions:designations')}?programme={saved.key}"


class AuthoritySuggestPage(SuggestPage):
    model = Authority


class ProgrammeSuggestPage(SuggestPage):
    model = Programme

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("authority")
