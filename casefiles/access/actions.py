"""Asking whether somebody may act, and the few ways in which any record is made, changed or voided.

Every app's actions come through here, so that permission, version, visibility and the audit event cannot be forgotten.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.circles import Circle
from casefiles.access.models import Compartment, Membership, Record, Restricted
from casefiles.access.querysets import ByCompartment
from casefiles.access.rules import ROLES_FOR, Act, Role, Visibility
from casefiles.audit import actions as audit
from casefiles.core.refusals import Refused
from casefiles.core.validation import answered_by_the_database
from casefiles.core.versions import save_changes, snapshot


class NotVisible(Exception):
    """The record does not exist for this person: answered like an id that never existed."""


class NotAllowed(Exception):
    """The person may read the record but not do this with it."""


class CircleClosed(Refused):
    """Every circle through which the person could do this belongs to a closed case."""

    code = "closed"

    def __init__(self) -> None:
        super().__init__(_("This belongs to a closed case: reopen the case to change it."))


def may(user: Any, act: Act, record: models.Model) -> bool:
    """Say whether `user` may do `act` on `record`: the same condition as `visible_to`, on one row."""
    return bool(type(record).objects.visible_to(user, act).filter(pk=record.pk).exists())  # type: ignore[attr-defined]


def require(user: Any, act: Act, record: models.Model) -> None:
    """Return only where `user` may do `act` on `record`.

    Raises:
        NotVisible: they may not even read it.
        NotAllowed: they may read it.
        CircleClosed: they might, were its case not closed.
    """
    if may(user, act, record):
        if is_closed_to(user, act, record):
            raise CircleClosed
        return
    if act is Act.READ or not may(user, Act.READ, record):
        raise NotVisible
    raise NotAllowed


def may_now(user: Any, act: str, record: models.Model) -> bool:
    """Say whether `user` may do `act` on `record` and no closed case stands in the way: what a page offers."""
    return may(user, Act(act), record) and not is_closed_to(user, Act(act), record)


def is_closed_to(user: Any, act: Act, record: models.Model) -> bool:
    """Say whether `user` could do `act` on `record` through closed circles alone.

    What a case itself holds asks the case; this answers for records with a circle of their own, such as an item.
    """
    if act in (Act.READ, Act.COMMENT):
        return False
    return any(_is_shut(holder, user, act) for holder in _holders(record))


def _holders(record: models.Model) -> Iterable[Restricted]:
    """Return the records whose circles decide on this one: itself, or those that its rules lead to."""
    for rule in record.visibility_rules:  # type: ignore[attr-defined]
        path = getattr(rule, "path", None)
        if path is None or isinstance(rule, ByCompartment):
            continue
        holder: Any = reduce(getattr, filter(None, path.split("__")), record)
        yield holder


def _is_shut(holder: Restricted, user: Any, act: Act) -> bool:
    if holder.visibility == Visibility.OPEN:
        return False
    through = Membership.objects.filter(user=user, role__in=ROLES_FOR[act], compartment__closed_at=None)
    are_open = holder.compartments.annotate(
        is_open_to_them=models.Exists(through.filter(compartment_id=models.OuterRef("pk")))
    )
    answers = list(are_open.values_list("is_open_to_them", flat=True))
    return bool(answers) and not any(answers)


def set_closed(compartment: Compartment, *, is_closed: bool, by: Any) -> None:
    """Shut a circle with its case, or open it again."""
    with audit.unit():
        require(by, Act.EDIT, compartment)
        current: Compartment = Compartment.objects.locked(compartment.pk)
        if (current.closed_at is not None) == is_closed:
            return
        changes = {"closed_at": timezone.now() if is_closed else None}
        _mark(current, by=by, version=None, changes=changes, act="closed" if is_closed else "reopened", note="")


def holds_role_anywhere(user: Any, act: Act) -> bool:
    """Say whether `user` may do `act` in at least one compartment: what adding to the shared registry needs."""
    if not user.is_active:
        return False
    return Membership.objects.filter(user=user, role__in=ROLES_FOR[act]).exists()


def require_role_anywhere(user: Any, act: Act) -> None:
    if not holds_role_anywhere(user, act):
        raise NotAllowed


def compartments_of(record: models.Model) -> list[Any]:
    """Return the ids of the compartments whose readers may see what was done to this record."""
    if getattr(record, "tells_nobody", False):
        return []
    if isinstance(record, Compartment):
        return [record.pk]
    if isinstance(record, Restricted):
        return list(record.compartments.values_list("pk", flat=True))
    # The case first: an exhibit's item may be shared with other cases, whose readers are told nothing of this one.
    case = getattr(record, "case", None) or record
    if identifier := getattr(case, "compartment_id", None):
        return [identifier]
    for name in ("assertion", "item", "child", "source", "first", "run"):
        holder = getattr(record, name, None)
        if isinstance(holder, Restricted):
            return compartments_of(holder)
    return []


def add_record(
    record: Record,
    *,
    by: Any,
    circle: Circle | None = None,
    act: str = "added",
    note: str = "",
) -> Any:
    """Validate and insert a record with its circle, and record the event; the caller has asked `require`.

    Raises:
        ValidationError: a field or constraint does not hold, named by field.
    """
    record.created_by = by
    if isinstance(record, Restricted) and circle:
        record.visibility = circle.visibility
    with audit.unit():
        _insert(record)
        if isinstance(record, Restricted) and circle:
            record.compartments.add(*circle.compartments)
        changes = {name: (None, value) for name, value in snapshot(record).items() if name != "created_by"}
        audit.record(
            by=by,
            act=act,
            kind=record._meta.label_lower,
            record_id=record.pk,
            compartments=_compartments_of_new(record, circle),
            changes=changes,
            note=note,
        )
    return record


def _compartments_of_new(record: Record, circle: Circle | None) -> list[Any]:
    """Return what `compartments_of` would, of a record that was put into its circle a moment ago."""
    if isinstance(record, Restricted) and circle and not getattr(record, "tells_nobody", False):
        return list(dict.fromkeys(circle.compartment_ids))
    return compartments_of(record)


def _insert(record: models.Model) -> None:
    """Insert a record; constraints are the database's to hold, and asked about one by one only where it refuses.

    To ask before as well would cost a query or three for each, and hold nothing: somebody may be faster.
    """
    record.full_clean(exclude=_unchecked(record), validate_constraints=False)
    try:
        # A savepoint, so that a refusal leaves the transaction usable.
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError:
        _check(record)
        raise


def _check(record: models.Model) -> None:
    """Validate a record as Django does, but for the existence of what it points at.

    Django would leave out every constraint that names a left-out field; what may exist only once is checked here all
    the same.
    """
    record.full_clean(exclude=_unchecked(record), validate_constraints=False)
    with answered_by_the_database():
        record.validate_constraints()


def _unchecked(record: models.Model) -> set[str]:
    """Leave out what costs a query each: foreign keys, whose rows were read through `visible_to`, and random keys."""
    return {field.name for field in record._meta.concrete_fields if field.is_relation or field.primary_key}


def change_record(
    record: Any,
    *,
    by: Any,
    version: int,
    changes: Mapping[str, Any],
    beside: Mapping[str, tuple[Any, Any]] | None = None,
    act: str = "changed",
    note: str = "",
    needs: Act = Act.EDIT,
) -> dict[str, tuple[Any, Any]]:
    """Require the right to edit, save `changes` at `version`, and record the event with old and new values.

    Another right may be what it `needs`: comments are written by whoever reads.

    `beside` holds the old and new values of what the caller changes beside the record's own columns, in the same unit:
    a port call's candidates. Returns what really changed; nothing is written or recorded where nothing did.

    Raises:
        StaleVersion: somebody else changed it first.
        ValidationError: a field or constraint does not hold.
    """
    with audit.unit():
        require(by, needs, record)
        refuse_voided(record)
        _validate(record, changes)
        changed = _saved(record, version=version, changes=dict(changes), is_touched=bool(beside))
        changed.update(beside or {})
        if changed:
            audit.record(
                by=by,
                act=act,
                kind=record._meta.label_lower,
                record_id=record.pk,
                compartments=compartments_of(record),
                changes=changed,
                note=note,
            )
    return changed


def _saved(record: Any, *, version: int, changes: dict[str, Any], is_touched: bool) -> dict[str, tuple[Any, Any]]:
    """Save, and say which value somebody else took first where that race is lost."""
    try:
        # A savepoint, so that the transaction stays usable.
        with transaction.atomic():
            return save_changes(record, version=version, changes=changes, is_touched=is_touched)
    except IntegrityError:
        _validate(record, changes)
        raise


def _validate(record: Any, changes: Mapping[str, Any]) -> None:
    trial = type(record)._base_manager.get(pk=record.pk)
    for name, value in changes.items():
        setattr(trial, name, value)
    _check(trial)


def void_record(record: Any, *, by: Any, reason: str, version: int | None = None, needs: Act = Act.EDIT) -> None:
    """Withdraw a record with a reason. It stays, marked; nothing is deleted.

    Raises:
        Refused: no reason was given, or it is voided already.
    """
    if not reason.strip():
        raise Refused(_("Say why: the reason stays with the record."), field="reason")
    with audit.unit():
        require(by, needs, record)
        record = record.version_holder
        refuse_voided(record)
        changes = {"voided_at": timezone.now(), "voided_by_id": by.pk, "void_reason": reason.strip()}
        _mark(record, by=by, version=version, changes=changes, act="voided", note=reason.strip())


def restore_record(
    record: Any, *, by: Any, reason: str = "", version: int | None = None, needs: Act = Act.EDIT
) -> None:
    """Take back a voiding.

    Raises:
        ValidationError: what may exist only once was made anew meanwhile.
    """
    with audit.unit():
        require(by, needs, record)
        record = record.version_holder
        changes = {"voided_at": None, "voided_by_id": None, "void_reason": ""}
        _validate(record, changes)
        _mark(record, by=by, version=version, changes=changes, act="restored", note=reason)


def _mark(record: Record, *, by: Any, version: int | None, changes: dict[str, Any], act: str, note: str) -> None:
    if version is None:
        version = type(record)._base_manager.values_list("version", flat=True).get(pk=record.pk)
    changed = save_changes(record, version=version, changes=changes)
    audit.record(
        by=by,
        act=act,
        kind=record._meta.label_lower,
        record_id=record.pk,
        compartments=compartments_of(record),
        changes=changed,
        note=note,
    )


def refuse_voided(record: Any) -> None:
    holder = record.version_holder
    voided = type(holder)._base_manager.filter(pk=holder.pk, voided_at__isnull=False).exists()
    if voided:
        raise Refused(_("This record was voided. Restore it before changing it."))


def require_circle(user: Any, circle: Circle) -> None:
    """Return only where `user` may add to every compartment of `circle`; what everybody sees needs the role somewhere.

    Raises:
        NotAllowed: they may not.
        CircleClosed: the case of one of them is closed.
    """
    if not circle.compartments:
        require_role_anywhere(user, Act.EDIT)
        return
    held = Compartment.objects.visible_to(user, Act.EDIT).filter(pk__in=circle.compartment_ids)
    closings = list(held.values_list("closed_at", flat=True))
    if len(closings) < len(set(circle.compartment_ids)):
        raise NotAllowed
    if any(closings):
        raise CircleClosed


def require_covered(circle: Circle, names: Iterable[Any]) -> None:
    """Refuse a record that would name something which some of its own readers may not see.

    `circle` is that of the record; a name is a Restricted record, one anchored to an assertion, or None.

    Raises:
        Refused: the record's compartments are not a subset of the named one's, which is not open either.
    """
    readers = set(circle.compartment_ids)
    for target in names:
        holder = getattr(target, "assertion", target)
        if not isinstance(holder, Restricted) or holder.visibility == Visibility.OPEN:
            continue
        held = set(holder.compartments.values_list("pk", flat=True))
        if circle.visibility == Visibility.OPEN or not readers <= held:
            raise Refused(
                _("“%(target)s” is restricted to fewer people than this record. Share it first, or narrow this record.")
                % {"target": target}
            )


def named_by(record: models.Model) -> list[Restricted]:
    """Return the records with a circle of their own that a record's columns name: an item's source and place."""
    named = [getattr(record, field.name) for field in record._meta.concrete_fields if field.many_to_one]
    return [target for target in named if isinstance(target, Restricted)]


def open_compartment(*, name: str, by: Any) -> Compartment:
    """Make a new circle whose lead is `by`."""
    with audit.unit():
        compartment = add_record(Compartment(name=name), by=by)
        membership = Membership.objects.create(compartment=compartment, user=by, role=Role.LEAD)
        _record_membership(membership, by=by, act="joined", old=None)
    return compartment


def set_role(*, compartment: Compartment, user: Any, role: str, by: Any) -> Membership:
    """Add `user` to a circle, or change their role; the last lead keeps theirs.

    Raises:
        Refused: this would leave the circle without a lead.
        ValidationError: there is no such role.
    """
    if role not in Role.values:
        raise ValidationError({"role": _("There is no such role.")})
    with audit.unit():
        require(by, Act.MANAGE, compartment)
        Compartment.objects.locked(compartment.pk)
        membership = Membership.objects.filter(compartment=compartment, user=user).first()
        old = membership.role if membership else None
        if old == Role.LEAD and role != Role.LEAD:
            _keep_a_lead(compartment)
        if membership is None:
            membership = Membership.objects.create(compartment=compartment, user=user, role=role)
        else:
            Membership.objects.filter(pk=membership.pk).update(role=role)
            membership.role = role
        _record_membership(membership, by=by, act="joined" if old is None else "role changed", old=old)
    return membership


def set_unmasking(*, compartment: Compartment, user: Any, may_unmask: bool, by: Any) -> Membership:
    """Give somebody in a circle the right to see protected identities of its sources, or take it away (R11).

    Raises:
        Refused: the person is not in the circle.
    """
    with audit.unit():
        require(by, Act.MANAGE, compartment)
        Compartment.objects.locked(compartment.pk)
        membership = Membership.objects.filter(compartment=compartment, user=user).first()
        if membership is None:
            raise Refused(_("This person is not in the team."))
        old = membership.may_unmask
        if old == may_unmask:
            return membership
        Membership.objects.filter(pk=membership.pk).update(may_unmask=may_unmask)
        membership.may_unmask = may_unmask
        audit.record(
            by=by,
            act="right to identities set",
            kind=membership._meta.label_lower,
            record_id=membership.pk,
            compartments=[compartment.pk],
            changes={"may_unmask": (old, may_unmask), "user": (None, str(user.pk))},
        )
    return membership


def remove_member(*, compartment: Compartment, user: Any, by: Any) -> None:
    """Take `user` out of a circle; it takes effect at their next request. Everybody may leave one by themselves.

    Raises:
        Refused: they are the last lead.
    """
    with audit.unit():
        require(by, Act.READ if by == user else Act.MANAGE, compartment)
        Compartment.objects.locked(compartment.pk)
        membership = Membership.objects.filter(compartment=compartment, user=user).first()
        if membership is None:
            return
        if membership.role == Role.LEAD:
            _keep_a_lead(compartment)
        audit.record(
            by=by,
            act="left",
            kind=membership._meta.label_lower,
            record_id=membership.pk,
            compartments=[compartment.pk],
            changes={"role": (membership.role, None), "user": (str(user.pk), None)},
        )
        Membership.objects.filter(pk=membership.pk).delete()


def _keep_a_lead(compartment: Compartment) -> None:
    if Membership.objects.filter(compartment=compartment, role=Role.LEAD).count() < 2:
        raise Refused(_("A case needs a lead: make somebody else lead first."))


def _record_membership(membership: Membership, *, by: Any, act: str, old: str | None) -> None:
    audit.record(
        by=by,
        act=act,
        kind=membership._meta.label_lower,
        record_id=membership.pk,
        compartments=[membership.compartment_id],
        changes={"role": (old, membership.role), "user": (None, str(membership.user_id))},
    )


def share(record: Restricted, *, compartment: Compartment, by: Any) -> None:
    """Let another circle see a record: needs the editor's role in a circle that holds it, and edit in the new one.

    Raises:
        Refused: it names a record that the other circle may not see.
    """
    with audit.unit():
        require(by, Act.REVIEW, record)
        require(by, Act.EDIT, compartment)
        if Compartment.objects.filter(pk=compartment.pk, closed_at__isnull=False).exists():
            raise CircleClosed
        before = sorted(str(pk) for pk in compartments_of(record))
        record.compartments.add(compartment)
        require_covered(Circle.of(record), named_by(record))
        after = sorted(str(pk) for pk in compartments_of(record))
        audit.record(
            by=by,
            act="shared",
            kind=record._meta.label_lower,
            record_id=record.pk,
            compartments=compartments_of(record),
            changes={"compartments": (before, after)},
        )
