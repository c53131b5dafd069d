"""Every change to port calls, their candidates, and voyages."""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import change_record, require_covered
from casefiles.access.circles import Circle
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.fields import expanded
from casefiles.core.moments import Certainty, Moment, precedes
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.assertions import assert_record
from casefiles.evidence.vocabulary import Basis
from casefiles.registry.models import Place, Vessel
from casefiles.voyages.models import Activity, Candidate, PortCall, Voyage

DATES = ("arrived", "departed", "seen")


def add_port_call(
    *,
    by: Any,
    circle: Circle,
    place: Place,
    vessels: Sequence[Vessel],
    arrived: Moment | None = None,
    departed: Moment | None = None,
    seen: Moment | None = None,
    activity: str = Activity.UNKNOWN,
    basis: str = Basis.DOCUMENT,
    note: str = "",
) -> PortCall:
    """Record a ship at a place; several vessels are candidates for one ship that could not be told apart.

    Raises:
        NotAllowed: the person may not add to that circle.
        Refused: no candidate, dates that contradict each other, or a vessel or place that some readers may not see.
        ValidationError: a field does not hold.
    """
    values = cleaned(PortCall, {"activity": activity, "basis": basis, "note": note})
    port_call = PortCall(place=place, **values)
    port_call.arrived, port_call.departed, port_call.seen = arrived, departed, seen
    port_call.when_key = _when_key(port_call)
    _refuse_contradicting_dates(port_call)
    candidates = _distinct(vessels)
    with audit.unit():
        saved: PortCall = assert_record(port_call, by=by, circle=circle, names=[place, *candidates])
        Candidate.objects.bulk_create(Candidate(port_call=saved, vessel=vessel) for vessel in candidates)
        _record_candidates(saved, by=by, old=None, new=_keys(candidates))
    return saved


def change_port_call(
    port_call: PortCall, *, by: Any, version: int, vessels: Sequence[Vessel] | None = None, **changes: Any
) -> PortCall:
    """Change any field of `add_port_call` but the circle; `vessels` replaces the candidates.

    Raises:
        Refused, ValidationError: as for adding; or a voyage relies on a candidate that would go.
        StaleVersion: somebody else changed it first.
    """
    changes = cleaned(PortCall, changes)
    trial = _changed(port_call, changes)
    _refuse_contradicting_dates(trial)
    require_covered(Circle.of(port_call.assertion), [changes.get("place"), *(vessels or [])])
    with audit.unit():
        before = _candidate_keys(port_call)
        after = before if vessels is None else _keys(_distinct(vessels))
        beside = {"candidates": (before, after)} if after != before else {}
        columns = {**changes, "when_key": _when_key(trial)}
        change_record(port_call, by=by, version=version, changes=columns, beside=beside)
        if beside:
            _replace_candidates(port_call, _distinct(vessels or []))
    return port_call


def add_voyage(
    *,
    by: Any,
    circle: Circle,
    vessel: Vessel,
    departure: PortCall | None = None,
    arrival: PortCall | None = None,
    sailed: Moment | None = None,
    cargo: str = "",
    basis: str = Basis.DOCUMENT,
    note: str = "",
) -> Voyage:
    """Record that a vessel went from one port call to another; one of the two may be unknown.

    Raises:
        NotAllowed: the person may not add to that circle.
        Refused: neither end is known, the vessel is not a candidate of a port call, it arrived before it departed, or a
            port call is restricted to fewer people.
        ValidationError: a field does not hold.
    """
    values = cleaned(Voyage, {"cargo": cargo, "basis": basis, "note": note})
    voyage = Voyage(vessel=vessel, departure=departure, arrival=arrival, **values)
    voyage.sailed = sailed
    _check_voyage(voyage)
    names = [vessel, departure, arrival]
    return assert_record(voyage, by=by, circle=circle, names=names)


def change_voyage(voyage: Voyage, *, by: Any, version: int, **changes: Any) -> Voyage:
    """Change any field of `add_voyage` but the circle.

    Raises:
        Refused, ValidationError: as for adding.
        StaleVersion: somebody else changed it first.
    """
    changes = cleaned(Voyage, changes)
    trial = Voyage(**{field.attname: getattr(voyage, field.attname) for field in voyage._meta.concrete_fields})
    for name, value in changes.items():
        setattr(trial, name, value)
    _check_voyage(trial)
    named = [changes.get(name) for name in ("vessel", "departure", "arrival")]
    require_covered(Circle.of(voyage.assertion), named)
    change_record(voyage, by=by, version=version, changes=changes)
    return voyage


def _changed(port_call: PortCall, changes: dict[str, Any]) -> PortCall:
    fields = port_call._meta.concrete_fields
    trial = PortCall(**{field.attname: getattr(port_call, field.attname) for field in fields})
    for name, value in changes.items():
        setattr(trial, name, value)
    return trial


def _when_key(port_call: PortCall) -> str:
    """Return the earliest day that any of the three dates allows, for lists; empty where there is no date."""
    columns = expanded(PortCall, {name: getattr(port_call, name) for name in DATES})
    return min((key for name in DATES if (key := columns[f"{name}_key"])), default="")


def _refuse_contradicting_dates(port_call: PortCall) -> None:
    orders = (("arrived", "departed"), ("arrived", "seen"), ("seen", "departed"))
    for first, second in orders:
        if _is_reversed(getattr(port_call, first), getattr(port_call, second)):
            raise Refused(
                _("“%(second)s” is before “%(first)s”. Check both dates.")
                % {"first": _label(first), "second": _label(second)},
                field=second,
            )


def _label(name: str) -> str:
    return str(getattr(PortCall, name).verbose_name)


def _is_reversed(earlier: Moment | None, later: Moment | None) -> bool:
    return bool(earlier and later and precedes(later, earlier) is Certainty.CERTAIN)


def _distinct(vessels: Iterable[Vessel]) -> list[Vessel]:
    found = list({vessel.pk: vessel for vessel in vessels}.values())
    if not found:
        raise Refused(_("Name at least one vessel that this may have been."), field="vessels")
    return found


def _keys(vessels: Iterable[Vessel]) -> list[str]:
    return sorted(str(vessel.pk) for vessel in vessels)


def _candidate_keys(port_call: PortCall) -> list[str]:
    return sorted(str(pk) for pk in port_call.candidates.values_list("vessel_id", flat=True))


def _record_candidates(port_call: PortCall, *, by: Any, old: list[str] | None, new: list[str]) -> None:
    audit.record(
        by=by,
        act="candidates named",
        kind=port_call._meta.label_lower,
        record_id=port_call.pk,
        compartments=port_call.assertion.compartments.values_list("pk", flat=True),
        changes={"candidates": (old, new)},
    )


def _replace_candidates(port_call: PortCall, vessels: list[Vessel]) -> None:
    """Keep the rows of the vessels that stay, with their notes."""
    kept = {vessel.pk for vessel in vessels}
    _refuse_leaving_a_voyage_without_its_vessel(port_call, kept)
    held = set(port_call.candidates.values_list("vessel_id", flat=True))
    port_call.candidates.exclude(vessel_id__in=kept).delete()
    Candidate.objects.bulk_create(
        Candidate(port_call=port_call, vessel=vessel) for vessel in vessels if vessel.pk not in held
    )


def _refuse_leaving_a_voyage_without_its_vessel(port_call: PortCall, kept: set[Any]) -> None:
    for voyages in (port_call.voyages_from, port_call.voyages_to):
        voyage = voyages.current().exclude(vessel_id__in=kept).select_related("vessel").first()
        if voyage:
            raise Refused(
                _("A voyage of “%(vessel)s” relies on this port call. Change or void the voyage first.")
                % {"vessel": voyage.vessel},
                field="vessels",
            )


def _check_voyage(voyage: Voyage) -> None:
    ends = {name: call for name in ("departure", "arrival") if (call := getattr(voyage, name))}
    if not ends:
        raise Refused(_("Give the port call it left from, or the one it arrived at."), field="departure")
    for name, call in ends.items():
        if not call.candidates.filter(vessel_id=voyage.vessel_id).exists():
            raise Refused(
                _("“%(vessel)s” is not a candidate of this port call.") % {"vessel": voyage.vessel}, field=name
            )
    if len(ends) > 1:
        _refuse_arrival_before_departure(ends["departure"], ends["arrival"])


def _refuse_arrival_before_departure(departure: PortCall, arrival: PortCall) -> None:
    """Every date of the call it left from must be able to come before every date of the call it arrived at."""
    if departure.pk == arrival.pk:
        raise Refused(_("A voyage joins two port calls. Choose another one."), field="arrival")
    pairs = product((getattr(departure, name) for name in DATES), (getattr(arrival, name) for name in DATES))
    if any(_is_reversed(left, reached) for left, reached in pairs):
        raise Refused(_("It would arrive before it departed. Check the dates of both port calls."), field="arrival")
