"""What a case is about."""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import bring_into, void_in_case, writable
from casefiles.cases.models import Case, Subject
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.registry.models import Organisation, Person, Place, Vessel

KINDS = ("vessel", "organisation", "person", "place")


def add_subject(
    case: Case,
    *,
    by: Any,
    vessel: Vessel | None = None,
    organisation: Organisation | None = None,
    person: Person | None = None,
    place: Place | None = None,
    role: str = "",
    is_main: bool = False,
    note: str = "",
) -> Subject:
    """Name one vessel, organisation, person or place as a subject of the case.

    Raises:
        Refused: the case is closed, none or several were named, or it is a subject already.
    """
    named = {"vessel": vessel, "organisation": organisation, "person": person, "place": place}
    given = {kind: target for kind, target in named.items() if target is not None}
    if len(given) != 1:
        raise Refused(_("Choose one vessel, organisation, person or place."))
    with audit.unit():
        case = writable(case, by=by)
        bring_into(case, given.values(), by=by)
        _refuse_twice(case, given)
        words = cleaned(Subject, {"role": role, "note": note})
        return add_record(Subject(case=case, is_main=is_main, **words, **given), by=by)


def _refuse_twice(case: Case, given: dict[str, Any]) -> None:
    if Subject.objects.current().filter(case=case, **given).exists():
        kind, target = next(iter(given.items()))
        raise Refused(_("%(name)s is a subject of this case already.") % {"name": target}, field=kind)


def change_subject(subject: Subject, *, by: Any, version: int, **changes: Any) -> dict[str, tuple[Any, Any]]:
    """Change a subject's role, note, or whether it is the main one."""
    with audit.unit():
        writable(subject.case, by=by)
        return change_record(subject, by=by, version=version, changes=cleaned(Subject, changes))


def remove_subject(subject: Subject, *, by: Any, reason: str, version: int | None = None) -> None:
    """Take a subject out of the case, with a reason."""
    void_in_case(subject, by=by, reason=reason, version=version)
