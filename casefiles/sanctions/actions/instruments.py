"""Every change to instruments, their provisions and elements.

What a resolution says is public knowledge: any member may add it, and mark it as read, who may edit somewhere.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, refuse_voided, require_role_anywhere
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.moments import Moment, parse_moment
from casefiles.core.refusals import Refused
from casefiles.sanctions.models import Authority, Element, Instrument, Provision

SEED = Path(__file__).parents[1] / "instruments.toml"


def add_instrument(
    *,
    by: Any,
    authority: Authority,
    key: str,
    name: str,
    adopted: Moment | None = None,
    url: str = "",
    summary: str = "",
    is_verified: bool = False,
    read_in: str = "",
) -> Instrument:
    """Add a resolution, regulation or convention, for every member.

    Raises:
        NotAllowed: the person may edit nowhere.
        Refused: it is said to be read, but not where.
        ValidationError: there is an instrument with that symbol.
    """
    require_role_anywhere(by, Act.EDIT)
    return _add_instrument(
        by=by,
        authority=authority,
        adopted=adopted,
        **{"key": key, "name": name, "url": url, "summary": summary, "is_verified": is_verified, "read_in": read_in},
    )


def change_instrument(instrument: Instrument, *, by: Any, version: int, **changes: Any) -> Instrument:
    """Change any field of `add_instrument` but the authority.

    Raises:
        Refused, StaleVersion, ValidationError: as for adding, and somebody else changed it first.
    """
    _refuse_read_nowhere(instrument, changes)
    change_record(instrument, by=by, version=version, changes=cleaned(Instrument, changes))
    return instrument


def add_provision(
    instrument: Instrument,
    *,
    by: Any,
    title: str,
    bearer: str,
    paragraph: str = "",
    verb: str = "",
    trigger: str = "",
    summary: str = "",
    is_verified: bool = False,
    read_in: str = "",
) -> Provision:
    """Add what one paragraph asks of one kind of duty-bearer; paragraph and verb stay empty until they are known.

    Raises:
        NotAllowed: the person may edit nowhere.
        Refused: the instrument was voided, or it is said to be read, but not where.
        ValidationError: the paragraph binds that kind of bearer already, or there is no such bearer or verb.
    """
    require_role_anywhere(by, Act.EDIT)
    values = {"title": title, "bearer": bearer, "paragraph": paragraph, "verb": verb, "trigger": trigger}
    read = {"summary": summary, "is_verified": is_verified, "read_in": read_in}
    return _add_provision(instrument, by=by, **values, **read)


def change_provision(provision: Provision, *, by: Any, version: int, **changes: Any) -> Provision:
    """Change any field of `add_provision`; it stays in its instrument.

    Raises:
        Refused, StaleVersion, ValidationError: as for adding, and somebody else changed it first.
    """
    _refuse_read_nowhere(provision, changes)
    change_record(provision, by=by, version=version, changes=cleaned(Provision, changes))
    return provision


def add_element(provision: Provision, *, by: Any, text: str, position: int | None = None) -> Element:
    """Add one thing that must hold for the provision to apply; without a place it comes last.

    Raises:
        NotAllowed: the person may edit nowhere.
        Refused: the provision was voided.
    """
    require_role_anywhere(by, Act.EDIT)
    return _add_element(provision, by=by, text=text, position=position)


def change_element(element: Element, *, by: Any, version: int, **changes: Any) -> Element:
    """Change an element's words or its place. Findings made before show that it was reworded after them.

    Raises:
        StaleVersion, ValidationError: somebody else changed it first, or a field does not hold.
    """
    change_record(element, by=by, version=version, changes=cleaned(Element, changes))
    return element


def load_instruments(*, by: Any = None) -> list[Instrument]:
    """Add the instruments of the project's file that are not held yet, and return them; a second time nothing happens.

    What somebody recorded under a symbol stays as it is, also where it was voided. Without `by` it is the
    installation's act.
    """
    rows = tomllib.loads(SEED.read_text("utf-8"))
    with audit.unit():
        # Not through visible_to: instruments are open to every member.
        held = set(Instrument._base_manager.values_list("key", flat=True))
        authority = _authority(rows["authority"], by=by)
        return [_load(row, authority, by=by) for row in rows["instruments"] if row["key"] not in held]


def _authority(row: dict[str, str], *, by: Any) -> Authority:
    known = Authority._base_manager.filter(name=row["name"]).first()
    return known or add_record(Authority(**cleaned(Authority, row)), by=by)


def _load(row: dict[str, Any], authority: Authority, *, by: Any) -> Instrument:
    plain = {name: value for name, value in row.items() if name not in {"provisions", "adopted"}}
    adopted = parse_moment(row["adopted"]) if "adopted" in row else None
    instrument = _add_instrument(by=by, authority=authority, adopted=adopted, **plain)
    for provision in row["provisions"]:
        words = {name: value for name, value in provision.items() if name != "elements"}
        added = _add_provision(instrument, by=by, **words)
        _add_elements(added, provision["elements"], by=by)
    return instrument


def _add_elements(provision: Provision, texts: Iterable[str], *, by: Any) -> None:
    for position, text in enumerate(texts, start=1):
        _add_element(provision, by=by, text=text, position=position)


def _add_instrument(*, by: Any, authority: Authority, adopted: Moment | None, **values: Any) -> Instrument:
    instrument = Instrument(authority=authority, **cleaned(Instrument, values))
    instrument.adopted = adopted
    _refuse_read_nowhere(instrument, values)
    return add_record(instrument, by=by)


def _add_provision(instrument: Instrument, *, by: Any, **values: Any) -> Provision:
    refuse_voided(instrument)
    provision = Provision(instrument=instrument, **cleaned(Provision, values))
    _refuse_read_nowhere(provision, values)
    return add_record(provision, by=by)


def _add_element(provision: Provision, *, by: Any, text: str, position: int | None = None) -> Element:
    refuse_voided(provision)
    if position is None:
        last = Element._base_manager.filter(provision=provision).aggregate(last=Max("position"))["last"] or 0
        position = last + 1
    return add_record(Element(provision=provision, position=position, **cleaned(Element, {"text": text})), by=by)


def _refuse_read_nowhere(record: Instrument | Provision, changes: dict[str, Any]) -> None:
    """Refuse a text that is said to be read in the original, by nobody knows which copy of it."""
    is_verified = changes.get("is_verified", record.is_verified)
    read_in = changes.get("read_in", record.read_in)
    if is_verified and not read_in.strip():
        raise Refused(_("Say where the primary text was read: the document and its address."), field="read_in")
