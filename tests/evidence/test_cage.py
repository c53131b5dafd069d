"""Pictures drawn anew by a process that can do nothing else."""

import io
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from casefiles.evidence import cage, cage_worker


def picture(mode: str = "RGB", size: tuple[int, int] = (60, 40), form: str = "PNG", **options: Any) -> bytes:
    drawn = io.BytesIO()
    Image.new(mode, size).save(drawn, form, **options)
    return drawn.getvalue()


def opened(drawn: cage.Picture) -> Image.Image:
    return Image.open(io.BytesIO(drawn.content))


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("RGB", "JPEG"), ("CMYK", "JPEG"), ("L", "JPEG"), ("RGBA", "PNG"), ("1", "PNG"), ("P", "GIF"),
        ("RGB", "WEBP"), ("I;16", "TIFF"), ("F", "TIFF"), ("RGB", "TIFF"),
    ],
)  # fmt: skip
def test_pictures_of_every_kind_are_drawn_anew_as_webp(mode: str, form: str) -> None:
    drawn = cage.redraw([picture(mode, form=form)])

    assert (drawn.width, drawn.height) == (60, 40)
    assert opened(drawn).format == "WEBP"
    assert opened(drawn).size == (60, 40)


def test_a_large_picture_becomes_1600_pixels_long() -> None:
    drawn = cage.redraw([picture(size=(4000, 1000))])

    assert (drawn.width, drawn.height) == (4000, 1000)
    assert opened(drawn).size == (1600, 400)


def test_an_animation_shows_its_first_frame() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    animated = io.BytesIO()
    frames[0].save(animated, "GIF", save_all=True, append_images=frames[1:])

    assert getattr(opened(cage.redraw([animated.getvalue()])), "n_frames", 1) == 1


@pytest.mark.parametrize("name", ["DSCN0010.jpg", "Canon_40D.jpg"])
def test_f09_a_preview_has_no_metadata(shared_data: Path, name: str) -> None:
    content = (shared_data / "exif" / name).read_bytes()
    assert Image.open(io.BytesIO(content)).getexif(), "the original must have metadata for this to show anything"

    drawn = opened(cage.redraw([content]))

    assert not drawn.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(drawn.info)


def test_a_picture_is_shown_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6

    assert opened(cage.redraw([picture(form="JPEG", exif=turned)])).size == (40, 60)


def test_a_real_16_bit_or_satellite_picture_is_shown(shared_data: Path) -> None:
    drawn = cage.redraw([(shared_data / "imagery" / "rasterio_cogeo.tif").read_bytes()])

    assert (drawn.width, drawn.height) == (1024, 1024)


def test_a_corrupt_tiff_is_not_parsed_and_says_so(shared_data: Path) -> None:
    with pytest.raises(cage.NotParsed) as refused:
        cage.redraw([(shared_data / "imagery" / "rasterio_corrupt.tif").read_bytes()])

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
        cage.redraw([content])


def claiming(width: int, height: int) -> bytes:
    """Return a PNG whose head claims a size, with next to nothing behind it."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = [struct.pack(">I", 13) + head, struct.pack(">I", 0) + b"IEND"]
    return b"\x89PNG\r\n\x1a\n" + b"".join(one + struct.pack(">I", zlib.crc32(one[4:])) for one in chunks)


@pytest.mark.parametrize(("width", "height"), [(65_535, 65_535), (2**31 - 1, 2**31 - 1), (0, 5)])
def test_e01_a_picture_that_claims_an_absurd_size_is_not_parsed(width: int, height: int) -> None:
    with pytest.raises(cage.NotParsed):
        cage.redraw([claiming(width, height)])


LIMITS = """
import resource, socket, subprocess, sys
sys.path.insert(0, {folder!r})
import cage_worker
cage_worker.limit_self()
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
says("memory", lambda: bytearray(2 * 1024**3))
"""


def test_e00_the_cage_gives_up_network_processes_files_and_memory(tmp_path: Path) -> None:
    """Fails where `limit_self` leaves one of them out."""
    script = tmp_path / "limits.py"
    script.write_text(LIMITS.format(folder=str(cage.WORKER.parent), file=str(tmp_path / "written")))

    done = subprocess.run([sys.executable, "-I", "-B", script], env={}, capture_output=True, text=True, timeout=30)

    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert said["connect"] == "NotParsed"
    assert said["start"] == "NotParsed"
    assert said["memory"] == "MemoryError"
    assert said["write"] == "OSError"


def test_a_process_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass\n")
    monkeypatch.setattr(cage, "WORKER", endless)
    monkeypatch.setattr(cage, "WALL_SECONDS", 1)
    started = time.monotonic()

    with pytest.raises(cage.NotParsed, match="too much time or memory"):
        cage.redraw([b"x" * 1_000_000])

    assert time.monotonic() - started < 10


def test_what_is_no_answer_is_not_believed() -> None:
    for answer in (b"", b"nonsense", b'{"width": "x", "height": 1}\n', b'{"width": 1, "height": 1}\n<script>', b"[]\n"):
        with pytest.raises(cage.NotParsed):
            cage.read_answer(answer)


def test_an_error_of_the_bytes_passes_through_and_ends_the_process() -> None:
    class Broken(Exception):
        pass

    def chunks() -> Any:
        yield b"some"
        raise Broken

    with pytest.raises(Broken):
        cage.redraw(chunks())


# --- The inside of the cage, without its walls -----------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "form"), [("RGB", "JPEG"), ("RGBA", "PNG"), ("I;16", "TIFF"), ("F", "TIFF")])
def test_the_worker_draws_every_kind(mode: str, form: str) -> None:
    known, content = cage_worker.redrawn(picture(mode, form=form))

    assert known == {"width": 60, "height": 40, "format": form}
    assert Image.open(io.BytesIO(content)).size == (60, 40)


def test_the_worker_stretches_numbers_into_view() -> None:
    drawn = io.BytesIO()
    numbers = Image.new("F", (2, 1))
    numbers.putdata([100.0, 300.0])
    numbers.save(drawn, "TIFF")

    shown = Image.open(io.BytesIO(cage_worker.redrawn(drawn.getvalue())[1])).convert("L")

    assert shown.getpixel((0, 0)) < 20
    assert shown.getpixel((1, 0)) > 235


def answered(monkeypatch: pytest.MonkeyPatch, content: bytes) -> dict[str, Any]:
    monkeypatch.setattr(cage_worker.sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    return cage_worker.answer()[0]


def test_the_worker_says_why_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answered(monkeypatch, b"words") == {"reason": "it is damaged, or no picture of a known form"}
    assert "pixels" in answered(monkeypatch, claiming(65_535, 65_535))["reason"]
    assert answered(monkeypatch, picture())["format"] == "PNG"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "more memory"),
        (cage_worker.NotParsed("because"), "because"),
        (ValueError("its words"), "damaged"),
    ],
)
def test_the_worker_repeats_no_words_of_the_file(monkeypatch: pytest.MonkeyPatch, error: Exception, words: str) -> None:
    def fail(_content: bytes) -> Any:
        raise error

    monkeypatch.setattr(cage_worker, "redrawn", fail)

    reason = answered(monkeypatch, picture())["reason"]

    assert words in reason
    assert "its words" not in reason
