"""Positions as files hold them, and what became of each file."""

import datetime
import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record
from casefiles.access.querysets import OwnCircle, Rule
from casefiles.core.addresses import record_address
from casefiles.core.fields import choice_label
from casefiles.evidence.models import File, Item
from casefiles.voyages.levels import COARSE
from casefiles.voyages.querysets import OfVisibleImports, PositionImportQuerySet, PositionQuerySet
from casefiles.voyages.vocabulary import ship_type_words


class ImportState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("being read")
    FINISHED = "finished", _("finished")
    FAILED = "failed", _("not read")


def drawn_number() -> int:
    """Return a number that no other import has, and that says nothing of how many there are."""
    return secrets.randbelow(2**31 - 1) + 1


class PositionImport(Record):
    """One file read for positions. They are seen once it is finished, by whoever may see the file's item."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="position_imports", editable=False)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="position_imports", editable=False)
    # What positions name it by: a number takes a quarter of the room of a random key, ten million times.
    number = models.PositiveIntegerField(unique=True, editable=False, default=drawn_number)
    format = models.CharField(_("format"), max_length=10, blank=True, editable=False)
    options = models.JSONField(_("what was said about it"), default=dict, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=ImportState.choices, default=ImportState.WAITING)
    reason = models.CharField(_("why it was not read"), max_length=500, blank=True, editable=False)
    # How many fixes of the file are settled, written with them: what a killed import goes on behind.
    fixes_done = models.PositiveBigIntegerField(default=0, editable=False)
    bytes_done = models.PositiveBigIntegerField(default=0, editable=False)
    rows = models.PositiveBigIntegerField(_("rows read"), default=0, editable=False)
    positions = models.PositiveBigIntegerField(_("positions kept"), default=0, editable=False)
    duplicates = models.PositiveBigIntegerField(_("duplicates dropped"), default=0, editable=False)
    rejected = models.PositiveBigIntegerField(_("rows left out"), default=0, editable=False)
    values_left_out = models.PositiveBigIntegerField(_("values left out"), default=0, editable=False)
    backwards = models.PositiveBigIntegerField(_("positions out of order"), default=0, editable=False)
    unavailable = models.JSONField(_("not available"), default=dict, editable=False)
    earliest_at = models.DateTimeField(_("first position"), null=True, editable=False)
    latest_at = models.DateTimeField(_("last position"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("item"),)
    objects: ClassVar = PositionImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("position file")
        verbose_name_plural = _("position files")
        indexes: ClassVar = [
            models.Index(fields=["created_at", "id"], name="position_imports_by_arrival"),
            models.Index(fields=["item"], name="position_imports_of_an_item"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["file"],
                condition=Q(voided_at__isnull=True) & ~Q(state="failed"),
                name="a_file_is_read_for_positions_once",
            )
        ]

    def __str__(self) -> str:
        return str(_("Positions of %(item)s") % {"item": self.item})

    def get_absolute_url(self) -> str:
        return record_address("voyages:position_import", self.pk)

    @property
    def is_going_on(self) -> bool:
        return self.state in {ImportState.WAITING, ImportState.RUNNING}


class RejectedRow(models.Model):
    """A row of a file that gave no position, or (`is_kept`) one of whose values was left out."""

    position_import = models.ForeignKey(PositionImport, on_delete=models.PROTECT, related_name="rejected_rows")
    row = models.PositiveBigIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=80, blank=True)
    value = models.CharField(_("value"), max_length=400, blank=True)
    reason = models.CharField(_("reason"), max_length=400)
    is_kept = models.BooleanField(_("the rest of the row was kept"), default=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OfVisibleImports(is_finished=False),)
    objects: ClassVar = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("row left out")
        verbose_name_plural = _("rows left out")

    def __str__(self) -> str:
        return f"{self.row}: {self.reason}"


class BroadcastIdentity(models.Model):
    """What a radio said, in one file, of the ship that carries it: self-reported; of no hull until somebody says so."""

    position_import = models.ForeignKey(PositionImport, on_delete=models.PROTECT, related_name="identities")
    mmsi = models.CharField("MMSI", max_length=9)
    imo_number = models.CharField(_("IMO number, as broadcast"), max_length=7, blank=True)
    name = models.CharField(_("name, as broadcast"), max_length=60, blank=True)
    call_sign = models.CharField(_("call sign, as broadcast"), max_length=20, blank=True)
    ship_type = models.CharField(_("ship type, as broadcast"), max_length=20, blank=True)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OfVisibleImports(),)
    objects: ClassVar = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity as broadcast")
        verbose_name_plural = _("identities as broadcast")
        indexes: ClassVar = [
            models.Index(fields=["mmsi"], name="broadcasts_by_mmsi"),
            models.Index(fields=["imo_number"], condition=~Q(imo_number=""), name="broadcasts_by_imo_number"),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.mmsi, self.name, self.imo_number, self.call_sign) if part)

    @property
    def ship_type_words(self) -> str:
        return ship_type_words(self.ship_type)


class Position(models.Model):
    """One fix: whose radio, when, where, and from which row of which file.

    There are many millions of these: no random key, seconds instead of a datetime, and no constraint to the import in
    the database, whose check would cost as much for every row as writing it.
    """

    position_import = models.ForeignKey(
        PositionImport,
        to_field="number",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    row = models.PositiveIntegerField(_("row"))
    mmsi = models.CharField("MMSI", max_length=9)
    epoch_s = models.BigIntegerField(_("seconds since 1970, UTC"))
    latitude = models.FloatField(_("latitude, degrees"))
    longitude = models.FloatField(_("longitude, degrees"))
    speed_kn = models.FloatField(_("speed over ground, knots"), null=True)
    course_deg = models.FloatField(_("course over ground, degrees"), null=True)
    heading_deg = models.SmallIntegerField(_("heading, degrees"), null=True)
    status = models.SmallIntegerField(_("navigational status"), null=True)
    # The coarsest level of a drawn track in which this fix appears: see `levels`.
    level = models.SmallIntegerField(default=0)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OfVisibleImports(),)
    objects: ClassVar = PositionQuerySet.as_manager()
    _get_FIELD_display = choice_label

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        indexes: ClassVar = [
            models.Index(fields=["mmsi", "epoch_s"], condition=Q(level__lte=COARSE), name="positions_of_a_coarse_track")
        ]
        constraints: ClassVar = [
            # Led by radio and time: also the index by which tracks are found.
            models.UniqueConstraint(
                fields=["mmsi", "epoch_s", "position_import", "latitude", "longitude"],
                name="a_position_is_kept_once_for_a_file",
            )
        ]

    def __str__(self) -> str:
        return f"{self.mmsi} {self.at:%Y-%m-%d %H:%M:%S}"

    @property
    def at(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self.epoch_s, tz=datetime.UTC)
