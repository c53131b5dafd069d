"""Is the case ready for a dossier? What blocks it, what to look at, and what is settled."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casefiles.cases.models import Case, CaseStatement, Exhibit
from casefiles.cases.selectors.claims import numbered_claims
from casefiles.cases.selectors.standings import ClaimStanding, standings
from casefiles.cases.selectors.subjects import SubjectLine, subjects
from casefiles.cases.standing import Standing
from casefiles.evidence.models import CustodyEvent, File
from casefiles.evidence.vocabulary import CustodyAct

BAD, WARN, OK = "bad", "warn", "ok"
SETTLED = {Standing.CORROBORATED, Standing.WITHDRAWN, Standing.REFUTED}
# So many claims of one kind are named; the rest is counted.
NAMED_AT_MOST = 4
CHECKS = (CustodyAct.RECEIVED, CustodyAct.DERIVED, CustodyAct.VERIFIED, CustodyAct.FAILED)


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


def readiness(case: Case, user: Any) -> Readiness:
    """Return what stands between the case and its dossier, in a constant number of queries."""
    judged = standings(numbered_claims(case, user), user)
    return readiness_of(case, user, claims=judged, named=subjects(case, user))


def readiness_of(case: Case, user: Any, *, claims: Sequence[ClaimStanding], named: Sequence[SubjectLine]) -> Readiness:
    """Return the readiness of a case whose claims and subjects were read already."""
    lines = [*_about_claims(claims), *_about_hashes(case, user), *_about_replies(heard_in(case, user), named)]
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
    files = list(File.objects.visible_to(user).filter(item_id__in=items).values_list("pk", flat=True))
    if not files:
        yield ReadinessLine(WARN, _("No exhibit holds a file"), "exhibits")
        return
    last: dict[uuid.UUID | None, tuple[str, datetime]] = {}
    events = CustodyEvent.objects.visible_to(user).filter(item_id__in=items, act__in=CHECKS).order_by("at", "pk")
    for file_id, act, at in events.values_list("file_id", "act", "at"):
        last[file_id] = (act, at)
    yield from _hash_lines(files, last)


def _hash_lines(
    files: Sequence[uuid.UUID], last: dict[uuid.UUID | None, tuple[str, datetime]]
) -> Iterable[ReadinessLine]:
    failed = sum(last.get(file_id, ("", None))[0] == CustodyAct.FAILED for file_id in files)
    unchecked = sum(file_id not in last for file_id in files)
    if failed:
        words = ngettext("%(count)d file failed its check", "%(count)d files failed their check", failed)
        yield ReadinessLine(BAD, words % {"count": failed}, "exhibits", aside=_("Look"))
    if unchecked:
        words = ngettext("%(count)d file was never checked", "%(count)d files were never checked", unchecked)
        yield ReadinessLine(WARN, words % {"count": unchecked}, "exhibits")
    if not failed and not unchecked:
        words = ngettext("%(count)d file matches its hash", "All %(count)d files match their hashes", len(files))
        oldest = min(last[file_id][1] for file_id in files)
        yield ReadinessLine(OK, words % {"count": len(files)}, "exhibits", at=oldest)


def heard_in(case: Case, user: Any) -> set[uuid.UUID]:
    """Return the people and organisations whose statements the case holds."""
    rows = CaseStatement.objects.visible_to(user).current().filter(case=case, statement__assertion__voided_at=None)
    pairs = rows.values_list("statement__speaker_id", "statement__organisation_id")
    return {party for pair in pairs for party in pair if party}


def _about_replies(heard: set[uuid.UUID], named: Sequence[SubjectLine]) -> Iterable[ReadinessLine]:
    """Name the parties of whom the case holds no word. Whether they were asked is another matter, and not said."""
    parties = [line for line in named if line.kind in {"organisation", "person"}]
    silent = [line for line in parties if line.target_id not in heard]
    for line in silent[:NAMED_AT_MOST]:
        yield ReadinessLine(
            WARN, _("No statement by %(name)s is recorded") % {"name": line.name}, "statement_record", aside=_("Record")
        )
    if len(silent) > NAMED_AT_MOST:
        rest = len(silent) - NAMED_AT_MOST
        words = ngettext("nor by %(count)d other party", "nor by %(count)d other parties", rest)
        yield ReadinessLine(WARN, words % {"count": rest}, "subjects", aside=_("All"))
    if parties and not silent:
        yield ReadinessLine(OK, _("Every named party has been heard"), "statements")
