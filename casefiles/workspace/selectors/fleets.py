"""The ships that an organisation had something to do with, and who else had."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.core.countries import country_name
from casefiles.core.moments import Certainty, Moment, covers, overlap
from casefiles.particulars.control import Drawing, Party, Ship, draw
from casefiles.particulars.models import AddressUse, FlagPeriod, VesselRole, VesselRoleKind
from casefiles.particulars.selectors import at_same_addresses, roles_of_organisation
from casefiles.registry.models import Organisation, Vessel
from casefiles.registry.selectors import AnchorGroup, group_of, groups_of
from casefiles.sanctions.in_force import Answer, in_force_during
from casefiles.sanctions.selectors import designations_of

# Of more roles the newest are shown, and that there are more is said.
ROLES_AT_MOST = 500
DRAWN_AT_MOST = 12
SHARED_AT_MOST = 20
NAMED_AT_MOST = 6
# The columns of the drawing, from who stands furthest behind a ship to the ship.
_COLUMNS = {
    VesselRoleKind.BENEFICIAL_OWNER: 0,
    VesselRoleKind.REGISTERED_OWNER: 1,
    VesselRoleKind.BAREBOAT_CHARTERER: 2,
    VesselRoleKind.OPERATOR: 2,
    VesselRoleKind.COMMERCIAL_MANAGER: 2,
    VesselRoleKind.TECHNICAL_MANAGER: 2,
    VesselRoleKind.ISM_MANAGER: 2,
    VesselRoleKind.LINKED: 2,
}


@dataclass(frozen=True)
class FleetRow:
    """One role of the organisation on one ship; `is_possible_only` where its dates leave open that it holds then.

    `origin` is the ship that the role was recorded of, where `vessel` stands for it.
    """

    role: VesselRole
    vessel: Vessel
    origin: Vessel | None
    flags: tuple[str, ...]
    designated_by: tuple[str, ...]
    is_possible_only: bool
    has_ended: bool


@dataclass(frozen=True)
class RoleGroup:
    """What an organisation is to some ships, in one word, and the ships by name."""

    label: str
    rows: tuple[FleetRow, ...]


@dataclass(frozen=True)
class SharedParty:
    """Another organisation on some of the same ships; `vessels` are the first of them, `count` says how many.

    Those that were judged to be the same are one, under the one that stands. So with addresses.
    """

    organisation: Organisation
    roles: tuple[str, ...]
    vessels: tuple[Vessel, ...]
    count: int


@dataclass(frozen=True)
class SharedAddress:
    """Another organisation at an address of this one, and whether both were there at one time, as far as dates tell."""

    own: AddressUse
    other: AddressUse
    together: Certainty
    organisation: Organisation

    @property
    def origin(self) -> Organisation | None:
        """The organisation that the address was recorded of, where another one stands for it."""
        return self.other.organisation if self.other.organisation_id != self.organisation.pk else None

    @property
    def are_certainly_together(self) -> bool:
        return self.together is Certainty.CERTAIN

    @property
    def were_never_together(self) -> bool:
        return self.together is Certainty.IMPOSSIBLE


@dataclass(frozen=True)
class Fleet:
    """`vessels_count` are ships, of which one may stand in several groups; `undrawn_count` are not in the drawing."""

    groups: tuple[RoleGroup, ...]
    vessels_count: int
    designated_count: int
    shared: tuple[SharedParty, ...]
    shared_count: int
    addresses: tuple[SharedAddress, ...]
    addresses_count: int
    drawing: Drawing | None
    undrawn_count: int
    is_capped: bool


def fleet_of(organisation: Organisation, user: Any, *, as_at: Moment | None = None) -> Fleet:
    """Return an organisation's ships by role, as far as `user` may see; with `as_at`, what held then or may have.

    Ships that were judged to be the same are one, under the one that stands, and so are organisations. Eleven queries
    for any number of ships.
    """
    group = group_of(organisation, user)
    firms = group.answered
    newest = list(roles_of_organisation(*firms, user=user)[: ROLES_AT_MOST + 1])
    roles = [role for role in newest[:ROLES_AT_MOST] if _holds(role, as_at)]
    ships = _Ships.of((role.vessel for role in roles), user)
    vessels = {ships.of_role(role).pk: ships.of_role(role) for role in roles}
    others = [role for role in _others(group.joined, ships, user) if _holds(role, as_at)]
    flags, listed = _flags(ships, user, as_at), _designated(ships, user, as_at)
    rows = [_row(role, ships, flags, listed, as_at) for role in roles]
    pairs = _address_pairs(group, user, as_at)
    standing = _standing(
        [*(role.organisation for role in others), *(other.organisation for _own, other in pairs)], user
    )
    shared = _shared(others, vessels, ships, standing)
    addresses = _addresses(pairs, standing)
    drawn = [key for key in dict.fromkeys(row.vessel.pk for row in _by_name(rows))]
    return Fleet(
        groups=tuple(_groups(rows)),
        vessels_count=len(vessels),
        designated_count=sum(bool(listed.get(key)) for key in vessels),
        shared=tuple(shared[:SHARED_AT_MOST]),
        shared_count=len(shared),
        addresses=tuple(addresses[:SHARED_AT_MOST]),
        addresses_count=len(addresses),
        drawing=_drawing(
            organisation, [vessels[key] for key in drawn[:DRAWN_AT_MOST]], [*roles, *others], ships, firms, standing
        ),
        undrawn_count=max(len(drawn) - DRAWN_AT_MOST, 0),
        is_capped=len(newest) > ROLES_AT_MOST,
    )


@dataclass(frozen=True)
class _Ships:
    """Ships with all that were judged to be the same, and which one stands for each, by key."""

    members: tuple[Vessel, ...]
    standing: dict[uuid.UUID, Vessel]

    @classmethod
    def of(cls, vessels: Iterable[Vessel], user: Any) -> "_Ships":
        pairs = [(one, group.standing) for group in groups_of(vessels, user).values() for one in group.joined]
        members = {one.pk: one for one, _standing in pairs}
        return cls(tuple(members.values()), {one.pk: standing for one, standing in pairs})

    def of_role(self, role: VesselRole) -> Vessel:
        return self.standing[role.vessel_id]


def _holds(role: Any, as_at: Moment | None) -> bool:
    return as_at is None or overlap(role.period, as_at) is not Certainty.IMPOSSIBLE


def _others(firms: Collection[Organisation], ships: _Ships, user: Any) -> list[VesselRole]:
    """Return what other organisations were to the same ships."""
    visible = Organisation.objects.visible_to(user).values("pk")
    rows = VesselRole.objects.visible_to(user).current().anchored().filter(vessel__in=ships.members)
    rows = rows.filter(organisation__in=visible).exclude(organisation__in=firms).select_related("organisation")
    return list(rows.order_by("-period_start_key", "pk"))


def _flags(ships: _Ships, user: Any, as_at: Moment | None) -> dict[uuid.UUID, tuple[str, ...]]:
    """Return the flags that each ship flew on the day, today where none is asked for; several where they disagree."""
    today = timezone.now().date()
    found: dict[uuid.UUID, dict[str, None]] = {}
    rows = FlagPeriod.objects.visible_to(user).current().filter(vessel__in=ships.members).select_related("assertion")
    for flag in rows.order_by("period_start_key", "pk"):
        certainty = overlap(flag.period, as_at) if as_at else covers(flag.period, today)
        if certainty is not Certainty.IMPOSSIBLE:
            found.setdefault(ships.standing[flag.vessel_id].pk, {})[country_name(flag.country)] = None
    return {key: tuple(names) for key, names in found.items()}


def _designated(ships: _Ships, user: Any, as_at: Moment | None) -> dict[uuid.UUID, tuple[str, ...]]:
    """Return by whom each ship itself was certainly designated on the day."""
    first, last = _days(as_at)
    found: dict[uuid.UUID, dict[str, None]] = {}
    for one in designations_of(ships.members, user=user):
        answer = in_force_during(
            first,
            last,
            in_force_from=one.in_force,
            ended=one.ended,
            end_kind=one.end_kind,
            announced=one.announced,
        )
        if answer is Answer.YES:
            ship = ships.standing[one.vessel_id]
            found.setdefault(ship.pk, {})[one.authority.short_name or str(one.authority)] = None
    return {key: tuple(names) for key, names in found.items()}


def _days(as_at: Moment | None) -> tuple[date, date]:
    today = timezone.now().date()
    if as_at is None:
        return today, today
    return as_at.earliest or as_at.latest or today, as_at.latest or as_at.earliest or today


def _row(
    role: VesselRole,
    ships: _Ships,
    flags: dict[uuid.UUID, tuple[str, ...]],
    listed: dict[uuid.UUID, tuple[str, ...]],
    as_at: Moment | None,
) -> FleetRow:
    certainty = overlap(role.period, as_at) if as_at else covers(role.period, timezone.now().date())
    ship = ships.of_role(role)
    return FleetRow(
        role=role,
        vessel=ship,
        origin=role.vessel if role.vessel_id != ship.pk else None,
        flags=flags.get(ship.pk, ()),
        designated_by=listed.get(ship.pk, ()),
        is_possible_only=as_at is not None and certainty is Certainty.POSSIBLE,
        has_ended=as_at is None and certainty is Certainty.IMPOSSIBLE,
    )


def _by_name(rows: Iterable[FleetRow]) -> list[FleetRow]:
    return sorted(rows, key=lambda row: (row.has_ended, row.vessel.display_name_key, str(row.vessel.pk)))


def _groups(rows: Sequence[FleetRow]) -> Iterable[RoleGroup]:
    for kind in VesselRoleKind:
        of_kind = [row for row in rows if row.role.role == kind]
        if of_kind:
            yield RoleGroup(str(kind.label), tuple(_by_name(of_kind)))


def _standing(organisations: Iterable[Organisation], user: Any) -> dict[uuid.UUID, Organisation]:
    """Return for each organisation the one whose page answers for it."""
    return {key: group.standing for key, group in groups_of(organisations, user).items()}


def _shared(
    others: Iterable[VesselRole],
    vessels: dict[uuid.UUID, Vessel],
    on: _Ships,
    standing: dict[uuid.UUID, Organisation],
) -> list[SharedParty]:
    """Return the organisations on the same ships, those on most of them first."""
    grouped: dict[uuid.UUID, list[VesselRole]] = {}
    for role in others:
        grouped.setdefault(standing[role.organisation_id].pk, []).append(role)
    found = []
    for roles in grouped.values():
        ships = sorted(
            {on.of_role(role).pk for role in roles}, key=lambda key: (vessels[key].display_name_key, str(key))
        )
        found.append(
            SharedParty(
                organisation=standing[roles[0].organisation_id],
                roles=tuple(dict.fromkeys(str(role.get_role_display()) for role in roles)),
                vessels=tuple(vessels[key] for key in ships[:NAMED_AT_MOST]),
                count=len(ships),
            )
        )
    return sorted(found, key=lambda one: (-one.count, one.organisation.name_key, str(one.organisation.pk)))


def _address_pairs(group: AnchorGroup, user: Any, as_at: Moment | None) -> list[tuple[AddressUse, AddressUse]]:
    pairs = at_same_addresses(group.answered, user, same=group.joined)
    return [pair for pair in pairs if all(_holds(use, as_at) for use in pair)]


def _addresses(
    pairs: Iterable[tuple[AddressUse, AddressUse]], standing: dict[uuid.UUID, Organisation]
) -> list[SharedAddress]:
    """Return who else is at an address of the organisation, those certainly there at one time first."""
    found = [
        SharedAddress(own, other, overlap(own.period, other.period), standing[other.organisation_id])
        for own, other in pairs
    ]
    ranks = {Certainty.CERTAIN: 0, Certainty.POSSIBLE: 1, Certainty.IMPOSSIBLE: 2}
    return sorted(found, key=lambda one: ranks[one.together])


def _drawing(
    here: Organisation,
    vessels: Sequence[Vessel],
    roles: Iterable[VesselRole],
    on: _Ships,
    firms: Collection[Organisation],
    standing: dict[uuid.UUID, Organisation],
) -> Drawing | None:
    # Of one ship each party stands once, where it is furthest behind.
    parties: dict[uuid.UUID, dict[uuid.UUID, Party]] = {vessel.pk: {} for vessel in vessels}
    for role in roles:
        column = _COLUMNS.get(VesselRoleKind(role.role))
        known = parties.get(on.of_role(role).pk)
        if column is None or known is None:
            continue
        one = here if role.organisation in firms else standing[role.organisation_id]
        if one.pk not in known or column < known[one.pk].column:
            known[one.pk] = Party(one.pk, str(one), one.get_absolute_url(), column, is_here=one.pk == here.pk)
    ships = [
        Ship(vessel.pk, str(vessel), vessel.get_absolute_url(), tuple(parties[vessel.pk].values()))
        for vessel in vessels
        if parties[vessel.pk]
    ]
    return draw(ships, [_("Beneficial owner"), _("Registered owner"), _("Manager, operator or linked"), _("Ship")])
