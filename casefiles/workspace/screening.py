"""What a screening is to look for, put together from the apps that know it."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.circles import Circle
from casefiles.cases.models import Case
from casefiles.cases.selectors import subjects
from casefiles.core.refusals import Refused
from casefiles.registry.models import Vessel
from casefiles.registry.selectors import groups_of
from casefiles.sanctions.actions.screening import screen
from casefiles.sanctions.models import Screening
from casefiles.sanctions.selectors.screenings import KINDS, asked_freely, vessels_of_registry

# More than this are looked for by the command, not while somebody waits for a page.
MOST_ON_A_PAGE = 2_000


def screen_case(case: Case, *, by: Any, list_keys: Sequence[str] = (), as_at: datetime.date | None = None) -> Screening:
    """Look for the ships, organisations and people that a case names; the result is for the case's circle.

    Raises:
        NotAllowed, Refused: as `screen`; the case names nothing that stands on lists.
    """
    circle = Circle.of_case(case)
    targets = [line.target for line in subjects(case, by) if type(line.target) in KINDS]
    targets = with_the_same(targets, by=by, circle=circle)
    subject = _("Subjects of %(case)s") % {"case": case.reference}
    return screen(by=by, circle=circle, subject=subject, targets=targets, list_keys=list_keys, as_at=as_at)


def screen_vessel(vessel: Vessel, *, by: Any, circle: Circle, **where: Any) -> Screening:
    """Look for one ship, by all its names and numbers; keywords as for `screen`."""
    targets = with_the_same([vessel], by=by, circle=circle)
    return screen(by=by, circle=circle, subject=str(vessel), targets=targets, **where)


def with_the_same(targets: Sequence[Any], *, by: Any, circle: Circle) -> list[Any]:
    """Return what is to be looked for with what was judged to be the same, as every reader of the result may know."""
    found = {one.pk: one for one in targets}
    for kind in KINDS:
        groups = groups_of((one for one in targets if type(one) is kind), by, circle=circle)
        found.update((one.pk, one) for group in groups.values() for one in group.joined)
    return list(found.values())


def screen_typed(*, by: Any, circle: Circle, name: str = "", imo_number: str = "", **where: Any) -> Screening:
    """Look for what somebody typed, among all kinds of entries."""
    typed = asked_freely(name=name, imo_number=imo_number)
    return screen(by=by, circle=circle, subject=str(typed.key[1]), typed=typed, **where)


def screen_registry(*, by: Any, circle: Circle, most: int | None = None, **where: Any) -> Screening:
    """Look for every ship of the registry that the person may see.

    Raises:
        Refused: there are more than `most`.
    """
    rows = vessels_of_registry(by)
    targets = list(rows[: most + 1] if most else rows)
    if most and len(targets) > most:
        text = _("The registry has more than %(most)d ships: an administrator runs “screen --registry”.")
        raise Refused(text % {"most": most}, field="is_registry")
    return screen(by=by, circle=circle, subject=_("Every ship of the registry"), targets=targets, **where)
