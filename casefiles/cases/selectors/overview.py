"""The case at a glance: the first of everything, and how much more there is."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from casefiles.access.models import Membership
from casefiles.cases.models import (
    Case,
    CaseStatement,
    Claim,
    Comment,
    Duty,
    Exhibit,
    Hypothesis,
    Lookup,
    ReplyRequest,
    Review,
    Subject,
    Task,
    TaskStatus,
)
from casefiles.cases.selectors.changes import ChangeLine, recent_changes
from casefiles.cases.selectors.claims import ClaimLine, claim_lines, numbered_claims
from casefiles.cases.selectors.compared import Unseen, unseen
from casefiles.cases.selectors.duties import DutyLine, duties_of
from casefiles.cases.selectors.parties import PartyLine, subjects_asked
from casefiles.cases.selectors.readiness import Readiness, readiness_of
from casefiles.cases.selectors.references import given_labels, labels_of_items
from casefiles.cases.selectors.replies import requests_of
from casefiles.cases.selectors.reviews import NOT_REVIEWED, ReviewProgress, claim_reviews, review_progress
from casefiles.cases.selectors.standings import standings
from casefiles.cases.selectors.subjects import MemberLine, SubjectLine, subjects

CLAIMS_AT_MOST = 12
SUBJECTS_AT_MOST = 8
DUTIES_AT_MOST = 5
PARTIES_AT_MOST = 8


@dataclass(frozen=True)
class Counts:
    """How many there are of what a case holds, voided ones left out; tasks and threads are the open ones."""

    claims: int
    exhibits: int
    statements: int
    subjects: int
    lookups: int
    duties: int
    hypotheses: int
    replies: int
    reviews: int
    tasks: int
    discussion: int
    members: int


@dataclass(frozen=True)
class Overview:
    claims: tuple[ClaimLine, ...]
    claims_total: int
    subjects: tuple[SubjectLine, ...]
    subjects_total: int
    main_subject: SubjectLine | None
    duties: tuple[DutyLine, ...]
    parties: tuple[PartyLine, ...]
    readiness: Readiness
    review: ReviewProgress
    changes: tuple[ChangeLine, ...]
    unseen: Unseen


def case_overview(case: Case, user: Any, *, people: Iterable[MemberLine] = ()) -> Overview:
    """Return what the overview shows; lists are capped, the number of queries is constant.

    `people` are those in the team, where the caller has them: their names are not looked up again.
    """
    named = subjects(case, user)
    given = given_labels(case, user)
    claims = numbered_claims(case, user)
    judged = standings(claims, user)
    known = {one.id: one.judged for one in judged}
    parties = subjects_asked(named, requests_of(case, user, now=timezone.now(), with_claims=False))
    stands = {one.id: str(one.standing) for one in judged}
    # Most cases were never reviewed: they are not asked.
    reviews = claim_reviews(list(known), stands=stands) if case.last_review else dict.fromkeys(known, NOT_REVIEWED)
    return Overview(
        claims=tuple(
            claim_lines(
                case,
                list(claims[:CLAIMS_AT_MOST]),
                user,
                labels=labels_of_items(given),
                judged=known,
                reviews=reviews,
                beside=(),
            )
        ),
        claims_total=len(judged),
        subjects=tuple(named[:SUBJECTS_AT_MOST]),
        subjects_total=len(named),
        main_subject=next((line for line in named if line.is_main), None),
        duties=tuple(duties_of(case, user, at_most=DUTIES_AT_MOST, judged=stands)),
        parties=tuple(parties[:PARTIES_AT_MOST]),
        readiness=readiness_of(case, user, claims=judged, named=parties, reviews=reviews, given=given),
        review=review_progress({one.id: one.label for one in judged if one.is_held}, reviews),
        changes=tuple(recent_changes(case, user, names={str(one.user_id): one.name for one in people})),
        unseen=unseen(case, user),
    )


def counts(case: Case, user: Any) -> Counts:
    """Return the numbers on the tabs, in one query."""
    visible = Case.objects.visible_to(user).filter(pk=case.pk)
    numbers = visible.annotate(
        claims_=_number(Claim.objects.current()),
        exhibits_=_number(Exhibit.objects.current()),
        statements_=_number(CaseStatement.objects.current()),
        subjects_=_number(Subject.objects.current()),
        lookups_=_number(Lookup.objects.current()),
        duties_=_number(Duty.objects.current()),
        hypotheses_=_number(Hypothesis.objects.current()),
        replies_=_number(ReplyRequest.objects.current()),
        reviews_=_number(Review.objects.current()),
        tasks_=_number(Task.objects.current().filter(status=TaskStatus.OPEN)),
        discussion_=_number(Comment.objects.current().threads().filter(resolved_at=None)),
        members_=_number(Membership.objects.all(), path="compartment", outer="compartment_id"),
    ).values_list(*(f"{field.name}_" for field in fields(Counts)))
    return Counts(*(numbers.first() or (0,) * len(fields(Counts))))


def _number(rows: QuerySet[Any], *, path: str = "case", outer: str = "pk") -> Coalesce:
    counted = rows.filter(**{path: OuterRef(outer)}).order_by().annotate(group=F(path)).values("group")
    return Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0)
