"""Taking back what was just saved: withdrawing what was added, or setting a change's old values again.

Every kind of record goes through the action of its own app, so that its rules hold here too.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from casefiles.access.actions import change_record, require, restore_record, void_record
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.audit.selectors import HistoryEntry, history
from casefiles.cases import actions as cases
from casefiles.cases.models import (
    Case,
    Claim,
    Comment,
    ElementFinding,
    Lookup,
    RatingSheet,
    ReplyAttempt,
    ReplyRequest,
    Subject,
)
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.derivations import restore_derivation, restore_independence, void_derivation
from casefiles.evidence.actions.dismissals import restore_dismissal
from casefiles.evidence.actions.holds import lift_hold
from casefiles.evidence.actions.items import restore_item
from casefiles.evidence.models import Citation
from casefiles.particulars.actions import change_particular, restore_particular, void_particular
from casefiles.registry.actions import change_judgement, restore_judgement
from casefiles.registry.models import JUDGEMENTS, Judgement, Organisation, Person, Vessel
from casefiles.statements.actions import change_statement
from casefiles.statements.models import Statement
from casefiles.voyages.actions import change_port_call

VOIDING: dict[str, Callable[..., Any]] = {
    "cases.exhibit": cases.remove_exhibit,
    "cases.comment": cases.void_comment,
    "cases.claim": cases.take_back_claim,
    "cases.replyattempt": cases.void_attempt,
    "evidence.item": cases.void_item,
    "cases.review": cases.withdraw_review,
    "cases.verdict": cases.withdraw_verdict,
    "evidence.hold": lift_hold,
    "evidence.derivation": void_derivation,
}
RESTORING: dict[str, Callable[..., Any]] = {
    "cases.comment": cases.restore_comment,
    "cases.claim": cases.restore_claim,
    "cases.dependence": cases.restore_dependence,
    "evidence.item": restore_item,
    "evidence.derivation": restore_derivation,
    "evidence.independence": restore_independence,
    "evidence.dismissal": restore_dismissal,
    **{model._meta.label_lower: restore_judgement for model in JUDGEMENTS.values()},
}

# What stands at the start of a record, or puts it back: no change that could be taken back.
BEGINNINGS = frozenset(
    {
        "added",
        "restored",
        "candidates named",
        "claims cited",
        "claims named",
        "people named",
        "subjects named",
        "merge taken back",
    }
)


def take_back_addition(record: Any, *, by: Any) -> None:
    """Void what was added by mistake.

    Raises:
        NotAllowed, NotVisible, Refused: as for voiding it on its own page.
    """
    reason = _("Entered by mistake")
    if isinstance(record, Citation) and (case := case_of(record)):
        cases.void_citation(record, case=case, by=by, reason=reason)
        return
    _voiding(record)(record, by=by, reason=reason)


def take_back_change(record: Any, *, by: Any, version: int | None = None) -> None:
    """Set the values again that the newest change of `record` replaced, or restore it where that was a voiding.

    `version` is the record's after the change; without one, the newest change must be by the same person.

    Raises:
        Refused: it was changed since, or the newest change cannot be taken back.
        NotAllowed, NotVisible, ValidationError: as for changing it on its own page.
    """
    with audit.unit():
        require(by, Act.COMMENT if isinstance(record, Comment) else Act.EDIT, record)
        current = type(record)._base_manager.get(pk=record.pk).version_holder.version
        newest = _newest_change(record, by=by)
        if newest is None or (version is not None and version != current):
            raise Refused(_("It was changed since, so nothing was taken back."))
        if newest.act == "voided":
            _restore(record, by=by)
            return
        if isinstance(record, RatingSheet):
            _rate_again(record, newest, by=by, version=current)
            return
        again: Callable[..., None] = SETTING_AGAIN.get(type(record), _set_again)
        again(record, _old_values(record, newest), by=by, version=current)


def case_of(record: Any) -> Case | None:
    """Return the case that a record belongs to, by itself or through what it is cited for; None outside cases."""
    if isinstance(record, Citation):
        anchor = record.assertion
        record = getattr(anchor, anchor.kind.replace(".", "_", 1), None)
    case = getattr(record, "case", None)
    return case if isinstance(case, Case) else None


def _voiding(record: Any) -> Callable[..., Any]:
    if record._meta.app_label == "particulars":
        return void_particular
    usual = cases.void_in_case if case_of(record) else void_record
    return VOIDING.get(record._meta.label_lower, usual)


def _restoring(record: Any) -> Callable[..., Any]:
    if record._meta.app_label == "particulars":
        return restore_particular
    usual = cases.restore_in_case if case_of(record) else restore_record
    return RESTORING.get(record._meta.label_lower, usual)


def _restore(record: Any, *, by: Any) -> None:
    if isinstance(record, Citation) and (case := case_of(record)):
        cases.restore_citation(record, case=case, by=by)
        return
    _restoring(record)(record, by=by)


def _newest_change(record: Any, *, by: Any) -> HistoryEntry | None:
    events = history([record.pk], limit=1)
    if not events or events[0].actor_id != by.pk or events[0].act in BEGINNINGS:
        return None
    return events[0]


def _old_values(record: Any, entry: HistoryEntry) -> dict[str, Any]:
    """Return what the changed columns held before, by column; what is no column keeps its name."""
    columns = {name: column for column in record._meta.concrete_fields for name in (column.name, column.attname)}
    values: dict[str, Any] = {}
    for change in entry.changes:
        column = columns.get(change.field)
        if column is None:
            values[change.field] = change.old
        else:
            values[column.attname] = column.to_python(change.old)
    return values


def _set_again(record: Any, values: dict[str, Any], *, by: Any, version: int) -> None:
    label = record._meta.label_lower
    if label == "voyages.portcall" and "candidates" in values:
        values["vessels"] = list(Vessel.objects.visible_to(by).filter(pk__in=values.pop("candidates")))
    # What was opened to everybody may be named by now where its former circle sees nothing.
    if "visibility" in values or any(name not in _columns(record) for name in values if name != "vessels"):
        raise Refused(_("This cannot be taken back by itself. Change it by hand."))
    if label == "cases.case":
        # Its circle is shut and opened with it.
        cases.change_case(record, by=by, version=version, **values)
    elif label == "voyages.portcall":
        change_port_call(record, by=by, version=version, **values)
    elif isinstance(record, Judgement):
        if "standing_id" in values:
            key = values.pop("standing_id")
            values["standing"] = next((one for one in record.pair if one.pk == key), None)
        change_judgement(record, by=by, version=version, **values)
    elif record._meta.app_label == "particulars":
        change_particular(record, by=by, version=version, **values)
    else:
        _refuse_closed_case(record, by=by)
        argued = record.assertion_id if isinstance(record, Citation) else record.pk
        with cases.telling_reopened([argued], by=by):
            change_record(record, by=by, version=version, changes=values)


def _set_finding_again(record: ElementFinding, values: dict[str, Any], *, by: Any, version: int) -> None:
    """Take the claims again that the finding rested on, through the action that holds its rules."""
    again: dict[str, Any] = {name: values[name] for name in ("finding", "note") if name in values}
    if "claims" in values:
        again["claims"] = list(Claim.objects.visible_to(by).filter(pk__in=values["claims"] or []))
    cases.change_finding(record, by=by, version=version, **again)


def _rate_again(sheet: RatingSheet, entry: HistoryEntry, *, by: Any, version: int) -> None:
    """Set an analyst's cells again as the newest save of their sheet found them."""
    told = next(change for change in entry.changes if change.field == "cells")
    cases.rate_again(sheet, by=by, version=version, told=told.old or (), instead_of=told.new or ())


def _set_comment_again(record: Comment, values: dict[str, Any], *, by: Any, version: int) -> None:
    """Write the former words again, or settle the thread or open it, as it was before."""
    if "body" in values:
        cases.change_comment(record, by=by, version=version, body=values["body"])
    elif values.get("resolved_at") is None:
        cases.reopen_thread(record, by=by, version=version)
    else:
        cases.resolve_thread(record, by=by, version=version)


def _set_claim_again(record: Claim, values: dict[str, Any], *, by: Any, version: int) -> None:
    """Give a claim its place again, or its words with the subjects that it named."""
    if "position" in values:
        cases.place_claim(record, by=by, position=values["position"])
        return
    if "subjects" in values:
        about = list(Subject.objects.visible_to(by).filter(pk__in=values.pop("subjects") or []))
        cases.change_claim(record, by=by, version=version, subjects=about, **values)
        return
    if "outcome" in values:
        cases.set_outcome(
            record, by=by, outcome=values["outcome"], reason=values.get("outcome_reason", record.outcome_reason),
            version=version,
        )  # fmt: skip
        return
    _set_again(record, values, by=by, version=version)


def _set_lookup_again(record: Lookup, values: dict[str, Any], *, by: Any, version: int) -> None:
    if "claims" in values:
        values["claims"] = list(Claim.objects.visible_to(by).filter(pk__in=values["claims"] or []))
    cases.change_lookup(record, by=by, version=version, **values)


def _set_request_again(record: ReplyRequest, values: dict[str, Any], *, by: Any, version: int) -> None:
    """Take back what was last done with a request for comment: a sending, what came of it, or a change of the draft."""
    if "sent_at" in values:
        cases.take_back_sending(record, by=by, version=version)
    elif {"response_id", "silent_at"} & set(values):
        if any(value is not None for value in values.values()):
            raise Refused(_("This cannot be taken back by itself. Change it by hand."))
        cases.take_back_outcome(record, by=by, version=version)
    else:
        again = {name: value for name, value in values.items() if name not in {"claims", "claim_count"}}
        if "claims" in values:
            again["claims"] = list(Claim.objects.visible_to(by).filter(pk__in=values["claims"] or []))
        for name, model in (("organisation", Organisation), ("person", Person)):
            if f"{name}_id" in again:
                again[name] = model.objects.visible_to(by).filter(pk=again.pop(f"{name}_id")).first()
        cases.change_request(record, by=by, version=version, **again)


def _set_attempt_again(record: ReplyAttempt, values: dict[str, Any], *, by: Any, version: int) -> None:
    cases.change_attempt(record, by=by, version=version, **values)


def _set_statement_again(record: Statement, values: dict[str, Any], *, by: Any, version: int) -> None:
    """A statement that was recorded as a reply meanwhile keeps its words."""
    change_statement(record, by=by, version=version, **values)


# Kinds of which a change goes beyond their own columns.
SETTING_AGAIN: dict[type[Any], Callable[..., Any]] = {
    Claim: _set_claim_again,
    Comment: _set_comment_again,
    ElementFinding: _set_finding_again,
    Lookup: _set_lookup_again,
    ReplyRequest: _set_request_again,
    ReplyAttempt: _set_attempt_again,
    Statement: _set_statement_again,
}


def _columns(record: Any) -> set[str]:
    return {field.attname for field in record._meta.concrete_fields}


def _refuse_closed_case(record: Any, *, by: Any) -> None:
    case = case_of(record)
    if case is not None and not case.is_writable:
        raise Refused(_("This case is closed: reopen it to change it."))
