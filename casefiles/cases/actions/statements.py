"""What was said, in a case, and what it says of the case's claims."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, change_record, void_record
from casefiles.access.circles import Circle
from casefiles.audit import actions as audit
from casefiles.cases.actions.guards import bring_into, next_number, require_in, void_in_case, writable
from casefiles.cases.models import Case, CaseStatement, Claim, Exhibit, Stance
from casefiles.core.moments import Moment
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion, save_changes
from casefiles.evidence.actions import citations
from casefiles.evidence.models import Item
from casefiles.registry.models import Organisation, Person
from casefiles.statements.actions import add_rendering, add_statement, chain_of
from casefiles.statements.models import Statement


def add_case_statement(case: Case, *, by: Any, statement: Statement, shared_too: Iterable[Item] = ()) -> CaseStatement:
    """Bring a statement into the case under the next number, sharing it with the case's readers where `by` may.

    What it answers is shared with it, since its page shows that.

    `shared_too` are items cited for it that come along, so that these readers see the citations.

    Raises:
        Refused: the case is closed, or the statement is here already, or it or an item is not theirs to share.
    """
    with audit.unit():
        case = writable(case, by=by)
        for said in chain_of(statement):
            bring_into(case, [said.assertion, said.speaker, said.organisation], by=by)
        for item in shared_too:
            bring_into(case, [item, item.source, item.place], by=by)
        held = CaseStatement.objects.current().filter(case=case, statement=statement).first()
        if held is not None:
            raise Refused(_("This statement is already in the case as %(label)s.") % {"label": held.label})
        number = next_number(case, "last_statement")
        return add_record(CaseStatement(case=case, number=number, statement=statement), by=by)


def record_statement(
    case: Case,
    *,
    by: Any,
    exhibit: Exhibit,
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
    translation: str = "",
    translation_language: str = "en",
    translator: str = "",
    locator: str = "",
    quote: str = "",
    stances: Mapping[Claim, str] | None = None,
) -> CaseStatement:
    """Record a statement found in an exhibit, cite the exhibit on it, and note its stance on claims, in one step.

    `text` holds the words said, or the report of them where `is_reported`. A direct quote is also the citation's quote
    unless `quote` gives another passage. Claims with an empty stance are left out.

    Raises:
        Refused: the case is closed, something belongs to another case, or the locator is not understood.
        ValidationError: a field does not hold; nobody is named as the speaker.
    """
    with audit.unit():
        case = writable(case, by=by)
        require_in(case, exhibit)
        bring_into(case, [speaker, organisation], by=by)
        statement = add_statement(
            by=by,
            circle=Circle.of_case(case),
            speaker=speaker,
            organisation=organisation,
            speaker_text=speaker_text,
            office=office,
            state=state,
            forum=forum,
            said=said,
            text=text,
            language=language,
            is_reported=is_reported,
        )
        if translation.strip():
            add_rendering(statement, by=by, language=translation_language, text=translation, translator=translator)
        _cite_on(statement, exhibit, by=by, locator=locator, quote=quote or ("" if is_reported else text))
        case_statement = add_case_statement(case=case, by=by, statement=statement)
        for claim, stance in (stances or {}).items():
            if stance:
                set_stance(claim=claim, case_statement=case_statement, by=by, stance=stance)
    return case_statement


def _cite_on(statement: Statement, exhibit: Exhibit, *, by: Any, locator: str, quote: str) -> None:
    citations.cite(statement, item=exhibit.item, by=by, locator=locator, quote=quote, quote_language=statement.language)


def set_stance(
    claim: Claim, case_statement: CaseStatement, *, by: Any, stance: str, note: str | None = None
) -> Stance | None:
    """Say what a statement in the case says of a claim; an empty stance takes back the one there is.

    Without a note, the one there is stays.

    Raises:
        Refused: the case is closed, or the two belong to two cases.
    """
    with audit.unit():
        case = writable(claim.case, by=by)
        require_in(case, claim, case_statement)
        held = Stance.objects.current().filter(claim=claim, case_statement=case_statement).first()
        if stance != (held.stance if held else ""):
            _touch(case_statement)
        if held is None:
            return _add_stance(case, claim, case_statement, by=by, stance=stance, note=note or "")
        if not stance:
            void_record(held, by=by, reason=note or _("No stance on this claim."))
            return None
        changes = {"stance": stance} if note is None else {"stance": stance, "note": note}
        change_record(held, by=by, version=held.version, changes=changes)
        return held


def _touch(case_statement: CaseStatement) -> None:
    """Raise the version of the statement in the case, whose stances stand on one form; the case is locked."""
    version = CaseStatement.objects.values_list("version", flat=True).get(pk=case_statement.pk)
    save_changes(case_statement, version=version, changes={}, is_touched=True)


def set_stances(
    case_statement: CaseStatement, *, by: Any, stances: Mapping[Claim, str], version: int | None = None
) -> None:
    """Say what a statement says of several claims, in one step; an empty stance takes back the one there is.

    `version` is that of the statement in the case: its stances belong to it, so each change of one raises it.

    Raises:
        StaleVersion: somebody else changed a stance of this statement first.
    """
    with audit.unit():
        writable(case_statement.case, by=by)
        if version is not None:
            _refuse_stale(case_statement, version)
        for claim, stance in stances.items():
            set_stance(claim, case_statement, by=by, stance=stance)


def _refuse_stale(case_statement: CaseStatement, version: int) -> None:
    current = CaseStatement.objects.get(pk=case_statement.pk)
    if current.version != version:
        raise StaleVersion(current)


def _add_stance(
    case: Case, claim: Claim, case_statement: CaseStatement, *, by: Any, stance: str, note: str
) -> Stance | None:
    if not stance:
        return None
    return add_record(Stance(case=case, claim=claim, case_statement=case_statement, stance=stance, note=note), by=by)


def remove_case_statement(case_statement: CaseStatement, *, by: Any, reason: str, version: int | None = None) -> None:
    """Take a statement out of the case with a reason; its number stays, and so does the statement itself."""
    void_in_case(case_statement, by=by, reason=reason, version=version)
