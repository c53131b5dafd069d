"""Kill PostgreSQL while a process takes evidence in, and look whether all that was acknowledged is there (J09, J10).

Use: `python -m benchmarks.kills --of backend|server [--times 20]`. The cluster is made for this and gone at the end. Of
`backend`, the process that serves the working one is killed, as a system without memory does: the server then restarts
itself. Of `server`, its first process is killed, and it is started again. The working process goes on by itself, as a
request that comes later does; it must acknowledge something again within ten seconds. At the end files, rows, `sweep`,
chain, custody, and PostgreSQL's own check of every index must be sound, as in `benchmarks.kills`.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tools import postgresql

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SECONDS = 0.5
BACK_WITHIN_SECONDS = 10.0
_NAME = "casefiles_server_kills"


def report(of: str, *, times: int, seed: int) -> None:
    with postgresql.cluster_to_kill() as cluster:
        if cluster is None:
            print("This machine has no PostgreSQL of its own to kill.")
            return
        tally = run(cluster, {of: times}, seed=seed)
    print(json.dumps(tally))
    if tally["faults"]:
        sys.exit(1)


def run(cluster: postgresql.Cluster, times: dict[str, int], *, seed: int) -> dict[str, Any]:
    """Kill what `times` names ("backend", "server") so many times, and return what was found at the end.

    `slowest_s` is the longest time from the kill of a backend, or the new start of a server, to the next item.
    """
    import psycopg

    with psycopg.connect(cluster.server.database_for_client("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{_NAME}"')
    chance = random.Random(seed)  # noqa: S311 (moments, not secrets)
    with tempfile.TemporaryDirectory(prefix="casefiles-kills-") as folder:
        waits = []
        with _working(cluster, folder) as acknowledged:
            for of in [of for of, count in times.items() for _time in range(count)]:
                time.sleep(chance.random() * LONGEST_SECONDS)
                _kill(cluster, of)
                waits.append(_wait_for_more(acknowledged))
        found = json.loads(_ours(cluster, folder, "--look").stdout)
    slow = [f"kill {number}: nothing for {wait:.0f} s" for number, wait in enumerate(waits, 1) if _is_slow(wait)]
    return {**found, "kills": len(waits), "slowest_s": round(max(waits), 1), "faults": [*slow, *found["faults"]]}


def _is_slow(seconds: float) -> bool:
    return seconds > BACK_WITHIN_SECONDS


def _kill(cluster: postgresql.Cluster, of: str) -> None:
    if of == "server":
        cluster.kill()
        if not cluster.start():
            raise SystemExit("The killed server does not start again.")
        return
    import psycopg

    with psycopg.connect(cluster.server.database_for_client("postgres"), autocommit=True) as connection:
        rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [_NAME]).fetchall()
    for (pid,) in rows[:1]:
        os.kill(pid, signal.SIGKILL)


def _wait_for_more(acknowledged: Path) -> float:
    """Return how many seconds pass until the working process says that something more is there."""
    started, before = time.monotonic(), acknowledged.stat().st_size
    while acknowledged.stat().st_size == before:
        if time.monotonic() - started > 6 * BACK_WITHIN_SECONDS:
            raise SystemExit("The working process does not go on.")
        time.sleep(0.02)
    return time.monotonic() - started


@contextmanager
def _working(cluster: postgresql.Cluster, folder: str) -> Iterator[Path]:
    """Migrate, let a process work until the end, and yield where it says what is there."""
    acknowledged = Path(folder) / "acknowledged"
    acknowledged.touch()
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], **_place(cluster, folder), check=True)
    command = [sys.executable, "-m", "benchmarks.server_kills", "--work"]
    with subprocess.Popen(command, **_place(cluster, folder)) as worker:
        try:
            _wait_for_more(acknowledged)
            yield acknowledged
        finally:
            worker.kill()


def _ours(cluster: postgresql.Cluster, folder: str, what: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.server_kills", what]
    return subprocess.run(command, **_place(cluster, folder), stdout=subprocess.PIPE, text=True, check=True)


def _place(cluster: postgresql.Cluster, folder: str) -> dict[str, Any]:
    known = {"CASEFILES_TEST": "1", "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "casefiles.settings"}
    return {"cwd": ROOT, "env": {**os.environ, **known, "DATABASE_URL": cluster.server.database(_NAME)}}


# --- In the processes that work and look -------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--look", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    import django

    django.setup()
    if options.work:
        _work_for_ever()
    elif options.look:
        print(json.dumps(_looked()))


def _work_for_ever() -> None:
    """Add items one after another, each as a request of its own; what the database refuses meanwhile is left."""
    from django.conf import settings
    from django.db import InterfaceError, OperationalError, close_old_connections, connection

    from benchmarks import kills

    person, chance = kills._somebody(), random.Random(1)  # noqa: S311 (bytes, not secrets)
    with (settings.DATA_DIR / "acknowledged").open("ab", buffering=0) as said:
        while True:
            close_old_connections()
            try:
                said.write(f"{kills.ingest_one(person, chance)}\n".encode())
            except (OperationalError, InterfaceError):
                connection.close()
                time.sleep(0.05)


def _looked() -> dict[str, Any]:
    from django.conf import settings

    from benchmarks import kills

    tally = kills.Tally()
    kills._look(tally)
    with (settings.DATA_DIR / "acknowledged").open("rb") as said:
        kills._look_for_the_acknowledged(tally, said.fileno())
    kills._look_at_the_record(tally)
    return asdict(tally)


if __name__ == "__main__":
    main()
