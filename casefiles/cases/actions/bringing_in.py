"""A file that was brought into a case becomes its next exhibit."""

from typing import Any

from casefiles.access.circles import Circle
from casefiles.audit import actions as audit
from casefiles.cases.actions.exhibits import next_exhibit
from casefiles.cases.actions.guards import writable
from casefiles.cases.models import Case, Exhibit
from casefiles.evidence.actions import bringing_in as evidence
from casefiles.evidence.actions.files import Received


class CaseAdder:
    """Brings one file after another into a case that is asked about once, and locked from then on.

    Make it inside `audit.unit()`, and outside the unit of any single file: what that takes back is not the lock.

    Raises:
        NotVisible, NotAllowed: the person may not edit the case.
        Refused: the case is closed.
    """

    def __init__(self, case: Case, *, by: Any) -> None:
        self._case, self._by = writable(case, by=by), by
        self._circle = Circle.of_case(self._case)

    def add(self, received: Received, *, path: str = "") -> Exhibit:
        """Add kept bytes as an item for the case's circle, handled as the case is, and as its next exhibit.

        One that fails leaves nothing, and the next one may be added all the same.
        """
        last = self._case.last_exhibit
        try:
            with audit.whole_unit():
                item = evidence.bring_in(
                    received, by=self._by, circle=self._circle, path=path, handling=self._case.handling
                )
                return next_exhibit(self._case, by=self._by, item=item)
        except BaseException:
            # The database has taken back the number; this object must not go on from it.
            self._case.last_exhibit = last
            raise
