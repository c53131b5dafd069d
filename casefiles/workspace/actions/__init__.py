"""What pages that span apps do: taking back what was just saved, watching vessels, keeping a network's layout."""

from casefiles.workspace.actions.layouts import forget_layout, save_layout
from casefiles.workspace.actions.taking_back import case_of, take_back_addition, take_back_change
from casefiles.workspace.actions.watching import NotWatched, mark_seen, stop_watching, watch_vessel

__all__ = [
    "NotWatched",
    "case_of",
    "forget_layout",
    "mark_seen",
    "save_layout",
    "stop_watching",
    "take_back_addition",
    "take_back_change",
    "watch_vessel",
]
