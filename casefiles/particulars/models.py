"""Dated, sourced values about anchors. A second value never deletes the first: they stand side by side."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.core.addresses import record_address
from casefiles.core.countries import country_name
from casefiles.core.fields import FoldedField, PeriodField
from casefiles.evidence.models import WorldAssertion
from casefiles.registry.models import Organisation, Person, Vessel


class Particular(WorldAssertion):
    """A value that held for a period."""

    period = PeriodField(_("period"))

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return record_address("particulars:particular", self.pk)


class NameKind(models.TextChoices):
    NAME = "name", _("name")
    FORMER = "former name", _("former name")
    ALIAS = "alias", _("also known as")
    WORKING = "working name", _("working name")


class NameUse(Particular):
    """A name that a vessel, organisation or person used."""

    vessel = models.ForeignKey(Vessel, on_delete=models.PROTECT, null=True, blank=True, related_name="name_uses")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="name_uses"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="name_uses")
    name = models.CharField(_("name"), max_length=300)
    name_key = FoldedField(source="name")
    kind = models.CharField(_("kind"), max_length=14, choices=NameKind.choices, default=NameKind.NAME)
    language = models.CharField(_("language"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("name in use")
        verbose_name_plural = _("names in use")
        indexes: ClassVar = [models.Index(fields=["name_key"], name="name_uses_by_name")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(vessel__isnull=False, organisation__isnull=True, person__isnull=True)
                | Q(vessel__isnull=True, organisation__isnull=False, person__isnull=True)
                | Q(vessel__isnull=True, organisation__isnull=True, person__isnull=False),
                name="a_name_is_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"

    @property
    def subject(self) -> Any:
        return self.vessel or self.organisation or self.person


class FlagPeriod(Particular):
    vessel = models.ForeignKey(Vessel, on_delete=models.PROTECT, related_name="flag_periods")
    country = models.CharField(_("flag State"), max_length=2)

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")

    def __str__(self) -> str:
        return str(_("flag: %(country)s") % {"country": country_name(self.country)})

    @property
    def subject(self) -> Vessel:
        return self.vessel


class IdentifierScheme(models.TextChoices):
    MMSI = "mmsi", _("MMSI")
    CALL_SIGN = "call sign", _("call sign")
    IMO_SHOWN = "imo shown", _("IMO number broadcast or painted")
    TAX = "tax number", _("tax number")
    REGISTRATION = "registration number", _("registration number")
    LIST_ID = "list id", _("number on a list")


class IdentifierUse(Particular):
    """A number or sign in use for a time: a radio's MMSI, a call sign, a number painted over another."""

    vessel = models.ForeignKey(Vessel, on_delete=models.PROTECT, null=True, blank=True, related_name="identifier_uses")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="identifier_uses"
    )
    scheme = models.CharField(_("kind of number"), max_length=20, choices=IdentifierScheme.choices)
    value = models.CharField(_("value"), max_length=60)
    value_key = FoldedField(source="value")

    class Meta:
        verbose_name = _("identifier in use")
        verbose_name_plural = _("identifiers in use")
        indexes: ClassVar = [models.Index(fields=["scheme", "value_key"], name="identifier_uses_by_value")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(vessel__isnull=False, organisation__isnull=True)
                | Q(vessel__isnull=True, organisation__isnull=False),
                name="an_identifier_is_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()}: {self.value}"

    @property
    def subject(self) -> Any:
        return self.vessel or self.organisation


class AddressUse(Particular):
    """Where an organisation had its address for a time, as a source writes it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="address_uses")
    address = models.CharField(_("address"), max_length=500)
    # Written by the actions, from `postal.address_key`.
    address_key = models.CharField(max_length=500, editable=False, default="")

    class Meta:
        verbose_name = _("address in use")
        verbose_name_plural = _("addresses in use")
        indexes: ClassVar = [models.Index(fields=["address_key"], name="address_uses_by_address")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(address_key=""), name="an_address_says_something"),
        ]

    def __str__(self) -> str:
        return str(_("address: %(address)s") % {"address": self.address})

    @property
    def subject(self) -> Organisation:
        return self.organisation


class VesselRoleKind(models.TextChoices):
    REGISTERED_OWNER = "registered owner", _("registered owner")
    BENEFICIAL_OWNER = "beneficial owner", _("beneficial owner")
    OPERATOR = "operator", _("operator")
    COMMERCIAL_MANAGER = "commercial manager", _("commercial manager")
    TECHNICAL_MANAGER = "technical manager", _("technical manager")
    ISM_MANAGER = "ism manager", _("ISM manager")
    BAREBOAT_CHARTERER = "bareboat charterer", _("bareboat charterer")
    CLASS_SOCIETY = "classification society", _("classification society")
    PANDI = "p&i club", _("P&I club")
    INSURER = "insurer", _("insurer")
    BUILDER = "builder", _("builder")
    FLAG_REGISTRY = "flag registry", _("flag registry")
    LINKED = "linked party", _("linked party, role not stated")


class VesselRole(Particular):
    """What an organisation was to a vessel for a time. A list's "linked to" is kept as that, not as ownership."""

    vessel = models.ForeignKey(Vessel, on_delete=models.PROTECT, related_name="roles")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="vessel_roles")
    role = models.CharField(_("role"), max_length=24, choices=VesselRoleKind.choices)

    class Meta:
        verbose_name = _("role of an organisation")
        verbose_name_plural = _("roles of organisations")

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.organisation}"

    @property
    def subject(self) -> Vessel:
        return self.vessel


class Practice(models.TextChoices):
    """The seven deceptive shipping practices of the advisory of the United States of 14 May 2020."""

    AIS = "ais", _("disabling or manipulating AIS")
    IDENTITY = "identity", _("physically altering the vessel's identification")
    DOCUMENTS = "documents", _("falsifying cargo and vessel documents")
    SHIP_TO_SHIP = "ship to ship", _("ship-to-ship transfer")
    VOYAGE = "voyage", _("voyage irregularities")
    FLAG = "flag", _("false flag or flag hopping")
    OWNERSHIP = "ownership", _("complex ownership or management")


class AboutKind(models.TextChoices):
    """What a practice is seen in, where it is not the vessel's time as such. Those records live above this app."""

    PORT_CALL = "voyages.portcall", _("port call")
    VOYAGE = "voyages.voyage", _("voyage")
    TRACK_EVENT = "voyages.trackevent", _("track event")


class DeceptivePractice(Particular):
    """One of the seven, said of a vessel for a time or in one movement: what sources say, and no verdict."""

    vessel = models.ForeignKey(Vessel, on_delete=models.PROTECT, related_name="practices")
    practice = models.CharField(_("practice"), max_length=14, choices=Practice.choices)
    about_kind = models.CharField(
        _("seen in"), max_length=20, choices=AboutKind.choices, blank=True, default="", editable=False
    )
    # No foreign key: movements live in a higher app, which asks for the practices of its own records.
    about_id = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("deceptive practice")
        verbose_name_plural = _("deceptive practices")
        indexes: ClassVar = [models.Index(fields=["about_id"], name="practices_of_a_movement")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(about_kind="", about_id__isnull=True) | (~Q(about_kind="") & Q(about_id__isnull=False)),
                name="a_practice_is_seen_in_one_thing_or_none",
            )
        ]

    def __str__(self) -> str:
        return str(_("deceptive practice: %(practice)s") % {"practice": self.get_practice_display()})

    @property
    def subject(self) -> Vessel:
        return self.vessel


class Quantity(models.TextChoices):
    GROSS_REGISTER_TONNAGE = "gross register tonnage", _("gross register tonnage")
    GROSS_TONNAGE = "gross tonnage", _("gross tonnage")
    DEADWEIGHT = "deadweight", _("deadweight")
    LENGTH = "length overall", _("length overall")
    BREADTH = "breadth", _("breadth")
    DRAUGHT = "draught", _("draught")
    YEAR_BUILT = "year built", _("year built")


UNITS = {"length overall": "m", "breadth": "m", "draught": "m", "deadweight": "t", "gross register tonnage": "GRT"}


class Dimension(Particular):
    vessel = models.ForeignKey(Vessel, on_delete=models.PROTECT, related_name="dimensions")
    quantity = models.CharField(_("quantity"), max_length=24, choices=Quantity.choices)
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=2)
    error = models.DecimalField(_("error, ±"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(value__gt=0), name="a_dimension_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_quantity_display()}: {self.value_text}"

    @property
    def subject(self) -> Vessel:
        return self.vessel

    @property
    def value_text(self) -> str:
        number = f"{self.value.normalize():f}"
        error = f" ± {self.error.normalize():f}" if self.error is not None else ""
        return f"{number}{error} {UNITS.get(self.quantity, '')}".strip()
