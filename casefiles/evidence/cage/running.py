"""The outside of the cage: starts the process, hands it one open file, and believes only frames within limits."""

import hashlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from casefiles.evidence.cage.tasks import module_of
from casefiles.evidence.readers.findings import Frame, NotParsed

WORKER = Path(__file__).with_name("worker.py")
MEBIBYTE = 1024 * 1024
_HEAD_BYTES = 4096
ENDING_SECONDS = 1.0
_SILENT = "reading it took too much time or memory"
_STRANGE = "reading it gave no answer that can be used"


@dataclass(frozen=True)
class Limits:
    """What a task may use. `output_bytes` bounds everything it says; the clock is checked from outside.

    `threads` is for a library that does not work without some of its own: everything else gets none.
    """

    memory_bytes: int = 1024 * MEBIBYTE
    cpu_seconds: int = 20
    wall_seconds: float = 20.0
    output_bytes: int = 64 * MEBIBYTE
    threads: int = 0


class Killed(NotParsed):
    """The process was killed, and not by us: the system had no memory left, or somebody did it. No word on the file."""


def collected(
    task: str,
    descriptor: int,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    *,
    asked: Mapping[str, int | str] | None = None,
) -> list[Frame]:
    """Return all that a task says about an open file; see `frames`.

    Raises:
        NotParsed: it says why, or fell silent.
    """
    return list(frames(task, descriptor, limits, asked=asked))


def frames(
    task: str,
    descriptor: int,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    *,
    asked: Mapping[str, int | str] | None = None,
) -> Iterator[Frame]:
    """Yield what a task says about the open file, as it says it; the process ends with the iteration.

    A process that was killed is started once more, and what it said before must come again: that is left out.

    The file must have been checked against its digest, and must not be read through the same descriptor meanwhile.
    A task is one of `TASKS`, or the name of a reader's module in an app that stands higher.
    `asked` says which part is wanted (a page, a record), in the keywords of the task's `frames`; short, for it is
    handed over on the command line.

    Raises:
        Killed: somebody else ended it, twice.
        NotParsed: it says why, or fell silent; frames yielded before are to be dropped.
    """
    said = Said()
    try:
        for frame in _frames_once(task, descriptor, limits, asked or {}):
            said.note(frame)
            yield frame
    except Killed:
        with closing(_frames_once(task, descriptor, limits, asked or {})) as again:
            yield from said.rest_of(again)


class Said:
    """What a process has said so far, so that another one can go on where it was killed."""

    def __init__(self) -> None:
        self._count, self._digest = 0, hashlib.sha256()

    def note(self, frame: Frame) -> None:
        self._count += 1
        # Each by its own digest: where one frame ends and the next begins is part of what was said.
        self._digest.update(hashlib.sha256(repr((frame.kind, dict(frame.meta))).encode()).digest())
        self._digest.update(hashlib.sha256(frame.body).digest())

    def rest_of(self, again: Iterator[Frame]) -> Iterator[Frame]:
        """Yield what comes behind all that was said before.

        Raises:
            NotParsed: something else comes in its place.
        """
        before = Said()
        for frame in itertools.islice(again, self._count):
            before.note(frame)
        if before._digest.digest() != self._digest.digest():
            raise NotParsed(_STRANGE)
        yield from again


def _frames_once(
    task: str, descriptor: int, limits: Limits, asked: Mapping[str, int | str]
) -> Generator[Frame, None, None]:
    process, is_late = _start(task, descriptor, limits, asked), threading.Event()
    overdue = threading.Timer(limits.wall_seconds, _end_late, [process, is_late])
    overdue.start()
    try:
        if process.stdout is not None:
            yield from _told(process.stdout, limits.output_bytes)
    except NotParsed as refusal:
        if not is_late.is_set() and _was_killed(process):
            raise Killed(refusal.reason) from refusal
        raise
    finally:
        overdue.cancel()
        _end(process)
        if process.stdout is not None:
            process.stdout.close()


def _start(task: str, descriptor: int, limits: Limits, asked: Mapping[str, int | str]) -> subprocess.Popen[bytes]:
    if not module_of(task):
        raise ValueError(f"Nothing in the cage does “{task}”.")
    arguments = [task, str(limits.memory_bytes), str(limits.cpu_seconds), json.dumps(dict(asked)), str(limits.threads)]
    return subprocess.Popen(  # noqa: S603 (our own script, no shell; of the file only what our own code made of it)
        [sys.executable, "-I", "-B", str(WORKER), *arguments],
        stdin=descriptor,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
        close_fds=True,
    )


def _end_late(process: subprocess.Popen[bytes], is_late: threading.Event) -> None:
    is_late.set()
    _end(process)


def _was_killed(process: subprocess.Popen[bytes]) -> bool:
    """Say whether a process that fell silent has been killed; one that only stopped talking has not."""
    try:
        return process.wait(timeout=ENDING_SECONDS) == -signal.SIGKILL
    except subprocess.TimeoutExpired:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _told(stream: BinaryIO | object, most: int) -> Iterator[Frame]:
    """Take apart what the process writes; it must end by saying that it has ended."""
    said = 0
    while True:
        frame = _next(stream, most - said)
        if frame.kind == "end":
            return
        if frame.kind == "refused":
            raise NotParsed(str(frame.meta.get("reason") or _STRANGE)[:200])
        said += len(frame.body)
        yield frame


def _next(stream: BinaryIO | object, room: int) -> Frame:
    line = stream.readline(_HEAD_BYTES)  # type: ignore[union-attr]
    if not line:
        raise NotParsed(_SILENT)
    try:
        head = json.loads(line)
        kind, size, meta = str(head["kind"]), int(head["size"]), dict(head["meta"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotParsed(_STRANGE) from error
    if not 0 <= size <= room:
        raise NotParsed("reading it gave more than is taken")
    body = stream.read(size)  # type: ignore[union-attr]
    if len(body) != size:
        raise NotParsed(_SILENT)
    return Frame(kind, body, meta)
