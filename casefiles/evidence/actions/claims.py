"""What a file says of itself enters the record only when somebody confirms it, one value at a time."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import change_record, require
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.moments import NotUnderstood, parse_moment
from casefiles.core.refusals import Refused
from casefiles.evidence.models import Item, Reading
from casefiles.evidence.readers.terms import ITEM_FIELDS

MOMENTS = frozenset({"occurred", "published", "collected"})


def field_of(claim: Mapping[str, Any]) -> str:
    """Return the item's field that a claim may be confirmed into, or nothing."""
    return ITEM_FIELDS.get(str(claim.get("key", "")), "")


def value_of(claim: Mapping[str, Any]) -> Any:
    """Return a claim's value as the item's field takes it: a Moment, or a text.

    Raises:
        NotUnderstood: it is a time that cannot be read.
    """
    value = claim.get("value")
    text = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value or "")
    return parse_moment(text) if field_of(claim) in MOMENTS else text.strip()


def confirm_claim(reading: Reading, *, by: Any, index: int, version: int) -> Item:
    """Enter one claim into the item's field that it is for; history says from which file and field it came.

    Raises:
        StaleVersion: somebody else changed the item first.
        Refused: there is no such claim, no field for it, or its value cannot be read.
    """
    claim = _claim(reading, index)
    name = field_of(claim)
    if not name:
        raise Refused(_("An item has no field for this value, so there is nothing to confirm it into."))
    try:
        changes = cleaned(Item, {name: value_of(claim)})
    except NotUnderstood as error:
        raise Refused(str(error)) from error
    item: Item = reading.item
    with audit.unit():
        require(by, Act.READ, reading)
        change_record(item, by=by, version=version, changes=changes, act="claim confirmed", note=_note(reading, claim))
    return item


def _claim(reading: Reading, index: int) -> Mapping[str, Any]:
    if 0 <= index < len(reading.claims):
        return reading.claims[index]
    raise Refused(_("The file was read anew meanwhile. Look at what it says, and confirm again."))


def _note(reading: Reading, claim: Mapping[str, Any]) -> str:
    return f"{reading.file.name or reading.file.sha256}: {claim.get('where') or claim.get('key')}"[:500]
