"""Whether what Casefiles stands on is there. Words only: no path, no version, no content."""

import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

OK, FAILED, LOW = "ok", "failed", "low"


@dataclass(frozen=True)
class Health:
    database: str
    evidence_store: str
    disk: str

    @property
    def is_ok(self) -> bool:
        return {self.database, self.evidence_store, self.disk} == {OK}

    def as_dict(self) -> dict[str, str]:
        return {"status": OK if self.is_ok else FAILED, **asdict(self)}


def health() -> Health:
    """Ask the database, the folder of evidence and its disk."""
    root = _existing(Path(settings.EVIDENCE_ROOT))
    return Health(database=_database(), evidence_store=_store(root), disk=_disk(root))


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
    return OK if root.is_dir() and os.access(root, os.R_OK | os.W_OK | os.X_OK) else FAILED


def _disk(root: Path) -> str:
    try:
        free = shutil.disk_usage(root).free
    except OSError:
        return FAILED
    return OK if free >= settings.EVIDENCE_DISK_FLOOR_BYTES else LOW
