"""Sources, and the judgements of their reliability."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, require, require_circle, require_covered, void_record
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.evidence.actions._input import only, require_readable, required
from casefiles.evidence.models import Source, SourceReliability

CHANGEABLE = frozenset({"name", "kind", "organisation", "country", "url", "note"})


def add_source(
    *,
    by: Any,
    circle: Circle,
    name: str,
    kind: str,
    organisation: Any = None,
    country: str = "",
    url: str = "",
    note: str = "",
) -> Source:
    """Add who publishes.

    Raises:
        NotAllowed: the person may not add to that circle.
        Refused, ValidationError: a value does not hold, or the organisation is restricted to fewer people.
    """
    values = {"name": name, "kind": kind, "organisation": organisation, "country": country, "url": url, "note": note}
    with audit.unit():
        require_circle(by, circle)
        require_readable(by, [organisation])
        require_covered(circle, [organisation])
        added: Source = add_record(Source(**cleaned(Source, values)), by=by, circle=circle)
    return added


def change_source(source: Source, *, by: Any, version: int, **changes: Any) -> Source:
    """Change a source's own fields; its reliability is judged with `judge_source`.

    Raises:
        StaleVersion: somebody else changed it first.
    """
    only(changes, CHANGEABLE)
    with audit.unit():
        require(by, Act.EDIT, source)
        require_readable(by, [changes.get("organisation")])
        require_covered(Circle.of(source), [changes.get("organisation")])
        change_record(source, by=by, version=version, changes=cleaned(Source, changes))
    return source


def judge_source(
    source: Source, *, by: Any, reliability: str, rationale: str, judged_on: datetime.date
) -> SourceReliability:
    """Add a dated judgement of a source's reliability (A to F); earlier ones stay as its history.

    Raises:
        Refused: the day is in the future, or no reason is given.
    """
    with audit.unit():
        require(by, Act.EDIT, source)
        if judged_on > timezone.now().date():
            raise Refused(_("This day is in the future."), field="judged_on")
        values = cleaned(SourceReliability, {"rationale": required(rationale, field="rationale")})
        judgement = SourceReliability(source=source, reliability=reliability, judged_on=judged_on, **values)
        added: SourceReliability = add_record(judgement, by=by)
    return added


def void_judgement(judgement: SourceReliability, *, by: Any, reason: str) -> None:
    """Withdraw one judgement with a reason; the one before it counts again."""
    void_record(judgement, by=by, reason=reason)


def void_source(source: Source, *, by: Any, reason: str) -> None:
    """Withdraw a source with a reason; its items keep naming it."""
    void_record(source, by=by, reason=reason)
