"""Bringing one received file into a case as an exhibit of its own."""

from typing import Any

from casefiles.access.circles import Circle
from casefiles.audit import actions as audit
from casefiles.cases.actions.exhibits import add_exhibit
from casefiles.cases.actions.guards import bring_into, writable
from casefiles.cases.models import Case, Exhibit
from casefiles.evidence.actions.collecting import collect_item
from casefiles.evidence.actions.files import Received
from casefiles.evidence.models import Source


def add_collected(
    case: Case,
    *,
    by: Any,
    received: Received,
    kind: str,
    title: str,
    source: Source | None = None,
    purpose: str = "",
    **details: Any,
) -> Exhibit:
    """Add a new item that holds received bytes as the case's next exhibit, in one transaction.

    `details` go to the item as they are; `purpose` stands in its custody.

    Raises:
        NotVisible, NotAllowed: the person may not read, or not edit, the case or the source.
        Refused: the case is closed, or the source is not the case's to name.
        ValidationError: a field does not hold.
    """
    with audit.unit():
        case = writable(case, by=by)
        bring_into(case, [source], by=by)
        item = collect_item(
            by=by,
            circle=Circle.of_case(case),
            received=[received],
            purpose=purpose,
            kind=kind,
            title=title,
            source=source,
            **details,
        )
        return add_exhibit(case, by=by, item=item)
