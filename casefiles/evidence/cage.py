"""Pictures of hostile files, drawn anew by a process that can do nothing else (R22).

One process a file: isolated Python, empty environment, 1 GB of memory, 20 s of processor and of clock, no files to
write, no further processes. It also leaves the network where the system lets a process without rights do so (user
namespaces); elsewhere only an audit hook stands in the way, so run the server in a network of its own if it parses
what the other side sends.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

WORKER = Path(__file__).with_name("cage_worker.py")
WALL_SECONDS = 20
MOST_BYTES = 128 * 1024 * 1024
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff"})


class NotParsed(Exception):
    """The file cannot be shown; `reason` says why. The file itself is kept all the same."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Picture:
    """A WebP of at most 1600 pixels without metadata, and the size of the original in pixels."""

    content: bytes
    width: int
    height: int


def redraw(chunks: Iterable[bytes]) -> Picture:
    """Return a harmless picture of an image file; an error raised by `chunks` passes through.

    Raises:
        NotParsed: it is damaged, too large, of no known form, or took too long.
    """
    return read_answer(raw_answer(chunks))


def raw_answer(chunks: Iterable[bytes]) -> bytes:
    """Return what the process in the cage answered, for `read_answer`."""
    process = subprocess.Popen(  # noqa: S603 (our own script, no shell, nothing of the file in the arguments)
        [sys.executable, "-I", "-B", str(WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
        close_fds=True,
    )
    overdue = threading.Timer(WALL_SECONDS, _end, [process])
    overdue.start()
    try:
        _feed(process, chunks)
        answer = process.stdout.read() if process.stdout else b""
        process.wait()
    finally:
        overdue.cancel()
        _end(process)
        _close(process)
    return answer


def _feed(process: subprocess.Popen[bytes], chunks: Iterable[bytes]) -> None:
    if process.stdin is None:
        return
    # A process that has ended already (out of memory, out of time) answers by its silence.
    with suppress(BrokenPipeError):
        for chunk in chunks:
            process.stdin.write(chunk)
        process.stdin.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def read_answer(answer: bytes) -> Picture:
    """Take apart what the cage wrote: plain numbers and the bytes of a WebP, nothing else is believed.

    Raises:
        NotParsed: it says why there is no picture, or what it says is not an answer.
    """
    line, _newline, content = answer.partition(b"\n")
    try:
        known = json.loads(line)
        if "reason" in known:
            raise NotParsed(str(known["reason"])[:200])
        width, height = int(known["width"]), int(known["height"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotParsed("reading it took too much time or memory") from error
    if not content.startswith(b"RIFF") or content[8:12] != b"WEBP":
        raise NotParsed("reading it gave no picture")
    return Picture(content=content, width=width, height=height)
