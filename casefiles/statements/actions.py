"""Every change to statements and their translations."""

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
from casefiles.statements.models import Rendering, Statement


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
) -> Statement:
    """Record one utterance, word for word; or, with `is_reported`, as somebody else reported it.

    Raises:
        NotAllowed: the person may not add to that circle.
        Refused: nobody is named as the speaker, there is no such State, or the speaker is restricted to fewer people.
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
    _check(statement)
    return assert_record(statement, by=by, circle=circle, names=[speaker, organisation])


def change_statement(statement: Statement, *, by: Any, version: int, **changes: Any) -> Statement:
    """Change any field of `add_statement` but the circle; the words as they stood stay in the history.

    Raises:
        Refused, ValidationError: as for adding.
        StaleVersion: somebody else changed it first.
    """
    changes = cleaned(Statement, changes)
    fields = statement._meta.concrete_fields
    trial = Statement(**{field.attname: getattr(statement, field.attname) for field in fields})
    for name, value in changes.items():
        setattr(trial, name, value)
    _check(trial)
    named = [changes.get("speaker"), changes.get("organisation")]
    require_covered(Circle.of(statement.assertion), named)
    change_record(statement, by=by, version=version, changes=changes)
    return statement


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
