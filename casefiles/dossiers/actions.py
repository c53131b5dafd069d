"""Freezing, approving and withdrawing what a case publishes."""

import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, compartments_of, refuse_voided, require
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.cases import actions as cases
from casefiles.cases.actions.guards import next_number, writable
from casefiles.cases.models import Case
from casefiles.core.moments import Moment
from casefiles.core.refusals import Refused
from casefiles.core.versions import save_changes
from casefiles.dossiers.content import build, digest
from casefiles.dossiers.models import Release, ReleaseStatus
from casefiles.dossiers.selectors import collect, releases_resting_on
from casefiles.evidence.models import Item


class SelfApproval(Refused):
    """Somebody would approve what they prepared themselves."""

    def __init__(self) -> None:
        super().__init__(_("You prepared this version: another editor or lead must approve it."))


def prepare_release(case: Case, *, by: Any, supersedes_reason: str = "") -> Release:
    """Freeze what the dossier says now under the case's next version number.

    Raises:
        NotAllowed: they may read the case, but are no editor or lead.
        Refused: the case is closed, or an earlier version exists and no reason for a new one is given.
    """
    with audit.unit():
        case = writable(case, by=by, act=Act.RELEASE)
        reason = supersedes_reason.strip()
        if case.last_release and not reason:
            raise Refused(_("Say why there is a new version: its cover says so."), field="supersedes_reason")
        frozen_at = timezone.now()
        content = build(collect(case, by), frozen_at=frozen_at)
        release: Release = add_record(
            Release(
                case=case,
                number=next_number(case, "last_release"),
                supersedes_reason=reason,
                content_sha256=digest(content),
                chain_seq=content["chain"]["seq"],
                chain_hash=content["chain"]["hash"],
                frozen_at=frozen_at,
            ),
            by=by,
            act="prepared",
        )
        # Not among the values of the event: the digest, which is, stands for all of it.
        Release.objects.filter(pk=release.pk).update(content=content)
        release.content = content
    return release


def approve_release(release: Release, *, by: Any) -> Release:
    """Approve a draft; the version approved before is superseded.

    Raises:
        SelfApproval: they prepared it.
        Refused: it is no draft any more, its content no longer matches its digest, or the case is closed.
    """
    with audit.unit():
        require(by, Act.RELEASE, release)
        writable(release.case, by=by, act=Act.RELEASE)
        fresh: Release = Release.objects.get(pk=release.pk)
        refuse_voided(fresh)
        _may_approve(fresh, by)
        for earlier in Release.objects.filter(case_id=fresh.case_id, status=ReleaseStatus.APPROVED):
            _set(earlier, by=by, act="superseded", status=ReleaseStatus.SUPERSEDED)
        _set(
            fresh,
            by=by,
            act="approved",
            status=ReleaseStatus.APPROVED,
            approved_at=timezone.now(),
            approved_by_id=by.pk,
        )
    return Release.objects.get(pk=release.pk)


def _may_approve(release: Release, by: Any) -> None:
    if release.created_by_id == by.pk:
        raise SelfApproval
    if release.status != ReleaseStatus.DRAFT:
        raise Refused(_("Only a draft can be approved: this version is %(status)s.") % {"status": status_of(release)})
    if digest(release.content) != release.content_sha256:
        raise Refused(_("The frozen content no longer matches its hash: tell whoever runs this server."))


def status_of(release: Release) -> str:
    return str(release.get_status_display())


def withdraw_release(release: Release, *, by: Any, reason: str) -> Release:
    """Withdraw a version with a reason; it stays readable, marked as withdrawn.

    Raises:
        Refused: no reason was given, it was withdrawn already, or the case is closed.
    """
    if not reason.strip():
        raise Refused(_("Say why: the reason stays with the version."), field="reason")
    with audit.unit():
        require(by, Act.RELEASE, release)
        writable(release.case, by=by, act=Act.RELEASE)
        fresh: Release = Release.objects.get(pk=release.pk)
        refuse_voided(fresh)
        if fresh.status == ReleaseStatus.WITHDRAWN:
            raise Refused(_("This version was withdrawn already."))
        changes = {"status": ReleaseStatus.WITHDRAWN, "void_reason": reason.strip()}
        _set(fresh, by=by, act="withdrawn", note=reason.strip(), **changes)
    return Release.objects.get(pk=release.pk)


def _set(release: Release, *, by: Any, act: str, note: str = "", **changes: Any) -> None:
    changed = save_changes(release, version=release.version, changes=changes)
    audit.record(
        by=by,
        act=act,
        kind=release._meta.label_lower,
        record_id=release.pk,
        compartments=compartments_of(release),
        changes=changed,
        note=note,
    )


def record_export(record: Case | Release, *, by: Any, form: str) -> None:
    """Note that somebody took the dossier away: the live draft of a case, or a version; `form` is HTML or PDF."""
    with audit.unit():
        require(by, Act.READ, record)
        audit.record(
            by=by,
            act="exported",
            kind=record._meta.label_lower,
            record_id=record.pk,
            compartments=compartments_of(record),
            note=_("dossier as %(form)s") % {"form": form},
        )


def mark_item(
    item: Item,
    *,
    by: Any,
    version: int,
    status: str,
    reason: str = "",
    said: Moment | None = None,
    source: str = "",
) -> Item:
    """Mark an item as corrected, retracted, disputed or superseded, and tell every case of it that relies on it.

    Each gets a task that names its claims and the versions of its dossier; `by` learns nothing of those not seen.

    Raises:
        NotVisible, NotAllowed: they may not change the item.
        Refused: a mark without a reason.
        StaleVersion: somebody else changed it first.
    """
    with audit.unit():
        require(by, Act.EDIT, item)
        releases: dict[uuid.UUID, list[str]] = {}
        for release in releases_resting_on(item):
            releases.setdefault(release.case_id, []).append(release.label)
        return cases.mark_item(
            item, by=by, version=version, status=status, reason=reason, said=said, source=source, releases=releases
        )
