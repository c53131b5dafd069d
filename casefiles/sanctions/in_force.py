"""Was a designation in force on a date? Yes, no or unknown: an uncertain date never gives a certain answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casefiles.core.moments import Certainty, EndBeforeStart, Moment, Period, covers, overlap


class Answer(StrEnum):
    """`PART` is given for stretches of time only: in force on some of the days, and not on others."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    PART = "part"


@dataclass(frozen=True)
class CombinedAnswer:
    """What several records of one designation say together; `sources_conflict` where two certain answers differ."""

    answer: Answer
    sources_conflict: bool = False


_ANSWERS = {Certainty.CERTAIN: Answer.YES, Certainty.POSSIBLE: Answer.UNKNOWN, Certainty.IMPOSSIBLE: Answer.NO}


def in_force(
    day: date,
    *,
    in_force_from: Moment | None,
    ended: Moment | None,
    end_kind: str,
    announced: Moment | None = None,
) -> Answer:
    """Say whether a designation was in force on some part of a day; the day it began and the day it ended count.

    `end_kind` is `ongoing` (it has not ended), `dated` or `unknown` (whether it ended is not known: then only the first
    day is certain). Where it is not known from when it was in force, it was not before it was `announced`; from then on
    that is unknown, because an announcement may take effect later. Dates that contradict each other answer unknown.
    """
    period = _period(in_force_from, ended, end_kind, announced)
    return _ANSWERS[covers(period, day)] if period else Answer.UNKNOWN


def in_force_during(
    earliest: date,
    latest: date,
    *,
    in_force_from: Moment | None,
    ended: Moment | None,
    end_kind: str,
    announced: Moment | None = None,
) -> Answer:
    """Say whether a designation was in force from one day to another, both included.

    Yes if certainly on every day, no if certainly on none, part if certainly on some and certainly not on others, else
    unknown. So "yes" also holds for something that happened once within these days, and "part" does not.

    Raises:
        ValueError: `latest` is before `earliest`.
    """
    if latest < earliest:
        raise ValueError(f"{latest} is before {earliest}.")
    period = _period(in_force_from, ended, end_kind, announced)
    if period is None:
        return Answer.UNKNOWN
    # Between two days on which it was certainly in force there is none on which it was not.
    at_ends = {covers(period, earliest), covers(period, latest)}
    if at_ends == {Certainty.CERTAIN}:
        return Answer.YES
    at_all = overlap(period, Period(Moment.on(earliest), Moment.on(latest), "dated"))
    if at_all is Certainty.CERTAIN and Certainty.IMPOSSIBLE in at_ends:
        return Answer.PART
    return Answer.NO if at_all is Certainty.IMPOSSIBLE else Answer.UNKNOWN


def combined(answers: Iterable[Answer]) -> CombinedAnswer:
    """Join what records of one authority and one target answer: what all say, else unknown.

    No record at all is unknown too: that nothing was entered does not say that nothing was in force.
    """
    different = set(answers)
    if len(different) == 1:
        return CombinedAnswer(different.pop())
    return CombinedAnswer(Answer.UNKNOWN, sources_conflict=len(different - {Answer.UNKNOWN}) > 1)


def _period(start: Moment | None, end: Moment | None, end_kind: str, announced: Moment | None) -> Period | None:
    """Return the time in force; None where its dates contradict each other."""
    if start is None and announced and announced.earliest:
        start = Moment.from_edtf(f"[{announced.earliest.isoformat()}..]")
    try:
        if end:
            return Period(start, end, "dated")
        return Period(start, None, "ongoing" if end_kind == "ongoing" else "unknown")
    except EndBeforeStart:
        return None
