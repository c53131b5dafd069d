"""Adding and changing anchors. One that bears an official number or code is open to every member, whoever adds it.

Names and numbers are cleaned here too, so that imports and the admin meet the same rules as the forms.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, require, require_circle, require_covered
from casefiles.access.circles import Circle
from casefiles.access.models import Restricted
from casefiles.access.rules import Act, Visibility
from casefiles.audit import actions as audit
from casefiles.core.countries import COUNTRY_NAMES
from casefiles.core.folding import UnsafeText, clean_line, clean_text
from casefiles.core.identifiers import (
    InvalidIdentifier,
    parse_imo_company,
    parse_imo_ship,
    parse_unlocode,
    show_imo,
    show_unlocode,
)
from casefiles.core.refusals import Refused
from casefiles.core.versions import snapshot
from casefiles.registry.gazetteer import PRECISION_M, Port
from casefiles.registry.models import Organisation, Person, Place, PlaceKind, PlaceName, Vessel, VesselType

NUMBERS = {Vessel: "imo_number", Organisation: "imo_company_number", Place: "unlocode"}
READERS = {"imo_number": parse_imo_ship, "imo_company_number": parse_imo_company, "unlocode": parse_unlocode}
LINES = frozenset({"display_name", "name", "public_role", "language"})
LONGEST_CHAIN = 20


class AlreadyRegistered(Refused):
    """The number belongs to an anchor that exists; `record` is that one, which every member may see."""

    def __init__(self, record: Any, *, field: str) -> None:
        number = getattr(record, field)
        shown = show_unlocode(number) if field == "unlocode" else show_imo(number)
        state = _(", which was voided") if record.is_voided else ""
        message = _("%(number)s is in the registry already: %(record)s%(state)s. Use that one.")
        super().__init__(message % {"number": shown, "record": record, "state": state}, field=field)
        self.record = record


class WouldBeOpen(Refused):
    """Giving this number makes a restricted anchor visible to everybody, which nobody has agreed to yet."""

    def __init__(self, record: Any) -> None:
        super().__init__(
            _(
                "With an official number, “%(record)s” becomes visible to every member, with its name and note. "
                "Tick the box below if that is meant."
            )
            % {"record": record},
            field="is_opening_agreed",
        )


# Vessels ----------------------------------------------------------------------------------------------------------
def add_vessel(
    *,
    by: Any,
    circle: Circle,
    display_name: str,
    imo_number: str | None = None,
    vessel_type: str = VesselType.UNKNOWN,
    note: str = "",
) -> Vessel:
    """Add an anchor for one hull: open to all where it has an IMO number, else for `circle` under a working name.

    Raises:
        AlreadyRegistered: a vessel has this number.
        ValidationError: the number, type or name does not hold.
        NotAllowed: the person may not add to that circle.
    """
    values = {"display_name": display_name, "imo_number": imo_number, "vessel_type": vessel_type, "note": note}
    return _add(Vessel, by=by, circle=circle, values=values)


def change_vessel(
    vessel: Vessel, *, by: Any, version: int, is_opening_agreed: bool = False, **changes: Any
) -> dict[str, tuple[Any, Any]]:
    """Change a vessel; a number given to a restricted one opens it, which must be agreed to.

    Raises:
        WouldBeOpen: it would become visible to every member and `is_opening_agreed` is false.
        AlreadyRegistered, StaleVersion, ValidationError, NotAllowed, NotVisible.
    """
    return _change(vessel, by=by, version=version, changes=changes, is_opening_agreed=is_opening_agreed)


# Organisations ----------------------------------------------------------------------------------------------------
def add_organisation(
    *,
    by: Any,
    circle: Circle,
    name: str,
    kind: str,
    country: str = "",
    imo_company_number: str | None = None,
    note: str = "",
) -> Organisation:
    """Add an organisation: open to all where it has an IMO company number.

    Raises:
        AlreadyRegistered, ValidationError, NotAllowed: as for a vessel.
    """
    values = {"name": name, "kind": kind, "country": country, "imo_company_number": imo_company_number, "note": note}
    return _add(Organisation, by=by, circle=circle, values=values)


def change_organisation(
    organisation: Organisation, *, by: Any, version: int, is_opening_agreed: bool = False, **changes: Any
) -> dict[str, tuple[Any, Any]]:
    """Change an organisation, by the rules of `change_vessel`."""
    return _change(organisation, by=by, version=version, changes=changes, is_opening_agreed=is_opening_agreed)


# People -----------------------------------------------------------------------------------------------------------
def add_person(
    *,
    by: Any,
    circle: Circle,
    name: str,
    public_role: str = "",
    organisation: Organisation | None = None,
    country: str = "",
    note: str = "",
) -> Person:
    """Add somebody with a public role that matters to a case.

    Raises:
        Refused: the organisation is restricted to fewer people than this record.
        ValidationError, NotAllowed, NotVisible.
    """
    values = {"name": name, "public_role": public_role, "organisation": organisation, "country": country, "note": note}
    return _add(Person, by=by, circle=circle, values=values)


def change_person(person: Person, *, by: Any, version: int, **changes: Any) -> dict[str, tuple[Any, Any]]:
    """Change a person; what they belong to must be visible to everybody who sees them."""
    return _change(person, by=by, version=version, changes=changes)


# Places -----------------------------------------------------------------------------------------------------------
def add_place(
    *,
    by: Any,
    circle: Circle,
    name: str,
    kind: str,
    country: str = "",
    unlocode: str | None = None,
    parent: Place | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    precision_m: int | None = None,
    note: str = "",
) -> Place:
    """Add a place: open to all where it has a UN/LOCODE. Places without a code are normal.

    Raises:
        AlreadyRegistered: a place has this code.
        Refused: the parent is restricted to fewer people than this record.
        ValidationError, NotAllowed, NotVisible.
    """
    values = {
        "name": name,
        "kind": kind,
        "country": country,
        "unlocode": unlocode,
        "parent": parent,
        "latitude": latitude,
        "longitude": longitude,
        "precision_m": precision_m,
        "note": note,
    }
    return _add(Place, by=by, circle=circle, values=values)


def change_place(
    place: Place, *, by: Any, version: int, is_opening_agreed: bool = False, **changes: Any
) -> dict[str, tuple[Any, Any]]:
    """Change a place, by the rules of `change_vessel`; a place never lies within itself."""
    return _change(place, by=by, version=version, changes=changes, is_opening_agreed=is_opening_agreed)


def add_place_name(place: Place, *, by: Any, name: str, language: str = "") -> PlaceName:
    """Add another name of a place; whoever sees the place sees it.

    Raises:
        Refused: the place has this name already.
    """
    values = _cleaned(PlaceName, {"name": name, "language": language})
    with audit.unit():
        require(by, Act.EDIT, place)
        if values["name"] == place.name or place.other_names.filter(name=values["name"]).exists():
            raise Refused(_("This place has that name already."), field="name")
        return add_record(PlaceName(place=place, **values), by=by)


def change_place_name(place_name: PlaceName, *, by: Any, version: int, **changes: Any) -> dict[str, tuple[Any, Any]]:
    """Change the spelling or language of another name."""
    return change_record(place_name, by=by, version=version, changes=_cleaned(PlaceName, changes))


def add_ports(ports: Iterable[Port]) -> tuple[int, int]:
    """Add the ports of the gazetteer whose code the registry does not hold, and return how many, and of how many names.

    What somebody recorded under a code stays as it is, also where it was voided: a second time nothing happens. It is
    the installation's act, like every anchor with a code open to every member.
    """
    with audit.unit():
        # Not through visible_to: what bears a code is open to every member.
        held = set(Place._base_manager.filter(unlocode__isnull=False).values_list("unlocode", flat=True))
        new = {port.unlocode: port for port in ports if port.unlocode not in held}
        places = Place.objects.bulk_create([_place_of(port) for port in new.values()], batch_size=500)
        names = PlaceName.objects.bulk_create(
            [
                PlaceName(place=place, name=name, language=language)
                for place in places
                for name, language in new[str(place.unlocode)].other_names
            ],
            batch_size=500,
        )
        for record in [*places, *names]:
            changes = {name: (None, value) for name, value in snapshot(record).items() if value not in (None, "")}
            audit.record(by=None, act="added", kind=record._meta.label_lower, record_id=record.pk, changes=changes)
    return len(places), len(names)


def _place_of(port: Port) -> Place:
    has_point = port.latitude is not None
    return Place(
        name=port.name,
        kind=PlaceKind.PORT,
        country=port.country,
        unlocode=port.unlocode,
        latitude=port.latitude,
        longitude=port.longitude,
        precision_m=PRECISION_M if has_point else None,
        visibility=Visibility.OPEN,
    )


# How they do it ---------------------------------------------------------------------------------------------------
def _add(model: type[Any], *, by: Any, circle: Circle, values: dict[str, Any]) -> Any:
    cleaned = _cleaned(model, values)
    with audit.unit():
        if cleaned.get(NUMBERS.get(model, "")):
            circle = Circle.everyone()
        require_circle(by, circle)
        _check_number(model, cleaned)
        _check_names(by, circle, cleaned)
        return add_record(model(**cleaned), by=by, circle=circle)


def _change(
    record: Any, *, by: Any, version: int, changes: Mapping[str, Any], is_opening_agreed: bool = False
) -> dict[str, tuple[Any, Any]]:
    cleaned = _cleaned(type(record), changes, record=record)
    with audit.unit():
        require(by, Act.EDIT, record)
        _check_number(type(record), cleaned, other_than=record)
        is_opening = bool(cleaned.get(NUMBERS.get(type(record), ""))) and record.visibility != Visibility.OPEN
        if is_opening and not is_opening_agreed:
            raise WouldBeOpen(record)
        circle = Circle.everyone() if is_opening else Circle.of(record)
        _check_names(by, circle, cleaned if not is_opening else {**_named_now(record), **cleaned})
        if is_opening:
            cleaned["visibility"] = Visibility.OPEN
        _refuse_own_ancestor(record, cleaned.get("parent"))
        return _save(record, by=by, version=version, changes=cleaned)


def _save(record: Any, *, by: Any, version: int, changes: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    try:
        changed = change_record(record, by=by, version=version, changes=changes)
    except ValidationError:
        # Somebody took the number between our look and our write: say it as if we had seen it.
        _check_number(type(record), changes, other_than=record)
        raise
    if "visibility" in changed:
        # After the event, whose readers stay those of the circle it left: others learn nothing of that circle.
        record.compartments.clear()
    return changed


def _cleaned(model: type[Any], values: Mapping[str, Any], *, record: Any = None) -> dict[str, Any]:
    cleaned = dict(values)
    for name, value in values.items():
        try:
            cleaned[name] = _clean_value(name, value)
        except (UnsafeText, InvalidIdentifier) as error:
            raise ValidationError({name: str(error.reason)}) from error
    if model is Place:
        _check_point(cleaned, record)
    return cleaned


def _clean_value(name: str, value: Any) -> Any:
    if name in READERS:
        return READERS[name](value) if value else None
    if name == "country":
        return _country(value)
    if isinstance(value, str):
        return clean_line(value) if name in LINES else clean_text(value)
    return value


def _country(code: str) -> str:
    code = (code or "").strip().upper()
    if code and code not in COUNTRY_NAMES:
        raise ValidationError({"country": _("There is no country with the code “%(code)s”.") % {"code": code[:20]}})
    return code


def _check_point(values: Mapping[str, Any], record: Place | None) -> None:
    latitude, longitude = (values.get(name, getattr(record, name, None)) for name in ("latitude", "longitude"))
    if (latitude is None) != (longitude is None):
        missing = "longitude" if longitude is None else "latitude"
        raise ValidationError({missing: _("A point needs both: latitude and longitude.")})
    if latitude is None:
        return
    if not (math.isfinite(latitude) and -90 <= latitude <= 90):
        raise ValidationError(
            {"latitude": _("A latitude lies between -90 and 90 degrees; radios send 91 where they have none.")}
        )
    if not (math.isfinite(longitude) and -180 <= longitude <= 180):
        raise ValidationError(
            {"longitude": _("A longitude lies between -180 and 180 degrees; radios send 181 where they have none.")}
        )


def _check_number(model: type[Any], values: Mapping[str, Any], *, other_than: Any = None) -> None:
    field = NUMBERS.get(model, "")
    number = values.get(field)
    if not number:
        return
    # Not through visible_to: what bears a number is open to every member, so this tells of nothing hidden.
    rows = model._base_manager.filter(**{field: number})
    existing = (rows.exclude(pk=other_than.pk) if other_than else rows).first()
    if existing:
        raise AlreadyRegistered(existing, field=field)


def _check_names(by: Any, circle: Circle, values: Mapping[str, Any]) -> None:
    targets = list(_targets(values))
    for target in targets:
        require(by, Act.READ, target)
    require_covered(circle, targets)


def _targets(values: Mapping[str, Any]) -> Iterable[Restricted]:
    return (value for value in values.values() if isinstance(value, Restricted))


def _named_now(record: Any) -> dict[str, Any]:
    return {"parent": record.parent} if isinstance(record, Place) else {}


def _refuse_own_ancestor(place: Any, parent: Place | None) -> None:
    step, seen = parent, 0
    while step is not None:
        if step.pk == place.pk or seen > LONGEST_CHAIN:
            raise ValidationError({"parent": _("A place cannot lie within itself.")})
        step, seen = step.parent, seen + 1
