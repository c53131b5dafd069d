"""Who is designated by whom, and the lists on which that stands."""

from casefiles.sanctions.models.designations import Authority, Designation, Measure, Programme
from casefiles.sanctions.models.lists import EditionState, ListChange, ListEdition, ListEntry, ListKey, ListProblem
from casefiles.sanctions.models.screenings import MatchDecision, Screening, ScreeningMatch, Verdict

__all__ = [
    "Authority",
    "Designation",
    "EditionState",
    "ListChange",
    "ListEdition",
    "ListEntry",
    "ListKey",
    "ListProblem",
    "MatchDecision",
    "Measure",
    "Programme",
    "Screening",
    "ScreeningMatch",
    "Verdict",
]
