"""Who is designated by whom, and the lists on which that stands."""

from casefiles.sanctions.models.designations import Authority, Designation, Measure, Programme
from casefiles.sanctions.models.lists import EditionState, ListChange, ListEdition, ListEntry, ListKey, ListProblem

__all__ = [
    "Authority",
    "Designation",
    "EditionState",
    "ListChange",
    "ListEdition",
    "ListEntry",
    "ListKey",
    "ListProblem",
    "Measure",
    "Programme",
]
