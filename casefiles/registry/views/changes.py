"""Forms that add, change, void and restore anchors."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.actions import restore_record, void_record
from casefiles.access.forms import circle_to_start_from
from casefiles.access.rules import Visibility
from casefiles.core.forms import ReasonForm
from casefiles.core.pages import ActionPage
from casefiles.core.refusals import Refused
from casefiles.registry import actions, forms
from casefiles.registry.models import Organisation, Person, Place, PlaceName, Vessel


def with_link(refusal: actions.AlreadyRegistered) -> Refused:
    """Return the same refusal with a link to the anchor that has the number."""
    link = format_html('<a href="{}">{}</a>', refusal.record.get_absolute_url(), _("Open it"))
    return Refused(format_html("{} {}", refusal.message, link), field=refusal.field)


class AddAnchor(ActionPage):
    """Adds an anchor, also from the dialog of a picker."""

    template_name = "registry/form.html"
    visibility = "member"
    creates_in_place = True
    add: ClassVar[Callable[..., Any]]

    def get_initial(self) -> dict[str, Any]:
        return {"circle": circle_to_start_from(self.request.GET.get("case", ""), self.user)}

    def perform(self, form: Any, *, version: int) -> Any:
        try:
            return type(self).add(by=self.user, **form.cleaned_data)
        except actions.AlreadyRegistered as refusal:
            raise with_link(refusal) from refusal

    def success_message(self, saved: Any) -> str:
        if saved.visibility == Visibility.OPEN:
            return _("Added. Every member sees it.")
        return _("Added. Only its circle sees it.")

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_url=reverse(f"registry:{self.section}"), **kwargs)


class AddVessel(AddAnchor):
    section = "vessels"
    title = gettext_lazy("Add a vessel")
    form_class = forms.VesselForm
    add = staticmethod(actions.add_vessel)


class AddOrganisation(AddAnchor):
    section = "organisations"
    title = gettext_lazy("Add an organisation")
    form_class = forms.OrganisationForm
    add = staticmethod(actions.add_organisation)


class AddPerson(AddAnchor):
    section = "people"
    title = gettext_lazy("Add a person")
    form_class = forms.PersonForm
    add = staticmethod(actions.add_person)


class AddPlace(AddAnchor):
    section = "places"
    title = gettext_lazy("Add a place")
    form_class = forms.PlaceForm
    add = staticmethod(actions.add_place)


class EditAnchor(ActionPage):
    template_name = "registry/form.html"
    visibility = "record:edit"
    is_edit = True
    change: ClassVar[Callable[..., Any]]

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Edit %(record)s") % {"record": self.record}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in self.form_class.base_fields if hasattr(self.record, name)}

    def form_kwargs(self) -> dict[str, Any]:
        return {"is_edit": True, "is_restricted": self.record.visibility != Visibility.OPEN}

    def perform(self, form: Any, *, version: int) -> Any:
        try:
            type(self).change(self.record, by=self.user, version=version, **form.cleaned_data)
        except actions.AlreadyRegistered as refusal:
            raise with_link(refusal) from refusal
        return self.record

    def success_message(self, saved: Any) -> str:
        return _("Saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_url=self.record.get_absolute_url(), **kwargs)


class EditVessel(EditAnchor):
    section = "vessels"
    record_model = Vessel
    form_class = forms.VesselForm
    change = staticmethod(actions.change_vessel)


class EditOrganisation(EditAnchor):
    section = "organisations"
    record_model = Organisation
    form_class = forms.OrganisationForm
    change = staticmethod(actions.change_organisation)


class EditPerson(EditAnchor):
    section = "people"
    record_model = Person
    form_class = forms.PersonForm
    change = staticmethod(actions.change_person)

    @classmethod
    def gate_queryset(cls, rows: Any) -> Any:
        return rows.select_related("organisation")


class EditPlace(EditAnchor):
    section = "places"
    record_model = Place
    form_class = forms.PlaceForm
    change = staticmethod(actions.change_place)

    @classmethod
    def gate_queryset(cls, rows: Any) -> Any:
        return rows.select_related("parent")


class AddPlaceName(ActionPage):
    template_name = "registry/form.html"
    visibility = "record:edit"
    section = "places"
    record_model = Place
    form_class = forms.PlaceNameForm
    title = gettext_lazy("Add another name")

    def perform(self, form: Any, *, version: int) -> PlaceName:
        return actions.add_place_name(self.record, by=self.user, **form.cleaned_data)

    def success_url(self, saved: PlaceName) -> str:
        return self.record.get_absolute_url()  # type: ignore[no-any-return]

    def success_message(self, saved: PlaceName) -> str:
        return _("Name added.")

    def undo_for(self, saved: PlaceName) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_url=self.record.get_absolute_url(), **kwargs)


class VoidAnchor(ActionPage):
    """Withdraws an anchor with a reason; it stays, marked."""

    template_name = "pages/confirm.html"
    visibility = "record:edit"
    form_class = ReasonForm
    submit_label = gettext_lazy("Void it")

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Void %(record)s") % {"record": self.record}

    def perform(self, form: Any, *, version: int) -> Any:
        void_record(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record

    def success_message(self, saved: Any) -> str:
        return _("Voided. The page stays, with your reason.")

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "undo"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            cancel_url=self.record.get_absolute_url(),
            is_grave=True,
            consequences=[
                _("Nobody is offered it in pickers any more."),
                _("What was recorded about it stays, and so does its number."),
            ],
            **kwargs,
        )


class RestoreAnchor(VoidAnchor):
    submit_label = gettext_lazy("Restore it")

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Restore %(record)s") % {"record": self.record}

    def perform(self, form: Any, *, version: int) -> Any:
        restore_record(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record

    def success_message(self, saved: Any) -> str:
        return _("Restored.")

    def undo_for(self, saved: Any) -> None:  # type: ignore[override]
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "is_grave": False, "consequences": [_("It is offered in pickers again.")]}
