"""A position file becomes evidence first; then it is read, batch by batch, and seen once it is read to its end.

Where a process is killed, the next one reads the file again from its start and keeps what is not kept yet: how many
fixes are settled is written in the transaction that keeps them.
"""

import datetime
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from casefiles.access.actions import add_record, compartments_of, require
from casefiles.access.circles import Circle
from casefiles.access.rules import Act
from casefiles.audit import actions as audit
from casefiles.core.filestore import NotServed, StoreError
from casefiles.core.leadership import LedElsewhere, leading
from casefiles.core.refusals import Refused
from casefiles.evidence.actions.collecting import collect_item
from casefiles.evidence.actions.files import Received
from casefiles.evidence.models import File
from casefiles.evidence.store import store
from casefiles.evidence.vocabulary import ItemKind
from casefiles.voyages.actions.copying import keep_identities, keep_positions, room_for_indexes
from casefiles.voyages.levels import level_of
from casefiles.voyages.models import ImportState, Position, PositionImport, RejectedRow
from casefiles.voyages.readers.fixes import CannotRead, Fix, Log
from casefiles.voyages.readers.lines import SAMPLE_BYTES
from casefiles.voyages.readers.options import Options
from casefiles.voyages.readers.reading import PositionFile

TASK = "positions"
BATCH = 20_000
# Radios whose last fix is remembered; beyond, a drawn track only gets more points than it needs.
MOST_RADIOS = 500_000
# A ship's clock may run ahead of ours.
AHEAD = datetime.timedelta(days=1)

Progress = Callable[[PositionImport], None]


def quiet(position_import: PositionImport) -> None:
    """Show no progress."""


def import_received(
    received: Received, *, by: Any, circle: Circle, options: Options, title: str = "", source: Any = None
) -> PositionImport:
    """Add kept bytes as an item, an AIS extract for `circle`, and ask for its positions.

    Raises:
        Refused: it is no position file, or something has to be said first; then nothing was added.
        NotAllowed, ValidationError: as for adding an item.
    """
    refuse_unreadable(received.sha256, options)
    with audit.unit():
        item = collect_item(
            by=by,
            circle=circle,
            received=[received],
            kind=ItemKind.AIS_EXTRACT,
            title=title or received.name or _("AIS extract"),
            source=source,
        )
        return add_position_import(item.files.get(), by=by, options=options)


def add_position_import(file: File, *, by: Any, options: Options) -> PositionImport:
    """Ask for the positions of a held file; they are read in the background, or by `import_positions`.

    Raises:
        NotVisible, NotAllowed: the person may not edit the file's item.
        Refused: the file is read already, is no position file, or something has to be said first.
    """
    refuse_unreadable(file.sha256, options)
    with audit.unit():
        require(by, Act.EDIT, file.item)
        if PositionImport.objects.current().filter(file=file).exclude(state=ImportState.FAILED).exists():
            raise Refused(_("This file is read for its positions already."), field="item")
        record = PositionImport(item=file.item, file=file, options=options.as_json())
        added: PositionImport = add_record(record, by=by)
    return added


def refuse_unreadable(sha256: str, options: Options) -> None:
    """Look at the beginning of a held file, up to its first position; the whole of it is checked when it is read.

    Raises:
        Refused: it gives none, and why.
    """
    try:
        with store().open_verified(sha256, eager_bytes=-1) as held, held.as_file() as file:
            sample = file.read(SAMPLE_BYTES)
        next(PositionFile([sample], options).fixes(_log()), None)
    except CannotRead as error:
        raise Refused(str(error), field="file") from error
    except (OSError, StoreError) as error:
        raise Refused(_("The held file cannot be opened. Tell the administrator, who can run “fixity”.")) from error


def import_waiting(*, progress: Progress = quiet, batch: int = BATCH) -> int:
    """Read what waits, and go on with what a killed process left; return how many files were read to their end.

    Only one process does so at a time; where another one is at it, nothing is done here.
    """
    done = 0
    try:
        with leading(TASK):
            while waiting := PositionImport.objects.unfinished().select_related("item", "file", "created_by").first():
                run_import(waiting, progress=progress, batch=batch)
                done += 1
    except LedElsewhere:
        return done
    return done


def run_import(position_import: PositionImport, *, progress: Progress = quiet, batch: int = BATCH) -> PositionImport:
    """Read one file, from its start, and keep what is not kept yet; call it `leading(TASK)`.

    A file that cannot be read to its end gives no positions at all, and says why.

    Raises:
        StoreUnavailable: the store does not answer; the file goes on waiting.
    """
    run = _Run(position_import, progress, batch)
    try:
        with room_for_indexes():
            run.read()
    except (CannotRead, NotServed) as error:
        _fail(position_import, str(error))
    else:
        _finish(position_import, run)
    progress(position_import)
    return position_import


def _log() -> Log:
    return Log(latest_s=int((timezone.now() + AHEAD).timestamp()))


@dataclass
class _Run:
    """One reading of one file."""

    record: PositionImport
    progress: Progress
    batch: int
    most_radios: int = MOST_RADIOS
    log: Log = field(default_factory=_log)
    fixes: int = 0
    backwards: int = 0
    earliest_s: int | None = None
    latest_s: int | None = None
    _last: dict[str, int] = field(default_factory=dict)

    def read(self) -> None:
        record, held_before = self.record, self.record.fixes_done
        with store().open_verified(record.file.sha256, size_bytes=record.file.size_bytes) as held:
            source = PositionFile(held.chunks(), Options.from_json(record.options))
            record.format, record.state = source.format, ImportState.RUNNING
            for batch in _batches(source.fixes(self.log), self.batch):
                rows = self._rows(batch)
                self.fixes += len(batch)
                # What an earlier process kept is passed over; a batch that it kept in part does not exist.
                if self.fixes > held_before:
                    self._keep(rows, bytes_done=source.position)
                self.progress(record)

    def _rows(self, batch: list[Fix]) -> list[tuple[Any, ...]]:
        number, last, rows = self.record.number, self._last, []
        if len(last) > self.most_radios:
            last.clear()
        for fix in batch:
            previous = last.get(fix.mmsi)
            if previous is not None and fix.epoch_s < previous:
                self.backwards += 1
            last[fix.mmsi] = fix.epoch_s
            rows.append((number, *fix, level_of(fix.epoch_s, previous)))
        times = [fix.epoch_s for fix in batch]
        self.earliest_s = min(times) if self.earliest_s is None else min(self.earliest_s, *times)
        self.latest_s = max(times) if self.latest_s is None else max(self.latest_s, *times)
        return rows

    def _keep(self, rows: list[tuple[Any, ...]], *, bytes_done: int) -> None:
        record = self.record
        with audit.unit():
            record.positions += keep_positions(rows)
            record.fixes_done, record.bytes_done, record.rows = self.fixes, bytes_done, self.log.rows
            record.save(update_fields=["positions", "fixes_done", "bytes_done", "rows", "format", "state"])


def _batches(fixes: Iterator[Fix], size: int) -> Iterator[list[Fix]]:
    while batch := list(itertools.islice(fixes, size)):
        yield batch


def _finish(record: PositionImport, run: _Run) -> None:
    log = run.log
    record.state, record.finished_at = ImportState.FINISHED, timezone.now()
    record.bytes_done, record.rows, record.rejected = record.file.size_bytes, log.rows, log.rejected
    record.duplicates, record.backwards = run.fixes - record.positions, run.backwards
    record.values_left_out, record.unavailable = log.values_left_out, dict(log.unavailable)
    record.earliest_at, record.latest_at = _at(run.earliest_s), _at(run.latest_s)
    with audit.unit():
        RejectedRow.objects.bulk_create(
            (RejectedRow(position_import=record, **problem._asdict()) for problem in log.problems), batch_size=500
        )
        keep_identities(record, ((mmsi, said, rows) for (mmsi, said), rows in log.identities.items()))
        record.save()
        _record_end(record, act="finished")


def _fail(record: PositionImport, reason: str) -> None:
    record.state, record.reason, record.finished_at = ImportState.FAILED, reason[:500], timezone.now()
    record.fixes_done = record.positions = 0
    with audit.unit():
        # Not records yet: nobody has seen what a file gave before it was read to its end.
        Position._base_manager.filter(position_import=record).delete()
        record.save()
        _record_end(record, act="failed")


def _record_end(record: PositionImport, *, act: str) -> None:
    counted = Counter({name: getattr(record, name) for name in ("rows", "positions", "duplicates", "rejected")})
    audit.record(
        by=record.created_by,
        act=act,
        kind=record._meta.label_lower,
        record_id=record.pk,
        compartments=compartments_of(record),
        changes={name: (None, value) for name, value in counted.items()},
        note=record.reason,
    )


def _at(epoch_s: int | None) -> datetime.datetime | None:
    return None if epoch_s is None else datetime.datetime.fromtimestamp(epoch_s, tz=datetime.UTC)
