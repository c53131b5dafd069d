"""What changed in a case between two points in time, read from what the log kept, as the reader may see it now."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from casefiles.access.models import Membership
from casefiles.audit.models import Event
from casefiles.audit.selectors import FieldChange, HistoryEntry, events_between
from casefiles.cases.comparing import Fate, Outcome, Run, Step, outcome, word_diff
from casefiles.cases.models import Case, LookedAt
from casefiles.cases.selectors.changes import ChangeLine, ids_in, told_by_field
from casefiles.cases.selectors.claims import numbered_claims
from casefiles.cases.selectors.standings import standings
from casefiles.core.templatetags.ui import STANDINGS
from casefiles.evidence.models import Assertion

EVENTS_AT_MOST = 2_000
COUNTED_AT_MOST = 99
LINES_AT_MOST = 200
# So many lines of a group are open at once.
LINES_OPEN = 8
# Longer words are cut in their line, and stand whole among the fields.
WORDS_AT_MOST = 240
# What says best which record was added, where it has one of these.
TELLING_FIELDS = ("title", "text", "item", "statement", "quote", "locator", "body", "about", "question", "asks", "note")
ADDITIONS = frozenset({"added", "joined"})
ANCHOR = Assertion._meta.label_lower
# What is told together, in the order of the page; whatever is none of these stands last.
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("The case and its summary"), ("cases.case",)),
    (gettext_lazy("Claims"), ("cases.claim", "cases.dependence", "cases.plannedclaim")),
    (gettext_lazy("Exhibits"), ("cases.exhibit",)),
    (gettext_lazy("Citations"), ("evidence.citation",)),
    (gettext_lazy("Statements"), ("cases.casestatement",)),
    (gettext_lazy("Stances"), ("cases.stance",)),
    (gettext_lazy("Subjects"), ("cases.subject",)),
    (gettext_lazy("Duties"), ("cases.duty", "cases.elementfinding")),
    (gettext_lazy("Hypotheses"), ("cases.hypothesis", "cases.weighedclaim", "cases.ratingsheet")),
    (gettext_lazy("Lookups"), ("cases.lookup",)),
    (gettext_lazy("Tasks"), ("cases.task",)),
    (gettext_lazy("Comments"), ("cases.comment",)),
    (gettext_lazy("Other"), ()),
)
FATES: dict[Fate, tuple[Any, str]] = {
    Fate.ADDED: (gettext_lazy("added"), "ok"),
    Fate.CHANGED: (gettext_lazy("changed"), "sea"),
    Fate.VOIDED: (gettext_lazy("taken out"), "bad"),
    Fate.RESTORED: (gettext_lazy("restored"), "ok"),
    Fate.PASSED: (gettext_lazy("added and taken out again"), ""),
}


@dataclass(frozen=True)
class Unseen:
    """How many changes others made since the reader last said that they had seen the case."""

    count: int

    @property
    def is_capped(self) -> bool:
        return self.count > COUNTED_AT_MOST

    @property
    def words(self) -> str:
        return f"{COUNTED_AT_MOST}+" if self.is_capped else str(self.count)


@dataclass(frozen=True)
class FieldDiff:
    label: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class ComparedLine:
    """One record and what became of it; `steps_count` events came to that. `words` say what was added."""

    line: ChangeLine
    fate: str
    tone: str
    is_new: bool
    steps_count: int
    diffs: tuple[FieldDiff, ...]
    words: str


@dataclass(frozen=True)
class StandingMove:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ComparedGroup:
    """What is told together: lines, how many more there are, and how often what became of a record."""

    label: str
    lines: tuple[ComparedLine, ...]
    more: int
    counts: str

    @property
    def open_lines(self) -> tuple[ComparedLine, ...]:
        return self.lines[:LINES_OPEN]

    @property
    def folded_lines(self) -> tuple[ComparedLine, ...]:
        return self.lines[LINES_OPEN:]


@dataclass(frozen=True)
class Comparison:
    """`is_capped`: there were more events than are read at once, and the newest were left out."""

    groups: tuple[ComparedGroup, ...]
    events_count: int
    is_capped: bool


def seen_until(case: Case, user: Any) -> datetime | None:
    """Return until when the reader has seen the case: what they marked, else since when they are in its team."""
    return _seen_at(case, user).first()


def _seen_at(case: Case, user: Any) -> QuerySet[Any, datetime]:
    marked = LookedAt.objects.visible_to(user).filter(case=case, user=user).values("seen_at")
    dated = _membership(case, user).annotate(seen_at=Coalesce(Subquery(marked[:1]), F("created_at")))
    return dated.order_by().values_list("seen_at", flat=True)


def _membership(case: Case, user: Any) -> QuerySet[Membership]:
    return Membership.objects.visible_to(user).filter(compartment=case.compartment_id, user=user)


def unseen(case: Case, user: Any) -> Unseen:
    """Return how much others changed in a case since the reader last looked; one query."""
    since = Subquery(_seen_at(case, user)[:1])
    rows = Event.objects.of(ids_in(case, user)).filter(at__gt=since).exclude(actor_id=user.pk)
    # That one joined is no news to oneself.
    rows = rows.exclude(record_id__in=_membership(case, user).values("pk"))
    return Unseen(len(rows.order_by().values_list("pk")[: COUNTED_AT_MOST + 1]))


def compare(case: Case, user: Any, *, after: datetime | None, until: datetime | None = None) -> Comparison:
    """Return what became of each record of a case after one point in time, up to another one, or now.

    The number of queries does not grow with the changes. What happened to an item elsewhere is not the case's story.
    """
    found = events_between(ids_in(case, user), after=after, until=until, limit=EVENTS_AT_MOST + 1)
    entries = found[:EVENTS_AT_MOST]
    by_record: dict[uuid.UUID, list[HistoryEntry]] = {}
    for entry in entries:
        by_record.setdefault(entry.record_id, []).append(entry)
    kinds = _kinds(by_record, user)
    told = [(rows, one) for rows in by_record.values() if (one := _outcome(rows)) is not None]
    lines = told_by_field(case, [_as_one(rows, one, kinds) for rows, one in told], user)
    grouped: dict[int, list[ComparedLine]] = {}
    for (rows, one), line in zip(told, lines, strict=True):
        grouped.setdefault(_group(kinds[rows[0].record_id]), []).append(_compared(line, one, len(rows)))
    groups = tuple(_grouped(place, grouped[place]) for place in sorted(grouped))
    return Comparison(groups, len(entries), len(found) > EVENTS_AT_MOST)


def standing_moves(case: Case, user: Any, *, before: Mapping[str, str]) -> list[StandingMove]:
    """Return the claims that stand otherwise than they did, by their labels. Standings are of `standing.Standing`."""
    now = standings(numbered_claims(case, user).order_by("number", "pk"), user)
    return [
        StandingMove(one.label, str(STANDINGS[before[one.label]][0]), str(STANDINGS[str(one.standing)][0]))
        for one in now
        if one.label in before and before[one.label] != str(one.standing)
    ]


def _kinds(by_record: Mapping[uuid.UUID, Sequence[HistoryEntry]], user: Any) -> dict[uuid.UUID, str]:
    """Return the kind of each record; that of a claim is written on its anchor, by which it is voided."""
    kinds = {
        key: next((one.record_kind for one in rows if one.record_kind != ANCHOR), "") for key, rows in by_record.items()
    }
    anchored = [key for key, kind in kinds.items() if not kind]
    kinds.update(Assertion.objects.visible_to(user).filter(pk__in=anchored).values_list("pk", "kind"))
    return {key: kind or ANCHOR for key, kind in kinds.items()}


def _outcome(rows: Iterable[HistoryEntry]) -> Outcome | None:
    steps = (Step(one.act, {change.field: (change.old, change.new) for change in one.changes}) for one in rows)
    return outcome(steps, additions=ADDITIONS)


def _as_one(rows: Sequence[HistoryEntry], one: Outcome, kinds: Mapping[uuid.UUID, str]) -> HistoryEntry:
    """Return one event that tells what all of them come to: by whoever added the record, else by whoever came last."""
    last = rows[-1]
    by = next((row for row in rows if row.act in ADDITIONS), last) if one.fate == Fate.ADDED else last
    act = str(Fate.VOIDED if one.fate == Fate.PASSED else one.fate)
    if one.fate == Fate.CHANGED and len(rows) == 1:
        act = last.act
    return HistoryEntry(
        event_id=last.event_id,
        seq=last.seq,
        at=last.at,
        actor_id=by.actor_id,
        act=act,
        record_kind=kinds[last.record_id],
        record_id=last.record_id,
        note=last.note,
        changes=tuple(FieldChange(name, old, new) for name, (old, new) in one.changes.items()),
        compartment_ids=last.compartment_ids,
    )


def _group(kind: str) -> int:
    return next((place for place, (_label, kinds) in enumerate(GROUPS) if kind in kinds), len(GROUPS) - 1)


def _grouped(place: int, lines: Sequence[ComparedLine]) -> ComparedGroup:
    fates = Counter(one.fate for one in lines)
    return ComparedGroup(
        label=str(GROUPS[place][0]),
        lines=tuple(lines[:LINES_AT_MOST]),
        more=max(0, len(lines) - LINES_AT_MOST),
        counts="; ".join(f"{count} {fate}" for fate, count in fates.most_common()),
    )


def _compared(line: ChangeLine, one: Outcome, steps_count: int) -> ComparedLine:
    words, tone = FATES[one.fate]
    is_new = one.fate == Fate.ADDED
    shown = () if one.fate == Fate.PASSED else line.changes
    named = {change.field: change.new for change in shown if change.new} if is_new else {}
    telling = next((field for field in TELLING_FIELDS if field in named), "")
    diffs = tuple(
        FieldDiff(change.label, tuple(word_diff(change.old, change.new)))
        for change in shown
        if change.field != telling or len(change.new) > WORDS_AT_MOST
    )
    return ComparedLine(line, str(words), tone, is_new, steps_count, diffs, named.get(telling, ""))
