"""Checkpoints: how far the record went at a moment, and which bytes were held, written to a second place.

A checkpoint is a small JSON file with the number and hash of the last event, and the digest of a manifest: a text that
names every held file, which `sha256sum --check` reads in the root of the store. Whoever keeps the folder elsewhere, or
prints the newest head, can tell later that rows are missing at the end, that an older database was put back, or that
the record was written anew.

Knows files and folders, and nothing of a database. Every file is whole or not there: written under another name, forced
to the disk, renamed, and the folder forced too. The name holds a part of the content's digest, so that a damaged
checkpoint is not taken for one.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

FORMAT = "casefiles/checkpoint/1"
STAMP_SUFFIX = ".tsr"
REQUEST_SUFFIX = ".tsq"
TEMP_SUFFIX = ".tmp"
# The newest checkpoint in words, for printing.
NEWEST = "newest.txt"
FILE_MODE = 0o600
_NAME = re.compile(r"checkpoint-(?P<number>[0-9]{8})-[0-9]{8}T[0-9]{6}Z-(?P<digest>[0-9a-f]{16})\.json")
_MANIFEST_NAME = re.compile(r"manifest-[0-9a-f]{64}\.txt")
_COLUMNS = {"format", "number", "at", "seq", "hash", "manifest", "files_count", "size_bytes", "previous", "accepted"}


@dataclass(frozen=True)
class Checkpoint:
    """`seq` and `hash` are the last event's; `manifest` is the SHA-256 of the manifest that lies beside it.

    `previous` is the SHA-256 of the checkpoint before this one, or empty. `accepted` says why a record that did not
    agree with that one was taken for right: somebody had put an older database back on purpose.
    """

    number: int
    at: str
    seq: int
    hash: str
    manifest: str
    files_count: int
    size_bytes: int
    previous: str = ""
    accepted: str = ""
    format: str = FORMAT

    @property
    def content(self) -> bytes:
        """Return the checkpoint as it is written, stamped and hashed."""
        return json.dumps(asdict(self), ensure_ascii=True, indent=1, sort_keys=True).encode() + b"\n"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def name(self) -> str:
        moment = datetime.fromisoformat(self.at).strftime("%Y%m%dT%H%M%SZ")
        return f"checkpoint-{self.number:08d}-{moment}-{self.digest[:16]}.json"

    @property
    def manifest_name(self) -> str:
        return f"manifest-{self.manifest}.txt"


class CheckpointDamaged(Exception):
    """A file is called a checkpoint or manifest and is none, or not the one it was."""


def printed(checkpoint: Checkpoint) -> str:
    """Return a checkpoint as it can be printed and kept on paper: what has to be compared stands in groups of four."""
    lines = [
        f"Checkpoint {checkpoint.number} of {checkpoint.at}",
        "",
        f"Events recorded   {checkpoint.seq}",
        *_grouped("Hash of the last  ", checkpoint.hash),
        "",
        f"Files held        {checkpoint.files_count} ({checkpoint.size_bytes} bytes)",
        *_grouped("Their manifest    ", checkpoint.manifest),
        "",
        "To compare it with the record, now or in years:",
        f"manage.py verify_chain --head {checkpoint.seq}:{checkpoint.hash}",
    ]
    return "\n".join(lines) + "\n"


def _grouped(label: str, digest: str) -> list[str]:
    groups = [digest[start : start + 4] for start in range(0, len(digest), 4)]
    rows = [" ".join(groups[start : start + 8]) for start in range(0, len(groups), 8)]
    return [f"{label if not index else ' ' * len(label)}{row}" for index, row in enumerate(rows)]


class CheckpointFolder:
    """The folder of checkpoints. Writing is for one process at a time; reading for any.

    Raises OSError, as the system gave it, where the folder cannot be made, read or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # Reading ------------------------------------------------------------------------------------------------------
    def names(self) -> list[str]:
        """Return the names of all checkpoints, oldest first; damaged ones are among them."""
        with suppress(FileNotFoundError):
            return sorted(name for name in os.listdir(self.folder) if _NAME.fullmatch(name))
        return []

    def read(self, name: str) -> Checkpoint:
        """Return a checkpoint.

        Raises:
            CheckpointDamaged: its content is not what its name says.
        """
        known = _NAME.fullmatch(name)
        content = (self.folder / name).read_bytes()
        if known is None or hashlib.sha256(content).hexdigest()[:16] != known["digest"]:
            raise CheckpointDamaged(name)
        return _parsed(name, content)

    def newest(self) -> tuple[Checkpoint | None, list[str]]:
        """Return the last sound checkpoint, and the names of damaged ones that come after it."""
        damaged: list[str] = []
        for name in reversed(self.names()):
            try:
                return self.read(name), damaged
            except CheckpointDamaged:
                damaged.append(name)
        return None, damaged

    def manifest(self, checkpoint: Checkpoint) -> Iterator[str]:
        """Yield the digests that a checkpoint's manifest names, in ascending order.

        Raises:
            CheckpointDamaged: the manifest is missing or another one; raised at its end at the latest.
        """
        digest = hashlib.sha256()
        try:
            with (self.folder / checkpoint.manifest_name).open("rb") as lines:
                for line in lines:
                    digest.update(line)
                    yield _digest_in(line)
        except (FileNotFoundError, ValueError) as error:
            raise CheckpointDamaged(checkpoint.manifest_name) from error
        if digest.hexdigest() != checkpoint.manifest:
            raise CheckpointDamaged(checkpoint.manifest_name)

    def stamped(self) -> list[str]:
        """Return the names of checkpoints with a time stamp beside them, oldest first."""
        return [name for name in self.names() if (self.folder / f"{name}{STAMP_SUFFIX}").exists()]

    # Writing ------------------------------------------------------------------------------------------------------
    def write(
        self, *, seq: int, hash: str, held: Iterable[tuple[str, int]], at: datetime, keep: int, accepted: str = ""
    ) -> Checkpoint:
        """Write the manifest, then the checkpoint that names it, and remove what is older than the newest `keep`.

        `held` yields the digest and size of every held file, in ascending order. A checkpoint with a time stamp beside
        it is never removed.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._remove_rests()
        digest, files, size = self._write_manifest(held)
        before, _damaged = self.newest()
        checkpoint = Checkpoint(
            number=self._last_number() + 1,
            at=at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z",
            seq=seq,
            hash=hash,
            manifest=digest,
            files_count=files,
            size_bytes=size,
            previous=before.digest if before else "",
            accepted=accepted,
        )
        self.put(checkpoint.name, checkpoint.content)
        self.put(NEWEST, printed(checkpoint).encode())
        self._prune(keep)
        return checkpoint

    def _last_number(self) -> int:
        names = self.names()
        known = _NAME.fullmatch(names[-1]) if names else None
        return int(known["number"]) if known else 0

    def _write_manifest(self, held: Iterable[tuple[str, int]]) -> tuple[str, int, int]:
        """Write the manifest and return its SHA-256, and how many files and bytes it stands for."""
        digest, files, size = hashlib.sha256(), 0, 0
        with self._temporary("manifest") as (temporary, file):
            for sha256, size_bytes in held:
                line = f"{sha256}  blobs/{sha256[:2]}/{sha256[2:4]}/{sha256}\n".encode()
                file.write(line)
                digest.update(line)
                files, size = files + 1, size + size_bytes
            self._place(temporary, file, f"manifest-{digest.hexdigest()}.txt")
        return digest.hexdigest(), files, size

    def put(self, name: str, content: bytes) -> None:
        """Write a file whole, in place of one of the same name; after a crash it is the old one or the new one."""
        with self._temporary(name) as (temporary, file):
            file.write(content)
            self._place(temporary, file, name)

    @contextmanager
    def _temporary(self, name: str) -> Iterator[tuple[Path, BinaryIO]]:
        temporary = self.folder / f".{name}.{os.getpid()}{TEMP_SUFFIX}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield temporary, file
        finally:
            temporary.unlink(missing_ok=True)

    def _place(self, temporary: Path, file: BinaryIO, name: str) -> None:
        file.flush()
        os.fsync(file.fileno())
        temporary.rename(self.folder / name)
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    # Removing -----------------------------------------------------------------------------------------------------
    def _remove_rests(self) -> None:
        """Remove what a process left that was killed while it wrote; nobody else writes now."""
        for name in os.listdir(self.folder):
            if name.startswith(".") and name.endswith(TEMP_SUFFIX):
                (self.folder / name).unlink()

    def _prune(self, keep: int) -> None:
        names = self.names()
        stamped = set(self.stamped())
        for name in names[:-keep]:
            if name not in stamped:
                (self.folder / name).unlink()
        kept = {self.read(name).manifest_name for name in names[-keep:] if self._is_sound(name)}
        for name in os.listdir(self.folder):
            if _MANIFEST_NAME.fullmatch(name) and name not in kept:
                (self.folder / name).unlink()

    def _is_sound(self, name: str) -> bool:
        try:
            self.read(name)
        except CheckpointDamaged:
            return False
        return True


def _parsed(name: str, content: bytes) -> Checkpoint:
    try:
        values = json.loads(content)
        if not isinstance(values, dict) or set(values) != _COLUMNS or values["format"] != FORMAT:
            raise CheckpointDamaged(name)
        return Checkpoint(**values)
    except (ValueError, TypeError, RecursionError) as error:
        raise CheckpointDamaged(name) from error


def _digest_in(line: bytes) -> str:
    """Return the digest that a line of a manifest names.

    Raises:
        ValueError: it is no such line.
    """
    sha256, _spaces, path = line.decode("ascii").removesuffix("\n").partition("  ")
    if path != f"blobs/{sha256[:2]}/{sha256[2:4]}/{sha256}":
        raise ValueError("Not a line of a manifest.")
    return sha256
