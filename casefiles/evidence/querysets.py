"""Questions about evidence."""

from collections.abc import Collection
from typing import Self

from django.db.models import Q
from django.utils import timezone

from casefiles.access.querysets import VisibleQuerySet
from casefiles.core.folding import fold


class HoldQuerySet(VisibleQuerySet):
    def standing(self) -> Self:
        """Leave out what was lifted, and retentions whose last day is over."""
        return self.current().filter(Q(until__isnull=True) | Q(until__gte=timezone.now().date()))


class SourceQuerySet(VisibleQuerySet):
    def matching(self, text: str) -> Self:
        """Return sources whose name contains what was typed, folded."""
        return self.filter(name_key__contains=fold(text)).order_by("name_key", "pk")


class ItemQuerySet(VisibleQuerySet):
    def matching(self, text: str) -> Self:
        """Return items whose title contains what was typed, folded."""
        return self.filter(title_key__contains=fold(text)).order_by("title_key", "pk")


class AssertionQuerySet(VisibleQuerySet):
    """Assertions, and the records anchored to one."""

    def current(self) -> Self:
        """Leave out what was voided; a record anchored to an assertion is voided with it."""
        name = "voided_at" if any(f.name == "voided_at" for f in self.model._meta.fields) else "assertion__voided_at"
        return self.filter(**{f"{name}__isnull": True})

    def anchored(self) -> Self:
        """Load the anchor with each record."""
        return self.select_related("assertion", "assertion__created_by")


class CitationQuerySet(VisibleQuerySet):
    def with_items(self) -> Self:
        return self.select_related("item", "item__source", "created_by")


class FileQuerySet(ItemQuerySet):
    def waiting_for_ocr(self, version: int, languages: str, media_types: Collection[str]) -> Self:
        """Return received files that were read and may hold pictures of words not looked for yet, oldest first.

        What lies on the ground as an image of it holds none.
        """
        received = self.exclude(role="derivative").filter(media_type__in=media_types, reading__state="read")
        shows_ground = Q(reading__findings__form__startswith="GeoTIFF")
        known = Q(recognition__version=version, recognition__languages=languages)
        return received.exclude(shows_ground).exclude(known).order_by("created_at", "pk")

    def waiting_to_be_rendered(self, version: int, media_types: Collection[str]) -> Self:
        """Return received files of web pages that were read and not set anew in this version, oldest first."""
        received = self.exclude(role="derivative").filter(media_type__in=media_types, reading__state="read")
        return received.exclude(rendering__version=version).order_by("created_at", "pk")

    def waiting_to_be_read(self, version: int) -> Self:
        """Return files as they were received that no reader of this version has looked at, oldest first."""
        received = self.exclude(role="derivative").exclude(reading__version__gte=version)
        return received.order_by("created_at", "pk")
