"""Looking at tracks by stored thresholds, and deciding about what was found.

A run suggests and never decides. A later run takes over what was decided about the same event, and leaves the earlier
run and its decisions as they are.
"""

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, require, require_circle, require_covered
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.basemap import coastline_file
from casefiles.core.cleaning import cleaned
from casefiles.core.coastline import land
from casefiles.core.moments import parse_moment
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.citations import cite
from casefiles.evidence.models import Item
from casefiles.evidence.vocabulary import Basis, LocatorKind
from casefiles.registry.models import Place, Vessel
from casefiles.registry.selectors import group_of
from casefiles.voyages.actions.calls import add_port_call
from casefiles.voyages.detecting.elsewhere import apart, elsewhere
from casefiles.voyages.detecting.encounters import encounters
from casefiles.voyages.detecting.gaps import GAP, gaps
from casefiles.voyages.detecting.harbours import Harbour
from casefiles.voyages.detecting.jumps import jumps
from casefiles.voyages.detecting.loitering import loitering
from casefiles.voyages.detecting.port_visits import PORT_VISIT, port_visits
from casefiles.voyages.detecting.shores import Shore
from casefiles.voyages.detecting.thresholds import Thresholds
from casefiles.voyages.detecting.tracks import Found, Track
from casefiles.voyages.models import (
    Activity,
    Coverage,
    CoverageStatement,
    Decision,
    DetectionRun,
    PositionImport,
    TrackEvent,
    TrackEventKind,
)
from casefiles.voyages.selectors.coverage import Heard, Silence, heard_in
from casefiles.voyages.selectors.tracks import (
    Radio,
    TooManyPositions,
    harbours_for,
    imports_for,
    radios_of,
    sightings_of,
    track_of,
)

MOST_FIXES = 300_000
MOST_EVENTS = 1_000


@dataclass(frozen=True)
class _Suggestion:
    """What was found in one track, or between the records of a vessel."""

    found: Found
    track: Track
    other: Track | None = None
    port_calls: tuple[Any, ...] = ()
    heard: Heard | None = None


def run_detection(
    *,
    by: Any,
    circle: Circle,
    vessel: Vessel | None = None,
    mmsi: str = "",
    others: Sequence[str] = (),
    since: datetime.datetime | None = None,
    until: datetime.datetime | None = None,
    thresholds: Thresholds | None = None,
    most: int = MOST_FIXES,
) -> DetectionRun:
    """Look at the tracks of a vessel's radios, or of one radio, and keep what is found as suggestions for a circle.

    `others` are radios that the ship may have met. Vessels that were judged to be this one, as far as every reader of
    the circle may know it, are looked at with it.

    Raises:
        NotAllowed: the person may not add to that circle.
        Refused: neither a vessel nor a radio, a vessel without a dated MMSI, or more positions than one look takes.
    """
    said = thresholds or Thresholds()
    window = tuple(None if moment is None else int(moment.timestamp()) for moment in (since, until))
    require_circle(by, circle)
    require_covered(circle, [vessel])
    ships = group_of(vessel, by, circle=circle).answered if vessel is not None else ()
    radios = [radio.within(*window) for radio in _radios(ships, mmsi, by, circle)]
    imports = imports_for(by, circle)
    try:
        tracks = [track_of([radio], imports, by, most=most) for radio in radios]
        met = [track_of([Radio(other, *window)], imports, by, most=most) for other in others]
    except TooManyPositions as error:
        text = _("There are more than %(most)s positions: choose a narrower time.")
        raise Refused(text % {"most": f"{most:,}"}, field="since") from error
    together = _together(tracks) if len(tracks) > 1 else None
    harbours = harbours_for(by, circle)
    suggestions = [
        *_of_tracks(tracks, met, harbours, said, until_s=window[1]),
        *([] if together is None else (_Suggestion(found, together) for found in jumps(together, said))),
        *(_of_records(ships, together or tracks[0], by, circle, said) if ships else ()),
    ]
    run = DetectionRun(
        vessel=vessel,
        radios=[{"mmsi": one.mmsi, "from_s": one.from_s, "until_s": one.until_s} for one in radios],
        others=list(others),
        since_at=since,
        until_at=until,
        thresholds=said.as_json(),
        imports=[str(one.pk) for one in imports],
        positions=sum(map(len, tracks)),
        counts=dict(Counter(one.found.kind for one in suggestions)),
    )
    suggestions = sorted(suggestions, key=lambda one: one.found.start_s)[:MOST_EVENTS]
    suggestions = _listened(suggestions, radios, imports, by, said.coverage_within_nm)
    return _kept(run, suggestions, imports, by=by, circle=circle)


def _radios(ships: Sequence[Vessel], mmsi: str, by: Any, circle: Circle) -> list[Radio]:
    if mmsi:
        return [Radio(mmsi)]
    if not ships:
        raise Refused(_("Choose a vessel, or give an MMSI."), field="vessel")
    radios = radios_of(*ships, user=by, circle=circle)
    if not radios:
        text = _("No dated MMSI ties a radio to this vessel: record one on its page, or give an MMSI.")
        raise Refused(text, field="vessel")
    return radios


def _together(tracks: Sequence[Track]) -> Track:
    """Return the fixes of one vessel's radios as one track: it cannot be at two places either."""
    rows = sorted(
        (track.epoch_s[index], *track.point(index), None, track.import_number[index], track.row[index])
        for track in tracks
        for index in range(len(track))
    )
    return Track("", rows)


def _of_tracks(
    tracks: Sequence[Track], met: Sequence[Track], harbours: list[Harbour], said: Thresholds, *, until_s: int | None
) -> Iterator[_Suggestion]:
    shore = _shore(coastline_file())
    for track in tracks:
        found = [*gaps(track, said, until_s=until_s), *port_visits(track, harbours, said)]
        found += [*loitering(track, shore, said), *jumps(track, said)]
        yield from (_Suggestion(one, track) for one in found)
        for other in met:
            yield from (_Suggestion(one, track, other) for one in encounters(track, other, harbours, said))
    for first, second in combinations(tracks, 2):
        yield from (_Suggestion(one, first, second) for one in encounters(first, second, harbours, said))


@lru_cache(maxsize=1)
def _shore(path: Path) -> Shore:
    return Shore(land(path))


def _of_records(
    ships: Sequence[Vessel], track: Track, by: Any, circle: Circle, said: Thresholds
) -> Iterator[_Suggestion]:
    sightings = sightings_of(*ships, user=by, circle=circle)
    for found in elsewhere(track, sightings, said):
        yield _Suggestion(found, track, port_calls=(found.place,))
    for first, second, found in apart(sightings, said):
        yield _Suggestion(found, track, port_calls=(first.key, second.key))


def _listened(
    suggestions: list[_Suggestion], radios: Sequence[Radio], imports: list[PositionImport], by: Any, within_nm: float
) -> list[_Suggestion]:
    """Say of each gap who else was received meanwhile, so that it never reads as if the ship had hidden by itself."""
    gaps_found = [one for one in suggestions if one.found.kind == GAP]
    silences = [Silence(one.found.start_s, one.found.end_s, one.found.start, one.found.end) for one in gaps_found]
    own = [radio.mmsi for radio in radios]
    heard = heard_in(silences, imports, by, not_from=own, within_nm=within_nm) if silences else []
    told = {id(one): said for one, said in zip(gaps_found, heard, strict=True)}
    return [replace(one, heard=told.get(id(one))) for one in suggestions]


def _kept(
    run: DetectionRun, suggestions: list[_Suggestion], imports: list[PositionImport], *, by: Any, circle: Circle
) -> DetectionRun:
    keys = {one.number: str(one.pk) for one in imports}
    with audit.unit():
        saved: DetectionRun = add_record(run, by=by, circle=circle)
        decided = _decided_before(saved, circle, by)
        TrackEvent.objects.bulk_create(
            [_taking_over(_event(saved, one, keys, by), decided) for one in suggestions], batch_size=200
        )
    return saved


def _event(run: DetectionRun, one: _Suggestion, keys: dict[int, str], by: Any) -> TrackEvent:
    found = one.found
    cites = [_cited(one.track, fix, keys) for fix in found.cites]
    if one.other is not None:
        cites += [_cited(one.other, fix, keys) for fix in found.other_cites]
    return TrackEvent(
        run=run,
        created_by=by,
        kind=found.kind,
        mmsi=one.track.mmsi,
        other_mmsi=found.other_mmsi,
        start_at=_at(found.start_s),
        end_at=_at(found.end_s),
        latitude=found.start[0],
        longitude=found.start[1],
        end_latitude=found.end[0],
        end_longitude=found.end[1],
        place_id=found.place if found.kind == PORT_VISIT else None,
        values={**found.values, **_counted(one)},
        coverage=Coverage.YES if one.heard and one.heard.is_covered else Coverage.UNKNOWN,
        cites=cites,
        port_calls=[str(key) for key in one.port_calls],
    )


def _counted(one: _Suggestion) -> dict[str, int | None]:
    if one.found.kind != GAP:
        return {}
    heard = one.heard
    return {
        "others_before": heard.near_before if heard else None,
        "others_after": heard.near_after if heard else None,
    }


def _cited(track: Track, fix: int, keys: dict[int, str]) -> dict[str, Any]:
    latitude, longitude = track.point(fix)
    return {
        "import": keys[track.import_number[fix]],
        "row": track.row[fix],
        "at": _at(track.epoch_s[fix]).isoformat(),
        "latitude": latitude,
        "longitude": longitude,
    }


def _at(epoch_s: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(epoch_s, tz=datetime.UTC)


def _decided_before(run: DetectionRun, circle: Circle, by: Any) -> list[TrackEvent]:
    """Return what earlier runs for the same readers found of the same radios, where somebody decided, newest first.

    What somebody stated about its coverage counts as well.
    """
    wanted = set(circle.compartment_ids)
    runs = DetectionRun.objects.visible_to(by).current().filter(visibility=circle.visibility).exclude(pk=run.pk)
    same = [one.pk for one in runs.prefetch_related("compartments") if {c.pk for c in one.compartments.all()} == wanted]
    events = TrackEvent.objects.filter(run__in=same, mmsi__in=["", *(radio["mmsi"] for radio in run.radios)])
    stated = CoverageStatement.objects.current().filter(event=OuterRef("pk"))
    known = events.filter(~Q(decision=Decision.SUGGESTED) | Exists(stated))
    return list(known.order_by(F("decided_at").desc(nulls_last=True), "pk"))


def _taking_over(event: TrackEvent, decided: list[TrackEvent]) -> TrackEvent:
    before = next((one for one in decided if _is_same(event, one)), None)
    if before is not None:
        for name in ("decision", "reason", "decided_by_id", "decided_at", "port_call_id"):
            setattr(event, name, getattr(before, name))
        event.decided_in = before.decided_in or before
    return event


def _is_same(event: TrackEvent, before: TrackEvent) -> bool:
    """Say whether two runs found the same: the same kind and radios, and most of the shorter one's time shared."""
    names = ("kind", "mmsi", "other_mmsi", "port_calls")
    if any(getattr(event, name) != getattr(before, name) for name in names):
        return False
    shared = min(event.end_at, before.end_at) - max(event.start_at, before.start_at)
    shorter = min(event.end_at - event.start_at, before.end_at - before.start_at)
    return shared >= datetime.timedelta() and shared * 2 >= shorter


def accept_event(
    event: TrackEvent,
    *,
    by: Any,
    version: int,
    reason: str = "",
    vessels: Sequence[Vessel] = (),
    place: Place | None = None,
    activity: str = Activity.UNKNOWN,
) -> TrackEvent:
    """Accept a suggestion: a port visit as a port call that cites its rows, anything else as an event.

    Raises:
        Refused: a port visit without a vessel or place.
        StaleVersion: somebody else decided first.
    """
    values = cleaned(TrackEvent, {"reason": reason})
    with audit.unit():
        require(by, Act.EDIT, event)
        if event.kind == TrackEventKind.PORT_VISIT:
            values["port_call"] = _port_call(event, by=by, vessels=vessels, place=place, activity=activity)
        _decide(event, by=by, version=version, decision=Decision.ACCEPTED, values=values)
    return event


def reject_event(event: TrackEvent, *, by: Any, version: int, reason: str) -> TrackEvent:
    """Say that a suggestion is none, and why. It stays, and later runs know it.

    Raises:
        Refused: no reason; or it was accepted as a port call, which is voided first.
        StaleVersion: somebody else decided first.
    """
    if not reason.strip():
        raise Refused(_("Say why: the reason stays, and later runs show it."), field="reason")
    if event.port_call is not None and not event.port_call.is_voided:
        raise Refused(_("A port call was made of it: void that one first."), field="reason")
    values = {**cleaned(TrackEvent, {"reason": reason}), "port_call": None}
    with audit.unit():
        _decide(event, by=by, version=version, decision=Decision.REJECTED, values=values)
    return event


def _decide(event: TrackEvent, *, by: Any, version: int, decision: Decision, values: dict[str, Any]) -> None:
    changes = {**values, "decision": decision, "decided_by": by, "decided_at": timezone.now()}
    change_record(event, by=by, version=version, changes=changes, act=decision.value)


def _port_call(event: TrackEvent, *, by: Any, vessels: Sequence[Vessel], place: Place | None, activity: str) -> Any:
    candidates = list(vessels) or ([event.run.vessel] if event.run.vessel else [])
    if not candidates:
        raise Refused(_("Say which vessel it was, or which ones it may have been."), field="vessels")
    where = place or event.place
    if where is None:
        raise Refused(_("Say at which place it was."), field="place")
    has_left = bool(event.values.get("has_left"))
    call = add_port_call(
        by=by,
        circle=Circle.of(event.run),
        place=where,
        vessels=candidates,
        arrived=parse_moment(f"{event.start_at:%Y-%m-%dT%H:%M:%SZ}"),
        departed=parse_moment(f"{event.end_at:%Y-%m-%dT%H:%M:%SZ}") if has_left else None,
        activity=activity,
        basis=Basis.SELF_REPORTED,
        note=_("From the first to the last position within the port, by a detection run."),
    )
    for item, rows in _rows_by_item(event, by).items():
        cite(call, by=by, item=item, locator_kind=LocatorKind.ROWS, locator=f"rows {min(rows)}-{max(rows)}")
    return call


def _rows_by_item(event: TrackEvent, by: Any) -> dict[Item, list[int]]:
    imports = PositionImport.objects.visible_to(by).select_related("item")
    items = {str(one.pk): one.item for one in imports.filter(pk__in=[cited["import"] for cited in event.cites])}
    found: dict[Item, list[int]] = {}
    for cited in event.cites:
        if item := items.get(cited["import"]):
            found.setdefault(item, []).append(cited["row"])
    return found
