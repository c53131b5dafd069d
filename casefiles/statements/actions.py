"""Every change to statements and their translations."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, refuse_voided, require, require_covered
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.cleaning import cleaned
from casefiles.core.countries import COUNTRY_NAMES
from casefiles.core.moments import Moment
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.assertions import assert_record
from casefiles.registry.models import Organisation, Person
from casefiles.statements.models import HELD, Rendering, Statement

# What a statement that was recorded as a reply is: the words, and whose and from when they are.
HELD_FIELDS = ("text", "language", "is_reported", "speaker", "organisation", "speaker_text", "said")


def add_statement(
    *,
    by: Any,
    circle: Circle,
    text: str,
    speaker: Person | None = None,
    organisation: Organisation | None = None,
    speaker_text: str = "",
    office: str = "",
    state: str = "",
    forum: str = "",
    said: Moment | None = None,
    language: str = "en",
    is_reported: bool = False,
    in_answer_to: Statement | None = None,
) -> Statement:
    """Record one utterance, word for word; or, with `is_reported`, as somebody else reported it.

    Raises:
        NotAllowed: the person may not add to that circle.
        Refused: nobody is named as the speaker, there is no such State, or the speaker, or the statement that it
            answers, is restricted to fewer people.
        ValidationError: a field does not hold.
    """
    values = {
        "speaker_text": speaker_text,
        "office": office,
        "state": state,
        "forum": forum,
        "text": text,
        "language": language,
        "is_reported": is_reported,
    }
    statement = Statement(speaker=speaker, organisation=organisation, **cleaned(Statement, values))
    statement.said = said
    statement.in_answer_to = in_answer_to
    _check(statement)
    _check_answer(None, in_answer_to)
    return assert_record(statement, by=by, circle=circle, names=[speaker, organisation, in_answer_to])


def change_statement(statement: Statement, *, by: Any, version: int, **changes: Any) -> Statement:
    """Change any field of `add_statement` but the circle; the words as they stood stay in the history.

    Raises:
        Refused, ValidationError: as for adding; or it was recorded as a reply, and who said what would change; or it
            would answer itself, by others or at once.
        StaleVersion: somebody else changed it first.
    """
    changes = cleaned(Statement, changes)
    with audit.unit():
        # Read anew under a lock: somebody may record it as a reply just now.
        current = Statement.objects.locked(statement.pk)
        held, answered = {name: getattr(current, name) for name in HELD_FIELDS}, current.in_answer_to_id
        if "words_held" in changes:
            raise Refused(HELD)
        for name, value in changes.items():
            setattr(current, name, value)
        if current.is_held:
            _refuse_altering(current, held)
        _check(current)
        if current.in_answer_to_id != answered:
            _check_answer(statement, current.in_answer_to)
        named = [changes.get("speaker"), changes.get("organisation"), changes.get("in_answer_to")]
        require_covered(Circle.of(statement.assertion), named)
        change_record(statement, by=by, version=version, changes=changes)
    return statement


def hold_words(statement: Statement, *, by: Any) -> None:
    """Keep a statement's words as they are for good: it was recorded as somebody's reply.

    Raises:
        NotAllowed: the person may not change the statement.
        Refused: it was voided.
    """
    with audit.unit():
        current = Statement.objects.locked(statement.pk)
        require(by, Act.EDIT, current)
        refuse_voided(current)
        if not current.is_held:
            changes = {"words_held": current.text}
            change_record(current, by=by, version=current.version, changes=changes, act="recorded as a reply")


def add_rendering(statement: Statement, *, by: Any, language: str, text: str, translator: str = "") -> Rendering:
    """Add a translation of a statement, and who made it.

    Raises:
        NotAllowed: the person may not edit the statement.
        Refused: the statement was voided.
        ValidationError: the language or the words are missing.
    """
    values = cleaned(Rendering, {"language": language, "text": text, "translator": translator})
    rendering = Rendering(statement=statement, **values)
    with audit.unit():
        require(by, Act.EDIT, statement)
        refuse_voided(statement)
        return add_record(rendering, by=by)


def change_rendering(rendering: Rendering, *, by: Any, version: int, **changes: Any) -> Rendering:
    """Change a translation's language, words or translator.

    Raises:
        StaleVersion, ValidationError: somebody else changed it first, or a field does not hold.
    """
    change_record(rendering, by=by, version=version, changes=cleaned(Rendering, changes))
    return rendering


def _check(statement: Statement) -> None:
    if not (statement.speaker_id or statement.organisation_id or statement.speaker_text.strip()):
        raise Refused(
            _("Say who spoke: a person, an organisation, or the speaker as named in the source."), field="speaker"
        )
    if not statement.text.strip():
        raise Refused(_("Enter the words."), field="text")
    if statement.state and statement.state not in COUNTRY_NAMES:
        raise Refused(_("There is no State with the code “%(code)s”.") % {"code": statement.state}, field="state")


def _refuse_altering(statement: Statement, held: dict[str, Any]) -> None:
    for name, value in held.items():
        if getattr(statement, name) != value:
            raise Refused(HELD, field=name)


def _check_answer(statement: Statement | None, answered: Statement | None) -> None:
    """Refuse to answer what was voided, and what answers this very statement, at once or by others."""
    if answered is None:
        return
    refuse_voided(answered)
    for step in chain_of(answered):
        if statement is not None and step.pk == statement.pk:
            raise Refused(_("That one answers this one already: answers go one way."), field="in_answer_to")


def chain_of(statement: Statement) -> Iterator[Statement]:
    """Yield a statement, the one that it answers, the one that that answers, and so on."""
    step: Statement | None = statement
    while step is not None:
        yield step
        step = step.in_answer_to
