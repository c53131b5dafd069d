"""Send many large files at once to gunicorn as it runs in production, and watch the memory of every process.

Use: `python -m benchmarks.uploads [--files 20] [--megabytes 200] [--pieces]`. The files are made while they are sent;
`--pieces` sends them as the script of the page does, otherwise each comes whole in a form. Budget: 300 MB a worker.
`--files 5000 --kilobytes 1 --at-once 3` sends a folder of small ones, and says how fast the pages are that list it.
"""

import argparse
import hashlib
import json
import os
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.processes import children, descendants, peak_mb
from benchmarks.sending import Place, ask, place, send_form, send_pieces
from benchmarks.serving import Served, server

MEBIBYTE = 1024 * 1024
BUDGET_MB = 300
LOOK_EVERY_SECONDS = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--kilobytes", type=int, help="the size of a file, instead of megabytes")
    parser.add_argument("--at-once", type=int, help="send so many at a time; without it all of them")
    parser.add_argument(
        "--pieces", action="store_true", help="in pieces of 64 MB, as the script of the page sends them"
    )
    options = parser.parse_args()
    with (
        place() as here,
        server("casefiles.wsgi", here.environment, database_pid=None, first=here.first_with_cookie) as it,
    ):
        figures = _measured(it, here, options)
        figures["wrong on disk"] = len(json.loads(here.command("fixity", "--json"))["findings"])
    print(json.dumps(figures, indent=1))


def _measured(served: Served, here: Place, options: argparse.Namespace) -> dict[str, Any]:
    watch = Watch(served.pid)
    before = watch.workers()
    started = time.monotonic()
    statuses, digests = _send_all(served, here, options)
    took = time.monotonic() - started
    watch.wait_for_the_cage()
    held = {file["sha256"] for file in here.came()}
    return {
        "files": options.files,
        "bytes of each": _size_bytes(options),
        "seconds": round(took, 1),
        "mb_a_second": round(options.files * _size_bytes(options) / 1_000_000 / took, 1),
        "files_a_second": round(options.files / took, 1),
        "statuses": dict(Counter(statuses)),
        "digests held": f"{len(held & set(digests))} of {len(set(digests))}",
        "peak_mb of a worker before": before,
        "peak_mb of a worker": watch.workers(),
        "peak_mb of a process of the cage": watch.most_of_the_cage,
        "within the budget": max(watch.workers()) < BUDGET_MB,
        "seconds of a page": {page: _page_seconds(served, here, page) for page in here.listing},
    }


def _send_all(served: Served, here: Place, options: argparse.Namespace) -> tuple[list[int], list[str]]:
    statuses, digests = [0] * options.files, [""] * options.files
    size_bytes = _size_bytes(options)

    def send(number: int) -> None:
        made = Made(size_bytes)
        where = (served, here, f"made up {number}.bin", made.size_bytes, made.chunks())
        statuses[number] = send_pieces(*where, piece_bytes=64 * MEBIBYTE) if options.pieces else send_form(*where)
        digests[number] = made.sha256.hexdigest()

    with ThreadPoolExecutor(options.at_once or options.files) as senders:
        list(senders.map(send, range(options.files)))
    return statuses, digests


def _size_bytes(options: argparse.Namespace) -> int:
    return options.kilobytes * 1024 if options.kilobytes else options.megabytes * MEBIBYTE


def _page_seconds(served: Served, here: Place, page: str) -> float:
    """Return the median of some turns."""
    took = []
    for _turn in range(5):
        started = time.monotonic()
        status = ask(served, here, "GET", page)
        took.append(time.monotonic() - started)
        if status != 200:
            raise SystemExit(f"{page} answered {status}.")
    return round(statistics.median(took), 2)


class Made:
    """A file that nobody holds: noise, made while it is read, and hashed."""

    def __init__(self, size_bytes: int) -> None:
        self.size_bytes = size_bytes
        self.sha256 = hashlib.sha256()
        self._noise = os.urandom(min(size_bytes, MEBIBYTE))

    def chunks(self) -> Iterator[bytes]:
        for number in range(self.size_bytes // len(self._noise)):
            chunk = number.to_bytes(8, "big") + self._noise[8:]
            self.sha256.update(chunk)
            yield chunk


class Watch:
    """The memory of a server's processes: its workers live on, those of the cage must be caught while they do."""

    def __init__(self, root: int) -> None:
        self._root = root
        self.most_of_the_cage = 0.0
        threading.Thread(target=self._look, daemon=True).start()

    def workers(self) -> list[float]:
        return [peak_mb(pid) for pid in children(self._root)]

    def wait_for_the_cage(self) -> None:
        """Wait until nothing works but the workers, for a second at a stretch."""
        idle_since = time.monotonic()
        while time.monotonic() - idle_since < 1:
            if self._caged():
                idle_since = time.monotonic()
            time.sleep(LOOK_EVERY_SECONDS)

    def _caged(self) -> list[int]:
        return [pid for worker in children(self._root) for pid in descendants(worker)]

    def _look(self) -> None:
        while Path(f"/proc/{self._root}").exists():
            self.most_of_the_cage = max([self.most_of_the_cage, *map(peak_mb, self._caged())])
            time.sleep(LOOK_EVERY_SECONDS)


if __name__ == "__main__":
    main()
