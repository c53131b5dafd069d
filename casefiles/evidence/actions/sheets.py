"""The sheet of an image and what is seen in it: added, changed, and filled from files one confirmed value at a time."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, compartments_of, refuse_voided, require, require_covered
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.moments import Certainty, NotUnderstood, parse_moment, precedes
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion
from casefiles.evidence.actions._input import only, require_readable, required
from casefiles.evidence.footprints import InvalidFootprint, checked
from casefiles.evidence.identification import Lack, Sighting, lacks
from casefiles.evidence.models import ImageObservation, ImageSheet, Item, Reading
from casefiles.evidence.proposals import Proposal, proposals
from casefiles.evidence.vocabulary import SeenLevel
from casefiles.registry.models import Vessel

MOMENTS = ("acquired", "delivered", "published")
FIELDS = frozenset(
    {
        "provider", "platform", "sensor", *MOMENTS, "gsd_m", "off_nadir_deg", "cloud_fraction", "sun_elevation_deg",
        "sun_azimuth_deg", "footprint", "scene_id", "stac_item",
    }
)  # fmt: skip
OBSERVED = frozenset(
    {
        "seen", "level", "matching_features", "differing_features", "look_alikes", "measured_m", "measured_error_m",
        "length_m",
    }
)  # fmt: skip


# --- The sheet ----------------------------------------------------------------------------------------------------


def add_sheet(item: Item, *, by: Any, note: str = "", **values: Any) -> ImageSheet:
    """Add the sheet of an image, with any of its fields.

    Raises:
        Refused: the item is voided; times, footprint or STAC file do not hold.
        ValidationError: a number does not hold, or the image has a sheet already.
    """
    only(values, FIELDS)
    with audit.unit():
        require(by, Act.EDIT, item)
        refuse_voided(item)
        sheet = _described(ImageSheet(item=item), _checked(item, values))
        _refuse_contradicting_times(sheet)
        added: ImageSheet = add_record(sheet, by=by, note=note)
    return added


def change_sheet(sheet: ImageSheet, *, by: Any, version: int, note: str = "", **changes: Any) -> ImageSheet:
    """Change fields of a sheet.

    Raises:
        Refused, ValidationError: as for adding.
        StaleVersion: somebody else changed it first.
    """
    only(changes, FIELDS)
    with audit.unit():
        require(by, Act.EDIT, sheet)
        refuse_voided(sheet.item)
        checks = _checked(sheet.item, changes)
        fields = {field.attname: getattr(sheet, field.attname) for field in sheet._meta.concrete_fields}
        _refuse_contradicting_times(_described(ImageSheet(**fields), checks))
        change_record(sheet, by=by, version=version, changes=checks, note=note)
    return sheet


def confirm_for_sheet(reading: Reading, *, by: Any, key: str, version: int) -> ImageSheet:
    """Enter one value that a file offers into the sheet of its image, which is begun where there is none (version 0).

    Raises:
        StaleVersion: somebody else changed or began the sheet first.
        Refused: the file offers no such value, or it cannot be read.
    """
    proposal = proposal_of(reading, key)
    values = {proposal.name: _as_field(proposal)}
    note = f"{reading.file.name or reading.file.sha256}: {proposal.where}"[:500]
    with audit.unit():
        require(by, Act.READ, reading)
        sheet = ImageSheet.objects.visible_to(by).current().filter(item=reading.item).first()
        if sheet is not None:
            return change_sheet(sheet, by=by, version=version, note=note, **values)
        if version:
            raise StaleVersion(ImageSheet(item=reading.item))
        return add_sheet(reading.item, by=by, note=note, **values)


def proposal_of(reading: Reading, key: str) -> Proposal:
    """Return what a reading offers under a key.

    Raises:
        Refused: nothing.
    """
    for proposal in proposals(reading.measured, reading.claims):
        if proposal.key == key:
            return proposal
    raise Refused(_("The file was read anew meanwhile. Look at what it says, and confirm again."))


def _as_field(proposal: Proposal) -> Any:
    if proposal.name not in MOMENTS:
        return proposal.value
    try:
        return parse_moment(proposal.value)
    except NotUnderstood as error:
        raise Refused(str(error)) from error


def _checked(item: Item, values: Mapping[str, Any]) -> dict[str, Any]:
    found = cleaned(ImageSheet, values)
    if found.get("footprint") is not None:
        found["footprint"] = _footprint(found["footprint"])
    file = found.get("stac_item")
    if file is not None and file.item_id != item.pk:
        raise Refused(_("The file of its STAC item is one of the image's own files."), field="stac_item")
    return found


def _footprint(value: Any) -> dict[str, Any]:
    try:
        return checked(value)
    except InvalidFootprint as refusal:
        raise Refused(refusal.reason, field="footprint") from refusal


def _described(sheet: ImageSheet, values: Mapping[str, Any]) -> ImageSheet:
    for name, value in values.items():
        setattr(sheet, name, value)
    return sheet


def _refuse_contradicting_times(sheet: ImageSheet) -> None:
    """Refuse an image that was delivered or published before it was taken, or published before it was delivered."""
    known = [(name, moment) for name in MOMENTS if (moment := getattr(sheet, name))]
    for (first, earlier), (second, later) in pairwise(known):
        if precedes(later, earlier) is Certainty.CERTAIN:
            labels = {name: str(getattr(ImageSheet, name).verbose_name) for name in (first, second)}
            raise Refused(
                _("“%(second)s” is before “%(first)s”. Check both dates.")
                % {"first": labels[first], "second": labels[second]},
                field=second,
            )


# --- Observations -------------------------------------------------------------------------------------------------


def add_observation(
    sheet: ImageSheet, *, by: Any, seen: str, look_alike_vessels: Sequence[Any] = (), **values: Any
) -> ImageObservation:
    """Record what somebody sees in an image.

    Raises:
        Refused: nothing is seen; it is called an identification without features that match, or without a look-alike
            that was considered; a vessel is restricted to fewer people than the image.
        ValidationError: a number does not hold.
    """
    only(values, OBSERVED)
    vessels = list(look_alike_vessels)
    with audit.unit():
        require(by, Act.EDIT, sheet)
        refuse_voided(sheet)
        refuse_voided(sheet.item)
        _require_named(sheet, vessels, by)
        observation = ImageObservation(sheet=sheet, **cleaned(ImageObservation, {"seen": _seen(seen), **values}))
        _refuse_unfounded(observation, len(vessels))
        added: ImageObservation = add_record(observation, by=by)
        if vessels:
            added.look_alike_vessels.set(vessels)
            _record_vessels(added, by=by, new=_keys(vessels))
    return added


def change_observation(
    observation: ImageObservation,
    *,
    by: Any,
    version: int,
    look_alike_vessels: Sequence[Any] | None = None,
    **changes: Any,
) -> ImageObservation:
    """Change an observation; `look_alike_vessels` replaces those that `by` may see.

    Raises:
        Refused, ValidationError: as for adding.
        StaleVersion: somebody else changed it first.
    """
    only(changes, OBSERVED)
    changes = cleaned(ImageObservation, changes)
    if "seen" in changes:
        _seen(changes["seen"])
    with audit.unit():
        require(by, Act.EDIT, observation)
        refuse_voided(observation.sheet)
        refuse_voided(observation.item)
        before = _keys(observation.look_alike_vessels.all())
        after = before if look_alike_vessels is None else _replaced(observation, look_alike_vessels, by)
        fields = {field.attname: getattr(observation, field.attname) for field in observation._meta.concrete_fields}
        _refuse_unfounded(ImageObservation(**{**fields, **changes}), len(after))
        beside = {"look_alike_vessels": (before, after)} if after != before else None
        change_record(observation, by=by, version=version, changes=changes, beside=beside)
        if beside:
            observation.look_alike_vessels.set(Vessel.objects.filter(pk__in=after))
    return observation


def _replaced(observation: ImageObservation, vessels: Sequence[Any], by: Any) -> list[str]:
    """Return the keys of the vessels given, and of those that the person cannot see and so cannot mean to drop."""
    _require_named(observation.sheet, vessels, by)
    visible = observation.look_alike_vessels.visible_to(by).values("pk")
    hidden = observation.look_alike_vessels.exclude(pk__in=visible)
    return sorted({*_keys(vessels), *_keys(hidden)})


def _require_named(sheet: ImageSheet, vessels: Sequence[Any], by: Any) -> None:
    require_readable(by, vessels)
    require_covered(Circle.of(sheet.item), vessels)


def _seen(text: str) -> str:
    return required(text, field="seen", message=_("Say what is seen."))


def _keys(vessels: Iterable[Any]) -> list[str]:
    return sorted({str(vessel.pk) for vessel in vessels})


def _refuse_unfounded(observation: ImageObservation, vessels: int) -> None:
    sighting = sighting_of(observation, look_alikes_count=vessels)
    for lack in lacks(sighting):
        if lack is Lack.NO_FEATURES:
            text = _("An identification needs the features that match. Name them, or choose “classify”.")
            raise Refused(text, field="matching_features")
        text = _("An identification needs at least one look-alike that was considered. Name it, or choose “classify”.")
        raise Refused(text, field="look_alikes")


def sighting_of(observation: ImageObservation, *, look_alikes_count: int, gsd_m: Decimal | None = None) -> Sighting:
    """Return an observation as the rules for identifications take it."""
    return Sighting(
        is_identified=observation.level == SeenLevel.IDENTIFY,
        matching_features=observation.matching_features,
        look_alikes=observation.look_alikes,
        look_alikes_count=look_alikes_count,
        length_m=_number(observation.length_m),
        gsd_m=_number(gsd_m),
        measured_m=_number(observation.measured_m),
        measured_error_m=_number(observation.measured_error_m),
    )


def _number(value: Decimal | None) -> float | None:
    return float(value) if value is not None else None


def _record_vessels(observation: ImageObservation, *, by: Any, new: list[str]) -> None:
    audit.record(
        by=by,
        act="look-alikes named",
        kind=observation._meta.label_lower,
        record_id=observation.pk,
        compartments=compartments_of(observation),
        changes={"look_alike_vessels": (None, new)},
    )
