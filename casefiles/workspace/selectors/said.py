"""What a person or organisation said over time, with the stances taken, and where a position changed."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from casefiles.cases.models import Stance
from casefiles.cases.positions import Position, changes_of
from casefiles.core.moments import Moment
from casefiles.evidence.models import Citation
from casefiles.evidence.selectors import citations_by_assertion
from casefiles.statements.models import Statement
from casefiles.statements.querysets import StatementQuerySet
from casefiles.statements.selectors import statements_by

# So many stances of one speaker are compared; nobody takes more than a few.
COMPARED_AT_MOST = 2_000


@dataclass(frozen=True)
class StanceTaken:
    """What a statement says of a claim of a case that the reader is on."""

    label: str
    claim: str
    case_reference: str
    claim_label: str
    claim_url: str


@dataclass(frozen=True)
class SaidLine:
    statement: Statement
    stances: tuple[StanceTaken, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Side:
    """One end of a change: the stance, the statement that takes it, and what is cited for that."""

    stance: str
    said: Moment | None
    statement: Statement
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class PositionChange:
    claim: str
    claim_label: str
    claim_url: str
    case_reference: str
    earlier: Side
    later: Side


def said_by(party: Any, user: Any) -> StatementQuerySet:
    """Return the current statements of a person or organisation that `user` may see."""
    return statements_by(user=user, among=[party])


def said_lines(statements: Sequence[Statement], user: Any) -> list[SaidLine]:
    """Return a line for each of some statements; the number of queries does not grow with them."""
    keys = [statement.pk for statement in statements]
    cited = citations_by_assertion(keys, user)
    taken: dict[uuid.UUID, list[StanceTaken]] = {}
    for stance in _stances(user).filter(case_statement__statement__in=keys):
        taken.setdefault(stance.case_statement.statement_id, []).append(_taken(stance))
    return [SaidLine(one, tuple(taken.get(one.pk, ())), tuple(cited[one.pk])) for one in statements]


def position_changes(party: Any, user: Any) -> list[PositionChange]:
    """Return where what somebody said of a claim changed between two dates, with both statements and their citations.

    A claim belongs to one case: what was said of it in another case is said of another claim.
    """
    own = Q(case_statement__statement__speaker=party.pk) | Q(case_statement__statement__organisation=party.pk)
    visible = Statement.objects.visible_to(user).current().filter(Q(speaker=party.pk) | Q(organisation=party.pk))
    rows = list(_stances(user).filter(own, case_statement__statement__in=visible.values("pk"))[:COMPARED_AT_MOST])
    changes = changes_of(_position(stance) for stance in rows)
    sides = {one.statement.case_statement.statement_id for change in changes for one in (change.earlier, change.later)}
    cited = citations_by_assertion(sides, user)
    return [
        PositionChange(
            claim=change.later.statement.claim.text,
            claim_label=change.later.statement.claim.label,
            claim_url=change.later.statement.claim.get_absolute_url(),
            case_reference=change.later.statement.case.reference,
            earlier=_side(change.earlier.statement, cited),
            later=_side(change.later.statement, cited),
        )
        for change in changes
    ]


def _stances(user: Any) -> QuerySet[Stance]:
    rows = Stance.objects.visible_to(user).current()
    standing = rows.filter(
        case_statement__voided_at__isnull=True,
        case_statement__statement__assertion__voided_at__isnull=True,
        claim__assertion__voided_at__isnull=True,
    )
    said = "case_statement__statement"
    named = standing.select_related("case", "claim", f"{said}__speaker", f"{said}__organisation", f"{said}__assertion")
    return named.order_by("case__reference", "claim__number", f"{said}__said_key", "pk")


def _taken(stance: Stance) -> StanceTaken:
    claim = stance.claim
    return StanceTaken(
        label=str(stance.get_stance_display()),
        claim=claim.text,
        case_reference=stance.case.reference,
        claim_label=claim.label,
        claim_url=claim.get_absolute_url(),
    )


def _position(stance: Stance) -> Position[Stance]:
    said = stance.case_statement.statement.said
    return Position(claim=stance.claim_id, stance=stance.stance, said=said, statement=stance)


def _side(stance: Stance, cited: dict[uuid.UUID, list[Citation]]) -> Side:
    statement = stance.case_statement.statement
    citations: Iterable[Citation] = cited[statement.pk]
    return Side(str(stance.get_stance_display()), statement.said, statement, tuple(citations))
