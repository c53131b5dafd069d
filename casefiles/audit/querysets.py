"""Questions about events. Whoever shows them has already asked `access` whether the record may be read."""

import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.db import models


class EventQuerySet(models.QuerySet[Any]):
    def of(self, record_ids: Iterable[uuid.UUID] | models.QuerySet[Any]) -> Self:
        """Narrow to the events of some records; a queryset of their keys stays in the database."""
        is_asked_there = isinstance(record_ids, models.QuerySet)
        return self.filter(record_id__in=record_ids if is_asked_there else list(record_ids))

    def of_leaving(self, kind: str, *, compartment: uuid.UUID) -> Self:
        """Narrow to those by which something of a kind, such as a membership, ended in a circle."""
        return self.filter(record_kind=kind, act="left", compartment_ids=[str(compartment)])

    def after(self, seq: int) -> Self:
        return self.filter(seq__gt=seq).order_by("seq")

    def before(self, seq: int) -> Self:
        return self.filter(seq__lt=seq).order_by("-seq")

    def newest(self, count: int) -> Self:
        """Narrow to those among the newest so many of all events."""
        last = models.Subquery(self.model._base_manager.order_by("-seq").values("seq")[:1])
        return self.filter(seq__gt=last - count)

    def newest_first(self) -> Self:
        return self.order_by("-seq")
