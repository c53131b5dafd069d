"""R7: whoever brings bytes cannot tell from the work done whether somebody else holds them already."""

import os
from collections import Counter
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


class Memory:
    """What the system holds of each file when it does as it is told: what was read since it was last told to forget.

    Only some filesystems say what they really hold, so the calls are listened to on their way to the system.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._held: Counter[int] = Counter()
        read, advise = os.pread, os.posix_fadvise

        def reading(descriptor: int, length: int, offset: int) -> bytes:
            got = read(descriptor, length, offset)
            self._held[os.fstat(descriptor).st_ino] += len(got)
            return got

        def advising(descriptor: int, offset: int, length: int, advice: int) -> None:
            advise(descriptor, offset, length, advice)
            if (offset, length, advice) == (0, 0, os.POSIX_FADV_DONTNEED):
                self._held[os.fstat(descriptor).st_ino] = 0

        monkeypatch.setattr(os, "pread", reading)
        monkeypatch.setattr(os, "posix_fadvise", advising)

    def of(self, path: Path) -> int:
        return self._held[path.stat().st_ino]


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="This system is never told what to forget.")
def test_r7_bytes_held_by_somebody_else_are_read_next_as_fast_as_new_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a held copy that leaves the memory after its check, while a new file stays: reading tells them apart."""
    store, memory = FileStore(tmp_path / "evidence"), Memory(monkeypatch)
    content = os.urandom(5 * MEGABYTE)
    path = store.path_of(store.store([content]).sha256)
    as_new = memory.of(path)
    store.verify(path.name)
    after_a_check = memory.of(path)

    store.store([content])

    assert after_a_check == 0
    assert memory.of(path) == as_new == 5 * MEGABYTE
