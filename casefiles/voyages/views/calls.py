"""Pages about port calls and voyages."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.pages import AddPage, RecordListPage, RestorePage, VoidPage
from casefiles.core.addresses import record_address
from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import SuggestPage
from casefiles.evidence.pages import AssertedEditPage, AssertedHistoryPage, AssertedMixin, AssertedPage, CitePage
from casefiles.evidence.selectors.counting import citation_counts
from casefiles.particulars.selectors import practices_in
from casefiles.voyages import actions
from casefiles.voyages.filters import PortCallFilter, VoyageFilter
from casefiles.voyages.forms.calls import PortCallForm, VoyageForm
from casefiles.voyages.models import PortCall, Voyage
from casefiles.voyages.passages import passage_of
from casefiles.voyages.selectors import voyages_through

PORT_CALL_DATES = (("arrived", _("arrived")), ("departed", _("departed")), ("seen", _("seen there")))


class PortCallsPage(RecordListPage):
    template_name = "voyages/port_calls.html"
    section = "port_calls"
    model = PortCall
    filterset_class = PortCallFilter
    orders = {"-when": Order("when_key", is_descending=True), "when": Order("when_key")}
    add_url_name = "voyages:port_call_add"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().current().with_places()

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        counts = citation_counts([row.pk for row in page.rows], user=self.user)
        for row in page.rows:
            row.url = record_address("voyages:port_call", row.pk)
            row.place_url = record_address("workspace:place", row.place_id)
            row.citation_count = counts.get(row.pk, 0)
            row.shown_candidates = [
                (str(candidate.vessel), record_address("workspace:vessel", candidate.vessel_id))
                for candidate in row.candidates.all()
            ]
        return page.rows


class PortCallMixin(AssertedMixin):
    section = "port_calls"
    record_model = PortCall
    url_name = "voyages:port_call"
    list_url_name = "voyages:port_calls"
    list_label = _("Port calls")
    abouts = PORT_CALL_DATES

    def heading(self) -> str:
        names = {"vessels": self.record.vessel_names, "place": self.record.place}
        return gettext("%(vessels)s at %(place)s") % names

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return super().gate_queryset(rows).with_places()


class PortCallPage(PortCallMixin, AssertedPage):
    template_name = "voyages/port_call.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["candidates"] = sorted(self.record.candidates.all(), key=lambda candidate: candidate.pk)
        context["voyages"] = voyages_through(self.record, user=self.user)
        context["practices"] = practices_in(self.record, self.user)
        return context


class PortCallHistoryPage(PortCallMixin, AssertedHistoryPage):
    pass


class PortCallCitePage(PortCallMixin, CitePage):
    pass


class PortCallVoidPage(PortCallMixin, VoidPage):
    def consequences(self) -> list[str]:
        text = _("“%(voyage)s” relies on it and stays as it is.")
        return [str(text % {"voyage": voyage}) for voyage in voyages_through(self.record, user=self.user)]


class PortCallRestorePage(PortCallMixin, RestorePage):
    pass


class PortCallAddPage(AddPage):
    section = "port_calls"
    form_class = PortCallForm
    title = _("Add a port call")
    creates_in_place = True
    list_url_name = "voyages:port_calls"
    list_label = _("Port calls")

    def perform(self, form: Any, *, version: int) -> PortCall:
        return actions.add_port_call(by=self.user, **form.cleaned_data)


class PortCallEditPage(PortCallMixin, AssertedEditPage):
    form_class = PortCallForm
    title = _("Edit this port call")
    fields = ("place", "activity", "arrived", "departed", "seen", "basis", "note")

    def form_kwargs(self) -> dict[str, Any]:
        return {**super().form_kwargs(), "other_count": self.record.candidates.count()}

    def get_initial(self) -> dict[str, Any]:
        vessels = [candidate.vessel for candidate in self.record.candidates.select_related("vessel").order_by("pk")]
        others = {f"or_vessel_{number}": vessel for number, vessel in enumerate(vessels) if number}
        return {**super().get_initial(), "vessels": vessels[0], **others}

    def change(self, *, version: int, values: dict[str, Any]) -> PortCall:
        return actions.change_port_call(self.record, by=self.user, version=version, **values)


class PortCallSuggestPage(SuggestPage):
    model = PortCall


class VoyagesPage(RecordListPage):
    template_name = "voyages/voyages.html"
    section = "voyages"
    model = Voyage
    filterset_class = VoyageFilter
    orders = {"-sailed": Order("sailed_key", is_descending=True), "sailed": Order("sailed_key")}
    add_url_name = "voyages:voyage_add"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().current().with_ends()

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        counts = citation_counts([row.pk for row in page.rows], user=self.user)
        for row in page.rows:
            row.url = record_address("voyages:voyage", row.pk)
            row.vessel_url = record_address("workspace:vessel", row.vessel_id)
            row.citation_count = counts.get(row.pk, 0)
        return page.rows


class VoyageMixin(AssertedMixin):
    section = "voyages"
    record_model = Voyage
    url_name = "voyages:voyage"
    list_url_name = "voyages:voyages"
    list_label = _("Voyages")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return super().gate_queryset(rows).select_related("vessel", "departure__place", "arrival__place")


class VoyagePage(VoyageMixin, AssertedPage):
    template_name = "voyages/voyage.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        practices = practices_in(self.record, self.user)
        return super().get_context_data(passage=passage_of(self.record), practices=practices, **kwargs)


class VoyageHistoryPage(VoyageMixin, AssertedHistoryPage):
    pass


class VoyageCitePage(VoyageMixin, CitePage):
    pass


class VoyageVoidPage(VoyageMixin, VoidPage):
    pass


class VoyageRestorePage(VoyageMixin, RestorePage):
    pass


class VoyageAddPage(AddPage):
    section = "voyages"
    form_class = VoyageForm
    title = _("Add a voyage")
    list_url_name = "voyages:voyages"
    list_label = _("Voyages")

    def perform(self, form: Any, *, version: int) -> Voyage:
        return actions.add_voyage(by=self.user, **form.cleaned_data)


class VoyageEditPage(VoyageMixin, AssertedEditPage):
    form_class = VoyageForm
    title = _("Edit this voyage")
    fields = ("vessel", "sailed", "departure", "arrival", "cargo", "basis", "note")

    def change(self, *, version: int, values: dict[str, Any]) -> Voyage:
        return actions.change_voyage(self.record, by=self.user, version=version, **values)
