"""Opening, changing, closing and reopening a case."""

import datetime
import secrets
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import NotAllowed, add_record, change_record, open_compartment, require, set_closed
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.cases.models import Case, CaseStatus
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.core.versions import plain
from casefiles.evidence.vocabulary import Tlp

# No vowels and no Y, so that no word appears by chance; of 0 and O, 1 and I, 2 and Z, 5 and S, L and 1, neither.
REFERENCE_ALPHABET = "BCDFGHJKMNPQRTVWX346789"
REFERENCE_TRIES = 20

WRITABLE = frozenset({CaseStatus.OPEN, CaseStatus.IN_REVIEW})


def open_case(
    *,
    by: Any,
    title: str,
    question: str = "",
    handling: str = Tlp.AMBER,
    opened_on: datetime.date | None = None,
    summary: str = "",
) -> Case:
    """Open a case with a circle of its own, which `by` leads, and a random reference.

    Raises:
        NotAllowed: the account may not open cases.
        ValidationError: a field does not hold.
    """
    if not (by.is_active and by.may_open_cases):
        raise NotAllowed
    with audit.unit():
        reference = new_reference()
        case = Case(
            reference=reference,
            compartment=open_compartment(name=reference, by=by),
            opened_on=opened_on or timezone.now().date(),
            **cleaned(Case, {"title": title, "question": question, "summary": summary, "handling": handling}),
        )
        return add_record(case, by=by)


def new_reference() -> str:
    """Return a random reference that no case has, such as `CF-K7QM3`."""
    for _attempt in range(REFERENCE_TRIES):
        reference = "CF-" + "".join(secrets.choice(REFERENCE_ALPHABET) for _position in range(5))
        if not Case.objects.filter(reference=reference).exists():
            return reference
    raise ValidationError({"reference": _("No free reference was found. Try again.")})


def change_case(case: Case, *, by: Any, version: int, **changes: Any) -> dict[str, tuple[Any, Any]]:
    """Change a case; a closed one first has to be reopened, which may be the same change.

    Raises:
        Refused: the case is closed and stays so, and something but its status would change.
        StaleVersion: somebody else changed it first.
    """
    with audit.unit():
        require(by, Act.EDIT, case)
        kept = cleaned(Case, changes)
        _refuse_while_closed(Case.objects.locked(case.pk), kept)
        changed = change_record(case, by=by, version=version, changes=kept)
        if "status" in changed:
            set_closed(case.compartment, is_closed=not case.is_writable, by=by)
        return changed


def _refuse_while_closed(current: Case, changes: Mapping[str, Any]) -> None:
    if current.is_writable or changes.get("status", current.status) in WRITABLE:
        return
    differing = [name for name, value in changes.items() if plain(getattr(current, name)) != plain(value)]
    if set(differing) - {"status"}:
        raise Refused(_("This case is closed: reopen it to change it."), field="status")
