"""The timeline of a case for the days, the subject and the standing that somebody asks for."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from casefiles.cases.models import Case, Claim
from casefiles.cases.selectors.standings import standings
from casefiles.cases.selectors.timeline import (
    CLAIMS,
    EVENTS,
    EVIDENCE,
    PRACTICES,
    STATEMENTS,
    Only,
    around,
    first_days,
    lane_labels,
    timeline_entries,
)
from casefiles.core.timeline import ENTRIES_AT_MOST, Entry, Timeline, draw
from casefiles.evidence.models import Citation
from casefiles.workspace.selectors.joins import EVIDENCE as EVIDENCE_KIND
from casefiles.workspace.selectors.joins import joins_of, key_of, split_key

# A lane of more entries within the days shown is drawn as columns: marks could not be told apart.
CROWD = 150
# Within so few days there is nothing that one could come closer to.
CLOSEST_DAYS = 2
ONE_DAY = timedelta(days=1)
SPEAKERS = {"person": "statement__speaker_id", "organisation": "statement__organisation_id"}


@dataclass(frozen=True)
class Asked:
    """`subject` is a key ("vessel:…"); nothing, or nothing chosen, leaves out nothing."""

    lanes: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    subject: str = ""
    standings: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Shown:
    """`entries` are drawn one by one, the earliest first; `crowds` says of the other lanes how many each has."""

    timeline: Timeline | None
    entries: tuple[Entry, ...]
    crowds: dict[str, int]


def timeline_of(
    case: Case,
    user: Any,
    asked: Asked,
    *,
    is_compact: bool = False,
    labelled_lanes: Collection[str] | None = None,
    at_most: int = ENTRIES_AT_MOST,
    crowd: int = CROWD,
) -> Shown:
    """Return the picture of a case's timeline, in a number of queries that does not depend on its length."""
    only = _only(case, user, asked)
    lanes = asked.lanes or tuple(key for key, _label in lane_labels())
    crowds = _crowds(case, user, only, lanes, crowd) if _days(asked) > CLOSEST_DAYS else {}
    entries = _entries(case, user, asked, only, [lane for lane in lanes if lane not in crowds])
    timeline = draw(
        entries,
        lanes=lane_labels(),
        today=timezone.now().date(),
        is_compact=is_compact,
        labelled_lanes=labelled_lanes,
        at_most=at_most,
        window=_window(asked, entries, crowds),
        crowds=crowds,
    )
    ordered = sorted(entries, key=lambda entry: entry.sort_key)
    return Shown(timeline, tuple(ordered), {lane: len(days) for lane, days in crowds.items()})


def all_entries(case: Case, user: Any, asked: Asked) -> list[Entry]:
    """Return everything within the days asked for, the earliest first: what a file holds."""
    lanes = asked.lanes or tuple(key for key, _label in lane_labels())
    found = _entries(case, user, asked, _only(case, user, asked), lanes)
    return sorted(found, key=lambda entry: entry.sort_key)


def _entries(case: Case, user: Any, asked: Asked, only: Only, lanes: Collection[str]) -> list[Entry]:
    if not lanes:
        return []
    found = None
    if set(lanes) - {EVIDENCE, STATEMENTS, CLAIMS}:
        subject = uuid.UUID(split_key(asked.subject)[1]) if asked.subject else None
        with_conduct = bool({EVENTS, PRACTICES} & set(lanes))
        found = around(case, user, with_conduct=with_conduct, subject=subject)
    return timeline_entries(case, user, found=found, lanes=lanes, only=only)


def _crowds(case: Case, user: Any, only: Only, lanes: Iterable[str], crowd: int) -> dict[str, list[date]]:
    found = first_days(case, user, only)
    return {lane: found[lane] for lane in lanes if len(found.get(lane, ())) > crowd}


def _days(asked: Asked) -> int:
    if asked.since is None or asked.until is None:
        return CLOSEST_DAYS + 1
    return (asked.until - asked.since).days + 1


def _window(asked: Asked, entries: Iterable[Entry], crowds: dict[str, list[date]]) -> tuple[date, date] | None:
    """Return the days that are drawn, where any are asked for; an end that is not given is where the entries end."""
    if asked.since is None and asked.until is None:
        return None
    days = [day for some in crowds.values() for day in some]
    extents = [entry.extent for entry in entries if entry.extent]
    days += [day for extent in extents for day in extent.known_days]
    if any(extent.is_ongoing for extent in extents):
        days.append(timezone.now().date())
    first = asked.since or min(days, default=asked.until)
    last = asked.until or max(days, default=asked.since)
    if first is None or last is None or first >= last:
        start = min(first or last or date.min, date.max - ONE_DAY)
        return start, start + ONE_DAY
    return first, last


# --- Who and how it stands --------------------------------------------------------------------------------------


def _only(case: Case, user: Any, asked: Asked) -> Only:
    only = Only(since=asked.since, until=asked.until)
    if asked.subject:
        only = _about(case, user, asked.subject, only)
    if asked.standings:
        rows = Claim.objects.visible_to(user).current().filter(case=case)
        standing = frozenset(one.id for one in standings(rows, user) if one.standing in asked.standings)
        only = replace(only, claims=standing if only.claims is None else standing & only.claims)
    return only


def _about(case: Case, user: Any, subject: str, only: Only) -> Only:
    """Leave the evidence cited about a subject, the claims about it or resting on that evidence, and what it said."""
    kind, key = split_key(subject)
    found = joins_of([subject], case=case, user=user, most=5_000).found
    ends = [split_key(end) for join in found for end in (join.source, join.target)]
    items = frozenset(uuid.UUID(end) for end_kind, end in ends if end_kind == EVIDENCE_KIND)
    claims = {uuid.UUID(end) for end_kind, end in ends if end_kind == "claim"}
    rows = Citation.objects.visible_to(user).current().filter(assertion__cases_claim__case=case, item_id__among=items)
    claims |= set(rows.values_list("assertion_id", flat=True))
    speaker = Q(**{SPEAKERS[kind]: key}) if kind in SPEAKERS else Q(pk__in=[])
    return replace(only, items=items, claims=frozenset(claims), speaker=speaker)


def subject_key(line: Any) -> str:
    return key_of(line.kind, line.target_id)
