"""The matrix of a case: its hypotheses, the claims weighed against them, and what the analysts say of each cell."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from casefiles.cases.competing import Mark, Score, claim_weight, discriminates, grade_weight, is_apart, score
from casefiles.cases.models import (
    Case,
    Claim,
    FitChoice,
    Hypothesis,
    Outcome,
    Rating,
    RatingSheet,
    StrengthChoice,
    WeighedClaim,
)
from casefiles.core.addresses import record_address
from casefiles.evidence.models import Item
from casefiles.evidence.selectors import cited_as, newest_grades
from casefiles.evidence.vocabulary import CitationStance, ItemStatus


class Shown(StrEnum):
    """Whose ratings the matrix shows: the reader's own, everybody's, or the rows on which analysts disagree."""

    MINE = "mine"
    ALL = "all"
    APART = "apart"


@dataclass(frozen=True)
class Weight:
    """What a claim weighs, and why: `grade` is that of its heaviest item ("B2"), or empty where nothing is judged."""

    value: float | None
    grade: str
    items_count: int

    @property
    def words(self) -> str:
        if self.value is not None:
            return f"{self.value:.2f} ({self.grade})"
        return _("cannot be judged (F or 6)") if self.grade else _("nothing graded supports it")


@dataclass(frozen=True)
class MarkLine:
    """What one analyst says of a cell."""

    analyst: str
    is_mine: bool
    mark: Mark
    rationale: str

    @property
    def code(self) -> str:
        return self.mark.code

    @property
    def words(self) -> str:
        return mark_words(self.mark)


@dataclass(frozen=True)
class CellLine:
    hypothesis: str
    marks: tuple[MarkLine, ...]
    is_apart: bool


@dataclass(frozen=True)
class RowLine:
    """A claim of the matrix; `fallen` says why one that was withdrawn or refuted counts for nothing."""

    claim_id: uuid.UUID
    label: str
    text: str
    url: str
    weight: Weight
    fallen: str
    cells: tuple[CellLine, ...]
    discriminates: bool | None

    @property
    def is_apart(self) -> bool:
        return any(cell.is_apart for cell in self.cells)


@dataclass(frozen=True)
class ScoreLine:
    analyst: str
    is_mine: bool
    score: Score


@dataclass(frozen=True)
class HypothesisLine:
    id: uuid.UUID
    label: str
    text: str
    note: str
    scores: tuple[ScoreLine, ...]


@dataclass(frozen=True)
class Matrix:
    """`analysts` are those who rated anything, by name; `apart_count` rows on which any two of them disagree."""

    hypotheses: tuple[HypothesisLine, ...]
    rows: tuple[RowLine, ...]
    analysts: tuple[str, ...]
    apart_count: int


def mark_words(mark: Mark) -> str:
    """Return a mark in words: "inconsistent, strong"."""
    fit = str(FitChoice(str(mark.fit)).label)
    return f"{fit}, {StrengthChoice(str(mark.strength)).label}" if mark.strength else fit


def numbered_hypotheses(case: Case, user: Any) -> list[Hypothesis]:
    """Return the hypotheses that the case weighs, by number."""
    rows = Hypothesis.objects.visible_to(user).current().filter(case=case)
    return list(rows.order_by("number", "pk"))


def weighed_claims(case: Case, user: Any) -> list[Claim]:
    """Return the claims that are rows of the matrix, by number, without those taken out of the case."""
    chosen = WeighedClaim.objects.visible_to(user).current().filter(case=case).values("claim_id")
    rows = Claim.objects.visible_to(user).current().filter(case=case, pk__in=chosen)
    return list(rows.select_related("assertion").order_by("number", "pk"))


def sheet_of(case: Case, user: Any) -> RatingSheet | None:
    """Return the reader's own ratings in the case, where they have saved any."""
    found: RatingSheet | None = RatingSheet.objects.visible_to(user).filter(case=case, analyst=user).first()
    return found


def ratings_on(sheet: RatingSheet | None, user: Any) -> dict[tuple[uuid.UUID, uuid.UUID], Rating]:
    """Return the cells of a sheet, by hypothesis and claim."""
    rows = Rating.objects.visible_to(user).filter(sheet=sheet) if sheet else ()
    return {(row.hypothesis_id, row.claim_id): row for row in rows}


def matrix_of(case: Case, user: Any, shown: Shown = Shown.ALL) -> Matrix:
    """Return the matrix as the reader asked for it, in a constant number of queries."""
    hypotheses, claims = numbered_hypotheses(case, user), weighed_claims(case, user)
    weights = claim_weights(claims, user)
    sheets = list(RatingSheet.objects.visible_to(user).filter(case=case).named().order_by("created_at", "pk"))
    said = _said(sheets, user)
    every = [_row(claim, hypotheses, weights[claim.pk], sheets, said, user) for claim in claims]
    apart = [row for row in every if row.is_apart]
    read = [one for one in sheets if shown != Shown.MINE or one.analyst_id == user.pk]
    rows = [_row(claim, hypotheses, weights[claim.pk], read, said, user) for claim in claims]
    return Matrix(
        hypotheses=tuple(_hypothesis(one, claims, weights, read, said, user) for one in hypotheses),
        rows=tuple(apart if shown == Shown.APART else rows),
        analysts=tuple(str(one.analyst) for one in sheets),
        apart_count=len(apart),
    )


def claim_weights(claims: Sequence[Claim], user: Any) -> dict[uuid.UUID, Weight]:
    """Return what each claim weighs by the newest grades of the items that support it and stand; three queries."""
    found = Claim.objects.visible_to(user).filter(pk__in=[claim.pk for claim in claims])
    supporting = {
        key: {one.item_id for one in cited if one.stance == CitationStance.SUPPORTS}
        for key, cited in cited_as(found, user).items()
    }
    live = Item.objects.visible_to(user).current().filter(pk__in=set().union(*supporting.values()))
    standing = set(live.exclude(status=ItemStatus.RETRACTED).values_list("pk", flat=True))
    grades = {item: (one.reliability, one.credibility) for item, one in newest_grades(standing, user).items()}
    return {claim.pk: _weight(supporting.get(claim.pk, set()) & standing, grades) for claim in claims}


Said = Mapping[tuple[uuid.UUID, uuid.UUID, uuid.UUID], Rating]


def _weight(items: Iterable[uuid.UUID], grades: Mapping[uuid.UUID, tuple[str, str]]) -> Weight:
    held = [grades[item] for item in items if item in grades]
    # The heaviest first, by its words where two weigh the same; what cannot be judged comes last.
    by_weight = sorted(held, key=lambda grade: (-(grade_weight(*grade) or 0), grade))
    return Weight(claim_weight(held), "".join(by_weight[0]) if by_weight else "", len(held))


def _said(sheets: Iterable[RatingSheet], user: Any) -> Said:
    rows = Rating.objects.visible_to(user).filter(sheet__in=[one.pk for one in sheets]).exclude(fit="")
    return {(row.sheet_id, row.hypothesis_id, row.claim_id): row for row in rows}


def _row(
    claim: Claim,
    hypotheses: Sequence[Hypothesis],
    weight: Weight,
    sheets: Sequence[RatingSheet],
    said: Said,
    user: Any,
) -> RowLine:
    answers = [discriminates([_mark(said, sheet, one, claim) for one in hypotheses]) for sheet in sheets]
    return RowLine(
        claim_id=claim.pk,
        label=claim.label,
        text=claim.text,
        url=record_address("cases:claim", claim.case_id, claim.pk),
        weight=weight,
        fallen="" if claim.outcome == Outcome.HELD else str(claim.get_outcome_display()),
        cells=tuple(_cell(claim, one, sheets, said, user) for one in hypotheses),
        discriminates=True if True in answers else False if False in answers else None,
    )


def _mark(said: Said, sheet: RatingSheet, hypothesis: Hypothesis, claim: Claim) -> Mark | None:
    rating = said.get((sheet.pk, hypothesis.pk, claim.pk))
    return rating.mark if rating else None


def _cell(claim: Claim, hypothesis: Hypothesis, sheets: Iterable[RatingSheet], said: Said, user: Any) -> CellLine:
    found = ((sheet, said.get((sheet.pk, hypothesis.pk, claim.pk))) for sheet in sheets)
    marks = tuple(
        MarkLine(str(sheet.analyst), sheet.analyst_id == user.pk, rating.mark, rating.rationale)
        for sheet, rating in found
        if rating and rating.mark
    )
    return CellLine(hypothesis.label, marks, is_apart(line.mark for line in marks))


def _hypothesis(
    hypothesis: Hypothesis,
    claims: Sequence[Claim],
    weights: Mapping[uuid.UUID, Weight],
    sheets: Iterable[RatingSheet],
    said: Said,
    user: Any,
) -> HypothesisLine:
    counting = [claim for claim in claims if claim.outcome == Outcome.HELD]
    scores = (
        (sheet, score((_mark(said, sheet, hypothesis, claim), weights[claim.pk].value) for claim in counting))
        for sheet in sheets
    )
    return HypothesisLine(
        id=hypothesis.pk,
        label=hypothesis.label,
        text=hypothesis.text,
        note=hypothesis.note,
        scores=tuple(ScoreLine(str(sheet.analyst), sheet.analyst_id == user.pk, one) for sheet, one in scores),
    )
