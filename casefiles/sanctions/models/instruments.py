"""What binds whom: an instrument, its paragraphs, and what each of them takes to be met.

Public knowledge: open to every member. What nobody has read in its primary text says so, and states nothing as fact.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record
from casefiles.access.querysets import EveryMember, Rule
from casefiles.core.addresses import record_address
from casefiles.core.fields import FoldedField, MomentField
from casefiles.sanctions.models.designations import Authority
from casefiles.sanctions.querysets import ElementQuerySet, InstrumentQuerySet, ProvisionQuerySet


class DutyBearer(models.TextChoices):
    FLAG_STATE = "flag State", _("flag State")
    PORT_STATE = "port State", _("port State")
    COASTAL_STATE = "coastal State", _("coastal State")
    ALL_STATES = "all States", _("all States")
    OPERATORS = "operators", _("operators")


class Verb(models.TextChoices):
    """How strongly a paragraph speaks; the strongest first."""

    DECIDES = "decides", _("decides")
    DEMANDS = "demands", _("demands")
    CALLS_UPON = "calls upon", _("calls upon")
    URGES = "urges", _("urges")
    ENCOURAGES = "encourages", _("encourages")


class Read(Record):
    """The base of what an instrument says: where it was read, and whether that was the instrument itself."""

    is_verified = models.BooleanField(_("read in its primary text"), default=False)
    read_in = models.CharField(_("where it was read"), max_length=300, blank=True)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (EveryMember(),)

    class Meta:
        abstract = True


class Instrument(Read):
    """A resolution, regulation or convention."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="instruments")
    key = models.CharField(_("symbol"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=300)
    name_key = FoldedField(source="name")
    adopted = MomentField(_("adopted"))
    url = models.URLField(_("address"), max_length=500, blank=True)
    summary = models.TextField(_("summary"), blank=True)

    objects: ClassVar = InstrumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")

    def __str__(self) -> str:
        return f"{self.key}: {self.name}"

    def get_absolute_url(self) -> str:
        return record_address("sanctions:instrument", self.pk)


class Provision(Read):
    """What one paragraph asks of one kind of duty-bearer; a paragraph that binds two kinds is two provisions."""

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="provisions")
    paragraph = models.CharField(_("paragraph"), max_length=20, blank=True)
    title = models.CharField(_("what it asks for"), max_length=200)
    title_key = FoldedField(source="title")
    bearer = models.CharField(_("who is bound"), max_length=20, choices=DutyBearer.choices)
    verb = models.CharField(_("verb"), max_length=12, choices=Verb.choices, blank=True)
    trigger = models.CharField(_("what sets it off"), max_length=500, blank=True)
    summary = models.TextField(_("summary"), blank=True)

    objects: ClassVar = ProvisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["instrument", "paragraph", "bearer"],
                condition=Q(voided_at__isnull=True) & ~Q(paragraph=""),
                name="a_paragraph_binds_a_kind_of_bearer_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument.key} {self.label}: {self.title}"

    def get_absolute_url(self) -> str:
        return f"{record_address('sanctions:instrument', self.instrument_id)}#provision-{self.pk}"

    @property
    def label(self) -> str:
        return now("para %(number)s") % {"number": self.paragraph} if self.paragraph else now("para to verify")

    @property
    def detail_line(self) -> str:
        return str(self.get_bearer_display())


class Element(Record):
    """One thing that must hold for a provision to apply, in the project's own words."""

    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="elements")
    position = models.PositiveSmallIntegerField(_("place in the order"))
    text = models.CharField(_("element"), max_length=500)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (EveryMember(),)
    objects: ClassVar = ElementQuerySet.as_manager()

    class Meta:
        verbose_name = _("element")
        verbose_name_plural = _("elements")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(position__gte=1), name="an_elements_place_counts_from_one")
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.provision.get_absolute_url()
