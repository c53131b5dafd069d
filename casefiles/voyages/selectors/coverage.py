"""Whether others were received near a ship while nothing was received of it.

Others who were heard show that somebody listened. Nobody heard shows nothing: the files may not reach that far.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.core.geodesy import great_circle_nm
from casefiles.evidence.models import Citation
from casefiles.evidence.selectors import citations_by_assertion
from casefiles.evidence.vocabulary import CitationStance, ItemStatus
from casefiles.voyages.levels import BUCKETS_S, COARSE
from casefiles.voyages.models import (
    BroadcastIdentity,
    Coverage,
    CoverageStatement,
    Position,
    PositionImport,
    TrackEvent,
)

# So many fixes are looked through for all the silences of a run; of the rest nothing is said.
MOST_LOOKED_THROUGH = 2_000_000
# So many of them are read for one silence: whoever is heard is heard many times.
MOST_READ = 2_000


@dataclass(frozen=True)
class Silence:
    """A time in which nothing was received of a ship, and where it was before and after: latitude, longitude."""

    start_s: int
    end_s: int
    before: tuple[float, float]
    after: tuple[float, float]


@dataclass(frozen=True)
class Heard:
    """How many other radios were received in the time of a silence near its two ends; at least so many."""

    near_before: int
    near_after: int

    @property
    def is_covered(self) -> bool:
        return bool(self.near_before and self.near_after)


def heard_in(
    silences: Sequence[Silence],
    imports: Iterable[PositionImport],
    user: Any,
    *,
    not_from: Iterable[str],
    within_nm: float,
) -> list[Heard | None]:
    """Return for each silence who else was heard, in the files given; None where that would take too long to find.

    `not_from` are the ship's own radios. One query for each silence that is looked at, and one beside.
    """
    files = list(imports)
    named = BroadcastIdentity.objects.visible_to(user).filter(position_import__in=files).exclude(mmsi__in=not_from)
    radios = named.values("mmsi").distinct().count()
    positions = Position.objects.visible_to(user).filter(position_import__in=[one.number for one in files])
    # The first fix of every quarter of an hour tells of a presence as well as all of them.
    coarse = positions.filter(mmsi__in=named.values("mmsi"), level__lte=COARSE)
    left, heard = MOST_LOOKED_THROUGH, list[Heard | None]()
    for silence in silences:
        left -= radios * (1 + (silence.end_s - silence.start_s) // BUCKETS_S[COARSE])
        heard.append(_heard(silence, coarse, within_nm) if left >= 0 else None)
    return heard


def _heard(silence: Silence, positions: Any, within_nm: float) -> Heard:
    during = positions.filter(epoch_s__gt=silence.start_s, epoch_s__lt=silence.end_s)
    near = during.filter(_around(silence.before, within_nm) | _around(silence.after, within_nm))
    rows = list(near.values_list("mmsi", "latitude", "longitude")[:MOST_READ])
    return Heard(*(_radios_near(point, rows, within_nm) for point in (silence.before, silence.after)))


def _radios_near(point: tuple[float, float], rows: list[tuple[str, float, float]], within_nm: float) -> int:
    return len({mmsi for mmsi, *place in rows if great_circle_nm(*point, *place) <= within_nm})


def _around(point: tuple[float, float], within_nm: float) -> Q:
    """Return a rectangle that holds everything within the distance; at the poles and the date line, a whole band."""
    latitude, longitude = point
    reach = within_nm / 60
    band = Q(latitude__range=(latitude - reach, latitude + reach))
    # At 60 degrees a degree of longitude is half as long, at 80 a sixth.
    wide = reach * 6
    if abs(latitude) + reach > 80 or abs(longitude) + wide > 180:
        return band
    return band & Q(longitude__range=(longitude - wide, longitude + wide))


@dataclass(frozen=True)
class Stated:
    """What somebody said of the coverage, with what is cited for it; it counts while something shows it."""

    record: CoverageStatement
    citations: tuple[Citation, ...]

    @property
    def counts(self) -> bool:
        return any(
            one.stance == CitationStance.SUPPORTS and not one.item.is_voided and one.item.status != ItemStatus.RETRACTED
            for one in self.citations
        )


@dataclass(frozen=True)
class CoverageOf:
    """Whether there was coverage in the time of an event, what that rests on, and whether sources disagree.

    `said_alone` is what somebody once said without a source: it is told, and counts for nothing.
    """

    answer: Coverage
    stated: tuple[Stated, ...]
    is_disputed: bool
    said_alone: str

    @property
    def label(self) -> str:
        return str(_("not known: sources disagree")) if self.is_disputed else str(self.answer.label)

    @property
    def is_cited(self) -> bool:
        return not self.is_disputed and any(one.counts for one in self.stated)


def coverage_of(events: Iterable[TrackEvent], user: Any) -> dict[uuid.UUID, CoverageOf]:
    """Return for each event what is known of the coverage: what sources show, else what positions do; two queries."""
    events = list(events)
    roots = {event.pk: event.decided_in_id or event.pk for event in events}
    rows = CoverageStatement.objects.visible_to(user).current().anchored().filter(event_id__among=set(roots.values()))
    said = list(rows.order_by("assertion__created_at", "pk"))
    cited = citations_by_assertion([one.pk for one in said], user) if said else {}
    stated: dict[uuid.UUID, list[Stated]] = {}
    for one in said:
        stated.setdefault(one.event_id, []).append(Stated(one, tuple(cited[one.pk])))
    return {event.pk: _coverage(event, stated.get(roots[event.pk], [])) for event in events}


def _coverage(event: TrackEvent, stated: list[Stated]) -> CoverageOf:
    answers = {Coverage(one.record.answer) for one in stated if one.counts}
    heard = event.values.get("others_before") and event.values.get("others_after")
    computed = Coverage.YES if heard else Coverage.UNKNOWN
    answer = Coverage.UNKNOWN if len(answers) > 1 else next(iter(answers), computed)
    said_alone = str(event.get_coverage_display()) if event.coverage != computed else ""
    return CoverageOf(answer, tuple(stated), is_disputed=len(answers) > 1, said_alone=said_alone)
