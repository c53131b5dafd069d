"""Lists of anchors, and what pickers suggest."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet

from casefiles.access.actions import holds_role_anywhere
from casefiles.access.rules import Act
from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import ListPage, SuggestPage
from casefiles.registry import filters, selectors
from casefiles.registry.models import Organisation, Person, Place, Vessel


class AnchorList(ListPage):
    visibility = "member"
    orders: ClassVar = {"name": Order("name_key"), "-name": Order("name_key", is_descending=True)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_add=holds_role_anywhere(self.user, Act.EDIT), **kwargs)


class VesselList(AnchorList):
    template_name = "registry/vessels.html"
    section = "vessels"
    model = Vessel
    filterset_class = filters.VesselFilter
    orders: ClassVar = {
        "name": Order("display_name_key"),
        "-name": Order("display_name_key", is_descending=True),
    }

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        return selectors.vessel_rows(page.rows)


class OrganisationList(AnchorList):
    template_name = "registry/organisations.html"
    section = "organisations"
    model = Organisation
    filterset_class = filters.OrganisationFilter

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        return selectors.organisation_rows(page.rows)


class PersonList(AnchorList):
    template_name = "registry/people.html"
    section = "people"
    model = Person
    filterset_class = filters.PersonFilter

    def get_queryset(self) -> QuerySet[Any]:
        return selectors.people_with_organisations(self.user)

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        return selectors.person_rows(page.rows)


class PlaceList(AnchorList):
    template_name = "registry/places.html"
    section = "places"
    model = Place
    filterset_class = filters.PlaceFilter

    def get_queryset(self) -> QuerySet[Any]:
        return selectors.places_with_names(self.user)

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        return selectors.place_rows(page.rows)


class VesselSuggest(SuggestPage):
    model = Vessel


class OrganisationSuggest(SuggestPage):
    model = Organisation


class PersonSuggest(SuggestPage):
    model = Person


class PlaceSuggest(SuggestPage):
    model = Place
