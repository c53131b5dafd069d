"""Evidence files under their SHA-256: written once, never replaced, never deleted, checked at every read."""

from casefiles.core.filestore.folders import is_digest
from casefiles.core.filestore.incoming import Incoming, StoredFile
from casefiles.core.filestore.keeping import Keeping, Tree
from casefiles.core.filestore.partial import Partial
from casefiles.core.filestore.problems import (
    DigestDiffers,
    DiskFloorReached,
    FileTooLarge,
    HeldCopyDamaged,
    NotADigest,
    NotServed,
    PartialBusy,
    StoreBlank,
    StoreCorrupted,
    StoreError,
    StoreUnavailable,
    TempElsewhere,
    Verdict,
    WrongBytes,
    WrongOffset,
)
from casefiles.core.filestore.reading import EAGER_BYTES, VerifiedFile
from casefiles.core.filestore.store import FileStore
from casefiles.core.filestore.sweeping import Finding, FindingKind

__all__ = [
    "EAGER_BYTES",
    "DigestDiffers",
    "DiskFloorReached",
    "FileStore",
    "FileTooLarge",
    "Finding",
    "FindingKind",
    "HeldCopyDamaged",
    "Incoming",
    "Keeping",
    "NotADigest",
    "NotServed",
    "Partial",
    "PartialBusy",
    "StoreBlank",
    "StoreCorrupted",
    "StoreError",
    "StoreUnavailable",
    "StoredFile",
    "TempElsewhere",
    "Tree",
    "Verdict",
    "VerifiedFile",
    "WrongBytes",
    "WrongOffset",
    "is_digest",
]
