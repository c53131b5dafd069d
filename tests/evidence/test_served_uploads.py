"""Battery D against a real gunicorn: lengths that lie, lines that break, senders that dawdle, forms beyond all bounds.

What Django's test client cannot do, byte by byte on the loopback address. One server for all; a test takes seconds.
"""

import hashlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from casefiles.core.filestore import FileStore, FindingKind
from casefiles.evidence.models import File, Item
from tests import make
from tests.evidence.media_files import wav
from tests.served import BOUNDARY, END, PATIENCE_SECONDS, Answer, Served, part, served

pytestmark = pytest.mark.django_db(transaction=True)

MEGABYTE = 1024 * 1024
KIND = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
FORM = part("file", b"first", filename="a.txt") + part("file", os.urandom(400_000), filename="b.bin") + END


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with django_db_blocker.unblock():
        running = served(tmp_path_factory.mktemp("served"), CASEFILES_DATABASE_CONNECTIONS="8")
        with running as found:
            yield found


@pytest.fixture(autouse=True)
def clean_store(server: Served) -> Iterator[None]:
    """What one test leaves to be continued is no other's."""
    yield
    store = FileStore(server.evidence)
    server.wait_until(lambda: not store.remove_stale_temps(min_age_seconds=0) and server.temps() == [])


@pytest.fixture
def world() -> SimpleNamespace:
    lead, researcher = make.lead(), make.user()
    case = make.case(lead, members={researcher: "researcher"})
    return SimpleNamespace(
        researcher=researcher,
        stranger=make.user(),
        case=case,
        url=reverse("cases:bring_in", args=[case.pk]),
        part=reverse("cases:bring_in_part", args=[case.pk, "a" * 64]),
    )


def test_files_arrive_whole(server: Served, world: Any) -> None:
    content = os.urandom(3 * MEGABYTE)

    answer = server.form(world.url, world.researcher, part("file", content, filename="a.bin") + END)

    assert answer.status == 200
    assert File.objects.get().sha256 == hashlib.sha256(content).hexdigest()
    assert server.temps() == []


@pytest.mark.parametrize(
    ("lines", "statuses"),
    [
        (["X-Length: none"], {400, 408, 411}),
        ([f"Content-Length: {len(FORM) - 300_000}"], {400}),
        ([f"Content-Length: {len(FORM) + 10}"], {400, 408}),
        (["Content-Length: -1"], {400}),
        (["Content-Length: x"], {400}),
        ([f"Content-Length: {len(FORM)}", f"Content-Length: {len(FORM)}"], {400}),
        ([f"Content-Length: {len(FORM)}", "Content-Length: 5"], {400}),
        ([f"Content-Length: {len(FORM)}", "Transfer-Encoding: chunked"], {400}),
    ],
    ids=["missing", "too small", "too big", "negative", "no number", "twice", "two values", "chunked too"],
)
def test_d07_a_length_that_lies_adds_nothing(server: Served, world: Any, lines: list[str], statuses: set[int]) -> None:
    """Catches a form of which the first half is taken for all of it."""
    if "X-Length" in lines[0]:
        head = server.head(
            "POST", world.url, world.researcher, "Content-Type: multipart/form-data; boundary=----served"
        )
        answer = server.ask(head, FORM, ends=True)
    else:
        answer = server.form(world.url, world.researcher, FORM, *lines, ends=True)

    assert answer.status in statuses
    assert not Item.objects.exists()
    assert server.temps() == []


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_d08_a_form_whose_sender_goes_away_adds_nothing_and_leaves_nothing(
    server: Served, world: Any, share: float
) -> None:
    head = server.head("POST", world.url, world.researcher, KIND, f"Content-Length: {len(FORM)}")

    with server.open() as line:
        line.sendall(head + FORM[: int(len(FORM) * share)])

    # The next request is answered after the one before has been seen to be over, or beside it: so ask until it is.
    server.wait_until(lambda: server.temps() == [])
    assert server.form(world.url, world.researcher, part("file", b"x", filename="x.txt") + END).status == 200
    assert [item.title for item in Item.objects.all()] == ["x"]


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_d08_a_piece_whose_sender_goes_away_adds_nothing_and_can_go_on(
    server: Served, world: Any, share: float
) -> None:
    content = os.urandom(2 * MEGABYTE)
    sent = int(len(content) * share)
    address = world.part.replace("a" * 64, f"{sent:064}")
    head = server.head("PATCH", address, world.researcher, "Upload-Offset: 0", f"Content-Length: {len(content)}")

    with server.open() as line:
        line.sendall(head + content[:sent])
    store = FileStore(server.evidence)
    server.wait_until(lambda: b'"size_bytes": %d' % sent in _held(server, world, address).body)

    assert not Item.objects.exists()
    found = store.sweep(lambda _digest: True, min_age_seconds=0)
    assert [one.kind for one in found] == [FindingKind.STALE_TEMP] * 2
    assert len(store.remove_stale_temps(min_age_seconds=0)) == 2
    assert server.temps() == []


def _held(server: Served, world: Any, address: str) -> Answer:
    return server.ask(server.head("GET", address, world.researcher, "Connection: close"))


def test_d20_a_hidden_case_is_answered_while_the_body_has_not_come(server: Served, world: Any) -> None:
    """Catches a check that reads the form: it would wait here for a gigabyte that never comes."""
    form = server.head("POST", world.url, world.stranger, KIND, f"Content-Length: {1024 * MEGABYTE}")
    piece = server.head("PATCH", world.part, world.stranger, "Upload-Offset: 0", f"Content-Length: {1024 * MEGABYTE}")

    answers = [server.ask(form, b"x" * 1000), server.ask(piece, b"x" * 1000)]

    assert [answer.status for answer in answers] == [404, 404]
    assert server.temps() == []


# --- Senders that dawdle --------------------------------------------------------------------------------------------

DAWDLERS = 50
SECONDS = 4


class Dawdling:
    """Many connections of which each sends one byte a second."""

    def __init__(self, server: Served, starts: bytes, rest: bytes) -> None:
        self._server, self._starts, self._rest = server, starts, rest
        self._over = threading.Event()
        self._lines = ExitStack()

    def __enter__(self) -> "Dawdling":
        self._open = [self._lines.enter_context(self._server.open()) for _number in range(DAWDLERS)]
        for line in self._open:
            line.sendall(self._starts)
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self._thread.start()
        return self

    def _drip(self) -> None:
        for position in range(len(self._rest)):
            for line in self._open:
                line.send(self._rest[position : position + 1])
            if self._over.wait(1):
                return

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()
        self._lines.close()


@pytest.mark.parametrize("where", ["head", "form", "piece"])
def test_d09_fifty_slow_senders_keep_nobody_else_waiting(server: Served, world: Any, where: str) -> None:
    """Catches as many threads as there are processors, of which each slow sender holds one."""
    page = reverse("cases:exhibits", args=[world.case.pk])
    _median, alone = server.median_seconds(page, world.researcher, times=10)
    starts = {
        "head": server.head("GET", page, world.researcher)[:-30],
        "form": server.head("POST", world.url, world.researcher, KIND, "Content-Length: 100000") + FORM[:50],
        "piece": server.head("PATCH", world.part, world.researcher, "Upload-Offset: 0", "Content-Length: 100000"),
    }

    with Dawdling(server, starts[where], b"x" * 60):
        asked_until = time.monotonic() + SECONDS
        waited = []
        while time.monotonic() < asked_until:
            waited.append(server.ask(server.head("GET", page, world.researcher, "Connection: close")))

    assert {answer.status for answer in waited} == {200}
    # On a machine that is busy with other things even an undisturbed page takes longer than the second allowed.
    assert sorted(answer.seconds for answer in waited)[int(len(waited) * 0.95)] < max(1.0, 4 * alone)


def test_f05_fifty_readers_that_hardly_read_keep_nobody_else_waiting(server: Served, world: Any) -> None:
    """Catches a reader that holds a connection of the database, or a worker, for as long as it reads."""
    page = reverse("cases:exhibits", args=[world.case.pk])
    sound = part("file", wav() + bytes(8 * MEGABYTE), filename="call.wav") + END
    assert server.form(world.url, world.researcher, sound).status == 200
    _median, alone = server.median_seconds(page, world.researcher, times=10)
    asked = server.head("GET", reverse("evidence:media", args=[File.objects.get().pk]), world.researcher)

    with ExitStack() as last:
        readers = [last.enter_context(socket.socket()) for _number in range(DAWDLERS)]
        for reader in readers:
            # Far less than the answer fits between the two ends, so each answer waits for its reader.
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.settimeout(PATIENCE_SECONDS)
            reader.connect(("127.0.0.1", server.port))
            reader.sendall(asked)
        begun = [reader.recv(12) for reader in readers]
        waited = [server.ask(server.head("GET", page, world.researcher, "Connection: close")) for _time in range(20)]

    assert set(begun) == {b"HTTP/1.1 200"}
    assert {answer.status for answer in waited} == {200}
    assert sorted(answer.seconds for answer in waited)[18] < max(1.0, 4 * alone)


# --- Forms beyond all bounds ----------------------------------------------------------------------------------------

LIMIT_BYTES = 50 * MEGABYTE
HOSTILE = {
    "101 files": b"".join(part("file", b"x", filename=f"{number}.txt") for number in range(101)) + END,
    "10001 fields": b"".join(part(f"f{number}", b"x") for number in range(10_001)) + END,
    "a name of 2 MB": part("n" * (2 * MEGABYTE), b"x", filename="a.txt") + END,
    "a field of 20 MB": part("x", b"y" * (20 * MEGABYTE)) + END,
    "no last boundary": part("file", b"x" * MEGABYTE, filename="a.txt"),
    "no boundary at all": b"x" * (20 * MEGABYTE),
    "a form within the form": part(
        "file",
        b'--i\r\nContent-Disposition: file; filename="a"\r\n\r\nx\r\n--i--',
        lines="Content-Type: multipart/mixed; boundary=i\r\n",
        filename="",
    )
    + END,
    "broken base64": part("file", b"QUJDR", filename="a", lines="Content-Transfer-Encoding: base64\r\n") + END,
}


def grown(server: Served, before: dict[int, int]) -> int:
    """Return by how much the most that a worker ever held has grown."""
    after = server.peak_bytes()
    assert after.keys() == before.keys(), "a worker was killed"
    return max(after[pid] - before[pid] for pid in after)


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_d10_a_form_beyond_all_bounds_is_refused_at_once_and_costs_no_memory(
    server: Served, world: Any, body: bytes
) -> None:
    server.form(world.url, world.researcher, part("file", b"warm", filename="warm.txt") + END)
    Item.objects.filter(title="warm").update(title="before")
    usual = server.median_seconds(reverse("evidence:items"), world.researcher, times=5)[1]
    before = server.peak_bytes()

    answer = server.form(world.url, world.researcher, body)

    assert answer.status == 400
    assert answer.seconds < max(1.0, 5 * usual)
    assert grown(server, before) < LIMIT_BYTES
    assert [item.title for item in Item.objects.all()] == ["before"]
    assert server.temps() == []


def test_d10_a_boundary_of_10_kb_is_refused(server: Served, world: Any) -> None:
    head = server.head(
        "POST", world.url, world.researcher, f"Content-Type: multipart/form-data; boundary={'b' * 10_000}", "X: y"
    )

    answer = server.ask(head)

    assert answer.status in {400, 431}


def test_d11_a_hundred_megabytes_of_white_space_in_base64_cost_no_memory(server: Served, world: Any) -> None:
    """CVE-2026-33033: a parser that reads on, a few bytes at a time, until it has four that are no white space."""
    head = part("file", b"", filename="a.bin", lines="Content-Transfer-Encoding: base64\r\n")[:-2]
    body_bytes = len(head) + 8 + 100 * MEGABYTE + 2 + len(END)
    request = server.head(
        "POST",
        world.url,
        world.researcher,
        KIND,
        f"Content-Length: {body_bytes}",
    )
    before = server.peak_bytes()

    spaces = [b" \n" * (MEGABYTE // 2)] * 100
    answer = server.ask(request, head, b"QUJD", *spaces, b"REVG", b"\r\n", END)

    assert answer.status in {200, 400}
    assert grown(server, before) < LIMIT_BYTES
    assert [file.sha256 for file in File.objects.all()] in ([], [hashlib.sha256(b"ABCDEF").hexdigest()])


def test_many_at_once_all_arrive_whole_and_memory_stays_flat(server: Served, world: Any) -> None:
    """D13 in small, for every run; the full size is measured by benchmarks.uploads."""
    contents = [os.urandom(8 * MEGABYTE) for _number in range(12)]
    before = server.peak_bytes()
    answers: list[Answer] = []
    bodies = [part("file", content, filename=f"{content[:4].hex()}.bin") + END for content in contents]
    # Signed in here: a thread that asks the database keeps a connection of its own.
    heads = [server.head("POST", world.url, world.researcher, KIND, f"Content-Length: {len(body)}") for body in bodies]

    def send(head: bytes, body: bytes) -> None:
        answers.append(server.ask(head, body))

    threads = [threading.Thread(target=send, args=sent) for sent in zip(heads, bodies, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status for answer in answers] == [200] * 12
    assert set(File.objects.values_list("sha256", flat=True)) == {
        hashlib.sha256(content).hexdigest() for content in contents
    }
    assert grown(server, before) < 120 * MEGABYTE
    assert server.temps() == []


def test_d22_a_store_on_two_filesystems_is_refused_at_the_start(tmp_path: Path, django_db_blocker: Any) -> None:
    """Catches a server that starts, and says only at the first upload that nothing can be linked into place."""
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "tmp").symlink_to("/proc")

    with pytest.raises(AssertionError, match="EVIDENCE_ROOT: Temporary files and kept files must be on one filesystem"):
        with served(tmp_path):
            pass
