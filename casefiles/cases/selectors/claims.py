"""Claims with their standing: what is cited, how many origins it comes to, and what others said."""

import re
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from casefiles.cases.models import Case, Claim, ClaimKind, Exhibit, Stance, StanceKind, Subject
from casefiles.cases.querysets import ClaimQuerySet
from casefiles.cases.selectors.dependences import NOTHING, Dependences, RestsOf
from casefiles.cases.selectors.lookups import LookupLine, lookups_by_claim
from casefiles.cases.selectors.reviews import NOT_REVIEWED, ClaimReview, claim_reviews
from casefiles.cases.selectors.standings import Judged, judge, standings
from casefiles.core.moments import Moment
from casefiles.evidence.models import Citation, Item
from casefiles.evidence.selectors import citations_by_assertion
from casefiles.evidence.vocabulary import CitationStance, ItemStatus, QuoteCheck

Labels = Mapping[uuid.UUID, str]

# The order in which a summary names stances: what moves a reader most comes first.
SUMMARY_WORDS: dict[str, Any] = {
    StanceKind.DENIES: lambda: _("denied by"),
    StanceKind.DISPUTES: lambda: _("disputed by"),
    StanceKind.CONFIRMS: lambda: _("confirmed by"),
    StanceKind.CONDITIONAL: lambda: _("conditional:"),
    StanceKind.NO_INFORMATION: lambda: _("no information:"),
    StanceKind.DECLINES: lambda: _("declined to comment:"),
}


@dataclass(frozen=True)
class CitationLine:
    """One citation on a claim or statement of a case. `item_mark` says "voided", "retracted" …, or nothing."""

    id: uuid.UUID
    exhibit_label: str
    item_id: uuid.UUID
    item_title: str
    locator: str
    quote: str
    quote_language: str
    translation: str
    stance: str
    quote_check: str
    item_mark: str
    created_by: str
    created_at: datetime
    version: int
    look_url: str = ""
    item_mark_reason: str = ""

    @property
    def reference(self) -> str:
        """The exhibit with its locator: "E-03 p. 4"."""
        return f"{self.exhibit_label} {self.locator}".strip()

    @property
    def is_moment(self) -> bool:
        """Whether the locator is a time ("00:01:12"), which a player can go to."""
        return re.match(r"\d\d+:\d\d:\d\d", self.locator) is not None

    # Words are looked up when they are shown: a case has many citations of which a page shows few.
    @property
    def stance_label(self) -> str:
        return str(CitationStance(self.stance).label)

    @property
    def quote_check_label(self) -> str:
        return str(QuoteCheck(self.quote_check).label)

    @property
    def is_quote_missing(self) -> bool:
        return self.quote_check == QuoteCheck.NOT_FOUND


@dataclass(frozen=True)
class StanceLine:
    """What one statement of the case says of one claim."""

    id: uuid.UUID
    claim_id: uuid.UUID
    claim_label: str
    case_statement_id: uuid.UUID
    statement_label: str
    speaker: str
    stance: str
    note: str

    @property
    def stance_label(self) -> str:
        return str(StanceKind(self.stance).label)


@dataclass(frozen=True)
class ClaimLine:
    """A claim as lists, the overview and the dossier show it.

    `standing` is a value of `standing.Standing`, `sentence` says why it is so; `origins_count` of `items_count` is how
    many independent origins the supporting items come to.
    """

    id: uuid.UUID
    number: int
    label: str
    text: str
    kind: str
    is_key: bool
    occurred: Moment | None
    place: str
    standing: str
    origins_count: int
    items_count: int
    sentence: str
    citations: tuple[CitationLine, ...]
    stances: tuple[StanceLine, ...]
    likelihood: str
    confidence: str
    rationale: str
    outcome: str
    outcome_reason: str
    author: str
    author_id: uuid.UUID | None
    version: int
    gaps: str = ""
    subjects: tuple[str, ...] = ()
    review: ClaimReview = NOT_REVIEWED
    rests: RestsOf = NOTHING
    lookups: tuple[LookupLine, ...] = ()

    @property
    def failed_lookups(self) -> tuple[LookupLine, ...]:
        """Those that searched nothing: they are missing, not negative."""
        return tuple(line for line in self.lookups if line.is_failed)

    @property
    def kind_label(self) -> str:
        return str(ClaimKind(self.kind).label)

    @property
    def stance_counts(self) -> tuple[tuple[str, int], ...]:
        """Words and number, in the order of the summary: (("denied by", 2), …)."""
        counts = Counter(line.stance for line in self.stances)
        return tuple((str(words()), counts[kind]) for kind, words in SUMMARY_WORDS.items() if counts[kind])

    @property
    def stance_summary(self) -> str:
        return ", ".join(f"{words} {count}" for words, count in self.stance_counts)

    @property
    def exhibit_labels(self) -> tuple[str, ...]:
        """The exhibits cited, each once, in the order of citing."""
        return tuple(dict.fromkeys(line.exhibit_label for line in self.citations if line.exhibit_label))

    @property
    def marked(self) -> tuple[CitationLine, ...]:
        """The citations of items that were retracted, corrected, voided or the like."""
        return tuple(line for line in self.citations if line.item_mark)


def claims_with_standing(case: Case, user: Any, *, labels: Labels | None = None) -> list[ClaimLine]:
    """Return the claims in their order with standing, citations and stances, in a constant number of queries.

    `labels` are those of `exhibit_labels`, where the caller has them already.
    """
    return claim_lines(case, list(numbered_claims(case, user)), user, labels=labels)


def claim_with_standing(claim: Claim, user: Any) -> ClaimLine:
    """Return one claim, also a voided one, as `claims_with_standing` would."""
    return claim_lines(claim.case, [claim], user)[0]


def numbered_claims(case: Case, user: Any) -> ClaimQuerySet:
    """Return the case's claims, without those taken out of it, with what a line names."""
    rows: ClaimQuerySet = Claim.objects.visible_to(user).filter(case=case).current().in_order()
    return rows


def claims_that_stand(claims: ClaimQuerySet, standing: str, user: Any) -> list[uuid.UUID]:
    """Return which of the claims have a standing: it is computed, so all of them are read, in a few queries."""
    return [one.id for one in standings(claims, user) if one.standing == standing]


def claim_lines(
    case: Case,
    claims: Sequence[Claim],
    user: Any,
    *,
    labels: Labels | None = None,
    judged: Mapping[uuid.UUID, Judged] | None = None,
    reviews: Mapping[uuid.UUID, ClaimReview] | None = None,
    cited: Mapping[uuid.UUID, Sequence[Citation]] | None = None,
    dependences: Dependences | None = None,
    beside: Collection[str] = ("lookups", "subjects"),
) -> list[ClaimLine]:
    """Return a line for each of some claims of the case; the number of queries does not grow with them.

    `labels` are those of `exhibit_labels`, `judged` those of `standings`, `reviews` those of `claim_reviews`, `cited`
    those of `citations_by_assertion`, where the caller has them already; `beside` says what the lines hold of what
    costs a query each.
    """
    keys = [claim.pk for claim in claims]
    dependences = dependences or Dependences(case, user)
    beneath = {} if judged is not None else dependences.unjudged(keys)
    if cited is None:
        cited = citations_by_assertion([*keys, *beneath], user)
    if labels is None:
        labels = exhibit_labels(case, user, items=items_of(cited))
    if judged is None:
        judged = judge({claim.pk: claim.outcome for claim in claims} | beneath, cited, user)
    states = {key: str(one.result.standing) for key, one in judged.items()}
    if reviews is None:
        reviews = claim_reviews(keys, stands=states)
    stances = _stances_by_claim(stance_lines(case, user, claim__in=keys))
    lookups = lookups_by_claim(case, keys, user) if "lookups" in beside else {}
    subjects = _subjects_by_claim(keys, user) if "subjects" in beside else {}
    return [
        replace(
            _line(
                claim,
                judged[claim.pk],
                reviews[claim.pk],
                citation_lines(cited.get(claim.pk, ()), labels),
                stances.get(claim.pk, ()),
            ),
            subjects=tuple(subjects.get(claim.pk, ())),
            rests=dependences.rests_of(claim.pk, states),
            lookups=tuple(lookups.get(claim.pk, ())),
        )
        for claim in claims
    ]


def _subjects_by_claim(keys: Iterable[uuid.UUID], user: Any) -> dict[uuid.UUID, list[str]]:
    """Return the names of what each claim is about, main subjects first; one query."""
    rows = Subject.objects.visible_to(user).current().filter(claims__in=list(keys)).annotate(of=F("claims")).named()
    found: dict[uuid.UUID, list[str]] = {}
    for subject in rows.order_by("-is_main", "created_at", "pk"):
        found.setdefault(subject.of, []).append(str(subject))
    return found


def claims_citing(case: Case, item_id: uuid.UUID, user: Any) -> list[ClaimLine]:
    """Return the claims of the case that an item supports."""
    return [
        line
        for line in claims_with_standing(case, user)
        if any(citation.item_id == item_id and citation.stance == "supports" for citation in line.citations)
    ]


def exhibit_labels(case: Case, user: Any, *, items: Iterable[uuid.UUID] | None = None) -> dict[uuid.UUID, str]:
    """Return the label of each item in the case, or of some; one removed and added again has its newest."""
    found = Exhibit.objects.visible_to(user).filter(case=case)
    if items is not None:
        found = found.filter(item_id__in=set(items))
    rows = found.order_by("number").values_list("item_id", "number")
    return {item_id: f"{Exhibit.prefix}-{number:02d}" for item_id, number in rows}


def items_of(cited: Mapping[uuid.UUID, Sequence[Citation]]) -> set[uuid.UUID]:
    """Return the items that some citations are of."""
    return {citation.item_id for citations in cited.values() for citation in citations}


def citation_lines(citations: Iterable[Citation], labels: Labels) -> tuple[CitationLine, ...]:
    """Return citations as a case shows them: by exhibit label."""
    return tuple(_citation(citation, labels.get(citation.item_id, "")) for citation in citations)


def _citation(citation: Citation, label: str) -> CitationLine:
    return CitationLine(
        id=citation.pk,
        exhibit_label=label,
        item_id=citation.item_id,
        item_title=citation.item.title,
        locator=citation.locator_text,
        quote=citation.quote,
        quote_language=citation.quote_language,
        translation=citation.translation,
        stance=citation.stance,
        quote_check=citation.quote_check,
        item_mark=item_mark(citation.item),
        created_by=str(citation.created_by or ""),
        created_at=citation.created_at,
        version=citation.version,
        look_url=citation.look_url,
        item_mark_reason=citation.item.void_reason or citation.item.status_reason,
    )


def item_mark(item: Item) -> str:
    """Return what a reader must know of an item before relying on it: voided, retracted, corrected; mostly nothing."""
    if item.is_voided:
        return str(_("voided"))
    return "" if item.status == ItemStatus.CURRENT else str(item.get_status_display())


def _stances_by_claim(lines: Iterable[StanceLine]) -> dict[uuid.UUID, list[StanceLine]]:
    found: dict[uuid.UUID, list[StanceLine]] = {}
    for line in lines:
        found.setdefault(line.claim_id, []).append(line)
    return found


def stance_lines(case: Case, user: Any, **narrowed: Any) -> list[StanceLine]:
    """Return the stances of the case's statements on its claims, by number of the statement.

    `narrowed` are conditions for fewer of them (`claim__in`, `case_statement__in`).
    """
    rows = (
        Stance.objects.visible_to(user)
        .current()
        .filter(case=case, case_statement__voided_at__isnull=True, **narrowed)
        .select_related("claim", "case_statement__statement__speaker", "case_statement__statement__organisation")
        .order_by("case_statement__number", "claim__number", "pk")
    )
    return [_stance(stance) for stance in rows]


def _stance(stance: Stance) -> StanceLine:
    return StanceLine(
        id=stance.pk,
        claim_id=stance.claim_id,
        claim_label=stance.claim.label,
        case_statement_id=stance.case_statement_id,
        statement_label=stance.case_statement.label,
        speaker=stance.case_statement.statement.speaker_name,
        stance=stance.stance,
        note=stance.note,
    )


def _line(
    claim: Claim,
    judged: Judged,
    review: ClaimReview,
    citations: tuple[CitationLine, ...],
    stances: Iterable[StanceLine],
) -> ClaimLine:
    return ClaimLine(
        id=claim.pk,
        number=claim.number,
        label=claim.label,
        text=claim.text,
        kind=claim.kind,
        is_key=claim.is_key,
        occurred=claim.occurred,
        place=str(claim.place or ""),
        standing=judged.result.standing.value,
        origins_count=judged.result.origins_count,
        items_count=judged.items_count,
        sentence=judged.result.sentence,
        citations=citations,
        stances=tuple(stances),
        likelihood=claim.likelihood,
        confidence=claim.confidence,
        rationale=claim.rationale,
        outcome=claim.outcome,
        outcome_reason=claim.outcome_reason,
        author=str(claim.created_by or ""),
        author_id=claim.assertion.created_by_id,
        version=claim.version,
        gaps=claim.gaps,
        review=review,
    )
