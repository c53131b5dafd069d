"""How a date that is not understood is handed back to the person who typed it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casefiles.core.moments.moment import Moment


class NotUnderstood(ValueError):
    """The text is not one date: `reason` says what to do, `readings` what it might mean.

    `readings` is empty, or holds two or more moments the person is asked to choose from.
    """

    def __init__(self, text: str, reason: str, readings: Sequence[Moment] = ()) -> None:
        super().__init__(reason)
        self.text = text
        self.reason = reason
        self.readings = list(readings)
