"""Is the case ready for a dossier? What blocks it, what to look at, and what is settled."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casefiles.cases.models import Case, Exhibit
from casefiles.cases.replies import Reading
from casefiles.cases.selectors.claims import numbered_claims
from casefiles.cases.selectors.parties import PartyLine, parties
from casefiles.cases.selectors.references import GivenLabel, findings_sentence, summary_findings
from casefiles.cases.selectors.replies import requests_of
from casefiles.cases.selectors.reviews import ClaimReview, claim_reviews
from casefiles.cases.selectors.standings import ClaimStanding, standings
from casefiles.cases.standing import Standing
from casefiles.evidence.models import File
from casefiles.evidence.vocabulary import CustodyAct

BAD, WARN, OK = "bad", "warn", "ok"
SETTLED = {Standing.CORROBORATED, Standing.WITHDRAWN, Standing.REFUTED}
SETTLED_READINGS = {Reading.ANSWERED, Reading.SILENT, Reading.NOT_FOUND}
# So many claims of one kind are named; the rest is counted.
NAMED_AT_MOST = 4
CHECKS = (CustodyAct.RECEIVED, CustodyAct.DERIVED, CustodyAct.VERIFIED, CustodyAct.FAILED)


class Check(NamedTuple):
    """What came of a look at a file's bytes, and when."""

    act: str
    at: datetime


@dataclass(frozen=True)
class ReadinessLine:
    """One thing to settle, or settled. `page` names an address of the case ("claim", "exhibits"), `target` a record."""

    tone: str
    text: str
    page: str = ""
    target: uuid.UUID | None = None
    aside: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Readiness:
    lines: tuple[ReadinessLine, ...]

    @property
    def unsettled_count(self) -> int:
        return sum(line.tone != OK for line in self.lines)

    @property
    def blocking_count(self) -> int:
        return sum(line.tone == BAD for line in self.lines)


def readiness(case: Case, user: Any, *, now: datetime | None = None) -> Readiness:
    """Return what stands between the case and its dossier at `now`, in a constant number of queries.

    It is for all readers of the case: it names nobody whom some of them may not see.
    """
    judged = standings(numbered_claims(case, user).order_by("number", "pk"), user)
    requests = requests_of(case, user, now=now or timezone.now(), with_claims=False)
    reviews = claim_reviews([one.id for one in judged], stands={one.id: str(one.standing) for one in judged})
    named = parties(case, user, requests=requests, is_for_all_readers=True)
    return readiness_of(case, user, claims=judged, named=named, reviews=reviews, knows_all=True)


def readiness_of(
    case: Case,
    user: Any,
    *,
    claims: Sequence[ClaimStanding],
    named: Sequence[PartyLine],
    reviews: Mapping[uuid.UUID, ClaimReview],
    given: Sequence[GivenLabel] | None = None,
    knows_all: bool = False,
) -> Readiness:
    """Return the readiness of a case whose claims, reviews and parties were read already, perhaps its labels too.

    `knows_all`: the parties are those of `parties`, whom the claims name included, not only the case's subjects.
    """
    lines = [
        *_about_claims(claims),
        *_about_review(claims, reviews),
        *_about_hashes(case, user),
        *_about_replies([line for line in named if not line.is_only_considered], knows_all=knows_all),
        *_about_summary(case, user, given),
    ]
    order = {BAD: 0, WARN: 1, OK: 2}
    return Readiness(tuple(sorted(lines, key=lambda line: order[line.tone])))


def _about_claims(claims: Sequence[ClaimStanding]) -> Iterable[ReadinessLine]:
    if not claims:
        yield ReadinessLine(WARN, _("No claim has been made yet"), "claim_add", aside=_("Add"))
        return
    yield from _each(claims, Standing.UNSUPPORTED, BAD, _("%(label)s has no supporting evidence"), _("Cite"))
    yield from _each(claims, Standing.DISPUTED, WARN, _("%(label)s is disputed"), _("Review"))
    yield from _each(claims, Standing.LINEAGE_NOT_RECORDED, WARN, _("%(label)s: no lineage is recorded"), _("Review"))
    yield from _each(claims, Standing.SINGLE_ORIGIN, WARN, _("%(label)s rests on one origin"), _("Review"))
    lost = [claim for claim in claims if claim.has_missing_quote]
    yield from _named(lost, WARN, _("%(label)s: a quote is not in the stored copy"), _("Check"))
    if all(claim.standing in SETTLED for claim in claims):
        yield ReadinessLine(OK, _("Every claim is corroborated or decided"), "claims")


def _about_review(claims: Sequence[ClaimStanding], reviews: Mapping[uuid.UUID, ClaimReview]) -> Iterable[ReadinessLine]:
    held = [claim for claim in claims if claim.is_held]
    lacking = [claim.label for claim in held if not reviews[claim.id].is_approved]
    if lacking:
        named = ", ".join(lacking[:NAMED_AT_MOST]) + (" …" if len(lacking) > NAMED_AT_MOST else "")
        words = ngettext(
            "%(count)d claim is not approved: %(named)s", "%(count)d claims are not approved: %(named)s", len(lacking)
        )
        yield ReadinessLine(WARN, words % {"count": len(lacking), "named": named}, "review_add", aside=_("Ask"))
    elif held:
        yield ReadinessLine(OK, _("Every claim was approved by a reviewer"), "reviews")


def _each(
    claims: Sequence[ClaimStanding], standing: Standing, tone: str, text: str, aside: str
) -> Iterable[ReadinessLine]:
    return _named([claim for claim in claims if claim.standing == standing], tone, text, aside)


def _named(claims: Sequence[ClaimStanding], tone: str, text: str, aside: str) -> Iterable[ReadinessLine]:
    for claim in claims[:NAMED_AT_MOST]:
        yield ReadinessLine(tone, text % {"label": claim.label}, "claim", claim.id, aside)
    rest = len(claims) - NAMED_AT_MOST
    if rest > 0:
        words = ngettext("and %(count)d more claim likewise", "and %(count)d more claims likewise", rest)
        yield ReadinessLine(tone, words % {"count": rest}, "claims", aside=_("All"))


def _about_hashes(case: Case, user: Any) -> Iterable[ReadinessLine]:
    """Compare the last check of every file with what was received; nothing checked never reads as passed."""
    items = Exhibit.objects.visible_to(user).current().filter(case=case).values("item_id")
    # Whoever sees a file sees what was done with it: both go with their item.
    checked = FilteredRelation("custody_events", condition=Q(custody_events__act__in=CHECKS))
    rows = File.objects.visible_to(user).filter(item_id__in=items).annotate(checked=checked)
    last: dict[uuid.UUID, Check | None] = {}
    for file_id, act, at in rows.order_by("checked__at", "checked__pk").values_list(
        "pk", "checked__act", "checked__at"
    ):
        last[file_id] = Check(act, at) if act else None
    if not last:
        yield ReadinessLine(WARN, _("No exhibit holds a file"), "exhibits")
        return
    yield from _hash_lines(last)


def _hash_lines(last: Mapping[uuid.UUID, Check | None]) -> Iterable[ReadinessLine]:
    checks = [check for check in last.values() if check]
    failed = sum(check.act == CustodyAct.FAILED for check in checks)
    unchecked = len(last) - len(checks)
    if failed:
        words = ngettext("%(count)d file failed its check", "%(count)d files failed their check", failed)
        yield ReadinessLine(BAD, words % {"count": failed}, "exhibits", aside=_("Look"))
    if unchecked:
        words = ngettext("%(count)d file was never checked", "%(count)d files were never checked", unchecked)
        yield ReadinessLine(WARN, words % {"count": unchecked}, "exhibits")
    if not failed and not unchecked:
        words = ngettext("%(count)d file matches its hash", "All %(count)d files match their hashes", len(last))
        oldest = min(check.at for check in checks)
        yield ReadinessLine(OK, words % {"count": len(last)}, "exhibits", at=oldest)


def _about_summary(case: Case, user: Any, given: Sequence[GivenLabel] | None) -> Iterable[ReadinessLine]:
    """Say how many sentences of the summary cite nothing, and how many references lead nowhere."""
    sentence = findings_sentence(summary_findings(case, user, given=given))
    if sentence:
        yield ReadinessLine(WARN, _("Summary: %(findings)s") % {"findings": sentence}, "case_edit", aside=_("Edit"))


def _about_replies(named: Sequence[PartyLine], *, knows_all: bool) -> Iterable[ReadinessLine]:
    """Name the parties that were not asked, and the requests on which an answer may still come."""
    unasked = [line for line in named if line.reading == Reading.NOT_ASKED]
    for line in unasked[:NAMED_AT_MOST]:
        words = _("%(name)s was not asked for comment") % {"name": line.name}
        yield ReadinessLine(WARN, words, "replies", aside=_("Ask"))
    if len(unasked) > NAMED_AT_MOST:
        rest = len(unasked) - NAMED_AT_MOST
        words = ngettext("nor was %(count)d other party", "nor were %(count)d other parties", rest)
        yield ReadinessLine(WARN, words % {"count": rest}, "replies", aside=_("All"))
    yield from _about_waiting(named)
    if named and all(line.reading in SETTLED_READINGS for line in named):
        every = _("Every named party was asked, or was sought and not found")
        subjects = _("Every subject that can answer was asked, or was sought and not found")
        yield ReadinessLine(OK, every if knows_all else subjects, "replies")


def _about_waiting(named: Sequence[PartyLine]) -> Iterable[ReadinessLine]:
    waiting = [
        (line, one)
        for reading in (Reading.OVERDUE, Reading.WAITING)
        for line in named
        for one in line.requests
        if one.reading == reading
    ]
    for line, one in waiting[:NAMED_AT_MOST]:
        words = {"label": one.label, "name": line.name, "until": one.deadline}
        late = _("%(label)s to %(name)s is overdue since %(until)s")
        open_yet = _("%(name)s may answer %(label)s until %(until)s")
        text = late if one.reading == Reading.OVERDUE else open_yet
        yield ReadinessLine(WARN, text % words, "reply", one.id, _("Look"))
    if len(waiting) > NAMED_AT_MOST:
        rest = len(waiting) - NAMED_AT_MOST
        more = ngettext("and %(count)d more request waits", "and %(count)d more requests wait", rest)
        yield ReadinessLine(WARN, more % {"count": rest}, "replies", aside=_("All"))
