"""What every change to a request for comment asks first, beside what every write in a case does."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.models import Membership
from casefiles.cases.actions.guards import bring_into, require_in
from casefiles.cases.models import Case, Claim, Outcome, ReplyAttempt, ReplyRequest
from casefiles.cases.replies import UNREACHED, may_be_silent
from casefiles.core.refusals import Refused
from casefiles.core.zones import UnknownZone, zone_named

# What still may change of a request that was sent; its deadline may only be put off.
AFTER_SENDING = frozenset({"note", "deadline_at"})


def read_anew(request: ReplyRequest) -> ReplyRequest:
    """Read a request anew: its case is locked, so nobody changes it now."""
    current: ReplyRequest = ReplyRequest.objects.with_response().get(pk=request.pk)
    return current


def refuse_no_party(request: ReplyRequest) -> None:
    if sum(map(bool, (request.organisation_id, request.person_id, request.party_text))) != 1:
        raise Refused(
            _("Say whom to ask: one organisation, one person, or the party as it is named."), field="organisation"
        )


def name_party(case: Case, request: ReplyRequest, changes: dict[str, Any], *, by: Any) -> None:
    names = ("organisation", "person", "party_text")
    if not set(names) & set(changes):
        return
    bring_into(case, [changes.get("organisation"), changes.get("person")], by=by)
    for name in names:
        setattr(request, name, changes.get(name, getattr(request, name)))
    refuse_no_party(request)


def refuse_unknown_zone(zone: str) -> None:
    try:
        zone_named(zone)
    except UnknownZone as error:
        raise Refused(_("There is no time zone “%(zone)s”.") % {"zone": zone}, field="zone") from error


def claims_to_put(case: Case, claims: Iterable[Claim]) -> list[Claim]:
    """Return the claims once each, by number.

    Raises:
        Refused: one is of another case, was taken out, or is withdrawn or refuted.
    """
    distinct = sorted({claim.pk: claim for claim in claims}.values(), key=lambda claim: claim.number)
    require_in(case, *distinct)
    for claim in distinct:
        if claim.outcome != Outcome.HELD:
            raise Refused(
                _("%(label)s is %(outcome)s: it is not put to anybody.")
                % {"label": claim.label, "outcome": claim.get_outcome_display()},
                field="claims",
            )
    return distinct


def as_put(claims: Iterable[Claim]) -> list[dict[str, str]]:
    return [{"claim": str(claim.pk), "label": claim.label, "text": claim.text} for claim in claims]


def keys_of(claims: Iterable[Claim]) -> list[str]:
    return [str(claim.pk) for claim in claims]


def differs(request: ReplyRequest, name: str, value: Any) -> bool:
    return bool(getattr(request, name) != value)


def refuse_changing_what_was_sent(request: ReplyRequest, names: set[str]) -> None:
    if request.is_sent and names - AFTER_SENDING:
        raise Refused(_("%(label)s was sent: what was put stays as it was put.") % {"label": request.label})


def refuse_other_deadline(request: ReplyRequest, changes: dict[str, Any]) -> None:
    if not request.is_sent or "deadline_at" not in changes:
        return
    told, put_off = request.deadline_at, changes["deadline_at"]
    if request.silent_at or told is None or put_off is None or put_off < told:
        raise Refused(
            _("The party was told a deadline: it can only be put off, and only while they may still answer."),
            field="deadline_at",
        )


def refuse_future(at: datetime, *, field: str) -> None:
    if at > timezone.now():
        raise Refused(_("This is still to come."), field=field)


def refuse_unsendable(request: ReplyRequest, *, sent_at: datetime, outcome: str) -> None:
    """Refuse what was not sent yet, reached nobody, or gives no time to answer."""
    refuse_unknown_zone(request.zone)
    refuse_future(sent_at, field="sent_at")
    if request.deadline_at is None or request.deadline_at <= sent_at:
        raise Refused(_("Give a deadline after the sending."), field="deadline_at")
    if outcome in UNREACHED:
        raise Refused(_("What reached nobody was not sent: record it as an attempt."), field="outcome")


def refuse_out_of_order(request: ReplyRequest, *, outcome: str, made_at: datetime) -> None:
    if outcome in UNREACHED:
        return
    if request.sent_at is None:
        raise Refused(_("Record the request as sent: nothing reaches a party before that."), field="outcome")
    if made_at < request.sent_at:
        raise Refused(_("This is before the request was sent."), field="made_at")


def refuse_outsider(case: Case, person: Any) -> None:
    if not Membership.objects.filter(compartment=case.compartment_id, user=person).exists():
        raise Refused(_("Choose somebody in the case's team."), field="made_by")


def refuse_pulling_silence(request: ReplyRequest, attempt: ReplyAttempt, outcome: str | None) -> None:
    """Keep the attempt that "did not respond" rests on. `outcome` is what it would become; None where it would go."""
    if request.silent_at is None:
        return
    rest = outcomes_of(request, without=attempt)
    if not may_be_silent([*rest, *([outcome] if outcome else [])]):
        raise Refused(_("“Did not respond” rests on this attempt. Take that back first."))


def outcomes_of(request: ReplyRequest, *, without: ReplyAttempt | None = None) -> list[str]:
    rows = request.attempts.current()
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    return list(rows.values_list("outcome", flat=True))


def refuse_unsent(request: ReplyRequest) -> None:
    if not request.is_sent:
        raise Refused(_("%(label)s was not sent yet: record the sending first.") % {"label": request.label})
