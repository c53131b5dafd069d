"""Rows of the lists of anchors, ready to show."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Prefetch, QuerySet

from casefiles.access.rules import Visibility
from casefiles.core.addresses import record_address
from casefiles.core.countries import country_name
from casefiles.core.geodesy import check_position, great_circle_nm
from casefiles.core.identifiers import show_imo, show_unlocode
from casefiles.registry.models import Organisation, Person, Place, PlaceName, Vessel
from casefiles.registry.selectors.groups import AnchorGroup, groups_of


@dataclass(frozen=True)
class AnchorRow:
    """One line of a list: what it is called, where it is, and the columns of its kind."""

    name: str
    url: str
    is_restricted: bool
    is_voided: bool
    kind: str
    number: str = ""
    country: str = ""
    note: str = ""
    other_names: str = ""
    organisation: str = ""
    organisation_url: str = ""
    point: str = ""
    # What was judged to be the same: where the one stands whose page answers for it, or for whom its own answers.
    same_as: tuple[str, str] = ("", "")
    answers_for: tuple[tuple[str, str], ...] = ()


def with_groups(rows: Iterable[AnchorRow], anchors: Iterable[Any], user: Any) -> list[AnchorRow]:
    """Return lines that say of each anchor with which others it was judged to be one; one query for any number."""
    anchors = list(anchors)
    groups = groups_of(anchors, user)
    return [_grouped(row, groups[anchor.pk]) for row, anchor in zip(rows, anchors, strict=True)]


def _grouped(row: AnchorRow, group: AnchorGroup) -> AnchorRow:
    if not group.is_standing:
        return replace(row, same_as=_named(group.standing))
    return replace(row, answers_for=tuple(_named(one) for one in group.answered if one.pk != group.anchor.pk))


def _named(anchor: Any) -> tuple[str, str]:
    return str(anchor), _address(anchor)


def vessel_rows(vessels: Iterable[Vessel]) -> list[AnchorRow]:
    """Return the lines of the list of vessels."""
    return [
        _row(vessel, kind=str(vessel.get_vessel_type_display()), number=show_imo(vessel.imo_number or ""))
        for vessel in vessels
    ]


def organisation_rows(organisations: Iterable[Organisation]) -> list[AnchorRow]:
    """Return the lines of the list of organisations."""
    return [
        _row(
            organisation,
            kind=str(organisation.get_kind_display()),
            number=show_imo(organisation.imo_company_number or ""),
            country=organisation.country_name,
        )
        for organisation in organisations
    ]


def people_with_organisations(user: Any) -> QuerySet[Person]:
    """Return the people whom `user` may see, each with its organisation where that one is visible too."""
    organisations = Prefetch("organisation", queryset=Organisation.objects.visible_to(user))
    return Person.objects.visible_to(user).prefetch_related(organisations)


def person_rows(people: Iterable[Person]) -> list[AnchorRow]:
    """Return the lines of the list of people; their organisations were loaded by `people_with_organisations`."""
    rows = []
    for person in people:
        organisation = person.organisation
        rows.append(
            _row(
                person,
                kind=person.public_role,
                country=country_name(person.country) if person.country else "",
                organisation=str(organisation or ""),
                organisation_url=_address(organisation) if organisation else "",
            )
        )
    return rows


def places_with_names(user: Any) -> QuerySet[Place]:
    """Return the places that `user` may see, each with its other names."""
    names = Prefetch("other_names", queryset=PlaceName.objects.visible_to(user).current().order_by("name_key", "pk"))
    return Place.objects.visible_to(user).prefetch_related(names)


def place_rows(places: Iterable[Place]) -> list[AnchorRow]:
    """Return the lines of the list of places; their names were loaded by `places_with_names`."""
    return [
        _row(
            place,
            kind=str(place.get_kind_display()),
            number=show_unlocode(place.unlocode or ""),
            country=place.country_name,
            other_names=", ".join(name.name for name in place.other_names.all()),
            point=point_text(place),
        )
        for place in places
    ]


@dataclass(frozen=True)
class NearPlace:
    """A place and how far it is from a point."""

    place: Place
    distance_nm: float
    url: str


def nearest_places(
    latitude: float, longitude: float, user: Any, *, within_nm: float = 50, most: int = 10
) -> list[NearPlace]:
    """Return the places with a point within a distance that `user` may see, the nearest first.

    Raises:
        InvalidCoordinate: the point is not on Earth.
    """
    check_position(latitude, longitude)
    found = []
    for place in Place.objects.visible_to(user).current().around(latitude, longitude, within_nm=within_nm):
        distance_nm = great_circle_nm(latitude, longitude, place.latitude, place.longitude)
        if distance_nm <= within_nm:
            found.append(NearPlace(place, distance_nm, _address(place)))
    return sorted(found, key=lambda near: (near.distance_nm, near.place.pk))[:most]


def point_text(place: Place) -> str:
    """Return a point as degrees with hemispheres, to four decimals; nothing where none is recorded."""
    if place.latitude is None or place.longitude is None:
        return ""
    north, east = "N" if place.latitude >= 0 else "S", "E" if place.longitude >= 0 else "W"
    return f"{abs(place.latitude):.4f}° {north}, {abs(place.longitude):.4f}° {east}"


def _address(record: Any) -> str:
    return record_address(f"workspace:{record._meta.model_name}", record.pk)


def _row(record: Any, *, kind: str, **columns: Any) -> AnchorRow:
    return AnchorRow(
        name=str(record),
        url=_address(record),
        is_restricted=record.visibility != Visibility.OPEN,
        is_voided=record.is_voided,
        kind=kind,
        note=record.note,
        **columns,
    )
