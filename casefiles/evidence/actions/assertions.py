"""Making a record that asserts something, together with the anchor that carries its circle, version and citations."""

from collections.abc import Iterable
from typing import Any

from casefiles.access.actions import require_circle, require_covered
from casefiles.access.circles import Circle
from casefiles.audit import actions as audit
from casefiles.core.validation import answered_by_the_database
from casefiles.core.versions import snapshot
from casefiles.evidence.models import Assertion


def assert_record(record: Any, *, by: Any, circle: Circle, names: Iterable[Any] = (), act: str = "added") -> Any:
    """Insert a record and its assertion in one transaction, and record one event under the record's own kind.

    `names` holds the records it names; each must be visible to every reader of the new one.

    Raises:
        NotAllowed: the person may not add to that circle.
        Refused: a named record is restricted to fewer people.
        ValidationError: a field or constraint does not hold.
    """
    kind = record._meta.label_lower
    with audit.unit():
        require_circle(by, circle)
        require_covered(circle, names)
        with answered_by_the_database():
            record.full_clean(exclude=["assertion", *(f.name for f in record._meta.concrete_fields if f.is_relation)])
        record.assertion = _anchor(kind, by=by, circle=circle)
        record.save(force_insert=True)
        audit.record(
            by=by,
            act=act,
            kind=kind,
            record_id=record.pk,
            compartments=circle.compartment_ids,
            changes={name: (None, value) for name, value in snapshot(record).items()},
        )
    return record


def _anchor(kind: str, *, by: Any, circle: Circle) -> Assertion:
    anchor = Assertion(kind=kind, visibility=circle.visibility, created_by=by)
    anchor.save(force_insert=True)
    if circle.compartments:
        anchor.compartments.set(circle.compartments)
    return anchor
