"""Which of several dated names is in force, and the searchable key that all of them make."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from casefiles.core.folding import fold
from casefiles.core.moments import Certainty, Period, covers

CERTAINTY_RANK = {Certainty.CERTAIN: 2, Certainty.POSSIBLE: 1, Certainty.IMPOSSIBLE: 0}


class DatedName(Protocol):
    """A name and the period for which it is recorded."""

    @property
    def name(self) -> str: ...

    @property
    def period(self) -> Period: ...


def name_in_force(uses: Sequence[DatedName], day: date) -> str | None:
    """Return the name in force on a day, else the one that began last, else None.

    Of several in force, one that certainly is comes before one that possibly is, and the later start before the
    earlier; names with the same claim are settled by their letters, so that the answer never wavers.
    """
    if not uses:
        return None
    return max(uses, key=lambda use: _claim(use, day)).name


def _claim(use: DatedName, day: date) -> tuple[int, date, str]:
    start = use.period.earliest or (use.period.start.latest if use.period.start else None) or date.min
    return CERTAINTY_RANK[covers(use.period, day)], start, use.name


def names_key(names: Iterable[str]) -> str:
    """Return the folded names, sorted, one a line, each once."""
    return "\n".join(sorted({fold(name) for name in names} - {""}))
