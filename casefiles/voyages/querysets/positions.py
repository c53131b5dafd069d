"""Questions about position files and what was read from them."""

from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.db.models import Q

from casefiles.access.querysets import VisibleQuerySet
from casefiles.access.rules import Act


@dataclass(frozen=True)
class OfVisibleImports:
    """What was read from a file that the person may see; nothing of one still being read, voided, or of a voided item.

    The database finds the few imports first and the rows by their number: no row asks for itself.
    """

    is_finished: bool = True

    def condition(self, model: type[models.Model], user: Any, act: Act) -> Q:
        field = model._meta.get_field("position_import")
        imports = field.related_model.objects.visible_to(user, act)  # type: ignore[union-attr]
        if self.is_finished:
            imports = imports.usable()
        return Q(position_import__in=imports.values(field.target_field.attname))  # type: ignore[union-attr]


class PositionImportQuerySet(VisibleQuerySet):
    def usable(self) -> Self:
        """Leave out what is not read to its end, or was voided itself or with its item."""
        return self.filter(state="finished", voided_at__isnull=True, item__voided_at__isnull=True)

    def unfinished(self) -> Self:
        """Return what waits to be read, or was being read when its process ended, oldest first."""
        return self.current().filter(state__in=["waiting", "running"]).order_by("created_at", "pk")


class PositionQuerySet(VisibleQuerySet):
    def of_radio(self, mmsi: str, *, from_s: int | None = None, until_s: int | None = None) -> Self:
        """Return one radio's positions from `from_s` until before `until_s`."""
        rows = self.filter(mmsi=mmsi)
        if from_s is not None:
            rows = rows.filter(epoch_s__gte=from_s)
        return rows.filter(epoch_s__lt=until_s) if until_s is not None else rows
