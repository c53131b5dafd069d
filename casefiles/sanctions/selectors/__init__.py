"""Reads of designations and lists for pages."""

from casefiles.sanctions.selectors.designations import (
    KINDS,
    DayAnswer,
    InForceRow,
    answer_on,
    answers_on,
    beside,
    designation_counts,
    designations_of,
    in_force_on,
    in_force_table,
    programmes_of,
)

__all__ = [
    "KINDS",
    "DayAnswer",
    "InForceRow",
    "answer_on",
    "answers_on",
    "beside",
    "designation_counts",
    "designations_of",
    "in_force_on",
    "in_force_table",
    "programmes_of",
]
