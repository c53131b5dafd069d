"""Forms that add, change, void and restore anchors."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.pages import AddPage, RestorePage, VoidPage
from casefiles.access.rules import Visibility
from casefiles.core.pages import ActionPage
from casefiles.core.refusals import Refused
from casefiles.registry import actions, forms
from casefiles.registry.models import Organisation, Person, Place, PlaceName, Vessel


def with_link(refusal: actions.AlreadyRegistered) -> Refused:
    """Return the same refusal with a link to the anchor that has the number."""
    link = format_html('<a href="{}">{}</a>', refusal.record.get_absolute_url(), _("Open it"))
    return Refused(format_html("{} {}", refusal.message, link), field=refusal.field)


class AddAnchor(AddPage):
    """Adds an anchor, also from the dialog of a picker."""

    creates_in_place = True
    add: ClassVar[Callable[..., Any]]

    def perform(self, form: Any, *, version: int) -> Any:
        try:
            return type(self).add(by=self.user, **form.cleaned_data)
        except actions.AlreadyRegistered as refusal:
            raise with_link(refusal) from refusal

    def success_message(self, saved: Any) -> str:
        if saved.visibility == Visibility.OPEN:
            return _("Added: %(record)s. Every member sees it.") % {"record": saved}
        return _("Added: %(record)s. Only its circle sees it.") % {"record": saved}


class AddVessel(AddAnchor):
    section = "vessels"
    list_url_name, list_label = "registry:vessels", gettext_lazy("Vessels")
    title = gettext_lazy("Add a vessel")
    form_class = forms.VesselForm
    add = staticmethod(actions.add_vessel)


class AddOrganisation(AddAnchor):
    section = "organisations"
    list_url_name, list_label = "registry:organisations", gettext_lazy("Organisations")
    title = gettext_lazy("Add an organisation")
    form_class = forms.OrganisationForm
    add = staticmethod(actions.add_organisation)


class AddPerson(AddAnchor):
    section = "people"
    list_url_name, list_label = "registry:people", gettext_lazy("People")
    title = gettext_lazy("Add a person")
    form_class = forms.PersonForm
    add = staticmethod(actions.add_person)


class AddPlace(AddAnchor):
    section = "places"
    list_url_name, list_label = "registry:places", gettext_lazy("Places")
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
            self.changed = type(self).change(self.record, by=self.user, version=version, **form.cleaned_data)
        except actions.AlreadyRegistered as refusal:
            raise with_link(refusal) from refusal
        return self.record

    def success_message(self, saved: Any) -> str:
        return _("Saved.") if self.changed else _("Nothing was changed.")

    def undo_for(self, saved: Any) -> dict[str, Any] | None:
        # What everybody has seen cannot be taken back.
        if not self.changed or "visibility" in self.changed:
            return None
        kind = saved._meta.label_lower
        return {"kind": kind, "id": str(saved.pk), "act": "undo", "version": saved.version}

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


class VoidAnchor(VoidPage):
    """Withdraws an anchor with a reason; it stays, marked, and so does its number."""

    def consequences(self) -> list[str]:
        return [_("Pickers offer it no more; what was recorded about it stays, and so does its number.")]


class RestoreAnchor(RestorePage):
    """Takes back the voiding of an anchor."""
