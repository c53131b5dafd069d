"""Where ships were seen: port calls and voyages as people record them, positions as files hold them."""

from casefiles.voyages.models.calls import Activity, Candidate, PortCall, Voyage
from casefiles.voyages.models.detection import (
    Coverage,
    CoverageStatement,
    Decision,
    DetectionRun,
    TrackEvent,
    TrackEventKind,
)
from casefiles.voyages.models.positions import BroadcastIdentity, ImportState, Position, PositionImport, RejectedRow

__all__ = [
    "Activity",
    "BroadcastIdentity",
    "Candidate",
    "Coverage",
    "CoverageStatement",
    "Decision",
    "DetectionRun",
    "ImportState",
    "PortCall",
    "Position",
    "PositionImport",
    "RejectedRow",
    "TrackEvent",
    "TrackEventKind",
    "Voyage",
]
