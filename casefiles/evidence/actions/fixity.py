"""Whether the held bytes are still the ones received, for all files: a run that goes on where it was broken off."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from time import monotonic
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from casefiles.audit import actions as audit
from casefiles.core.batches import batches
from casefiles.core.filestore import FileStore, NotADigest, StoreBlank, Verdict
from casefiles.core.pace import UNHURRIED, Pace
from casefiles.evidence.actions.files import record_failed_check, record_verified
from casefiles.evidence.models import File, FixityRun
from casefiles.evidence.selectors.custody import files_unlike_their_arrival
from casefiles.evidence.selectors.damage import damages
from casefiles.evidence.store import store

ROW_CHANGED = "row_changed"
KIND = "evidence.fixityrun"


@dataclass(frozen=True)
class BadFile:
    """A file whose bytes, or whose row, are not what was received; `verdict` names the damage."""

    file_id: str
    item_id: str
    sha256: str
    verdict: str


@dataclass(frozen=True)
class Checked:
    """What a run has come to, and every file that is known to be wrong now, whoever found it."""

    run: FixityRun
    was_resumed: bool
    findings: tuple[BadFile, ...]


def check_files(
    *,
    is_restarting: bool = False,
    is_enough: Callable[[FixityRun], bool] = lambda run: False,
    pace: Pace = UNHURRIED,
    progress: Callable[[FixityRun], None] = lambda run: None,
    saved_every_seconds: float = 5,
) -> Checked:
    """Read every held file whole; go on with the run that was broken off, if there is one.

    What is newly found wrong, or right again, is recorded in the chain of custody of each file; the end of a run is an
    event of its own. `is_enough` is asked after each file and ends this part of the run; a run that is killed does at
    most `saved_every_seconds` of work again. Only one process may do this at a time (`core.leadership`).

    Raises:
        StoreError: the store cannot be opened, or is blank although files are recorded: nothing was checked.
    """
    place = _opened()
    run, was_resumed = _begun(is_restarting=is_restarting)
    known = {damage.file.pk for damage in damages(File.objects.all())}
    saved_at = monotonic()
    progress(run)
    for sha256, sizes in _remaining(run.position):
        _check(place, sha256, sizes, known=known, pace=pace)
        run.position, run.digests_checked = sha256, run.digests_checked + 1
        run.bytes_checked += sum(sizes)
        if monotonic() - saved_at >= saved_every_seconds:
            _save(run)
            saved_at = monotonic()
        progress(run)
        if is_enough(run):
            _save(run)
            return Checked(run, was_resumed, known_damage())
    found = known_damage()
    _finish(run, found)
    return Checked(run, was_resumed, found)


def check_damaged() -> tuple[BadFile, ...]:
    """Read again only the files that failed their last check, and return which still do: for after a repair.

    Raises:
        StoreError: as for `check_files`.
    """
    place = _opened()
    for damage in damages(File.objects.all()):
        _record(damage.file, _verdict(place, damage.file.sha256, damage.file.size_bytes, UNHURRIED))
    return known_damage()


def known_damage() -> tuple[BadFile, ...]:
    """Return every file that is known to be wrong now, whoever found it, and every row that was changed."""
    bad = [_bad(damage.file, damage.verdict) for damage in damages(File.objects.all())]
    return tuple([*bad, *_changed_rows()])


def _opened() -> FileStore:
    place = store()
    if place.is_blank and File.objects.exists():
        raise StoreBlank("Files are recorded, but the evidence store is blank: is its disk mounted?")
    return place


def _begun(*, is_restarting: bool) -> tuple[FixityRun, bool]:
    """Return the run to go on with, or a new one, and which of the two it is."""
    unfinished = FixityRun.objects.filter(finished_at__isnull=True).order_by("-started_at").first()
    if unfinished is not None and not is_restarting:
        return unfinished, True
    run = FixityRun(pk=unfinished.pk) if unfinished else FixityRun()
    run.started_at, run.bytes_total = timezone.now(), bytes_held()
    run.save(force_insert=unfinished is None, force_update=unfinished is not None)
    return run, False


def bytes_held() -> int:
    """Return how many bytes there are to check, each held file counted once."""
    digests = File.objects.order_by().values("sha256", "size_bytes").distinct()
    return int(digests.aggregate(total=Sum("size_bytes"))["total"] or 0)


def _remaining(position: str) -> Iterator[tuple[str, list[int]]]:
    """Yield each digest after `position` with the sizes that rows give it: one, unless somebody changed a row."""
    digests = File.objects.filter(sha256__gt=position).values("sha256").distinct()
    for batch in batches(digests, key="sha256"):
        names = [row["sha256"] for row in batch]
        rows = File.objects.filter(sha256__in=names).values_list("sha256", "size_bytes").distinct()
        for sha256, group in groupby(sorted(rows), key=lambda row: row[0]):
            yield sha256, [size for _sha256, size in group]


def _check(place: FileStore, sha256: str, sizes: list[int], *, known: set[Any], pace: Pace) -> None:
    for size_bytes in sizes:
        verdict = _verdict(place, sha256, size_bytes, pace)
        if verdict is Verdict.OK and not known:
            # Nearly always, and for a small file even a query that is never asked takes longer than its digest.
            continue
        files = File.objects.filter(sha256=sha256, size_bytes=size_bytes)
        if verdict is Verdict.OK:
            files = files.filter(pk__in=known)
        for file in files.select_related("item").order_by("pk"):
            _record(file, verdict)


def _verdict(place: FileStore, sha256: str, size_bytes: int, pace: Pace) -> Verdict:
    try:
        return place.verify(sha256, size_bytes, spend=pace.spend)
    except NotADigest:
        # Only a row that somebody changed names such a thing, and nothing lies under that name.
        return Verdict.MISSING


def _record(file: File, verdict: Verdict) -> None:
    """Record that a file which had failed is right again, or is wrong in a way that was not known."""
    if verdict is Verdict.OK:
        record_verified(file, by=None, purpose="fixity")
        return
    # Asked anew: somebody may have opened the file since this run began.
    if [damage.verdict for damage in damages(File.objects.filter(pk=file.pk))] != [str(verdict)]:
        record_failed_check(file, by=None, verdict=verdict)


def _bad(file: File, verdict: str) -> BadFile:
    return BadFile(str(file.pk), str(file.item_id), file.sha256, verdict)


def _changed_rows() -> Iterator[BadFile]:
    return (_bad(event.file, ROW_CHANGED) for event in files_unlike_their_arrival())


def _save(run: FixityRun) -> None:
    run.save(update_fields=["position", "digests_checked", "bytes_checked", "finished_at"])


def _finish(run: FixityRun, found: tuple[BadFile, ...]) -> None:
    """End a run, and put into the record that every file was checked, how many, and how many are wrong."""
    with audit.unit():
        run.finished_at = timezone.now()
        _save(run)
        counts = {"digests_checked": run.digests_checked, "bytes_checked": run.bytes_checked, "damaged": len(found)}
        audit.record(
            by=None,
            act="every file checked",
            kind=KIND,
            record_id=run.pk,
            changes={name: (None, count) for name, count in counts.items()},
        )
