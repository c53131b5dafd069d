"""The storages that may hold evidence, behind Django's interface: named by their digest, kept once, never removed."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files import File as DjangoFile
from django.core.files.storage import Storage

from casefiles.core.filestore import FileStore, NotServed, StoreError, Tree
from casefiles.core.filestore.folders import Folders
from casefiles.core.filestore.keeping import Keeping


class NeverRemoved(StoreError):
    """Kept bytes leave by no call of the application."""


class EvidenceStorage(Storage):
    """A storage whose names are SHA-256 digests. `store()` is what the application uses; the rest is Django's."""

    def keeping(self) -> Callable[[Folders], Keeping]:
        """Return what makes the place where kept bytes lie."""
        raise NotImplementedError

    def store(self) -> FileStore:
        """Return the store over this storage, with the limits of this installation."""
        return FileStore(
            settings.EVIDENCE_ROOT,
            floor_bytes=settings.EVIDENCE_DISK_FLOOR_BYTES,
            max_bytes=settings.EVIDENCE_MAX_BYTES,
            keeping=self.keeping(),
        )

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name as it is: the same bytes have the same name, and other bytes are refused."""
        return name

    def generate_filename(self, filename: Any) -> str:
        return str(filename)

    def _save(self, name: str, content: Any) -> str:
        with self.store().incoming() as incoming:
            for chunk in content.chunks():
                incoming.write(chunk)
            return incoming.keep(expected_sha256=name).sha256

    def _open(self, name: str, mode: str = "rb") -> DjangoFile:
        with self.store().open_verified(name, eager_bytes=settings.EVIDENCE_MAX_BYTES) as held:
            return DjangoFile(held.as_file(), name)

    def exists(self, name: str) -> bool:
        return bool(self.store().stamp(name))

    def size(self, name: str) -> int:
        try:
            with self.store().open_verified(name, eager_bytes=-1) as held:
                return held.size_bytes
        except NotServed as error:
            raise FileNotFoundError(name) from error

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return [], list(self.store().walk())

    def delete(self, name: str) -> None:
        raise NeverRemoved("Kept evidence is voided with a reason; its bytes stay.")


class TreeStorage(EvidenceStorage):
    """Folders below EVIDENCE_ROOT."""

    def keeping(self) -> Callable[[Folders], Keeping]:
        return Tree
