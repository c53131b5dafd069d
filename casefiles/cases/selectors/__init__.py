"""Reading a case across tables, for its pages and for the dossier."""

from casefiles.cases.selectors.changes import (
    ChangeLine,
    history_of,
    history_of_case,
    ids_of,
    recent_changes,
)
from casefiles.cases.selectors.claims import (
    CitationLine,
    ClaimLine,
    StanceLine,
    claim_lines,
    claim_with_standing,
    claims_citing,
    claims_that_stand,
    claims_with_standing,
    exhibit_labels,
    numbered_claims,
)
from casefiles.cases.selectors.contradicted import ContradictedClaim, Contradictions, contradictions_of
from casefiles.cases.selectors.exhibits import (
    DerivationLine,
    ExhibitLine,
    FileLine,
    exhibit_lines,
    exhibited,
    exhibits,
    numbered_exhibits,
)
from casefiles.cases.selectors.listing import CaseRow, case_rows
from casefiles.cases.selectors.origins import OriginLine, OriginTree, origins_of
from casefiles.cases.selectors.overview import Counts, Overview, case_overview, counts
from casefiles.cases.selectors.readiness import Readiness, ReadinessLine, readiness
from casefiles.cases.selectors.sharing import LeftBehind, left_behind
from casefiles.cases.selectors.statements import (
    RenderingLine,
    StatementLine,
    numbered_statements,
    statement_lines,
    statements_with_stances,
)
from casefiles.cases.selectors.subjects import (
    MemberLine,
    SubjectLine,
    accounts_on,
    subject_line,
    subjects,
    subjects_of,
    tasks,
    team,
)

__all__ = [
    "CaseRow",
    "ChangeLine",
    "CitationLine",
    "ContradictedClaim",
    "Contradictions",
    "contradictions_of",
    "ClaimLine",
    "Counts",
    "DerivationLine",
    "ExhibitLine",
    "FileLine",
    "LeftBehind",
    "MemberLine",
    "OriginLine",
    "OriginTree",
    "Overview",
    "Readiness",
    "ReadinessLine",
    "RenderingLine",
    "StanceLine",
    "StatementLine",
    "SubjectLine",
    "accounts_on",
    "case_overview",
    "case_rows",
    "claim_lines",
    "claim_with_standing",
    "claims_citing",
    "claims_that_stand",
    "claims_with_standing",
    "counts",
    "exhibit_labels",
    "exhibit_lines",
    "exhibited",
    "exhibits",
    "history_of",
    "history_of_case",
    "ids_of",
    "left_behind",
    "numbered_claims",
    "numbered_exhibits",
    "numbered_statements",
    "origins_of",
    "readiness",
    "recent_changes",
    "statement_lines",
    "statements_with_stances",
    "subject_line",
    "subjects",
    "subjects_of",
    "tasks",
    "team",
]
