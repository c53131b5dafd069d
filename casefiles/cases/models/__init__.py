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
from casefiles.cases.models.comments import Comment
from casefiles.cases.models.duties import Duty, ElementFinding, Finding
from casefiles.cases.models.hypotheses import FitChoice, Hypothesis, Rating, RatingSheet, StrengthChoice, WeighedClaim
from casefiles.cases.models.ledger import Dependence, Lookup, LookupResult
from casefiles.cases.models.looking import LookedAt
from casefiles.cases.models.planned import PlannedClaim
from casefiles.cases.models.replies import AttemptOutcome, Channel, ReplyAttempt, ReplyRequest
from casefiles.cases.models.reviews import Review, Verdict, VerdictKind

__all__ = [
    "AttemptOutcome",
    "Case",
    "CaseBound",
    "CaseStatement",
    "CaseStatus",
    "Channel",
    "Claim",
    "ClaimKind",
    "Comment",
    "Confidence",
    "Dependence",
    "Duty",
    "ElementFinding",
    "Exhibit",
    "Finding",
    "FitChoice",
    "Hypothesis",
    "Likelihood",
    "Lookup",
    "LookupResult",
    "LookedAt",
    "Numbered",
    "Outcome",
    "PlannedClaim",
    "Rating",
    "RatingSheet",
    "ReplyAttempt",
    "ReplyRequest",
    "Review",
    "Stance",
    "StanceKind",
    "StrengthChoice",
    "Subject",
    "Task",
    "TaskStatus",
    "WeighedClaim",
    "Verdict",
    "VerdictKind",
]
