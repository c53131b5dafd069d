"""How claims are reviewed, by whom, and who has to do what next."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casefiles.cases.models import Case, Claim, Outcome, Review, Verdict, VerdictKind
from casefiles.cases.querysets import ClaimQuerySet
from casefiles.cases.reviewing import Basis, Difference, Given, ReviewState, judged, newest_round
from casefiles.cases.selectors.standings import standings
from casefiles.evidence.models import Assertion
from casefiles.evidence.vocabulary import ItemStatus

STATE_WORDS: dict[str, Any] = {
    ReviewState.CHANGES_REQUESTED: lambda: _("changes requested"),
    ReviewState.DISAGREED: lambda: _("reviewers disagree"),
    ReviewState.REOPENED: lambda: _("open again"),
    ReviewState.IN_REVIEW: lambda: _("in review"),
    ReviewState.NOT_REVIEWED: lambda: _("not reviewed"),
    ReviewState.APPROVED: lambda: _("approved"),
}
TONES = {
    ReviewState.APPROVED: "ok",
    ReviewState.IN_REVIEW: "sea",
    ReviewState.CHANGES_REQUESTED: "warn",
    ReviewState.DISAGREED: "bad",
    ReviewState.REOPENED: "warn",
    ReviewState.NOT_REVIEWED: "",
}
DIFFERENCE_WORDS: dict[str, Any] = {
    Difference.CLAIM: lambda: _("the claim was changed"),
    Difference.CITED: lambda: _("a citation was added"),
    Difference.CITATION: lambda: _("a citation was changed"),
    Difference.WITHDRAWN: lambda: _("a citation was withdrawn"),
    Difference.ITEM: lambda: _("an item cited for it is %(what)s now"),
    Difference.STANDING: lambda: _("its standing is another one now"),
}


@dataclass(frozen=True)
class ClaimReview:
    """How one claim is reviewed. `verdicts` are those of the review answered last, oldest first; never a sealed one."""

    state: ReviewState = ReviewState.NOT_REVIEWED
    verdicts: tuple[Verdict, ...] = ()
    why_open_again: str = ""
    asked: Review | None = None

    @property
    def state_label(self) -> str:
        return str(STATE_WORDS[self.state]())

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def is_approved(self) -> bool:
        return self.state == ReviewState.APPROVED

    @property
    def reviewers(self) -> str:
        return ", ".join(str(verdict.created_by) for verdict in self.verdicts)

    @property
    def at(self) -> datetime | None:
        return self.verdicts[-1].created_at if self.verdicts else None

    @property
    def claim_version(self) -> int:
        """The version that was reviewed last; 0 where none was."""
        return self.verdicts[-1].claim_version if self.verdicts else 0

    @property
    def open_remarks(self) -> tuple[Verdict, ...]:
        """What was asked for and has no answer yet."""
        return tuple(one for one in self.verdicts if one.verdict == VerdictKind.CHANGES_REQUESTED and not one.answer)


NOT_REVIEWED = ClaimReview()


def bases_of(claim_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Basis]:
    """Return how claims stand now, without their standing; one query.

    Asked without a person: an approval holds for every reader of the case, or for none.
    """
    rows = Assertion._base_manager.filter(pk__in=claim_ids).values_list(
        "pk", "version", "citations__pk", "citations__version", "citations__voided_at",
        "citations__item_id", "citations__item__status", "citations__item__voided_at",
    )  # fmt: skip
    versions: dict[uuid.UUID, int] = {}
    cited: dict[uuid.UUID, dict[str, int]] = {}
    items: dict[uuid.UUID, dict[str, str]] = {}
    for claim, version, citation, cited_version, withdrawn_at, item, status, voided_at in rows:
        versions[claim] = version
        if citation is not None and withdrawn_at is None:
            cited.setdefault(claim, {})[str(citation)] = cited_version
            items.setdefault(claim, {})[str(item)] = "voided" if voided_at else str(status)
    return {claim: Basis(version, cited.get(claim, {}), items.get(claim, {})) for claim, version in versions.items()}


def with_standing(basis: Basis, standing: str) -> Basis:
    return Basis(basis.version, basis.citations, basis.items, standing)


def bases_to_review(claims: ClaimQuerySet, user: Any) -> dict[uuid.UUID, Basis]:
    """Return how claims stand now, with their standing: what a verdict on each of them is about."""
    stands = {one.id: str(one.standing) for one in standings(claims, user)}
    return {claim: with_standing(basis, stands[claim]) for claim, basis in bases_of(stands.keys()).items()}


def shown_verdicts(claim_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Verdict]]:
    """Return the verdicts on each claim that everybody in its case may know, oldest first; one query."""
    found: dict[uuid.UUID, list[Verdict]] = {}
    rows = Verdict.objects.current().shown().filter(claim_id__in=claim_ids).named()
    for verdict in rows.order_by("created_at", "pk"):
        found.setdefault(verdict.claim_id, []).append(verdict)
    return found


class Asked(NamedTuple):
    """A review that waits for a verdict on a claim."""

    claim_id: uuid.UUID
    review: Review


def asked_of(claims: Collection[uuid.UUID], verdicts: Mapping[uuid.UUID, Sequence[Verdict]]) -> list[Asked]:
    """Return for which of some claims a verdict is waited for, the oldest review first.

    `verdicts` are those of `shown_verdicts`: one that is sealed answers nothing, whoever asks.
    """
    links = Review.claims.through.objects.filter(
        claim__in=claims, claim__outcome=Outcome.HELD, claim__assertion__voided_at=None, review__voided_at=None
    )
    given = Counter((one.claim_id, one.review_id) for found in verdicts.values() for one in found)
    rows = links.select_related("review__created_by").order_by("review__number")
    return [
        Asked(row.claim_id, row.review)
        for row in rows
        if given[row.claim_id, row.review_id] < row.review.verdicts_wanted
    ]


def claim_reviews(claim_ids: Collection[uuid.UUID], *, stands: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, ClaimReview]:
    """Return how each of some claims is reviewed, whose reading was asked for already; four queries at most.

    `stands` has the standing of each claim, as `selectors.standings` gives it; of a missing one it does not count.
    """
    verdicts = shown_verdicts(claim_ids)
    asked = {one.claim_id: one.review for one in asked_of(claim_ids, verdicts)}
    given = {claim: [_given(one) for one in found] for claim, found in verdicts.items()}
    approved = [claim for claim, found in given.items() if claim not in asked and found[-1].verdict == "approved"]
    bases = bases_of(approved) if approved else {}
    now = {claim: with_standing(basis, stands.get(claim, "")) for claim, basis in bases.items()}
    return {
        claim: _reviewed(verdicts.get(claim, []), given.get(claim, []), asked.get(claim), now.get(claim))
        for claim in claim_ids
    }


def _given(verdict: Verdict) -> Given:
    return Given(verdict.review_id, str(verdict.verdict), Basis.of(verdict.basis))


def _reviewed(
    verdicts: Sequence[Verdict], given: Sequence[Given], asked: Review | None, now: Basis | None
) -> ClaimReview:
    result = judged(given, is_asked=asked is not None, now=now)
    latest = newest_round(given) if given else []
    return ClaimReview(
        state=result.state,
        verdicts=tuple(verdicts[len(verdicts) - len(latest) :]),
        why_open_again=differences_in_words(result.differences),
        asked=asked,
    )


def differences_in_words(found: Iterable[tuple[Difference, str]]) -> str:
    words = []
    for difference, what in found:
        mark = str(dict(ItemStatus.choices).get(what, what)) if difference == Difference.ITEM else what
        words.append(DIFFERENCE_WORDS[difference]() % {"what": mark or what})
    return "; ".join(words)


def approvals_that_hold(claim_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Verdict]]:
    """Return the verdicts of each claim that is approved as it stands, whatever its standing."""
    return {claim: list(one.verdicts) for claim, one in claim_reviews(claim_ids, stands={}).items() if one.is_approved}


def claims_in_state(claims: ClaimQuerySet, state: str, user: Any) -> list[uuid.UUID]:
    """Return which of the claims are reviewed so: it is computed, so all of them are read, in a few queries."""
    stands = {one.id: str(one.standing) for one in standings(claims, user)}
    return [claim for claim, one in claim_reviews(stands.keys(), stands=stands).items() if one.state == state]


def claims_reviewed_by(claims: ClaimQuerySet, reviewer_id: uuid.UUID) -> ClaimQuerySet:
    """Leave the claims on which somebody gave a verdict that everybody may know."""
    given = Verdict.objects.current().shown().filter(created_by=reviewer_id)
    return claims.filter(pk__in=given.values("claim_id"))


def reviewers_in(case: Case, user: Any) -> list[tuple[str, str]]:
    """Return the key and name of everybody whose verdicts in the case are shown; one query."""
    rows = Verdict.objects.visible_to(user).current().shown().filter(case=case).select_related("created_by")
    named = {str(row.created_by_id): str(row.created_by) for row in rows.only("created_by", "case")}
    return sorted(named.items(), key=lambda pair: (pair[1], pair[0]))


# --- Who does what next -------------------------------------------------------------------------------------------

# So many of each kind are named.
STEPS_AT_MOST = 3


@dataclass(frozen=True)
class NextStep:
    """Something that waits for somebody. `page` names an address of the case, `target` a record, or a state to list."""

    tone: str
    text: str
    page: str
    target: uuid.UUID | None = None
    state: str = ""


@dataclass(frozen=True)
class ReviewProgress:
    """How far the review of a case is; withdrawn and refuted claims are not counted."""

    approved_count: int
    total: int
    steps: tuple[NextStep, ...]


def review_progress(labels: Mapping[uuid.UUID, str], reviews: Mapping[uuid.UUID, ClaimReview]) -> ReviewProgress:
    """Return how far the review is. `labels` are those of the claims that are held, in their order."""
    held = {claim: reviews[claim] for claim in labels}
    return ReviewProgress(
        approved_count=sum(one.is_approved for one in held.values()),
        total=len(held),
        steps=tuple([*_steps_of_editors(held), *_steps_of_authors(labels, held)]),
    )


def _steps_of_editors(held: Mapping[uuid.UUID, ClaimReview]) -> Iterable[NextStep]:
    asked = Counter(one.asked.pk for one in held.values() if one.asked)
    open_reviews = {one.asked.pk: one.asked for one in held.values() if one.asked}
    for review in sorted(open_reviews.values(), key=lambda review: review.number)[:STEPS_AT_MOST]:
        words = ngettext(
            "%(label)s: %(count)d claim waits for an editor", "%(label)s: %(count)d claims wait for an editor",
            asked[review.pk],
        )  # fmt: skip
        yield NextStep("sea", words % {"label": review.label, "count": asked[review.pk]}, "review", review.pk)


AUTHORS_STEPS: tuple[tuple[ReviewState, Any], ...] = (
    (ReviewState.CHANGES_REQUESTED, lambda: _("%(label)s: an author answers %(reviewers)s")),
    (ReviewState.DISAGREED, lambda: _("%(label)s: %(reviewers)s disagree")),
    (ReviewState.REOPENED, lambda: _("%(label)s is open again: %(why)s")),
)


def _steps_of_authors(labels: Mapping[uuid.UUID, str], held: Mapping[uuid.UUID, ClaimReview]) -> Iterable[NextStep]:
    for state, words in AUTHORS_STEPS:
        keys = [claim for claim, one in held.items() if one.state == state]
        for claim in keys[:STEPS_AT_MOST]:
            one = held[claim]
            named = {"label": labels[claim], "reviewers": one.reviewers, "why": one.why_open_again}
            yield NextStep(one.tone, words() % named, "claim", claim)
        rest = len(keys) - STEPS_AT_MOST
        if rest > 0:
            more = ngettext("and %(count)d more claim likewise", "and %(count)d more claims likewise", rest)
            yield NextStep(TONES[state], more % {"count": rest}, "claims", state=str(state))


# --- The reviews of a case ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReviewedClaim:
    """One claim of a review. `mine` is the reader's own verdict, also while it is sealed."""

    claim: Claim
    verdicts: tuple[Verdict, ...]
    mine: Verdict | None
    is_waiting: bool


@dataclass(frozen=True)
class ReviewLine:
    review: Review
    claims: tuple[ReviewedClaim, ...]

    @property
    def waiting_count(self) -> int:
        return sum(one.is_waiting for one in self.claims)

    @property
    def is_open(self) -> bool:
        return self.waiting_count > 0 and not self.review.is_voided

    @property
    def approved_count(self) -> int:
        """Of how many claims every verdict is an approval; it may be open again since."""
        return sum(bool(one.verdicts) and _are_approvals(one.verdicts) for one in self.claims)


def _are_approvals(verdicts: Iterable[Verdict]) -> bool:
    return all(one.verdict == VerdictKind.APPROVED for one in verdicts)


def numbered_reviews(case: Case, user: Any) -> Any:
    """Return the reviews of a case, withdrawn ones among them."""
    return Review.objects.visible_to(user).filter(case=case).select_related("created_by", "case")


def review_lines(reviews: Sequence[Review], user: Any) -> list[ReviewLine]:
    """Return a line for each of some reviews, with its claims; three queries."""
    keys = [review.pk for review in reviews]
    pairs = list(Review.claims.through.objects.filter(review__in=keys).values_list("review_id", "claim_id"))
    claims = Claim.objects.visible_to(user).filter(pk__in={claim for _review, claim in pairs}).in_order()
    rows = {claim.pk: claim for claim in claims}
    mine_or_shown = Verdict.objects.visible_to(user).current().filter(Q(is_sealed=False) | Q(created_by=user.pk))
    verdicts: dict[tuple[Any, Any], list[Verdict]] = {}
    for verdict in mine_or_shown.filter(review__in=keys).named().order_by("created_at", "pk"):
        verdicts.setdefault((verdict.review_id, verdict.claim_id), []).append(verdict)
    of_review: dict[Any, list[Claim]] = {}
    for review_id, claim_id in pairs:
        if claim_id in rows:
            of_review.setdefault(review_id, []).append(rows[claim_id])
    return [
        ReviewLine(
            review,
            tuple(
                _of_review(claim, review, verdicts.get((review.pk, claim.pk), []), user)
                for claim in sorted(of_review.get(review.pk, []), key=lambda claim: claim.number)
            ),
        )
        for review in reviews
    ]


def _of_review(claim: Claim, review: Review, verdicts: Sequence[Verdict], user: Any) -> ReviewedClaim:
    shown = tuple(one for one in verdicts if not one.is_sealed)
    return ReviewedClaim(
        claim=claim,
        verdicts=shown,
        mine=next((one for one in verdicts if one.created_by_id == user.pk), None),
        is_waiting=claim.outcome == Outcome.HELD and not claim.is_voided and len(shown) < review.verdicts_wanted,
    )


def sealed_verdict_of(claim: Claim, user: Any) -> Verdict | None:
    """Return the reader's own verdict on a claim that waits for the other editor's."""
    rows = Verdict.objects.visible_to(user).current().filter(claim=claim, is_sealed=True, created_by=user.pk)
    found: Verdict | None = rows.filter(review__voided_at__isnull=True).named().order_by("-created_at").first()
    return found
