"""Every change to a request for comment: what is put to a party, how it was sought, and what came of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, compartments_of, require, void_record
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import bring_into, next_number, require_in, void_in_case, writable
from casefiles.cases.actions.reply_guards import (
    as_put,
    claims_to_put,
    differs,
    keys_of,
    name_party,
    outcomes_of,
    read_anew,
    refuse_changing_what_was_sent,
    refuse_future,
    refuse_no_party,
    refuse_other_deadline,
    refuse_out_of_order,
    refuse_outsider,
    refuse_pulling_silence,
    refuse_unknown_zone,
    refuse_unsendable,
    refuse_unsent,
)
from casefiles.cases.actions.statements import record_statement
from casefiles.cases.models import (
    AttemptOutcome,
    Case,
    CaseStatement,
    Channel,
    Claim,
    ReplyAttempt,
    ReplyRequest,
)
from casefiles.cases.replies import UNREACHED, may_be_silent
from casefiles.cases.reply_letters import write
from casefiles.core.cleaning import cleaned
from casefiles.core.refusals import Refused
from casefiles.core.zones import show_instant
from casefiles.registry.models import Organisation, Person
from casefiles.statements.actions import hold_words


def draft_request(
    case: Case,
    *,
    by: Any,
    organisation: Organisation | None = None,
    person: Person | None = None,
    party_text: str = "",
    claims: Iterable[Claim] = (),
    channel: str = Channel.EMAIL,
    deadline_at: datetime | None = None,
    zone: str = "UTC",
    introduction: str = "",
    signature: str = "",
    note: str = "",
) -> ReplyRequest:
    """Draft a request for comment to one party, on claims of the case.

    Raises:
        Refused: the case is closed, not exactly one party is named, a claim is not the case's or no longer stands, or
            there is no such zone.
        ValidationError: a field does not hold.
    """
    words = {
        "party_text": party_text,
        "channel": channel,
        "zone": zone,
        "introduction": introduction,
        "signature": signature,
        "note": note,
    }
    with audit.unit():
        case = writable(case, by=by)
        refuse_unknown_zone(zone)
        bring_into(case, [organisation, person], by=by)
        put = claims_to_put(case, claims)
        request = ReplyRequest(
            case=case,
            organisation=organisation,
            person=person,
            deadline_at=deadline_at,
            claim_count=len(put),
            **cleaned(ReplyRequest, words),
        )
        refuse_no_party(request)
        request.number = next_number(case, "last_request")
        saved: ReplyRequest = add_record(request, by=by)
        saved.claims.set(put)
        return saved


def change_request(
    request: ReplyRequest, *, by: Any, version: int, claims: Iterable[Claim] | None = None, **changes: Any
) -> ReplyRequest:
    """Change a draft; of what was sent only the note, and the deadline to a later one.

    Raises:
        Refused: as for drafting; or it was sent, and something else would change.
        StaleVersion: somebody else changed it first.
    """
    with audit.unit():
        case = writable(request.case, by=by)
        request = read_anew(request)
        changes = {name: new for name, new in cleaned(ReplyRequest, changes).items() if differs(request, name, new)}
        held = sorted(request.claims.all(), key=lambda claim: claim.number)
        put = held if claims is None else claims_to_put(case, claims)
        before, after = keys_of(held), keys_of(put)
        refuse_changing_what_was_sent(request, {*changes, *(["claims"] if before != after else [])})
        refuse_other_deadline(request, changes)
        refuse_unknown_zone(changes.get("zone", request.zone))
        name_party(case, request, changes, by=by)
        change_record(
            request,
            by=by,
            version=version,
            changes={**changes, "claim_count": len(put)},
            beside={"claims": (before, after)} if before != after else {},
        )
        request.claims.set(put)
        return request


def send_request(
    request: ReplyRequest,
    *,
    by: Any,
    version: int,
    sent_at: datetime,
    deadline_at: datetime | None = None,
    zone: str | None = None,
    channel: str | None = None,
    outcome: str = AttemptOutcome.SENT,
    note: str = "",
) -> ReplyRequest:
    """Say that the letter went out; its words and those of the claims are kept as they are now. Attempt 1 is made.

    Deadline, zone and channel are those of the draft where none is given.

    Raises:
        Refused: it was sent already, puts no claim or one that no longer stands, has no deadline after the sending, or
            lies in the future.
        StaleVersion: somebody else changed it first.
    """
    with audit.unit():
        case = writable(request.case, by=by)
        request = read_anew(request)
        if request.is_sent:
            raise Refused(_("%(label)s was sent already.") % {"label": request.label})
        request.deadline_at = deadline_at or request.deadline_at
        request.zone, request.channel = zone or request.zone, channel or request.channel
        refuse_unsendable(request, sent_at=sent_at, outcome=outcome)
        put = claims_to_put(case, request.claims.all())
        if not put:
            raise Refused(_("Choose the claims that are put first: a request asks about something."))
        terms = {name: getattr(request, name) for name in ("deadline_at", "zone", "channel")}
        letter = write(**request.particulars_of_letter, assertions=[claim.text for claim in put])
        kept = {"letter": letter.as_plain(), "put": as_put(put)}
        change_record(request, by=by, version=version, changes={**terms, **kept, "sent_at": sent_at}, act="sent")
        add_attempt(
            request,
            by=by,
            made_at=sent_at,
            zone=request.zone,
            channel=request.channel,
            outcome=outcome,
            note=note,
        )
        return request


def record_letter_taken(request: ReplyRequest, *, by: Any, form: str) -> None:
    """Note that somebody took the letter away as a file; `form` is Markdown or DOCX."""
    with audit.unit():
        require(by, Act.READ, request)
        audit.record(
            by=by,
            act="exported",
            kind=request._meta.label_lower,
            record_id=request.pk,
            compartments=compartments_of(request),
            note=_("letter as %(form)s") % {"form": form},
        )


def take_back_sending(request: ReplyRequest, *, by: Any, version: int) -> None:
    """Make a draft of a request again that was marked as sent by mistake; the attempt by which it went is voided.

    Attempts that had reached nobody before stay.

    Raises:
        Refused: something happened since that rests on the sending.
    """
    with audit.unit():
        writable(request.case, by=by)
        request = read_anew(request)
        attempts = list(request.attempts.current().order_by("number"))
        sending, later = _sending_and_later(request, attempts)
        if not request.is_sent or request.response_id or request.silent_at or later:
            raise Refused(_("Something rests on the sending since: it is not taken back."))
        changes: dict[str, Any] = {"sent_at": None, "letter": {}, "put": []}
        change_record(request, by=by, version=version, changes=changes, act="not sent after all")
        for attempt in sending:
            void_record(attempt, by=by, reason=_("Entered by mistake"))


def _sending_and_later(
    request: ReplyRequest, attempts: list[ReplyAttempt]
) -> tuple[list[ReplyAttempt], list[ReplyAttempt]]:
    """Return the attempt by which a request went, if it still stands, and what was tried after it."""
    since = [one for one in attempts if request.sent_at and one.made_at >= request.sent_at]
    sending = [one for one in since if one.made_at == request.sent_at and one.outcome not in UNREACHED][:1]
    after = sending[0].number if sending else 0
    return sending, [one for one in since if one.number > after and one not in sending]


# --- Attempts -------------------------------------------------------------------------------------------------------


def add_attempt(
    request: ReplyRequest,
    *,
    by: Any,
    made_at: datetime,
    outcome: str = AttemptOutcome.SENT,
    channel: str = Channel.EMAIL,
    zone: str = "UTC",
    made_by: Any = None,
    note: str = "",
) -> ReplyAttempt:
    """Record an attempt to reach the party, by `made_by` or else by whoever records it.

    A draft takes only attempts that reached nobody: what reached somebody was sent.

    Raises:
        Refused: the case is closed, the request was withdrawn, the attempt lies in the future or before the sending, or
            whoever made it is not in the team.
    """
    with audit.unit():
        case = writable(request.case, by=by)
        request = read_anew(request)
        require_in(case, request)
        refuse_unknown_zone(zone)
        refuse_future(made_at, field="made_at")
        refuse_out_of_order(request, outcome=outcome, made_at=made_at)
        refuse_outsider(case, made_by or by)
        attempt = ReplyAttempt(
            case=case,
            request=request,
            number=request.attempts.count() + 1,
            made_at=made_at,
            made_by=made_by or by,
            **cleaned(ReplyAttempt, {"channel": channel, "outcome": outcome, "zone": zone, "note": note}),
        )
        saved: ReplyAttempt = add_record(attempt, by=by)
        return saved


def change_attempt(attempt: ReplyAttempt, *, by: Any, version: int, **changes: Any) -> dict[str, tuple[Any, Any]]:
    """Change what came of an attempt, or its note: a letter may come back weeks later.

    Raises:
        Refused: the case is closed, or "did not respond" rests on this attempt alone.
    """
    with audit.unit():
        case = writable(attempt.case, by=by)
        request = read_anew(attempt.request)
        require_in(case, request)
        outcome = changes.get("outcome", attempt.outcome)
        refuse_out_of_order(request, outcome=outcome, made_at=attempt.made_at)
        refuse_pulling_silence(request, attempt, outcome)
        return change_record(attempt, by=by, version=version, changes=cleaned(ReplyAttempt, changes))


def void_attempt(attempt: ReplyAttempt, *, by: Any, reason: str, version: int | None = None) -> None:
    """Void an attempt that was not made; its number stays.

    Raises:
        Refused: the case is closed, or "did not respond" rests on this attempt alone.
    """
    with audit.unit():
        writable(attempt.case, by=by)
        refuse_pulling_silence(read_anew(attempt.request), attempt, None)
        void_in_case(attempt, by=by, reason=reason, version=version)


# --- What came of it --------------------------------------------------------------------------------------------------


def record_response(request: ReplyRequest, *, by: Any, version: int, response: CaseStatement) -> ReplyRequest:
    """Say that a statement in the case is the answer; from then on nobody alters its words by any route.

    Raises:
        Refused: it was not sent or is answered already, or the statement is not in the case.
        NotAllowed: the statement belongs to others, and the person may not change it.
    """
    with audit.unit():
        case = writable(request.case, by=by)
        request = read_anew(request)
        require_in(case, response)
        refuse_unsent(request)
        if request.is_answered:
            raise Refused(
                _("%(label)s is answered already. A further word is a statement in answer to that one.")
                % {"label": request.label}
            )
        hold_words(response.statement, by=by)
        change_record(request, by=by, version=version, changes={"response": response}, act="answered")
        return request


def record_reply(request: ReplyRequest, *, by: Any, version: int, **statement: Any) -> ReplyRequest:
    """Record a statement found in an exhibit, as `record_statement` does, and that it is the answer, in one step."""
    with audit.unit():
        said = record_statement(request.case, by=by, **statement)
        return record_response(request, by=by, version=version, response=said)


def record_silence(request: ReplyRequest, *, by: Any, version: int | None = None) -> ReplyRequest:
    """Say that the party did not respond.

    Raises:
        Refused: the deadline has not passed, no attempt reached anybody, or it is answered.
    """
    with audit.unit():
        writable(request.case, by=by)
        request = read_anew(request)
        now = timezone.now()
        refuse_unsent(request)
        if request.is_answered or request.silent_at:
            raise Refused(_("What came of %(label)s is recorded already.") % {"label": request.label})
        deadline = request.deadline_at
        if deadline is None or deadline >= now:
            until = show_instant(deadline, request.zone) if deadline else "–"
            raise Refused(_("The deadline is still to come: %(until)s.") % {"until": until})
        if not may_be_silent(outcomes_of(request)):
            raise Refused(_("No attempt reached anybody: the party reads as not found, and cannot be silent."))
        at = request.version if version is None else version
        change_record(request, by=by, version=at, changes={"silent_at": now}, act="did not respond")
        return request


def take_back_outcome(request: ReplyRequest, *, by: Any, version: int) -> None:
    """Take back the newest thing that came of a request: its response, else that nobody responded.

    The words of a statement that was recorded as a response stay held.

    Raises:
        Refused: nothing came of it yet.
    """
    with audit.unit():
        writable(request.case, by=by)
        request = read_anew(request)
        if request.response_id:
            change_record(request, by=by, version=version, changes={"response": None}, act="response taken back")
        elif request.silent_at:
            change_record(request, by=by, version=version, changes={"silent_at": None}, act="silence taken back")
        else:
            raise Refused(_("Nothing came of %(label)s yet.") % {"label": request.label})


def withdraw_request(request: ReplyRequest, *, by: Any, reason: str, version: int | None = None) -> None:
    """Withdraw a request with a reason; it stays, and its party reads as not asked by it."""
    void_in_case(request, by=by, reason=reason, version=version)
