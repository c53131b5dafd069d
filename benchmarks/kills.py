"""Kill a process at random moments while it takes evidence in, and look at what is left each time.

Use: `python -m benchmarks.kills [--times 1000] [--only sqlite|postgresql]`; with `--of backend` or `--of server`
PostgreSQL is killed instead, as `benchmarks.server_kills` says. Each database is made anew in a temporary
folder. A child of this process adds items with files in a loop and is killed (SIGKILL) at a random moment; then every
row must have its file with the right bytes, what was acknowledged must be there, `sweep` must list exactly what lies in
the store without a row, and at the end the chain and the custody must be whole, and the database's own check sound.
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
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import server_kills
from tools import postgresql

ROOT = Path(__file__).resolve().parent.parent
# A kill loses nothing that a system holds: memory makes a thousand of them bearable.
MEMORY = Path("/dev/shm")
# A child works this long at most before it is killed; the shortest ends before its first byte is written.
LONGEST_SECONDS = 0.4


@dataclass
class Tally:
    """What came of all kills. Everything in `faults` should not be."""

    kills: int = 0
    rows: int = 0
    acknowledged: int = 0
    orphans: int = 0
    rests: int = 0
    faults: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--of", choices=["process", "backend", "server"], default="process")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(asdict(kill_while_ingesting(options.times, seed=options.seed))))
        return
    if options.of != "process":
        server_kills.report(options.of, times=options.times, seed=options.seed)
        return
    for name, url in databases(options.only):
        started = time.monotonic()
        tally = run(url, times=options.times, seed=options.seed)
        print(f"{name}: {json.dumps(tally)} in {time.monotonic() - started:.0f} s")
        if tally["faults"]:
            sys.exit(1)


@contextmanager
def database(server: Any) -> Iterator[str]:
    """A database of its own on a server, gone at the end."""
    import psycopg

    name = f"casefiles_kills_{os.getpid()}"
    with psycopg.connect(server.database_for_client("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield server.database(name)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def databases(only: str | None) -> Iterator[tuple[str, str]]:
    if only != "postgresql":
        yield "sqlite", ""
    if only == "sqlite":
        return
    with postgresql.server() as server:
        if server is None:
            print("PostgreSQL was left out: this machine has none.")
            return
        with database(server) as url:
            yield "postgresql", url


def run(url: str, *, times: int, seed: int) -> dict[str, Any]:
    """Migrate a database in a folder of its own, kill there, and return the tally; an empty `url` is SQLite."""
    with tempfile.TemporaryDirectory(prefix="casefiles-kills-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        environment = {
            **os.environ,
            "CASEFILES_TEST": "1",
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "casefiles.settings",
        }
        environment["DATABASE_URL"] = url or f"sqlite:///{folder}/casefiles.sqlite3"
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=environment, check=True)
        command = [sys.executable, "-m", "benchmarks.kills", "--inside", "--times", str(times), "--seed", str(seed)]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))


# --- In the process that kills -----------------------------------------------------------------------------------


def kill_while_ingesting(times: int, *, seed: int) -> Tally:
    """Kill a child `times` times and look at what is left after each; Django is set up by this."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    chance = random.Random(seed)  # noqa: S311 (moments, not secrets)
    person = _somebody()
    tally = Tally()
    said = os.open(settings.DATA_DIR / "acknowledged", os.O_RDWR | os.O_CREAT | os.O_APPEND)
    for _time in range(times):
        # The child is not to share the connection of its parent.
        connections.close_all()
        child = os.fork()
        if not child:
            _ingest_for_ever(person, seed=chance.random(), said=said)
        time.sleep(chance.random() * LONGEST_SECONDS)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        tally.kills += 1
        _look(tally)
        _look_for_the_acknowledged(tally, said)
    _look_at_the_record(tally)
    return tally


def _somebody() -> Any:
    from casefiles.access import actions as access
    from casefiles.accounts.models import User

    person, _made = User.objects.get_or_create(username="keeper", defaults={"may_open_cases": True})
    access.open_compartment(name="Kills", by=person)
    return person


def _ingest_for_ever(person: Any, *, seed: float, said: int) -> None:
    """Add items with files until killed, and say in the file `said` which are there: as an answer would, afterwards.

    Never returns: what was forked must not go on as its parent does.
    """
    try:
        chance = random.Random(seed)  # noqa: S311 (bytes, not secrets)
        while True:
            os.write(said, f"{ingest_one(person, chance)}\n".encode())
    finally:
        os._exit(1)


def ingest_one(person: Any, chance: random.Random) -> Any:
    """Add an item with a file of some size, and return its key once it is there."""
    from casefiles.access.circles import Circle
    from casefiles.evidence.actions.collecting import collect_item
    from casefiles.evidence.actions.files import receive

    content = chance.randbytes(chance.choice([1, 1_000, 70_000, 3_000_000]))
    chunks = [content[start : start + 65_536] for start in range(0, len(content), 65_536)]
    received = receive(chunks=chunks, name="killed.bin")
    return collect_item(by=person, circle=Circle.everyone(), received=[received], kind="document", title="Killed").pk


def _look(tally: Tally) -> None:
    """Compare rows, files and what `sweep` says, each read on its own."""
    from casefiles.evidence.actions.files import store
    from casefiles.evidence.actions.sweeping import look_through_store
    from casefiles.evidence.models import File

    place = store()
    rows = dict(File.objects.values_list("sha256", "size_bytes"))
    lying = {path.name for path in (place.root / "blobs").rglob("*") if path.is_file()}
    tally.faults += [f"kill {tally.kills}: a row without its file" for sha256 in rows if sha256 not in lying]
    # Every file is read after the kill that may have hurt it; those read before were not touched since.
    for sha256 in set(rows) - _read:
        verdict = str(place.verify(sha256, rows[sha256]))
        tally.faults += [f"kill {tally.kills}: {verdict}"] if verdict != "ok" else []
        _read.add(sha256)
    orphans = lying - set(rows)
    for sha256 in orphans - _read:
        verdict = str(place.verify(sha256))
        tally.faults += [f"kill {tally.kills}: an orphan is {verdict}"] if verdict != "ok" else []
        _read.add(sha256)
    rests = {path.name for path in (place.root / "tmp").iterdir()}
    _removed, found = look_through_store(min_age_seconds=0)
    named = [(str(one.kind), one.path.rpartition("/")[2]) for one in found]
    listed = {kind: {name for kind_of_it, name in named if kind_of_it == kind} for kind in ("orphan", "stale_temp")}
    if listed["orphan"] != orphans or listed["stale_temp"] != rests:
        tally.faults.append(f"kill {tally.kills}: sweep lists other things than lie there")
    others = sorted({str(one.kind) for one in found} - {"orphan", "stale_temp", "empty_folder", "extra_link"})
    tally.faults += [f"kill {tally.kills}: sweep finds {kind}" for kind in others]
    tally.rows, tally.orphans, tally.rests = len(rows), len(orphans), len(rests)


_read: set[str] = set()


def _look_for_the_acknowledged(tally: Tally, said: int) -> None:
    """Every item that was said to be there is there: of what this kill followed, and of all before."""
    from casefiles.evidence.models import Item

    acknowledged = set(os.pread(said, os.fstat(said).st_size, 0).decode().split())
    lost = acknowledged - {str(key) for key in Item.objects.values_list("pk", flat=True)}
    tally.faults += [f"kill {tally.kills}: {len(lost)} acknowledged items are lost"] if lost else []
    tally.acknowledged = len(acknowledged)


def _own_check_of_the_database() -> list[str]:
    """Return what the engine itself finds wrong: SQLite in everything, PostgreSQL in every index."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            return [found for (found,) in cursor.fetchall() if found != "ok"]
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'")
        if not cursor.fetchone():
            return []
        cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        # Raises where one is not sound.
        cursor.execute(
            "SELECT bt_index_check(c.oid, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a "
            "ON a.oid = c.relam WHERE a.amname = 'btree' AND c.relpersistence = 'p' AND i.indisready AND i.indisvalid"
        )
    return []


def _look_at_the_record(tally: Tally) -> None:
    from casefiles.evidence.actions.fixity import check_files
    from casefiles.evidence.actions.sweeping import look_through_store
    from casefiles.workspace.selectors.chain import report_on_chain

    if report_on_chain()["result"] != "sound":
        tally.faults.append("the record is not whole")
    tally.faults += _own_check_of_the_database()
    if check_files().findings:
        tally.faults.append("fixity finds damage")
    _removed, found = look_through_store(min_age_seconds=0, is_fixing=True)
    if any(one.kind == "stale_temp" for one in found):
        tally.faults.append("what dead uploads left cannot be removed")


if __name__ == "__main__":
    main()
