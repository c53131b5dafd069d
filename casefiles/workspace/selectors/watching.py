"""What is new of the vessels that somebody watches.

News is what others did since: the events of the record, joined to the rows that this person may read. What they may
not read has no row here, so that it is neither shown nor counted. A few queries answer for any number of vessels.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from casefiles.audit.models import Event
from casefiles.cases.models import CaseStatement, Subject
from casefiles.particulars.models import (
    DeceptivePractice,
    Dimension,
    FlagPeriod,
    IdentifierScheme,
    IdentifierUse,
    NameUse,
    VesselRole,
)
from casefiles.registry.models import Vessel
from casefiles.registry.selectors import AnchorGroup, joined_among
from casefiles.sanctions.models import Designation
from casefiles.voyages.models import PortCall, PositionImport, Voyage
from casefiles.workspace.models import Watch

# Of more records than this it is only said that there are more.
MOST_RECORDS = 1_000
NEW, CHANGED, WITHDRAWN = "new", "changed", "withdrawn"
STATES: dict[str, Any] = {
    NEW: _("%(count)d new"),
    CHANGED: _("%(count)d changed"),
    WITHDRAWN: _("%(count)d withdrawn"),
}


class _Kind(NamedTuple):
    """What is told together, where a vessel's page shows it, and from which rows: a path leads to their vessel."""

    label: Any
    part: str
    sources: tuple[tuple[Any, str, dict[str, Any]], ...]


_DATED: tuple[Any, ...] = (NameUse, FlagPeriod, IdentifierUse, VesselRole, DeceptivePractice, Dimension)
KINDS = (
    _Kind(_("Recorded values"), "particulars", tuple((model, "vessel", {}) for model in _DATED)),
    _Kind(_("Voyages"), "voyages", ((Voyage, "vessel", {}),)),
    _Kind(_("Port calls"), "port-calls", ((PortCall, "candidates__vessel", {}),)),
    _Kind(_("Designations"), "designations", ((Designation, "vessel", {}),)),
    _Kind(_("Cases"), "cases", ((Subject, "vessel", {}),)),
    _Kind(
        _("Statements in its cases"),
        "cases",
        ((CaseStatement, "case__subjects__vessel", {"case__subjects__voided_at": None}),),
    ),
)
_RADIOS = _Kind(_("Radios with new positions"), "", ())
_ALL = (*KINDS, _RADIOS)


@dataclass(frozen=True)
class NewsLine:
    label: str
    said: str
    part: str


@dataclass(frozen=True)
class News:
    """What others did since a vessel was last seen: lines in the order of its page, and the state of each record."""

    seen_at: datetime
    lines: tuple[NewsLine, ...] = ()
    states: Mapping[uuid.UUID, str] = field(default_factory=dict)
    is_capped: bool = False


def news_of(user: Any, *, group: AnchorGroup | None = None) -> dict[uuid.UUID, News]:
    """Return the news of each vessel that somebody watches, by its key, or of the one that a `group` is asked about.

    A vessel that stands for others which were judged to be the same has their news too. One query where nothing is
    watched, and of a group; else two, or three where some of what is watched was judged, for any number of vessels.
    """
    kept = {"vessel": group.anchor} if group is not None else {}
    watches = Watch.objects.visible_to(user).filter(ended_at=None, **kept)
    first = watches.annotate(watched_vessel=F("vessel_id"), seen_until=F("seen_at"), is_new=_no(), is_gone=_no())
    own = _sources(_watched, _Asked(user, group.anchor if group else None, {}))
    named = _of_others(user, [group] if group else ())
    found = _read([_columns(first, 0), *own, *named])
    if found and group is None:
        found += _read(list(_of_others(user, joined_among(Vessel, watches.values("vessel_id"), user).values())))
    seen = {row[0]: row[1] for row in found if row[2] == 0}
    rows = [row for row in found if row[2] and row[0] in seen]
    return {
        key: _news(seen_at, [row for row in rows if row[0] == key], is_capped=len(found) > MOST_RECORDS)
        for key, seen_at in seen.items()
    }


def _read(parts: Sequence[Any]) -> list[Any]:
    """Return the first rows of several questions asked as one."""
    if not parts:
        return []
    first, *others = parts
    return list(first.union(*others, all=True).order_by("told_as")[: MOST_RECORDS + 1])


def _of_others(user: Any, groups: Iterable[AnchorGroup]) -> Iterable[Any]:
    """Return the questions for what was recorded of ships that another one stands for."""
    answered_by = {one.pk: each.anchor.pk for each in groups if len(each.answered) > 1 for one in each.others}
    return _sources(_answered, _Asked(user, None, answered_by)) if answered_by else ()


def _columns(rows: QuerySet[Any], number: int) -> Any:
    numbered = rows.annotate(told_as=Value(number, output_field=IntegerField()))
    return numbered.order_by().values_list("watched_vessel", "seen_until", "told_as", "pk", "is_new", "is_gone")


def _no() -> Value:
    return Value(False, output_field=BooleanField())


class _Asked(NamedTuple):
    """Whose watches, of which vessel where it is one, and which vessels another one stands for, by their keys."""

    user: Any
    vessel: Any
    answered_by: dict[uuid.UUID, uuid.UUID]


def _sources(found: Callable[..., QuerySet[Any]], asked: _Asked) -> Iterable[Any]:
    for number, kind in enumerate(KINDS, start=1):
        for model, path, conditions in kind.sources:
            rows = found(model.objects.visible_to(asked.user), path, asked, conditions)
            yield _columns(_told(rows, asked.user), number)
    yield _columns(_radios(found, asked), len(_ALL))


def _watched(rows: QuerySet[Any], path: str, asked: _Asked, conditions: dict[str, Any]) -> QuerySet[Any]:
    """Return rows of watched vessels, with which, and until when each was seen."""
    watch = f"{path}__watches"
    kept = {f"{watch}__user": asked.user, f"{watch}__ended_at": None, **conditions}
    if asked.vessel is not None:
        kept[path] = asked.vessel
    # One filter() on purpose: two would join the watches twice, and answer with those of others.
    return rows.filter(**kept).annotate(watched_vessel=F(path), seen_until=F(f"{watch}__seen_at"))


def _answered(rows: QuerySet[Any], path: str, asked: _Asked, conditions: dict[str, Any]) -> QuerySet[Any]:
    """Return rows of vessels that another one stands for, with that one, and until when it was seen.

    Where nobody watches the one that stands there is no day to tell from, and so no news.
    """
    named = rows.filter(**{f"{path}__in": list(asked.answered_by)}, **conditions).annotate(member=F(path))
    stands = [When(member=key, then=Value(by, UUIDField())) for key, by in asked.answered_by.items()]
    named = named.annotate(watched_vessel=Case(*stands, output_field=UUIDField()))
    seen = Watch.objects.visible_to(asked.user).filter(ended_at=None, vessel=OuterRef("watched_vessel"))
    return named.annotate(seen_until=Subquery(seen.values("seen_at")[:1]))


def _told(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Return the rows with which somebody else did something since, each with whether it was there before."""
    events = Event.objects.filter(record_id=OuterRef("pk"))
    since = events.filter(at__gt=OuterRef("seen_until")).exclude(actor_id=user.pk)
    before = events.filter(at__lte=OuterRef("seen_until"))
    names = {one.name for one in rows.model._meta.fields}
    voided = "voided_at" if "voided_at" in names else "assertion__voided_at"
    told = rows.annotate(is_told=Exists(since)).filter(is_told=True)
    return told.annotate(is_new=~Exists(before), is_gone=Q(**{f"{voided}__isnull": False}))


def _radios(found: Callable[..., QuerySet[Any]], asked: _Asked) -> QuerySet[Any]:
    """Return the numbers of watched vessels under which a file read since then has positions."""
    numbers = IdentifierUse.objects.visible_to(asked.user).current().filter(scheme=IdentifierScheme.MMSI)
    files = PositionImport.objects.visible_to(asked.user).usable()
    since = files.filter(identities__mmsi=OuterRef("value"), finished_at__gt=OuterRef("seen_until"))
    rows = found(numbers, "vessel", asked, {})
    told = rows.annotate(is_told=Exists(since.exclude(created_by=asked.user))).filter(is_told=True)
    return told.annotate(is_new=Value(True, output_field=BooleanField()), is_gone=_no())


def _news(seen_at: datetime, rows: list[Any], *, is_capped: bool) -> News:
    # A port call of two that are one is one port call.
    told = {(kind, key): _state(is_new, is_voided) for _vessel, _seen, kind, key, is_new, is_voided in rows}
    states = [(kind, key, state) for (kind, key), state in told.items()]
    counts = Counter((kind, state) for kind, _key, state in states)
    lines = [_line(number, kind, counts) for number, kind in enumerate(_ALL, start=1)]
    return News(
        seen_at=seen_at,
        lines=tuple(line for line in lines if line.said),
        # A radio's number is no news itself: what is new lies in its positions.
        states={key: state for kind, key, state in states if kind != len(_ALL)},
        is_capped=is_capped,
    )


def _line(number: int, kind: _Kind, counts: Counter[tuple[int, str]]) -> NewsLine:
    said = [str(words) % {"count": counts[number, state]} for state, words in STATES.items() if counts[number, state]]
    return NewsLine(label=str(kind.label), said=", ".join(said), part=kind.part)


def _state(is_new: bool, is_voided: bool) -> str:
    if is_voided:
        return WITHDRAWN
    return NEW if is_new else CHANGED


@dataclass(frozen=True)
class WatchedVessel:
    vessel: Vessel
    news: News


@dataclass(frozen=True)
class Watched:
    """Some of the vessels that somebody watches, those with news first; `with_news` and `total` count them all."""

    rows: tuple[WatchedVessel, ...] = ()
    with_news: int = 0
    total: int = 0


def watched_by(user: Any, *, most: int) -> Watched:
    """Return the watched vessels with the most to tell; one query where nothing is watched, and at most four."""
    found = news_of(user)
    if not found:
        return Watched()
    order = sorted(found, key=lambda key: (not found[key].lines, found[key].seen_at, key))[:most]
    vessels = Vessel.objects.visible_to(user).in_bulk(order)
    rows = tuple(WatchedVessel(vessels[key], found[key]) for key in order if key in vessels)
    return Watched(rows, with_news=sum(1 for news in found.values() if news.lines), total=len(found))
