"""The statements of a case: who said what, on which exhibit it rests, and what it says of the claims."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from casefiles.cases.models import Case, CaseStatement
from casefiles.cases.selectors.claims import (
    CitationLine,
    StanceLine,
    citation_lines,
    exhibit_labels,
    items_of,
    stance_lines,
)
from casefiles.core.countries import country_name
from casefiles.core.moments import Moment
from casefiles.evidence.selectors import citations_by_assertion
from casefiles.statements.models import Rendering


@dataclass(frozen=True)
class RenderingLine:
    """A translation of the words said."""

    language: str
    text: str
    translator: str


@dataclass(frozen=True)
class StatementLine:
    """A statement in a case, also a removed one: its number stays, with the reason."""

    id: uuid.UUID
    number: int
    label: str
    statement_id: uuid.UUID
    speaker: str
    speaker_url: str
    person_id: uuid.UUID | None
    organisation: str
    organisation_url: str
    organisation_id: uuid.UUID | None
    office: str
    state: str
    state_name: str
    forum: str
    said: Moment | None
    text: str
    language: str
    is_reported: bool
    renderings: tuple[RenderingLine, ...]
    citations: tuple[CitationLine, ...]
    stances: tuple[StanceLine, ...]
    is_removed: bool
    removed_reason: str
    version: int


def statements_with_stances(case: Case, user: Any) -> list[StatementLine]:
    """Return every statement in the order of the numbers, removed ones among them, in a constant number of queries."""
    return statement_lines(case, list(numbered_statements(case, user).order_by("number")), user)


def numbered_statements(case: Case, user: Any) -> QuerySet[CaseStatement]:
    """Return the case's statements, removed ones among them, with what a line names."""
    rows = CaseStatement.objects.visible_to(user).filter(case=case)
    return rows.select_related("statement__assertion", "statement__speaker", "statement__organisation")


def statement_lines(case: Case, rows: Sequence[CaseStatement], user: Any) -> list[StatementLine]:
    """Return a line for each of some statements of the case; the number of queries does not grow with them."""
    cited = citations_by_assertion([row.statement_id for row in rows], user)
    labels = exhibit_labels(case, user, items=items_of(cited))
    renderings = _renderings([row.statement_id for row in rows], user)
    stances = _by_statement(stance_lines(case, user, case_statement__in=[row.pk for row in rows]))
    return [
        _line(
            row,
            citations=citation_lines(cited.get(row.statement_id, ()), labels),
            renderings=tuple(renderings.get(row.statement_id, ())),
            stances=tuple(stances.get(row.pk, ())),
        )
        for row in rows
    ]


def _renderings(statements: Sequence[uuid.UUID], user: Any) -> dict[uuid.UUID, list[RenderingLine]]:
    found: dict[uuid.UUID, list[RenderingLine]] = {}
    rows = Rendering.objects.visible_to(user).current().filter(statement_id__in=statements).order_by("created_at", "pk")
    for rendering in rows:
        line = RenderingLine(rendering.language, rendering.text, rendering.translator)
        found.setdefault(rendering.statement_id, []).append(line)
    return found


def _by_statement(lines: Iterable[StanceLine]) -> dict[uuid.UUID, list[StanceLine]]:
    found: dict[uuid.UUID, list[StanceLine]] = {}
    for line in lines:
        found.setdefault(line.case_statement_id, []).append(line)
    return found


def _line(
    row: CaseStatement,
    *,
    citations: tuple[CitationLine, ...],
    renderings: tuple[RenderingLine, ...],
    stances: tuple[StanceLine, ...],
) -> StatementLine:
    said = row.statement
    return StatementLine(
        id=row.pk,
        number=row.number,
        label=row.label,
        statement_id=said.pk,
        speaker=said.speaker_name,
        speaker_url=said.speaker.get_absolute_url() if said.speaker else "",
        person_id=said.speaker_id,
        organisation=str(said.organisation or ""),
        organisation_url=said.organisation.get_absolute_url() if said.organisation else "",
        organisation_id=said.organisation_id,
        office=said.office,
        state=said.state,
        state_name=country_name(said.state) if said.state else "",
        forum=said.forum,
        said=said.said,
        text=said.text,
        language=said.language,
        is_reported=said.is_reported,
        renderings=renderings,
        citations=citations,
        stances=stances,
        is_removed=row.is_voided or said.is_voided,
        removed_reason=row.void_reason or said.assertion.void_reason,
        version=row.version,
    )
