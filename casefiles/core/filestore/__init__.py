"""Evidence files under their SHA-256: written once, never replaced, never deleted, checked at every read."""

from casefiles.core.filestore.problems import (
    DiskFloorReached,
    FileTooLarge,
    HeldCopyDamaged,
    NotADigest,
    NotServed,
    StoreCorrupted,
    StoreError,
    StoreUnavailable,
    TempElsewhere,
    Verdict,
    WrongBytes,
)
from casefiles.core.filestore.reading import EAGER_BYTES, VerifiedFile
from casefiles.core.filestore.store import FileStore, StoredFile
from casefiles.core.filestore.sweeping import Finding, FindingKind

__all__ = [
    "EAGER_BYTES",
    "DiskFloorReached",
    "FileStore",
    "FileTooLarge",
    "Finding",
    "FindingKind",
    "HeldCopyDamaged",
    "NotADigest",
    "NotServed",
    "StoreCorrupted",
    "StoreError",
    "StoreUnavailable",
    "StoredFile",
    "TempElsewhere",
    "Verdict",
    "VerifiedFile",
    "WrongBytes",
]
