"""Evidence in a bucket of an S3 service, for installations that chose it; needs what requirements-s3.txt names."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from botocore.config import Config
from django.conf import settings
from storages.backends.s3 import S3Storage

from casefiles.core.filestore.bucket import Bucket
from casefiles.core.filestore.folders import Folders
from casefiles.core.filestore.keeping import Keeping
from casefiles.evidence.storages import EvidenceStorage

# A service that does not answer must not hold a page for minutes.
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 60, 3
MOST_CONNECTIONS = 64


class BucketStorage(EvidenceStorage, S3Storage):
    """The options are those of django-storages, and how many bytes of copies may lie on this machine."""

    def __init__(self, *, copies_bytes: int, **options: Any) -> None:
        self.copies_bytes = copies_bytes
        self._making, self._client = Lock(), None
        waits = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            max_pool_connections=MOST_CONNECTIONS,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            s3={"addressing_style": options.pop("addressing_style", "auto")},
        )
        super().__init__(client_config=waits, **options)

    def keeping(self) -> Callable[[Folders], Keeping]:
        return self._bucket_in

    def _bucket_in(self, folders: Folders) -> Bucket:
        return Bucket(
            self.client(),
            self.bucket_name,
            prefix=self.location,
            folders=folders,
            copies_bytes=self.copies_bytes,
            floor_bytes=settings.EVIDENCE_DISK_FLOOR_BYTES,
        )

    def client(self) -> Any:
        """Return the one client of this process: threads may share it, and each one of its own would cost megabytes."""
        with self._making:
            self._client = self._client or self.connection.meta.client
            return self._client
