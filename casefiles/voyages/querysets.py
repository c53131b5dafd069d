"""Questions about port calls and voyages."""

from typing import Self

from casefiles.core.folding import fold
from casefiles.evidence.querysets import AssertionQuerySet


class PortCallQuerySet(AssertionQuerySet):
    def with_places(self) -> Self:
        return self.select_related("assertion", "place").prefetch_related("candidates__vessel")

    def matching(self, text: str) -> Self:
        """Return port calls at a place whose name contains what was typed."""
        return (
            self.filter(place__name_key__contains=fold(text)).select_related("place").order_by("-when_key", "-pk")
        )


class VoyageQuerySet(AssertionQuerySet):
    def with_ends(self) -> Self:
        return self.select_related("assertion", "vessel", "departure__place", "arrival__place")
