"""What is known of where a vessel was."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from casefiles.registry.models import Place, Vessel
from casefiles.voyages.models import PortCall, Voyage
from casefiles.voyages.querysets import PortCallQuerySet, VoyageQuerySet


def port_calls_of(
    *,
    user: Any,
    vessel: Vessel | None = None,
    place: Place | None = None,
    vessels: Collection[Vessel] = (),
    places: Collection[Place] = (),
) -> PortCallQuerySet:
    """Return the current port calls of a vessel (also as one of several candidates), at a place, or both, oldest first.

    `vessels` are several that were judged to be one, as are `places`: a call of any of them, each call once.
    Places and candidates come with them: two queries for any number.
    """
    calls = PortCall.objects.visible_to(user).current().with_places()
    if vessel is not None:
        calls = calls.filter(pk__in=vessel.candidacies.values("port_call_id"))
    if vessels:
        calls = calls.of_vessels(one.pk for one in vessels)
    if places:
        calls = calls.filter(place__in=[one.pk for one in places])
    if place is not None:
        calls = calls.filter(place=place)
    return calls.order_by("when_key", "pk")


def voyages_of(*vessels: Vessel, user: Any) -> VoyageQuerySet:
    """Return the current voyages of a vessel with both ends, by the day it was under way, in one query.

    Of several vessels that were judged to be one, those of all.
    """
    voyages = Voyage.objects.visible_to(user).current().with_ends()
    return voyages.filter(vessel__in=[one.pk for one in vessels]).order_by("sailed_key", "pk")


def voyages_through(port_call: PortCall, *, user: Any) -> list[Voyage]:
    """Return the current voyages that left from a port call or arrived at it, in one query."""
    voyages = Voyage.objects.visible_to(user).current().with_ends()
    return list(voyages.filter(Q(departure=port_call) | Q(arrival=port_call)).order_by("sailed_key", "pk"))
