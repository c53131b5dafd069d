"""Saying that an approval no longer holds, in the transaction whose change ended it.

Whether it holds is computed (`cases.reviewing`), so that no change can be forgotten; this only tells the history, and
whoever reads it for notifications.
"""

import contextlib
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from casefiles.audit import actions as audit
from casefiles.cases.models import Verdict
from casefiles.cases.reviewing import Basis, differences
from casefiles.cases.selectors.reviews import approvals_that_hold, bases_of, differences_in_words


@contextlib.contextmanager
def telling_reopened(claim_ids: Collection[uuid.UUID], *, by: Any) -> Iterator[None]:
    """Record on each approval that held before and no longer does that its claim is open again, and why.

    Call it inside `audit.unit()`, around the change. `by` may be None, where a case's readers are not to learn who.
    """
    held = approvals_that_hold(claim_ids)
    yield
    if held:
        now = bases_of(held.keys())
        for verdict, found in _ended(held, now):
            _record(verdict, differences_in_words(found), by=by)


def _ended(held: Mapping[uuid.UUID, list[Verdict]], now: Mapping[uuid.UUID, Basis]) -> Iterable[tuple[Verdict, Any]]:
    for claim_id, verdicts in held.items():
        for verdict in verdicts:
            found = differences(Basis.of(verdict.basis), now[claim_id])
            if found:
                yield verdict, found


def _record(verdict: Verdict, why: str, *, by: Any) -> None:
    audit.record(
        by=by,
        act="open again",
        kind=verdict._meta.label_lower,
        record_id=verdict.pk,
        compartments=[verdict.claim.case.compartment_id],
        note=why,
    )
