"""Questions about port calls and voyages."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Self

from django.db.models import Prefetch, Q

from casefiles.core.folding import fold
from casefiles.evidence.querysets import AssertionQuerySet

DATES = ("arrived", "departed", "seen")


class PortCallQuerySet(AssertionQuerySet):
    def with_places(self) -> Self:
        """Load places and candidates with their vessels, as they were named: one query more for any number."""
        candidates = self.model._meta.get_field("candidates").related_model._base_manager.select_related("vessel")
        return self.select_related("assertion", "place").prefetch_related(
            Prefetch("candidates", candidates.order_by("pk"))
        )

    def matching(self, text: str) -> Self:
        """Return port calls at a place, or of a vessel, whose name contains what was typed, newest first."""
        key = fold(text)
        return (
            self.filter(Q(place__name_key__contains=key) | Q(pk__in=self._calls_of(text)))
            .with_places()
            .order_by("-when_key", "-pk")
        )

    def of_vessels(self, keys: Iterable[uuid.UUID]) -> Self:
        """Return calls that one of some vessels is a candidate of."""
        candidates = self.model._meta.get_field("candidates").related_model
        return self.filter(pk__in=candidates._base_manager.filter(vessel__in=list(keys)).values("port_call_id"))

    def of_vessels_matching(self, text: str) -> Self:
        return self.filter(pk__in=self._calls_of(text))

    def _calls_of(self, text: str) -> Self:
        """Return the keys of the port calls that a vessel of that name or IMO number is a candidate of."""
        candidates = self.model._meta.get_field("candidates").related_model
        return candidates._base_manager.filter(vessel_condition(text)).values("port_call_id")

    def with_text(self, text: str) -> Self:
        """Return calls whose note, place or a candidate contains what was typed."""
        at_place = Q(place__name_key__contains=fold(text))
        return self.filter(at_place | Q(note__icontains=text) | Q(pk__in=self._calls_of(text)))

    def at_places_matching(self, text: str) -> Self:
        return self.filter(place__name_key__contains=fold(text))

    def possibly_from(self, day: datetime.date) -> Self:
        """Leave out calls all of whose dates are before `day`."""
        condition = Q()
        for name in DATES:
            condition |= Q(**{f"{name}_latest__gte": day}) | Q(
                **{f"{name}_latest__isnull": True, f"{name}_earliest__isnull": False}
            )
        return self.filter(condition)

    def possibly_until(self, day: datetime.date) -> Self:
        """Leave out calls all of whose dates are after `day`, and those without a date."""
        return self.filter(when_key__lte=day.isoformat()).exclude(when_key="")


class VoyageQuerySet(AssertionQuerySet):
    def with_ends(self) -> Self:
        return self.select_related("assertion", "vessel", "departure__place", "arrival__place")

    def matching(self, text: str) -> Self:
        """Return voyages of a vessel, from a place or to one, whose name contains what was typed, newest first."""
        return self.with_ends().with_text(text).order_by("-sailed_key", "-pk")

    def of_vessel_matching(self, text: str) -> Self:
        return self.filter(vessel_condition(text))

    def with_text(self, text: str) -> Self:
        """Return voyages whose vessel, ports, cargo or note contain what was typed."""
        key = fold(text)
        ports = Q(departure__place__name_key__contains=key) | Q(arrival__place__name_key__contains=key)
        return self.filter(vessel_condition(text) | ports | Q(cargo__icontains=text) | Q(note__icontains=text))


def vessel_condition(text: str) -> Q:
    """Say which rows have a vessel whose name contains, or whose IMO number begins with, what was typed."""
    key = fold(text)
    condition = Q(vessel__display_name_key__contains=key) | Q(vessel__open_names_key__contains=key)
    digits = "".join(character for character in text if character.isdigit())
    return condition | Q(vessel__imo_number__startswith=digits) if len(digits) >= 3 else condition
