"""Reads one made-up position file in, beside the floor's raw COPY or executemany; prints rates and memory as JSON."""

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casefiles.settings")
django.setup()

from django.conf import settings  # noqa: E402  the settings come first

from benchmarks.floor import positions as floor  # noqa: E402
from casefiles.access.circles import Circle  # noqa: E402
from casefiles.accounts.models import User  # noqa: E402
from casefiles.core.leadership import leading  # noqa: E402
from casefiles.evidence.actions.files import receive  # noqa: E402
from casefiles.voyages.actions import positions  # noqa: E402
from casefiles.voyages.readers.options import Options  # noqa: E402

SHIPS = 5_000
HEADER = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft\n"
START_S = 1_673_395_200


def main(rows: int) -> dict[str, Any]:
    # The evidence's own readers would work beside, in this process.
    settings.EVIDENCE_READS_IN_BACKGROUND = False
    lead = User.objects.get(username="lead")
    raw_s = floor.seconds_for(floor_rows(rows))
    received = receive(chunks=file(rows), name="made-up.csv")
    waiting = positions.import_received(received, by=lead, circle=Circle.everyone(), options=Options())
    before = _peak_mb()
    started = time.perf_counter()
    with leading(positions.TASK):
        done = positions.run_import(waiting)
    taken_s = time.perf_counter() - started
    return {
        "rows": rows,
        "kept": done.positions,
        "state": done.state,
        "floor_rows_s": round(rows / raw_s),
        "casefiles_rows_s": round(rows / taken_s),
        "ratio": round(taken_s / raw_s, 2),
        "peak_mb": _peak_mb(),
        "grown_mb": _peak_mb() - before,
    }


def fixes(rows: int) -> Iterator[tuple[int, int, float, float, float, float, int]]:
    """Yield ship, second, latitude, longitude, speed, course and heading of made-up fixes, in the order of time."""
    for row in range(rows):
        ship, turn = row % SHIPS, row // SHIPS
        yield ship, START_S + turn * 60 + ship % 60, 30 + ship / 500 + turn / 5000, -70 + turn / 4000, 12.3, 87.5, 88


def file(rows: int) -> Iterator[bytes]:
    yield HEADER.encode()
    batch = []
    for ship, epoch_s, lat, lon, speed, course, heading in fixes(rows):
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(epoch_s))
        named = f"SHIP {ship},IMO9179842,CALL{ship % 100},70"
        batch.append(f"{366000000 + ship},{at},{lat:.5f},{lon:.5f},{speed},{course},{heading},{named},0,120,20,6.5\n")
        if len(batch) == 10_000:
            yield "".join(batch).encode()
            batch.clear()
    yield "".join(batch).encode()


def floor_rows(rows: int) -> Iterator[tuple[Any, ...]]:
    for number, (ship, *values) in enumerate(fixes(rows), 2):
        yield (1, number, str(366000000 + ship), *values, 0)


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
