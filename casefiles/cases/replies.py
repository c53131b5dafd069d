"""How a request for comment stands, and how a party reads in a case: computed from what was done, never typed.

"Not asked", "not found" and "asked and silent" are three different things, and none of them reads as another.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from casefiles.core.folding import fold


class State(StrEnum):
    """How one request stands; first match wins, from below: what was withdrawn is withdrawn, whatever came of it."""

    DRAFT = "draft"
    SENT = "sent"
    OVERDUE = "overdue"
    DID_NOT_RESPOND = "did not respond"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Reading(StrEnum):
    """How a party reads in a case, from the requests to it. Of several requests, the one named first here tells."""

    ANSWERED = "answered"
    SILENT = "asked and silent"
    OVERDUE = "asked, overdue"
    WAITING = "asked, waiting"
    NOT_FOUND = "not found"
    NOT_ASKED = "not asked"


# What came of an attempt that did not reach anybody.
UNREACHED = frozenset({"not delivered", "nobody reached", "no address found"})
# A reading under which somebody did put the claims to the party.
ASKED = frozenset({Reading.ANSWERED, Reading.SILENT, Reading.OVERDUE, Reading.WAITING})

_LEGAL_FORM = re.compile(r"[ ,]+(?:llc|ltd|limited|inc|incorporated|corp|plc|gmbh|co|jsc|ooo|ao|pao|sa|bv|pte)\.?$")
_SHORTEST_NAME = 3


def state_of(
    *,
    is_withdrawn: bool,
    sent_at: datetime | None,
    deadline_at: datetime | None,
    is_answered: bool,
    silent_at: datetime | None,
    now: datetime,
) -> State:
    """Return how a request stands at `now`. An answer that came late is an answer."""
    if is_withdrawn:
        return State.WITHDRAWN
    if is_answered:
        return State.ANSWERED
    if silent_at is not None:
        return State.DID_NOT_RESPOND
    if sent_at is None:
        return State.DRAFT
    return State.OVERDUE if deadline_at is not None and deadline_at < now else State.SENT


def reading_of(state: State, outcomes: Iterable[str]) -> Reading:
    """Return how a party reads from one request. `outcomes` are those of the attempts that were not voided.

    Where attempts were made and none reached anybody, the party was not found: nobody can be silent on what never came.
    """
    came_of = list(outcomes)
    if state == State.ANSWERED:
        return Reading.ANSWERED
    if state == State.DID_NOT_RESPOND:
        return Reading.SILENT
    if state == State.WITHDRAWN:
        return Reading.NOT_ASKED
    if came_of and UNREACHED.issuperset(came_of):
        return Reading.NOT_FOUND
    if state == State.DRAFT:
        return Reading.NOT_ASKED
    return Reading.OVERDUE if state == State.OVERDUE else Reading.WAITING


def most_telling(readings: Iterable[Reading]) -> Reading:
    """Return how a party reads from all requests to it; without one it was not asked."""
    order = list(Reading)
    return min(readings, key=order.index, default=Reading.NOT_ASKED)


def may_be_silent(outcomes: Iterable[str]) -> bool:
    """Say whether somebody was reached, as far as is known: only then can "did not respond" be said."""
    return any(outcome not in UNREACHED for outcome in outcomes)


def pattern_of(name: str) -> re.Pattern[str] | None:
    """Return what finds a party's name in a `flat` text, in whole words; "Ltd" and the like may be left out there.

    None where the name is too short to be told from any other word.
    """
    wanted = _LEGAL_FORM.sub("", flat(name))
    return re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)") if len(wanted) >= _SHORTEST_NAME else None


def flat(text: str) -> str:
    """Return a text in which names are looked for: as `fold` does, but quickly where there is nothing to fold."""
    return " ".join(text.lower().split()) if text.isascii() else fold(text)
