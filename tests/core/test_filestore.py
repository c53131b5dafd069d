"""The evidence store against real faults: damaged files, planted links, full limits, racing writers, killed uploads."""

import contextlib
import errno
import hashlib
import mmap
import os
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.core.filestore import (
    DiskFloorReached,
    FileStore,
    FileTooLarge,
    Finding,
    FindingKind,
    HeldCopyDamaged,
    NotADigest,
    NotServed,
    StoreCorrupted,
    StoredFile,
    StoreUnavailable,
    TempElsewhere,
    Verdict,
    WrongBytes,
)

MEGABYTE = 1024 * 1024
BYTES = b"The bridge stands in the stern."
DIGEST = hashlib.sha256(BYTES).hexdigest()
EMPTY_DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "evidence")


def temps(store: FileStore) -> list[str]:
    return sorted(entry.name for entry in (store.root / "tmp").iterdir())


def rewrite(path: Path, content: bytes) -> None:
    """Change a held file behind the store's back."""
    path.chmod(0o600)
    path.write_bytes(content)
    path.chmod(0o400)


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@contextlib.contextmanager
def limit(kind: int, value: int) -> Iterator[None]:
    """Lower one of this process's own limits for the block."""
    soft, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (value, hard))
    try:
        yield
    finally:
        resource.setrlimit(kind, (soft, hard))


# --- Keeping -----------------------------------------------------------------------------------------------------


def test_bytes_are_kept_under_their_digest_and_come_back_as_they_came(store: FileStore) -> None:
    stored = store.store([BYTES[:7], b"", BYTES[7:]])

    assert stored == StoredFile(DIGEST, len(BYTES), was_held=False)
    assert store.path_of(DIGEST) == store.root / "blobs" / DIGEST[:2] / DIGEST[2:4] / DIGEST
    assert store.path_of(DIGEST).read_bytes() == BYTES
    assert temps(store) == []


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_how_the_bytes_are_cut_never_changes_what_is_kept(chunks: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = FileStore(Path(folder))

        stored = store.store(chunks)

        assert stored.sha256 == hashlib.sha256(b"".join(chunks)).hexdigest()
        assert b"".join(store.open_verified(stored.sha256)) == b"".join(chunks)


def test_d05_an_empty_file_is_kept_like_any_other(store: FileStore) -> None:
    stored = store.store([])

    assert stored == StoredFile(EMPTY_DIGEST, 0, was_held=False)
    assert list(store.open_verified(EMPTY_DIGEST)) == []
    assert store.verify(EMPTY_DIGEST, 0) is Verdict.OK


@pytest.mark.parametrize("over", [-1, 0])
def test_d06_a_file_up_to_the_limit_is_kept(tmp_path: Path, over: int) -> None:
    store = FileStore(tmp_path / "evidence", max_bytes=1000)

    assert store.store([b"x" * 600, b"y" * (400 + over)]).size_bytes == 1000 + over


def test_d06_a_file_over_the_limit_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "evidence", max_bytes=1000)

    with pytest.raises(FileTooLarge) as refusal:
        store.store([b"x" * 600, b"y" * 401])

    assert refusal.value.max_bytes == 1000
    assert (temps(store), list(store.walk())) == ([], [])


def test_d08_an_upload_that_breaks_off_leaves_nothing_and_its_error_passes_unchanged(store: FileStore) -> None:
    """Catches a store that reports a reader's hang-up, which is an OSError too, as a failing disk."""

    def broken() -> Iterator[bytes]:
        yield BYTES
        raise ConnectionResetError("The reader hung up.")

    with pytest.raises(ConnectionResetError):
        store.store(broken())

    assert (temps(store), list(store.walk())) == ([], [])


def test_d15_the_same_bytes_twice_are_one_file(store: FileStore) -> None:
    store.store([BYTES])
    before = store.path_of(DIGEST).stat()

    again = store.store([BYTES])

    assert again == StoredFile(DIGEST, len(BYTES), was_held=True)
    assert os.path.samestat(store.path_of(DIGEST).stat(), before)
    assert store.path_of(DIGEST).stat().st_mtime_ns == before.st_mtime_ns
    assert temps(store) == []


@pytest.mark.parametrize(
    ("damage", "verdict"),
    [(flipped(BYTES, 3), Verdict.WRONG_BYTES), (BYTES[:-1], Verdict.WRONG_SIZE), (b"", Verdict.WRONG_SIZE)],
)
def test_a_damaged_held_copy_is_named_and_never_replaced(store: FileStore, damage: bytes, verdict: Verdict) -> None:
    """Catches rename() in place of link(), which would quietly put the new bytes over the evidence of the damage."""
    store.store([BYTES])
    rewrite(store.path_of(DIGEST), damage)

    with pytest.raises(HeldCopyDamaged) as refusal:
        store.store([BYTES])

    assert refusal.value.verdict is verdict
    assert store.path_of(DIGEST).read_bytes() == damage
    assert temps(store) == []


def test_what_the_disk_gives_back_is_compared_with_what_came(store: FileStore) -> None:
    """Catches a store that trusts the hash of the bytes received and never reads the disk."""

    def changed_on_the_way() -> Iterator[bytes]:
        yield BYTES
        (temp,) = (store.root / "tmp").iterdir()
        temp.write_bytes(flipped(BYTES, 0))

    with pytest.raises(StoreCorrupted):
        store.store(changed_on_the_way())

    assert (temps(store), list(store.walk())) == ([], [])


def test_a_temporary_file_exchanged_for_another_is_refused(store: FileStore) -> None:
    def exchanged() -> Iterator[bytes]:
        yield BYTES
        (temp,) = (store.root / "tmp").iterdir()
        temp.unlink()
        temp.write_bytes(BYTES)

    with pytest.raises(StoreCorrupted):
        store.store(exchanged())

    assert list(store.walk()) == []


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_d23_modes_do_not_depend_on_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        store = FileStore(tmp_path / "evidence")
        with ThreadPoolExecutor(20) as threads:
            list(threads.map(lambda number: store.store([b"%d" % number]), range(40)))
    finally:
        os.umask(before)

    below = [store.root, *store.root.rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in below if path.is_file()} == {0o400}
    assert {stat.S_IMODE(path.stat().st_mode) for path in below if path.is_dir()} == {0o700}


def test_racing_writers_of_the_same_bytes_make_one_file_and_all_succeed(store: FileStore) -> None:
    start = threading.Barrier(16)

    def write(_number: int) -> StoredFile:
        start.wait()
        return store.store([BYTES, b"." * MEGABYTE])

    with ThreadPoolExecutor(16) as threads:
        stored = list(threads.map(write, range(16)))

    assert len({one.sha256 for one in stored}) == 1
    assert [one.was_held for one in stored].count(False) == 1
    assert list(store.walk()) == [stored[0].sha256]
    assert temps(store) == []


def test_two_stores_on_one_root_share_what_is_held(store: FileStore) -> None:
    other = FileStore(store.root)
    store.store([BYTES])

    assert other.store([BYTES]).was_held
    assert list(other.walk()) == [DIGEST]


def test_a_folder_removed_under_a_running_store_is_made_again(store: FileStore) -> None:
    store.store([BYTES])
    shutil.rmtree(store.root / "blobs")

    assert store.store([BYTES]) == StoredFile(DIGEST, len(BYTES), was_held=False)
    assert store.verify(DIGEST) is Verdict.OK


# --- Limits of the machine -----------------------------------------------------------------------------------------


def test_d21_under_the_disk_floor_nothing_is_taken_and_reading_goes_on(store: FileStore) -> None:
    store.store([BYTES])
    full = FileStore(store.root, floor_bytes=2**62)

    with pytest.raises(DiskFloorReached) as refusal:
        full.store([b"more"])

    assert 0 < refusal.value.free_bytes < refusal.value.floor_bytes == 2**62
    assert b"".join(full.open_verified(DIGEST)) == BYTES
    assert (temps(store), list(store.walk())) == ([], [DIGEST])


def test_j15_the_disk_floor_is_watched_while_a_file_comes(store: FileStore, tmp_path: Path) -> None:
    """Catches a floor that is looked at only before the first byte."""
    narrow = FileStore(store.root, floor_bytes=1)
    with (tmp_path / "sparse").open("wb") as sparse:
        sparse.truncate(2**42)

    # More than any disk of the day has free; nothing of it is read, and a broken build is stopped by the limit.
    with (tmp_path / "sparse").open("rb") as sparse, mmap.mmap(sparse.fileno(), 0, access=mmap.ACCESS_READ) as chunk:
        with limit(resource.RLIMIT_FSIZE, MEGABYTE), pytest.raises(DiskFloorReached):
            narrow.store([b"small", chunk])

    assert (temps(store), list(store.walk())) == ([], [])


def test_j07_j12_a_write_cut_short_by_the_system_is_finished_or_refused_whole(store: FileStore) -> None:
    """The limit on file size makes the system write a part of the chunk first and refuse the rest after."""
    with limit(resource.RLIMIT_FSIZE, 2 * MEGABYTE), pytest.raises(StoreUnavailable) as refusal:
        store.store([b"x" * (3 * MEGABYTE)])

    assert refusal.value.errno == errno.EFBIG
    assert (temps(store), list(store.walk())) == ([], [])
    assert store.store([BYTES]).sha256 == DIGEST


def test_j16_without_a_free_file_handle_the_store_says_so_and_recovers(store: FileStore) -> None:
    spare = os.dup(0)
    os.close(spare)

    with limit(resource.RLIMIT_NOFILE, spare + 1), pytest.raises(StoreUnavailable) as refusal:
        store.store([BYTES])

    assert refusal.value.errno == errno.EMFILE
    assert store.store([BYTES]).sha256 == DIGEST


def test_j16_no_file_handle_is_leaked(store: FileStore, tmp_path: Path) -> None:
    broken = FileStore(tmp_path / "evidence", max_bytes=3)
    before = len(os.listdir("/proc/self/fd"))

    for _round in range(20):
        store.store([BYTES])
        with store.open_verified(DIGEST) as held:
            next(iter(held))
        with pytest.raises(FileTooLarge):
            broken.store([BYTES])
        with pytest.raises(NotServed):
            store.open_verified(EMPTY_DIGEST)
        with pytest.raises(NotServed):
            store.open_verified(DIGEST, size_bytes=1)
        store.sweep(set(), min_age_seconds=0)

    assert len(os.listdir("/proc/self/fd")) == before


def test_j06_a_place_that_cannot_be_linked_to_is_a_clean_error(store: FileStore) -> None:
    (store.root / "blobs" / DIGEST[:2]).write_bytes(b"a file where a folder should be")

    with pytest.raises(StoreUnavailable) as refusal:
        store.store([BYTES])

    assert refusal.value.errno in {errno.ENOTDIR, errno.ELOOP}
    assert str(store.root) not in str(refusal.value)
    assert temps(store) == []


def test_d22_a_temporary_folder_on_another_filesystem_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "tmp").symlink_to("/proc")

    with pytest.raises(TempElsewhere):
        FileStore(tmp_path)


def test_a_root_that_cannot_be_made_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(StoreUnavailable):
        FileStore(tmp_path / "file" / "evidence")


# --- Planted things ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tmp", "blobs"])
def test_d24_a_linked_folder_is_refused_at_the_start(tmp_path: Path, name: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / name).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(StoreUnavailable):
        FileStore(tmp_path / "evidence")


@pytest.mark.parametrize("depth", [1, 2])
def test_d24_nothing_is_written_through_a_planted_folder_link(store: FileStore, tmp_path: Path, depth: int) -> None:
    """Catches O_NOFOLLOW on the file alone: a link further up would lead the bytes out of the store."""
    outside = tmp_path / "outside"
    outside.mkdir()
    place = store.root.joinpath("blobs", *(DIGEST[:2], DIGEST[2:4])[:depth])
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(outside)

    with pytest.raises(StoreUnavailable):
        store.store([BYTES])

    assert list(outside.iterdir()) == []
    assert store.verify(DIGEST) is Verdict.NOT_A_REGULAR_FILE


def plant_link(path: Path) -> None:
    beside = path.parent.parent / "right-bytes"
    beside.write_bytes(BYTES)
    path.symlink_to(beside)


@pytest.mark.parametrize("plant", [plant_link, os.mkfifo, os.mkdir], ids=["link", "pipe", "folder"])
def test_d24_f06_what_is_not_a_regular_file_is_never_read_or_taken_for_held(store: FileStore, plant) -> None:
    store.store([BYTES])
    store.path_of(DIGEST).unlink()
    plant(store.path_of(DIGEST))

    assert store.verify(DIGEST, len(BYTES)) is Verdict.NOT_A_REGULAR_FILE
    with pytest.raises(NotServed) as refusal:
        store.open_verified(DIGEST)
    assert refusal.value.verdict is Verdict.NOT_A_REGULAR_FILE
    with pytest.raises(HeldCopyDamaged):
        store.store([BYTES])


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", DIGEST.upper(), DIGEST[:-1], DIGEST + "\n", "é" * 64])
def test_what_is_not_a_digest_never_becomes_a_path(store: FileStore, name: str) -> None:
    for use in (store.path_of, store.verify, store.open_verified):
        with pytest.raises(NotADigest):
            use(name)


# --- Checking and giving out ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damaged", "verdict"),
    [
        (BYTES, Verdict.OK),
        (flipped(BYTES, 0), Verdict.WRONG_BYTES),
        (flipped(BYTES, len(BYTES) - 1), Verdict.WRONG_BYTES),
        (b"", Verdict.WRONG_SIZE),
        (BYTES[: len(BYTES) // 2], Verdict.WRONG_SIZE),
        (BYTES[:-1], Verdict.WRONG_SIZE),
        (BYTES + b"\0", Verdict.WRONG_SIZE),
        (b"x" * len(BYTES), Verdict.WRONG_BYTES),
    ],
)
def test_l02_each_damage_has_its_verdict(store: FileStore, damaged: bytes, verdict: Verdict) -> None:
    store.store([BYTES])
    rewrite(store.path_of(DIGEST), damaged)

    assert store.verify(DIGEST, len(BYTES)) is verdict


def test_l01_one_flipped_bit_is_found_wherever_it_lies(store: FileStore) -> None:
    digests = {store.store([b"%d " % number, bytes(number * 7)]).sha256: number for number in range(100)}
    damaged = {digest for digest, number in digests.items() if number % 3 == 0}
    for digest in damaged:
        path = store.path_of(digest)
        rewrite(path, flipped(path.read_bytes(), int(digest, 16) % path.stat().st_size))

    found = {digest for digest in store.walk() if store.verify(digest) is not Verdict.OK}

    assert found == damaged


def test_l02_two_files_exchanged_are_both_named(store: FileStore) -> None:
    one, other = store.store([b"one"]).sha256, store.store([b"two"]).sha256
    middle = store.root / "middle"
    store.path_of(one).rename(middle)
    store.path_of(other).rename(store.path_of(one))
    middle.rename(store.path_of(other))

    assert [store.verify(digest, 3) for digest in (one, other)] == [Verdict.WRONG_BYTES] * 2


def test_a_missing_file_is_missing_with_and_without_its_folders(store: FileStore) -> None:
    assert store.verify(DIGEST) is Verdict.MISSING

    store.store([BYTES])
    store.path_of(DIGEST).unlink()

    assert store.verify(DIGEST) is Verdict.MISSING


@pytest.fixture
def store_without_privileges() -> Iterator[FileStore]:
    """A store used by an ordinary user, also where the tests run as root, whom no mode keeps out."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        inner = Path(folder) / "evidence"
        inner.mkdir(mode=0o700)
        was_root = os.geteuid() == 0
        if was_root:
            os.chown(inner, 65534, 65534)
            os.seteuid(65534)
        try:
            yield FileStore(inner)
        finally:
            if was_root:
                os.seteuid(0)


def test_l02_a_file_that_may_not_be_read_is_unreadable(store_without_privileges: FileStore) -> None:
    store = store_without_privileges
    store.store([BYTES])
    store.path_of(DIGEST).chmod(0o000)

    assert store.verify(DIGEST, len(BYTES)) is Verdict.UNREADABLE
    with pytest.raises(NotServed) as refusal:
        store.open_verified(DIGEST)
    assert refusal.value.verdict is Verdict.UNREADABLE
    with pytest.raises(HeldCopyDamaged):
        store.store([BYTES])
    assert Finding(f"blobs/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}", FindingKind.WRONG_MODE) in store.sweep(
        {DIGEST}, min_age_seconds=0
    )


def test_a_folder_that_may_not_be_read_is_reported_and_one_that_may_not_be_written_refuses(
    store_without_privileges: FileStore,
) -> None:
    store = store_without_privileges
    store.store([BYTES])
    (store.root / "blobs" / DIGEST[:2]).chmod(0o000)

    assert store.sweep({DIGEST}, min_age_seconds=0) == [Finding(f"blobs/{DIGEST[:2]}", FindingKind.UNREADABLE)]
    with pytest.raises(StoreUnavailable):
        list(store.walk())

    (store.root / "blobs" / DIGEST[:2]).chmod(0o700)
    (store.root / "tmp").chmod(0o500)
    with pytest.raises(StoreUnavailable) as refusal:
        store.store([b"more"])
    assert refusal.value.errno == errno.EACCES


@pytest.mark.parametrize("place", [0, 2 * MEGABYTE, 3 * MEGABYTE + 9])
def test_l03_wrong_bytes_are_refused_before_the_first_byte(store: FileStore, place: int) -> None:
    content = bytes(3 * MEGABYTE + 10)
    digest = store.store([content]).sha256
    rewrite(store.path_of(digest), flipped(content, place))

    with pytest.raises(WrongBytes):
        store.open_verified(digest)


@pytest.mark.parametrize("place", [0, 2 * MEGABYTE, 3 * MEGABYTE + 9])
def test_r15_a_large_file_with_wrong_bytes_breaks_off_before_its_last_chunk(store: FileStore, place: int) -> None:
    content = bytes(3 * MEGABYTE + 10)
    digest = store.store([content]).sha256
    rewrite(store.path_of(digest), flipped(content, place))
    received = 0

    with store.open_verified(digest, eager_bytes=MEGABYTE) as held, pytest.raises(WrongBytes):
        for chunk in held:
            received += len(chunk)

    assert received == 3 * MEGABYTE


def test_f08_a_bit_flipped_after_the_check_still_breaks_the_transfer_off(store: FileStore) -> None:
    """Catches a reader that hashes once at the start and trusts the disk from then on."""
    content = bytes(3 * MEGABYTE + 10)
    digest = store.store([content]).sha256
    with store.open_verified(digest) as held:
        chunks = iter(held)
        next(chunks)
        rewrite(store.path_of(digest), flipped(content, 3 * MEGABYTE + 5))

        with pytest.raises(WrongBytes):
            list(chunks)


def test_f06_a_file_that_grew_or_shrank_is_not_served(store: FileStore) -> None:
    store.store([BYTES])
    rewrite(store.path_of(DIGEST), BYTES + b"!")

    with pytest.raises(NotServed) as refusal:
        store.open_verified(DIGEST, size_bytes=len(BYTES))
    assert refusal.value.verdict is Verdict.WRONG_SIZE
    with pytest.raises(WrongBytes):
        store.open_verified(DIGEST)


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_part_of_a_file_is_the_part_asked_for(start: int, stop: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = FileStore(Path(folder))
        store.store([BYTES])

        with store.open_verified(DIGEST, size_bytes=len(BYTES)) as held:
            assert b"".join(held.chunks(start, stop)) == BYTES[start:stop]
            assert b"".join(held.chunks(start)) == BYTES[start:]


def test_a_part_across_chunks_is_joined_and_checked_whole(store: FileStore) -> None:
    content = os.urandom(3 * MEGABYTE + 10)
    digest = store.store([content]).sha256
    with store.open_verified(digest) as held:
        part = b"".join(held.chunks(MEGABYTE - 5, 2 * MEGABYTE + 5))
    assert part == content[MEGABYTE - 5 : 2 * MEGABYTE + 5]

    rewrite(store.path_of(digest), flipped(content, 3 * MEGABYTE + 9))

    with store.open_verified(digest, eager_bytes=0) as held, pytest.raises(WrongBytes):
        list(held.chunks(0, 5))


# --- Sweeping ------------------------------------------------------------------------------------------------------


def kinds(found: list[Finding]) -> dict[str, FindingKind]:
    return {finding.path: finding.kind for finding in found}


def test_walk_yields_every_held_digest_in_order(store: FileStore) -> None:
    digests = [store.store([b"%d" % number]).sha256 for number in range(50)]

    assert list(store.walk()) == sorted(digests)


def test_j18_bytes_without_a_row_are_listed_as_orphans_and_stay(store: FileStore) -> None:
    known, orphan = store.store([b"known"]).sha256, store.store([b"orphan"]).sha256

    found = store.sweep({known}, min_age_seconds=0)

    assert found == [Finding(f"blobs/{orphan[:2]}/{orphan[2:4]}/{orphan}", FindingKind.ORPHAN)]
    assert store.sweep(lambda digest: digest == known, min_age_seconds=0) == found
    assert store.verify(orphan) is Verdict.OK


def test_j19_a_young_file_is_not_an_orphan_yet(store: FileStore) -> None:
    store.store([BYTES])

    assert store.sweep(set(), min_age_seconds=3600) == []


def test_j23_what_lies_in_a_strangers_folder_is_not_looked_at_and_nothing_is_touched(store: FileStore) -> None:
    store.store([BYTES])
    (store.root / "blobs" / "zz").mkdir()
    (store.root / "blobs" / "zz" / DIGEST).write_bytes(BYTES)

    found = store.sweep({DIGEST}, min_age_seconds=0)

    assert found == [Finding("blobs/zz", FindingKind.ALIEN_FOLDER)]
    assert store.sweep({DIGEST}, min_age_seconds=0) == found
    assert list(store.walk()) == [DIGEST]


def test_one_thing_may_be_wrong_in_several_ways(store: FileStore) -> None:
    store.store([BYTES])
    blob = store.path_of(DIGEST)
    os.link(blob, store.root / "second-name")
    blob.chmod(0o644)

    found = store.sweep(set(), min_age_seconds=0)

    path = str(blob.relative_to(store.root))
    assert found == [
        Finding(path, FindingKind.EXTRA_LINK),
        Finding(path, FindingKind.ORPHAN),
        Finding(path, FindingKind.WRONG_MODE),
        Finding("second-name", FindingKind.ALIEN),
    ]


def test_j22_a_file_from_a_time_to_come_is_not_young_for_ever(store: FileStore) -> None:
    """A clock that was ten years ahead for a while leaves such files. Breaks if age is only counted backwards."""
    store.store([BYTES])
    later = time.time() + 10 * 365 * 86_400
    os.utime(store.path_of(DIGEST), (later, later))

    assert [one.kind for one in store.sweep(set(), min_age_seconds=3600)] == [FindingKind.ORPHAN]


def test_a_store_is_blank_until_something_was_kept_and_never_again(store: FileStore) -> None:
    assert store.is_blank
    store.store([BYTES])
    store.path_of(DIGEST).unlink()

    assert not store.is_blank


def test_j19_a_sweep_during_an_upload_leaves_the_living_alone(store: FileStore) -> None:
    """Catches a sweep that judges by age alone: an upload that stalls for a day is alive all the same."""
    during: list[object] = []

    def slow() -> Iterator[bytes]:
        yield BYTES[:5]
        (temp,) = (store.root / "tmp").iterdir()
        os.utime(temp, (0, 0))
        during.append(store.sweep(set(), min_age_seconds=60))
        during.append(FileStore(store.root).remove_stale_temps(min_age_seconds=60))
        yield BYTES[5:]

    stored = store.store(slow())

    assert during == [[], []]
    assert store.verify(stored.sha256, len(BYTES)) is Verdict.OK


UPLOAD_THAT_NEVER_ENDS = """
import sys
import time
from pathlib import Path
from casefiles.core.filestore import FileStore

def chunks():
    yield b"first"
    print("ready", flush=True)
    sys.stdin.read()

FileStore(Path(sys.argv[1])).store(chunks())
"""


def test_d08_j23_what_a_killed_upload_left_is_listed_and_removed_only_on_request_and_with_age(
    store: FileStore,
) -> None:
    command = [sys.executable, "-c", UPLOAD_THAT_NEVER_ENDS, str(store.root)]
    place = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=place) as upload:
        assert upload.stdout is not None
        assert upload.stdout.readline() == b"ready\n"
        assert store.remove_stale_temps(min_age_seconds=0) == []
        upload.kill()
    (name,) = temps(store)

    assert store.sweep(set(), min_age_seconds=0) == [Finding(f"tmp/{name}", FindingKind.STALE_TEMP)]
    assert store.remove_stale_temps(min_age_seconds=3600) == []
    assert store.remove_stale_temps(min_age_seconds=0) == [name]
    assert temps(store) == []


def test_removing_stale_temps_never_touches_anything_else(store: FileStore) -> None:
    store.store([BYTES])
    (store.root / "tmp" / "notes.txt").write_bytes(b"kept")
    (store.root / "tmp" / f"{'a' * 32}.part").mkdir()

    assert store.remove_stale_temps(min_age_seconds=0) == []
    assert temps(store) == [f"{'a' * 32}.part", "notes.txt"]
    assert list(store.walk()) == [DIGEST]
