"""The duties that a case considers, element by element, with the claims that each finding rests on."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casefiles.cases.duties import NOTHING_FOUND, Reading, Tally, reading, tally
from casefiles.cases.models import Case, Claim, Duty, ElementFinding, Finding
from casefiles.cases.querysets import DutyQuerySet
from casefiles.cases.selectors.standings import standings
from casefiles.core.addresses import record_address
from casefiles.sanctions.models import Element
from casefiles.sanctions.selectors.instruments import elements_of

FALLEN_WORDS: dict[str, Any] = {
    "withdrawn": lambda: _("%(claim)s was withdrawn"),
    "refuted": lambda: _("%(claim)s was refuted"),
    "voided": lambda: _("%(claim)s was taken out of the case"),
}


@dataclass(frozen=True)
class CitedClaim:
    """A claim that a finding rests on; `standing` is a value of `standing.Standing`, or "voided"."""

    id: uuid.UUID
    label: str
    text: str
    standing: str
    url: str


@dataclass(frozen=True)
class ElementLine:
    """One element of a duty as it is read now. `why` says why something else was recorded than is read."""

    id: uuid.UUID
    duty_id: uuid.UUID
    number: int
    text: str
    reading: Reading
    finding: ElementFinding | None
    claims: tuple[CitedClaim, ...]
    why: tuple[str, ...]

    @property
    def anchor(self) -> str:
        return f"element-{self.duty_id}-{self.id}"

    @property
    def found(self) -> str:
        return str(self.reading.found)

    @property
    def found_label(self) -> str:
        return str(Finding(self.found).label)

    @property
    def note(self) -> str:
        return self.finding.note if self.finding and not self.finding.is_voided else ""

    @property
    def former_text(self) -> str:
        """The words that were found on, where the element was reworded since."""
        was = self.finding.element_text if self.finding and not self.finding.is_voided else self.text
        return was if was != self.text else ""


@dataclass(frozen=True)
class DutyLine:
    """One provision that the case considers for one bearer."""

    id: uuid.UUID
    duty: Duty
    elements: tuple[ElementLine, ...]
    tally: Tally

    @property
    def provision(self) -> Any:
        return self.duty.provision

    @property
    def symbol(self) -> str:
        """The instrument and the paragraph: "S/RES/2270 para 18"."""
        return f"{self.provision.instrument.key} {self.provision.label}"

    @property
    def bearer(self) -> str:
        return str(self.provision.get_bearer_display())

    @property
    def bearer_name(self) -> str:
        return self.duty.bearer_name

    @property
    def verb(self) -> str:
        return str(self.provision.get_verb_display()) if self.provision.verb else ""

    @property
    def is_verified(self) -> bool:
        return bool(self.provision.is_verified)

    @property
    def is_withdrawn(self) -> bool:
        """Whether the provision, or its instrument, was voided since the case took it up."""
        return bool(self.provision.is_voided or self.provision.instrument.is_voided)

    @property
    def sentence(self) -> str:
        return tally_sentence(self.tally)


def case_duties(case: Case, user: Any) -> DutyQuerySet:
    """Return what the case considers, without what was taken out of it."""
    rows: DutyQuerySet = Duty.objects.visible_to(user).current().filter(case=case).named()
    return rows


def duties_of(
    case: Case, user: Any, *, at_most: int | None = None, judged: Mapping[uuid.UUID, str] | None = None
) -> list[DutyLine]:
    """Return the duties of the case in the order in which they were taken up, in a constant number of queries.

    `judged` has the standing of every current claim of the case, where the caller knows them already.
    """
    return duty_lines(list(case_duties(case, user).order_by("created_at", "pk")[:at_most]), user, judged=judged)


def duty_lines(duties: Sequence[Duty], user: Any, *, judged: Mapping[uuid.UUID, str] | None = None) -> list[DutyLine]:
    """Return a line for each of some duties, with their elements; the number of queries does not grow with them."""
    elements = elements_of({duty.provision_id for duty in duties}, user)
    found, cited = _findings(duties, user, judged)
    return [_line(duty, elements.get(duty.provision_id, []), found, cited) for duty in duties]


def tally_sentence(counted: Tally) -> str:
    """Say what the findings on a provision come to, and never more than that."""
    if not counted.total:
        return _("no elements are recorded")
    start = _("elements met on the cited facts: %(met)d of %(total)d") % {"met": counted.met, "total": counted.total}
    rest = [
        words % {"count": count}
        for count, words in (
            (counted.not_met, ngettext("%(count)d not met", "%(count)d not met", counted.not_met)),
            (counted.disputed, ngettext("%(count)d disputed", "%(count)d disputed", counted.disputed)),
            (counted.unknown, ngettext("%(count)d unknown", "%(count)d unknown", counted.unknown)),
        )
        if count
    ]
    return "; ".join([start, *rest])


def findings_resting_on(claim: Claim, user: Any) -> list[ElementFinding]:
    """Return the findings of the case that cite a claim; one query."""
    rows = ElementFinding.objects.visible_to(user).current().filter(claims=claim, duty__voided_at__isnull=True)
    return list(rows.named().order_by("duty__created_at", "element__position", "pk"))


def _findings(
    duties: Iterable[Duty], user: Any, judged: Mapping[uuid.UUID, str] | None
) -> tuple[dict[tuple[Any, Any], ElementFinding], dict[Any, tuple[CitedClaim, ...]]]:
    """Return the findings by duty and element, and what each cites by its key.

    One query, and those of standing where nothing is `judged`. What a finding cites is bound to its own case: whoever
    sees one sees the other.
    """
    rows = ElementFinding.objects.visible_to(user).filter(duty__in=[duty.pk for duty in duties])
    claim = {
        "claim_key": F("claims__pk"),
        "claim_number": F("claims__number"),
        "claim_text": F("claims__text"),
        "claim_voided_at": F("claims__assertion__voided_at"),
    }
    # A finding stands here once for each claim that it cites.
    cited = list(rows.select_related("assertion").annotate(**claim).order_by("claim_number", "pk"))
    if judged is None:
        found_claims = Claim.objects.visible_to(user).filter(pk__in={row.claim_key for row in cited} - {None})
        judged = {one.id: str(one.standing) for one in standings(found_claims, user)}
    claims: dict[Any, tuple[CitedClaim, ...]] = {}
    for row in cited:
        if row.claim_key:
            claims[row.pk] = (*claims.get(row.pk, ()), _claim(row, judged))
    return {(row.duty_id, row.element_id): row for row in cited}, claims


def _claim(row: Any, judged: Mapping[uuid.UUID, str]) -> CitedClaim:
    return CitedClaim(
        id=row.claim_key,
        label=f"C-{row.claim_number:02d}",
        text=row.claim_text,
        # One that was taken out of the case is judged by nobody.
        standing="voided" if row.claim_voided_at else judged.get(row.claim_key, "voided"),
        url=record_address("cases:claim", row.case_id, row.claim_key),
    )


def _line(
    duty: Duty,
    elements: Sequence[Element],
    found: dict[tuple[Any, Any], ElementFinding],
    cited: dict[Any, tuple[CitedClaim, ...]],
) -> DutyLine:
    lines = []
    for number, element in enumerate(elements, start=1):
        finding = found.get((duty.pk, element.pk))
        claims = cited.get(finding.pk, ()) if finding else ()
        read = _read(finding, claims)
        lines.append(
            ElementLine(element.pk, duty.pk, number, element.text, read, finding, claims, tuple(_why(finding, read)))
        )
    return DutyLine(duty.pk, duty, tuple(lines), tally(line.reading for line in lines))


def _read(finding: ElementFinding | None, claims: Iterable[CitedClaim]) -> Reading:
    if finding is None:
        return NOTHING_FOUND
    states = {claim.label: claim.standing for claim in claims}
    return reading(finding.finding, states, is_voided=finding.is_voided)


def _why(finding: ElementFinding | None, read: Reading) -> Iterable[str]:
    if finding is None:
        return
    if finding.is_voided:
        yield _("The finding was withdrawn: %(reason)s") % {"reason": finding.assertion.void_reason}
        return
    if not read.fallen:
        return
    named = "; ".join(FALLEN_WORDS[state]() % {"claim": label} for label, state in read.fallen)
    recorded = Finding(str(read.recorded)).label
    yield _("Recorded as %(finding)s, read as unknown: %(reasons)s.") % {"finding": recorded, "reasons": named}
