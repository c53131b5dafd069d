"""Where this installation holds the bytes of evidence."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from casefiles.core.filestore import FileStore, StoreError, TempElsewhere


def store() -> FileStore:
    """Return the evidence store that the settings name."""
    return FileStore(
        settings.EVIDENCE_ROOT,
        floor_bytes=settings.EVIDENCE_DISK_FLOOR_BYTES,
        max_bytes=settings.EVIDENCE_MAX_BYTES,
    )


def refuse_two_filesystems() -> None:
    """Stop the start where received files could not be linked into place.

    A store that cannot be reached for another reason stops nothing: whoever needs it is told, and all else goes on.
    """
    try:
        store()
    except TempElsewhere as error:
        raise ImproperlyConfigured(f"EVIDENCE_ROOT: {error}") from error
    except StoreError:
        return
