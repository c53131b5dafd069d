"""Measure the main pages with thousands of items: queries, and the median time of fifty warm requests to gunicorn.

Use: `python -m benchmarks [--items 10000] [--requests 50] [--only sqlite|postgresql]`. Each database is filled anew, in
a temporary folder, by `manage.py demo` and `manage.py seed_bulk`; the figures are printed as a table and kept as JSON
in bench-results/.
"""

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools import postgresql

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench-results"
PASSWORD = "measured, not guessed"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=50)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    figures = []
    for name, url in _databases(options.only):
        with tempfile.TemporaryDirectory(prefix="casefiles-bench-") as folder:
            figures += _measured(name, url, Path(folder), items=options.items, requests=options.requests)
    _show(figures)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "pages.json").write_text(json.dumps(figures, indent=1))


def _databases(only: str | None) -> Iterator[tuple[str, str]]:
    if only != "postgresql":
        yield "sqlite", ""
    if only == "sqlite":
        return
    with postgresql.server() as server:
        if server is None:
            print("PostgreSQL was left out: this machine has none.")
            return
        _manage({"DATABASE_URL": server.database("postgres")}, "-c", _CREATE)
        yield "postgresql", server.database("casefiles_bench")


_CREATE = (
    "import os, django; "
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'casefiles.settings'); django.setup(); "
    "from django.db import connection; connection.ensure_connection(); connection.connection.autocommit = True; "
    "connection.connection.execute('CREATE DATABASE casefiles_bench')"
)


def _environment(extra: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "CASEFILES_DEMO": "1", "DEMO_PASSWORD": PASSWORD, **extra}


def _manage(extra: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=_environment(extra), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments[:3])} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def _measured(name: str, url: str, folder: Path, *, items: int, requests: int) -> list[dict[str, Any]]:
    extra = {"DATA_DIR": str(folder), **({"DATABASE_URL": url} if url else {})}
    _manage(extra, "manage.py", "demo", "--no-serve")
    seeded = json.loads(_manage(extra, "manage.py", "seed_bulk", "--items", str(items), "--json"))
    print(f"{name}: {items:,} items in {seeded['seconds']} s")
    pages = json.loads(_manage(extra, "-m", "benchmarks.pages", seeded["case"]))
    with _server(extra) as base:
        return [{"database": name, **page, **_timed(base + page["path"], page["cookie"], requests)} for page in pages]


@contextmanager
def _server(extra: dict[str, str]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "casefiles.wsgi", "--config", "python:casefiles.gunicorn"]
    process = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}"], cwd=ROOT, env=_environment(extra), stderr=subprocess.DEVNULL
    )
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("The server did not start.")


def _timed(address: str, cookie: str, requests: int) -> dict[str, Any]:
    """Ask ten times to warm both workers, then as often as wanted, and return the median and the 95th percentile."""
    asked = urllib.request.Request(address, headers={"Cookie": cookie, "Accept-Encoding": "identity"})
    took: list[float] = []
    size = 0
    for attempt in range(requests + 10):
        started = time.perf_counter()
        with urllib.request.urlopen(asked) as response:
            size = len(response.read())
        if attempt >= 10:
            took.append((time.perf_counter() - started) * 1000)
    percentile = statistics.quantiles(took, n=20)[-1]
    return {"median_ms": round(statistics.median(took), 1), "p95_ms": round(percentile, 1), "bytes": size}


def _show(figures: list[dict[str, Any]]) -> None:
    print(f"{'database':12}{'page':28}{'queries':>8}{'median ms':>11}{'p95 ms':>9}{'kB':>8}")
    for row in figures:
        kilobytes = row["bytes"] / 1000
        print(
            f"{row['database']:12}{row['name']:28}{row['queries']:>8}{row['median_ms']:>11}{row['p95_ms']:>9}{kilobytes:>8.1f}"
        )


if __name__ == "__main__":
    main()
