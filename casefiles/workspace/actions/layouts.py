"""Keeping where somebody put the things of a case's network. It is their own: a viewer may, and a closed case too."""

import math
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import require
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.cases.models import Case
from casefiles.core.refusals import Refused
from casefiles.workspace.models import NetworkLayout

PLACES_AT_MOST, FARTHEST = 1_000, 20_000.0


def save_layout(case: Case, *, by: Any, places: Mapping[str, Any]) -> NetworkLayout:
    """Keep the places of things, by key, in the units of the drawing; what was kept of others before stays kept.

    Raises:
        NotVisible: there is no such case for this person.
        Refused: something is no place, or there are too many.
    """
    checked = {key: _place(key, value) for key, value in places.items()}
    with audit.unit():
        require(by, Act.READ, case)
        held, _is_first = NetworkLayout.objects.get_or_create(user=by, case=case)
        return _keep(held, {**held.places, **checked}, by=by, act="layout saved")


def forget_layout(case: Case, *, by: Any) -> None:
    """Let everything stand again where the drawing puts it; nothing happens where nothing was kept.

    Raises:
        NotVisible: there is no such case for this person.
    """
    with audit.unit():
        require(by, Act.READ, case)
        held = NetworkLayout.objects.visible_to(by).filter(case=case).first()
        if held is not None:
            _keep(held, {}, by=by, act="layout forgotten")


def _place(key: str, value: Any) -> list[float]:
    kind, _colon, identifier = key.partition(":")
    try:
        uuid.UUID(identifier)
        x, y = (round(float(number), 1) for number in value)
    except (ValueError, TypeError) as error:
        raise Refused(_("This is no place in a network.")) from error
    if not kind.isalpha() or len(key) > 60 or not all(math.isfinite(n) and abs(n) <= FARTHEST for n in (x, y)):
        raise Refused(_("This is no place in a network."))
    return [x, y]


def _keep(held: NetworkLayout, places: dict[str, Any], *, by: Any, act: str) -> NetworkLayout:
    if len(places) > PLACES_AT_MOST:
        raise Refused(_("That is too much to keep: forget the layout first."))
    if places == held.places:
        return held
    before, held.places, held.saved_at = len(held.places), places, timezone.now()
    NetworkLayout.objects.filter(pk=held.pk).update(places=places, saved_at=held.saved_at)
    changes = {"places": (before, len(places))}
    # Under its own id and for no circle: where somebody puts things is shown in no history but their own.
    audit.record(by=by, act=act, kind=held._meta.label_lower, record_id=held.pk, compartments=[], changes=changes)
    return held
