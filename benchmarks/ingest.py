"""Takes one large file in, beside the floor's plain copy, and prints seconds and the growth of memory as JSON."""

import json
import os
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casefiles.settings")
django.setup()

from django.conf import settings  # noqa: E402  the settings come first

from benchmarks.floor import copying  # noqa: E402
from casefiles.access.circles import Circle  # noqa: E402
from casefiles.accounts.models import User  # noqa: E402
from casefiles.cases.models import Case  # noqa: E402
from casefiles.evidence.actions import files, items  # noqa: E402

TURNS = 3


def main(megabytes: int, bulk_case: str) -> dict[str, Any]:
    lead = User.objects.get(username="lead")
    circle = Circle.of_case(Case.objects.visible_to(lead).get(pk=bulk_case))
    item = items.add_item(by=lead, circle=circle, kind="document", title="Made-up file, to measure")
    # Beside the store: what is compared is the work, not two disks.
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        source, target = Path(folder) / "source", Path(folder) / "copy"
        _fill(source, megabytes)
        floor = min(_seconds(lambda: copying.copy(source, target)) for _turn in range(TURNS))
        before = _peak_mb()
        taken = []
        for turn in range(TURNS):
            with source.open("r+b") as file:
                file.write(f"another file {turn}".encode())
            taken.append(_seconds(lambda: _take_in(item, source, lead)))
    return {"megabytes": megabytes, "floor_s": floor, "casefiles_s": min(taken), "grown_mb": _peak_mb() - before}


def _fill(path: Path, megabytes: int) -> None:
    with path.open("wb") as file:
        for _megabyte in range(megabytes):
            file.write(secrets.token_bytes(1024 * 1024))


def _take_in(item: Any, source: Path, lead: User) -> None:
    files.attach_file(item, by=lead, chunks=_chunks(source), name="made-up.bin")


def _chunks(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while chunk := file.read(copying.CHUNK_BYTES):
            yield chunk


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 3)


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), sys.argv[2])))
