"""Lists of anchors, and what pickers suggest."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet

from casefiles.access.pages import RecordListPage
from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import Page, SuggestPage
from casefiles.registry import filters, selectors
from casefiles.registry.forms import PointForm
from casefiles.registry.models import Organisation, Person, Place, Vessel


class AnchorList(RecordListPage):
    orders: ClassVar = {"name": Order("name_key"), "-name": Order("name_key", is_descending=True)}


class VesselList(AnchorList):
    template_name = "registry/vessels.html"
    section = "vessels"
    add_url_name = "registry:vessel_add"
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
    add_url_name = "registry:organisation_add"
    model = Organisation
    filterset_class = filters.OrganisationFilter

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        return selectors.organisation_rows(page.rows)


class PersonList(AnchorList):
    template_name = "registry/people.html"
    section = "people"
    add_url_name = "registry:person_add"
    model = Person
    filterset_class = filters.PersonFilter

    def get_queryset(self) -> QuerySet[Any]:
        return selectors.people_with_organisations(self.user)

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        return selectors.person_rows(page.rows)


class PlaceList(AnchorList):
    template_name = "registry/places.html"
    section = "places"
    add_url_name = "registry:place_add"
    model = Place
    filterset_class = filters.PlaceFilter

    def get_queryset(self) -> QuerySet[Any]:
        return selectors.places_with_names(self.user)

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        return selectors.place_rows(page.rows)


class PlacesNear(Page):
    """Which places lie near a point that somebody types, such as a position from a report."""

    template_name = "registry/places_near.html"
    visibility = "member"
    section = "places"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = PointForm(self.request.GET if "point" in self.request.GET else None, user=self.user)
        found = None
        if form.is_bound and form.is_valid():
            latitude, longitude = form.cleaned_data["point"]
            found = selectors.nearest_places(latitude, longitude, self.user, within_nm=form.cleaned_data["within_nm"])
        return super().get_context_data(form=form, found=found, **kwargs)


class VesselSuggest(SuggestPage):
    model = Vessel


class OrganisationSuggest(SuggestPage):
    model = Organisation


class PersonSuggest(SuggestPage):
    model = Person


class PlaceSuggest(SuggestPage):
    model = Place
