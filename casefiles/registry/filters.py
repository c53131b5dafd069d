"""What the lists of anchors can be narrowed by; every filter stands in the address."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casefiles.core.countries import country_choices
from casefiles.registry.models import Organisation, OrganisationKind, Person, Place, PlaceKind, Vessel, VesselType


class AnchorFilter(django_filters.FilterSet):
    """Finds by name in any alphabet and case, and by number."""

    q = django_filters.CharFilter(method="matching", label=_("Name or number"), max_length=200)

    def matching(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.matching(value)  # type: ignore[attr-defined, no-any-return]


class VesselFilter(AnchorFilter):
    vessel_type = django_filters.ChoiceFilter(label=_("Type"), choices=VesselType.choices, empty_label=_("any"))
    numbered = django_filters.ChoiceFilter(
        method="by_number",
        label=_("IMO number"),
        choices=[("yes", _("with one")), ("no", _("without one"))],
        empty_label=_("any"),
    )

    class Meta:
        model = Vessel
        fields: ClassVar = ["q", "vessel_type", "numbered"]

    def by_number(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(imo_number__isnull=value == "no")


class OrganisationFilter(AnchorFilter):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=OrganisationKind.choices, empty_label=_("any"))
    country = django_filters.ChoiceFilter(label=_("Country"), choices=country_choices, empty_label=_("any"))

    class Meta:
        model = Organisation
        fields: ClassVar = ["q", "kind", "country"]


class PersonFilter(AnchorFilter):
    country = django_filters.ChoiceFilter(label=_("Country"), choices=country_choices, empty_label=_("any"))

    class Meta:
        model = Person
        fields: ClassVar = ["q", "country"]


class PlaceFilter(AnchorFilter):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=PlaceKind.choices, empty_label=_("any"))
    country = django_filters.ChoiceFilter(label=_("Country"), choices=country_choices, empty_label=_("any"))

    class Meta:
        model = Place
        fields: ClassVar = ["q", "kind", "country"]
