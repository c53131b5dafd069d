"""Items of evidence: added, described, marked and withdrawn; never deleted."""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import (
    add_record,
    change_record,
    require,
    require_circle,
    require_covered,
    restore_record,
    share,
    void_record,
)
from casefiles.access.circles import Circle
from casefiles.access.models import Compartment
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.moments import Moment
from casefiles.core.refusals import Refused
from casefiles.evidence.actions._input import only, require_readable, required
from casefiles.evidence.actions.custody import record_custody
from casefiles.evidence.actions.holds import refuse_held
from casefiles.evidence.models import Item
from casefiles.evidence.selectors.lineage import parents_of
from casefiles.evidence.vocabulary import CustodyAct, ItemStatus, Lineage, Tlp

CHANGEABLE = frozenset(
    {
        "kind", "title", "source", "author", "language", "occurred", "published", "collected", "url", "archived_urls",
        "place", "licence", "rights_holder", "credit_line", "handling", "summary", "collector", "collection_method",
    }
)  # fmt: skip


def add_item(
    *,
    by: Any,
    circle: Circle,
    kind: str,
    title: str,
    source: Any = None,
    author: str = "",
    language: str = "",
    occurred: Moment | None = None,
    published: Moment | None = None,
    collected: Moment | None = None,
    url: str = "",
    archived_urls: str = "",
    place: Any = None,
    licence: str = "",
    rights_holder: str = "",
    credit_line: str = "",
    handling: str = Tlp.AMBER,
    summary: str = "",
    collector: Any = None,
    collection_method: str = "",
    lineage: str = Lineage.NOT_RECORDED,
    lineage_reason: str = "",
) -> Item:
    """Add one piece of evidence; its bytes follow with `files.attach_file`.

    `collector` is whoever adds it unless somebody else is named. An item that repeats another is added with its lineage
    not recorded and then gets its derivation, which marks it as derived.

    Raises:
        NotAllowed: the person may not add to that circle.
        Refused: its source or place is restricted to fewer people; an origin without a reason; `derived` without a
            derivation; a text that cannot be stored.
        ValidationError: a field does not hold.
    """
    lineage_reason = _reason_of(lineage, lineage_reason)
    values = {
        "kind": kind, "title": title, "source": source, "author": author, "language": language, "occurred": occurred,
        "published": published, "collected": collected, "url": url, "archived_urls": archived_urls, "place": place,
        "licence": licence, "rights_holder": rights_holder, "credit_line": credit_line, "handling": handling,
        "summary": summary, "collector": collector or by, "collection_method": collection_method, "lineage": lineage,
        "lineage_reason": lineage_reason,
    }  # fmt: skip
    with audit.unit():
        require_circle(by, circle)
        require_readable(by, [source, place])
        require_covered(circle, [source, place])
        added: Item = add_record(_described(cleaned(Item, values)), by=by, circle=circle)
    return added


def _described(values: dict[str, Any]) -> Item:
    moments = {name: values.pop(name) for name in ("occurred", "published", "collected")}
    item = Item(**values)
    for name, moment in moments.items():
        setattr(item, name, moment)
    return item


def _reason_of(lineage: str, reason: str) -> str:
    if lineage == Lineage.ORIGIN:
        return required(reason, field="lineage_reason", message=_("Say why this is the origin."))
    if lineage == Lineage.DERIVED:
        raise Refused(_("Say from which item it derives: that marks it as derived."), field="lineage")
    return ""


def change_item(item: Item, *, by: Any, version: int, **changes: Any) -> Item:
    """Change what is known about an item. Its lineage, status and files have actions of their own.

    Raises:
        StaleVersion: somebody else changed it first.
        Refused: it is voided, or a source or place is restricted to fewer people.
    """
    only(changes, CHANGEABLE)
    named = [changes.get("source"), changes.get("place")]
    with audit.unit():
        require(by, Act.EDIT, item)
        require_readable(by, named)
        require_covered(Circle.of(item), named)
        change_record(item, by=by, version=version, changes=cleaned(Item, changes))
    return item


def void_item(item: Item, *, by: Any, reason: str, version: int | None = None) -> None:
    """Withdraw an item with a reason. It stays visible as voided, and counts for nothing.

    Raises:
        ItemHeld: somebody ordered that it stays.
    """
    with audit.unit():
        require(by, Act.EDIT, item)
        refuse_held(Item.objects.locked(item.pk))
        void_record(item, by=by, reason=reason, version=version)
        record_custody(item, act=CustodyAct.VOIDED, by=by, purpose=reason)


def share_item(item: Item, *, compartment: Compartment, by: Any) -> None:
    """Let another circle see an item. Its custody tells that, and not which circle: not all its readers may know of it.

    Raises:
        NotAllowed: the person is no editor where it is held, or may not edit in the other circle.
        Refused: it names a record that the other circle may not see, or derives from one.
    """
    with audit.unit():
        share(item, compartment=compartment, by=by)
        require_covered(Circle.of(item), parents_of(item))
        record_custody(item, act=CustodyAct.TRANSFERRED, by=by, purpose="shared with another circle")


def restore_item(item: Item, *, by: Any, reason: str = "", version: int | None = None) -> None:
    """Take back the withdrawal of an item."""
    with audit.unit():
        restore_record(item, by=by, reason=reason, version=version)
        record_custody(item, act=CustodyAct.RESTORED, by=by, purpose=reason)


def set_status(
    item: Item,
    *,
    by: Any,
    version: int,
    status: str,
    reason: str = "",
    said: Moment | None = None,
    source: str = "",
) -> Item:
    """Mark an item as corrected, retracted, disputed or superseded, with a reason; or as current again.

    `said` and `source` are when and where its publisher, or whoever found it out, said so. What relies on the item
    stands higher: cases mark it through `cases.actions.mark_item`.

    Raises:
        Refused: a mark without a reason.
        StaleVersion: somebody else changed it first.
    """
    reason = reason.strip() if status == ItemStatus.CURRENT else required(reason, field="status_reason")
    changes = {"status": status, "status_reason": reason, "status_said": said, "status_source": source.strip()}
    change_record(item, by=by, version=version, changes=cleaned(Item, changes), act="status set", note=reason)
    return item
