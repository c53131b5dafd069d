"""What is known of an image as an image, and what is seen in it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.access.models import Record
from casefiles.access.querysets import OwnCircle, Rule
from casefiles.core.fields import MomentField
from casefiles.evidence.models.items import File, Item
from casefiles.evidence.vocabulary import SeenLevel
from casefiles.registry.models import Vessel


def _within(name: str, least: int, most: int) -> Q:
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": least, f"{name}__lte": most})


def _above_zero(name: str) -> Q:
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gt": 0})


class ImageSheet(Record):
    """One image: what took it, when, from where, how sharp, and what piece of the Earth it shows."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="image_sheets")
    provider = models.CharField(_("provider"), max_length=200, blank=True)
    platform = models.CharField(_("platform"), max_length=200, blank=True)
    sensor = models.CharField(_("sensor"), max_length=200, blank=True)
    acquired = MomentField(_("acquired"))
    delivered = MomentField(_("delivered"))
    published = MomentField(_("published"))
    gsd_m = models.DecimalField(_("ground sample distance, m"), max_digits=9, decimal_places=3, null=True, blank=True)
    off_nadir_deg = models.DecimalField(_("off nadir, degrees"), max_digits=5, decimal_places=2, null=True, blank=True)
    cloud_fraction = models.DecimalField(_("cloud, fraction"), max_digits=5, decimal_places=4, null=True, blank=True)
    sun_elevation_deg = models.DecimalField(
        _("elevation of the sun, degrees"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    sun_azimuth_deg = models.DecimalField(
        _("azimuth of the sun, degrees"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    footprint = models.JSONField(_("footprint"), null=True, blank=True)
    scene_id = models.CharField(_("scene"), max_length=200, blank=True)
    stac_item = models.ForeignKey(
        File, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file of its STAC item")
    )

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("item"),)

    class Meta:
        verbose_name = _("image sheet")
        verbose_name_plural = _("image sheets")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(voided_at__isnull=True), name="an_image_has_one_sheet"
            ),
            models.CheckConstraint(condition=_within("cloud_fraction", 0, 1), name="cloud_is_a_fraction"),
            models.CheckConstraint(condition=_within("off_nadir_deg", 0, 90), name="off_nadir_is_an_angle"),
            models.CheckConstraint(condition=_within("sun_elevation_deg", -90, 90), name="the_sun_has_an_elevation"),
            models.CheckConstraint(condition=_within("sun_azimuth_deg", 0, 360), name="the_sun_has_an_azimuth"),
            models.CheckConstraint(condition=_above_zero("gsd_m"), name="a_gsd_is_above_zero"),
        ]

    def __str__(self) -> str:
        return str(_("Image sheet of “%(item)s”") % {"item": self.item})

    def get_absolute_url(self) -> str:
        return f"{self.item.get_absolute_url()}#sheet"


class ImageObservation(Record):
    """What somebody sees in an image, how surely, and what else it could be."""

    sheet = models.ForeignKey(ImageSheet, on_delete=models.PROTECT, related_name="observations")
    seen = models.CharField(_("what is seen"), max_length=500)
    level = models.CharField(_("level"), max_length=10, choices=SeenLevel.choices, default=SeenLevel.DETECT)
    matching_features = models.TextField(_("features that match"), blank=True)
    differing_features = models.TextField(_("features that do not"), blank=True)
    look_alikes = models.TextField(_("look-alikes considered"), blank=True)
    look_alike_vessels = models.ManyToManyField(
        Vessel, blank=True, related_name="+", verbose_name=_("vessels that it could also be")
    )
    measured_m = models.DecimalField(_("measured length, m"), max_digits=7, decimal_places=2, null=True, blank=True)
    measured_error_m = models.DecimalField(_("error, ± m"), max_digits=7, decimal_places=2, null=True, blank=True)
    length_m = models.DecimalField(_("length of the ship, m"), max_digits=7, decimal_places=2, null=True, blank=True)

    keys_in_history: ClassVar = {"look_alike_vessels": "registry.vessel"}
    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnCircle("sheet__item"),)

    class Meta:
        verbose_name = _("observation in an image")
        verbose_name_plural = _("observations in images")
        constraints: ClassVar = [
            models.CheckConstraint(condition=_above_zero("measured_m"), name="a_measured_length_is_above_zero"),
            models.CheckConstraint(condition=_above_zero("length_m"), name="a_ship_has_a_length_above_zero"),
            models.CheckConstraint(
                condition=Q(measured_error_m__isnull=True) | Q(measured_error_m__gte=0, measured_m__isnull=False),
                name="an_error_belongs_to_a_measurement",
            ),
        ]

    def __str__(self) -> str:
        return self.seen

    def get_absolute_url(self) -> str:
        return self.sheet.get_absolute_url()

    @property
    def item(self) -> Item:
        return self.sheet.item
