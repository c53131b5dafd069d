"""A file that was brought into a case becomes its next exhibit."""

from typing import Any

from casefiles.access.circles import Circle
from casefiles.audit import actions as audit
from casefiles.cases.actions.exhibits import exhibit_in
from casefiles.cases.actions.guards import writable
from casefiles.cases.models import Case, Exhibit
from casefiles.evidence.actions import bringing_in as evidence
from casefiles.evidence.actions.files import Received


def bring_in(case: Case, *, by: Any, received: Received, path: str = "") -> Exhibit:
    """Add kept bytes as an item for the case's circle, handled as the case is, and as its next exhibit.

    Raises:
        NotVisible, NotAllowed: the person may not edit the case.
        Refused: the case is closed. Nothing was added.
    """
    with audit.unit():
        case = writable(case, by=by)
        item = evidence.bring_in(received, by=by, circle=Circle.of_case(case), path=path, handling=case.handling)
        return exhibit_in(case, by=by, item=item)
