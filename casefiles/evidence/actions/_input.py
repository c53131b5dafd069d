"""What every action of this package does with its input before it is stored."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import require
from casefiles.access.rules import Act
from casefiles.core.refusals import Refused


def required(text: str, *, field: str, message: Any = None) -> str:
    """Return the text trimmed.

    Raises:
        Refused: nothing was said.
    """
    said = text.strip()
    if not said:
        raise Refused(message or _("Say why: the reason stays with the record."), field=field)
    return said


def require_readable(user: Any, records: Iterable[Any]) -> None:
    """Return only where `user` may read every record that is named; None names nothing.

    Raises:
        NotVisible: one of them does not exist for this person.
    """
    for record in records:
        if record is not None:
            require(user, Act.READ, record)


def only(changes: Mapping[str, Any], allowed: frozenset[str]) -> None:
    """Refuse, as a mistake of the caller, fields that are not changed this way."""
    unknown = set(changes) - allowed
    if unknown:
        raise TypeError(f"Not changed this way: {', '.join(sorted(unknown))}.")
