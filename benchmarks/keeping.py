"""Measure taking evidence in and checking it, each beside the bare SHA-256 of the same bytes.

Taking in is measured beside a copy with its SHA-256 and fsync too, and beside that copy read back from the disk and
hashed again: the least that keeps the promise (ADR 22 says why the reading follows the writing).

Use: `python -m benchmarks.keeping [--megabytes 100 1000] [--held 2000] [--swept 0]`. A file of each size is taken in
three times over; then a store of so many megabytes, half of it in files of 100 kB, is checked whole by `fixity`. The
fastest turn counts: another one was disturbed. Goal: taking in within 1.5 times the digest alone. Instead, with
`--swept 100000`, so many files with rows are laid down and swept: under 60 seconds, in memory that does not grow.
"""

import argparse
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.inside import cost, measured_inside, peak_here_mb

MEBIBYTE = 1024 * 1024
TURNS = 3
# As the files of a form come, and as `fixity` reads.
CHUNK_BYTES = 256 * 1024
SMALL_BYTES = 100_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, nargs="*", default=[100, 1_000])
    parser.add_argument("--held", type=int, default=2_000)
    parser.add_argument("--swept", type=int, default=0)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(measured(options.megabytes, options.held, options.swept)))
        return
    sizes = map(str, options.megabytes)
    counts = ("--held", str(options.held), "--swept", str(options.swept))
    figures = measured_inside("benchmarks.keeping", "", *counts, "--megabytes", *sizes)
    print(json.dumps(figures, indent=1))


# --- In the process that measures --------------------------------------------------------------------------------


def measured(megabytes: list[int], held: int, swept: int) -> dict[str, Any]:
    import django

    django.setup()
    if swept:
        return {f"sweep over {swept} files": _swept(swept)}
    before = peak_here_mb()
    taken = {f"{size} MB taken in": _taken_in(size) for size in megabytes}
    grown = peak_here_mb() - before
    return {**taken, "grown_mb": grown, f"fixity over {held} MB": _checked(held), "peak_mb": peak_here_mb()}


def _taken_in(megabytes: int) -> dict[str, Any]:
    """Measure `receive` beside the digest of the same file, which the system holds in memory for both."""
    from django.conf import settings

    from casefiles.evidence.actions.files import receive

    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        source = Path(folder) / "source"
        copy = Path(folder) / "copy"
        floors, copied, checked, own, held = [], [], [], [], []
        for _turn in range(TURNS):
            _fill(source, megabytes)
            floors.append(cost(lambda: _digest(source)))
            copied.append(cost(lambda: _copy(source, copy)))
            checked.append(cost(lambda: _read_back(copy)))
            own.append(cost(lambda: receive(chunks=_chunks(source), name="made up.bin")))
            # The same bytes once more: it must not show in the time (R7).
            held.append(cost(lambda: receive(chunks=_chunks(source), name="made up.bin")))
    seconds = {"seconds of a copy": copied, "seconds of reading it back": checked, "seconds where held": held}
    fastest = {name: min(turn["seconds"] for turn in turns) for name, turns in seconds.items()}
    return _beside(floors, own, "seconds") | fastest | _beside(floors, own, "cpu_seconds")


def _beside(floors: list[dict[str, float]], own: list[dict[str, float]], name: str) -> dict[str, float]:
    floor, ours = (min(turn[name] for turn in turns) for turns in (floors, own))
    return {name: ours, f"{name} of the digest": floor, f"{name}, ratio": round(ours / floor, 2) if floor else 0.0}


def _checked(megabytes: int) -> dict[str, Any]:
    from casefiles.evidence.actions.files import store
    from casefiles.evidence.actions.fixity import check_files
    from casefiles.evidence.models import File

    _hold(megabytes)
    paths = [store().path_of(sha256) for sha256 in File.objects.values_list("sha256", flat=True)]
    floors = [cost(lambda: [_digest(path) for path in paths]) for _turn in range(TURNS)]
    own = [cost(lambda: _sound(check_files)) for _turn in range(TURNS)]
    figures = _beside(floors, own, "seconds") | _beside(floors, own, "cpu_seconds")
    files, seconds = len(paths), figures["seconds"]
    return {
        "files": files,
        **figures,
        "mb_a_second": round(megabytes / seconds),
        "files_a_second": round(files / seconds),
    }


def _sound(check_files: Callable[[], Any]) -> None:
    found = check_files().findings
    if found:
        raise SystemExit(f"fixity finds damage: {found[:3]}")


def _hold(megabytes: int) -> None:
    """Keep half of it in large files and half in small ones; for speed without the events that adding each writes."""
    from casefiles.evidence.actions.files import store
    from casefiles.evidence.models import File

    item = _item()
    half = megabytes * MEBIBYTE // 2
    large = [half // 4] * 4
    rows = []
    for size in [*large, *[SMALL_BYTES] * (half // SMALL_BYTES)]:
        kept = store().store(_noise(size))
        rows.append(File(item=item, sha256=kept.sha256, size_bytes=size, media_type="text/plain", name="made up"))
    File.objects.bulk_create(rows, batch_size=500)


def _item() -> Any:
    from casefiles.access import actions as access
    from casefiles.access.circles import Circle
    from casefiles.accounts.models import User
    from casefiles.evidence.actions import items

    lead = User.objects.create(username="keeper", may_open_cases=True)
    access.open_compartment(name="Measured", by=lead)
    return items.add_item(by=lead, circle=Circle.everyone(), kind="document", title="Made up")


def _swept(count: int) -> dict[str, Any]:
    """Lay files down as they lie in a store, without the care of taking them in, and sweep."""
    from casefiles.evidence.actions.files import store
    from casefiles.evidence.actions.sweeping import look_through_store
    from casefiles.evidence.models import File

    item, place = _item(), store()
    for start in range(0, count, 1_000):
        digests = [os.urandom(32).hex() for _number in range(start, min(start + 1_000, count))]
        for sha256 in digests:
            path = place.path_of(sha256)
            path.parent.parent.mkdir(mode=0o700, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.write_bytes(b"evidence.")
            path.chmod(0o400)
        File.objects.bulk_create(
            File(item=item, sha256=sha256, size_bytes=9, media_type="text/plain", name="made up") for sha256 in digests
        )
    before, found = peak_here_mb(), []
    figures = cost(lambda: found.extend(look_through_store(min_age_seconds=0)[1]))
    return {**figures, "findings": len(found), "grown_mb": peak_here_mb() - before}


def _noise(size: int) -> Iterator[bytes]:
    while size > 0:
        yield os.urandom(min(size, MEBIBYTE))
        size -= MEBIBYTE


def _fill(path: Path, megabytes: int) -> None:
    with path.open("wb") as file:
        for chunk in _noise(megabytes * MEBIBYTE):
            file.write(chunk)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def _copy(source: Path, to: Path) -> None:
    digest = hashlib.sha256()
    with to.open("wb") as file:
        for chunk in _chunks(source):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _read_back(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)
    _digest(path)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


if __name__ == "__main__":
    main()
