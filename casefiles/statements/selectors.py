"""Who said what."""

from typing import Any

from casefiles.registry.models import Organisation, Person
from casefiles.statements.models import Rendering, Statement
from casefiles.statements.querysets import StatementQuerySet


def statements_by(
    *, user: Any, person: Person | None = None, organisation: Organisation | None = None
) -> StatementQuerySet:
    """Return the current statements of a person, of an organisation, or of one for the other, newest first.

    Speakers and organisations come with them, in one query.
    """
    statements = Statement.objects.visible_to(user).current().with_speakers()
    if person is not None:
        statements = statements.filter(speaker=person)
    if organisation is not None:
        statements = statements.filter(organisation=organisation)
    return statements.order_by("-said_key", "-pk")


def renderings_of(statement: Statement, *, user: Any) -> list[Rendering]:
    """Return the current translations of a statement, by language."""
    rows = Rendering.objects.visible_to(user).current().filter(statement=statement)
    return list(rows.select_related("created_by").order_by("language", "created_at", "pk"))
