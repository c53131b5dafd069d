"""R7: whoever brings bytes cannot tell from the work done whether somebody else holds them already."""

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
