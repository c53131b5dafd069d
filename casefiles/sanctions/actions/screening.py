"""Looking for ships, organisations, people and typed names in the lists that are here, and deciding about matches."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, require, require_circle, require_covered
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.sanctions.matching import Asked, Match, all_matches
from casefiles.sanctions.models import MatchDecision, Screening, ScreeningMatch
from casefiles.sanctions.selectors.screenings import TYPED, asked_for, editions_at, index_of

COLUMNS = {"vessel": "vessel_id", "organisation": "organisation_id", "person": "person_id"}


def screen(
    *,
    by: Any,
    circle: Circle,
    subject: str,
    targets: Sequence[Any] = (),
    typed: Asked | None = None,
    list_keys: Sequence[str] = (),
    as_at: datetime.date | None = None,
) -> Screening:
    """Look for things of the registry, or for something typed, and keep what was searched and what was found.

    Of each list the edition is searched that was the newest on `as_at`, today where no day is given. Lists that were
    to be searched and are not here stand on the record: a screening without them is never a clean one.

    Raises:
        NotAllowed: the person may not add to that circle.
        Refused: there is nothing to look for, no list is here, or a target is restricted to fewer people.
    """
    day = as_at or timezone.now().date()
    require_circle(by, circle)
    require_covered(circle, targets)
    asked = [*asked_for(targets, user=by), *([typed] if typed else [])]
    if not asked:
        raise Refused(_("There is nothing to look for."))
    searched = editions_at(day, list_keys, user=by)
    if not searched.editions:
        raise Refused(_("None of these lists is here for that day. Bring in an edition and apply it first."))
    matches = all_matches(asked, index_of(searched.editions))
    record = Screening(
        subject=subject[:300], asked=len(asked), as_at=day, not_searched=list(searched.missing), found=len(matches)
    )
    with audit.unit():
        add_record(record, by=by, circle=circle)
        record.editions.set(searched.editions)
        ScreeningMatch.objects.bulk_create((_row(record, match) for match in matches), batch_size=500)
    return record


def _row(screening: Screening, match: Match) -> ScreeningMatch:
    kind, key = match.asked.key
    found = {"typed": str(key)[:300]} if kind == TYPED else {COLUMNS[kind]: key}
    return ScreeningMatch(
        screening=screening,
        entry_id=match.listed.key,
        basis=match.basis,
        score=match.score,
        reason=match.reason[:1_000],
        **found,
    )


def decide_match(match: ScreeningMatch, *, by: Any, circle: Circle, verdict: str, reason: str) -> MatchDecision:
    """Say whether an entry is the one looked for; remembered for the pair, and shown at its next screening.

    Raises:
        NotVisible, NotAllowed: the person may not edit the screening, or not add to that circle.
        Refused: no reason, or what was looked for is restricted to fewer people than the decision.
    """
    require(by, Act.EDIT, match.screening)
    require_circle(by, circle)
    require_covered(circle, [match.vessel, match.organisation, match.person])
    if not reason.strip():
        raise Refused(_("Say why: the reason is shown at the next screening."), field="reason")
    looked_for, list_key, list_id = match.pair
    values = cleaned(MatchDecision, {"verdict": verdict, "reason": reason})
    decision = MatchDecision(looked_for=looked_for, list_key=list_key, list_id=list_id, **values)
    added: MatchDecision = add_record(decision, by=by, circle=circle, act="decided")
    return added
