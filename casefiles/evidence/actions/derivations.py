"""Where an item comes from, and which origins are independent of each other."""

from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import (
    add_record,
    change_record,
    refuse_voided,
    require,
    require_covered,
    restore_record,
    void_record,
)
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.evidence.actions._input import required
from casefiles.evidence.models import Derivation, Independence, Item
from casefiles.evidence.origins import would_cycle
from casefiles.evidence.selectors.lineage import ancestry
from casefiles.evidence.vocabulary import Lineage


def add_derivation(child: Item, *, by: Any, parent: Item, kind: str, passage: str = "") -> Derivation:
    """Record that `child` repeats `parent`, and mark the child as derived.

    Raises:
        NotVisible, NotAllowed: both ends must be readable, and the child writable.
        Refused: it would close a circle, was said already, or the parent is restricted to fewer people.
    """
    with audit.unit():
        require(by, Act.EDIT, child)
        require(by, Act.READ, parent)
        require_covered(Circle.of(child), [parent])
        _refuse_derivation(child, parent, kind)
        values = cleaned(Derivation, {"kind": kind, "passage": passage})
        added: Derivation = add_record(Derivation(child=child, parent=parent, **values), by=by)
        _mark(child, Lineage.DERIVED, by=by)
    return added


def void_derivation(derivation: Derivation, *, by: Any, reason: str) -> None:
    """Withdraw a derivation with a reason; without any other, the child's lineage is not recorded again."""
    with audit.unit():
        void_record(derivation, by=by, reason=reason)
        if not _standing(derivation.child).exists():
            _mark(derivation.child, Lineage.NOT_RECORDED, by=by)


def restore_derivation(derivation: Derivation, *, by: Any, reason: str = "") -> None:
    """Take back the withdrawal of a derivation, by the rules for a new one.

    Raises:
        Refused: it would close a circle by now, or was said anew meanwhile.
    """
    child, parent = derivation.child, derivation.parent
    with audit.unit():
        require(by, Act.EDIT, derivation)
        _refuse_derivation(child, parent, derivation.kind)
        restore_record(derivation, by=by, reason=reason)
        _mark(child, Lineage.DERIVED, by=by)


def _refuse_derivation(child: Item, parent: Item, kind: str) -> None:
    _lock_upwards(child, parent)
    refuse_voided(child)
    refuse_voided(parent)
    _refuse_circle(child, parent)
    if _standing(child).filter(parent=parent, kind=kind).exists():
        raise Refused(_("This is recorded already."), field="parent")


def _standing(child: Item) -> Any:
    return Derivation.objects.current().filter(child=child)


def _lock_upwards(child: Item, parent: Item) -> None:
    """Lock the child and all that the parent comes from, in one order.

    Of two writers whose derivations would close a circle together, each needs a row of the other's: the second waits,
    and then sees the first one's derivation. SQLite's writers queue anyway.
    """
    ids = {child.pk, *ancestry([parent.pk], Derivation.objects.current())}
    list(Item.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))


def _refuse_circle(child: Item, parent: Item) -> None:
    if would_cycle(child.pk, parent.pk, ancestry([parent.pk], Derivation.objects.current())):
        raise Refused(
            _("This would close a circle: “%(parent)s” is, or comes from, “%(child)s”.")
            % {"parent": parent, "child": child},
            field="parent",
        )


def _mark(item: Item, lineage: str, *, by: Any) -> None:
    version = Item.objects.values_list("version", flat=True).get(pk=item.pk)
    change_record(item, by=by, version=version, changes={"lineage": lineage, "lineage_reason": ""}, act="lineage set")
    item.refresh_from_db(fields=["version", "lineage", "lineage_reason"])


def set_lineage(item: Item, *, by: Any, version: int, lineage: str, reason: str = "") -> Item:
    """Say whether an item is an origin, with a reason, or that its lineage is not recorded.

    Raises:
        Refused: an origin without a reason; `derived` without a derivation; anything else while a derivation stands.
        StaleVersion: somebody else changed it first.
    """
    with audit.unit():
        require(by, Act.EDIT, item)
        _refuse_contradiction(lineage, is_derived=_standing(item).exists())
        said = ""
        if lineage == Lineage.ORIGIN:
            said = required(reason, field="lineage_reason", message=_("Say why this is the origin."))
        changes = cleaned(Item, {"lineage": lineage, "lineage_reason": said})
        change_record(item, by=by, version=version, changes=changes, act="lineage set", note=said)
    return item


def _refuse_contradiction(lineage: str, *, is_derived: bool) -> None:
    if lineage == Lineage.DERIVED and not is_derived:
        raise Refused(_("Say from which item it derives: that marks it as derived."), field="lineage")
    if lineage != Lineage.DERIVED and is_derived:
        raise Refused(_("A derivation says that it repeats another item. Void that first."), field="lineage")


def sign_independence(first: Item, second: Item, *, by: Any, reason: str) -> Independence:
    """Sign, with a reason, that two origins are independent of each other. The pair has no order.

    Raises:
        Refused: one of them is not marked as an origin, they are the same, or the pair is signed already.
    """
    with audit.unit():
        for item in (first, second):
            require(by, Act.EDIT, item)
            refuse_voided(item)
        _refuse_pair(first, second)
        low, high = sorted((first, second), key=lambda item: item.pk)
        said = cleaned(Independence, {"reason": required(reason, field="reason")})
        added: Independence = add_record(Independence(first=low, second=high, **said), by=by)
    return added


def _refuse_pair(first: Item, second: Item) -> None:
    if first.pk == second.pk:
        raise Refused(_("An item is not independent of itself: choose another one."), field="second")
    low, high = sorted((first.pk, second.pk))
    if Independence.objects.current().filter(first_id=low, second_id=high).exists():
        raise Refused(_("This pair is signed already."), field="second")
    origins = Item.objects.filter(pk__in=[low, high], lineage=Lineage.ORIGIN).values_list("pk", flat=True)
    for item, field in ((first, "first"), (second, "second")):
        if item.pk not in set(origins):
            text = _("“%(item)s” is not marked as an origin: only origins can be independent of each other.")
            raise Refused(text % {"item": item}, field=field)


def void_independence(independence: Independence, *, by: Any, reason: str) -> None:
    """Withdraw a signature of independence with a reason."""
    void_record(independence, by=by, reason=reason)


def restore_independence(independence: Independence, *, by: Any, reason: str = "") -> None:
    """Take back the withdrawal of a signature, by the rules for a new one.

    Raises:
        Refused: one of the two is no origin any more, or the pair was signed anew meanwhile.
    """
    with audit.unit():
        require(by, Act.EDIT, independence)
        _refuse_pair(independence.first, independence.second)
        restore_record(independence, by=by, reason=reason)
