"""Where ships were seen, and the voyages that two port calls make."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from casefiles.access.querysets import OwnCircle, Rule
from casefiles.core.addresses import record_address
from casefiles.core.fields import MomentField
from casefiles.evidence.models import WorldAssertion
from casefiles.registry.models import Place, Vessel
from casefiles.voyages.querysets.calls import PortCallQuerySet, VoyageQuerySet


class Activity(models.TextChoices):
    LOADING = "loading", _("loading")
    DISCHARGING = "discharging", _("discharging")
    REPAIR = "repair", _("repair")
    MOORED = "moored", _("moored")
    ANCHORED = "anchored", _("anchored")
    UNKNOWN = "unknown", _("activity not known")


class PortCall(WorldAssertion):
    """A ship at a place. Where imagery cannot tell two hulls apart, both are candidates ("Angara or Lady R")."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="port_calls")
    vessels = models.ManyToManyField(Vessel, through="Candidate", related_name="port_calls")
    arrived = MomentField(_("arrived"))
    departed = MomentField(_("departed"))
    seen = MomentField(_("seen there"))
    activity = models.CharField(_("activity"), max_length=12, choices=Activity.choices, default=Activity.UNKNOWN)
    # The earliest day that any of the three dates allows; never null, so that lists can page by it.
    when_key = models.CharField(max_length=10, blank=True, default="", editable=False)

    keys_in_history: ClassVar = {"candidates": "registry.vessel"}
    objects: ClassVar = PortCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("port call")
        verbose_name_plural = _("port calls")
        indexes: ClassVar = [models.Index(fields=["when_key", "assertion"], name="port_calls_by_date")]

    def __str__(self) -> str:
        named = {"activity": self.get_activity_display().capitalize(), "place": self.place}
        if self.activity == Activity.UNKNOWN:
            return str(_("Port call at %(place)s") % named)
        return str(_("%(activity)s at %(place)s") % named)

    def get_absolute_url(self) -> str:
        return record_address("voyages:port_call", self.pk)

    @property
    def when(self) -> str:
        """Return the dates in short, for lists: `2024-02-09 – 2024-04`, `2023-10-14`, `from 2024-02-09`."""
        arrived, departed, seen = (
            moment.short() if moment else "" for moment in (self.arrived, self.departed, self.seen)
        )
        if arrived and departed:
            return f"{arrived} – {departed}"
        if arrived:
            return str(_("from %(day)s") % {"day": arrived})
        return str(_("until %(day)s") % {"day": departed}) if departed else seen

    @property
    def vessel_names(self) -> str:
        """Return the candidates as a reader says them: “Angara or Lady R”. Ask for them with `with_places`."""
        names = [str(candidate.vessel) for candidate in self.candidates.all()]
        return str(_(" or ")).join(names)

    @property
    def detail_line(self) -> str:
        return ", ".join(part for part in (self.vessel_names, self.when) if part)

    @property
    def is_identified(self) -> bool:
        """Say whether one vessel alone is the candidate."""
        return len(self.candidates.all()) == 1


class Candidate(models.Model):
    """One vessel that a port call may be of."""

    port_call = models.ForeignKey(PortCall, on_delete=models.PROTECT, related_name="candidates")
    vessel = models.ForeignKey(Vessel, on_delete=models.PROTECT, related_name="candidacies")
    note = models.CharField(_("why"), max_length=300, blank=True)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("port_call__assertion"),)
    objects: ClassVar = PortCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["port_call", "vessel"], name="a_vessel_is_a_candidate_once")
        ]

    def __str__(self) -> str:
        return str(self.vessel)


class Voyage(WorldAssertion):
    """From one port call to another; either end may be unknown, and says so."""

    vessel = models.ForeignKey(Vessel, on_delete=models.PROTECT, related_name="voyages")
    departure = models.ForeignKey(
        PortCall, on_delete=models.PROTECT, null=True, blank=True, related_name="voyages_from"
    )
    arrival = models.ForeignKey(PortCall, on_delete=models.PROTECT, null=True, blank=True, related_name="voyages_to")
    sailed = MomentField(_("under way"))
    cargo = models.CharField(_("cargo, as reported"), max_length=300, blank=True)

    objects: ClassVar = VoyageQuerySet.as_manager()

    class Meta:
        verbose_name = _("voyage")
        verbose_name_plural = _("voyages")
        indexes: ClassVar = [models.Index(fields=["sailed_key", "assertion"], name="voyages_by_date")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(departure__isnull=False) | models.Q(arrival__isnull=False),
                name="a_voyage_has_a_known_end",
            )
        ]

    def __str__(self) -> str:
        origin = self.departure.place if self.departure else _("a port not known")
        destination = self.arrival.place if self.arrival else _("a port not known")
        return str(
            _("%(vessel)s, %(origin)s to %(destination)s")
            % {"vessel": self.vessel, "origin": origin, "destination": destination}
        )

    def get_absolute_url(self) -> str:
        return record_address("voyages:voyage", self.pk)
