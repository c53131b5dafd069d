"""What pages that span apps do: taking back what was just saved."""

from casefiles.workspace.actions.taking_back import case_of, take_back_addition, take_back_change

__all__ = ["case_of", "take_back_addition", "take_back_change"]
