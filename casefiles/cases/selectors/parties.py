"""The parties of a case as they read: asked, silent, not found, not asked; and which claims name them."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from casefiles.cases.models import Case, CaseStatement, Claim, Outcome, Subject
from casefiles.cases.replies import Reading, State, flat, most_telling, pattern_of
from casefiles.cases.selectors.claims import numbered_claims
from casefiles.cases.selectors.replies import TONES, RequestLine, case_requests, request_lines
from casefiles.cases.selectors.timeline import covered_by
from casefiles.particulars.models import VesselRole

READING_WORDS: dict[Reading, Any] = {
    Reading.ANSWERED: lambda: _("answered"),
    Reading.SILENT: lambda: _("asked and silent"),
    Reading.OVERDUE: lambda: _("asked, overdue"),
    Reading.WAITING: lambda: _("asked, waiting"),
    Reading.NOT_FOUND: lambda: _("not found"),
    Reading.NOT_ASKED: lambda: _("not asked"),
}


@dataclass(frozen=True)
class PartyLine:
    """A subject, somebody named in a claim, or somebody who was asked, and how they read in the case.

    `named_in` are the claims that name them; `draft` is what the address of a new request says of them.
    """

    key: str
    name: str
    url: str
    is_subject: bool
    named_in: tuple[str, ...]
    requests: tuple[RequestLine, ...] = field(default=())

    @property
    def reading(self) -> Reading:
        return most_telling(one.reading for one in self.requests)

    @property
    def is_only_considered(self) -> bool:
        """Whether they are here by a draft or a withdrawn request alone: whom that names is for the team."""
        return self.reading == Reading.NOT_ASKED and not self.is_subject and not self.named_in

    @property
    def reading_label(self) -> str:
        return str(READING_WORDS[self.reading]())

    @property
    def tone(self) -> str:
        return TONES.get(self.reading, "")

    @property
    def sentence(self) -> str:
        """Say how they read, and by which request."""
        telling = next((one for one in self.requests if one.reading == self.reading), None)
        return telling.sentence if telling else str(READING_WORDS[Reading.NOT_ASKED]())

    @property
    def drafted(self) -> RequestLine | None:
        """The request to them that was not sent yet, if there is one."""
        return next((one for one in self.requests if one.state == State.DRAFT), None)

    @property
    def draft(self) -> str:
        kind, _colon, rest = self.key.partition(":")
        return urlencode({kind: rest, "claims": ",".join(self.named_in)})


class _ReadClaim(NamedTuple):
    """What is looked through for a party: a claim's words, and the keys of the parties that it says it is about."""

    label: str
    text: str
    about: frozenset[str]


def parties(
    case: Case, user: Any, *, requests: Iterable[RequestLine], is_for_all_readers: bool = False
) -> list[PartyLine]:
    """Return the subjects that can answer, whoever else a claim names, and whoever was asked; those not asked first.

    `requests` are those of `requests_of`; `is_for_all_readers` leaves out what some readers of the case may not see.
    The number of queries is constant.
    """
    claims = numbered_claims(case, user).filter(outcome=Outcome.HELD).order_by("number", "pk")
    known = _known(case, user, covered_by(case) if is_for_all_readers else Q())
    return _joined(known, requests, claims=_read(list(claims), user))


def parties_of_claim(claim: Claim, user: Any, *, now: datetime) -> list[PartyLine]:
    """Return the parties that a claim names, and those to whom it was put, as they read for this claim alone."""
    rows = case_requests(claim.case, user).filter(claims=claim).order_by("number", "pk")
    lines = request_lines(list(rows), user, now=now)
    # Who speaks of the claim stands beside it already.
    known = _known(claim.case, user, Q(), with_speakers=False)
    found = _joined(known, lines, claims=_read([claim], user))
    return [line for line in found if line.named_in or line.requests]


def subjects_asked(named: Iterable[Any], requests: Iterable[RequestLine]) -> list[PartyLine]:
    """Return the people and organisations among `named` (SubjectLine), and whoever else was asked; no query."""
    known = {
        f"{line.kind}:{line.target_id}": (line.target, True)
        for line in named
        if line.kind in {"organisation", "person"}
    }
    return _joined(known, requests, claims=())


def _joined(
    known: Mapping[str, tuple[Any, bool]], requests: Iterable[RequestLine], *, claims: Sequence[_ReadClaim]
) -> list[PartyLine]:
    asked: dict[str, list[RequestLine]] = {}
    for request in requests:
        asked.setdefault(request.party_key, []).append(request)
    lines = []
    for key, (party, is_subject) in known.items():
        named_in = _naming(key, str(party), claims)
        if is_subject or named_in or key in asked:
            made = tuple(asked.pop(key, ()))
            lines.append(PartyLine(key, str(party), party.get_absolute_url(), is_subject, named_in, made))
    for key, made_to in asked.items():
        first = made_to[0]
        named_in = _naming(key, first.party_name, claims)
        lines.append(PartyLine(key, first.party_name, first.party_url, False, named_in, tuple(made_to)))
    order = list(Reading)
    return sorted(lines, key=lambda line: (-order.index(line.reading), not line.is_subject, line.name.casefold()))


def _naming(key: str, name: str, claims: Iterable[_ReadClaim]) -> tuple[str, ...]:
    pattern = pattern_of(name)
    return tuple(one.label for one in claims if key in one.about or (pattern and pattern.search(one.text)))


def _read(claims: Sequence[Claim], user: Any) -> list[_ReadClaim]:
    """Return the words of claims, ready to be looked through, and the subjects that each of them says it is about."""
    about: dict[uuid.UUID, set[str]] = {}
    rows = Subject.objects.visible_to(user).current().filter(claims__in=[claim.pk for claim in claims])
    for claim_id, organisation, person in rows.values_list("claims", "organisation_id", "person_id"):
        about.setdefault(claim_id, set()).add(f"organisation:{organisation}" if organisation else f"person:{person}")
    return [_ReadClaim(claim.label, flat(claim.text), frozenset(about.get(claim.pk, ()))) for claim in claims]


def _known(case: Case, user: Any, condition: Q, *, with_speakers: bool = True) -> dict[str, tuple[Any, bool]]:
    """Return the parties that a claim might name, by key, and whether each is a subject: the subjects themselves,
    whoever is recorded as having to do with a ship among them, and whoever speaks in the case.
    """
    found: dict[str, tuple[Any, bool]] = {}
    subjects = list(Subject.objects.visible_to(user).current().filter(case=case).named().order_by("created_at", "pk"))
    for subject in subjects:
        if subject.organisation_id or subject.person_id:
            found[_key(subject.target)] = (subject.target, True)
    vessels = [subject.vessel_id for subject in subjects if subject.vessel_id]
    roles = VesselRole.objects.visible_to(user).current().filter(condition, vessel__in=vessels)
    for role in roles.select_related("organisation"):
        found.setdefault(_key(role.organisation), (role.organisation, False))
    for said in _speaking(case, user) if with_speakers else ():
        for party in (said.statement.speaker, said.statement.organisation):
            if party is not None:
                found.setdefault(_key(party), (party, False))
    return found


def _speaking(case: Case, user: Any) -> QuerySet[CaseStatement]:
    rows = CaseStatement.objects.visible_to(user).current().filter(case=case, statement__assertion__voided_at=None)
    return rows.select_related("statement__speaker", "statement__organisation")


def _key(party: Any) -> str:
    return f"{party._meta.model_name}:{party.pk}"
