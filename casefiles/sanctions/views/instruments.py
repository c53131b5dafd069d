"""Pages about instruments: what they are, and which provisions and elements stand in them."""

import uuid
from collections.abc import Iterable
from functools import reduce
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casefiles.access.pages import AddPage, HistoryPage, RecordListPage, RestorePage, VoidPage
from casefiles.core.addresses import record_address
from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import ActionPage, DetailPage, SuggestPage
from casefiles.sanctions import actions
from casefiles.sanctions.filters import InstrumentFilter
from casefiles.sanctions.instrument_forms import (
    ElementEditForm,
    ElementForm,
    InstrumentEditForm,
    InstrumentForm,
    ProvisionForm,
)
from casefiles.sanctions.models import Element, Instrument, Provision
from casefiles.sanctions.selectors.instruments import (
    ProvisionCount,
    parts_of,
    provision_counts,
    provisions_of,
    voided_parts,
)
from casefiles.sanctions.views.designations import AuthorityMixin

INSTRUMENTS = _("Instruments")


class InstrumentsPage(RecordListPage):
    template_name = "sanctions/instruments.html"
    section = "instruments"
    model = Instrument
    filterset_class = InstrumentFilter
    orders = {"key": Order("key"), "-key": Order("key", is_descending=True), "name": Order("name_key")}
    add_url_name = "sanctions:instrument_add"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().current().select_related("authority")

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        counts = provision_counts([row.pk for row in page.rows], self.user)
        for row in page.rows:
            row.url = record_address("sanctions:instrument", row.pk)
            row.counted = counts.get(row.pk, ProvisionCount())
        return page.rows


class InstrumentMixin(AuthorityMixin):
    section = "instruments"
    record_model = Instrument
    name = "instrument"
    list_label = INSTRUMENTS
    list_url_name = "sanctions:instruments"

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("authority", "voided_by")


class InstrumentPage(InstrumentMixin, DetailPage):
    template_name = "sanctions/instrument.html"
    visibility = "record:read"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = self.record
        may_edit = self.may("edit") and not record.is_voided
        parts = voided_parts(record, self.user)
        return super().get_context_data(
            may_edit=may_edit,
            edit_url=reverse("sanctions:instrument_edit", args=[record.pk]) if may_edit else "",
            void_url=reverse("sanctions:instrument_void", args=[record.pk]) if may_edit else "",
            restore_url=reverse("sanctions:instrument_restore", args=[record.pk]) if self.may("edit") else "",
            add_url=reverse("sanctions:provision_add", args=[record.pk]) if may_edit else "",
            lines=provisions_of(record, self.user),
            voided_parts=[(part, self._restore_url(part) if may_edit else "") for part in parts],
            **kwargs,
        )

    def _restore_url(self, part: Provision | Element) -> str:
        return reverse(f"sanctions:{part._meta.model_name}_restore", args=[part.pk])


class InstrumentHistoryPage(InstrumentMixin, HistoryPage):
    tab = "history"

    def history_ids(self) -> Iterable[uuid.UUID]:
        return parts_of(self.record, self.user)


class InstrumentAddPage(AddPage):
    section = "instruments"
    form_class = InstrumentForm
    title = _("Add an instrument")
    list_url_name = "sanctions:instruments"
    list_label = INSTRUMENTS

    def get_initial(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Any, *, version: int) -> Instrument:
        return actions.add_instrument(by=self.user, **form.cleaned_data)


class InstrumentForms(ActionPage):
    """A form about an instrument or a part of it, with the way back to the instrument."""

    template_name = "access/add.html"
    section = "instruments"
    visibility = "record:edit"

    @property
    def instrument(self) -> Instrument:
        return self.record  # type: ignore[no-any-return]

    def get_initial(self) -> dict[str, Any]:
        if not self.is_edit:
            return {}
        return {name: getattr(self.record, name) for name in self.form_class.base_fields}

    def success_message(self, saved: Any) -> str:
        return gettext("Saved: %(record)s.") % {"record": saved}

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "undo" if self.is_edit else "void"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            list_url=reverse("sanctions:instruments"),
            list_label=INSTRUMENTS,
            heading=self.instrument.key,
            cancel_url=self.instrument.get_absolute_url(),
            **kwargs,
        )


class InstrumentEditPage(InstrumentForms):
    record_model = Instrument
    form_class = InstrumentEditForm
    is_edit = True
    title = _("Edit the instrument")

    def perform(self, form: Any, *, version: int) -> Instrument:
        return actions.change_instrument(self.record, by=self.user, version=version, **form.cleaned_data)


class InstrumentVoidPage(InstrumentMixin, VoidPage):
    title = _("Void this instrument")

    def consequences(self) -> list[str]:
        return [
            gettext("Its provisions are offered for duties no more. Duties of cases that rest on one stay as they are.")
        ]


class InstrumentRestorePage(InstrumentMixin, RestorePage):
    title = _("Restore this instrument")


class PartVoidPage(VoidPage):
    """Withdraws a part of an instrument, and goes back to the instrument."""

    section = "instruments"
    # From the part to its instrument.
    path: ClassVar[str] = ""

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related(cls.path)

    @property
    def instrument(self) -> Instrument:
        return reduce(getattr, self.path.split("__"), self.record)

    def success_url(self, saved: Any) -> str:
        return self.instrument.get_absolute_url()

    def consequences(self) -> list[str]:
        return [gettext("Duties of cases that rest on it stay as they are, and show that it was voided.")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            list_url=self.instrument.get_absolute_url(),
            list_label=self.instrument.key,
            heading=str(self.record),
            **kwargs,
        )


class ProvisionVoidPage(PartVoidPage):
    record_model = Provision
    path = "instrument"
    title = _("Void this provision")


class ProvisionRestorePage(PartVoidPage, RestorePage):
    record_model = Provision
    path = "instrument"
    title = _("Restore this provision")


class ElementVoidPage(PartVoidPage):
    record_model = Element
    path = "provision__instrument"
    title = _("Void this element")


class ElementRestorePage(PartVoidPage, RestorePage):
    record_model = Element
    path = "provision__instrument"
    title = _("Restore this element")


class ProvisionAddPage(InstrumentForms):
    record_model = Instrument
    form_class = ProvisionForm
    title = _("Add a provision")

    def perform(self, form: Any, *, version: int) -> Provision:
        return actions.add_provision(self.record, by=self.user, **form.cleaned_data)


class ProvisionForms(InstrumentForms):
    record_model = Provision

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("instrument")

    @property
    def instrument(self) -> Instrument:
        return self.record.instrument  # type: ignore[no-any-return]


class ProvisionEditPage(ProvisionForms):
    form_class = ProvisionForm
    is_edit = True
    title = _("Edit the provision")

    def perform(self, form: Any, *, version: int) -> Provision:
        return actions.change_provision(self.record, by=self.user, version=version, **form.cleaned_data)


class ElementAddPage(ProvisionForms):
    form_class = ElementForm
    title = _("Add an element")

    def perform(self, form: Any, *, version: int) -> Element:
        return actions.add_element(self.record, by=self.user, **form.cleaned_data)


class ElementEditPage(InstrumentForms):
    record_model = Element
    form_class = ElementEditForm
    is_edit = True
    title = _("Edit the element")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("provision__instrument")

    @property
    def instrument(self) -> Instrument:
        return self.record.provision.instrument  # type: ignore[no-any-return]

    def perform(self, form: Any, *, version: int) -> Element:
        return actions.change_element(self.record, by=self.user, version=version, **form.cleaned_data)


class ProvisionSuggestPage(SuggestPage):
    model = Provision

    def get_queryset(self) -> QuerySet[Any]:
        return Provision.objects.visible_to(self.request.user).standing()
