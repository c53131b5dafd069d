"""How far somebody has looked through a case. It is their own: nobody else sees it, and nothing counts it."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from casefiles.access.actions import require
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.cases.models import Case, LookedAt


def mark_looked_at(case: Case, *, by: Any, until: datetime | None = None) -> LookedAt:
    """Take what happened in a case as seen: up to the time at which the page was drawn, else up to now.

    Never later than now, and never back: a page that was left open does not bring old news again. A closed case, too.

    Raises:
        NotVisible: there is no such case for this person.
    """
    with audit.unit():
        require(by, Act.READ, case)
        now = timezone.now()
        at = min(until or now, now)
        held, is_first = LookedAt.objects.get_or_create(case=case, user=by, defaults={"seen_at": at})
        before = None if is_first else held.seen_at
        if is_first or at > held.seen_at:
            LookedAt.objects.filter(pk=held.pk).update(seen_at=at)
            held.seen_at = at
            _record(held, before, by=by)
        return held


def _record(held: LookedAt, before: datetime | None, *, by: Any) -> None:
    # In no circle: that somebody looked is for nobody in the case to read.
    changes = {"seen_at": (before.isoformat() if before else None, held.seen_at.isoformat())}
    kind = held._meta.label_lower
    audit.record(by=by, act="looked at", kind=kind, record_id=held.pk, compartments=[], changes=changes)
