"""Copying what the tree of this machine holds into the storage that the settings name: a bucket.

Nothing is removed: the tree stays as it is until whoever keeps the machine takes it away.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import storages

from casefiles.audit import actions as audit
from casefiles.core.filestore import FileStore, HeldCopyDamaged, NotServed, StoreCorrupted, StoreError, WrongBytes
from casefiles.core.pace import UNHURRIED, Pace
from casefiles.evidence.actions.fixity import bytes_held
from casefiles.evidence.actions.sweeping import named_digests
from casefiles.evidence.storages import EvidenceStorage, TreeStorage

KIND = "evidence.storage"
SAVED_EVERY_BYTES = 64 * 1024 * 1024
SAVED_EVERY_FILES = 100


class NoBucket(StoreError):
    """The settings name the tree itself: there is nowhere to copy it to."""


@dataclass(frozen=True)
class Unlike:
    """A file that was not copied; `where` is "tree", "bucket" or "neither"."""

    sha256: str
    where: str
    problem: str


@dataclass
class Copying:
    """How far it came: digests up to `position` were copied, or were there and sound."""

    position: str = ""
    copied: int = 0
    there_already: int = 0
    bytes_done: int = 0
    was_resumed: bool = False
    findings: list[Unlike] = field(default_factory=list)


def copy_tree_to_bucket(
    *,
    is_restarting: bool = False,
    is_only_missing: bool = False,
    pace: Pace = UNHURRIED,
    progress: Callable[[Copying], None] = lambda copying: None,
) -> Copying:
    """Copy every file of the tree that the bucket does not hold; go on with what was broken off.

    Each is hashed before it is sent, and read back from the bucket and hashed; one that is there already is read back
    too, or with `is_only_missing` taken as it is. A file that is not as it should be is named and costs no other. At
    the end every file that a row names is looked for. Only one process may do this at a time (`core.leadership`).

    Raises:
        NoBucket: the settings name no bucket.
        StoreUnavailable: the bucket does not answer; the next call goes on from there.
    """
    tree, bucket = _places()
    note = _Note(bucket)
    copying = Copying() if is_restarting else note.read()
    taken = bucket.stamp if is_only_missing else None
    try:
        for sha256 in _after(copying.position, tree):
            _copy(sha256, tree, bucket, copying, is_there=bool(taken and taken(sha256)), pace=pace)
            note.save_now_and_then(copying)
            progress(copying)
    except BaseException:
        note.save(copying)
        raise
    copying.findings += [Unlike(sha256, "neither", "missing") for sha256 in _held_nowhere(tree, bucket, copying)]
    _record(copying)
    note.forget()
    return copying


def bytes_to_copy() -> int:
    """Return how many bytes rows name, each file counted once: what a line of progress begins with."""
    return bytes_held()


def _places() -> tuple[FileStore, FileStore]:
    chosen = storages["evidence"]
    if not isinstance(chosen, EvidenceStorage) or isinstance(chosen, TreeStorage):
        raise NoBucket("The settings keep evidence in the tree: name the bucket for this command.")
    bucket = chosen.store()
    bucket.reach()
    return TreeStorage().store(), bucket


def _after(position: str, tree: FileStore) -> Iterator[str]:
    return (sha256 for sha256 in tree.walk() if sha256 > position)


def _copy(sha256: str, tree: FileStore, bucket: FileStore, copying: Copying, *, is_there: bool, pace: Pace) -> None:
    size_bytes = tree.path_of(sha256).lstat().st_size
    if is_there:
        copying.there_already += 1
    else:
        try:
            was_held = bucket.adopt(sha256, held_by=tree)
        except (WrongBytes, NotServed) as error:
            copying.findings.append(Unlike(sha256, "tree", getattr(error, "verdict", "wrong_bytes")))
        except (HeldCopyDamaged, StoreCorrupted) as error:
            copying.findings.append(Unlike(sha256, "bucket", getattr(error, "verdict", "wrong_bytes")))
        else:
            copying.there_already += was_held
            copying.copied += not was_held
        pace.spend(size_bytes)
    copying.position = sha256
    copying.bytes_done += size_bytes


def _held_nowhere(tree: FileStore, bucket: FileStore, copying: Copying) -> Iterator[str]:
    """Yield what rows name and neither place holds; what was named as a finding of the tree is not named again."""
    known = {one.sha256 for one in copying.findings}
    for sha256 in named_digests():
        if sha256 not in known and not tree.stamp(sha256) and not bucket.stamp(sha256):
            yield sha256


def _record(copying: Copying) -> None:
    """Put into the record that the evidence was copied, how much of it, and how much is not as it should be."""
    counts = {name: getattr(copying, name) for name in ("copied", "there_already", "bytes_done")}
    counts["findings"] = len(copying.findings)
    with audit.unit():
        audit.record(
            by=None,
            act="evidence copied to a bucket",
            kind=KIND,
            record_id=uuid4(),
            changes={name: (None, count) for name, count in counts.items()},
        )


class _Note:
    """Where the work was broken off, in a file beside the data; one about another bucket counts for nothing."""

    def __init__(self, bucket: FileStore) -> None:
        chosen: Any = storages["evidence"]
        named = [getattr(chosen, name, "") for name in ("endpoint_url", "bucket_name", "location")]
        self._of = hashlib.sha256(json.dumps([str(bucket.root), *map(str, named)]).encode()).hexdigest()
        self._path = Path(settings.DATA_DIR) / "copy_to_bucket.position"
        self._saved = (0, 0)

    def read(self) -> Copying:
        try:
            noted = json.loads(self._path.read_text())
            if noted.pop("of") != self._of:
                return Copying()
            findings = [Unlike(**one) for one in noted.pop("findings")]
            return Copying(**noted | {"was_resumed": True, "findings": findings})
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return Copying()

    def save_now_and_then(self, copying: Copying) -> None:
        files, size_bytes = self._saved
        done = copying.copied + copying.there_already
        if done - files >= SAVED_EVERY_FILES or copying.bytes_done - size_bytes >= SAVED_EVERY_BYTES:
            self.save(copying)

    def save(self, copying: Copying) -> None:
        fresh = self._path.with_suffix(".new")
        with fresh.open("w") as file:
            json.dump({"of": self._of} | asdict(copying), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        self._saved = copying.copied + copying.there_already, copying.bytes_done

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)
