"""Tiles of images, made once in the cage and kept; a page never waits for them.

Each image has a folder under the digest of its original: `tiles` holds one WebP after the other, `index` where each
lies and its digest, `manifest` the size and how many levels are there, `checked` when the original was last hashed. All
may be removed at any time: what is missing or damaged is made again.
"""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from casefiles.core.filestore import NotServed, StoreError, VerifiedFile
from casefiles.evidence import cage
from casefiles.evidence.models import File
from casefiles.evidence.readers.pyramids import MOST_PIXELS, Pyramid
from casefiles.evidence.store import store

VERSION = 1
# Two gigapixels take some minutes of one core.
LIMITS = cage.Limits(cpu_seconds=1800, wall_seconds=3600.0, output_bytes=4 * 1024**3)
# No sitting is longer (R31), so every one begins with a hash that is as old as itself at most.
CHECK_SECONDS = 12 * 3600
_RECORD = struct.Struct(">QI32s")
_MOST_TILE_BYTES = 4 * 1024 * 1024
_LOOK_AT_ROOM_EVERY = 256
_STRANGE = "reading it gave no answer that can be used"


class NoRoom(Exception):
    """The disk is at its floor: nothing was made, and reading goes on."""


@dataclass(frozen=True)
class Kept:
    """What is there of one image: levels 0 to `shown` - 1, or the reason why there is nothing."""

    pyramid: Pyramid
    shown: int = 0
    reason: str = ""
    is_stretched: bool = False
    is_as_stored: bool = False
    bands: int = 0

    @property
    def is_done(self) -> bool:
        return bool(self.reason) or self.shown == self.pyramid.levels


def kept(sha256: str) -> Kept | None:
    """Return what is known of the tiles of an image, or None where nothing was made, or not by this version."""
    known = _read(_folder(sha256) / "manifest")
    if known is None or known.get("version") != VERSION:
        return None
    try:
        return Kept(
            Pyramid(int(known["width"]), int(known["height"])),
            int(known["shown"]),
            str(known["reason"]),
            bool(known["is_stretched"]),
            bool(known["is_as_stored"]),
            int(known["bands"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def tile(sha256: str, level: int, column: int, row: int) -> bytes | None:
    """Return one tile as it was made, or None where there is none.

    A damaged one costs the manifest: all tiles of the image are then made again.
    """
    known = kept(sha256)
    number = known.pyramid.number(level, column, row) if known else None
    if known is None or number is None or level >= known.shown:
        return None
    folder = _folder(sha256)
    try:
        record = _part(folder / "index", number * _RECORD.size, _RECORD.size)
        offset, size, digest = _RECORD.unpack(record)
        content = _part(folder / "tiles", offset, min(size, _MOST_TILE_BYTES))
    except (OSError, struct.error, OverflowError):
        content, digest = b"", b""
    if hashlib.sha256(content).digest() == digest:
        return content
    with suppress(OSError):
        (folder / "manifest").unlink()
    return None


def make(file: File) -> Kept | None:
    """Hash the original, and make its tiles unless they are there; None where another process is at it.

    Raises:
        StoreError: the bytes held are not the ones received, or cannot be read.
        NoRoom: the disk is at its floor.
    """
    folder = _folder(file.sha256)
    with _alone(folder) as is_alone:
        if not is_alone:
            return None
        try:
            with store().open_verified(file.sha256, size_bytes=file.size_bytes) as held:
                held.refuse_wrong_bytes()
                _note_check(file, "")
                known = kept(file.sha256)
                return known if known and known.is_done else _made(folder, held, _limits(file))
        except NotServed as refusal:
            _note_check(file, str(refusal.verdict))
            raise


def was_checked(file: File) -> str | None:
    """Return "" where the original was hashed within the last 12 hours and lies untouched since, or what was wrong.

    None where it must be hashed again. One `stat` instead of a hash: whoever writes to the file, or puts another one in
    its place, changes its inode or its times; in a bucket, its tag or its time.
    """
    known = _read(_folder(file.sha256) / "checked")
    if known is None or known.get("stamp") != _stamp(file):
        return None
    age = time.time() - float(known.get("at", 0))
    return str(known.get("verdict", "")) if 0 <= age < CHECK_SECONDS else None


def _stamp(file: File) -> list[str]:
    try:
        return store().stamp(file.sha256)
    except StoreError:
        # Not known, so like no other.
        return [str(time.time_ns())]


def _note_check(file: File, verdict: str) -> None:
    with suppress(OSError):
        _write(_folder(file.sha256) / "checked", {"at": time.time(), "stamp": _stamp(file), "verdict": verdict})


def _folder(sha256: str) -> Path:
    return Path(settings.DATA_DIR) / "tiles" / sha256


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Say whether no other process makes the tiles of this folder; the system lets go of the lock of a dead one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def _limits(file: File) -> cage.Limits:
    """Give a JPEG room for itself: libvips maps it into its addresses, which the system counts like memory."""
    mapped = file.size_bytes if file.media_type == "image/jpeg" else 0
    return replace(LIMITS, memory_bytes=LIMITS.memory_bytes + mapped)


def _made(folder: Path, held: VerifiedFile, limits: cage.Limits) -> Kept:
    _refuse_full_disk(folder)
    with (folder / "tiles").open("wb") as tiles, (folder / "index").open("w+b") as index:
        writing = _Writing(folder, tiles, index)
        try:
            for frame in cage.frames("tiles", held.fileno(), limits):
                writing.take(frame)
            if writing.known is None or not writing.known.is_done:
                raise cage.NotParsed(_STRANGE)
        except cage.NotParsed as refusal:
            writing.known = _written(folder, Kept(Pyramid(0, 0), reason=refusal.reason))
    return writing.known


class _Writing:
    """Believes what the cage says of an image as far as it makes sense, and keeps it."""

    def __init__(self, folder: Path, tiles: BinaryIO, index: BinaryIO) -> None:
        self._folder, self._tiles, self._index = folder, tiles, index
        self._count = 0
        self.known: Kept | None = None

    def take(self, frame: cage.Frame) -> None:
        try:
            {"pyramid": self._begin, "tile": self._keep, "shown": self._show}[frame.kind](frame)
        except (KeyError, TypeError, ValueError) as error:
            raise cage.NotParsed(_STRANGE) from error

    def _begin(self, frame: cage.Frame) -> None:
        meta: Mapping[str, Any] = frame.meta
        pyramid = Pyramid(int(meta["width"]), int(meta["height"]))
        if not 0 < pyramid.width * pyramid.height <= MOST_PIXELS:
            raise ValueError("no size")
        self.known = Kept(
            pyramid, 0, "", bool(meta["stretched"]), bool(meta["as_stored"]), min(int(meta["bands"]), 10_000)
        )
        self._index.truncate(pyramid.count * _RECORD.size)

    def _keep(self, frame: cage.Frame) -> None:
        meta: Mapping[str, Any] = frame.meta
        place = (int(meta["level"]), int(meta["column"]), int(meta["row"]))
        number = self.known.pyramid.number(*place) if self.known else None
        is_webp = frame.body[:4] == b"RIFF" and frame.body[8:12] == b"WEBP"
        if number is None or not is_webp or len(frame.body) > _MOST_TILE_BYTES:
            raise ValueError("no tile")
        self._index.seek(number * _RECORD.size)
        self._index.write(_RECORD.pack(self._tiles.tell(), len(frame.body), hashlib.sha256(frame.body).digest()))
        self._tiles.write(frame.body)
        self._count += 1
        if self._count % _LOOK_AT_ROOM_EVERY == 0:
            _refuse_full_disk(self._folder)

    def _show(self, frame: cage.Frame) -> None:
        meta: Mapping[str, Any] = frame.meta
        if self.known is None:
            raise ValueError("no pyramid")
        self._tiles.flush()
        self._index.flush()
        shown = min(int(meta["levels"]), self.known.pyramid.levels)
        known = self.known
        self.known = Kept(known.pyramid, shown, "", known.is_stretched, known.is_as_stored, known.bands)
        _written(self._folder, self.known)


def _refuse_full_disk(folder: Path) -> None:
    if shutil.disk_usage(folder).free < settings.EVIDENCE_DISK_FLOOR_BYTES:
        raise NoRoom


def _written(folder: Path, known: Kept) -> Kept:
    size = {"width": known.pyramid.width, "height": known.pyramid.height, "shown": known.shown, "reason": known.reason}
    about = {"is_stretched": known.is_stretched, "is_as_stored": known.is_as_stored, "bands": known.bands}
    _write(folder / "manifest", {"version": VERSION, **size, **about})
    return known


def _part(path: Path, offset: int, size: int) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.pread(descriptor, size, offset)
    finally:
        os.close(descriptor)


def _read(path: Path) -> dict[str, Any] | None:
    """Return what `_write` wrote, or None where it is missing or damaged."""
    try:
        digest, _newline, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(content).hexdigest().encode() != digest:
        return None
    found = json.loads(content)
    return found if isinstance(found, dict) else None


def _write(path: Path, values: dict[str, Any]) -> None:
    content = json.dumps(values).encode()
    partial = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    partial.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
    partial.replace(path)
