"""What was done in a case, told as sentences, and field by field."""

import uuid
from collections.abc import Collection, Iterable, Mapping
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
from casefiles.audit.selectors import FieldChange, HistoryEntry, Narrowed, Step, history, history_page
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
from casefiles.cases.selectors.naming import named_anywhere
from casefiles.core.addresses import record_address
from casefiles.evidence.models import Assertion, Citation

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


NEWEST, ALL = Step(), Narrowed()


@dataclass(frozen=True)
class ChangeLine:
    """One event as a sentence; `changes` names the fields with their old and new words, where they were asked for."""

    at: datetime
    who: str
    sentence: str
    note: str
    is_addition: bool
    changes: tuple[ShownChange, ...] = ()
    actor_id: uuid.UUID | None = None
    case: Case | None = None
    url: str = ""


def recent_changes(
    case: Case, user: Any, *, limit: int = 8, names: Mapping[str, str] | None = None
) -> list[ChangeLine]:
    """Return the newest changes in the case as sentences, in a constant number of queries.

    `names` are those of accounts by key, where the caller has some.
    """
    return told([case], history(ids_in(case, user), limit=limit), user, names=names)


@dataclass(frozen=True)
class ChangePage:
    """A page of the changes in a case, and the events beyond which its neighbours begin."""

    lines: list[ChangeLine]
    older_than: uuid.UUID | None
    newer_than: uuid.UUID | None


def history_of_case(case: Case, user: Any, step: Step = NEWEST, narrow: Narrowed = ALL) -> ChangePage:
    """Return a page of the changes in the case, field by field; `narrow` leaves those by one person or of some kinds.

    Raises:
        UnknownEvent: the step names no event among them.
    """
    page = history_page(ids_in(case, user), step, narrow=narrow)
    return ChangePage(told_by_field(case, page.entries, user), page.older_than, page.newer_than)


def history_of(case: Case, record_ids: Iterable[uuid.UUID], user: Any, *, limit: int = 100) -> list[ChangeLine]:
    """Return the newest changes to some records of the case, field by field."""
    return told_by_field(case, history(record_ids, limit=limit), user)


def told_by_field(case: Case, entries: list[HistoryEntry], user: Any) -> list[ChangeLine]:
    """Return some events of the case as sentences, field by field; the number of queries does not grow with them."""
    lines = told([case], entries, user)
    shown = shown_events(entries, user=user)
    quiet, withdrawn = _quiet_labels(), _withdrawn(entries)
    return [
        replace(
            line,
            changes=tuple(
                change
                for change in event.changes
                if change.label not in quiet and not (change.field == "body" and entry.record_id in withdrawn)
            ),
        )
        for line, event, entry in zip(lines, shown, entries, strict=True)
    ]


def _withdrawn(entries: list[HistoryEntry]) -> set[uuid.UUID]:
    """Return the comments that were withdrawn: their words are shown nowhere; no query where no entry is about one."""
    ids = _ids_of_kind(Comment._meta.label_lower, entries)
    if not ids:
        return set()
    return set(Comment._base_manager.filter(pk__in=ids, voided_at__isnull=False).values_list("pk", flat=True))


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
    """Records bound to a case, and what makes their label: a prefix, and the path to a number.

    `place` is where they stand among the case's pages, made of their key and their label.
    """

    model: Any
    path_to_case: str = "case"
    prefix: str = ""
    number: str = ""
    is_sealable: bool = False
    # Whether fewer than the case's readers may see one: a citation goes with its item.
    has_own_circle: bool = False
    place: str = ""

    def rows(self, case: Case, user: Any) -> QuerySet[Any]:
        target = case.compartment_id if self.model is Membership else case.pk
        rows = self.visible_to(user) if self.has_own_circle else self._unsealed(self.model._base_manager.all())
        return rows.filter(**{self.path_to_case: target}).order_by()

    def visible_to(self, user: Any) -> QuerySet[Any]:
        return self._unsealed(self.model.objects.visible_to(user))

    def _unsealed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(is_sealed=False) if self.is_sealable else rows


PARTS = (
    Part(Exhibit, prefix=Exhibit.prefix, number="number", place="exhibits/{label}"),
    Part(Claim, prefix="C", number="number", place="claims/{pk}/"),
    Part(CaseStatement, prefix=CaseStatement.prefix, number="number", place="statements/{label}"),
    Part(Task, prefix=Task.prefix, number="number", place="tasks/{label}"),
    Part(PlannedClaim, place="claims/#planned"),
    Part(Review, prefix=Review.prefix, number="number", place="reviews/{pk}/"),
    Part(Verdict, prefix="C", number="claim__number", is_sealable=True, place="claims/{label}"),
    Part(Stance, prefix=CaseStatement.prefix, number="case_statement__number", place="statements/{label}"),
    Part(Hypothesis, prefix=Hypothesis.prefix, number="number", place="hypotheses/"),
    Part(WeighedClaim, prefix="C", number="claim__number", place="hypotheses/"),
    Part(RatingSheet, place="hypotheses/"),
    Part(ReplyRequest, prefix=ReplyRequest.prefix, number="number", place="replies/{pk}/"),
    Part(ReplyAttempt, prefix=ReplyRequest.prefix, number="request__number", place="replies/"),
    Part(Subject, place="subjects/?near={pk}#subject-{pk}"),
    Part(Lookup, prefix=Lookup.prefix, number="number", place="lookups/{label}"),
    Part(Dependence, prefix="C", number="claim__number", place="claims/{label}"),
    Part(Duty, place="duties/?near={pk}#duty-{pk}"),
    Part(ElementFinding, place="duties/"),
    Part(Comment, place="discussion/"),
    Part(Citation, "assertion__cases_claim__case", has_own_circle=True, place="claims/{label}"),
    Part(Membership, "compartment", place="team/"),
)
ALWAYS_SEEN = frozenset({Case._meta.label_lower, Membership._meta.label_lower})
PLACES = {part.model._meta.label_lower: part.place for part in PARTS}


def ids_in(case: Case, user: Any) -> QuerySet[Any]:
    """Return the ids of the case and of what of it this reader sees, to look up what was done to them, in one subquery.

    What happens to its items elsewhere is not the case's story.
    """
    own = Case._base_manager.filter(pk=case.pk).order_by().values_list("pk")
    parts = (part.rows(case, user).values_list("pk") for part in PARTS)
    return own.union(*parts, ids_of_former(case), all=True)


def ids_of_former(case: Case) -> QuerySet[Any]:
    """Return the ids of the memberships that ended: only the record knows of them."""
    kind = Membership._meta.label_lower
    rows: QuerySet[Any] = Event.objects.of_leaving(kind, compartment=case.compartment_id)
    return rows.order_by().values_list("record_id")


def called(kinds: Collection[str], ids: Collection[uuid.UUID], user: Any) -> dict[uuid.UUID, str]:
    """Return the labels of some records of cases that this reader sees; one that has none is called nothing. One query.

    What is missing they do not see, or it is bound to no case. Only tables of the `kinds` are looked into; an assertion
    shares its key with a record of another kind, which nobody knows beforehand.
    """
    is_any = Assertion._meta.label_lower in kinds
    found = [_labelled(part, ids, user) for part in PARTS if is_any or part.model._meta.label_lower in kinds]
    if not found:
        return {}
    rows = found[0].union(*found[1:], all=True)
    return {pk: f"{prefix}-{number:02d}" if prefix else "" for pk, prefix, number in rows}


def _labelled(part: Part, ids: Collection[uuid.UUID], user: Any) -> QuerySet[Any]:
    rows = part.visible_to(user).filter(pk__in=ids).order_by()
    number = Cast(F(part.number), IntegerField()) if part.prefix else Value(0, IntegerField())
    return rows.annotate(prefix_=Value(part.prefix, CharField()), number_=number).values_list(
        "pk", "prefix_", "number_"
    )


def told(
    cases: Iterable[Case],
    entries: list[HistoryEntry],
    user: Any,
    *,
    leaves_unseen: bool = False,
    names: Mapping[str, str] | None = None,
) -> list[ChangeLine]:
    """Return events of some cases as sentences that lead to what they are about.

    `leaves_unseen` leaves out those of records that the reader does not see, where nobody asked that before.
    """
    by_circle = {str(case.compartment_id): case for case in cases}
    names = _names(entries, names or {})
    ids = {entry.record_id for entry in entries}
    cited = list(_cited(_ids_of_kind("evidence.citation", entries), user))
    kinds = {entry.record_kind for entry in entries} | ({Claim._meta.label_lower} if cited else set())
    found = called(kinds, ids | {claim_id for _pk, _item_id, claim_id, _case_id in cited}, user)
    on_claims = {pk: found.get(claim_id, "") for pk, _item_id, claim_id, _case_id in cited}
    if leaves_unseen:
        # Who left is in no table any more; the cases are those that were given.
        entries = [entry for entry in entries if entry.record_kind in ALWAYS_SEEN or entry.record_id in found]
    labels = _exhibits({item_id for _pk, item_id, _claim_id, _case_id in cited}, user)
    words = _("%(exhibit)s on %(claim)s")
    places = found | on_claims
    found |= {case.pk: case.reference for case in by_circle.values()}
    found |= {
        pk: words % {"exhibit": labels.get((case_id, item_id), "–"), "claim": on_claims[pk] or "–"}
        for pk, item_id, _claim_id, case_id in cited
    }
    found |= _subjects(_ids_of_kind("cases.subject", entries), user) | _duties(entries, user) | _members(entries, names)
    found |= _planned(entries, user) | _comments(entries, user)
    lines = [_line(entry, names, found) for entry in entries]
    return [
        replace(line, case=case, url=_address(case, entry, places.get(entry.record_id, "")))
        for line, entry in zip(lines, entries, strict=True)
        for case in [_case_of(entry, by_circle)]
    ]


def _case_of(entry: HistoryEntry, by_circle: dict[str, Case]) -> Case | None:
    return next((by_circle[key] for key in entry.compartment_ids if key in by_circle), None)


def _address(case: Case | None, entry: HistoryEntry, label: str) -> str:
    if case is None:
        return ""
    place = PLACES.get(entry.record_kind, "")
    if "{label}" in place and not label:
        place = place.partition("{")[0]
    return f"{record_address('cases:case', case.pk)}{place.format(pk=entry.record_id, label=label)}"


def _exhibits(items: set[uuid.UUID], user: Any) -> dict[tuple[uuid.UUID, uuid.UUID], str]:
    """Return the label of items by case and item; one removed and added again has its newest."""
    rows = Exhibit.objects.visible_to(user).filter(item_id__in=items).order_by("number")
    found = rows.values_list("case_id", "item_id", "number")
    return {(case_id, item_id): f"{Exhibit.prefix}-{number:02d}" for case_id, item_id, number in found}


def _names(entries: list[HistoryEntry], known: Mapping[str, str]) -> dict[str, str]:
    """Name whoever did something or is on or off the case; no query where all of them are known."""
    ids = {str(entry.actor_id) for entry in entries if entry.actor_id}
    ids |= {str(change.new or change.old) for entry in entries for change in entry.changes if _is_user(entry, change)}
    unknown = ids - known.keys()
    return {**known, **{str(account.pk): str(account) for account in User.objects.filter(pk__in=unknown)}}


def _is_user(entry: HistoryEntry, change: FieldChange) -> bool:
    return entry.record_kind == "access.membership" and change.field == "user" and bool(change.new or change.old)


def _cited(ids: Collection[uuid.UUID], user: Any) -> Iterable[tuple[uuid.UUID, uuid.UUID, uuid.UUID, uuid.UUID]]:
    """Yield those of the ids that are citations, with their items, claims and cases."""
    rows = Citation.objects.visible_to(user).filter(pk__in=ids)
    return rows.values_list("pk", "item_id", "assertion_id", "assertion__cases_claim__case")


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


def _comments(entries: list[HistoryEntry], user: Any) -> dict[uuid.UUID, str]:
    """Name what each comment is about; where no entry is about one, no query is made."""
    ids = _ids_of_kind("cases.comment", entries)
    if not ids:
        return {}
    rows = Comment.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "about_kind", "about_id")
    abouts = {key: (kind, about) for key, kind, about in rows}
    named = named_anywhere(abouts.values(), user)
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
        at=entry.at,
        who=who,
        sentence=_sentence(entry) % words,
        note=entry.note,
        is_addition=entry.act == "added",
        actor_id=entry.actor_id,
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
