"""Every change to a case. A closed or archived case refuses each of them with a reason."""

from casefiles.cases.actions.bringing_in import CaseAdder
from casefiles.cases.actions.cases import change_case, open_case
from casefiles.cases.actions.citing import change_citation, cite_exhibit, restore_citation, void_citation
from casefiles.cases.actions.claims import add_claim, change_claim, place_claim, set_outcome, void_claim
from casefiles.cases.actions.collected import add_collected
from casefiles.cases.actions.comments import (
    add_comment,
    answer_comment,
    change_comment,
    reopen_thread,
    resolve_thread,
    restore_comment,
    void_comment,
)
from casefiles.cases.actions.dependences import add_dependence, restore_dependence
from casefiles.cases.actions.duties import add_duty, add_finding, change_finding, remove_duty
from casefiles.cases.actions.exhibits import add_exhibit, change_exhibit, remove_exhibit
from casefiles.cases.actions.guards import refuse_closed, restore_in_case, void_in_case
from casefiles.cases.actions.hypotheses import (
    Rated,
    add_hypothesis,
    change_hypothesis,
    rate,
    rate_again,
    void_hypothesis,
    weigh_claim,
    weigh_claims,
)
from casefiles.cases.actions.looking import mark_looked_at
from casefiles.cases.actions.lookups import add_lookup, change_lookup
from casefiles.cases.actions.merging import merge_claims, restore_claim
from casefiles.cases.actions.news_reports import Upload, add_news_report, receive_upload
from casefiles.cases.actions.reopening import telling_reopened
from casefiles.cases.actions.replies import (
    add_attempt,
    change_attempt,
    change_request,
    draft_request,
    record_letter_taken,
    record_reply,
    record_response,
    record_silence,
    send_request,
    take_back_outcome,
    take_back_sending,
    void_attempt,
    withdraw_request,
)
from casefiles.cases.actions.retraction import mark_item, void_item
from casefiles.cases.actions.reviews import (
    SelfReview,
    answer_remark,
    ask_for_review,
    give_verdict,
    give_verdicts,
    withdraw_review,
    withdraw_verdict,
)
from casefiles.cases.actions.splitting import Goes, split_claim, take_back_claim
from casefiles.cases.actions.statements import (
    add_case_statement,
    record_statement,
    remove_case_statement,
    set_stance,
    set_stances,
)
from casefiles.cases.actions.subjects import add_subject, change_subject, remove_subject
from casefiles.cases.actions.tasks import add_task, change_task, finish_task, reopen_task, tick_step
from casefiles.cases.actions.team import add_member, change_role, hand_over, open_tasks_of, remove_member
from casefiles.cases.actions.templates import (
    change_planned_claim,
    open_case_from,
    plan_claim,
    use_template,
    write_planned_claim,
)

__all__ = [
    "CaseAdder",
    "Rated",
    "Goes",
    "SelfReview",
    "Upload",
    "add_attempt",
    "add_case_statement",
    "add_claim",
    "add_collected",
    "add_comment",
    "add_dependence",
    "add_duty",
    "add_exhibit",
    "add_finding",
    "add_hypothesis",
    "add_lookup",
    "add_member",
    "add_news_report",
    "add_subject",
    "add_task",
    "answer_comment",
    "change_attempt",
    "answer_remark",
    "ask_for_review",
    "change_case",
    "change_citation",
    "change_claim",
    "change_comment",
    "change_exhibit",
    "change_finding",
    "change_hypothesis",
    "change_lookup",
    "change_planned_claim",
    "change_request",
    "change_role",
    "change_subject",
    "change_task",
    "cite_exhibit",
    "draft_request",
    "finish_task",
    "merge_claims",
    "mark_looked_at",
    "give_verdict",
    "give_verdicts",
    "mark_item",
    "open_case",
    "open_case_from",
    "rate",
    "rate_again",
    "place_claim",
    "plan_claim",
    "receive_upload",
    "record_letter_taken",
    "record_reply",
    "record_response",
    "record_silence",
    "record_statement",
    "refuse_closed",
    "remove_case_statement",
    "remove_duty",
    "remove_exhibit",
    "hand_over",
    "open_tasks_of",
    "remove_member",
    "remove_subject",
    "reopen_task",
    "reopen_thread",
    "resolve_thread",
    "restore_comment",
    "restore_citation",
    "restore_claim",
    "restore_dependence",
    "restore_in_case",
    "send_request",
    "set_outcome",
    "set_stance",
    "set_stances",
    "split_claim",
    "take_back_claim",
    "tick_step",
    "take_back_outcome",
    "take_back_sending",
    "void_attempt",
    "telling_reopened",
    "use_template",
    "write_planned_claim",
    "void_citation",
    "void_claim",
    "void_hypothesis",
    "void_comment",
    "void_in_case",
    "weigh_claim",
    "weigh_claims",
    "withdraw_request",
    "void_item",
    "withdraw_review",
    "withdraw_verdict",
]
