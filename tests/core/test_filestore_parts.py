"""Parts of a held file: any of them, and never a wrong byte."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from casefiles.core.filestore import FileStore, WrongBytes
from casefiles.core.filestore.parts import PIECE_BYTES, CheckedParts

CONTENT = bytes(range(256)) * (10 * 1024) + b"the last piece is short"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "store")


@pytest.fixture
def kept(store: FileStore) -> str:
    return store.store([CONTENT]).sha256


def opened(store: FileStore, sha256: str) -> CheckedParts:
    return CheckedParts(store.open_verified(sha256, eager_bytes=0))


def damage(store: FileStore, sha256: str, place: int) -> None:
    path = store.path_of(sha256)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        (0, len(CONTENT)), (0, 1), (len(CONTENT) - 1, len(CONTENT)), (PIECE_BYTES - 1, PIECE_BYTES + 1),
        (PIECE_BYTES, 2 * PIECE_BYTES), (5, 5), (100, 2 * PIECE_BYTES + 7),
    ],
)  # fmt: skip
def test_f02_any_part_is_given_out_as_it_is(store: FileStore, kept: str, start: int, stop: int) -> None:
    parts = opened(store, kept)

    assert b"".join(parts.chunks(start, stop)) == CONTENT[start:stop]
    parts.close()


def test_l03_a_file_that_is_wrong_at_first_is_not_opened(store: FileStore) -> None:
    sha256 = store.store([CONTENT + b"another"]).sha256
    damage(store, sha256, 2 * PIECE_BYTES)

    with pytest.raises(WrongBytes):
        opened(store, sha256)


def test_f08_a_piece_that_turns_bad_later_never_leaves(store: FileStore, kept: str) -> None:
    """Fails where a file that was right once is trusted from then on."""
    opened(store, kept).close()
    damage(store, kept, PIECE_BYTES + 10)

    parts = opened(store, kept)
    assert b"".join(parts.chunks(0, 10)) == CONTENT[:10]
    chunks: Iterator[bytes] = parts.chunks(0, len(CONTENT))
    assert next(chunks) == CONTENT[:PIECE_BYTES]
    with pytest.raises(WrongBytes):
        next(chunks)
    parts.close()


@pytest.mark.parametrize("length", [10, PIECE_BYTES, 2 * PIECE_BYTES])
def test_l02_a_file_that_was_cut_later_breaks_off(store: FileStore, kept: str, length: int) -> None:
    opened(store, kept).close()
    path = store.path_of(kept)
    path.chmod(0o600)
    path.write_bytes(CONTENT[:length])

    parts = opened(store, kept)
    with pytest.raises(WrongBytes):
        b"".join(parts.chunks(0, len(CONTENT)))
    parts.close()
