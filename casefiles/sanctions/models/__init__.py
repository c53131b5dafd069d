"""Who is designated by whom, the lists on which that stands, and what binds whom."""

from casefiles.sanctions.models.designations import Authority, Designation, Measure, Programme
from casefiles.sanctions.models.instruments import DutyBearer, Element, Instrument, Provision, Verb
from casefiles.sanctions.models.lists import EditionState, ListChange, ListEdition, ListEntry, ListKey, ListProblem
from casefiles.sanctions.models.screenings import MatchDecision, Screening, ScreeningMatch, Verdict

__all__ = [
    "Authority",
    "Designation",
    "DutyBearer",
    "EditionState",
    "Element",
    "Instrument",
    "ListChange",
    "ListEdition",
    "ListEntry",
    "ListKey",
    "ListProblem",
    "MatchDecision",
    "Measure",
    "Programme",
    "Provision",
    "Screening",
    "ScreeningMatch",
    "Verb",
    "Verdict",
]
