"""Who was asked for comment in a case, on which claims, and what came of it."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casefiles.cases.models import Case, CaseStatus, Claim, Outcome, ReplyAttempt, ReplyRequest
from casefiles.cases.querysets import RequestQuerySet
from casefiles.cases.replies import Reading, State, reading_of, state_of
from casefiles.cases.reply_letters import Letter, write
from casefiles.core.addresses import record_address
from casefiles.core.zones import show_instant

STATE_WORDS: dict[State, Any] = {
    State.DRAFT: lambda: _("draft"),
    State.SENT: lambda: _("sent"),
    State.OVERDUE: lambda: _("overdue"),
    State.DID_NOT_RESPOND: lambda: _("did not respond"),
    State.ANSWERED: lambda: _("answered"),
    State.WITHDRAWN: lambda: _("withdrawn"),
}
TONES: dict[str, str] = {
    "answered": "ok",
    "sent": "sea",
    "asked, waiting": "sea",
    "overdue": "warn",
    "asked, overdue": "warn",
}


@dataclass(frozen=True)
class AttemptLine:
    """One attempt to reach a party, also a voided one."""

    id: uuid.UUID
    number: int
    when: str
    channel: str
    outcome: str
    outcome_label: str
    made_by: str
    note: str
    is_voided: bool
    void_reason: str
    version: int


@dataclass(frozen=True)
class PutLine:
    """A claim as it is put, or was: `now` are its words where they changed since, `mark` what became of it."""

    id: uuid.UUID
    label: str
    text: str
    now: str
    mark: str
    url: str


@dataclass(frozen=True)
class RequestLine:
    """One request for comment, as it stands at one moment."""

    id: uuid.UUID
    number: int
    label: str
    party_key: str
    party_name: str
    party_url: str
    state: State
    reading: Reading
    sentence: str
    channel: str
    sent: str
    deadline: str
    put: tuple[PutLine, ...]
    attempts: tuple[AttemptLine, ...]
    response: str
    response_url: str
    withdrawn_reason: str
    url: str

    @property
    def state_label(self) -> str:
        return str(STATE_WORDS[self.state]())

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "")

    @property
    def claim_labels(self) -> tuple[str, ...]:
        return tuple(one.label for one in self.put)


def case_requests(case: Case, user: Any) -> RequestQuerySet:
    """Return the requests of a case, withdrawn ones among them, with what tells how each stands."""
    rows: RequestQuerySet = ReplyRequest.objects.visible_to(user).filter(case=case).with_response()
    return rows


def requests_of(case: Case, user: Any, *, now: datetime, with_claims: bool = True) -> list[RequestLine]:
    """Return every request of a case by number, withdrawn ones among them, in a constant number of queries."""
    rows = list(case_requests(case, user).order_by("number", "pk"))
    return request_lines(rows, user, now=now, with_claims=with_claims)


def request_lines(
    rows: Sequence[ReplyRequest], user: Any, *, now: datetime, with_claims: bool = True
) -> list[RequestLine]:
    """Return a line for each of some requests as they stand at `now`; the number of queries does not grow with them.

    Who asks only how each reads needs no claims.
    """
    if not rows:
        return []
    keys = [row.pk for row in rows]
    attempts: dict[uuid.UUID, list[ReplyAttempt]] = {}
    tried = ReplyAttempt.objects.visible_to(user).filter(request__in=keys).select_related("made_by")
    for attempt in tried.order_by("number", "pk"):
        attempts.setdefault(attempt.request_id, []).append(attempt)
    claims = _claims_of(rows, user) if with_claims else {}
    return [_line(row, attempts.get(row.pk, []), claims.get(row.pk, []), now) for row in rows]


def _claims_of(rows: Sequence[ReplyRequest], user: Any) -> dict[uuid.UUID, list[Claim]]:
    keys = [row.pk for row in rows]
    # A claim stands here once for each request that puts it.
    found = Claim.objects.visible_to(user).filter(reply_requests__in=keys).annotate(request_key=F("reply_requests__pk"))
    by_request: dict[uuid.UUID, list[Claim]] = {}
    for claim in found.in_order():
        by_request.setdefault(claim.request_key, []).append(claim)
    return {key: sorted(put, key=lambda claim: claim.number) for key, put in by_request.items()}


def _line(row: ReplyRequest, attempts: Sequence[ReplyAttempt], claims: Sequence[Claim], now: datetime) -> RequestLine:
    state = state_of(
        is_withdrawn=row.is_voided,
        sent_at=row.sent_at,
        deadline_at=row.deadline_at,
        is_answered=row.is_answered,
        silent_at=row.silent_at,
        now=now,
    )
    outcomes = [one.outcome for one in attempts if not one.is_voided]
    reading = reading_of(state, outcomes)
    response = row.response if row.is_answered else None
    return RequestLine(
        id=row.pk,
        number=row.number,
        label=row.label,
        party_key=party_key(row),
        party_name=row.party_name,
        party_url=row.party.get_absolute_url() if row.party else "",
        state=state,
        reading=reading,
        sentence=_sentence(row, state, reading, tries=len(outcomes)),
        channel=str(row.get_channel_display()),
        sent=show_instant(row.sent_at, row.zone) if row.sent_at else "",
        deadline=show_instant(row.deadline_at, row.zone) if row.deadline_at else "",
        put=tuple(_put(row, claims)),
        attempts=tuple(_attempt(one) for one in attempts),
        response=response.label if response else "",
        response_url=response.get_absolute_url() if response else "",
        withdrawn_reason=row.void_reason if row.is_voided else "",
        url=row.get_absolute_url(),
    )


def letter_of(row: ReplyRequest, line: RequestLine) -> Letter:
    """Return the letter as it was sent, or as it would be with the claims' words of now."""
    if row.is_sent:
        return Letter.from_plain(row.letter)
    return write(**row.particulars_of_letter, assertions=[one.text for one in line.put])


def party_key(row: ReplyRequest) -> str:
    """Return what tells one party from another: the record, or else the name as it was typed."""
    if row.organisation_id:
        return f"organisation:{row.organisation_id}"
    return f"person:{row.person_id}" if row.person_id else f"party_text:{row.party_text}"


def _sentence(row: ReplyRequest, state: State, reading: Reading, *, tries: int) -> str:
    until = show_instant(row.deadline_at, row.zone) if row.deadline_at else ""
    attempts = ngettext("%(count)d attempt", "%(count)d attempts", tries) % {"count": tries}
    words = {
        "label": row.label,
        "until": until,
        "attempts": attempts,
        "response": row.response.label if row.response else "",
        "reason": row.void_reason,
    }
    return _telling(state, reading) % words


def _telling(state: State, reading: Reading) -> str:
    if state == State.WITHDRAWN:
        return _("not asked: %(label)s was withdrawn (%(reason)s)")
    if reading == Reading.NOT_ASKED:
        return _("not asked: %(label)s is a draft")
    told: dict[Reading, str] = {
        Reading.ANSWERED: _("asked (%(label)s), and answered: %(response)s"),
        Reading.SILENT: _("asked and silent: did not respond to %(label)s by %(until)s, after %(attempts)s"),
        Reading.OVERDUE: _("asked (%(label)s), no answer yet; the deadline passed on %(until)s"),
        Reading.WAITING: _("asked (%(label)s), may answer until %(until)s"),
        Reading.NOT_FOUND: _("not found: none of %(attempts)s reached them (%(label)s)"),
    }
    return told[reading]


def _put(row: ReplyRequest, claims: Sequence[Claim]) -> Iterator[PutLine]:
    """Return the claims as they were put, or as they would be."""
    put = {one["claim"]: one["text"] for one in row.put}
    for claim in claims:
        text = put.get(str(claim.pk), claim.text)
        yield PutLine(
            id=claim.pk,
            label=claim.label,
            text=text,
            now=claim.text if claim.text != text else "",
            mark=_mark(claim),
            url=record_address("cases:claim", claim.case_id, claim.pk),
        )


def _mark(claim: Claim) -> str:
    if claim.is_voided:
        return str(_("taken out"))
    return "" if claim.outcome == Outcome.HELD else str(claim.get_outcome_display())


def _attempt(one: ReplyAttempt) -> AttemptLine:
    return AttemptLine(
        id=one.pk,
        number=one.number,
        when=show_instant(one.made_at, one.zone),
        channel=str(one.get_channel_display()),
        outcome=one.outcome,
        outcome_label=str(one.get_outcome_display()),
        made_by=str(one.made_by),
        note=one.note,
        is_voided=one.is_voided,
        void_reason=one.void_reason,
        version=one.version,
    )


def unanswered_past(user: Any, *, now: datetime, at_most: int) -> list[ReplyRequest]:
    """Return the requests of somebody's cases that are overdue, the longest first, in one query."""
    is_open = (
        Q(response=None)
        | Q(response__voided_at__isnull=False)
        | Q(response__statement__assertion__voided_at__isnull=False)
    )
    rows = ReplyRequest.objects.visible_to(user).current().filter(is_open, silent_at=None, deadline_at__lt=now)
    waiting = (
        rows.exclude(sent_at=None).filter(case__status__in=[CaseStatus.OPEN, CaseStatus.IN_REVIEW]).with_response()
    )
    return list(waiting.order_by("deadline_at", "pk")[:at_most])
