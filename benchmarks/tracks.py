"""Opens the track of one made-up ship with many fixes, whole and close by; prints milliseconds as JSON."""

import json
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casefiles.settings")
django.setup()

from django.conf import settings  # noqa: E402  the settings come first
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from casefiles.access.circles import Circle  # noqa: E402
from casefiles.accounts.models import User  # noqa: E402
from casefiles.core.leadership import leading  # noqa: E402
from casefiles.evidence.actions.files import receive  # noqa: E402
from casefiles.voyages.actions import positions  # noqa: E402
from casefiles.voyages.readers.options import Options  # noqa: E402

MMSI, START_S, EVERY_S, TURNS = "366999999", 1_673_395_200, 10, 3


def main(rows: int) -> dict[str, Any]:
    settings.EVIDENCE_READS_IN_BACKGROUND = False
    settings.ALLOWED_HOSTS = ["testserver"]
    lead = User.objects.get(username="lead")
    received = receive(chunks=file(rows), name="one-ship.csv")
    waiting = positions.import_received(received, by=lead, circle=Circle.everyone(), options=Options())
    with leading(positions.TASK):
        done = positions.run_import(waiting)
    client = Client()
    client.force_login(lead)
    whole = f"{reverse('voyages:track_points')}?radio={MMSI}:{START_S}:{START_S + rows * EVERY_S}"
    close = f"{whole}&zoom=11&west=-69.2&south=30.4&east=-69.1&north=30.6"
    asked = {
        "page_ms": f"{reverse('voyages:radio_track')}?mmsi={MMSI}",
        "points_ms": f"{whole}&zoom=6",
        "close_ms": close,
        "fix_ms": f"{reverse('voyages:track_fix')}?radio={MMSI}&at={START_S + rows * EVERY_S // 2}",
    }
    taken = {name: _milliseconds(client, address) for name, address in asked.items()}
    return {"rows": done.positions, **taken, "page_kb": len(client.get(asked["page_ms"]).content) // 1000}


def _milliseconds(client: Client, address: str) -> float:
    times = []
    for _turn in range(TURNS):
        started = time.perf_counter()
        response = client.get(address)
        times.append(time.perf_counter() - started)
        assert response.status_code == 200, response.status_code
    return round(min(times) * 1000, 1)


def file(rows: int) -> Iterator[bytes]:
    yield b"MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading\n"
    batch = []
    for row in range(rows):
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(START_S + row * EVERY_S))
        batch.append(f"{MMSI},{at},{30 + row % 5000 / 5000:.5f},{-70 + row / 500_000:.5f},12.3,87.5,88\n")
        if len(batch) == 10_000:
            yield "".join(batch).encode()
            batch.clear()
    yield "".join(batch).encode()


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
