"""What lists of port calls and voyages can be narrowed by."""

import uuid
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.registry.models import Place, Vessel
from casefiles.registry.selectors import AnchorGroup, group_by_key
from casefiles.voyages.models import Activity, PortCall, Voyage

DAY = forms.DateInput(attrs={"type": "date"})


class OfAnchors(django_filters.FilterSet):
    """Lists of what was recorded of one anchor, and of those that were judged to be the same; `group` holds them."""

    group: AnchorGroup | None = None

    def _of(self, model: type[Any], key: uuid.UUID) -> list[uuid.UUID]:
        self.group = group_by_key(model, key, self.request.user)
        return self.group.keys if self.group else []


def _hidden(method: str) -> django_filters.UUIDFilter:
    return django_filters.UUIDFilter(widget=forms.HiddenInput, method=method)


class PortCallFilter(OfAnchors):
    of = _hidden("of_one_vessel")
    at = _hidden("at_one_place")
    text = django_filters.CharFilter(label=_("Text"), max_length=200, method="with_text")
    place = django_filters.CharFilter(label=_("Place"), max_length=200, method="at_place")
    vessel = django_filters.CharFilter(label=_("Vessel or IMO number"), max_length=200, method="of_vessel")
    activity = django_filters.ChoiceFilter(label=_("Activity"), choices=Activity.choices, empty_label=_("any"))
    since = django_filters.DateFilter(label=_("From"), widget=DAY, method="possibly_from")
    until = django_filters.DateFilter(label=_("Until"), widget=DAY, method="possibly_until")

    class Meta:
        model = PortCall
        fields: tuple[str, ...] = ()

    def of_one_vessel(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.of_vessels(self._of(Vessel, value))

    def at_one_place(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.filter(place__in=self._of(Place, value))

    def with_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.with_text(value)

    def at_place(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.at_places_matching(value)

    def of_vessel(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.of_vessels_matching(value)

    def possibly_from(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.possibly_from(value)

    def possibly_until(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.possibly_until(value)


class VoyageFilter(OfAnchors):
    of = _hidden("of_one_vessel")
    vessel = django_filters.CharFilter(label=_("Vessel or IMO number"), max_length=200, method="of_vessel")
    text = django_filters.CharFilter(label=_("Text"), max_length=200, method="with_text")

    class Meta:
        model = Voyage
        fields: tuple[str, ...] = ()

    def of_one_vessel(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.filter(vessel__in=self._of(Vessel, value))

    def of_vessel(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.of_vessel_matching(value)

    def with_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.with_text(value)
