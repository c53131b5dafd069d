"""Measure Casefiles and its floor: the same data, machine and server, on both databases.

Use: `make bench ARGS="--items 10000 --requests 50 --megabytes 128 --only sqlite"`.
Each database is filled anew, in a temporary folder, by `manage.py demo` and `manage.py seed_bulk`. CPU is that of
application and database together, a request; the ratios are to the floor's page in `benchmarks/floor/`. The figures are
printed as tables and kept as JSON in bench-results/. A hundred thousand items take a few minutes to fill in, a million
the better part of an hour.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import showing
from benchmarks.processes import parent
from benchmarks.serving import ROOT, Cost, Served, cost, server
from tools import postgresql

RESULTS = ROOT / "bench-results"
PASSWORD = "measured, not guessed"


@dataclass(frozen=True)
class Database:
    """Where the records are kept: an empty `url` is SQLite in the data folder; `pid` is the server's, if it is near."""

    name: str
    url: str = ""
    pid: int | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=50)
    parser.add_argument("--megabytes", type=int, default=128, help="size of the file that is taken in as evidence")
    parser.add_argument("--positions", type=int, default=200_000, help="rows of the position file that is read in")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    for database in _databases(options.only):
        with tempfile.TemporaryDirectory(prefix="casefiles-bench-") as folder:
            figures = _measured(database, Path(folder), options)
        showing.show(database.name, figures)
        (RESULTS / f"{database.name}.json").write_text(json.dumps(figures, indent=1))


def _databases(only: str | None) -> Iterator[Database]:
    if only != "postgresql":
        yield Database("sqlite")
    if only == "sqlite":
        return
    with postgresql.server() as found:
        if found is None:
            print("PostgreSQL was left out: this machine has none.")
            return
        with _database_of_its_own(found) as database:
            yield database


@contextmanager
def _database_of_its_own(found: postgresql.Server) -> Iterator[Database]:
    import psycopg

    name = f"casefiles_bench_{os.getpid()}"
    with psycopg.connect(found.database_for_client("postgres"), autocommit=True) as connection:
        backend = connection.info.backend_pid
        is_near = os.path.exists(f"/proc/{backend}/stat")
        connection.execute(f'CREATE DATABASE "{name}"')
        yield Database("postgresql", found.database(name), parent(backend) if is_near else None)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _measured(database: Database, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    extra = {"DATA_DIR": str(folder), "CASEFILES_DEMO": "1", "DEMO_PASSWORD": PASSWORD}
    extra |= {"DATABASE_URL": database.url} if database.url else {}
    _run(extra, "manage.py", "demo", "--no-serve")
    seeded = json.loads(_run(extra, "manage.py", "seed_bulk", "--items", str(options.items), "--json"))
    ours = json.loads(_run(extra, "-m", "benchmarks.pages", seeded["case"]))
    bare = json.loads(_run(extra, "-m", "benchmarks.floor.pages"))
    floor_costs, floor_served = _floor(database, extra, bare, options.requests)
    with _serving("casefiles.wsgi", database, extra, ours["cookie"], ours["pages"][0]["path"]) as served:
        pages = [_page(served, page, ours["cookie"], floor_costs, options.requests) for page in ours["pages"]]
        process = {"first_ms": served.first_ms, "memory_mb": served.worker_memory_mb()}
    return {
        "seeded": seeded,
        "pages": pages,
        "process": {"casefiles": process, "floor": floor_served},
        "ingest": json.loads(_run(extra, "-m", "benchmarks.ingest", str(options.megabytes), seeded["case"])),
        "positions": json.loads(_run(extra, "-m", "benchmarks.positions", str(options.positions))),
    }


def _floor(
    database: Database, extra: dict[str, str], bare: dict[str, Any], requests: int
) -> tuple[dict[str, Cost], dict[str, float]]:
    with _serving("benchmarks.floor.wsgi", database, extra, bare["cookie"], bare["pages"]["vessels"]) as served:
        costs = {name: cost(served, path, bare["cookie"], requests=requests) for name, path in bare["pages"].items()}
        return costs, {"first_ms": served.first_ms, "memory_mb": served.worker_memory_mb()}


def _serving(application: str, database: Database, extra: dict[str, str], cookie: str, path: str) -> Any:
    return server(application, extra, database_pid=database.pid, first=f"{path} {cookie}")


def _page(served: Served, page: dict[str, Any], cookie: str, floor: dict[str, Cost], requests: int) -> dict[str, Any]:
    beside = floor.get(page["floor"])
    own = cost(served, page["path"], cookie, requests=requests)
    return {**page, "cost": asdict(own), "beside": asdict(beside) if beside else None}


def _run(extra: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **extra}, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments[:3])} failed:\n{done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    main()
