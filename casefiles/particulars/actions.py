"""Recording dated, sourced values about anchors. A second value never deletes the first."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import change_record, require, require_covered, restore_record, void_record
from casefiles.access.circles import Circle
from casefiles.access.rules import Act, Visibility
from casefiles.audit import actions as audit
from casefiles.core.countries import COUNTRY_NAMES
from casefiles.core.folding import UnsafeText, clean_line, clean_text
from casefiles.core.identifiers import InvalidIdentifier, parse_call_sign, parse_mmsi
from casefiles.core.moments import Period
from casefiles.core.versions import save_changes
from casefiles.evidence.actions.assertions import assert_record
from casefiles.evidence.actions.citations import cite
from casefiles.evidence.vocabulary import Basis
from casefiles.particulars.models import (
    AboutKind,
    AddressUse,
    DeceptivePractice,
    Dimension,
    FlagPeriod,
    IdentifierScheme,
    IdentifierUse,
    NameKind,
    NameUse,
    Particular,
    Quantity,
    VesselRole,
)
from casefiles.particulars.names import name_in_force, names_key
from casefiles.particulars.postal import address_key
from casefiles.registry.models import Organisation, Person, Vessel

LINES = frozenset({"name", "value", "language", "address"})
OF_VESSELS_ONLY = frozenset({IdentifierScheme.MMSI, IdentifierScheme.CALL_SIGN, IdentifierScheme.IMO_SHOWN})
UNKNOWN_PERIOD = Period(start=None)
FIRST_YEAR_BUILT, LAST_YEAR_BUILT = 1800, 2100


def add_name_use(
    *,
    by: Any,
    circle: Circle,
    name: str,
    vessel: Vessel | None = None,
    organisation: Organisation | None = None,
    person: Person | None = None,
    kind: str = NameKind.NAME,
    language: str = "",
    period: Period = UNKNOWN_PERIOD,
    basis: str = Basis.DOCUMENT,
    note: str = "",
) -> NameUse:
    """Record that one vessel, organisation or person used a name; an open one may become a vessel's shown name.

    Raises:
        ValidationError: a value does not hold, or it is not about exactly one thing.
        Refused, NotAllowed, NotVisible.
    """
    use = NameUse(vessel=vessel, organisation=organisation, person=person, name=name, kind=kind, language=language)
    with audit.unit():
        _assert(use, by=by, circle=circle, period=period, basis=basis, note=note)
        _refresh_names(use, by=by)
    return use


def add_flag_period(
    *,
    by: Any,
    circle: Circle,
    vessel: Vessel,
    country: str,
    period: Period = UNKNOWN_PERIOD,
    basis: str = Basis.DOCUMENT,
    note: str = "",
) -> FlagPeriod:
    """Record under which State's flag a vessel sailed; `country` is an ISO 3166 alpha-2 code.

    Raises:
        ValidationError, Refused, NotAllowed, NotVisible.
    """
    flag = FlagPeriod(vessel=vessel, country=country)
    return _assert(flag, by=by, circle=circle, period=period, basis=basis, note=note)


def add_identifier_use(
    *,
    by: Any,
    circle: Circle,
    scheme: str,
    value: str,
    vessel: Vessel | None = None,
    organisation: Organisation | None = None,
    period: Period = UNKNOWN_PERIOD,
    basis: str = Basis.DOCUMENT,
    note: str = "",
) -> IdentifierUse:
    """Record a number or sign in use. An IMO number seen on a hull is kept as seen, and never becomes its number.

    Raises:
        ValidationError: no MMSI of a ship, no call sign, or not about exactly one thing.
        Refused, NotAllowed, NotVisible.
    """
    use = IdentifierUse(vessel=vessel, organisation=organisation, scheme=scheme, value=value)
    return _assert(use, by=by, circle=circle, period=period, basis=basis, note=note)


def add_address_use(
    *,
    by: Any,
    circle: Circle,
    organisation: Organisation,
    address: str,
    period: Period = UNKNOWN_PERIOD,
    basis: str = Basis.DOCUMENT,
    note: str = "",
) -> AddressUse:
    """Record where an organisation had its address; line ends become spaces.

    Raises:
        ValidationError: it holds neither a letter nor a number.
        Refused, NotAllowed, NotVisible.
    """
    use = AddressUse(organisation=organisation, address=address)
    return _assert(use, by=by, circle=circle, period=period, basis=basis, note=note)


def add_vessel_role(
    *,
    by: Any,
    circle: Circle,
    vessel: Vessel,
    organisation: Organisation,
    role: str,
    period: Period = UNKNOWN_PERIOD,
    basis: str = Basis.DOCUMENT,
    note: str = "",
) -> VesselRole:
    """Record what an organisation was to a vessel.

    Raises:
        ValidationError, Refused, NotAllowed, NotVisible.
    """
    part = VesselRole(vessel=vessel, organisation=organisation, role=role)
    return _assert(part, by=by, circle=circle, period=period, basis=basis, note=note)


def add_dimension(
    *,
    by: Any,
    circle: Circle,
    vessel: Vessel,
    quantity: str,
    value: Decimal,
    error: Decimal | None = None,
    period: Period = UNKNOWN_PERIOD,
    basis: str = Basis.DOCUMENT,
    note: str = "",
) -> Dimension:
    """Record a measure in the unit of its quantity (`models.UNITS`), with its error where one is stated.

    Raises:
        ValidationError, Refused, NotAllowed, NotVisible.
    """
    size = Dimension(vessel=vessel, quantity=quantity, value=value, error=error)
    return _assert(size, by=by, circle=circle, period=period, basis=basis, note=note)


def add_practice(
    *,
    by: Any,
    circle: Circle,
    vessel: Vessel,
    practice: str,
    about: Any = None,
    period: Period = UNKNOWN_PERIOD,
    basis: str = Basis.DOCUMENT,
    note: str = "",
) -> DeceptivePractice:
    """Record that a vessel is said to have done one of the seven; `about` is the movement in which it is seen.

    Raises:
        Refused: the vessel or the movement is restricted to fewer people than this record.
        ValidationError: there is no such practice, or `about` is none of `AboutKind`.
        NotAllowed, NotVisible.
    """
    tag = DeceptivePractice(vessel=vessel, practice=practice)
    if about is not None:
        tag.about_kind, tag.about_id = _about(about), about.pk
    with audit.unit():
        if about is not None:
            require(by, Act.READ, about)
            # A track event is seen by those who see its run.
            require_covered(circle, [getattr(about, "run", about)])
        return _assert(tag, by=by, circle=circle, period=period, basis=basis, note=note)


def _about(record: Any) -> str:
    label: str = record._meta.label_lower
    if label not in AboutKind.values:
        raise ValidationError(_("A practice is seen in a port call, a voyage or a track event."))
    return label


def add_with_source(
    add: Callable[..., Particular], *, by: Any, source: Mapping[str, Any] | None = None, **values: Any
) -> Particular:
    """Record a value by one of the actions above, and cite `source` for it (as `citations.cite` takes it), or neither.

    Raises:
        ValidationError, Refused, NotAllowed, NotVisible.
    """
    with audit.unit():
        record = add(by=by, **values)
        if source:
            cite(record, by=by, **source)
    return record


def change_particular(record: Particular, *, by: Any, version: int, **changes: Any) -> dict[str, tuple[Any, Any]]:
    """Correct a recorded value; what really changed over time is a second value, not a change of the first.

    Raises:
        StaleVersion, ValidationError, Refused, NotAllowed, NotVisible.
    """
    with audit.unit():
        require(by, Act.EDIT, record)
        together = {name: getattr(record, name) for name in ("scheme", "quantity", "value") if hasattr(record, name)}
        wanted = {*changes, "address_key"} if "address" in changes else set(changes)
        cleaned = {name: value for name, value in _cleaned({**together, **changes}).items() if name in wanted}
        _check_organisation(record, by=by, organisation=changes.get("organisation"))
        changed = change_record(record, by=by, version=version, changes=cleaned)
        _refresh_names(record, by=by)
    return changed


def void_particular(record: Particular, *, by: Any, reason: str, version: int | None = None) -> None:
    """Withdraw a value with a reason; a name withdrawn stops being the vessel's shown name.

    Raises:
        Refused, NotAllowed, NotVisible.
    """
    with audit.unit():
        void_record(record, by=by, reason=reason, version=version)
        _refresh_names(record, by=by)


def restore_particular(record: Particular, *, by: Any, reason: str = "") -> None:
    """Take back the withdrawal of a value."""
    with audit.unit():
        restore_record(record, by=by, reason=reason)
        _refresh_names(record, by=by)


# How they do it ---------------------------------------------------------------------------------------------------
def _assert(record: Any, *, by: Any, circle: Circle, period: Period, basis: str, note: str) -> Any:
    record.period, record.basis, record.note = period, basis, note
    names = [getattr(record, name, None) for name in ("vessel", "organisation", "person")]
    named = [target for target in names if target is not None]
    if record.subject is None or (len(named) > 1 and not isinstance(record, VesselRole)):
        raise ValidationError(_("This is about exactly one vessel, organisation or person."))
    _clean_columns(record)
    with audit.unit():
        for target in named:
            require(by, Act.READ, target)
        return assert_record(record, by=by, circle=circle, names=named)


def _clean_columns(record: Any) -> None:
    columns = ("name", "language", "country", "scheme", "value", "quantity", "error", "address", "note")
    given = {name: getattr(record, name) for name in columns if hasattr(record, name)}
    for name, value in _cleaned(given).items():
        setattr(record, name, value)
    if isinstance(record, IdentifierUse) and record.organisation is not None and record.scheme in OF_VESSELS_ONLY:
        raise ValidationError({"scheme": _("Only a vessel has such a number.")})


def _check_organisation(record: Any, *, by: Any, organisation: Organisation | None) -> None:
    if organisation is not None:
        require(by, Act.READ, organisation)
        require_covered(Circle.of(record.assertion), [organisation])


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = dict(values)
    for name, value in values.items():
        if isinstance(value, str):
            cleaned[name] = _clean_text(name, value)
    if "country" in cleaned:
        cleaned["country"] = _country(cleaned["country"])
    if "address" in cleaned:
        cleaned["address_key"] = _address_key(cleaned["address"])
    if "scheme" in cleaned and "value" in cleaned:
        cleaned["value"] = _identifier(cleaned["scheme"], cleaned["value"])
    if "quantity" in cleaned and "value" in cleaned:
        cleaned["value"] = _measure(cleaned["value"], field="value")
        cleaned["error"] = _measure(cleaned["error"], field="error") if cleaned.get("error") is not None else None
        _check_measure(cleaned)
    return cleaned


def _clean_text(name: str, value: str) -> str:
    try:
        return clean_line(value) if name in LINES else clean_text(value)
    except UnsafeText as error:
        raise ValidationError({name: str(error.reason)}) from error


def _address_key(address: str) -> str:
    key = address_key(address)[:500]
    if not key:
        raise ValidationError({"address": _("Write the address as the source has it.")})
    return key


def _country(code: str) -> str:
    code = code.strip().upper()
    if code not in COUNTRY_NAMES:
        raise ValidationError({"country": _("There is no country with the code “%(code)s”.") % {"code": code[:20]}})
    return code


def _identifier(scheme: str, value: str) -> str:
    try:
        if scheme == IdentifierScheme.MMSI:
            return _mmsi_of_a_ship(value)
        if scheme == IdentifierScheme.CALL_SIGN:
            return parse_call_sign(value)
    except InvalidIdentifier as error:
        raise ValidationError({"value": str(error.reason)}) from error
    return value


def _mmsi_of_a_ship(value: str) -> str:
    mmsi = parse_mmsi(value)
    if not mmsi.is_ship:
        raise InvalidIdentifier(value, mmsi.remark)
    return mmsi.value


def _measure(value: Any, *, field: str) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise ValidationError({field: _("This is not a number.")}) from error
    if not number.is_finite():
        raise ValidationError({field: _("This is not a number.")})
    return number


def _check_measure(values: Mapping[str, Any]) -> None:
    value, error = values["value"], values["error"]
    if value <= 0:
        raise ValidationError({"value": _("A measure is greater than zero.")})
    if error is not None and error < 0:
        raise ValidationError({"error": _("An error is zero or more.")})
    is_year = values["quantity"] == Quantity.YEAR_BUILT
    if is_year and (value != int(value) or not FIRST_YEAR_BUILT <= value <= LAST_YEAR_BUILT):
        raise ValidationError({"value": _("A year is a whole number such as 1998.")})


def _refresh_names(record: Any, *, by: Any) -> None:
    """Write what a vessel is called and found by from its open names; a secret name never shows."""
    if not isinstance(record, NameUse) or record.vessel_id is None:
        return
    vessel = Vessel.objects.locked(record.vessel_id)
    uses = list(
        NameUse.objects.filter(
            vessel=vessel, assertion__visibility=Visibility.OPEN, assertion__voided_at__isnull=True
        ).order_by("name_key", "pk")
    )
    _write_display_name(vessel, [use for use in uses if use.kind == NameKind.NAME], by=by)
    Vessel.objects.filter(pk=vessel.pk).update(open_names_key=names_key(use.name for use in uses))
    record.vessel.refresh_from_db(  # type: ignore[union-attr]
        fields=["display_name", "display_name_key", "open_names_key", "version"]
    )


def _write_display_name(vessel: Vessel, uses: list[NameUse], *, by: Any) -> None:
    name = name_in_force(uses, timezone.now().date())
    if name is None:
        return
    changed = save_changes(vessel, version=vessel.version, changes={"display_name": name})
    if changed:
        audit.record(
            by=by,
            act="renamed",
            kind=vessel._meta.label_lower,
            record_id=vessel.pk,
            changes=changed,
            note=_("The name in force among its open names."),
        )
