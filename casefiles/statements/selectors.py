"""Who said what."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from casefiles.registry.models import Organisation, Person
from casefiles.statements.models import Rendering, Statement
from casefiles.statements.querysets import StatementQuerySet


def statements_by(
    *,
    user: Any,
    person: Person | None = None,
    organisation: Organisation | None = None,
    among: Collection[Person | Organisation] = (),
) -> StatementQuerySet:
    """Return the current statements of a person, of an organisation, or of one for the other, newest first.

    `among` are several people, or organisations, that were judged to be one: the statements of any of them.
    Speakers and organisations come with them, in one query.
    """
    statements = Statement.objects.visible_to(user).current().with_speakers()
    if person is not None:
        statements = statements.filter(speaker=person)
    if organisation is not None:
        statements = statements.filter(organisation=organisation)
    if among:
        keys = [one.pk for one in among]
        statements = statements.filter(Q(speaker__in=keys) | Q(organisation__in=keys))
    return statements.order_by("-said_key", "-pk")


def renderings_of(statement: Statement, *, user: Any) -> list[Rendering]:
    """Return the current translations of a statement, by language."""
    rows = Rendering.objects.visible_to(user).current().filter(statement=statement)
    return list(rows.select_related("created_by").order_by("language", "created_at", "pk"))


def answers_to(statement: Statement, *, user: Any) -> list[Statement]:
    """Return the current statements that answer one, the earliest first."""
    rows = Statement.objects.visible_to(user).current().filter(in_answer_to=statement).with_speakers()
    return list(rows.order_by("said_key", "pk"))


def answered_by(statement: Statement, *, user: Any) -> Statement | None:
    """Return the current statement that one answers, where `user` may see it; no query where it answers none."""
    if statement.in_answer_to_id is None:
        return None
    rows = Statement.objects.visible_to(user).current().filter(pk=statement.in_answer_to_id)
    found: Statement | None = rows.with_speakers().first()
    return found
