"""F04, J08, J09: a server with many readers of a large file, whose workers are killed, and which is told to stop."""

import hashlib
import os
import re
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from casefiles.core.filestore import FileStore, FindingKind
from casefiles.evidence.actions.files import store
from casefiles.evidence.models import File
from tests import make
from tests.served import BOUNDARY, END, Answer, Served, answer_on, part, served

pytestmark = pytest.mark.django_db(transaction=True)

MEGABYTE = 1024 * 1024
# More than is hashed before the first byte leaves (R15): it is hashed while it streams.
LARGE_BYTES, READERS = 260 * MEGABYTE, 4
KIND = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
FORM = part("file", os.urandom(2 * MEGABYTE), filename="a.bin") + END


class Reading:
    """Somebody who reads a file from the server; `digest` and `size_bytes` are of what came."""

    def __init__(self, server: Served, head: bytes) -> None:
        self._line = server.open()
        self._line.sendall(head)
        self._digest, self.size_bytes, came = hashlib.sha256(), 0, b""
        while b"\r\n\r\n" not in came:
            came += self._line.recv(65536)
        head, _gap, body = came.partition(b"\r\n\r\n")
        declared = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        assert declared is not None, head
        self._length = int(declared[1])
        self._take(body)

    def _take(self, some: bytes) -> None:
        self._digest.update(some)
        self.size_bytes += len(some)

    def finish(self) -> str:
        while self.size_bytes < self._length and (some := self._line.recv(MEGABYTE)):
            self._take(some)
        self._line.close()
        return self._digest.hexdigest()


def begun(server: Served, head: bytes) -> socket.socket:
    """Send half of a form and wait until it lies with the server."""
    held = len(server.temps())
    line = server.open()
    line.sendall(head + FORM[: len(FORM) // 2])
    server.wait_until(lambda: len(server.temps()) > held)
    return line


def test_f04_j08_j09_nothing_is_half_done_whatever_happens_to_the_server(tmp_path: Path, settings: Any) -> None:
    """One server for all, for each takes seconds to start: it is looked at in the order of its life."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    lead = make.lead()
    url = reverse("cases:bring_in", args=[make.case(lead).pk])
    large = make.file(make.item(lead), lead, os.urandom(MEGABYTE) * (LARGE_BYTES // MEGABYTE), "large.bin")
    with served(tmp_path, CASEFILES_DATABASE_CONNECTIONS="8") as server:
        page = server.head("GET", reverse("cases:list"), lead, "Connection: close")
        read = server.head("GET", reverse("evidence:file", args=[large.pk]), lead)
        head = server.head("POST", url, lead, KIND, f"Content-Length: {len(FORM)}")
        assert server.ask(page).status == 200
        # The first worker may answer before the second has begun.
        server.wait_until(lambda: len(server.workers()) == 2)

        # F04: many readers at once cost no memory, and each gets every byte.
        before, digests = server.peak_bytes(), []
        threads = [
            threading.Thread(target=lambda: digests.append(Reading(server, read).finish())) for _one in range(READERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert digests == [large.sha256] * READERS
        assert max(size - before[pid] for pid, size in server.peak_bytes().items()) < 60 * MEGABYTE

        # J09: the system kills every worker, as it does where memory runs out, in the middle of an upload.
        with begun(server, head) as line:
            killed = set(server.workers())
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
            started = time.monotonic()
            assert answer_on(line, started).status == 0
        server.wait_until(lambda: asked(server, page).status == 200)
        assert time.monotonic() - started < 10
        # Whoever was killed is a child until the master has looked.
        server.wait_until(lambda: not killed & set(server.workers()))
        assert File.objects.count() == 1
        kinds = [one.kind for one in FileStore(server.evidence).sweep([large.sha256], min_age_seconds=0)]
        assert kinds == [FindingKind.STALE_TEMP]
        store().remove_stale_temps(min_age_seconds=0)

        # J08: told to stop, it finishes what it was at: an upload, a file on its way out. Who hangs up adds nothing.
        reading, line, other = Reading(server, read), begun(server, head), begun(server, head)
        server.process.terminate()
        other.close()
        line.sendall(FORM[len(FORM) // 2 :])
        answer = answer_on(line, time.monotonic())
        line.close()
        assert (answer.status, reading.finish()) == (200, large.sha256)
        assert server.process.wait(timeout=30) == 0
    assert File.objects.count() == 2
    assert [str(store().verify(one.sha256, one.size_bytes)) for one in File.objects.all()] == ["ok", "ok"]
    assert (server.temps(), store().sweep(list(File.objects.values_list("sha256", flat=True)), min_age_seconds=0)) == (
        [],
        [],
    )


def asked(server: Served, request: bytes) -> Answer:
    """Ask; a server whose workers are being replaced may hang up."""
    try:
        return server.ask(request)
    except OSError:
        return Answer(0, b"", 0.0)
