"""Lists of anchors, and what pickers suggest."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet

from casefiles.access.pages import RecordListPage
from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import Page, SuggestPage
from casefiles.registry import filters, selectors
from casefiles.registry.forms import PointForm
from casefiles.registry.models import Organisation, Person, Place, Vessel


class AnchorList(RecordListPage):
    """Subclasses say how `lines` are made of anchors; those judged to be one say so."""

    orders: ClassVar = {"name": Order("name_key"), "-name": Order("name_key", is_descending=True)}
    lines: ClassVar[Callable[[Iterable[Any]], list[selectors.AnchorRow]]]

    def rows(self, page: KeysetPage) -> Iterable[selectors.AnchorRow]:
        return selectors.with_groups(type(self).lines(page.rows), page.rows, self.user)


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
    lines = staticmethod(selectors.vessel_rows)


class OrganisationList(AnchorList):
    template_name = "registry/organisations.html"
    section = "organisations"
    add_url_name = "registry:organisation_add"
    model = Organisation
    filterset_class = filters.OrganisationFilter
    lines = staticmethod(selectors.organisation_rows)


class PersonList(AnchorList):
    template_name = "registry/people.html"
    section = "people"
    add_url_name = "registry:person_add"
    model = Person
    filterset_class = filters.PersonFilter
    lines = staticmethod(selectors.person_rows)

    def get_queryset(self) -> QuerySet[Any]:
        return selectors.people_with_organisations(self.user)


class PlaceList(AnchorList):
    template_name = "registry/places.html"
    section = "places"
    add_url_name = "registry:place_add"
    model = Place
    filterset_class = filters.PlaceFilter
    lines = staticmethod(selectors.place_rows)

    def get_queryset(self) -> QuerySet[Any]:
        return selectors.places_with_names(self.user)


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
