"""R7: whoever brings bytes cannot tell from the work done whether somebody else holds them already."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from casefiles.core.filestore import FileStore

MEGABYTE = 1024 * 1024
KEY = "a" * 32


def io_of(work: Callable[[], object]) -> tuple[int, int]:
    """Return how many bytes this thread read and wrote through the system while working."""
    before = counters()
    work()
    after = counters()
    return after["rchar"] - before["rchar"], after["wchar"] - before["wchar"]


def counters() -> dict[str, int]:
    lines = Path("/proc/thread-self/io").read_text().splitlines()
    return {name: int(value) for name, value in (line.split(": ") for line in lines)}


def in_one(store: FileStore, content: bytes) -> Callable[[], object]:
    return lambda: store.store([content])


def in_pieces(store: FileStore, content: bytes) -> Callable[[], object]:
    with store.partial(KEY) as partial:
        partial.append([content[:MEGABYTE]], at=0)
        partial.append([content[MEGABYTE:]], at=MEGABYTE)
    return lambda: store.partial(KEY).keep()


@pytest.mark.parametrize("way", [in_one, in_pieces])
def test_r7_bytes_held_by_somebody_else_cost_what_new_ones_cost(
    tmp_path: Path, way: Callable[[FileStore, bytes], Callable[[], object]]
) -> None:
    """Catches a store that reads the held copy beside the new one, or spares itself the reading of either."""
    store = FileStore(tmp_path / "evidence")
    held, new = os.urandom(5 * MEGABYTE), os.urandom(5 * MEGABYTE)
    store.store([held])

    as_new, as_held = io_of(way(store, new)), io_of(way(store, held))

    # The counters themselves are read too, which makes them differ by a few bytes.
    assert abs(as_new[0] - as_held[0]) < 100
    assert as_new[1] == as_held[1]
    assert as_new[0] >= 5 * MEGABYTE


@pytest.mark.skipif(not hasattr(os, "RWF_NOWAIT"), reason="Only Linux says what it holds in memory.")
def test_r7_bytes_held_by_somebody_else_are_read_next_as_fast_as_new_ones(tmp_path: Path) -> None:
    """Catches a held copy that leaves the memory after its check, while a new file stays: reading tells them apart."""
    store = FileStore(tmp_path / "evidence")
    content = os.urandom(5 * MEGABYTE)
    digest = store.store([content]).sha256
    as_new = in_memory(store.path_of(digest))
    store.verify(digest)
    assert in_memory(store.path_of(digest)) == 0

    store.store([content])

    assert in_memory(store.path_of(digest)) == as_new == 5 * MEGABYTE


def in_memory(path: Path) -> int:
    """Return how many bytes of a file the system can give without asking the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return sum(_read_at_once(descriptor, place * MEGABYTE) for place in range(5))
    finally:
        os.close(descriptor)


def _read_at_once(descriptor: int, offset: int) -> int:
    try:
        return os.preadv(descriptor, [bytearray(MEGABYTE)], offset, os.RWF_NOWAIT)
    except BlockingIOError:
        return 0
    except OSError as error:
        if error.errno == errno.EOPNOTSUPP:
            pytest.skip("This filesystem does not say what it holds in memory.")
        raise
