"""Kept bytes in a bucket of an S3 service, under the same digests and with the same promises as in the tree.

* Nothing is written over: every object is put on the condition that its key is free.
* Nothing counts before it was read back from the service and hashed.
* Whether bytes are held already shows neither in the answer nor in what it costs: the same requests, in one order.
* Nothing is removed but what unfinished uploads left, below `tmp/`.

Readers get a copy on this machine, fetched whole, hashed on the way and shut; every use checks it like a file of the
tree. Copies that were not used for the longest time go first.
"""

import io
import os
import secrets
from base64 import b64encode
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256 as hashed
from typing import Any, BinaryIO

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from casefiles.core.filestore import sweeping
from casefiles.core.filestore.copies import Copies
from casefiles.core.filestore.folders import BLOB_FOLDER, FILE_FLAGS, TEMP_FOLDER, Folders, folder_names, is_digest
from casefiles.core.filestore.keeping import Known
from casefiles.core.filestore.problems import (
    HeldCopyDamaged,
    NotServed,
    StoreCorrupted,
    StoreUnavailable,
    Verdict,
)
from casefiles.core.filestore.reading import CHUNK_BYTES, Spend, free
from casefiles.core.filestore.sweeping import Finding, FindingKind
from casefiles.core.filestore.writing import TempFile

# Up to here an object goes in one request; above, in parts of this size, of which the service takes 10,000. None lies
# in memory whole: requests read the file as they send it.
PART_BYTES = 64 * 1024 * 1024
_NOT_WHAT_CAME = "What was read back from the bucket is not what was received."
_ABSENT = {"404", "NoSuchKey", "NotFound"}
_TAKEN = {"412", "PreconditionFailed"}
# Held where no request may bring it back at once: the object is there, and nobody can say what it holds.
_SHUT = {"InvalidObjectState"}


class Bucket:
    """A bucket, or the part of one below `prefix`. `client` is boto3's for S3; `folders` hold what is on its way."""

    def __init__(
        self,
        client: Any,
        bucket: str,
        *,
        prefix: str,
        folders: Folders,
        copies_bytes: int,
        floor_bytes: int = 0,
        part_bytes: int = PART_BYTES,
    ) -> None:
        self._client, self._bucket, self._part_bytes = client, bucket, part_bytes
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._folders = folders
        self._copies = Copies(folders, most_bytes=copies_bytes, floor_bytes=floor_bytes)

    def _key(self, *names: str) -> str:
        return self._prefix + "/".join(names)

    def _key_of(self, sha256: str) -> str:
        return self._key(*folder_names(sha256), sha256)

    def reach(self) -> None:
        with _unavailable_if_it_fails("be reached"):
            self._client.head_bucket(Bucket=self._bucket)

    # --- In ---------------------------------------------------------------------------------------------------------

    def place(self, temp: TempFile, *, sha256: str, size_bytes: int, check: Callable[[], None]) -> bool:
        check()
        key, beside = self._key_of(sha256), self._key(TEMP_FOLDER, secrets.token_hex(16))
        is_taken = self._is_taken(key)
        with _reopened(temp) as body:
            is_put = self._put(body, beside if is_taken else key, sha256, size_bytes)
        # Also where nothing lies there: an answer that came a request earlier would tell who holds the same.
        self._forget(beside)
        was_held = is_taken or not is_put
        self._refuse_wrong(sha256, size_bytes, was_held=was_held)
        self._copies.add(temp, sha256)
        return was_held

    def adopt(self, body: BinaryIO, *, sha256: str, size_bytes: int) -> bool:
        key = self._key_of(sha256)
        was_held = self._is_taken(key) or not self._put(body, key, sha256, size_bytes)
        self._refuse_wrong(sha256, size_bytes, was_held=was_held)
        return was_held

    def _refuse_wrong(self, sha256: str, size_bytes: int, *, was_held: bool) -> None:
        verdict = self.verdict_on(sha256, size_bytes)
        if verdict is not Verdict.OK:
            raise HeldCopyDamaged(sha256, verdict) if was_held else StoreCorrupted(_NOT_WHAT_CAME)

    def _is_taken(self, key: str) -> bool:
        with _unavailable_if_it_fails("look for a file"):
            return self._head(key) is not None

    def _head(self, key: str) -> dict[str, Any] | None:
        try:
            return dict(self._client.head_object(Bucket=self._bucket, Key=key))
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise

    def _forget(self, key: str) -> None:
        # An object that stays below tmp/ is reported by the sweep; the bytes are held, and that is what was asked.
        with suppress(BotoCoreError, ClientError):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def _put(self, body: BinaryIO, key: str, sha256: str, size_bytes: int) -> bool:
        """Put a file under a free key, and say whether it was free."""
        with _unavailable_if_it_fails("write"):
            try:
                if size_bytes <= self._part_bytes:
                    self._put_whole(body, key, sha256)
                else:
                    self._put_in_parts(body, key, size_bytes)
            except ClientError as error:
                if _code(error) in _TAKEN:
                    return False
                raise
        return True

    def _put_whole(self, body: BinaryIO, key: str, sha256: str) -> None:
        # What was hashed on arrival, and not what lies on the disk by now, is what the service compares.
        digest = b64encode(bytes.fromhex(sha256)).decode()
        self._client.put_object(Bucket=self._bucket, Key=key, Body=body, IfNoneMatch="*", ChecksumSHA256=digest)

    def _put_in_parts(self, body: BinaryIO, key: str, size_bytes: int) -> None:
        where = {"Bucket": self._bucket, "Key": key}
        begun = self._client.create_multipart_upload(**where, ChecksumAlgorithm="SHA256")
        upload = where | {"UploadId": begun["UploadId"]}
        starts = range(0, size_bytes, self._part_bytes)
        try:
            parts = [self._sent(upload, number, body, start) for number, start in enumerate(starts, start=1)]
            self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts}, IfNoneMatch="*")
        except BaseException:
            with suppress(BotoCoreError, ClientError):
                self._client.abort_multipart_upload(**upload)
            raise

    def _sent(self, upload: dict[str, Any], number: int, body: BinaryIO, start: int) -> dict[str, Any]:
        part = _Stretch(body, start, self._part_bytes)
        answer = self._client.upload_part(**upload, PartNumber=number, Body=part, ChecksumAlgorithm="SHA256")
        digest = {name: answer[name] for name in ("ChecksumSHA256",) if name in answer}
        return {"PartNumber": number, "ETag": answer["ETag"]} | digest

    # --- Out --------------------------------------------------------------------------------------------------------

    def open(self, sha256: str) -> int:
        key = self._key_of(sha256)
        held = self._copies.open(sha256)
        if held is not None:
            return held
        with closing(self._body(sha256, key)) as chunks:
            return self._copies.fetch(sha256, chunks)

    def forget_copy(self, sha256: str) -> bool:
        return self._copies.forget(sha256)

    def _body(self, sha256: str, key: str) -> Generator[bytes, None, None]:
        """Yield an object as it comes.

        Raises:
            NotServed: it is missing, or cannot be given out.
            StoreUnavailable: the service does not answer, or breaks off.
        """
        with _unavailable_if_it_fails("read a file"), closing(self._got(sha256, key)["Body"]) as body:
            yield from body.iter_chunks(CHUNK_BYTES)

    def _got(self, sha256: str, key: str) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if _code(error) in _ABSENT:
                raise NotServed(sha256, Verdict.MISSING) from error
            if _code(error) in _SHUT:
                raise NotServed(sha256, Verdict.UNREADABLE) from error
            raise
        return answer

    def verdict_on(self, sha256: str, size_bytes: int | None, *, spend: Spend = free) -> Verdict:
        digest, came = hashed(), 0
        try:
            for chunk in self._body(sha256, self._key_of(sha256)):
                spend(len(chunk))
                digest.update(chunk)
                came += len(chunk)
        except NotServed as refusal:
            return refusal.verdict
        if size_bytes is not None and came != size_bytes:
            return Verdict.WRONG_SIZE
        return Verdict.OK if digest.hexdigest() == sha256 else Verdict.WRONG_BYTES

    def stamp(self, sha256: str) -> list[str]:
        with _unavailable_if_it_fails("look for a file"):
            found = self._head(self._key_of(sha256))
        if found is None:
            return []
        return [found["ETag"], str(found["ContentLength"]), found["LastModified"].isoformat()]

    # --- What lies there --------------------------------------------------------------------------------------------

    def _objects(self, below: str = "") -> Iterator[dict[str, Any]]:
        """Yield what lies below a name, in ascending order of keys; `Name` is the key without the prefix."""
        pages = self._client.get_paginator("list_objects_v2")
        with _unavailable_if_it_fails("list what it holds"):
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + below):
                for found in page.get("Contents", ()):
                    yield found | {"Name": found["Key"].removeprefix(self._prefix)}

    def _uploads(self) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("list_multipart_uploads")
        with _unavailable_if_it_fails("list what it holds"):
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                yield from page.get("Uploads", ())

    def is_blank(self) -> bool:
        return next(self._objects(f"{BLOB_FOLDER}/"), None) is None

    def walk(self) -> Iterator[str]:
        names = (found["Name"] for found in self._objects(f"{BLOB_FOLDER}/"))
        return (name.rpartition("/")[2] for name in names if _is_blob(name))

    def findings(self, known: Known, *, min_age_seconds: float, temp_age_seconds: float) -> list[Finding]:
        is_known = known if callable(known) else known.__contains__
        found = [*sweeping.findings_below(self._folders, TEMP_FOLDER, temp_age_seconds=temp_age_seconds)]
        for entry in self._objects():
            is_temp = entry["Name"].startswith(f"{TEMP_FOLDER}/")
            least = temp_age_seconds if is_temp else min_age_seconds
            kind = _kind(entry["Name"], is_known, is_old=_age_of(entry["LastModified"]) >= least)
            found += [Finding(entry["Name"], kind)] if kind else []
        found += [Finding(name, FindingKind.STALE_TEMP) for name, _begun in self._stale_uploads(temp_age_seconds)]
        return sorted(found)

    def _stale_uploads(self, min_age_seconds: float) -> Iterator[tuple[str, dict[str, Any]]]:
        for begun in self._uploads():
            if _age_of(begun["Initiated"]) >= min_age_seconds:
                yield begun["Key"].removeprefix(self._prefix), begun

    def remove_stale_temps(self, *, min_age_seconds: float) -> list[str]:
        removed = sweeping.remove_stale_temps(self._folders, min_age_seconds=min_age_seconds)
        with _unavailable_if_it_fails("remove temporary files"):
            for found in [*self._objects(f"{TEMP_FOLDER}/")]:
                if _age_of(found["LastModified"]) >= min_age_seconds:
                    self._client.delete_object(Bucket=self._bucket, Key=found["Key"])
                    removed.append(found["Name"])
            for name, begun in [*self._stale_uploads(min_age_seconds)]:
                self._client.abort_multipart_upload(Bucket=self._bucket, Key=begun["Key"], UploadId=begun["UploadId"])
                removed.append(name)
        return removed


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def _unavailable_if_it_fails(doing: str) -> Iterator[None]:
    """Turn the service's refusals and silence inside the block into `StoreUnavailable`, without its words or names."""
    try:
        yield
    except (BotoCoreError, ClientError, HTTPClientError) as error:
        reason = f"the storage service answered {_code(error)}" if isinstance(error, ClientError) else "no answer"
        raise StoreUnavailable(doing, OSError(None, reason)) from error


def _reopened(temp: TempFile) -> BinaryIO:
    return os.fdopen(os.open(temp.name, FILE_FLAGS, dir_fd=temp.folder), "rb")


class _Stretch(io.RawIOBase):
    """A stretch of an open file as a file of its own, for a request that reads it, perhaps twice."""

    def __init__(self, body: BinaryIO, start: int, most_bytes: int) -> None:
        self._body, self._start, self._at = body, start, 0
        self._size = min(most_bytes, os.fstat(body.fileno()).st_size - start)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = os.pread(self._body.fileno(), min(len(buffer), self._size - self._at), self._start + self._at)
        buffer[: len(chunk)] = chunk
        self._at += len(chunk)
        return len(chunk)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence] + offset
        return self._at

    def tell(self) -> int:
        return self._at


def _is_blob(name: str) -> bool:
    digest = name.rpartition("/")[2]
    return is_digest(digest) and name == "/".join((*folder_names(digest), digest))


def _kind(name: str, is_known: Callable[[str], bool], *, is_old: bool) -> FindingKind | None:
    """Say what is wrong with an object, if anything is."""
    digest = name.rpartition("/")[2]
    if _is_blob(name):
        return None if is_known(digest) or not is_old else FindingKind.ORPHAN
    if name.startswith(f"{TEMP_FOLDER}/"):
        return FindingKind.STALE_TEMP if is_old else None
    return FindingKind.MISPLACED if is_digest(digest) else FindingKind.ALIEN


def _age_of(moment: datetime) -> float:
    return (datetime.now(UTC) - moment).total_seconds()
