"""Pictures drawn anew by a process that can do nothing else."""

import ctypes
import io
import os
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from casefiles.evidence import cage, tiles
from casefiles.evidence.cage import worker
from casefiles.evidence.cage.running import WORKER, Said, _told
from casefiles.evidence.readers import pictures
from casefiles.evidence.reading import limits_for, picture_task_for
from tests.evidence.hostile.images import heif


def picture(mode: str = "RGB", size: tuple[int, int] = (60, 40), form: str = "PNG", **options: Any) -> bytes:
    drawn = io.BytesIO()
    Image.new(mode, size).save(drawn, form, **options)
    return drawn.getvalue()


def redrawn(content: bytes, **limits: Any) -> cage.Frame:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return cage.collected("picture", file.fileno(), cage.Limits(**limits))[0]


def opened(drawn: cage.Frame) -> Image.Image:
    return Image.open(io.BytesIO(drawn.body))


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("RGB", "JPEG"), ("CMYK", "JPEG"), ("L", "JPEG"), ("RGBA", "PNG"), ("1", "PNG"), ("P", "GIF"),
        ("RGB", "WEBP"), ("I;16", "TIFF"), ("F", "TIFF"), ("RGB", "TIFF"),
    ],
)  # fmt: skip
def test_pictures_of_every_kind_are_drawn_anew_as_webp(mode: str, form: str) -> None:
    drawn = redrawn(picture(mode, form=form))

    assert drawn.meta == {"width": 60, "height": 40}
    assert opened(drawn).format == "WEBP"
    assert opened(drawn).size == (60, 40)


def test_a_large_picture_becomes_1600_pixels_long() -> None:
    drawn = redrawn(picture(size=(4000, 1000)))

    assert drawn.meta == {"width": 4000, "height": 1000}
    assert opened(drawn).size == (1600, 400)


def test_an_animation_shows_its_first_frame() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    animated = io.BytesIO()
    frames[0].save(animated, "GIF", save_all=True, append_images=frames[1:])

    assert getattr(opened(redrawn(animated.getvalue())), "n_frames", 1) == 1


@pytest.mark.parametrize("name", ["DSCN0010.jpg", "Canon_40D.jpg"])
def test_f09_a_preview_has_no_metadata(shared_data: Path, name: str) -> None:
    content = (shared_data / "exif" / name).read_bytes()
    assert Image.open(io.BytesIO(content)).getexif(), "the original must have metadata for this to show anything"

    drawn = opened(redrawn(content))

    assert not drawn.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(drawn.info)


def test_a_picture_is_shown_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6

    assert opened(redrawn(picture(form="JPEG", exif=turned))).size == (40, 60)


def test_a_real_16_bit_or_satellite_picture_is_shown(shared_data: Path) -> None:
    drawn = redrawn((shared_data / "imagery" / "rasterio_cogeo.tif").read_bytes())

    assert drawn.meta == {"width": 1024, "height": 1024}


def test_a_corrupt_tiff_is_not_parsed_and_says_so(shared_data: Path) -> None:
    with pytest.raises(cage.NotParsed) as refused:
        redrawn((shared_data / "imagery" / "rasterio_corrupt.tif").read_bytes())

    assert refused.value.reason == "it is damaged, or no picture of a known form"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"words",
        picture(form="BMP"),
        picture()[:60],
        b"%!PS-Adobe-3.0 EPSF",
        b"\x89PNG\r\n\x1a\n<script>",
    ],
)
def test_what_is_no_allowed_picture_is_not_parsed(content: bytes) -> None:
    with pytest.raises(cage.NotParsed, match="damaged, or no picture"):
        redrawn(content)


def claiming(width: int, height: int) -> bytes:
    """Return a PNG whose head claims a size, with next to nothing behind it."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = [struct.pack(">I", 13) + head, struct.pack(">I", 0) + b"IEND"]
    return b"\x89PNG\r\n\x1a\n" + b"".join(one + struct.pack(">I", zlib.crc32(one[4:])) for one in chunks)


@pytest.mark.parametrize(("width", "height"), [(65_535, 65_535), (2**31 - 1, 2**31 - 1), (0, 5)])
def test_e01_a_picture_that_claims_an_absurd_size_is_not_parsed(width: int, height: int) -> None:
    with pytest.raises(cage.NotParsed):
        redrawn(claiming(width, height))


WALLS = """
import os, socket, subprocess, sys
sys.path[:0] = [{folder!r}, {project!r}]
import worker
worker.limit_self(memory_bytes=2**30, cpu_seconds=20)
def says(name, act):
    try:
        act()
    except BaseException as error:
        print(name, type(error).__name__)
    else:
        print(name, "went through")
says("connect", lambda: socket.create_connection(("127.0.0.1", 9)))
says("start", lambda: subprocess.run(["true"]))
says("write", lambda: open({file!r}, "w").write("x" * 100_000))
says("read", lambda: open({secret!r}).read())
says("memory", lambda: bytearray(2 * 1024**3))
says("library", lambda: open(os.__file__).read())
"""


def test_e00_the_cage_gives_up_network_processes_files_and_memory(tmp_path: Path) -> None:
    """Fails where `limit_self` leaves one of them out."""
    script, secret = tmp_path / "walls.py", tmp_path / "secret"
    secret.write_text("of another case")
    paths = {"folder": str(WORKER.parent), "project": str(WORKER.parents[3])}
    script.write_text(WALLS.format(**paths, file=str(tmp_path / "written"), secret=str(secret)))

    done = subprocess.run([sys.executable, "-I", "-B", script], env={}, capture_output=True, text=True, timeout=30)

    assert dict(line.split(" ", 1) for line in done.stdout.splitlines()) == {
        "connect": "PermissionError",
        "start": "PermissionError",
        "write": "PermissionError",
        "read": "PermissionError",
        "memory": "MemoryError",
        "library": "went through",
    }


KERNEL = """
import ctypes, sys
sys.path[:0] = [{folder!r}, {project!r}]
import worker
libc = ctypes.CDLL(None, use_errno=True)
worker.close_file_system(libc, worker.library_folders())
print(libc.open({secret!r}.encode(), 0) >= 0, libc.open({library!r}.encode(), 0) >= 0)
"""


def has_landlock() -> bool:
    return int(ctypes.CDLL(None).syscall(444, 0, 0, 1)) >= 1


def test_e00_the_kernel_refuses_other_files_where_it_can(tmp_path: Path) -> None:
    """Fails where only Python's own hook stands between a hole in a library and other files of the server."""
    script, secret = tmp_path / "kernel.py", tmp_path / "secret"
    secret.write_text("of another case")
    paths = {"folder": str(WORKER.parent), "project": str(WORKER.parents[3])}
    script.write_text(KERNEL.format(**paths, secret=str(secret), library=io.__file__))

    done = subprocess.run([sys.executable, "-I", "-B", script], env={}, capture_output=True, text=True, timeout=30)

    assert done.stdout.split() == [str(not has_landlock()), "True"]


THREADS = """
import encodings.idna, io, os, resource, sys
sys.path[:0] = [{folder!r}, {project!r}]
import worker
from casefiles.evidence.readers import pictures
pictures.prepare()
content = open({file!r}, "rb").read()
most = worker.held_threads() + {threads} if {threads} else 0
if os.getuid() == 0:
    # The kernel holds root to no such limit.
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
try:
    print(next(iter(pictures.frames(io.BytesIO(content)))).meta)
except Exception as error:
    print(type(error).__name__)
"""


@pytest.mark.parametrize(
    ("form", "threads", "is_drawn"), [("HEIC", 4, True), ("HEIC", 0, False), ("AVIF", 0, True), ("JPEG", 0, True)]
)
def test_nothing_but_heic_needs_threads(tmp_path: Path, form: str, threads: int, is_drawn: bool) -> None:
    """As root, whom the limit does not hold, every decoder works; in an installation AVIF and HEIC would not."""
    script, file = tmp_path / "threads.py", tmp_path / "picture"
    file.write_bytes(heif() if form == "HEIC" else picture(form=form))
    paths = {"folder": str(WORKER.parent), "project": str(WORKER.parents[3]), "file": str(file)}
    script.write_text(THREADS.format(**paths, threads=threads))

    done = subprocess.run([sys.executable, "-I", "-B", script], env={}, capture_output=True, text=True, timeout=30)

    assert done.stdout.startswith("{") == is_drawn, done.stdout + done.stderr


def test_heic_is_drawn_in_a_cage_with_threads() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(heif((120, 80)))
        file.flush()
        task = picture_task_for("image/heic")
        [drawn] = cage.collected(task, file.fileno(), limits_for(task))

    assert drawn.meta == {"width": 120, "height": 80}


def test_a_process_that_takes_too_long_is_ended() -> None:
    started = time.monotonic()

    with pytest.raises(cage.NotParsed, match="too much time or memory"):
        redrawn(picture(), wall_seconds=0.01)

    assert time.monotonic() - started < 10


class Killer(threading.Thread):
    """Kills processes of the cage that this process starts, as the system does for want of memory: so many of them."""

    def __init__(self, most: int) -> None:
        super().__init__(daemon=True)
        self._most, self._over, self.killed = most, threading.Event(), set[int]()

    def run(self) -> None:
        while len(self.killed) < self._most and not self._over.is_set():
            for pid in {pid for pid in children() if pid not in self.killed and str(WORKER) in command_of(pid)}:
                os.kill(pid, signal.SIGKILL)
                self.killed.add(pid)

    def __enter__(self) -> "Killer":
        self.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._over.set()
        self.join()


def children() -> set[int]:
    found: set[int] = set()
    for path in Path("/proc/self/task").glob("*/children"):
        # A thread may end between being listed and being read.
        with suppress(OSError):
            found.update(int(pid) for pid in path.read_text().split())
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def test_j09_a_process_that_the_system_kills_says_nothing_against_the_file() -> None:
    """Breaks where a sound file counts as unreadable for ever because memory ran out while it was read."""
    with Killer(most=1) as killer:
        drawn = redrawn(picture())

    assert (drawn.meta, len(killer.killed)) == ({"width": 60, "height": 40}, 1)


def test_j09_one_that_is_killed_each_time_is_not_tried_for_ever() -> None:
    with Killer(most=9) as killer, pytest.raises(cage.NotParsed, match="too much time or memory"):
        redrawn(picture())

    assert len(killer.killed) == 2


def test_j09_one_that_is_killed_in_the_middle_is_gone_on_with_where_it_was() -> None:
    """Breaks where rows or tiles that were taken already come twice, or a killed reader is held against the file."""
    noise = io.BytesIO()
    Image.effect_noise((2_048, 2_048), 90).convert("RGB").save(noise, "JPEG")
    with tempfile.TemporaryFile() as file:
        file.write(noise.getvalue())
        file.flush()
        whole = cage.collected("tiles", file.fileno(), tiles.LIMITS)

        told = cage.frames("tiles", file.fileno(), tiles.LIMITS)
        begun = [next(told), next(told)]
        with Killer(most=1) as killer:
            killer.join()
        rest = list(told)

    assert [*begun, *rest] == whole


@pytest.mark.parametrize("again", [[], [cage.Frame("a", b"1")], [cage.Frame("a", b"12"), cage.Frame("b", b"")]])
def test_j09_a_process_that_says_something_else_the_second_time_is_not_believed(again: list[cage.Frame]) -> None:
    said = Said()
    for frame in (cage.Frame("a", b"1"), cage.Frame("b", b"2")):
        said.note(frame)

    with pytest.raises(cage.NotParsed, match="no answer that can be used"):
        list(said.rest_of(iter(again)))


def test_a_process_that_says_too_much_is_not_believed() -> None:
    with pytest.raises(cage.NotParsed, match="more than is taken"):
        redrawn(picture(), output_bytes=10)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\n",
        b"[]\n",
        b'{"kind": "picture", "size": -1, "meta": {}}\n',
        b'{"kind": "picture", "size": "x", "meta": {}}\n',
        b'{"kind": "picture", "size": 9, "meta": {}}\nshort',
        b'{"kind": "picture", "size": 0, "meta": {}}\n',
        b"[" * 5000,
    ],
)
def test_what_is_no_answer_is_not_believed(answer: bytes) -> None:
    with pytest.raises(cage.NotParsed):
        list(_told(io.BytesIO(answer), 1000))


def test_nothing_else_can_be_asked_for() -> None:
    with pytest.raises(ValueError, match="Nothing in the cage"):
        cage.collected("os", 0)


# --- The inside of the cage, without its walls -----------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "form"), [("RGB", "JPEG"), ("RGBA", "PNG"), ("I;16", "TIFF"), ("F", "TIFF")])
def test_the_reader_draws_every_kind(mode: str, form: str) -> None:
    [frame] = pictures.frames(io.BytesIO(picture(mode, form=form)))

    assert frame.meta == {"width": 60, "height": 40}
    assert opened(frame).size == (60, 40)


def test_numbers_are_stretched_into_view() -> None:
    drawn = io.BytesIO()
    numbers = Image.new("F", (2, 1))
    numbers.putdata([100.0, 300.0])
    numbers.save(drawn, "TIFF")

    shown = opened(next(pictures.frames(io.BytesIO(drawn.getvalue())))).convert("L")

    assert shown.getpixel((0, 0)) < 20
    assert shown.getpixel((1, 0)) > 235


class Reader:
    """A reader that does as the test says."""

    def __init__(self, result: Any) -> None:
        self._result = result

    def frames(self, file: Any, **asked: Any) -> Iterator[cage.Frame]:
        if isinstance(self._result, BaseException):
            raise self._result
        yield self._result
        yield from (cage.Frame("asked", meta={"for": what, "which": which}) for what, which in asked.items())


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "it needs more memory than is given"),
        (RecursionError(), "it is nested deeper than is read"),
        (cage.NotParsed("because"), "because"),
        (ValueError("its words"), "it is damaged, or not of the form it seems to be"),
    ],
)
def test_the_worker_repeats_no_words_of_the_file(error: Exception, words: str) -> None:
    said = io.BytesIO()

    worker.answer(Reader(error), io.BytesIO(), said)

    with pytest.raises(cage.NotParsed) as refused:
        list(_told(io.BytesIO(said.getvalue()), 1000))
    assert refused.value.reason == words


def test_the_worker_says_all_that_was_found_and_that_this_was_all() -> None:
    said = io.BytesIO()

    worker.answer(Reader(cage.Frame("text", b"words", {"made_by": "x"})), io.BytesIO(), said)

    assert list(_told(io.BytesIO(said.getvalue()), 1000)) == [cage.Frame("text", b"words", {"made_by": "x"})]


def test_the_worker_hands_on_what_was_asked_for() -> None:
    said = io.BytesIO()

    worker.answer(Reader(cage.Frame("text")), io.BytesIO(), said, {"page": 3})

    assert list(_told(io.BytesIO(said.getvalue()), 1000))[1].meta == {"for": "page", "which": 3}
