"""What belongs to one person's own pages."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casefiles.access.querysets import OwnerAlone, OwnerWithin, Rule, VisibleQuerySet
from casefiles.cases.models import Case
from casefiles.registry.models import Vessel


class Watch(models.Model):
    """Somebody keeps an eye on a vessel. Nobody else sees it, and nothing counts it: what one looks at tells of a case.

    One row for a person and a vessel, whether it is watched now or was once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    vessel = models.ForeignKey(Vessel, on_delete=models.PROTECT, related_name="watches", editable=False)
    started_at = models.DateTimeField(_("watched since"), default=timezone.now, editable=False)
    seen_at = models.DateTimeField(_("seen until"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("no longer since"), null=True, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnerAlone("user_id", of="vessel"),)
    objects: ClassVar = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("watched vessel")
        verbose_name_plural = _("watched vessels")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "vessel"], name="a_person_watches_a_vessel_once")
        ]

    def __str__(self) -> str:
        return str(self.vessel)


class NetworkLayout(models.Model):
    """Where somebody put the things of a case's network, by key (`vessel:…`). Nobody else sees it or is moved by it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", editable=False)
    places = models.JSONField(_("places"), default=dict, editable=False)
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now, editable=False)

    visibility_rules: ClassVar[tuple[Rule, ...]] = (OwnerWithin("user_id", path="case__compartment_id"),)
    objects: ClassVar = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("layout of a network")
        verbose_name_plural = _("layouts of networks")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "case"], name="a_person_lays_a_network_out_once")
        ]

    def __str__(self) -> str:
        return str(self.case)
