"""Pages about authorities, programmes and designations."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.actions import NotVisible
from casefiles.access.pages import AddPage, HistoryPage, RecordListPage, RestorePage, VoidPage
from casefiles.core.addresses import record_address
from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import ActionPage, DetailPage, Page, SuggestPage
from casefiles.evidence.pages import (
    AssertedEditPage,
    AssertedHistoryPage,
    AssertedMixin,
    AssertedPage,
    CitePage,
)
from casefiles.evidence.selectors.counting import citation_counts
from casefiles.sanctions import actions
from casefiles.sanctions.actions.listing import refresh_from_entry
from casefiles.sanctions.filters import AuthorityFilter, DesignationFilter, ProgrammeFilter
from casefiles.sanctions.forms import AuthorityForm, DayForm, DesignationForm, ProgrammeEditForm, ProgrammeForm
from casefiles.sanctions.list_forms import RefreshForm
from casefiles.sanctions.models import Authority, Designation, ListEntry, Programme
from casefiles.sanctions.selectors import answer_on, answers_on, beside, designation_counts, programmes_of
from casefiles.sanctions.selectors.newer import differences, newest_entry_for

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
        entry = None if self.record.is_voided else newest_entry_for(self.record, self.user)
        context["newer"] = {"entry": entry, "differences": differences(self.record, entry)} if entry else None
        context["refresh_url"] = self.address("_refresh")
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


class DesignationRefreshPage(DesignationMixin, ActionPage):
    """Takes fields over from the newest edition of the list, those that somebody chooses."""

    template_name = "sanctions/refresh.html"
    visibility = "record:edit"
    form_class = RefreshForm
    is_edit = True
    title = _("Take over from a newer edition")
    submit_label = _("Take over what is chosen")

    @cached_property
    def entry(self) -> ListEntry:
        entry = newest_entry_for(self.record, self.user)
        if entry is None:
            raise NotVisible
        return entry

    def form_kwargs(self) -> dict[str, Any]:
        return {"differences": differences(self.record, self.entry), "entry": self.entry}

    def perform(self, form: Any, *, version: int) -> Designation:
        return refresh_from_entry(
            self.record, by=self.user, version=version, entry=self.entry, take=form.cleaned_data["take"]
        )

    def success_message(self, saved: Any) -> str:
        return gettext("Taken over from %(edition)s.") % {"edition": self.entry.edition}

    # No undo: it would set the value again and leave the row of the newer edition cited for it.

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "entry": self.entry, "differences": differences(self.record, self.entry)}


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


# --- Authorities and programmes ------------------------------------------------------------------------------------


class AuthoritiesPage(RecordListPage):
    template_name = "sanctions/authorities.html"
    section = "designations"
    model = Authority
    filterset_class = AuthorityFilter
    orders = {"name": Order("name_key"), "-name": Order("name_key", is_descending=True)}
    add_url_name = "sanctions:authority_add"
    counted: ClassVar[str] = "authority"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().current()

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        counts = designation_counts(self.counted, [row.pk for row in page.rows], self.user)
        for row in page.rows:
            row.url = record_address(f"sanctions:{self.counted}", row.pk)
            row.designation_count = counts.get(row.pk, 0)
        return page.rows


class ProgrammesPage(AuthoritiesPage):
    template_name = "sanctions/programmes.html"
    model = Programme
    filterset_class = ProgrammeFilter
    orders = {"key": Order("key"), "-key": Order("key", is_descending=True)}
    add_url_name = "sanctions:programme_add"
    counted = "programme"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("authority")


class AuthorityMixin(Page):
    """What every page below an authority's or programme's address shares."""

    section = "designations"
    record_model: ClassVar[Any] = Authority
    tab = ""
    name: ClassVar[str] = "authority"
    list_label: ClassVar[Any] = _("Authorities")
    list_url_name: ClassVar[str] = "sanctions:authorities"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        pages = (
            ("", f"sanctions:{self.name}", _("Record")),
            ("history", f"sanctions:{self.name}_history", _("History")),
        )
        shared = {
            "list_url": reverse(self.list_url_name),
            "list_label": self.list_label,
            "heading": record.name,
            "cancel_url": record.get_absolute_url(),
            "tabs": [
                {"label": label, "url": reverse(name, args=[record.pk]), "is_current": key == self.tab}
                for key, name, label in pages
            ],
            "voided": _voided(record),
        }
        return shared | super().get_context_data(**kwargs)


def _voided(record: Any) -> dict[str, Any] | None:
    if not record.is_voided:
        return None
    return {"reason": record.void_reason, "by": record.voided_by, "at": record.voided_at}


class AuthorityPage(AuthorityMixin, DetailPage):
    template_name = "sanctions/authority.html"
    visibility = "record:read"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        may_edit = self.may("edit") and not record.is_voided
        return super().get_context_data(
            edit_url=reverse(f"sanctions:{self.name}_edit", args=[record.pk]) if may_edit else "",
            designation_count=designation_counts(self.name, [record.pk], self.user).get(record.pk, 0),
            programmes=programmes_of(record, self.user) if self.name == "authority" else (),
            **kwargs,
        )


class AuthorityHistoryPage(AuthorityMixin, HistoryPage):
    tab = "history"


class AuthorityEditPage(AuthorityMixin, ActionPage):
    template_name = "access/add.html"
    visibility = "record:edit"
    form_class: ClassVar[Any] = AuthorityForm
    is_edit = True
    title: ClassVar[Any] = _("Edit the authority")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in self.form_class.base_fields}

    def perform(self, form: Any, *, version: int) -> Any:
        return actions.change_authority(self.record, by=self.user, version=version, **form.cleaned_data)

    def success_message(self, saved: Any) -> str:
        return gettext("Saved: %(record)s.") % {"record": saved}

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "undo"}


class ProgrammeMixin(AuthorityMixin):
    record_model = Programme
    name = "programme"
    list_label = _("Programmes")
    list_url_name = "sanctions:programmes"

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("authority")


class ProgrammePage(ProgrammeMixin, AuthorityPage):
    template_name = "sanctions/programme.html"


class ProgrammeHistoryPage(ProgrammeMixin, AuthorityHistoryPage):
    pass


class ProgrammeEditPage(ProgrammeMixin, AuthorityEditPage):
    form_class = ProgrammeEditForm
    title = _("Edit the programme")

    def perform(self, form: Any, *, version: int) -> Any:
        return actions.change_programme(self.record, by=self.user, version=version, **form.cleaned_data)


class AuthorityAddPage(AddPage):
    section = "designations"
    form_class = AuthorityForm
    title = _("Add an authority")
    creates_in_place = True
    list_url_name = "sanctions:authorities"
    list_label = _("Authorities")

    def get_initial(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Any, *, version: int) -> Authority:
        return actions.add_authority(by=self.user, **form.cleaned_data)


class ProgrammeAddPage(AuthorityAddPage):
    form_class = ProgrammeForm
    title = _("Add a programme")
    list_url_name = "sanctions:programmes"
    list_label = _("Programmes")

    def perform(self, form: Any, *, version: int) -> Programme:
        return actions.add_programme(by=self.user, **form.cleaned_data)


class AuthoritySuggestPage(SuggestPage):
    model = Authority


class ProgrammeSuggestPage(SuggestPage):
    model = Programme

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("authority")
