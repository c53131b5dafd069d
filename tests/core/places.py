"""The places where kept bytes may lie, for tests that hold each of them to the same promises."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

from casefiles.core.filestore import FileStore
from casefiles.core.filestore.bucket import Bucket
from casefiles.core.filestore.folders import Folders

BUCKET = "evidence"
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "eu-central-1"}


@contextmanager
def s3_server() -> Iterator[str]:
    """An S3 service on the loopback address, with a bucket; yields its address."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        client = client_of(address)
        # Every such server of a process holds the same: tests keep apart by their prefix.
        with suppress(client.exceptions.BucketAlreadyOwnedByYou):
            client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        client.close()
        yield address
    finally:
        server.stop()


def client_of(address: str) -> Any:
    impatient = Config(connect_timeout=2, read_timeout=20, retries={"total_max_attempts": 1})
    return boto3.client("s3", endpoint_url=address, config=impatient, **KEYS)


@dataclass(frozen=True)
class TreePlace:
    """The tree, and how somebody with access to the disk would change it."""

    root: Path

    def store(self) -> FileStore:
        return FileStore(self.root)

    def overwrite(self, sha256: str, content: bytes) -> None:
        path = self.store().path_of(sha256)
        path.chmod(0o600)
        path.write_bytes(content)
        path.chmod(0o400)

    def remove(self, sha256: str) -> None:
        self.store().path_of(sha256).unlink()

    def read(self, sha256: str) -> bytes:
        return self.store().path_of(sha256).read_bytes()


@dataclass(frozen=True)
class BucketPlace:
    """A part of a bucket, and how somebody with its keys would change it. Copies of this machine stay."""

    root: Path
    client: Any
    prefix: str
    copies_bytes: int = 100_000_000
    floor_bytes: int = 0
    part_bytes: int = 5 * 1024 * 1024

    def store(self) -> FileStore:
        return FileStore(self.root, keeping=self.bucket)

    def bucket(self, folders: Folders) -> Bucket:
        limits = {name: getattr(self, name) for name in ("copies_bytes", "floor_bytes", "part_bytes")}
        return Bucket(self.client, BUCKET, prefix=self.prefix, folders=folders, **limits)

    def key(self, sha256: str) -> str:
        return f"{self.prefix}/blobs/{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def overwrite(self, sha256: str, content: bytes) -> None:
        self.client.put_object(Bucket=BUCKET, Key=self.key(sha256), Body=content)
        self.forget_copies()

    def remove(self, sha256: str) -> None:
        self.client.delete_object(Bucket=BUCKET, Key=self.key(sha256))
        self.forget_copies()

    def read(self, sha256: str) -> bytes:
        return bytes(self.client.get_object(Bucket=BUCKET, Key=self.key(sha256))["Body"].read())

    def copies(self) -> list[Path]:
        return sorted((self.root / "copies").glob("*"))

    def forget_copies(self) -> None:
        for path in self.copies():
            os.unlink(path)

    def keys(self) -> list[str]:
        found = self.client.list_objects_v2(Bucket=BUCKET, Prefix=f"{self.prefix}/").get("Contents", [])
        return [one["Key"].removeprefix(f"{self.prefix}/") for one in found]
