"""Where this installation holds the bytes of evidence."""

from typing import cast

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages

from casefiles.core.filestore import FileStore, StoreError, TempElsewhere
from casefiles.evidence.storages import EvidenceStorage


def store() -> FileStore:
    """Return the evidence store that the settings name."""
    return cast(EvidenceStorage, storages["evidence"]).store()


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
