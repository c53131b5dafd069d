"""The checkpoints that were written to the second place, and whether the record still agrees with the newest."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from casefiles.audit.chain import Head
from casefiles.audit.selectors import Agreement, agreement_with
from casefiles.core.batches import BATCH
from casefiles.core.checkpoints import REQUEST_SUFFIX, STAMP_SUFFIX, Checkpoint, CheckpointFolder
from casefiles.core.stamping import NotStamped, verified_at
from casefiles.evidence.models import File


@dataclass(frozen=True)
class CheckpointStanding:
    """The newest sound checkpoint with what the record says to it; `damaged` names later ones that are not sound."""

    checkpoint: Checkpoint | None
    agreement: Agreement | None
    damaged: tuple[str, ...] = ()

    @property
    def is_alarm(self) -> bool:
        """Whether the record is not the one that was noted. Without a checkpoint nothing can be said."""
        return self.agreement in {Agreement.BEHIND, Agreement.DIFFERS}

    @property
    def explained(self) -> str:
        """Say what does not agree, and what that may mean; nothing where all is well."""
        if self.checkpoint is None or not self.is_alarm:
            return ""
        words = {"number": self.checkpoint.number, "seq": self.checkpoint.seq}
        if self.agreement is Agreement.BEHIND:
            text = _(
                "The record ends before event %(seq)d, which checkpoint %(number)d noted: events are missing at its "
                "end, or an older database was put back."
            )
        else:
            text = _(
                "Event %(seq)d is not the one that checkpoint %(number)d noted: the record was written anew, or this "
                "is another installation’s database."
            )
        return text % words


def checkpoint_folder() -> CheckpointFolder:
    """Return the folder that the settings name."""
    return CheckpointFolder(Path(settings.CHECKPOINT_DIR))


def checkpoint_standing() -> CheckpointStanding:
    """Compare the record with the newest sound checkpoint; two queries at most, and one small file.

    Raises:
        OSError: the folder cannot be read.
    """
    newest, damaged = checkpoint_folder().newest()
    agreement = agreement_with(Head(newest.seq, newest.hash)) if newest else None
    return CheckpointStanding(newest, agreement, tuple(damaged))


def files_gone_since(checkpoint: Checkpoint) -> Iterator[str]:
    """Yield the digests that a checkpoint's manifest names and no row does any more: no row is ever removed.

    Raises:
        CheckpointDamaged: the manifest is missing or another one; raised at its end at the latest.
        OSError: it cannot be read.
    """
    names: list[str] = []
    for sha256 in checkpoint_folder().manifest(checkpoint):
        names.append(sha256)
        if len(names) == BATCH:
            yield from _without_row(names)
            names = []
    yield from _without_row(names)


def _without_row(names: list[str]) -> list[str]:
    known = set(File.objects.filter(sha256__in=names).values_list("sha256", flat=True))
    return [sha256 for sha256 in names if sha256 not in known]


@dataclass(frozen=True)
class StampStanding:
    """The newest time stamp: of which checkpoint, and the moment it proves; `problem` where it proves none."""

    name: str
    at: str | None
    problem: str = ""


def stamp_standing() -> StampStanding | None:
    """Check the newest time stamp; None where there is none.

    Raises:
        OSError: it cannot be read, or the root certificates cannot.
    """
    folder = checkpoint_folder()
    stamped = folder.stamped()
    if not stamped:
        return None
    name = stamped[-1]
    if not settings.TSA_ROOTS_FILE:
        return StampStanding(name, None, "No root certificates are named, so it was not checked.")
    try:
        at = verified_at(
            (folder.folder / name).read_bytes(),
            request=(folder.folder / f"{name}{REQUEST_SUFFIX}").read_bytes(),
            response=(folder.folder / f"{name}{STAMP_SUFFIX}").read_bytes(),
            roots=Path(settings.TSA_ROOTS_FILE).read_bytes(),
        )
    except NotStamped as error:
        return StampStanding(name, None, str(error))
    return StampStanding(name, at)


def is_beside_the_data() -> bool:
    """Say whether the second place is on the same disk as the first, and would be lost with it."""
    data, second = Path(settings.DATA_DIR), Path(settings.CHECKPOINT_DIR)
    return data.exists() and second.exists() and data.stat().st_dev == second.stat().st_dev
