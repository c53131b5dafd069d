"""Ships that may be taken for another one: numbered next to it, built alike, or called alike in any script."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from casefiles.access.rules import Visibility
from casefiles.core.folding import fold
from casefiles.particulars.models import Dimension, NameUse, Quantity, VesselRole, VesselRoleKind
from casefiles.registry.models import Verdict, Vessel, VesselType
from casefiles.registry.selectors import Judged
from casefiles.sanctions.likeness import AlikeNames
from casefiles.sanctions.matching import NAMES_FROM, SHORT, plain

# The first six digits of an IMO number are a count; ships of one order often follow each other.
NUMBERED_WITHIN = 2
SHOWN_AT_MOST = 50
NAMES_AT_MOST = 50_000
TONNAGES = (Quantity.GROSS_TONNAGE, Quantity.GROSS_REGISTER_TONNAGE, Quantity.DEADWEIGHT)


@dataclass(frozen=True)
class LookAlike:
    """A ship, and in words why it may be taken for the one asked about, the strongest reason first."""

    vessel: Vessel
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class LookAlikes:
    """`total` counts those left out too; `compared` says with how many names the ship's own were, `is_partly` that the
    registry holds more."""

    shown: tuple[LookAlike, ...]
    total: int
    compared: int
    is_partly: bool


@dataclass(frozen=True)
class _Reason:
    """`weight` puts reasons, and the ships that have them, in order."""

    vessel_id: uuid.UUID
    weight: int
    text: str


def look_alikes_of(vessel: Vessel, user: Any, *, judged: Iterable[Judged] = ()) -> LookAlikes:
    """Return the ships that may be taken for one, as far as `user` may see; nine queries, whatever is found.

    Each is a suggestion with its reasons. Whether two are one ship is for a person to judge; what was `judged` the same
    or different is suggested no more.
    """
    settled = {one.other.pk for one in judged if one.verdict != Verdict.UNSURE}
    names, is_partly = _names(user)
    others = {key: texts for key, texts in names.items() if key != vessel.pk}
    own = set(names.get(vessel.pk, ())) | _own_names(vessel, user)
    reasons = [*_numbered_next(vessel, user), *_built_alike(vessel, user), *_called_alike(own, others)]
    by_vessel: dict[uuid.UUID, dict[str, int]] = {}
    for reason in reasons:
        by_vessel.setdefault(reason.vessel_id, {}).setdefault(reason.text, reason.weight)
    for key in settled:
        by_vessel.pop(key, None)
    ranked = sorted(by_vessel, key=lambda key: (-sum(by_vessel[key].values()), str(key)))
    vessels = Vessel.objects.visible_to(user).in_bulk(ranked[:SHOWN_AT_MOST])
    return LookAlikes(
        shown=tuple(
            LookAlike(vessels[key], tuple(sorted(by_vessel[key], key=lambda text: -by_vessel[key][text])))
            for key in ranked[:SHOWN_AT_MOST]
            if key in vessels
        ),
        total=len(ranked),
        compared=len(others),
        is_partly=is_partly,
    )


def _numbered_next(vessel: Vessel, user: Any) -> Iterator[_Reason]:
    if not vessel.imo_number:
        return
    count = int(vessel.imo_number[:6])
    near = [f"{count + step:06d}" for step in range(-NUMBERED_WITHIN, NUMBERED_WITHIN + 1) if step]
    condition = Q(pk__in=[])
    for prefix in near:
        condition |= Q(imo_number__startswith=prefix)
    rows = Vessel.objects.visible_to(user).current().filter(condition)
    for key, number in rows.values_list("pk", "imo_number"):
        apart = abs(int(number[:6]) - count)
        text = _("IMO %(number)s is %(apart)d from IMO %(own)s in its first six digits") % {
            "number": number,
            "apart": apart,
            "own": vessel.imo_number,
        }
        yield _Reason(key, 60 - 10 * apart, text)


def _built_alike(vessel: Vessel, user: Any) -> Iterator[_Reason]:
    """Yield ships of the same builder and type, and of the same tonnage."""
    visible = Vessel.objects.visible_to(user).current().exclude(pk=vessel.pk)
    roles = VesselRole.objects.visible_to(user).current().filter(role=VesselRoleKind.BUILDER)
    builders = roles.filter(vessel=vessel).values("organisation")
    if vessel.vessel_type != VesselType.UNKNOWN:
        alike = roles.filter(organisation__in=builders, vessel__in=visible.filter(vessel_type=vessel.vessel_type))
        for key, builder in alike.values_list("vessel_id", "organisation__name")[: 10 * SHOWN_AT_MOST]:
            kind = str(vessel.get_vessel_type_display())
            yield _Reason(key, 30, _("built by %(builder)s too, %(type)s too") % {"builder": builder, "type": kind})
    sizes = Dimension.objects.visible_to(user).current().filter(quantity__in=TONNAGES)
    measured = list(sizes.filter(vessel=vessel).values_list("quantity", "value"))
    condition = Q(pk__in=[])
    for quantity, value in measured:
        condition |= Q(quantity=quantity, value=value)
    for size in sizes.filter(condition, vessel__in=visible)[: 10 * SHOWN_AT_MOST]:
        words = {"quantity": size.get_quantity_display(), "value": size.value_text}
        yield _Reason(size.vessel_id, 25, _("the same %(quantity)s, %(value)s") % words)


def _names(user: Any) -> tuple[dict[uuid.UUID, list[str]], bool]:
    """Return the folded names of the ships that `user` may see, up to a limit, and whether there are more."""
    rows = Vessel.objects.visible_to(user).current().order_by("display_name_key", "pk")
    found: dict[uuid.UUID, list[str]] = {}
    for key, name, others in rows.values_list("pk", "display_name_key", "open_names_key")[: NAMES_AT_MOST + 1]:
        found[key] = [name, *filter(None, others.split("\n"))]
    is_partly = len(found) > NAMES_AT_MOST
    if is_partly:
        found.popitem()
    # What only some may know a ship by.
    secret = NameUse.objects.visible_to(user).current().exclude(assertion__visibility=Visibility.OPEN)
    for key, name in secret.filter(vessel__isnull=False).values_list("vessel_id", "name"):
        if key in found:
            found[key].append(fold(name))
    return found, is_partly


def _own_names(vessel: Vessel, user: Any) -> set[str]:
    names = NameUse.objects.visible_to(user).current().filter(vessel=vessel).values_list("name", flat=True)
    return {fold(name) for name in (vessel.display_name, *names)}


def _called_alike(own: Iterable[str], others: dict[uuid.UUID, list[str]]) -> Iterator[_Reason]:
    called: dict[str, list[tuple[uuid.UUID, str]]] = {}
    for key, names in others.items():
        for name in names:
            called.setdefault(plain(name), []).append((key, name))
    called.pop("", None)
    alike = AlikeNames(called)
    for asked in sorted(own):
        letters = plain(asked)
        if not letters:
            continue
        for found, score in alike.of(letters, least=100 if len(letters) <= SHORT else NAMES_FROM):
            for vessel_id, name in called[found]:
                yield _Reason(vessel_id, score // 2, _why_called(asked, name, score))


def _why_called(asked: str, name: str, score: int) -> str:
    words = {"own": asked, "name": name, "score": score}
    if asked == name:
        return _("the same name, “%(name)s”") % words
    if score == 100:
        return _("“%(name)s” and “%(own)s” are one name in other letters") % words
    return _("“%(name)s” and “%(own)s” are %(score)d %% alike") % words
