"""Files that come in pieces: continued where they stopped, compared with what came, and never mixed up."""

import hashlib
import os
import stat
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.core.filestore import (
    DigestDiffers,
    DiskFloorReached,
    FileStore,
    FileTooLarge,
    Finding,
    FindingKind,
    HeldCopyDamaged,
    PartialBusy,
    StoreCorrupted,
    StoredFile,
    StoreUnavailable,
    WrongOffset,
)
from tests.core.test_filestore import flipped, rewrite, temps

KEY, OTHER_KEY = "a" * 32, "b" * 32
CONTENT = bytes(range(256)) * 40
DIGEST = hashlib.sha256(CONTENT).hexdigest()
PIECE = struct.Struct(">QQ32s")


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "evidence")


def add(store: FileStore, *pieces: bytes, key: str = KEY) -> None:
    """Send pieces, each in a request of its own."""
    for piece in pieces:
        with store.partial(key) as partial:
            partial.append([piece], at=partial.size_bytes)


def size(store: FileStore, key: str = KEY) -> int:
    with store.partial(key) as partial:
        return partial.size_bytes


def keep(store: FileStore, key: str = KEY, **expected: str) -> StoredFile:
    with store.partial(key) as partial:
        return partial.keep(**expected)


def files(store: FileStore) -> tuple[Path, Path]:
    return store.root / "tmp" / f"{KEY}.part", store.root / "tmp" / f"{KEY}.journal"


@given(st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=8))
def test_whatever_the_pieces_the_file_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    store = FileStore(tmp_path_factory.mktemp("evidence"))
    whole = b"".join(pieces)

    add(store, *pieces)
    stored = keep(store)

    assert stored == StoredFile(hashlib.sha256(whole).hexdigest(), len(whole), was_held=False)
    assert b"".join(store.open_verified(stored.sha256)) == whole
    assert temps(store) == []


def test_what_came_stays_and_says_how_much_it_is(store: FileStore) -> None:
    add(store, CONTENT[:1000], CONTENT[1000:4000])

    with store.partial(KEY) as partial:
        assert partial.size_bytes == 4000
        assert partial.sha256() == hashlib.sha256(CONTENT[:4000]).hexdigest()
    assert list(store.walk()) == []


def test_the_kept_file_can_no_longer_be_written_and_has_one_name(store: FileStore) -> None:
    add(store, CONTENT[:10], CONTENT[10:])

    keep(store)

    status = store.path_of(DIGEST).stat()
    assert (stat.S_IMODE(status.st_mode), status.st_nlink) == (0o400, 1)


def test_d08_what_came_before_a_piece_broke_off_is_kept_and_the_error_passes_unchanged(store: FileStore) -> None:
    """Catches a store that throws a whole piece away when the line breaks in it."""

    def broken() -> Iterator[bytes]:
        yield CONTENT[:700]
        raise ConnectionResetError("The reader hung up.")

    with store.partial(KEY) as partial, pytest.raises(ConnectionResetError):
        partial.append(broken(), at=0)

    assert size(store) == 700
    add(store, CONTENT[700:])
    assert keep(store).sha256 == DIGEST


@pytest.mark.parametrize("at", [0, 699, 701, 10**12])
def test_a_piece_that_begins_elsewhere_is_refused_and_told_where_to_begin(store: FileStore, at: int) -> None:
    add(store, CONTENT[:700])

    with store.partial(KEY) as partial, pytest.raises(WrongOffset) as refusal:
        partial.append([b"more"], at=at)

    assert refusal.value.size_bytes == 700
    assert size(store) == 700


def test_d17_a_digest_that_the_bytes_do_not_have_keeps_nothing(store: FileStore) -> None:
    """Catches a store that keeps the file under the digest it has, or leaves it to be continued."""
    add(store, CONTENT[:10], CONTENT[10:])

    with pytest.raises(DigestDiffers) as refusal:
        keep(store, expected_sha256="0" * 64)

    assert refusal.value.sha256 == DIGEST
    assert (temps(store), list(store.walk()), size(store)) == ([], [], 0)


def test_d17_the_right_digest_is_accepted(store: FileStore) -> None:
    add(store, CONTENT)

    assert keep(store, expected_sha256=DIGEST).sha256 == DIGEST


@pytest.mark.parametrize("pieces", [1, 3])
@pytest.mark.parametrize("place", [0, 5000, len(CONTENT) - 1])
def test_r14_a_bit_that_changed_on_the_disk_before_the_end_is_found(store: FileStore, pieces: int, place: int) -> None:
    """Catches a store that hashes only what lies on the disk: it would keep wrong bytes under their own digest."""
    step = -(-len(CONTENT) // pieces)
    add(store, *(CONTENT[start : start + step] for start in range(0, len(CONTENT), step)))
    path, _journal = files(store)
    path.write_bytes(flipped(CONTENT, place))

    with pytest.raises(StoreCorrupted):
        keep(store)

    assert (temps(store), list(store.walk())) == ([], [])


def test_bytes_that_the_journal_does_not_name_are_dropped(store: FileStore) -> None:
    """They came in a request that was killed before it could say so."""
    add(store, CONTENT[:1000])
    path, _journal = files(store)
    with path.open("ab") as file:
        file.write(b"not noted")

    assert size(store) == 1000
    add(store, CONTENT[1000:])
    assert keep(store).sha256 == DIGEST


def torn(journal: Path) -> None:
    journal.write_bytes(journal.read_bytes()[:-1])


def with_a_gap(journal: Path) -> None:
    journal.write_bytes(journal.read_bytes()[: PIECE.size] + PIECE.pack(1001, 999, bytes(32)))


def beyond_the_end(journal: Path) -> None:
    journal.write_bytes(journal.read_bytes()[: PIECE.size] + PIECE.pack(1000, 10**9, bytes(32)))


@pytest.mark.parametrize("harm", [torn, with_a_gap, beyond_the_end])
def test_a_journal_is_believed_as_far_as_it_holds(store: FileStore, harm: object) -> None:
    add(store, CONTENT[:1000], CONTENT[1000:2000])
    _path, journal = files(store)
    harm(journal)  # type: ignore[operator]

    assert size(store) == 1000
    add(store, CONTENT[1000:])
    assert keep(store).sha256 == DIGEST


def test_without_its_journal_a_file_begins_anew(store: FileStore) -> None:
    add(store, CONTENT[:1000])
    _path, journal = files(store)
    journal.unlink()

    assert size(store) == 0
    assert temps(store) == []


def test_d06_the_limit_holds_for_all_pieces_together(tmp_path: Path) -> None:
    """Catches a limit that is asked of each piece alone."""
    store = FileStore(tmp_path / "evidence", max_bytes=1000)
    add(store, b"x" * 600)

    with store.partial(KEY) as partial, pytest.raises(FileTooLarge):
        partial.append([b"y" * 400, b"z"], at=600)

    assert size(store) == 1000


def test_d21_under_the_disk_floor_no_piece_is_taken(store: FileStore) -> None:
    full = FileStore(store.root, floor_bytes=2**62)

    with full.partial(KEY) as partial, pytest.raises(DiskFloorReached):
        partial.append([b"more"], at=0)

    assert temps(store) == []


def test_two_keys_are_two_files(store: FileStore) -> None:
    add(store, b"one")
    add(store, b"another", key=OTHER_KEY)

    assert (size(store), size(store, OTHER_KEY)) == (3, 7)


@pytest.mark.parametrize("key", ["", "a" * 31, "A" * 32, "../" + "a" * 29, "a" * 32 + "\n"])
def test_what_is_not_a_key_never_becomes_a_path(store: FileStore, key: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        store.partial(key)


def test_only_one_request_at_a_time_adds_to_a_file(store: FileStore) -> None:
    with store.partial(KEY) as first:
        first.append([b"first"], at=0)
        with pytest.raises(PartialBusy):
            store.partial(KEY)

    assert size(store) == 5


def test_of_many_that_end_a_file_at_once_one_keeps_it_and_nobody_writes_into_it_later(store: FileStore) -> None:
    """Catches a lock that is taken on a file whose name has gone: bytes would be added to what is kept."""
    start, outcomes = threading.Barrier(8), []
    add(store, CONTENT)

    def end() -> None:
        start.wait()
        try:
            with store.partial(KEY) as partial:
                if partial.size_bytes:
                    outcomes.append(partial.keep().sha256)
                else:
                    partial.append([b"again"], at=0)
                    partial.discard()
        except PartialBusy:
            outcomes.append("busy")

    threads = [threading.Thread(target=end) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count(DIGEST) == 1
    assert store.path_of(DIGEST).read_bytes() == CONTENT
    assert temps(store) == []


def test_a_request_that_was_killed_between_keeping_and_cleaning_up_harms_nothing(store: FileStore) -> None:
    """The name of the partial file still leads to what is kept: it must not be opened to go on writing."""
    add(store, CONTENT)
    path, _journal = files(store)
    stored = store.store([CONTENT])
    path.unlink()
    os.link(store.path_of(stored.sha256), path)

    add(store, b"a new file")

    assert store.path_of(DIGEST).read_bytes() == CONTENT
    assert store.path_of(DIGEST).stat().st_nlink == 1
    assert size(store) == 10


def test_a_discarded_file_leaves_nothing(store: FileStore) -> None:
    add(store, CONTENT)

    with store.partial(KEY) as partial:
        partial.discard()

    assert (temps(store), size(store)) == ([], 0)


def test_looking_for_a_file_that_never_came_leaves_nothing(store: FileStore) -> None:
    assert size(store) == 0
    assert temps(store) == []


def test_d15_bytes_that_are_held_already_are_one_file(store: FileStore) -> None:
    store.store([CONTENT])
    add(store, CONTENT[:10], CONTENT[10:])

    assert keep(store) == StoredFile(DIGEST, len(CONTENT), was_held=True)
    assert list(store.walk()) == [DIGEST]
    assert temps(store) == []


def test_a_damaged_held_copy_is_named_and_never_replaced(store: FileStore) -> None:
    store.store([CONTENT])
    rewrite(store.path_of(DIGEST), flipped(CONTENT, 0))
    add(store, CONTENT[:10], CONTENT[10:])

    with pytest.raises(HeldCopyDamaged):
        keep(store)

    assert store.path_of(DIGEST).read_bytes() == flipped(CONTENT, 0)


@pytest.mark.parametrize("suffix", ["part", "journal"])
@pytest.mark.parametrize("plant", [os.mkfifo, lambda path: path.symlink_to("/etc/passwd"), os.mkdir])
def test_d24_whatever_was_planted_in_its_place_is_refused(store: FileStore, suffix: str, plant: object) -> None:
    plant(store.root / "tmp" / f"{KEY}.{suffix}")  # type: ignore[operator]

    with pytest.raises(StoreUnavailable):
        store.partial(KEY)


def test_d24_a_planted_second_name_is_never_written_through(store: FileStore, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"of somebody else")
    os.link(outside, store.root / "tmp" / f"{KEY}.part")

    add(store, CONTENT)

    assert outside.read_bytes() == b"of somebody else"
    assert size(store) == len(CONTENT)


def test_d08_the_sweep_lists_and_removes_what_nobody_continued(store: FileStore) -> None:
    add(store, CONTENT)

    with store.partial(KEY):
        assert store.sweep(set(), min_age_seconds=0) == []
        assert store.remove_stale_temps(min_age_seconds=0) == []
    found = store.sweep(set(), min_age_seconds=0)

    assert found == [Finding(f"tmp/{KEY}.{suffix}", FindingKind.STALE_TEMP) for suffix in ("journal", "part")]
    assert store.sweep(set(), min_age_seconds=3600) == []
    assert sorted(store.remove_stale_temps(min_age_seconds=0)) == [f"{KEY}.journal", f"{KEY}.part"]
    assert temps(store) == []


PIECE_THAT_NEVER_ENDS = """
import sys
from pathlib import Path
from casefiles.core.filestore import FileStore

def chunks():
    yield b"second"
    print("ready", flush=True)
    sys.stdin.read()

partial = FileStore(Path(sys.argv[1])).partial("a" * 32)
partial.append(chunks(), at=partial.size_bytes)
"""


def test_a_killed_request_loses_its_own_piece_and_no_other(store: FileStore) -> None:
    add(store, b"first ")
    command = [sys.executable, "-c", PIECE_THAT_NEVER_ENDS, str(store.root)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).resolve().parents[2]
    ) as request:
        assert request.stdout is not None
        assert request.stdout.readline() == b"ready\n"
        with pytest.raises(PartialBusy):
            store.partial(KEY)
        request.kill()

    assert size(store) == 6
    add(store, b"second")
    assert store.path_of(keep(store).sha256).read_bytes() == b"first second"


def test_no_file_handle_is_leaked(store: FileStore) -> None:
    before = len(os.listdir("/proc/self/fd"))

    for _round in range(10):
        add(store, CONTENT[:10], CONTENT[10:])
        with pytest.raises(DigestDiffers):
            keep(store, expected_sha256="0" * 64)
        add(store, CONTENT)
        keep(store)
        with store.partial(KEY), pytest.raises(PartialBusy):
            store.partial(KEY)

    assert len(os.listdir("/proc/self/fd")) == before
