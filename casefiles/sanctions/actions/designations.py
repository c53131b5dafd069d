"""Every change to authorities, programmes and designations.

Who designates, and under which programme, is public knowledge: any member may add one who may edit somewhere.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, require_covered, require_role_anywhere
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.core.cleaning import cleaned
from casefiles.core.countries import COUNTRY_NAMES
from casefiles.core.moments import Certainty, Moment, precedes
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.assertions import assert_record
from casefiles.evidence.vocabulary import Basis
from casefiles.registry.models import Organisation, Person, Vessel
from casefiles.sanctions.models import Authority, Designation, Measure, Programme

TARGETS = ("vessel", "organisation", "person")


def add_authority(
    *, by: Any, name: str, short_name: str = "", country: str = "", organisation: Organisation | None = None
) -> Authority:
    """Add a State or body that designates, for every member.

    Raises:
        NotAllowed: the person may edit nowhere.
        Refused: there is no such country, or the organisation is not open to every member.
        ValidationError: there is an authority of that name.
    """
    require_role_anywhere(by, Act.EDIT)
    _refuse_unknown_country(country)
    require_covered(Circle.everyone(), [organisation])
    values = {"name": name, "short_name": short_name, "country": country}
    return add_record(Authority(organisation=organisation, **cleaned(Authority, values)), by=by)


def change_authority(authority: Authority, *, by: Any, version: int, **changes: Any) -> Authority:
    """Change an authority's name, short name, country or organisation.

    Raises:
        Refused, StaleVersion, ValidationError: as for adding, and somebody else changed it first.
    """
    _refuse_unknown_country(changes.get("country", ""))
    require_covered(Circle.everyone(), [changes.get("organisation")])
    change_record(authority, by=by, version=version, changes=cleaned(Authority, changes))
    return authority


def add_programme(*, by: Any, authority: Authority, key: str, name: str) -> Programme:
    """Add a programme of an authority; its key (`EU-MARE`) is unique.

    Raises:
        NotAllowed: the person may edit nowhere.
        ValidationError: there is a programme with that key.
    """
    require_role_anywhere(by, Act.EDIT)
    values = cleaned(Programme, {"key": key, "name": name})
    return add_record(Programme(authority=authority, **values), by=by)


def change_programme(programme: Programme, *, by: Any, version: int, **changes: Any) -> Programme:
    """Change a programme's key or name.

    Raises:
        StaleVersion, ValidationError: somebody else changed it first, or the key is taken.
    """
    change_record(programme, by=by, version=version, changes=cleaned(Programme, changes))
    return programme


def add_designation(
    *,
    by: Any,
    circle: Circle,
    authority: Authority,
    programme: Programme | None = None,
    vessel: Vessel | None = None,
    organisation: Organisation | None = None,
    person: Person | None = None,
    list_name: str = "",
    list_entry: str = "",
    measures: Sequence[str] = (),
    grounds: str = "",
    announced: Moment | None = None,
    in_force: Moment | None = None,
    ended: Moment | None = None,
    end_kind: str | None = None,
    basis: str = Basis.DOCUMENT,
    note: str = "",
) -> Designation:
    """Record one listing of one target; what another source says otherwise is another record beside it.

    Without `end_kind` the end is dated where `ended` is given, and unknown where it is not.

    Raises:
        NotAllowed: the person may not add to that circle.
        Refused: not exactly one target, a measure that is not on the list, dates that contradict each other, or a
            target that some readers of the designation may not see.
        ValidationError: a field does not hold.
    """
    texts = {"list_name": list_name, "list_entry": list_entry, "grounds": grounds, "note": note}
    designation = Designation(
        authority=authority,
        programme=programme,
        vessel=vessel,
        organisation=organisation,
        person=person,
        measures=in_list_order(measures),
        end_kind=end_kind or ("dated" if ended else "unknown"),
        basis=basis,
        **cleaned(Designation, texts),
    )
    designation.announced, designation.in_force, designation.ended = announced, in_force, ended
    _check(designation)
    names = [authority, programme, vessel, organisation, person]
    return assert_record(designation, by=by, circle=circle, names=names)


def change_designation(designation: Designation, *, by: Any, version: int, **changes: Any) -> Designation:
    """Change any field of `add_designation` but the circle.

    Raises:
        Refused, ValidationError: as for adding.
        StaleVersion: somebody else changed it first.
    """
    changes = cleaned(Designation, changes)
    if "measures" in changes:
        changes["measures"] = in_list_order(changes["measures"])
    trial = _changed(designation, changes)
    _check(trial)
    named = [changes.get(name) for name in ("authority", "programme", *TARGETS)]
    require_covered(Circle.of(designation.assertion), named)
    change_record(designation, by=by, version=version, changes=changes)
    return designation


def in_list_order(measures: Sequence[str]) -> list[str]:
    """Return the measures once each, in the order of the vocabulary.

    Raises:
        Refused: one of them is not in the vocabulary.
    """
    unknown = [measure for measure in measures if measure not in Measure.values]
    if unknown:
        raise Refused(
            _("“%(measure)s” is not a measure. Choose from the list.") % {"measure": unknown[0]}, field="measures"
        )
    return [measure for measure in Measure.values if measure in measures]


def _changed(designation: Designation, changes: dict[str, Any]) -> Designation:
    """Return a copy with the changes applied, to be checked as a whole; it is never saved."""
    fields = designation._meta.concrete_fields
    trial = Designation(**{field.attname: getattr(designation, field.attname) for field in fields})
    for name, value in changes.items():
        setattr(trial, name, value)
    return trial


def _check(designation: Designation) -> None:
    _refuse_other_than_one_target(designation)
    _refuse_programme_of_another_authority(designation)
    _refuse_contradicting_dates(designation)


def _refuse_other_than_one_target(designation: Designation) -> None:
    named = [name for name in TARGETS if getattr(designation, f"{name}_id")]
    if not named:
        raise Refused(_("Name what is designated: a vessel, an organisation or a person."), field="vessel")
    if len(named) > 1:
        raise Refused(_("A designation has one target. Add another designation for the other."), field=named[-1])


def _refuse_programme_of_another_authority(designation: Designation) -> None:
    programme = designation.programme
    if programme and programme.authority_id != designation.authority_id:
        raise Refused(
            _("“%(programme)s” is not a programme of “%(authority)s”.")
            % {"programme": programme, "authority": designation.authority},
            field="programme",
        )


def _refuse_contradicting_dates(designation: Designation) -> None:
    if (designation.end_kind == "dated") != (designation.ended is not None):
        raise Refused(
            _("Give the date on which it ended, or say that it has not ended or is not known."), field="ended"
        )
    begun = designation.in_force or designation.announced
    if begun and designation.ended and precedes(designation.ended, begun) is Certainty.CERTAIN:
        raise Refused(_("The end is before the start. Check both dates."), field="ended")


def _refuse_unknown_country(code: str) -> None:
    if code and code not in COUNTRY_NAMES:
        raise Refused(_("There is no country with the code “%(code)s”.") % {"code": code}, field="country")
