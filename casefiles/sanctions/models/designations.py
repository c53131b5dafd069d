"""Who designated what, from when to when. Whether it is in force on a date is computed, never stored."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record
from casefiles.access.querysets import EveryMember, Rule
from casefiles.core.addresses import record_address
from casefiles.core.countries import country_name
from casefiles.core.fields import FoldedField, MomentField
from casefiles.evidence.models import WorldAssertion
from casefiles.registry.models import Organisation, Person, Vessel
from casefiles.sanctions.querysets import AuthorityQuerySet, DesignationQuerySet, ProgrammeQuerySet


class Measure(models.TextChoices):
    ASSET_FREEZE = "asset freeze", _("asset freeze")
    TRAVEL_BAN = "travel ban", _("travel ban")
    ARMS_EMBARGO = "arms embargo", _("arms embargo")
    EXPORT_CONTROL = "export control", _("export control")
    IMPORT_RESTRICTIONS = "import restrictions", _("import restrictions")
    FINANCIAL_RESTRICTIONS = "financial restrictions", _("financial restrictions")
    TRANSPORTATION_RESTRICTIONS = "transportation restrictions", _("transportation restrictions")
    PORT_ENTRY_BAN = "prohibition of port entry", _("prohibition of port entry")
    DE_FLAG = "de-flag", _("de-flag")
    SERVICES_BAN = "services ban", _("services ban")
    INVESTMENT_BAN = "investment ban", _("investment ban")
    SECTORAL = "sectoral sanctions", _("sectoral sanctions")


class Authority(Record):
    """A State or body that designates. Public knowledge: open to every member."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    name_key = FoldedField(source="name")
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    visibility_rules: ClassVar[tuple[Rule, ...]] = (EveryMember(),)
    objects: ClassVar = AuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return record_address("sanctions:authority", self.pk)

    @property
    def country_name(self) -> str:
        return country_name(self.country) if self.country else ""


class Programme(Record):
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="programmes")
    key = models.CharField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=300)
    name_key = FoldedField(source="name")

    visibility_rules: ClassVar[tuple[Rule, ...]] = (EveryMember(),)
    objects: ClassVar = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return f"{self.key}: {self.name}"

    def get_absolute_url(self) -> str:
        return record_address("sanctions:programme", self.pk)


class Designation(WorldAssertion):
    """One listing of one target. Sources that disagree about a date are two records, side by side.

    Announced, in force and ended are three dates; each has citations of its own (`Citation.about`).
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="designations")
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="designations"
    )
    list_name = models.CharField(_("list"), max_length=200, blank=True)
    list_entry = models.CharField(_("number on the list"), max_length=80, blank=True)
    list_entry_key = FoldedField(source="list_entry")
    vessel = models.ForeignKey(Vessel, on_delete=models.PROTECT, null=True, blank=True, related_name="designations")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="designations"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="designations")
    measures = models.JSONField(_("measures"), default=list, blank=True)
    grounds = models.TextField(_("grounds"), blank=True)
    announced = MomentField(_("announced"))
    in_force = MomentField(_("in force from"))
    ended = MomentField(_("ended"))
    end_kind = models.CharField(
        _("end"),
        max_length=10,
        choices=[("ongoing", _("not ended")), ("dated", _("ended")), ("unknown", _("not known"))],
        default="unknown",
    )

    objects: ClassVar = DesignationQuerySet.as_manager()

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        indexes: ClassVar = [models.Index(fields=["in_force_key", "assertion"], name="designations_by_date")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(vessel__isnull=False, organisation__isnull=True, person__isnull=True)
                | Q(vessel__isnull=True, organisation__isnull=False, person__isnull=True)
                | Q(vessel__isnull=True, organisation__isnull=True, person__isnull=False),
                name="a_designation_has_one_target",
            )
        ]

    def __str__(self) -> str:
        return f"{self.authority.short_name or self.authority}: {self.target}"

    def get_absolute_url(self) -> str:
        return record_address("sanctions:designation", self.pk)

    @property
    def target(self) -> Any:
        return self.vessel or self.organisation or self.person

    @property
    def measures_text(self) -> str:
        labels = dict(Measure.choices)
        return ", ".join(str(labels.get(measure, measure)) for measure in self.measures)
