"""What was looked for in tracks, by which thresholds; and what was found, until somebody decides about it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record, Restricted
from casefiles.access.querysets import OwnCircle, Rule
from casefiles.core.addresses import record_address
from casefiles.evidence.models import WorldAssertion
from casefiles.registry.models import Place, Vessel
from casefiles.voyages.models.calls import PortCall


class TrackEventKind(models.TextChoices):
    GAP = "gap", _("no AIS received")
    PORT_VISIT = "port visit", _("port visit")
    LOITERING = "loitering", _("loitering")
    ENCOUNTER = "encounter", _("encounter")
    IMPOSSIBLE_SPEED = "impossible speed", _("impossible speed")
    TWO_PLACES = "two places at once", _("two places at once")


class Decision(models.TextChoices):
    SUGGESTED = "suggested", _("not decided")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


class Coverage(models.TextChoices):
    YES = "yes", _("yes: AIS of others was received nearby at the time")
    NO = "no", _("no: AIS of nobody was received nearby at the time")
    UNKNOWN = "unknown", _("not known")


class DetectionRun(Restricted):
    """One look at the tracks of a vessel or a radio. It used only positions that all of its readers may see."""

    vessel = models.ForeignKey(
        Vessel, on_delete=models.PROTECT, null=True, blank=True, related_name="detection_runs", editable=False
    )
    # [{"mmsi", "from_s", "until_s"}]: the radios, and for how long the vessel's dated numbers tie it to each.
    radios = models.JSONField(_("radios"), default=list, editable=False)
    others = models.JSONField(_("other radios"), default=list, editable=False)
    since_at = models.DateTimeField(_("from"), null=True, editable=False)
    until_at = models.DateTimeField(_("until"), null=True, editable=False)
    thresholds = models.JSONField(_("thresholds"), default=dict, editable=False)
    imports = models.JSONField(_("position files"), default=list, editable=False)
    positions = models.PositiveBigIntegerField(_("positions"), default=0, editable=False)
    counts = models.JSONField(_("found"), default=dict, editable=False)

    class Meta:
        verbose_name = _("detection run")
        verbose_name_plural = _("detection runs")
        indexes: ClassVar = [models.Index(fields=["created_at", "id"], name="detection_runs_by_date")]

    def __str__(self) -> str:
        return str(self.vessel) if self.vessel else ", ".join(radio["mmsi"] for radio in self.radios)

    def get_absolute_url(self) -> str:
        return record_address("voyages:detection_run", self.pk)


class TrackEvent(Record):
    """A suggestion of one run. Somebody accepts it, as a port call or as an event, or rejects it, with a reason."""

    run = models.ForeignKey(DetectionRun, on_delete=models.PROTECT, related_name="events", editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=TrackEventKind.choices, editable=False)
    mmsi = models.CharField("MMSI", max_length=9, blank=True, editable=False)
    other_mmsi = models.CharField(_("other MMSI"), max_length=9, blank=True, editable=False)
    start_at = models.DateTimeField(_("from"), editable=False)
    end_at = models.DateTimeField(_("until"), editable=False)
    latitude = models.FloatField(_("latitude, degrees"), editable=False)
    longitude = models.FloatField(_("longitude, degrees"), editable=False)
    end_latitude = models.FloatField(_("latitude at its end, degrees"), editable=False)
    end_longitude = models.FloatField(_("longitude at its end, degrees"), editable=False)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="track_events", editable=False
    )
    # What was computed, units in the names; and where it stands: {"import", "row", "at", "latitude", "longitude"}.
    values = models.JSONField(_("computed"), default=dict, editable=False)
    cites = models.JSONField(_("positions that show it"), default=list, editable=False)
    port_calls = models.JSONField(_("port calls that it is about"), default=list, editable=False)
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision.choices, default=Decision.SUGGESTED, editable=False
    )
    reason = models.TextField(_("why"), blank=True, editable=False)
    coverage = models.CharField(
        _("coverage"), max_length=8, choices=Coverage.choices, default=Coverage.UNKNOWN, editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    port_call = models.ForeignKey(
        PortCall, on_delete=models.PROTECT, null=True, blank=True, related_name="track_events", editable=False
    )
    decided_in = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeated_as", editable=False
    )

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("run"),)

    class Meta:
        verbose_name = _("track event")
        verbose_name_plural = _("track events")
        indexes: ClassVar = [
            models.Index(fields=["run", "start_at", "id"], name="track_events_of_a_run"),
            models.Index(fields=["mmsi", "kind", "start_at"], name="track_events_of_a_radio"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.start_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return record_address("voyages:track_event", self.pk)

    @property
    def is_decided(self) -> bool:
        return self.decision != Decision.SUGGESTED


class CoverageStatement(WorldAssertion):
    """What a source shows of the coverage in the time of an event, beside what positions show.

    An event is computed, hundreds at a time, and nobody asserts it; this somebody does, so it cites like any assertion.
    """

    event = models.ForeignKey(TrackEvent, on_delete=models.PROTECT, related_name="coverage_statements", editable=False)
    answer = models.CharField(_("was AIS of others received nearby"), max_length=8, choices=Coverage.choices)

    class Meta:
        verbose_name = _("statement on coverage")
        verbose_name_plural = _("statements on coverage")

    def __str__(self) -> str:
        return str(_("coverage: %(answer)s") % {"answer": self.get_answer_display()})

    def get_absolute_url(self) -> str:
        return record_address("voyages:coverage", self.pk)
