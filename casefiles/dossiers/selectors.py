"""Everything that a dossier says, read once: only what every reader of the case may see."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from casefiles.audit.selectors import head
from casefiles.cases import selectors as cases
from casefiles.cases.models import Case, Exhibit
from casefiles.cases.selectors import (
    ClaimLine,
    DutyLine,
    ExhibitLine,
    Finding,
    LookupLine,
    Matrix,
    PartyLine,
    ReadinessLine,
    RequestLine,
    StatementLine,
)
from casefiles.cases.selectors.affected import with_descendants
from casefiles.cases.selectors.claims import CitationLine, citation_lines, exhibit_labels, item_mark
from casefiles.cases.selectors.timeline import Around, around, case_chart, lane_labels, timeline_entries
from casefiles.core.timeline import Entry
from casefiles.dossiers.models import Release, ReleaseStatus
from casefiles.evidence.models import Assertion, CustodyEvent, File, Item
from casefiles.evidence.selectors import citations_by_assertion
from casefiles.evidence.vocabulary import CustodyAct
from casefiles.particulars.conflicts import Conflict
from casefiles.particulars.selectors import Value, vessel_file
from casefiles.registry.selectors import alone
from casefiles.voyages.charts import PortChart


@dataclass(frozen=True)
class FileChecks:
    """How many files the exhibits have, how many were checked after they came in, and how many failed at last."""

    files_count: int
    checked_count: int
    failed_count: int
    last_at: datetime | None


@dataclass(frozen=True)
class Disagreement:
    """Two values of one property of a vessel, each with the records that say so."""

    name: str
    label: str
    sides: tuple[tuple[Value, ...], tuple[Value, ...]]
    is_certain: bool


@dataclass(frozen=True)
class Collected:
    """What a dossier is made of, before it becomes plain data."""

    case: Case
    claims: tuple[ClaimLine, ...]
    statements: tuple[StatementLine, ...]
    exhibits: tuple[ExhibitLine, ...]
    lookups: tuple[LookupLine, ...]
    duties: tuple[DutyLine, ...]
    matrix: Matrix
    requests: tuple[RequestLine, ...]
    parties: tuple[PartyLine, ...]
    around: Around
    designation_citations: dict[uuid.UUID, tuple[CitationLine, ...]]
    disagreements: tuple[Disagreement, ...]
    conflict_citations: dict[uuid.UUID, tuple[CitationLine, ...]]
    entries: tuple[Entry, ...]
    lanes: tuple[tuple[str, str], ...]
    port_chart: PortChart
    open_points: tuple[ReadinessLine, ...]
    summary_findings: tuple[Finding, ...]
    checks: FileChecks
    chain_seq: int
    chain_hash: str


def collect(case: Case, user: Any) -> Collected:
    """Return what the dossier of a case says now, as far as `user` and every other reader of the case may see it.

    The number of queries does not grow with claims, exhibits, statements or designations; it does with the vessels
    among the subjects, whose particulars are read one vessel after the other.
    """
    labels = exhibit_labels(case, user)
    found = around(case, user, is_for_all_readers=True)
    disagreeing = _disagreements(case, found, user)
    values = [value.pk for one in disagreeing for side in one.sides for value in side]
    seq, digest = head()
    requests = cases.requests_of(case, user, now=timezone.now())
    named = cases.parties(case, user, requests=requests, is_for_all_readers=True)
    return Collected(
        case=case,
        claims=tuple(cases.claims_with_standing(case, user, labels=labels)),
        statements=tuple(line for line in cases.statements_with_stances(case, user) if not line.is_removed),
        exhibits=tuple(cases.exhibits(case, user)),
        lookups=tuple(cases.lookups_of(case, user)),
        duties=tuple(cases.duties_of(case, user)),
        matrix=cases.matrix_of(case, user),
        requests=tuple(requests),
        # Whom somebody only thought of asking is for the team.
        parties=tuple(line for line in named if not line.is_only_considered),
        around=found,
        designation_citations=_cited([one.pk for one in found.designations], labels, user),
        disagreements=tuple(disagreeing),
        conflict_citations=_cited(values, labels, user),
        entries=tuple(timeline_entries(case, user, found=found)),
        lanes=lane_labels(),
        port_chart=case_chart(found),
        open_points=tuple(line for line in cases.readiness(case, user).lines if line.tone != "ok"),
        summary_findings=tuple(cases.summary_findings(case, user)),
        checks=_checks(case, user),
        chain_seq=seq,
        chain_hash=digest,
    )


def _cited(
    assertion_ids: list[uuid.UUID], labels: dict[uuid.UUID, str], user: Any
) -> dict[uuid.UUID, tuple[CitationLine, ...]]:
    """Return the citations of assertions about the world, those alone whose items are exhibits of the case."""
    cited = citations_by_assertion(assertion_ids, user)
    return {
        identifier: tuple(line for line in citation_lines(citations, labels) if line.exhibit_label)
        for identifier, citations in cited.items()
    }


def _disagreements(case: Case, found: Around, user: Any) -> list[Disagreement]:
    """Return where particulars of the vessels disagree; values that some readers may not see take no part.

    Each ship answers for itself: that it was judged to be another one is not for every reader of a dossier to learn.
    """
    disagreeing = [
        (subject.vessel.display_name, conflict)
        for subject in found.subjects
        if subject.vessel
        for conflict in vessel_file(subject.vessel, user, group=alone(subject.vessel)).conflicts
    ]
    shared = _seen_by_all(case, [value.pk for _name, one in disagreeing for value in (*one.first, *one.second)])
    pairs = [_shown(name, conflict, shared) for name, conflict in disagreeing]
    return [one for one in pairs if all(one.sides)]


def _shown(name: str, conflict: Conflict[Value], shared: set[uuid.UUID]) -> Disagreement:
    first, second = (tuple(value for value in side if value.pk in shared) for side in (conflict.first, conflict.second))
    is_whole = (first, second) == (conflict.first, conflict.second)
    label = conflict.first[0].label
    # Which pair of records certainly meets is not known once some of them are left out.
    return Disagreement(name, label, (first, second), is_certain=conflict.is_certain and is_whole)


def _seen_by_all(case: Case, assertion_ids: list[uuid.UUID]) -> set[uuid.UUID]:
    rows = Assertion._base_manager.filter(pk__in=assertion_ids)
    return set(rows.filter(visibility="open").values_list("pk", flat=True)) | set(
        rows.filter(compartments=case.compartment_id).values_list("pk", flat=True)
    )


def _checks(case: Case, user: Any) -> FileChecks:
    items = case.exhibits.current().values("item_id")
    files = set(File.objects.visible_to(user).filter(item_id__in=items).values_list("pk", flat=True))
    last: dict[uuid.UUID | None, tuple[str, datetime]] = {}
    events = CustodyEvent.objects.visible_to(user).filter(
        item_id__in=items, act__in=[CustodyAct.VERIFIED, CustodyAct.FAILED]
    )
    for file_id, act, at in events.order_by("at", "pk").values_list("file_id", "act", "at"):
        if file_id in files:
            last[file_id] = (act, at)
    return FileChecks(
        files_count=len(files),
        checked_count=len(last),
        failed_count=sum(act == CustodyAct.FAILED for act, _at in last.values()),
        last_at=min((at for _act, at in last.values()), default=None),
    )


@dataclass(frozen=True)
class MarkedSince:
    """An exhibit that a frozen version relies on, and what became of its item since: "retracted"."""

    label: str
    mark: str


def marked_since(release: Release, user: Any) -> list[MarkedSince]:
    """Return what was marked or voided after a version was frozen, of what it cites; one query."""
    then = {one["label"]: one.get("mark", "") for one in release.content["exhibits"]}
    cited = cited_labels(release)
    rows = Exhibit.objects.visible_to(user).filter(case=release.case_id).select_related("item").order_by("number")
    found = [MarkedSince(row.label, item_mark(row.item)) for row in rows if row.label in cited]
    return [one for one in found if one.mark and one.mark != then.get(one.label)]


def cited_labels(release: Release) -> set[str]:
    """Return the exhibits that a version cites, by their labels in its case."""
    return {note["exhibit"] for note in release.content["notes"]}


def releases_resting_on(item: Item) -> list[Release]:
    """Return the versions of every case, drafts among them, that rest on an item, whoever may see them."""
    labels: dict[uuid.UUID, set[str]] = {}
    for exhibit in Exhibit.objects.filter(item__in=with_descendants(item)):
        labels.setdefault(exhibit.case_id, set()).add(exhibit.label)
    rows = Release.objects.current().filter(case__in=labels).exclude(status=ReleaseStatus.WITHDRAWN)
    in_order = rows.select_related("case").order_by("case__title_key", "case_id", "number")
    return [release for release in in_order if cited_labels(release) & labels[release.case_id]]


def releases_affected(item: Item, user: Any) -> list[Release]:
    """Return those of them that `user` may see."""
    found = releases_resting_on(item)
    seen = set(Release.objects.visible_to(user).filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    return [release for release in found if release.pk in seen]


def releases_of(case: Case, user: Any) -> list[Release]:
    """Return the releases of a case without their content, the newest first, in one query."""
    rows = Release.objects.visible_to(user).current().filter(case=case).defer("content")
    return list(rows.select_related("created_by", "approved_by", "case").order_by("-number"))
