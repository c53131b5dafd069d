"""L27, D24, J23: a store with one thing wrong in it, for every way in which that can be; each is named once.

Other tools, desktops, backups and people with bad intent leave such things. Each case breaks a sound store of two files
in one way, and says everything that `sweep` and `fixity` may then find.
"""

import os
import socket
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from casefiles.core.filestore import FileStore, FindingKind, Verdict

GOOD, OTHER = b"Some evidence.", b"Other evidence."
DIGEST, OTHER_DIGEST = sha256(GOOD).hexdigest(), sha256(OTHER).hexdigest()
ABSENT = sha256(b"never stored").hexdigest()
LEAF = f"blobs/{DIGEST[:2]}/{DIGEST[2:4]}"
BLOB = f"{LEAF}/{DIGEST}"
TEMP = f"tmp/{'0' * 32}.part"
IS_ROOT = os.geteuid() == 0
DISK = stat.S_IFBLK | 0o600


@dataclass(frozen=True)
class Bad:
    """One break, what `sweep` finds by path, and what `fixity` finds of the first file."""

    name: str
    plant: Callable[[Path], object]
    found: dict[str, FindingKind] = field(default_factory=dict)
    verdict: Verdict = Verdict.OK


def rewrite(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)
    path.chmod(0o400)


def instead(root: Path, make: Callable[[Path], object]) -> None:
    (root / BLOB).unlink()
    make(root / BLOB)


def bind(path: Path) -> None:
    """Make a socket; its whole path may be too long for one, so it is made from its folder."""
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(path.parent)
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.fchdir(here)
        os.close(here)


def kept_as(root: Path, path: str, content: bytes = GOOD) -> None:
    (root / path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    (root / path).write_bytes(content)
    (root / path).chmod(0o400)


def exchange(root: Path) -> None:
    rewrite(root / BLOB, OTHER[: len(GOOD)])


def touched(path: str) -> Callable[[Path], object]:
    return lambda root: (root / path).touch()


CORPUS = [
    # The bytes -----------------------------------------------------------------------------------------------------
    Bad("a bit flipped", lambda root: rewrite(root / BLOB, b"some evidence."), verdict=Verdict.WRONG_BYTES),
    Bad("the bytes of another file", exchange, verdict=Verdict.WRONG_BYTES),
    Bad("zeros, as after a power cut", lambda root: rewrite(root / BLOB, bytes(14)), verdict=Verdict.WRONG_BYTES),
    Bad("cut to nothing", lambda root: rewrite(root / BLOB, b""), verdict=Verdict.WRONG_SIZE),
    Bad("cut in half", lambda root: rewrite(root / BLOB, GOOD[:7]), verdict=Verdict.WRONG_SIZE),
    Bad("a byte short", lambda root: rewrite(root / BLOB, GOOD[:-1]), verdict=Verdict.WRONG_SIZE),
    Bad("a byte long", lambda root: rewrite(root / BLOB, GOOD + b"\n"), verdict=Verdict.WRONG_SIZE),
    Bad(
        "removed",
        lambda root: (root / BLOB).unlink(),
        {LEAF: FindingKind.EMPTY_FOLDER},
        Verdict.MISSING,
    ),
    Bad(
        "removed with its folder",
        lambda root: ((root / BLOB).unlink(), (root / LEAF).rmdir()),
        {f"blobs/{DIGEST[:2]}": FindingKind.EMPTY_FOLDER},
        Verdict.MISSING,
    ),
    Bad(
        "removed with both folders",
        lambda root: ((root / BLOB).unlink(), (root / LEAF).rmdir(), (root / LEAF).parent.rmdir()),
        verdict=Verdict.MISSING,
    ),
    # Something else in its place -----------------------------------------------------------------------------------
    Bad(
        "a link to the right bytes",
        lambda root: ((root / BLOB).rename(root / "tmp/moved"), (root / BLOB).symlink_to(root / "tmp/moved")),
        {BLOB: FindingKind.LINK, "tmp/moved": FindingKind.ALIEN},
        Verdict.NOT_A_REGULAR_FILE,
    ),
    Bad(
        "a link out of the store",
        lambda root: instead(root, lambda path: path.symlink_to("/etc/hostname")),
        {BLOB: FindingKind.LINK},
        Verdict.NOT_A_REGULAR_FILE,
    ),
    Bad(
        "a link to nowhere",
        lambda root: instead(root, lambda path: path.symlink_to("nowhere")),
        {BLOB: FindingKind.LINK},
        Verdict.NOT_A_REGULAR_FILE,
    ),
    Bad(
        "a pipe in its place",
        lambda root: instead(root, os.mkfifo),
        {BLOB: FindingKind.PIPE},
        Verdict.NOT_A_REGULAR_FILE,
    ),
    Bad(
        "a socket in its place",
        lambda root: instead(root, bind),
        {BLOB: FindingKind.SOCKET},
        Verdict.NOT_A_REGULAR_FILE,
    ),
    Bad(
        "a folder in its place",
        lambda root: instead(root, Path.mkdir),
        {BLOB: FindingKind.ALIEN_FOLDER},
        Verdict.NOT_A_REGULAR_FILE,
    ),
    Bad(
        "its folder is a link",
        lambda root: ((root / LEAF).rename(root / "tmp/away"), (root / LEAF).symlink_to(root / "tmp/away")),
        {LEAF: FindingKind.LINK, "tmp/away": FindingKind.ALIEN_FOLDER},
        Verdict.NOT_A_REGULAR_FILE,
    ),
    Bad(
        "its outer folder is a link",
        lambda root: (
            (root / LEAF).parent.rename(root / "tmp/away"),
            (root / LEAF).parent.symlink_to(root / "tmp/away"),
        ),
        {f"blobs/{DIGEST[:2]}": FindingKind.LINK, "tmp/away": FindingKind.ALIEN_FOLDER},
        Verdict.NOT_A_REGULAR_FILE,
    ),
    Bad(
        "its folder is a file",
        lambda root: ((root / BLOB).unlink(), (root / LEAF).rmdir(), (root / LEAF).touch()),
        {LEAF: FindingKind.ALIEN},
        Verdict.NOT_A_REGULAR_FILE,
    ),
    # Who may touch it ----------------------------------------------------------------------------------------------
    Bad("readable by all", lambda root: (root / BLOB).chmod(0o444), {BLOB: FindingKind.WRONG_MODE}),
    Bad("writable", lambda root: (root / BLOB).chmod(0o600), {BLOB: FindingKind.WRONG_MODE}),
    Bad("executable", lambda root: (root / BLOB).chmod(0o500), {BLOB: FindingKind.WRONG_MODE}),
    Bad("set user id", lambda root: (root / BLOB).chmod(0o4400), {BLOB: FindingKind.WRONG_MODE}),
    Bad("a folder open to all", lambda root: (root / LEAF).chmod(0o777), {LEAF: FindingKind.WRONG_FOLDER_MODE}),
    Bad("uploads open to a group", lambda root: (root / "tmp").chmod(0o770), {"tmp": FindingKind.WRONG_FOLDER_MODE}),
    Bad("the root open to all", lambda root: root.chmod(0o755), {".": FindingKind.WRONG_FOLDER_MODE}),
    Bad(
        "a second name outside", lambda root: os.link(root / BLOB, root.parent / "two"), {BLOB: FindingKind.EXTRA_LINK}
    ),
    Bad(
        "a second name inside",
        lambda root: os.link(root / BLOB, root / "tmp/two"),
        {BLOB: FindingKind.EXTRA_LINK, "tmp/two": FindingKind.ALIEN},
    ),
    # Bytes without a row, and rests --------------------------------------------------------------------------------
    Bad(
        "bytes that no row names",
        lambda root: FileStore(root).store([b"never stored"]),
        {f"blobs/{ABSENT[:2]}/{ABSENT[2:4]}/{ABSENT}": FindingKind.ORPHAN},
    ),
    Bad("what a dead upload left", touched(TEMP), {TEMP: FindingKind.STALE_TEMP}),
    Bad(
        "an upload beside the kept files",
        touched(f"blobs/{'0' * 32}.part"),
        {f"blobs/{'0' * 32}.part": FindingKind.ALIEN},
    ),
    Bad("an upload in the root", touched(f"{'0' * 32}.part"), {f"{'0' * 32}.part": FindingKind.ALIEN}),
    Bad(
        "an empty outer folder",
        lambda root: (root / "blobs/00").mkdir(mode=0o700),
        {"blobs/00": FindingKind.EMPTY_FOLDER},
    ),
    Bad(
        "an empty inner folder",
        lambda root: (root / LEAF).parent.joinpath("00").mkdir(mode=0o700),
        {f"blobs/{DIGEST[:2]}/00": FindingKind.EMPTY_FOLDER},
    ),
    Bad(
        "kept bytes in another's folder",
        lambda root: kept_as(root, f"{LEAF}/{ABSENT}"),
        {f"{LEAF}/{ABSENT}": FindingKind.MISPLACED},
    ),
    Bad("kept bytes in the root", lambda root: kept_as(root, ABSENT), {ABSENT: FindingKind.MISPLACED}),
    Bad(
        "kept bytes among uploads",
        lambda root: kept_as(root, f"tmp/{ABSENT}"),
        {f"tmp/{ABSENT}": FindingKind.MISPLACED},
    ),
    Bad(
        "a digest in capitals",
        lambda root: kept_as(root, f"{LEAF}/{DIGEST.upper()}"),
        {f"{LEAF}/{DIGEST.upper()}": FindingKind.ALIEN},
    ),
    Bad("a digest with an ending", lambda root: kept_as(root, f"{BLOB}.jpg"), {f"{BLOB}.jpg": FindingKind.ALIEN}),
    # Strangers -----------------------------------------------------------------------------------------------------
    Bad("a file of somebody's", touched("notes.txt"), {"notes.txt": FindingKind.ALIEN}),
    Bad("a name of control characters", touched("tmp/\n\x1b[31m"), {"tmp/\n\x1b[31m": FindingKind.ALIEN}),
    Bad(
        "a name that is no text",
        lambda root: (root / os.fsdecode(b"\xff\xfe")).touch(),
        {os.fsdecode(b"\xff\xfe"): FindingKind.ALIEN},
    ),
    Bad("a folder of somebody's", lambda root: (root / "old").mkdir(), {"old": FindingKind.ALIEN_FOLDER}),
    Bad("a folder in capitals", lambda root: (root / "blobs/AB").mkdir(), {"blobs/AB": FindingKind.ALIEN_FOLDER}),
    Bad("a pipe among uploads", lambda root: os.mkfifo(root / "tmp/pipe"), {"tmp/pipe": FindingKind.PIPE}),
    Bad("a pipe named as an upload", lambda root: os.mkfifo(root / TEMP), {TEMP: FindingKind.PIPE}),
    Bad("a link named as an upload", lambda root: (root / TEMP).symlink_to("/etc/passwd"), {TEMP: FindingKind.LINK}),
    Bad("a folder named as an upload", lambda root: (root / TEMP).mkdir(), {TEMP: FindingKind.ALIEN_FOLDER}),
    Bad("a socket", lambda root: bind(root / "tmp/socket"), {"tmp/socket": FindingKind.SOCKET}),
    # What systems leave by themselves ------------------------------------------------------------------------------
    Bad(
        "removed while open, over NFS",
        touched(f"{LEAF}/.nfs000000000abcdef"),
        {f"{LEAF}/.nfs000000000abcdef": FindingKind.LEFTOVER},
    ),
    Bad(
        "removed while open, over FUSE",
        touched(f"{LEAF}/.fuse_hidden0001"),
        {f"{LEAF}/.fuse_hidden0001": FindingKind.LEFTOVER},
    ),
    Bad("a desktop of macOS", touched("blobs/.DS_Store"), {"blobs/.DS_Store": FindingKind.LEFTOVER}),
    Bad("a fork of macOS", touched(f"{LEAF}/._{DIGEST}"), {f"{LEAF}/._{DIGEST}": FindingKind.LEFTOVER}),
    Bad("a desktop of Windows", touched("blobs/Thumbs.db"), {"blobs/Thumbs.db": FindingKind.LEFTOVER}),
    Bad("settings of Windows", touched("desktop.ini"), {"desktop.ini": FindingKind.LEFTOVER}),
    Bad(
        "a check of the filesystem",
        lambda root: (root / "lost+found").mkdir(mode=0o700),
        {"lost+found": FindingKind.LEFTOVER},
    ),
    Bad(
        "a link called as a desktop does",
        lambda root: (root / ".DS_Store").symlink_to("x"),
        {".DS_Store": FindingKind.LINK},
    ),
]
# What only root can make.
CORPUS_OF_ROOT = [
    Bad(
        "a device", lambda root: os.mknod(root / "tmp/disk", DISK, os.makedev(7, 250)), {"tmp/disk": FindingKind.DEVICE}
    ),
    Bad("kept by another account", lambda root: os.chown(root / BLOB, 65534, -1), {BLOB: FindingKind.WRONG_OWNER}),
    Bad("a folder of another account", lambda root: os.chown(root / LEAF, 65534, -1), {LEAF: FindingKind.WRONG_OWNER}),
]


def test_l27_the_corpus_has_forty_ways_and_every_class() -> None:
    everything = [*CORPUS, *CORPUS_OF_ROOT]

    assert len(CORPUS) >= 40
    assert len({bad.name for bad in everything}) == len(everything)
    named = {kind for bad in everything for kind in bad.found.values()}
    # A folder that may not be read needs an account without privileges: tests/core/test_filestore.py.
    assert named == set(FindingKind) - {FindingKind.UNREADABLE}
    assert {bad.verdict for bad in everything} == set(Verdict) - {Verdict.UNREADABLE}


@pytest.mark.parametrize("bad", [*CORPUS, *(CORPUS_OF_ROOT if IS_ROOT else [])], ids=lambda bad: bad.name)
def test_l27_each_break_is_named_once_by_its_class_and_nothing_is_touched(bad: Bad, tmp_path: Path) -> None:
    """Breaks if a class swallows another, or if a look at the store follows a link, opens a pipe or removes a thing."""
    store = FileStore(tmp_path / "store")
    for content in (GOOD, OTHER):
        store.store([content])
    bad.plant(store.root)

    found = store.sweep({DIGEST, OTHER_DIGEST}, min_age_seconds=0)

    assert [(one.path, one.kind) for one in found] == sorted(bad.found.items())
    assert store.verify(DIGEST, len(GOOD)) is bad.verdict
    assert store.verify(OTHER_DIGEST, len(OTHER)) is Verdict.OK
    assert store.sweep({DIGEST, OTHER_DIGEST}, min_age_seconds=0) == found
