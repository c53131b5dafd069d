"""Saying, with a source, whether AIS of others was received near a ship while nothing was received of it."""

from typing import Any

from casefiles.access.actions import change_record, require
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.evidence.actions.assertions import assert_record
from casefiles.evidence.actions.citations import cite
from casefiles.evidence.models import Item
from casefiles.evidence.vocabulary import Basis
from casefiles.voyages.models import CoverageStatement, TrackEvent


def state_coverage(
    event: TrackEvent,
    *,
    by: Any,
    answer: str,
    item: Item,
    locator: str = "",
    quote: str = "",
    basis: str = Basis.DOCUMENT,
    note: str = "",
) -> CoverageStatement:
    """Say whether there was coverage in the time of an event, and cite what shows it, as one change.

    It is said of the event as it was first decided about, so that later runs which find the same have it too.

    Raises:
        NotAllowed, NotVisible: the event must be writable and the item readable.
        Refused: the item is voided or restricted to fewer people, or the locator names no place in it.
        ValidationError: a field does not hold.
    """
    values = cleaned(CoverageStatement, {"answer": answer, "basis": basis, "note": note})
    with audit.unit():
        require(by, Act.EDIT, event)
        statement: CoverageStatement = assert_record(
            CoverageStatement(event=event.decided_in or event, **values), by=by, circle=Circle.of(event.run)
        )
        cite(statement, by=by, item=item, locator=locator, quote=quote)
    return statement


def change_coverage(statement: CoverageStatement, *, by: Any, version: int, **changes: Any) -> CoverageStatement:
    """Change what is said, its basis or its note; what is cited for it is changed on its citations.

    Raises:
        StaleVersion: somebody else changed it first.
    """
    change_record(statement, by=by, version=version, changes=cleaned(CoverageStatement, changes))
    return statement
