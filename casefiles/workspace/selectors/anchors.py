"""What the pages of vessels, organisations, people and places show of the other apps. Every list is capped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from casefiles.cases.models import Subject
from casefiles.core.moments import Moment
from casefiles.particulars.models import VesselRole
from casefiles.particulars.selectors import AnchorFile, roles_of_organisation
from casefiles.registry.models import Organisation, Person, Place, PlaceName, Vessel
from casefiles.registry.selectors import AnchorGroup, group_of
from casefiles.sanctions.in_force import Answer, in_force_during
from casefiles.sanctions.models import Designation
from casefiles.sanctions.selectors import designations_of
from casefiles.statements.models import Statement
from casefiles.statements.selectors import statements_by
from casefiles.voyages.models import PortCall, Voyage
from casefiles.voyages.selectors import port_calls_of, voyages_of
from casefiles.workspace.selectors.pictures import Strip, pictures_of

CAP = 10
Row = TypeVar("Row")


@dataclass(frozen=True)
class Capped(Generic[Row]):
    """The first rows of a related list, and how many there are in all."""

    rows: tuple[Row, ...]
    total: int

    @property
    def is_capped(self) -> bool:
        return self.total > len(self.rows)


@dataclass(frozen=True)
class DesignationLine:
    """A designation and whether it was in force on the page's day.

    It is of the anchor also where it is of one that was judged to be the same.
    """

    designation: Designation
    answer: Answer
    is_of_the_anchor: bool


@dataclass(frozen=True)
class VesselSections:
    designations: Capped[DesignationLine]
    voyages: Capped[Voyage]
    port_calls: Capped[PortCall]
    cases: Capped[Subject]
    designated_by: tuple[str, ...]
    pictures: Strip


@dataclass(frozen=True)
class OrganisationSections:
    roles: Capped[VesselRole]
    people: Capped[Person]
    designations: Capped[DesignationLine]
    statements: Capped[Statement]
    cases: Capped[Subject]
    designated_by: tuple[str, ...]


@dataclass(frozen=True)
class PersonSections:
    designations: Capped[DesignationLine]
    statements: Capped[Statement]
    cases: Capped[Subject]
    designated_by: tuple[str, ...]
    organisation: Organisation | None


@dataclass(frozen=True)
class PlaceSections:
    names: tuple[PlaceName, ...]
    parent: Place | None
    parts: Capped[Place]
    port_calls: Capped[PortCall]
    cases: Capped[Subject]


def vessel_sections(vessel: Vessel, user: Any, *, file: AnchorFile, as_at: Moment | None = None) -> VesselSections:
    """Return what else is known of a vessel: with `as_at`, what had happened by then and what was in force."""
    group = file.group or group_of(vessel, user)
    parties = [value.record.organisation_id for value in file.values if isinstance(value.record, VesselRole)]
    organisations = [Organisation(pk=pk) for pk in dict.fromkeys(parties)]
    lines = _designations([*group.answered, *organisations], user, as_at=as_at, anchors=group.answered)
    calls = port_calls_of(user=user, vessels=group.answered)
    return VesselSections(
        designations=lines,
        voyages=capped(_until(voyages_of(*group.answered, user=user), "sailed_key", as_at).reverse()),
        port_calls=capped(_until(calls, "when_key", as_at).reverse()),
        cases=capped(cases_naming(vessel, user, among=group.answered)),
        designated_by=_designated_by(lines),
        pictures=pictures_of(group.answered, user, values=[value.pk for value in file.values], as_at=as_at),
    )


def organisation_sections(group: AnchorGroup, user: Any, *, as_at: Moment | None = None) -> OrganisationSections:
    """Return what else is known of an organisation, and of those that were judged to be the same."""
    people = Person.objects.visible_to(user).current().filter(organisation__in=group.answered)
    people = people.select_related("organisation").order_by("name_key", "pk")
    lines = _designations(group.answered, user, as_at=as_at, anchors=group.answered)
    return OrganisationSections(
        roles=capped(roles_of_organisation(*group.answered, user=user)),
        people=capped(people),
        designations=lines,
        statements=capped(_until(statements_by(user=user, among=group.answered), "said_key", as_at)),
        cases=capped(cases_naming(group.anchor, user, among=group.answered)),
        designated_by=_designated_by(lines),
    )


def person_sections(group: AnchorGroup, user: Any, *, as_at: Moment | None = None) -> PersonSections:
    """Return what else is known of a person, and of those that were judged to be the same.

    The organisation is the person's own, and told only where the reader may see it.
    """
    person = group.anchor
    lines = _designations(group.answered, user, as_at=as_at, anchors=group.answered)
    organisations = Organisation.objects.visible_to(user)
    return PersonSections(
        designations=lines,
        statements=capped(_until(statements_by(user=user, among=group.answered), "said_key", as_at)),
        cases=capped(cases_naming(person, user, among=group.answered)),
        designated_by=_designated_by(lines),
        organisation=organisations.filter(pk=person.organisation_id).first() if person.organisation_id else None,
    )


def place_sections(group: AnchorGroup, user: Any, *, as_at: Moment | None = None) -> PlaceSections:
    """Return what else is known of a place, and of those that were judged to be the same."""
    place, places = group.anchor, Place.objects.visible_to(user)
    names = PlaceName.objects.visible_to(user).current().filter(place__in=group.answered)
    return PlaceSections(
        names=tuple(names.select_related("place").order_by("name_key", "pk")),
        parent=places.filter(pk=place.parent_id).first() if place.parent_id else None,
        parts=capped(places.current().filter(parent__in=group.answered).order_by("name_key", "pk")),
        port_calls=capped(_until(port_calls_of(user=user, places=group.answered), "when_key", as_at).reverse()),
        cases=capped(cases_naming(place, user, among=group.answered)),
    )


def cases_naming(target: Any, user: Any, *, among: Iterable[Any] = ()) -> QuerySet[Subject]:
    """Return the subjects by which cases that `user` may see name an anchor, newest first, with their cases.

    `among` are the anchors that were judged to be this one, itself included.
    """
    word, keys = target._meta.model_name, [one.pk for one in among] or [target.pk]
    subjects = Subject.objects.visible_to(user).current().filter(**{f"{word}__in": keys})
    return subjects.select_related("case", word).order_by("-created_at", "pk")


def capped(rows: QuerySet[Any], *, cap: int = CAP) -> Capped[Any]:
    """Return the first rows; all are counted only where there are more."""
    found = list(rows[: cap + 1])
    total = rows.count() if len(found) > cap else len(found)
    return Capped(tuple(found[:cap]), total)


def _until(rows: Any, column: str, as_at: Moment | None) -> Any:
    """Leave out what began after the page's day, and what has no date."""
    last = as_at and (as_at.latest or as_at.earliest)
    if not last:
        return rows
    return rows.filter(**{f"{column}__lte": last.isoformat()}).exclude(**{column: ""})


def _designations(
    targets: Iterable[Any], user: Any, *, as_at: Moment | None, anchors: Sequence[Any]
) -> Capped[DesignationLine]:
    first, last = _days(as_at)
    lines = [
        DesignationLine(designation, _answer(designation, first, last), designation.target in anchors)
        for designation in designations_of(targets, user=user)[: 10 * CAP]
    ]
    lines.sort(key=lambda line: not line.is_of_the_anchor)
    return Capped(tuple(lines[:CAP]), len(lines))


def _days(as_at: Moment | None) -> tuple[date, date]:
    today = timezone.now().date()
    if as_at is None:
        return today, today
    first, last = as_at.earliest or as_at.latest or today, as_at.latest or as_at.earliest or today
    return first, last


def _answer(designation: Designation, first: date, last: date) -> Answer:
    return in_force_during(
        first,
        last,
        in_force_from=designation.in_force,
        ended=designation.ended,
        end_kind=designation.end_kind,
        announced=designation.announced,
    )


def _designated_by(lines: Capped[DesignationLine]) -> tuple[str, ...]:
    """Return the authorities whose designation of the anchor itself is in force for certain, each once."""
    names = [
        line.designation.authority.short_name or str(line.designation.authority)
        for line in lines.rows
        if line.is_of_the_anchor and line.answer is Answer.YES
    ]
    return tuple(dict.fromkeys(names))
