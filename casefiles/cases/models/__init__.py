"""A case: what it asks, what it shows, what it claims. Everything bound to a case is seen by the case's circle."""

from casefiles.cases.models.cases import (
    Case,
    CaseBound,
    CaseStatement,
    CaseStatus,
    Claim,
    ClaimKind,
    Confidence,
    Exhibit,
    Likelihood,
    Numbered,
    Outcome,
    Stance,
    StanceKind,
    Subject,
    Task,
    TaskStatus,
)
from casefiles.cases.models.duties import Duty, ElementFinding, Finding

__all__ = [
    "Case",
    "CaseBound",
    "CaseStatement",
    "CaseStatus",
    "Claim",
    "ClaimKind",
    "Confidence",
    "Duty",
    "ElementFinding",
    "Exhibit",
    "Finding",
    "Likelihood",
    "Numbered",
    "Outcome",
    "Stance",
    "StanceKind",
    "Subject",
    "Task",
    "TaskStatus",
]
