"""A place of its own for some measurements (folder, database, somebody signed in), and files sent to it over HTTP."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.serving import ROOT, Served

BOUNDARY = "----casefiles-benchmark"
END = f"--{BOUNDARY}--\r\n".encode()


@dataclass(frozen=True)
class Place:
    """An installation in a folder of its own, with a case that somebody signed in may add files to."""

    environment: dict[str, str]
    case: str
    cookie: str
    csrf: str
    form: str
    part: str
    first: str
    listing: list[str]

    @property
    def first_with_cookie(self) -> str:
        return f"{self.first} {self.cookie}"

    def came(self) -> list[dict[str, Any]]:
        """Return the files of the case, with what was read of them."""
        return list(json.loads(run(self.environment, "-m", "benchmarks.somebody", self.case)))

    def command(self, *arguments: str) -> str:
        return run(self.environment, "manage.py", *arguments)


@contextmanager
def place(**settings: str) -> Iterator[Place]:
    """Make an installation on SQLite in a temporary folder, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="casefiles-bench-") as folder:
        own = {"DATA_DIR": folder, "CASEFILES_DEMO": "1", "DEMO_PASSWORD": "measured, not guessed", **settings}
        own |= {"DJANGO_SETTINGS_MODULE": "casefiles.settings", "CASEFILES_LOG_LEVEL": "CRITICAL"}
        Path(folder).chmod(0o700)
        run(own, "manage.py", "demo", "--no-serve")
        yield Place(own, **json.loads(run(own, "-m", "benchmarks.somebody")))


def run(environment: dict[str, str], *arguments: str) -> str:
    command, known = [sys.executable, *arguments], {**os.environ, **environment}
    done = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments[:3])} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def send_form(served: Served, to: Place, name: str, size_bytes: int, chunks: Iterable[bytes]) -> int:
    """Send one file in a form, as it comes, and return the status of the answer."""
    # As a browser writes a name: quotes and line ends in percent signs.
    filename = quote(name, safe=" !#$&'()+,;=@[]{}~^`ÄÖÜäöüß")
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="is_twin_wanted"\r\n\r\non\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
    ).encode()
    tail = b"\r\n" + END
    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(len(head) + size_bytes + len(tail)),
    }

    def body() -> Iterator[bytes]:
        yield head
        yield from chunks
        yield tail

    return ask(served, to, "POST", to.form, headers, body())


def send_pieces(
    served: Served, to: Place, name: str, size_bytes: int, chunks: Iterable[bytes], *, piece_bytes: int
) -> int:
    """Send one file in pieces, as the script of the page does with large ones; `chunks` must divide a piece."""
    unread = iter(chunks)
    address = to.part.replace("/-/", f"/{os.urandom(32).hex()}/")
    for offset in range(0, size_bytes, piece_bytes):
        length = min(piece_bytes, size_bytes - offset)
        headers = {"Upload-Offset": str(offset), "Content-Length": str(length)}
        status = ask(served, to, "PATCH", address, headers, _so_much(unread, length))
        if status != 200:
            return status
    content = f"name={quote(name)}&size_bytes={size_bytes}&is_twin_wanted=on".encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(content))}
    return ask(served, to, "POST", address, headers, [content])


def _so_much(chunks: Iterator[bytes], size_bytes: int) -> Iterator[bytes]:
    while size_bytes > 0:
        chunk = next(chunks)
        size_bytes -= len(chunk)
        yield chunk


def ask(
    served: Served, to: Place, method: str, path: str, headers: dict[str, str] | None = None, body: Iterable[bytes] = ()
) -> int:
    """Ask once over a line of its own and return the status; 0 where the line broke."""
    line = http.client.HTTPConnection(served.base.removeprefix("http://"), timeout=600)
    known = {"Cookie": to.cookie, "X-CSRFToken": to.csrf, "X-Requested-With": "upload", "Connection": "close"}
    try:
        line.request(method, path, body=body or None, headers={**known, **(headers or {})})
        answer = line.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()
