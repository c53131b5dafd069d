"""What is recorded about an anchor, for a page: values with their sources, lanes, and where they disagree.

Two queries for any number of values: the values with what they name, and their citations; a third where an organisation
among them is restricted. Before them, which anchors were judged to be this one (`registry.selectors.groups`): the
values of all of them are one file, each with the anchor that it was recorded of.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.rules import Visibility
from casefiles.core.addresses import record_address
from casefiles.core.countries import country_name
from casefiles.core.folding import fold
from casefiles.core.moments import Certainty, Moment, Period, covers, overlap
from casefiles.evidence.models import Assertion, Citation
from casefiles.evidence.selectors import citations_by_assertion
from casefiles.evidence.vocabulary import Basis
from casefiles.particulars.conflicts import Claimed, Conflict, conflicts
from casefiles.particulars.lanes import Picture, Span, draw
from casefiles.particulars.models import (
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
    VesselRoleKind,
)
from casefiles.registry.models import Organisation, Person, Vessel
from casefiles.registry.selectors import AnchorGroup, group_of

MODELS: dict[str, type[Particular]] = {
    model._meta.label_lower: model
    for model in (NameUse, FlagPeriod, IdentifierUse, AddressUse, VesselRole, DeceptivePractice, Dimension)
}
# Several at once are normal for these, so two of them never disagree.
MANY_AT_ONCE = frozenset(
    {
        *(f"name:{kind}" for kind in NameKind.values if kind != NameKind.NAME),
        f"role:{VesselRoleKind.LINKED}",
        f"role:{VesselRoleKind.INSURER}",
        f"identifier:{IdentifierScheme.LIST_ID}",
        f"identifier:{IdentifierScheme.REGISTRATION}",
        f"identifier:{IdentifierScheme.TAX}",
        "address",
        "practice",
    }
)
LANE_ORDER = (
    f"name:{NameKind.NAME}",
    "flag",
    f"identifier:{IdentifierScheme.MMSI}",
    f"identifier:{IdentifierScheme.CALL_SIGN}",
    *(f"role:{role}" for role in VesselRoleKind.values),
    f"identifier:{IdentifierScheme.IMO_SHOWN}",
    *(f"name:{kind}" for kind in NameKind.values if kind != NameKind.NAME),
    *(f"identifier:{scheme}" for scheme in IdentifierScheme.values),
    "address",
    "practice",
    *(f"dimension:{quantity}" for quantity in Quantity.values),
)
LANE_RANK = {lane: rank for rank, lane in reversed(list(enumerate(LANE_ORDER)))}


@dataclass(frozen=True)
class Value:
    """One recorded value with everything that a reader needs to judge it."""

    pk: uuid.UUID
    lane: str
    label: str
    text: str
    key: str
    target_url: str
    period: Period
    basis: str
    basis_label: str
    note: str
    citations: tuple[Citation, ...]
    entered_by: str
    entered_at: datetime
    is_restricted: bool
    is_voided: bool
    certainty: Certainty
    record: Any
    # The anchor that it was recorded of, where that was judged to be the same as the one asked about.
    origin: Any = None

    @property
    def is_self_reported(self) -> bool:
        return self.basis == Basis.SELF_REPORTED

    @property
    def is_undated(self) -> bool:
        return not self.period.start and self.period.end_kind == "unknown"

    @property
    def is_possible_only(self) -> bool:
        """Whether its dates leave open that it holds on the day asked for."""
        return self.certainty is Certainty.POSSIBLE

    @property
    def title(self) -> str:
        """Return the value in one sentence, as a picture's tooltip says it."""
        sources = _("%(count)d sources") % {"count": len(self.citations)} if self.citations else _("no source")
        said = f"{self.label}: {self.text}, {self.period.describe()}. {self.basis_label}, {sources}."
        return f"{said} {_('Recorded of %(anchor)s.') % {'anchor': self.origin}}" if self.origin else said


@dataclass(frozen=True)
class InForce:
    """What holds on the day of the page: one line of the card of particulars."""

    label: str
    values: tuple[Value, ...]

    @property
    def is_disputed(self) -> bool:
        lane = self.values[0].lane
        return lane not in MANY_AT_ONCE and len({value.key for value in self.values}) > 1


@dataclass(frozen=True)
class AnchorFile:
    """Everything recorded about an anchor that one reader may see, for a day or for all time."""

    anchor: Any
    group: AnchorGroup | None
    as_at: Moment | None
    values: tuple[Value, ...]
    picture: Picture | None
    conflicts: tuple[Conflict[Value], ...]
    in_force: tuple[InForce, ...]

    def holding(self, lane: str) -> list[Value]:
        """Return the values of one lane that hold on the day, each text once."""
        found = next((line.values for line in self.in_force if line.values[0].lane == lane), ())
        return list({value.key: value for value in found}.values())


def vessel_file(
    vessel: Vessel, user: Any, as_at: Moment | None = None, *, group: AnchorGroup | None = None
) -> AnchorFile:
    """Return a vessel's file: names, flags, numbers, roles and measures that `user` may see.

    With `as_at` (a day, a month, any moment) only what holds then, or may, is in it. `group` are the vessels judged to
    be this one, where the caller has asked already.
    """
    models = (NameUse, FlagPeriod, IdentifierUse, VesselRole, DeceptivePractice, Dimension)
    group = group or group_of(vessel, user)
    return _file(vessel, user, as_at, ids=_ids(models, vessel__in=group.keys), group=group)


def organisation_file(
    organisation: Organisation, user: Any, as_at: Moment | None = None, *, group: AnchorGroup | None = None
) -> AnchorFile:
    """Return an organisation's names, numbers and addresses that `user` may see."""
    group = group or group_of(organisation, user)
    ids = _ids((NameUse, IdentifierUse, AddressUse), organisation__in=group.keys)
    return _file(organisation, user, as_at, ids=ids, group=group)


def person_file(
    person: Person, user: Any, as_at: Moment | None = None, *, group: AnchorGroup | None = None
) -> AnchorFile:
    """Return a person's names that `user` may see."""
    group = group or group_of(person, user)
    return _file(person, user, as_at, ids=_ids((NameUse,), person__in=group.keys), group=group)


def roles_of_organisation(*organisations: Organisation, user: Any) -> QuerySet[VesselRole]:
    """Return what an organisation was to which vessels, newest first, in one query.

    Of several organisations that were judged to be one, the roles of all.
    """
    roles = VesselRole.objects.visible_to(user).current().anchored()
    visible = Vessel.objects.visible_to(user).values("pk")
    roles = roles.filter(organisation__in=organisations, vessel__in=visible).select_related("vessel", "organisation")
    return roles.order_by("-period_start_key", "pk")


def at_same_addresses(
    organisations: Collection[Organisation], user: Any, *, same: Collection[Organisation] = ()
) -> list[tuple[AddressUse, AddressUse]]:
    """Return each address of some organisations beside that of another one whose words are the same; two queries.

    They make no pair with each other, nor with those judged to be the `same`. A value or organisation that the reader
    may not see makes none.
    """
    uses = AddressUse.objects.visible_to(user).current().select_related("assertion", "organisation")
    own = list(uses.filter(organisation__in=organisations).order_by("period_start_key", "pk"))
    visible = Organisation.objects.visible_to(user).values("pk")
    others = uses.filter(address_key__in={use.address_key for use in own}, organisation__in=visible)
    found = others.exclude(organisation__in=[*organisations, *same]).order_by(
        "organisation__name_key", "period_start_key", "pk"
    )
    return [(use, other) for other in found for use in own if use.address_key == other.address_key]


def practices_in(about: Any, user: Any) -> list[DeceptivePractice]:
    """Return the practices that are said to be seen in a port call, voyage or track event, in one query."""
    rows = (
        DeceptivePractice.objects.visible_to(user)
        .current()
        .filter(about_kind=about._meta.label_lower, about_id=about.pk)
    )
    return list(rows.select_related("vessel").order_by("practice", "pk"))


def particular_of(assertion: Assertion) -> Particular | None:
    """Return the dated value anchored to an assertion, or None where it is of another kind; one query."""
    model = MODELS.get(assertion.kind)
    if model is None:
        return None
    relations = [field.name for field in model._meta.concrete_fields if field.many_to_one]
    return model.objects.select_related("assertion", "assertion__created_by", *relations).get(pk=assertion.pk)


def value_of(record: Particular, user: Any) -> Value:
    """Return one recorded value with its citations, for its own page."""
    organisations = _organisations([record], user)
    cited = citations_by_assertion([record.pk], user)
    return _value(record, organisations=organisations, cited=cited, as_at=None)


# How they do it ---------------------------------------------------------------------------------------------------
def _ids(models: Iterable[type[Particular]], **subject: Any) -> Any:
    """Return one subquery for the keys of all values about a subject: each table is asked by its own index."""
    first, *others = (model._base_manager.filter(**subject).values("pk") for model in models)
    return first.union(*others, all=True) if others else first


def _file(anchor: Any, user: Any, as_at: Moment | None, *, ids: Any, group: AnchorGroup | None = None) -> AnchorFile:
    today = timezone.now().date()
    everything = _values(ids, user, as_at=as_at, group=group)
    values = [value for value in everything if as_at is None or value.certainty is not Certainty.IMPOSSIBLE]
    standing = [value for value in values if not value.is_voided]
    now = [value for value in standing if covers(value.period, today) is not Certainty.IMPOSSIBLE]
    return AnchorFile(
        anchor=anchor,
        group=group,
        as_at=as_at,
        values=tuple(values),
        picture=_picture(standing, today=today, as_at=as_at),
        conflicts=tuple(conflicts(_claims(standing))),
        in_force=tuple(_in_force(standing if as_at else now)),
    )


def _values(ids: Any, user: Any, *, as_at: Moment | None, group: AnchorGroup | None) -> list[Value]:
    # One query: an assertion is joined to the one record that shares its key.
    paths = [*(label.replace(".", "_") for label in MODELS), "particulars_vesselrole__organisation"]
    anchors = Assertion.objects.visible_to(user).filter(pk__in=ids).select_related("created_by", *paths)
    records = [record for record in map(_record_of, anchors) if record is not None]
    organisations = _organisations(records, user)
    cited = citations_by_assertion([record.pk for record in records], user)
    values = [_value(record, organisations=organisations, cited=cited, as_at=as_at, group=group) for record in records]
    return sorted(values, key=lambda value: (value.is_voided, LANE_RANK.get(value.lane, 99), *_by_time(value)))


def _by_time(value: Value) -> tuple[str, str, str]:
    start = value.record.period_start_key or "9999"
    return start, value.text, str(value.pk)


def _record_of(assertion: Assertion) -> Any:
    return getattr(assertion, assertion.kind.replace(".", "_"), None)


def _organisations(records: Iterable[Any], user: Any) -> dict[uuid.UUID, str]:
    """Return the names of the organisations in roles; a restricted one only where `user` may see it."""
    named = {role.organisation for role in records if isinstance(role, VesselRole)}
    restricted = [one.pk for one in named if one.visibility != Visibility.OPEN]
    seen = Organisation.objects.visible_to(user).filter(pk__in=restricted) if restricted else ()
    return {found.pk: str(found) for found in (*(one for one in named if one.pk not in restricted), *seen)}


def _value(
    record: Any,
    *,
    organisations: dict[uuid.UUID, str],
    cited: Any,
    as_at: Moment | None,
    group: AnchorGroup | None = None,
) -> Value:
    lane, label, text = _described(record, organisations)
    assertion = record.assertion
    return Value(
        pk=record.pk,
        lane=lane,
        label=label,
        text=text,
        key=_key(record, text),
        target_url=_target_url(record, organisations),
        period=record.period,
        basis=record.basis,
        basis_label=str(record.get_basis_display()),
        note=record.note,
        citations=tuple(cited.get(record.pk, ())),
        entered_by=str(assertion.created_by or ""),
        entered_at=assertion.created_at,
        is_restricted=assertion.visibility != Visibility.OPEN,
        is_voided=assertion.is_voided,
        certainty=overlap(record.period, as_at) if as_at else Certainty.CERTAIN,
        record=record,
        origin=group.origin_of(getattr(record, f"{group.anchor._meta.model_name}_id")) if group else None,
    )


def _described(record: Any, organisations: dict[uuid.UUID, str]) -> tuple[str, str, str]:
    """Return a value's lane, the lane's label, and the value in words."""
    if isinstance(record, NameUse):
        return f"name:{record.kind}", str(record.get_kind_display()), record.name
    if isinstance(record, FlagPeriod):
        return "flag", _("flag"), country_name(record.country)
    if isinstance(record, IdentifierUse):
        return f"identifier:{record.scheme}", str(record.get_scheme_display()), record.value
    if isinstance(record, VesselRole):
        name = organisations.get(record.organisation_id) or _("not visible to you")
        return f"role:{record.role}", str(record.get_role_display()), name
    if isinstance(record, AddressUse):
        return "address", _("address"), record.address
    if isinstance(record, DeceptivePractice):
        return "practice", _("deceptive practice"), str(record.get_practice_display())
    return f"dimension:{record.quantity}", str(record.get_quantity_display()), record.value_text


def _key(record: Any, text: str) -> str:
    """Return what two values must share to be the same: a name in any spelling of its letters, an organisation's id."""
    if isinstance(record, VesselRole):
        return str(record.organisation_id)
    if isinstance(record, AddressUse):
        return record.address_key
    return record.country if isinstance(record, FlagPeriod) else fold(text)


def _target_url(record: Any, organisations: dict[uuid.UUID, str]) -> str:
    if not isinstance(record, VesselRole) or record.organisation_id not in organisations:
        return ""
    return record_address("workspace:organisation", record.organisation_id)


def _claims(values: Iterable[Value]) -> Iterable[Claimed[Value]]:
    for value in values:
        if value.lane in MANY_AT_ONCE:
            continue
        number, error = None, Decimal(0)
        if isinstance(value.record, Dimension):
            number, error = value.record.value, value.record.error or Decimal(0)
        yield Claimed(lane=value.lane, value=value.key, period=value.period, ref=value, number=number, error=error)


def _disputed(values: Iterable[Value]) -> set[uuid.UUID]:
    """Return the keys of values that certainly disagree with another; what a ship says of itself counts on no side."""
    found = conflicts(_claims(value for value in values if not value.is_self_reported))
    return {value.pk for conflict in found if conflict.is_certain for value in (*conflict.first, *conflict.second)}


def _picture(values: Sequence[Value], *, today: date, as_at: Moment | None) -> Picture | None:
    disputed = _disputed(values)
    by_lane: dict[str, list[Value]] = {}
    for value in values:
        if not value.lane.startswith("dimension:"):
            by_lane.setdefault(value.lane, []).append(value)
    lanes = [
        (_first_upper(group[0].label), [_span(value, is_disputed=value.pk in disputed) for value in group])
        for group in by_lane.values()
    ]
    return draw(lanes, today=today, as_at=as_at)


def _span(value: Value, *, is_disputed: bool) -> Span:
    return Span(
        label=value.text,
        period=value.period,
        title=f"{value.title} {_('Another value is recorded for the same time.')}" if is_disputed else value.title,
        url=record_address("particulars:particular", value.pk),
        is_self_reported=value.is_self_reported,
        is_disputed=is_disputed,
    )


def _in_force(values: Iterable[Value]) -> Iterable[InForce]:
    by_lane: dict[str, list[Value]] = {}
    for value in values:
        by_lane.setdefault(value.lane, []).append(value)
    for group in by_lane.values():
        yield InForce(label=_first_upper(group[0].label), values=tuple(group))


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
