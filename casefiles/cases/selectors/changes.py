"""What was done in a case, told as sentences, and field by field."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from casefiles.access.models import Membership
from casefiles.access.selectors import ShownChange, shown_events
from casefiles.accounts.models import User
from casefiles.audit.models import Event
from casefiles.audit.selectors import FieldChange, HistoryEntry, Step, history, history_page
from casefiles.cases.models import (
    Case,
    CaseStatement,
    Claim,
    Comment,
    Dependence,
    Duty,
    ElementFinding,
    Exhibit,
    Hypothesis,
    Lookup,
    PlannedClaim,
    RatingSheet,
    ReplyAttempt,
    ReplyRequest,
    Review,
    Stance,
    Subject,
    Task,
    Verdict,
    WeighedClaim,
)
from casefiles.cases.selectors.claims import exhibit_labels
from casefiles.cases.selectors.naming import named_records
from casefiles.evidence.models import Citation

SENTENCES: dict[tuple[str, str], Any] = {
    ("cases.case", "added"): lambda: _("%(who)s opened the case"),
    ("cases.case", "changed"): lambda: _("%(who)s changed the case: %(fields)s"),
    ("cases.case", "template used"): lambda: _("%(who)s used a template"),
    ("cases.plannedclaim", "added"): lambda: _("%(who)s planned a claim: %(what)s"),
    ("cases.plannedclaim", "written"): lambda: _("%(who)s wrote the planned claim: %(what)s"),
    ("cases.exhibit", "added"): lambda: _("%(who)s added %(what)s"),
    ("cases.exhibit", "voided"): lambda: _("%(who)s removed %(what)s"),
    ("cases.claim", "added"): lambda: _("%(who)s made claim %(what)s"),
    ("cases.claim", "outcome withdrawn"): lambda: _("%(who)s withdrew %(what)s"),
    ("cases.claim", "outcome refuted"): lambda: _("%(who)s marked %(what)s as refuted"),
    ("cases.claim", "outcome held"): lambda: _("%(who)s upheld %(what)s again"),
    ("cases.claim", "moved"): lambda: _("%(who)s gave %(what)s another place"),
    ("cases.claim", "merged"): lambda: _("%(who)s merged %(what)s into another claim"),
    ("cases.claim", "merge taken back"): lambda: _("%(who)s took back the merging of %(what)s"),
    ("cases.claim", "subjects named"): lambda: _("%(who)s named what %(what)s is about"),
    ("cases.lookup", "added"): lambda: _("%(who)s recorded lookup %(what)s"),
    ("cases.lookup", "voided"): lambda: _("%(who)s withdrew lookup %(what)s"),
    ("cases.lookup", "claims named"): lambda: _("%(who)s named the claims on which %(what)s bears"),
    ("cases.dependence", "added"): lambda: _("%(who)s let %(what)s rest on another claim"),
    ("cases.dependence", "voided"): lambda: _("%(who)s said that %(what)s no longer rests on another claim"),
    ("cases.dependence", "restored"): lambda: _("%(who)s let %(what)s rest on another claim again"),
    ("cases.casestatement", "added"): lambda: _("%(who)s recorded statement %(what)s"),
    ("cases.casestatement", "voided"): lambda: _("%(who)s removed statement %(what)s"),
    ("cases.stance", "added"): lambda: _("%(who)s noted what %(what)s says of a claim"),
    ("cases.subject", "added"): lambda: _("%(who)s added the subject %(what)s"),
    ("cases.subject", "voided"): lambda: _("%(who)s removed the subject %(what)s"),
    ("cases.duty", "added"): lambda: _("%(who)s took up the duty %(what)s"),
    ("cases.duty", "voided"): lambda: _("%(who)s took out the duty %(what)s"),
    ("cases.elementfinding", "added"): lambda: _("%(who)s made a finding on “%(what)s”"),
    ("cases.elementfinding", "changed"): lambda: _("%(who)s changed the finding on “%(what)s”: %(fields)s"),
    ("cases.elementfinding", "voided"): lambda: _("%(who)s withdrew the finding on “%(what)s”"),
    ("cases.elementfinding", "claims cited"): lambda: _("%(who)s cited claims for “%(what)s”"),
    ("cases.hypothesis", "added"): lambda: _("%(who)s added hypothesis %(what)s"),
    ("cases.hypothesis", "voided"): lambda: _("%(who)s took out hypothesis %(what)s"),
    ("cases.weighedclaim", "added"): lambda: _("%(who)s chose %(what)s to be weighed against the hypotheses"),
    ("cases.weighedclaim", "voided"): lambda: _("%(who)s took %(what)s out of the matrix"),
    ("cases.ratingsheet", "added"): lambda: _("%(who)s began to rate claims against the hypotheses"),
    ("cases.ratingsheet", "rated"): lambda: _("%(who)s rated claims against the hypotheses"),
    ("cases.comment", "added"): lambda: _("%(who)s commented on %(what)s"),
    ("cases.comment", "changed"): lambda: _("%(who)s reworded a comment on %(what)s"),
    ("cases.comment", "voided"): lambda: _("%(who)s withdrew a comment on %(what)s"),
    ("cases.comment", "restored"): lambda: _("%(who)s restored a comment on %(what)s"),
    ("cases.comment", "people named"): lambda: _("%(who)s named people in a comment on %(what)s"),
    ("cases.comment", "resolved"): lambda: _("%(who)s resolved a thread on %(what)s"),
    ("cases.comment", "reopened"): lambda: _("%(who)s opened a thread on %(what)s again"),
    ("cases.replyrequest", "added"): lambda: _("%(who)s drafted the request for comment %(what)s"),
    ("cases.replyrequest", "sent"): lambda: _("%(who)s recorded %(what)s as sent"),
    ("cases.replyrequest", "not sent after all"): lambda: _("%(who)s made a draft of %(what)s again"),
    ("cases.replyrequest", "answered"): lambda: _("%(who)s recorded the answer to %(what)s"),
    ("cases.replyrequest", "did not respond"): lambda: _("%(who)s recorded that nobody responded to %(what)s"),
    ("cases.replyrequest", "response taken back"): lambda: _("%(who)s took back the answer to %(what)s"),
    ("cases.replyrequest", "silence taken back"): lambda: _("%(who)s took back that nobody responded to %(what)s"),
    ("cases.replyrequest", "exported"): lambda: _("%(who)s took the letter of %(what)s away"),
    ("cases.replyrequest", "voided"): lambda: _("%(who)s withdrew the request for comment %(what)s"),
    ("cases.replyattempt", "added"): lambda: _("%(who)s recorded an attempt for %(what)s"),
    ("cases.replyattempt", "changed"): lambda: _("%(who)s changed an attempt for %(what)s: %(fields)s"),
    ("cases.replyattempt", "voided"): lambda: _("%(who)s voided an attempt for %(what)s"),
    ("cases.case", "review begun"): lambda: _("%(what)s is in review"),
    ("cases.case", "review ended"): lambda: _("%(what)s waits for no verdict any more"),
    ("cases.review", "asked"): lambda: _("%(who)s asked for review %(what)s"),
    ("cases.review", "claims named"): lambda: _("%(who)s named the claims of review %(what)s"),
    ("cases.review", "voided"): lambda: _("%(who)s withdrew review %(what)s"),
    ("cases.verdict", "approved"): lambda: _("%(who)s approved %(what)s"),
    ("cases.verdict", "changes requested"): lambda: _("%(who)s asked for changes to %(what)s"),
    ("cases.verdict", "sealed"): lambda: _("%(who)s gave a verdict on %(what)s, not shown at first"),
    ("cases.verdict", "shown"): lambda: _("A verdict on %(what)s is shown, as both are in"),
    ("cases.verdict", "answered"): lambda: _("%(who)s answered a remark on %(what)s"),
    ("cases.verdict", "open again"): lambda: _("%(what)s is open again after its approval"),
    ("cases.verdict", "voided"): lambda: _("%(who)s took back a verdict on %(what)s"),
    ("cases.task", "added"): lambda: _("%(who)s added task %(what)s"),
    ("cases.task", "finished"): lambda: _("%(who)s finished task %(what)s"),
    ("cases.task", "ticked"): lambda: _("%(who)s ticked a step of task %(what)s"),
    ("cases.task", "unticked"): lambda: _("%(who)s opened a step of task %(what)s again"),
    ("cases.task", "handed over"): lambda: _("%(who)s handed task %(what)s over"),
    ("cases.task", "reopened"): lambda: _("%(who)s reopened task %(what)s"),
    ("evidence.citation", "added"): lambda: _("%(who)s cited %(what)s"),
    ("evidence.citation", "voided"): lambda: _("%(who)s withdrew the citation of %(what)s"),
    ("access.membership", "joined"): lambda: _("%(who)s added %(what)s to the team"),
    ("access.membership", "role changed"): lambda: _("%(who)s changed the role of %(what)s"),
    ("access.membership", "left"): lambda: _("%(who)s took %(what)s out of the team"),
    ("access.membership", "left alone"): lambda: _("%(who)s left the team"),
}
ANY_SENTENCES: dict[str, Any] = {
    "changed": lambda: _("%(who)s changed %(what)s: %(fields)s"),
    "voided": lambda: _("%(who)s withdrew %(what)s"),
    "restored": lambda: _("%(who)s restored %(what)s"),
}
# What a reader need not see of a change: bookkeeping beside the words.
QUIET_FIELDS = frozenset(
    {"voided_at", "voided_by_id", "case", "compartment", "reference", "number", "claim_count", "put"}
)
QUIET_ENDINGS = ("_edtf", "_earliest", "_latest", "_key")


NEWEST = Step()


@dataclass(frozen=True)
class ChangeLine:
    """One event as a sentence; `changes` names the fields with their old and new words, where they were asked for."""

    at: datetime
    who: str
    sentence: str
    note: str
    is_addition: bool
    changes: tuple[ShownChange, ...] = ()


def recent_changes(case: Case, user: Any, *, limit: int = 8) -> list[ChangeLine]:
    """Return the newest changes in the case as sentences, in a constant number of queries."""
    return _told(case, history(ids_in(case), limit=limit), user)


@dataclass(frozen=True)
class ChangePage:
    """A page of the changes in a case, and the events beyond which its neighbours begin."""

    lines: list[ChangeLine]
    older_than: uuid.UUID | None
    newer_than: uuid.UUID | None


def history_of_case(case: Case, user: Any, step: Step = NEWEST) -> ChangePage:
    """Return a page of the changes in the case, field by field.

    Raises:
        UnknownEvent: the step names no event of the case.
    """
    page = history_page(ids_in(case), step)
    return ChangePage(told_by_field(case, page.entries, user), page.older_than, page.newer_than)


def history_of(case: Case, record_ids: Iterable[uuid.UUID], user: Any, *, limit: int = 100) -> list[ChangeLine]:
    """Return the newest changes to some records of the case, field by field."""
    return told_by_field(case, history(record_ids, limit=limit), user)


def told_by_field(case: Case, entries: list[HistoryEntry], user: Any) -> list[ChangeLine]:
    """Return some events of the case as sentences, field by field; the number of queries does not grow with them."""
    told = _told(case, entries, user)
    shown = shown_events(entries, user=user)
    quiet = _quiet_labels()
    return [
        replace(line, changes=tuple(change for change in event.changes if change.label not in quiet))
        for line, event in zip(told, shown, strict=True)
    ]


def _quiet_labels() -> set[str]:
    """Return the words for columns that say nothing to a reader of this very case: which case it is, and counters."""
    counters = {field.name for field in Case._meta.concrete_fields if field.name.startswith("last_")}
    named: dict[Any, set[str]] = {
        Comment: {"about_id", "about_kind", "resolved_at", "reworded_at", "parent"},
        Exhibit: {"case", "number"},
        ElementFinding: {"claim_count"},
        # The letter stands on the request's page, as it was sent.
        ReplyRequest: {"claim_count", "letter", "put"},
        Review: {"case", "number"},
        Task: {"about_id", "about_kind"},
        Case: counters | {"compartment", "reference"},
    }
    return {
        str(field.verbose_name)
        for model, names in named.items()
        for field in model._meta.concrete_fields
        if field.name in names
    }


def ids_of(claim: Claim) -> list[uuid.UUID]:
    """Return the ids whose events are a claim's history: its own, and those of what is said and cited of it.

    A sealed verdict has no part in it yet, not even for its reviewer.
    """
    parts = (
        Stance.objects.filter(claim=claim.pk),
        Dependence.objects.filter(claim=claim.pk),
        Verdict.objects.shown().filter(claim=claim.pk),
    )
    cited = Citation.objects.filter(assertion=claim.pk).order_by().values_list("pk")
    rows = cited.union(*(part.order_by().values_list("pk") for part in parts), all=True)
    return [claim.pk, *(pk for (pk,) in rows)]


class Part(NamedTuple):
    """Records bound to a case, and what makes their label: a prefix, and the path to a number."""

    model: Any
    path_to_case: str = "case"
    prefix: str = ""
    number: str = ""
    is_sealable: bool = False

    def rows(self, case: Case) -> QuerySet[Any]:
        target = case.compartment_id if self.model is Membership else case.pk
        rows: QuerySet[Any] = self.model._base_manager.filter(**{self.path_to_case: target}).order_by()
        return rows.filter(is_sealed=False) if self.is_sealable else rows


PARTS = (
    Part(Exhibit, prefix=Exhibit.prefix, number="number"),
    Part(Claim, prefix="C", number="number"),
    Part(CaseStatement, prefix=CaseStatement.prefix, number="number"),
    Part(Task, prefix=Task.prefix, number="number"),
    Part(PlannedClaim),
    Part(Review, prefix=Review.prefix, number="number"),
    Part(Verdict, prefix="C", number="claim__number", is_sealable=True),
    Part(Stance, prefix=CaseStatement.prefix, number="case_statement__number"),
    Part(Hypothesis, prefix=Hypothesis.prefix, number="number"),
    Part(WeighedClaim, prefix="C", number="claim__number"),
    Part(RatingSheet),
    Part(ReplyRequest, prefix=ReplyRequest.prefix, number="number"),
    Part(ReplyAttempt, prefix=ReplyRequest.prefix, number="request__number"),
    Part(Subject),
    Part(Lookup, prefix=Lookup.prefix, number="number"),
    Part(Dependence, prefix="C", number="claim__number"),
    Part(Duty),
    Part(ElementFinding),
    Part(Comment),
    Part(Citation, "assertion__cases_claim__case"),
    Part(Membership, "compartment"),
)


def ids_in(case: Case) -> QuerySet[Any]:
    """Return the ids of the case and of everything bound to it, to look up what was done to them, in one subquery.

    What happens to its items elsewhere is not the case's story.
    """
    own = Case._base_manager.filter(pk=case.pk).order_by().values_list("pk")
    return own.union(*(part.rows(case).values_list("pk") for part in PARTS), ids_of_former(case), all=True)


def ids_of_former(case: Case) -> QuerySet[Any]:
    """Return the ids of the memberships that ended: only the record knows of them."""
    kind = Membership._meta.label_lower
    rows: QuerySet[Any] = Event.objects.of_leaving(kind, compartment=case.compartment_id)
    return rows.order_by().values_list("record_id")


def called(case: Case, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the labels of some records bound to the case; those that have none are missing. One query."""
    labelled = [_labelled(part, case, ids) for part in PARTS if part.prefix]
    rows = labelled[0].union(*labelled[1:], all=True)
    return {case.pk: case.reference} | {pk: f"{prefix}-{number:02d}" for pk, prefix, number in rows}


def _labelled(part: Part, case: Case, ids: Collection[uuid.UUID]) -> QuerySet[Any]:
    rows = part.rows(case).filter(pk__in=ids)
    named = rows.annotate(prefix_=Value(part.prefix, CharField()), number_=Cast(F(part.number), IntegerField()))
    return named.values_list("pk", "prefix_", "number_")


def _told(case: Case, entries: list[HistoryEntry], user: Any) -> list[ChangeLine]:
    names = _names(entries)
    ids = {entry.record_id for entry in entries}
    cited = list(_cited(ids, user))
    found = called(case, ids | {claim_id for _pk, _item_id, claim_id in cited})
    labels = exhibit_labels(case, user, items=[item_id for _pk, item_id, _claim_id in cited])
    words = _("%(exhibit)s on %(claim)s")
    found |= {
        pk: words % {"exhibit": labels.get(item_id, "–"), "claim": found.get(claim_id, "–")}
        for pk, item_id, claim_id in cited
    }
    found |= _subjects(ids, user) | _duties(entries, user) | _members(entries, names)
    found |= _planned(entries, user) | _comments(case, entries, user)
    return [_line(entry, names, found) for entry in entries]


def _names(entries: list[HistoryEntry]) -> dict[str, str]:
    ids = {entry.actor_id for entry in entries if entry.actor_id}
    named = {change.new or change.old for entry in entries for change in entry.changes if _is_user(entry, change)}
    return {str(account.pk): str(account) for account in User.objects.filter(pk__in=ids | named)}


def _is_user(entry: HistoryEntry, change: FieldChange) -> bool:
    return entry.record_kind == "access.membership" and change.field == "user" and bool(change.new or change.old)


def _cited(ids: Collection[uuid.UUID], user: Any) -> Iterable[tuple[uuid.UUID, uuid.UUID, uuid.UUID]]:
    """Yield those of the ids that are citations, with their items and claims."""
    return Citation.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "item_id", "assertion_id")


def _subjects(ids: Collection[uuid.UUID], user: Any) -> dict[uuid.UUID, str]:
    rows = Subject.objects.visible_to(user).filter(pk__in=ids)
    return {row.pk: str(row) for row in rows.select_related("vessel", "organisation", "person", "place")}


def _duties(entries: list[HistoryEntry], user: Any) -> dict[uuid.UUID, str]:
    """Name duties and findings; where no entry is about one, no query is made."""
    duties = Duty.objects.visible_to(user).filter(pk__in=_ids_of_kind("cases.duty", entries)).named()
    findings = ElementFinding.objects.visible_to(user).filter(pk__in=_ids_of_kind("cases.elementfinding", entries))
    return {duty.pk: str(duty) for duty in duties} | dict(findings.values_list("pk", "element_text"))


def _planned(entries: list[HistoryEntry], user: Any) -> dict[uuid.UUID, str]:
    """Name claims to be written by what they ask; where no entry is about one, no query is made."""
    ids = _ids_of_kind("cases.plannedclaim", entries)
    return dict(PlannedClaim.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "asks"))


def _comments(case: Case, entries: list[HistoryEntry], user: Any) -> dict[uuid.UUID, str]:
    """Name what each comment is about; where no entry is about one, no query is made."""
    ids = _ids_of_kind("cases.comment", entries)
    if not ids:
        return {}
    rows = Comment.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "about_kind", "about_id")
    abouts = {key: (kind, about) for key, kind, about in rows}
    named = named_records(case, abouts.values(), user)
    return {key: named[name].short for key, name in abouts.items() if name in named}


def _ids_of_kind(kind: str, entries: list[HistoryEntry]) -> set[uuid.UUID]:
    return {entry.record_id for entry in entries if entry.record_kind == kind}


def _members(entries: list[HistoryEntry], names: dict[str, str]) -> dict[uuid.UUID, str]:
    return {
        entry.record_id: names.get(str(change.new or change.old), "–")
        for entry in reversed(entries)
        for change in entry.changes
        if _is_user(entry, change)
    }


def _line(entry: HistoryEntry, names: dict[str, str], labels: dict[uuid.UUID, str]) -> ChangeLine:
    who = names.get(str(entry.actor_id), str(_("Casefiles")))
    fields = [_field_words(change.field) for change in entry.changes if not _is_quiet(change.field)]
    words = {
        "who": who,
        "what": labels.get(entry.record_id) or str(_("a record")),
        "fields": ", ".join(fields[:4]),
    }
    return ChangeLine(
        at=entry.at, who=who, sentence=_sentence(entry) % words, note=entry.note, is_addition=entry.act == "added"
    )


def _sentence(entry: HistoryEntry) -> str:
    told = SENTENCES.get((entry.record_kind, _act(entry))) or ANY_SENTENCES.get(entry.act)
    return str(told()) if told else "%(who)s: " + entry.act.replace("%", "%%") + " %(what)s"


def _act(entry: HistoryEntry) -> str:
    """Return what was done; whoever left by themselves was taken out by nobody."""
    if entry.act == "left" and any(change.old == str(entry.actor_id) for change in entry.changes):
        return "left alone"
    return entry.act


def _is_quiet(field: str) -> bool:
    return field in QUIET_FIELDS or field.endswith(QUIET_ENDINGS)


def _field_words(field: str) -> str:
    return field.removesuffix("_wording").removesuffix("_id").replace("_", " ")
