"""Anchors for things in the world. They hold no dated facts: those are assertions, in the apps above.

An anchor with an official number or code is always open and never shows who added it: otherwise a uniqueness error
would tell of a hidden case, and two teams could not both work on one ship.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record, Restricted
from casefiles.access.querysets import OwnCircle, Rule
from casefiles.core.addresses import record_address
from casefiles.core.countries import country_name
from casefiles.core.fields import FoldedField
from casefiles.core.identifiers import show_unlocode
from casefiles.registry import sameness
from casefiles.registry.querysets import OrganisationQuerySet, PersonQuerySet, PlaceQuerySet, VesselQuerySet


class VesselType(models.TextChoices):
    RO_RO = "ro-ro", _("roll-on roll-off")
    RO_RO_PASSENGER = "ro-ro passenger", _("passenger roll-on roll-off")
    CONTAINER = "container", _("container ship")
    GENERAL_CARGO = "general cargo", _("general cargo")
    BULK = "bulk", _("bulk carrier")
    TANKER = "tanker", _("tanker")
    PASSENGER = "passenger", _("passenger")
    FISHING = "fishing", _("fishing")
    TUG = "tug", _("tug")
    NAVAL = "naval", _("naval")
    OTHER = "other", _("other")
    UNKNOWN = "unknown", _("not known")


class Vessel(Restricted):
    """One hull. MMSI and call sign are dated attributes, never keys."""

    imo_number = models.CharField(_("IMO number"), max_length=7, null=True, blank=True, unique=True)
    display_name = models.CharField(_("name"), max_length=300)
    display_name_key = FoldedField(source="display_name")
    # Folded names, one a line, from open name uses only; written by the actions of `particulars`.
    open_names_key = models.TextField(blank=True, default="", editable=False)
    vessel_type = models.CharField(_("type"), max_length=20, choices=VesselType.choices, default=VesselType.UNKNOWN)
    note = models.TextField(_("note"), blank=True, help_text=_("What tells this ship from its namesakes."))

    objects: ClassVar = VesselQuerySet.as_manager()

    class Meta:
        verbose_name = _("vessel")
        verbose_name_plural = _("vessels")
        indexes: ClassVar = [models.Index(fields=["display_name_key", "id"], name="vessels_by_name")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(imo_number__isnull=True) | Q(visibility="open"), name="a_numbered_vessel_is_open"
            ),
            models.CheckConstraint(condition=~Q(imo_number=""), name="an_imo_number_is_never_blank"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return record_address("workspace:vessel", self.pk)

    @property
    def detail_line(self) -> str:
        number = f"IMO {self.imo_number}" if self.imo_number else str(_("no IMO number"))
        # "IMO 8517839, not known" would read as if it were the number that is not known.
        is_typed = self.vessel_type != VesselType.UNKNOWN
        return f"{number}, {self.get_vessel_type_display()}" if is_typed else number


class OrganisationKind(models.TextChoices):
    COMPANY = "company", _("company")
    GOVERNMENT = "government", _("government body")
    INTERNATIONAL = "international", _("international organisation")
    MEDIA = "media", _("media")
    RESEARCH = "research", _("research institute")
    SHIPYARD = "shipyard", _("shipyard")
    REGISTRY = "registry", _("flag registry")
    CLASS = "class", _("classification society")
    INSURER = "insurer", _("insurer")


class Organisation(Restricted):
    name = models.CharField(_("name"), max_length=300)
    name_key = FoldedField(source="name")
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    imo_company_number = models.CharField(_("IMO company number"), max_length=7, null=True, blank=True, unique=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes: ClassVar = [models.Index(fields=["name_key", "id"], name="organisations_by_name")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(imo_company_number__isnull=True) | Q(visibility="open"),
                name="a_numbered_organisation_is_open",
            ),
            models.CheckConstraint(condition=~Q(imo_company_number=""), name="a_company_number_is_never_blank"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return record_address("workspace:organisation", self.pk)

    @property
    def country_name(self) -> str:
        return country_name(self.country) if self.country else ""

    @property
    def detail_line(self) -> str:
        return ", ".join(part for part in (str(self.get_kind_display()), self.country_name) if part)


class Person(Restricted):
    """Somebody with a public role that matters to a case; nothing private is kept."""

    name = models.CharField(_("name"), max_length=300)
    name_key = FoldedField(source="name")
    public_role = models.CharField(_("public role"), max_length=300, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes: ClassVar = [models.Index(fields=["name_key", "id"], name="people_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return record_address("workspace:person", self.pk)

    @property
    def detail_line(self) -> str:
        return self.public_role


class PlaceKind(models.TextChoices):
    PORT = "port", _("port")
    BERTH = "berth", _("berth")
    SHIPYARD = "shipyard", _("shipyard")
    ANCHORAGE = "anchorage", _("anchorage")
    NAVAL = "naval facility", _("naval facility")
    DEPOT = "depot", _("depot")
    SEA_AREA = "sea area", _("sea area")
    REGION = "region", _("region")


class Place(Restricted):
    name = models.CharField(_("name"), max_length=300)
    name_key = FoldedField(source="name")
    kind = models.CharField(_("kind"), max_length=20, choices=PlaceKind.choices)
    country = models.CharField(_("country"), max_length=2, blank=True)
    unlocode = models.CharField(_("UN/LOCODE"), max_length=5, null=True, blank=True, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    latitude = models.FloatField(_("latitude, degrees"), null=True, blank=True)
    longitude = models.FloatField(_("longitude, degrees"), null=True, blank=True)
    precision_m = models.PositiveIntegerField(_("precision, metres"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        indexes: ClassVar = [
            models.Index(fields=["name_key", "id"], name="places_by_name"),
            models.Index(fields=["latitude", "longitude"], name="places_by_point"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(unlocode__isnull=True) | Q(visibility="open"), name="a_coded_place_is_open"
            ),
            models.CheckConstraint(condition=~Q(unlocode=""), name="a_locode_is_never_blank"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="a_point_is_on_the_globe",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return record_address("workspace:place", self.pk)

    @property
    def country_name(self) -> str:
        return country_name(self.country) if self.country else ""

    @property
    def detail_line(self) -> str:
        code = show_unlocode(self.unlocode) if self.unlocode else ""
        return ", ".join(part for part in (str(self.get_kind_display()), self.country_name, code) if part)


class PlaceName(Record):
    """Another name of a place: Rajin is also Najin and Rason."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="other_names")
    name = models.CharField(_("name"), max_length=300)
    name_key = FoldedField(source="name")
    language = models.CharField(_("language"), max_length=12, blank=True)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("place"),)

    class Meta:
        verbose_name = _("place name")
        verbose_name_plural = _("place names")
        constraints: ClassVar = [models.UniqueConstraint(fields=["place", "name"], name="a_place_has_a_name_once")]
        indexes: ClassVar = [models.Index(fields=["name_key"], name="place_names_by_name")]

    def __str__(self) -> str:
        return self.name


class Verdict(models.TextChoices):
    """Whether two anchors are one thing."""

    SAME = sameness.SAME, _("the same")
    DIFFERENT = sameness.DIFFERENT, _("different")
    UNSURE = sameness.UNSURE, _("unsure")


class Judgement(Restricted):
    """Somebody's reasoned judgement on whether two anchors are one; one for a pair in each circle.

    The pair has no order and is stored in one. Nothing else is written: rows keep the anchor that they were recorded
    of, and whoever may not see the judgement sees two anchors, as before.
    """

    # Its history says who added it, also where it stands beside that of an anchor with an official number.
    shows_who_added = True

    verdict = models.CharField(_("they are"), max_length=10, choices=Verdict.choices)
    reason = models.TextField(_("why"))

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle(), OwnCircle("first"), OwnCircle("second"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"

    @property
    def pair(self) -> tuple[Any, Any]:
        return self.first, self.second

    def other_than(self, key: Any) -> Any:
        """Return the anchor of the pair that does not have this key."""
        return self.second if self.first_id == key else self.first


def _judgement_constraints(name: str) -> list[models.BaseConstraint]:
    # A comparison with nothing is unknown, and an unknown check passes: that it stands must be asked too.
    stands = Q(standing__isnull=False) & (Q(standing=F("first")) | Q(standing=F("second")))
    return [
        models.CheckConstraint(condition=Q(first__lt=F("second")), name=f"a_pair_of_{name}_is_stored_in_one_order"),
        models.CheckConstraint(
            condition=(Q(verdict=Verdict.SAME) & stands) | (~Q(verdict=Verdict.SAME) & Q(standing__isnull=True)),
            name=f"of_{name}_that_are_one_one_stands",
        ),
    ]


def _one_of(anchors: type[Restricted], label: Any, **values: Any) -> models.ForeignKey:
    return models.ForeignKey(anchors, on_delete=models.PROTECT, related_name="+", verbose_name=label, **values)


class VesselJudgement(Judgement):
    first = _one_of(Vessel, _("vessel"))
    second = _one_of(Vessel, _("other vessel"))
    standing = _one_of(Vessel, _("which one stands"), null=True, blank=True)

    class Meta:
        verbose_name = _("judgement on two vessels")
        verbose_name_plural = _("judgements on vessels")
        constraints: ClassVar = _judgement_constraints("vessels")

    def get_absolute_url(self) -> str:
        return f"{record_address('workspace:vessel_look_alikes', self.first_id)}#judged"


class OrganisationJudgement(Judgement):
    first = _one_of(Organisation, _("organisation"))
    second = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("other organisation")
    )
    standing = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("which one stands"),
    )

    class Meta:
        verbose_name = _("judgement on two organisations")
        verbose_name_plural = _("judgements on organisations")
        constraints: ClassVar = _judgement_constraints("organisations")

    def get_absolute_url(self) -> str:
        return f"{record_address('workspace:organisation_judgements', self.first_id)}#judged"


class PersonJudgement(Judgement):
    first = _one_of(Person, _("person"))
    second = _one_of(Person, _("other person"))
    standing = _one_of(Person, _("which one stands"), null=True, blank=True)

    class Meta:
        verbose_name = _("judgement on two people")
        verbose_name_plural = _("judgements on people")
        constraints: ClassVar = _judgement_constraints("people")

    def get_absolute_url(self) -> str:
        return f"{record_address('workspace:person_judgements', self.first_id)}#judged"


class PlaceJudgement(Judgement):
    first = _one_of(Place, _("place"))
    second = _one_of(Place, _("other place"))
    standing = _one_of(Place, _("which one stands"), null=True, blank=True)

    class Meta:
        verbose_name = _("judgement on two places")
        verbose_name_plural = _("judgements on places")
        constraints: ClassVar = _judgement_constraints("places")

    def get_absolute_url(self) -> str:
        return f"{record_address('workspace:place_judgements', self.first_id)}#judged"


JUDGEMENTS: dict[type[Restricted], type[Judgement]] = {
    Vessel: VesselJudgement,
    Organisation: OrganisationJudgement,
    Person: PersonJudgement,
    Place: PlaceJudgement,
}
# What belongs to one thing alone and never passes to another: two that each bear one are two. Not so a UN/LOCODE: one
# harbour may have several.
OWN_NUMBERS: dict[type[Restricted], str] = {Vessel: "imo_number", Organisation: "imo_company_number"}
