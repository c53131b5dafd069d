"""Uncertain time: what was typed, the EDTF it means, and the earliest and latest it allows."""

from casefiles.core.moments.edtf import Precision
from casefiles.core.moments.moment import Moment
from casefiles.core.moments.periods import (
    Certainty,
    EndBeforeStart,
    EndKind,
    Period,
    covers,
    overlap,
    parse_period_end,
    precedes,
)
from casefiles.core.moments.refusal import NotUnderstood
from casefiles.core.moments.wording import parse_moment

__all__ = [
    "Certainty",
    "EndBeforeStart",
    "EndKind",
    "Moment",
    "NotUnderstood",
    "Period",
    "Precision",
    "covers",
    "overlap",
    "parse_moment",
    "parse_period_end",
    "precedes",
]
