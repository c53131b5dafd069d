"""A gunicorn server for the time of some measurements, and what a page of it costs."""

import gzip
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import children, cpu_seconds, descendants, memory_mb

ROOT = Path(__file__).resolve().parent.parent
WARMING = 20


@dataclass(frozen=True)
class Served:
    """A running server: `pids` are the roots of all processes that work for it, its database's among them."""

    base: str
    pid: int
    pids: tuple[int, ...]
    first_ms: float

    def worker_memory_mb(self) -> float:
        return max((memory_mb(pid) for pid in descendants(self.pid)), default=0.0)


@dataclass(frozen=True)
class Cost:
    """One page: CPU of application and database a request, wall time, and size as it is and compressed."""

    cpu_ms: float
    median_ms: float
    p95_ms: float
    bytes: int
    compressed: int


@contextmanager
def server(
    application: str,
    environment: dict[str, str],
    *,
    database_pid: int | None,
    first: str,
    below: Sequence[str] = (),
) -> Iterator[Served]:
    """Serve `application` and yield it after its first answer; `first` is the path asked for, with a cookie.

    `below` is a command that starts the server, and watches it.
    """
    port = _free_port()
    command = [*below, sys.executable, "-m", "gunicorn", application, "--config", "python:casefiles.gunicorn"]
    command += ["--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        base = f"http://127.0.0.1:{port}"
        path, cookie = first.split(" ", 1)
        took, _body = ask(base + path, cookie)
        pids = (process.pid, database_pid) if database_pid else (process.pid,)
        yield Served(base, process.pid, pids, round(took * 1000, 1))
    finally:
        # What watches the server ends with it, and hands no signal on.
        for pid in children(process.pid) if below else [process.pid]:
            os.kill(pid, signal.SIGTERM)
        process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("The server did not start.")


def ask(address: str, cookie: str) -> tuple[float, bytes]:
    """Return how long an answer took, in seconds, and its body."""
    asked = urllib.request.Request(address, headers={"Cookie": cookie, "Accept-Encoding": "identity"})
    started = time.perf_counter()
    with urllib.request.urlopen(asked) as response:
        body = response.read()
    return time.perf_counter() - started, body


def cost(served: Served, path: str, cookie: str, *, requests: int) -> Cost:
    """Ask until every thread is warm, then so many times, and return the cost of one request."""
    body = b""
    for _warming in range(WARMING):
        ask(served.base + path, cookie)
    before = cpu_seconds(*served.pids)
    took = []
    for _request in range(requests):
        seconds, body = ask(served.base + path, cookie)
        took.append(seconds * 1000)
    used = cpu_seconds(*served.pids) - before
    return Cost(
        cpu_ms=round(used * 1000 / requests, 1),
        median_ms=round(statistics.median(took), 1),
        p95_ms=round(statistics.quantiles(took, n=20)[-1], 1),
        bytes=len(body),
        compressed=len(gzip.compress(body, 6)),
    )
