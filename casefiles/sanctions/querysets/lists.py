"""Questions about editions of lists and what stands in them."""

from typing import Any, Self

from django.db.models import Exists, OuterRef, Q

from casefiles.access.querysets import VisibleQuerySet


class EditionQuerySet(VisibleQuerySet):
    def unfinished(self) -> Self:
        """Return what waits to be read, or was being read when its process ended, oldest first."""
        return self.current().filter(state__in=["waiting", "running"]).order_by("created_at", "pk")

    def applied(self) -> Self:
        """Return what was applied and still counts: neither it nor its item was voided; the newest day first."""
        rows = self.current().filter(state="applied", item__voided_at__isnull=True)
        return rows.order_by("-published_on", "-created_at", "pk")

    def newest_of_each(self) -> Self:
        """Return of every list the applied edition of the latest day."""
        rows = self.applied()
        newer = self.model.objects.applied().filter(
            Q(published_on__gt=OuterRef("published_on"))
            | Q(published_on=OuterRef("published_on"), created_at__gt=OuterRef("created_at")),
            list_key=OuterRef("list_key"),
        )
        return rows.filter(~Exists(newer.order_by())).order_by("list_key", "pk")


class EntryQuerySet(VisibleQuerySet):
    def of(self, edition: Any) -> Self:
        return self.filter(edition=edition)
