"""Reading a case across tables, for its pages and for the dossier."""

from casefiles.cases.selectors.changes import ChangeLine, changes_of, recent_changes
from casefiles.cases.selectors.claims import (
    CitationLine,
    ClaimLine,
    StanceLine,
    claim_with_standing,
    claims_with_standing,
    exhibit_labels,
)
from casefiles.cases.selectors.exhibits import DerivationLine, ExhibitLine, FileLine, exhibits
from casefiles.cases.selectors.overview import Counts, Overview, case_overview, counts
from casefiles.cases.selectors.readiness import Readiness, ReadinessLine, readiness
from casefiles.cases.selectors.statements import RenderingLine, StatementLine, statements_with_stances
from casefiles.cases.selectors.subjects import MemberLine, SubjectLine, subjects, tasks, team

__all__ = [
    "ChangeLine",
    "CitationLine",
    "ClaimLine",
    "Counts",
    "DerivationLine",
    "ExhibitLine",
    "FileLine",
    "MemberLine",
    "Overview",
    "Readiness",
    "ReadinessLine",
    "RenderingLine",
    "StanceLine",
    "StatementLine",
    "SubjectLine",
    "case_overview",
    "changes_of",
    "claim_with_standing",
    "claims_with_standing",
    "counts",
    "exhibit_labels",
    "exhibits",
    "readiness",
    "recent_changes",
    "statements_with_stances",
    "subjects",
    "tasks",
    "team",
]
