"""What people type about anchors. The actions decide; here every mistake is explained at its field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casefiles.access.forms import CircleForm
from casefiles.core.countries import country_choices
from casefiles.core.forms import Form, ImoCompanyField, ImoShipField, RecordField, UnlocodeField
from casefiles.core.geodesy import InvalidCoordinate, parse_position
from casefiles.registry.models import Organisation, OrganisationKind, Place, PlaceKind, Verdict, VesselType

NOTE = forms.Textarea(attrs={"rows": 3})


class CountryField(forms.ChoiceField):
    """A country by its code, or none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Country"))
        kwargs.setdefault("required", False)
        super().__init__(choices=[("", _("not recorded")), *country_choices()], **kwargs)


class AnchorForm(CircleForm):
    """The base of the forms for anchors.

    Where an anchor that is restricted may get an official number, `is_opening_agreed` asks first.
    """

    number_field = ""

    is_opening_agreed = forms.BooleanField(
        label=_("Make it visible to every member"),
        required=False,
        help_text=_("What bears an official number is visible to every member, with its name and note."),
    )

    def __init__(self, *args: Any, is_edit: bool = False, is_restricted: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, is_edit=is_edit, **kwargs)
        if not (is_edit and is_restricted and self.number_field):
            del self.fields["is_opening_agreed"]
        if "circle" in self.fields:
            if self.number_field:
                self.fields["circle"].help_text = _("With an official number it is always visible to every member.")
            self.order_fields([name for name in self.fields if name != "circle"])


class VesselForm(AnchorForm):
    number_field = "imo_number"

    display_name = forms.CharField(
        label=_("Name"),
        max_length=300,
        help_text=_("As it is known. Without one, a working name: “unidentified ro-ro, Rajin, 25 Oct 2024”."),
        widget=forms.TextInput(attrs={"data-wide": True, "dir": "auto"}),
    )
    imo_number = ImoShipField(
        label=_("IMO number"),
        max_length=60,
        required=False,
        help_text=_("Seven digits, of the hull itself. A number seen on another hull is recorded on that hull."),
    )
    vessel_type = forms.ChoiceField(label=_("Type"), choices=VesselType.choices, initial=VesselType.UNKNOWN)
    note = forms.CharField(
        label=_("Note"),
        max_length=5000,
        required=False,
        widget=NOTE,
        help_text=_("What tells this ship from its namesakes."),
    )


class OrganisationForm(AnchorForm):
    number_field = "imo_company_number"

    name = forms.CharField(label=_("Name"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    country = CountryField()
    imo_company_number = ImoCompanyField(
        label=_("IMO company number"),
        max_length=60,
        required=False,
        help_text=_("Seven digits. A company's number is not a ship's."),
    )
    note = forms.CharField(label=_("Note"), max_length=5000, required=False, widget=NOTE)


class PersonForm(AnchorForm):
    name = forms.CharField(label=_("Name"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))
    public_role = forms.CharField(
        label=_("Public role"),
        max_length=300,
        required=False,
        help_text=_("Only public roles that matter to a case. Nothing private is kept."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    organisation = RecordField(
        label=_("Organisation"),
        model=Organisation,
        suggest_url="registry:organisation_suggest",
        create_url="registry:organisation_add",
        required=False,
    )
    country = CountryField()
    note = forms.CharField(label=_("Note"), max_length=5000, required=False, widget=NOTE)


class PlaceForm(AnchorForm):
    number_field = "unlocode"

    name = forms.CharField(label=_("Name"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=PlaceKind.choices)
    country = CountryField()
    unlocode = UnlocodeField(
        label=_("UN/LOCODE"),
        max_length=60,
        required=False,
        help_text=_("Such as CN ZOS. Many places have none."),
    )
    parent = RecordField(
        label=_("Within"),
        model=Place,
        suggest_url="registry:place_suggest",
        create_url="registry:place_add",
        required=False,
        help_text=_("The port of a berth, the sea area of an anchorage."),
    )
    latitude = forms.FloatField(
        label=_("Latitude, degrees"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    longitude = forms.FloatField(
        label=_("Longitude, degrees"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    precision_m = forms.IntegerField(
        label=_("Precision of the point, metres"),
        min_value=0,
        max_value=2_000_000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    note = forms.CharField(label=_("Note"), max_length=5000, required=False, widget=NOTE)


class PlaceNameForm(Form):
    name = forms.CharField(label=_("Other name"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))
    language = forms.CharField(
        label=_("Language"), max_length=12, required=False, help_text=_("A code such as ko, ru or zh; or nothing.")
    )


class PointForm(Form):
    """A point as people type it, and how far around it to look; `cleaned_data["point"]` is latitude and longitude."""

    point = forms.CharField(
        label=_("Point"), max_length=100, help_text=_("Such as 42.2333, 130.3 or 42°14′N 130°18′E.")
    )
    within_nm = forms.IntegerField(label=_("Within, nautical miles"), min_value=1, max_value=500, initial=50)

    def clean_point(self) -> tuple[float, float]:
        try:
            return parse_position(self.cleaned_data["point"])
        except InvalidCoordinate as error:
            raise ValidationError(str(error.reason)) from error


class JudgementForm(CircleForm):
    """Whether an anchor and another one are the same. On an edit the pair is given, on a new one `other` is picked.

    `cleaned_data["standing"]` is "this" or "other", of the same alone.
    """

    verdict = forms.ChoiceField(label=_("They are"), choices=Verdict.choices, widget=forms.RadioSelect)
    standing = forms.ChoiceField(
        label=_("If they are the same, whose page answers for both"),
        choices=[],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Nothing is moved: each keeps what was recorded of it, and its own page."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=5000,
        widget=NOTE,
        help_text=_("What shows it: a hull number in a picture, a register, the same dates and ports."),
    )

    def __init__(self, *args: Any, model: Any, anchor: Any, other: Any = None, **kwargs: Any) -> None:
        word = model._meta.model_name
        picked = RecordField(label=_("The other one"), model=model, suggest_url=f"registry:{word}_suggest")
        self.base_fields = {"other": picked, **type(self).base_fields}
        super().__init__(*args, **kwargs)
        if kwargs.get("is_edit"):
            del self.fields["other"]
        self.order_fields([name for name in self.fields if name != "circle"])
        self.fields["standing"].choices = [  # type: ignore[attr-defined]
            ("this", _("This one: %(anchor)s") % {"anchor": anchor}),
            ("other", _("The other one: %(anchor)s") % {"anchor": other} if other else _("The other one")),
        ]
