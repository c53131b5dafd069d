"""Where this installation holds the bytes of evidence."""

from django.conf import settings

from casefiles.core.filestore import FileStore


def store() -> FileStore:
    """Return the evidence store that the settings name."""
    return FileStore(
        settings.EVIDENCE_ROOT,
        floor_bytes=settings.EVIDENCE_DISK_FLOOR_BYTES,
        max_bytes=settings.EVIDENCE_MAX_BYTES,
    )
