"""One dated value: its page, its history, and the forms that correct, cite, void and restore it."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.pages import HistoryPage
from casefiles.core.forms import ReasonForm
from casefiles.core.pages import ActionPage, DetailPage
from casefiles.evidence.actions.citations import cite
from casefiles.evidence.citing import CiteForm
from casefiles.evidence.models import Assertion
from casefiles.evidence.pages import place_carried, undo_of
from casefiles.particulars import actions, forms
from casefiles.particulars.models import (
    AddressUse,
    DeceptivePractice,
    Dimension,
    FlagPeriod,
    IdentifierUse,
    NameUse,
    Particular,
    VesselRole,
)
from casefiles.particulars.selectors import particular_of, value_of
from casefiles.registry.models import Organisation, Person

FORMS: dict[type[Particular], type[forms.ParticularForm]] = {
    NameUse: forms.NameUseForm,
    FlagPeriod: forms.FlagPeriodForm,
    IdentifierUse: forms.IdentifierUseForm,
    VesselRole: forms.VesselRoleForm,
    AddressUse: forms.AddressForm,
    DeceptivePractice: forms.PracticeForm,
    Dimension: forms.DimensionForm,
}
SECTIONS = {Organisation: "organisations", Person: "people"}


class OfOneValue:
    """What the pages of one value share: the gate reads its assertion, and the value is found by that one's kind."""

    record: Any
    user: Any
    record_model: ClassVar[Any] = Assertion

    @classmethod
    def gate_queryset(cls, rows: Any) -> Any:
        return rows.select_related("created_by")

    @cached_property
    def particular(self) -> Any:
        # After a stale save the record of the page is the value itself.
        found = self.record if isinstance(self.record, Particular) else particular_of(self.record)
        if found is None:
            raise Http404
        return found

    def shared_context(self) -> dict[str, Any]:
        subject, pk = self.particular.subject, self.particular.pk
        return {
            "section": SECTIONS.get(type(subject), "vessels"),
            "subject": subject,
            "particular": self.particular,
            "cancel_url": reverse("particulars:particular", args=[pk]),
        }

    def tabs(self, *, current: str) -> list[dict[str, Any]]:
        pk = self.particular.pk
        entries = [("particular", _("Value")), ("particular_history", _("History"))]
        return [
            {"label": label, "url": reverse(f"particulars:{name}", args=[pk]), "is_current": name == current}
            for name, label in entries
        ]


class ParticularPage(OfOneValue, DetailPage):
    template_name = "particulars/particular.html"
    visibility = "record:read"
    section = "vessels"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.update(self.shared_context())
        assertion = self.record
        return {
            **context,
            "value": value_of(self.particular, self.user),
            "circles": [str(circle) for circle in assertion.compartments.visible_to(self.user)],
            "may_edit": self.may("edit"),
            "tabs": self.tabs(current="particular"),
            "voided": {"reason": assertion.void_reason, "at": assertion.voided_at} if assertion.is_voided else None,
        }


class ParticularHistory(OfOneValue, HistoryPage):
    section = "vessels"

    def history_ids(self) -> Iterable[Any]:
        return [self.record.pk, *(citation.pk for citation in value_of(self.particular, self.user).citations)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {**super().get_context_data(**kwargs), **self.shared_context()}
        subject = context["subject"]
        return {
            **context,
            "heading": str(self.particular),
            "list_url": subject.get_absolute_url(),
            "list_label": str(subject),
            "tabs": self.tabs(current="particular_history"),
        }


class ValueForm(OfOneValue, ActionPage):
    template_name = "particulars/form.html"
    visibility = "record:edit"
    section = "vessels"

    def success_url(self, saved: Any) -> str:
        return reverse("particulars:particular", args=[self.particular.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **self.shared_context()}


class EditParticular(ValueForm):
    is_edit = True
    title = gettext_lazy("Correct a value")

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        if isinstance(self.particular, IdentifierUse) and self.particular.organisation_id:
            return forms.OrganisationIdentifierForm
        return FORMS[type(self.particular)]

    def get_form(self, data: Any = None, files: Any = None, *, initial: dict[str, Any] | None = None) -> Any:
        if isinstance(self.record, Particular):
            self.__dict__["particular"] = self.record
        return super().get_form(data, files, initial=initial)

    def form_kwargs(self) -> dict[str, Any]:
        return {"is_edit": True}

    def get_initial(self) -> dict[str, Any]:
        names = (*self.form_class.value_fields, "basis", "note")
        values = {name: getattr(self.particular, name) for name in names}
        return {**values, "start": self.particular.period.start, "end": self.particular.period}

    def perform(self, form: Any, *, version: int) -> Particular:
        values = form.fields_to_save()
        self.changed = actions.change_particular(self.particular, by=self.user, version=version, **values)
        return self.particular  # type: ignore[no-any-return]

    def success_message(self, saved: Any) -> str:
        return _("Saved.") if self.changed else _("Nothing was changed.")

    def undo_for(self, saved: Any) -> dict[str, Any] | None:
        return undo_of(saved) if self.changed else None


class CiteForParticular(ValueForm):
    form_class = CiteForm
    title = gettext_lazy("Cite a source")
    submit_label = gettext_lazy("Cite")

    def get_initial(self) -> dict[str, Any]:
        return place_carried(self.request.GET, self.user)

    def perform(self, form: Any, *, version: int) -> Any:
        return cite(self.particular, by=self.user, **form.cleaned_data)

    def success_message(self, saved: Any) -> str:
        return _("Cited.")

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}


class VoidParticular(ValueForm):
    template_name = "pages/confirm.html"
    form_class = ReasonForm
    title = gettext_lazy("Void this value")
    submit_label = gettext_lazy("Void it")

    def perform(self, form: Any, *, version: int) -> Particular:
        actions.void_particular(self.particular, by=self.user, reason=form.cleaned_data["reason"])
        return self.particular  # type: ignore[no-any-return]

    def success_message(self, saved: Any) -> str:
        return _("Voided. It stays here, with your reason.")

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "undo"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        consequences = [_("It counts for nothing any more, and stays with your reason.")]
        return super().get_context_data(consequences=consequences, is_grave=True, **kwargs)


class RestoreParticular(ValueForm):
    template_name = "pages/confirm.html"
    form_class = ReasonForm
    title = gettext_lazy("Restore this value")
    submit_label = gettext_lazy("Restore it")

    def perform(self, form: Any, *, version: int) -> Particular:
        actions.restore_particular(self.particular, by=self.user, reason=form.cleaned_data["reason"])
        return self.particular  # type: ignore[no-any-return]

    def success_message(self, saved: Any) -> str:
        return _("Restored.")
