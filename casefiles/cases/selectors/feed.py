"""What happened in a case, or in all of somebody's cases: told by day, and by what one person did in a row."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy

from casefiles.access.models import Membership
from casefiles.accounts.models import User
from casefiles.audit.models import Event
from casefiles.audit.selectors import history, newest_among
from casefiles.cases.models import Case
from casefiles.cases.selectors.changes import PARTS, ChangeLine, ids_of_former, told
from casefiles.cases.selectors.compared import GROUPS
from casefiles.cases.selectors.subjects import team

# So many of the newest events are looked through for those of one's own cases, and so many of these are asked about.
LOOKED_THROUGH, ASKED_ABOUT = 20_000, 60
FORMER_AT_MOST = 200
# So many acts in a row are open at once.
ACTS_OPEN = 12
MEMBERSHIP = Membership._meta.label_lower
TOLD_KINDS = frozenset({Case._meta.label_lower, *(part.model._meta.label_lower for part in PARTS)})
# What a feed is narrowed to, by a word that stands in its address.
KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    **{kinds[0].partition(".")[2]: (label, kinds) for label, kinds in GROUPS if kinds},
    "review": (gettext_lazy("Reviews"), ("cases.review", "cases.verdict")),
    "replyrequest": (gettext_lazy("Replies"), ("cases.replyrequest", "cases.replyattempt")),
    "membership": (gettext_lazy("Team"), (MEMBERSHIP,)),
}


@dataclass(frozen=True)
class Run:
    """What one person did in a row, the newest first."""

    who: str
    actor_id: uuid.UUID | None
    lines: tuple[ChangeLine, ...]

    @property
    def open_lines(self) -> tuple[ChangeLine, ...]:
        return self.lines[:ACTS_OPEN]

    @property
    def folded_lines(self) -> tuple[ChangeLine, ...]:
        return self.lines[ACTS_OPEN:]


@dataclass(frozen=True)
class Day:
    """A day in UTC, and what was done on it by whom."""

    date: date
    runs: tuple[Run, ...]


def by_day(lines: Iterable[ChangeLine]) -> tuple[Day, ...]:
    """Return lines that come newest first by their days, and within each by who did what in a row."""
    return tuple(
        Day(day, tuple(_run(list(run)) for _actor, run in groupby(of_day, key=lambda line: line.actor_id)))
        for day, of_day in groupby(lines, key=lambda line: line.at.astimezone(UTC).date())
    )


def _run(lines: list[ChangeLine]) -> Run:
    return Run(lines[0].who, lines[0].actor_id, tuple(lines))


def people_of(case: Case, user: Any) -> list[tuple[str, str]]:
    """Return who is or was in the team, as keys and names: by whom a feed may be narrowed."""
    now = {str(line.user_id): line.name for line in team(case, user)}
    left = {
        str(change.old)
        for entry in history(ids_of_former(case), limit=FORMER_AT_MOST)
        for change in entry.changes
        if change.field == "user" and change.old
    }
    former = {str(account.pk): str(account) for account in User.objects.filter(pk__in=left - now.keys())}
    return sorted((former | now).items(), key=lambda pair: (pair[1].casefold(), pair[0]))


def happened_in_cases(cases: Iterable[Case], user: Any, *, limit: int) -> list[ChangeLine]:
    """Return the newest of what was done in some cases that the reader sees; nothing of what they do not see.

    The number of queries grows with neither.
    """
    by_circle = {str(case.compartment_id): case for case in cases}
    if not by_circle:
        return []

    def is_of_a_case(event: Event) -> bool:
        return not by_circle.keys().isdisjoint(event.compartment_ids)

    entries = newest_among(TOLD_KINDS, is_shown=is_of_a_case, looked_through=LOOKED_THROUGH, limit=ASKED_ABOUT)
    return told(by_circle.values(), entries, user, leaves_unseen=True)[:limit]
