"""What people type about a dated value: the value, when it held, on what basis, and one source."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.access.forms import CircleForm
from casefiles.core.countries import country_choices
from casefiles.core.forms import PeriodForm, RecordField
from casefiles.evidence.models import Item
from casefiles.evidence.vocabulary import Basis
from casefiles.particulars.models import IdentifierScheme, NameKind, Practice, Quantity, VesselRoleKind
from casefiles.registry.models import Organisation

ORGANISATION_SCHEMES = (IdentifierScheme.REGISTRATION, IdentifierScheme.TAX, IdentifierScheme.LIST_ID)


def item_field(**kwargs: Any) -> RecordField:
    return RecordField(
        label=_("Item"), model=Item, suggest_url="evidence:item_suggest", create_url="evidence:item_add", **kwargs
    )


def locator_field() -> forms.CharField:
    return forms.CharField(
        label=_("Where in it"), max_length=200, required=False, help_text=_("Such as “p. 4” or “para 9”.")
    )


def quote_field() -> forms.CharField:
    return forms.CharField(
        label=_("Quote, in the original language"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class ParticularForm(PeriodForm, CircleForm):
    """The base: value fields come first, then period, basis and note, then one source, then who may see it."""

    value_fields: ClassVar[tuple[str, ...]] = ()

    basis = forms.ChoiceField(label=_("Basis"), choices=Basis.choices, initial=Basis.DOCUMENT)
    note = forms.CharField(
        label=_("Note"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )
    item = item_field(required=False)
    locator = locator_field()
    quote = quote_field()

    def __init__(self, *args: Any, is_edit: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, is_edit=is_edit, **kwargs)
        if is_edit:
            for name in ("item", "locator", "quote"):
                del self.fields[name]
        self.order_fields([*self.value_fields, "start", "end", "basis", "note", "item", "locator", "quote", "circle"])

    @property
    def field_groups(self) -> list[dict[str, Any]]:
        about, source = [*self.value_fields, "start", "end", "basis", "note"], ["item", "locator", "quote"]
        groups = [(None, about), (_("Source"), source), (None, ["circle"])]
        return [
            {"legend": legend, "fields": [self[name] for name in names if name in self.fields]}
            for legend, names in groups
            if any(name in self.fields for name in names)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "item" in self.fields and not cleaned.get("item"):
            for name in ("locator", "quote"):
                if cleaned.get(name):
                    self.add_error("item", _("Say which item this is from."))
                    break
        return cleaned

    def source(self) -> dict[str, Any] | None:
        """Return what to cite, or None where no item was chosen."""
        if not self.cleaned_data.get("item"):
            return None
        return {name: self.cleaned_data[name] for name in ("item", "locator", "quote")}

    def fields_to_save(self) -> dict[str, Any]:
        """Return the value, its period, basis and note: neither the source nor the circle."""
        names = (*self.value_fields, "period", "basis", "note")
        return {name: self.cleaned_data[name] for name in names}


class NameUseForm(ParticularForm):
    value_fields = ("name", "kind", "language")

    name = forms.CharField(label=_("Name"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=NameKind.choices, initial=NameKind.NAME)
    language = forms.CharField(
        label=_("Language"), max_length=12, required=False, help_text=_("A code such as ru, ko or en; or nothing.")
    )


class FlagPeriodForm(ParticularForm):
    value_fields = ("country",)

    country = forms.ChoiceField(label=_("Flag State"), choices=[("", _("Choose …")), *country_choices()])


class IdentifierUseForm(ParticularForm):
    value_fields = ("scheme", "value")

    scheme = forms.ChoiceField(label=_("Kind of number"), choices=IdentifierScheme.choices)
    value = forms.CharField(
        label=_("Value"),
        max_length=60,
        help_text=_("An IMO number seen on another hull is kept as seen; it never becomes that hull's own."),
    )


class OrganisationIdentifierForm(IdentifierUseForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].choices = [(scheme.value, scheme.label) for scheme in ORGANISATION_SCHEMES]  # type: ignore[attr-defined]
        self.fields["value"].help_text = ""


class VesselRoleForm(ParticularForm):
    value_fields = ("role", "organisation")

    role = forms.ChoiceField(label=_("Role"), choices=VesselRoleKind.choices)
    organisation = RecordField(
        label=_("Organisation"),
        model=Organisation,
        suggest_url="registry:organisation_suggest",
        create_url="registry:organisation_add",
    )


class AddressForm(ParticularForm):
    value_fields = ("address",)

    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("As the source writes it. Organisations at one address are found by its words."),
    )


class PracticeForm(ParticularForm):
    value_fields = ("practice",)

    practice = forms.ChoiceField(
        label=_("Practice"),
        choices=Practice.choices,
        help_text=_("One of the seven of the United States' advisory of 14 May 2020. A gap in AIS alone shows none."),
    )


class DimensionForm(ParticularForm):
    value_fields = ("quantity", "value", "error")

    quantity = forms.ChoiceField(label=_("Quantity"), choices=Quantity.choices)
    value = forms.DecimalField(
        label=_("Value"),
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("In metres, tonnes or tons, as the quantity has it."),
    )
    error = forms.DecimalField(
        label=_("Error, ±"),
        max_digits=12,
        decimal_places=2,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
