"""Whether what Casefiles stands on is there. Words only: no path, no version, no content."""

import logging
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from casefiles.core.filestore import StoreError
from casefiles.evidence.selectors.checkpoints import checkpoint_standing
from casefiles.evidence.store import store

logger = logging.getLogger(__name__)

OK, FAILED, LOW = "ok", "failed", "low"


@dataclass(frozen=True)
class Health:
    database: str
    evidence_store: str
    disk: str
    record: str

    @property
    def is_ok(self) -> bool:
        return {self.database, self.evidence_store, self.disk, self.record} == {OK}

    def as_dict(self) -> dict[str, str]:
        return {"status": OK if self.is_ok else FAILED, **asdict(self)}


def health() -> Health:
    """Ask the database, the folder of evidence and its disk, and whether the record is the one that was noted."""
    root = _existing(Path(settings.EVIDENCE_ROOT))
    return Health(database=_database(), evidence_store=_store(root), disk=_disk(root), record=_record())


def _record() -> str:
    try:
        return FAILED if checkpoint_standing().is_alarm else OK
    except (OSError, DatabaseError):
        return FAILED


def warn_at_start() -> None:
    """Log as critical, when the server starts, that the record is not the one that was noted in the second place."""
    try:
        standing = checkpoint_standing()
    except (OSError, DatabaseError) as error:
        logger.warning("The record was not compared with its checkpoints: %s.", type(error).__name__)
        return
    if standing.is_alarm:
        logger.critical("%s Run “manage.py verify_chain”.", standing.explained)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return OK if cursor.fetchone() == (1,) else FAILED
    except DatabaseError:
        return FAILED


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it: the store makes its own with the first file."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _store(root: Path) -> str:
    if not (root.is_dir() and os.access(root, os.R_OK | os.W_OK | os.X_OK)):
        return FAILED
    try:
        # Only a store that was used before: the first file makes its folders, not a question after its health.
        if root == Path(settings.EVIDENCE_ROOT):
            store().reach()
    except StoreError:
        return FAILED
    return OK


def _disk(root: Path) -> str:
    try:
        free = shutil.disk_usage(root).free
    except OSError:
        return FAILED
    return OK if free >= settings.EVIDENCE_DISK_FLOOR_BYTES else LOW
