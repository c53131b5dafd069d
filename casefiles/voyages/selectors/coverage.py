"""Whether others were received near a ship while nothing was received of it.

Others who were heard show that somebody listened. Nobody heard shows nothing: the files may not reach that far.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from casefiles.core.geodesy import great_circle_nm
from casefiles.voyages.levels import BUCKETS_S, COARSE
from casefiles.voyages.models import BroadcastIdentity, Position, PositionImport

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
