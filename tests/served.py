"""A real gunicorn, as an installation runs it, on the test database; and requests sent to it byte by byte."""

import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

ROOT = Path(__file__).resolve().parent.parent
BOUNDARY = "----served"
CSRF = "c" * 32
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Served:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    evidence: Path

    # --- Requests ---------------------------------------------------------------------------------------------------
    def open(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)

    def head(self, method: str, path: str, user: Any, *lines: str) -> bytes:
        """Return the head of a request of somebody signed in, as a page's script would send it."""
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        fixed = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Cookie: {cookies}"]
        return "\r\n".join([*fixed, f"X-CSRFToken: {CSRF}", *lines, "", ""]).encode()

    def ask(self, *parts: bytes, ends: bool = False) -> Answer:
        """Send a request and return the answer; `ends` hangs up on our side first, as a broken sender does."""
        started = time.monotonic()
        with self.open() as line:
            for part in parts:
                try:
                    line.sendall(part)
                except (BrokenPipeError, ConnectionResetError):
                    break
            if ends:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_WR)
            return answer_on(line, started)

    def form(self, path: str, user: Any, body: bytes, *lines: str, **how: Any) -> Answer:
        """Post a form; without a line for its length, the right one is sent."""
        if not any(line.lower().startswith("content-length") for line in lines):
            lines = (f"Content-Length: {len(body)}", *lines)
        kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
        return self.ask(self.head("POST", path, user, kind, *lines), body, **how)

    def median_seconds(self, path: str, user: Any, *, times: int = 20) -> tuple[float, float]:
        """Return the median and the 95th percentile of how long a page takes."""
        request = self.head("GET", path, user, "Connection: close")
        took = [self.ask(request).seconds for _time in range(times)]
        return statistics.median(took), statistics.quantiles(took, n=20)[-1]

    # --- Looking at it ----------------------------------------------------------------------------------------------
    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def peak_bytes(self) -> dict[int, int]:
        """Return the most memory that each worker ever held."""
        return {pid: _status(pid, "VmHWM") for pid in self.workers()}

    def temps(self) -> list[str]:
        folder = self.evidence / "tmp"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def wait_until(self, is_so: Any) -> None:
        """Wait for what the server does by itself after a sender has gone."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            assert time.monotonic() < until
            time.sleep(0.02)


def _status(pid: int, name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


def answer_on(line: socket.socket, started: float) -> Answer:
    """Read an answer whole; nothing at all is the status 0."""
    came = b""
    while b"\r\n\r\n" not in came:
        try:
            some = line.recv(65536)
        except ConnectionResetError:
            some = b""
        if not some:
            return Answer(0, came, time.monotonic() - started)
        came += some
    head, _gap, body = came.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        some = line.recv(65536)
        if not some:
            break
        body += some
    return Answer(int(head.split()[1]), body, time.monotonic() - started)


def part(name: str, content: bytes, *, filename: str = "", lines: str = "") -> bytes:
    """Return one part of a form."""
    of_file = f'; filename="{filename}"' if filename else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{of_file}\r\n{lines}\r\n'
    return head.encode() + content + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[Served]:
    """Start gunicorn with the project's own configuration on the database of these tests."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    known = {
        **os.environ,
        "CASEFILES_TEST": "1",
        "CASEFILES_LOG_LEVEL": "CRITICAL",
        "DATABASE_URL": database_url(),
        "DATA_DIR": os.environ["CASEFILES_TEST_FOLDER"],
        "EVIDENCE_ROOT": str(folder / "evidence"),
        **environment,
    }
    command = [sys.executable, "-m", "gunicorn", "casefiles.wsgi", "--config", "python:casefiles.gunicorn"]
    with (folder / "gunicorn.log").open("wb") as log:
        process = subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}"], cwd=ROOT, env=known, stderr=log)
    server = Served(port, process, folder / "evidence")
    try:
        server.wait_until(lambda: _answers(server))
        yield server
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def _answers(server: Served) -> bool:
    assert server.process.poll() is None, (server.evidence.parent / "gunicorn.log").read_text()
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", server.port)) == 0


def database_url() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"
