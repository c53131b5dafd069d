"""Whether the held bytes are still the ones received, for all files; and what lies in the store without a row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from casefiles.core.filestore import FileStore, Finding, Verdict
from casefiles.evidence.actions.files import record_failed_check, record_verified, store
from casefiles.evidence.models import CustodyEvent, File
from casefiles.evidence.vocabulary import CustodyAct

ROW_CHANGED = "row_changed"


@dataclass(frozen=True)
class BadFile:
    """A file whose bytes, or whose row, are not what was received; `verdict` names the damage."""

    file_id: str
    item_id: str
    sha256: str
    verdict: str


def check_files(*, progress: Callable[[int], None] = lambda done: None) -> tuple[int, list[BadFile]]:
    """Read every held file whole; return how many digests were checked and what is wrong.

    What is newly found wrong, or right again, is recorded in the chain of custody of each file.

    Raises:
        StoreError: the store cannot be opened, so nothing was checked.
    """
    place = store()
    found: list[BadFile] = []
    digests = File.objects.order_by("sha256", "size_bytes").values_list("sha256", "size_bytes").distinct()
    checked = 0
    for sha256, size_bytes in digests.iterator(chunk_size=500):
        found += _checked(place, sha256, size_bytes)
        checked += 1
        progress(checked)
    return checked, [*found, *_changed_rows()]


def _checked(place: FileStore, sha256: str, size_bytes: int) -> Iterator[BadFile]:
    verdict = place.verify(sha256, size_bytes)
    files = File.objects.filter(sha256=sha256, size_bytes=size_bytes).select_related("item").order_by("pk")
    if verdict is not Verdict.OK:
        for file in files:
            _record(file, verdict)
            yield BadFile(str(file.pk), str(file.item_id), sha256, str(verdict))
        return
    for file in files.filter(custody_events__act=CustodyAct.FAILED).distinct():
        _record(file, verdict)


def _record(file: File, verdict: Verdict) -> None:
    """Record what a check found where it says something new."""
    checks = (CustodyAct.FAILED, CustodyAct.VERIFIED, CustodyAct.ACCESSED)
    last = CustodyEvent.objects.filter(file=file, act__in=checks).order_by("-at", "-pk").first()
    was_bad = last is not None and last.act == CustodyAct.FAILED
    if verdict is Verdict.OK and was_bad:
        record_verified(file, by=None, purpose="fixity")
    elif verdict is not Verdict.OK and not was_bad:
        record_failed_check(file, by=None, verdict=verdict)


def _changed_rows() -> Iterator[BadFile]:
    """Yield files whose row names another digest than their custody recorded on arrival."""
    arrivals: Any = CustodyEvent.objects.filter(
        act__in=[CustodyAct.RECEIVED, CustodyAct.DERIVED], file__isnull=False
    ).select_related("file")
    for event in arrivals.order_by("pk").iterator(chunk_size=500):
        if event.file.sha256 != event.sha256_after:
            yield BadFile(str(event.file_id), str(event.item_id), event.file.sha256, ROW_CHANGED)


def look_through_store(*, min_age_seconds: float, is_fixing: bool = False) -> tuple[list[str], list[Finding]]:
    """Return the names of removed temporary files and what still lies in the store and should not.

    Only what dead uploads left is ever removed, and only where `is_fixing`; kept bytes never are.

    Raises:
        StoreError: the store cannot be read.
    """
    place = store()
    removed = place.remove_stale_temps(min_age_seconds=min_age_seconds) if is_fixing else []
    # As bytes: half the memory of the text, and a store may hold millions.
    known = {bytes.fromhex(sha256) for sha256 in File.objects.values_list("sha256", flat=True).distinct().iterator()}
    return removed, place.sweep(lambda sha256: bytes.fromhex(sha256) in known, min_age_seconds=min_age_seconds)
