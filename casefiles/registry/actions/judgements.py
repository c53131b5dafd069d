"""Judging whether two anchors are one: the same, different, or unsure, with a reason. Nothing else is written.

Voiding a judgement takes it back, and all is as it was: no row was ever moved.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from casefiles.access.actions import (
    add_record,
    change_record,
    refuse_voided,
    require,
    require_circle,
    require_covered,
    restore_record,
)
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.folding import UnsafeText, clean_text
from casefiles.core.refusals import Refused
from casefiles.registry.models import JUDGEMENTS, OWN_NUMBERS, Judgement, Verdict


def judge(
    first: Any, second: Any, *, by: Any, circle: Circle, verdict: str, reason: str, standing: Any = None
) -> Judgement:
    """Record whether two anchors of one kind are the same; `standing` is the one whose page then answers for both.

    Raises:
        Refused: it was judged in this circle already, no reason is given, one of them is restricted to fewer people
            than the judgement, or they cannot be one: each bears an official number of its own.
        NotVisible, NotAllowed: both must be readable, and the circle writable.
        ValidationError: there is no such verdict.
    """
    model: Any = JUDGEMENTS[type(first)]
    low, high = sorted((first, second), key=lambda anchor: anchor.pk)
    with audit.unit():
        for anchor in (first, second):
            require(by, Act.READ, anchor)
            refuse_voided(anchor)
        require_circle(by, circle)
        require_covered(circle, (first, second))
        # Whoever judges the same pair at this moment waits, and is then told of this one.
        type(first).objects.locked(low.pk)
        judgement = model(first=low, second=high, **_checked(low, high, verdict, reason, standing))
        _refuse_second(judgement, circle, by=by)
        added: Judgement = add_record(judgement, by=by, circle=circle)
    return added


def change_judgement(judgement: Any, *, by: Any, version: int, **changes: Any) -> dict[str, tuple[Any, Any]]:
    """Change the verdict, the reason or which one stands.

    Raises:
        Refused: as for a new one.
        StaleVersion, NotAllowed, NotVisible.
    """
    given = {name: changes.get(name, getattr(judgement, name)) for name in ("verdict", "reason", "standing")}
    with audit.unit():
        require(by, Act.EDIT, judgement)
        first, second = judgement.pair
        checked = _checked(first, second, given["verdict"], given["reason"], given["standing"])
        return change_record(judgement, by=by, version=version, changes=checked)


def restore_judgement(judgement: Any, *, by: Any, reason: str = "") -> None:
    """Take back the voiding of a judgement, by the rules for a new one.

    Raises:
        Refused: it was judged anew in this circle meanwhile, or they cannot be one by now.
    """
    with audit.unit():
        require(by, Act.EDIT, judgement)
        type(judgement.first).objects.locked(judgement.first_id)
        _refuse_second(judgement, Circle.of(judgement), by=by)
        first, second = judgement.pair
        _checked(first, second, judgement.verdict, judgement.reason, judgement.standing)
        restore_record(judgement, by=by, reason=reason)


def _checked(first: Any, second: Any, verdict: str, reason: str, standing: Any) -> dict[str, Any]:
    """Return what a judgement on this pair may hold."""
    if first.pk == second.pk:
        raise Refused(_("That is this one itself: choose another one."), field="other")
    text = _cleaned(reason)
    if verdict != Verdict.SAME:
        return {"verdict": verdict, "reason": text, "standing": None}
    _refuse_two_numbers(first, second)
    _check_standing(first, second, standing)
    return {"verdict": verdict, "reason": text, "standing": standing}


def _cleaned(reason: str) -> str:
    try:
        text = clean_text(reason).strip()
    except UnsafeText as error:
        raise ValidationError({"reason": str(error.reason)}) from error
    if not text:
        raise Refused(_("Say why: the reason stays with the judgement."), field="reason")
    return text


def _numbers(*anchors: Any) -> list[str]:
    field = OWN_NUMBERS.get(type(anchors[0]), "")
    return [getattr(anchor, field, None) or "" for anchor in anchors]


def _refuse_two_numbers(first: Any, second: Any) -> None:
    numbers = _numbers(first, second)
    if all(numbers):
        text = _(
            "Each of them bears an official number of its own, %(first)s and %(second)s, and such a number never "
            "passes to another: they are different, or you are unsure. Where one number is wrong, correct it first."
        )
        raise Refused(text % {"first": numbers[0], "second": numbers[1]}, field="verdict")


def _check_standing(first: Any, second: Any, standing: Any) -> None:
    if standing not in (first, second):
        raise Refused(_("Say whose page answers for both."), field="standing")
    numbers = _numbers(first, second)
    numbered = next((anchor for anchor, number in zip((first, second), numbers, strict=True) if number), standing)
    if standing != numbered:
        text = _("“%(anchor)s” bears an official number, by which everybody finds it: its page answers for both.")
        raise Refused(text % {"anchor": numbered}, field="standing")


def _refuse_second(judgement: Judgement, circle: Circle, *, by: Any) -> None:
    """Refuse a second judgement on a pair for the same readers. What other circles judged is theirs to know."""
    known = type(judgement).objects.visible_to(by).current().exclude(pk=judgement.pk)
    pair = {"first": judgement.first_id, "second": judgement.second_id}  # type: ignore[attr-defined]
    readers = circle.visibility, set(circle.compartment_ids)
    for other in known.filter(**pair).prefetch_related("compartments"):
        held = Circle.of(other)
        if (held.visibility, set(held.compartment_ids)) == readers:
            text = _("These two were judged for these readers already: %(verdict)s. Change that judgement.")
            raise Refused(text % {"verdict": other.get_verdict_display()}, field="other")
