"""One form for each kind of value, opened from the page of what it is about."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.forms import circle_to_start_from
from casefiles.access.rules import Visibility
from casefiles.core.pages import ActionPage
from casefiles.particulars import actions, forms
from casefiles.registry.models import Organisation, Person, Vessel


class AddParticular(ActionPage):
    """Records a value about the record in the address, with one source where an item was chosen."""

    template_name = "particulars/form.html"
    visibility = "record:edit"
    subject: ClassVar[str] = "vessel"
    add: ClassVar[Callable[..., Any]]

    def get_initial(self) -> dict[str, Any]:
        chosen = circle_to_start_from(self.request.GET.get("case", ""), self.user)
        if not chosen and self.record.visibility != Visibility.OPEN:
            own = self.record.compartments.visible_to(self.user, "edit").order_by("name", "pk").first()
            chosen = str(own.pk) if own else ""
        return {"circle": chosen} if chosen else {}

    def perform(self, form: Any, *, version: int) -> Any:
        values = {self.subject: self.record, "circle": form.cleaned_data["circle"], **form.fields_to_save()}
        return actions.add_with_source(type(self).add, by=self.user, source=form.source(), **values)

    def success_url(self, saved: Any) -> str:
        return f"{self.record.get_absolute_url()}#particulars"

    def success_message(self, saved: Any) -> str:
        return _("Recorded: %(value)s.") % {"value": saved}

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(subject=self.record, cancel_url=self.record.get_absolute_url(), **kwargs)


class AddName(AddParticular):
    section = "vessels"
    record_model: ClassVar[Any] = Vessel
    title = gettext_lazy("Add a name")
    form_class: ClassVar[Any] = forms.NameUseForm
    add = staticmethod(actions.add_name_use)


class AddOrganisationName(AddName):
    section = "organisations"
    record_model = Organisation
    subject = "organisation"


class AddPersonName(AddName):
    section = "people"
    record_model = Person
    subject = "person"


class AddFlag(AddParticular):
    section = "vessels"
    record_model = Vessel
    title = gettext_lazy("Add a flag")
    form_class = forms.FlagPeriodForm
    add = staticmethod(actions.add_flag_period)


class AddIdentifier(AddParticular):
    section = "vessels"
    record_model: ClassVar[Any] = Vessel
    title = gettext_lazy("Add a number")
    form_class: ClassVar[Any] = forms.IdentifierUseForm
    add = staticmethod(actions.add_identifier_use)


class AddOrganisationIdentifier(AddIdentifier):
    section = "organisations"
    record_model = Organisation
    subject = "organisation"
    form_class = forms.OrganisationIdentifierForm


class AddRole(AddParticular):
    section = "vessels"
    record_model = Vessel
    title = gettext_lazy("Add an organisation's role")
    form_class = forms.VesselRoleForm
    add = staticmethod(actions.add_vessel_role)


class AddOrganisationAddress(AddParticular):
    section = "organisations"
    record_model = Organisation
    subject = "organisation"
    title = gettext_lazy("Add an address")
    form_class = forms.AddressForm
    add = staticmethod(actions.add_address_use)


class AddPractice(AddParticular):
    section = "vessels"
    record_model = Vessel
    title = gettext_lazy("Add a deceptive practice")
    form_class = forms.PracticeForm
    add = staticmethod(actions.add_practice)


class AddDimension(AddParticular):
    section = "vessels"
    record_model = Vessel
    title = gettext_lazy("Add a measure")
    form_class = forms.DimensionForm
    add = staticmethod(actions.add_dimension)
