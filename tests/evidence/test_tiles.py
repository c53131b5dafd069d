"""Tiles that are kept: made once, from checked bytes, and again where they are lost or damaged."""

import io
import json
import os
import time
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from casefiles.core.filestore import WrongBytes
from casefiles.evidence import cage, tiles, tiling
from casefiles.evidence.models import CustodyEvent
from casefiles.evidence.readers.pyramids import Pyramid
from casefiles.evidence.store import store
from tests import make
from tests.evidence.test_file_door import flip

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


def picture(size: tuple[int, int] = (700, 600)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "#446688").save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def file() -> Any:
    lead = make.lead()
    return make.file(make.item(lead, circle=make.restricted_to(make.circle(lead))), lead, picture(), "yard.png")


def folder(settings: Any, file: Any) -> Path:
    return Path(settings.DATA_DIR) / "tiles" / file.sha256


def test_tiles_are_made_once_and_kept(file: Any, settings: Any) -> None:
    first = tiles.make(file)
    written = (folder(settings, file) / "tiles").stat().st_mtime_ns

    again = tiles.make(file)

    assert first == again == tiles.kept(file.sha256)
    assert (first.pyramid, first.shown, first.is_done) == (Pyramid(700, 600), 2, True)
    assert (folder(settings, file) / "tiles").stat().st_mtime_ns == written


@pytest.mark.parametrize("place", [(0, 0, 0), (1, 0, 0), (1, 1, 1)])
def test_a_tile_is_given_out_as_it_was_made(file: Any, place: tuple[int, int, int]) -> None:
    tiles.make(file)

    content = tiles.tile(file.sha256, *place)

    assert Image.open(io.BytesIO(content or b"")).size == (512, 512)


@pytest.mark.parametrize("place", [(-1, 0, 0), (2, 0, 0), (0, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_a_tile_that_is_not_there_is_none(file: Any, place: tuple[int, int, int]) -> None:
    tiles.make(file)

    assert tiles.tile(file.sha256, *place) is None


def test_before_they_are_made_there_are_none(file: Any) -> None:
    assert tiles.kept(file.sha256) is None
    assert tiles.tile(file.sha256, 0, 0, 0) is None
    assert tiles.was_checked(file) is None


@pytest.mark.parametrize("name", ["tiles", "index"])
@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_l04_damaged_tiles_are_never_given_out_and_made_again(file: Any, settings: Any, name: str, damage: str) -> None:
    """Fails where a flipped byte of a derivative reaches a reader, or stays."""
    tiles.make(file)
    right = tiles.tile(file.sha256, 0, 0, 0)
    path = folder(settings, file) / name
    content = bytearray(path.read_bytes())
    content[10] ^= 1
    if damage == "remove":
        path.unlink()
    else:
        path.write_bytes(bytes(content) if damage == "flip" else b"")

    assert tiles.tile(file.sha256, 0, 0, 0) is None
    assert tiles.kept(file.sha256) is None

    tiles.make(file)
    assert tiles.tile(file.sha256, 0, 0, 0) == right


@pytest.mark.parametrize("content", [b"", b"nonsense", b"{}", b"deadbeef\n{}"])
def test_a_damaged_manifest_counts_as_none(file: Any, settings: Any, content: bytes) -> None:
    tiles.make(file)
    (folder(settings, file) / "manifest").write_bytes(content)

    assert tiles.kept(file.sha256) is None


@pytest.mark.parametrize(
    "values", [[], {"version": 0}, {"version": 1}, {"version": 1, "width": "x", "height": 1, "shown": 1, "reason": ""}]
)
def test_a_manifest_of_another_shape_or_version_counts_as_none(file: Any, settings: Any, values: Any) -> None:
    tiles.make(file)
    content = json.dumps(values).encode()
    (folder(settings, file) / "manifest").write_bytes(sha256(content).hexdigest().encode() + b"\n" + content)

    assert tiles.kept(file.sha256) is None


def test_what_cannot_be_parsed_keeps_its_reason() -> None:
    lead = make.lead()
    broken = make.file(
        make.item(lead, circle=make.restricted_to(make.circle(lead))),
        lead,
        b"\x89PNG\r\n\x1a\n" + b"x" * 100,
        "broken.png",
    )

    known = tiles.make(broken)

    assert (known.reason, known.is_done) == ("it is damaged, or no picture of a known form", True)
    assert tiles.kept(broken.sha256) == known
    assert tiles.tile(broken.sha256, 0, 0, 0) is None


def test_l03_wrong_bytes_become_no_tiles_and_are_remembered(file: Any) -> None:
    flip(file)

    with pytest.raises(WrongBytes):
        tiles.make(file)

    assert tiles.kept(file.sha256) is None
    assert tiles.was_checked(file) == "wrong_bytes"


def test_an_original_counts_as_checked_until_somebody_touches_it(file: Any) -> None:
    tiles.make(file)
    assert tiles.was_checked(file) == ""

    path = store().path_of(file.sha256)
    os.utime(path, (1, 1))

    assert tiles.was_checked(file) is None


def test_an_original_is_hashed_again_after_twelve_hours(file: Any, settings: Any) -> None:
    tiles.make(file)
    path = folder(settings, file) / "checked"
    content = json.loads(path.read_bytes().partition(b"\n")[2])
    aged = json.dumps({**content, "at": time.time() - tiles.CHECK_SECONDS - 1}).encode()
    path.write_bytes(sha256(aged).hexdigest().encode() + b"\n" + aged)

    assert tiles.was_checked(file) is None


def test_a_missing_original_is_not_taken_for_checked(file: Any) -> None:
    tiles.make(file)
    store().path_of(file.sha256).unlink()

    assert tiles.was_checked(file) is None


def test_only_one_process_makes_the_tiles_of_an_image(file: Any, settings: Any) -> None:
    with tiles._alone(folder(settings, file)) as is_alone:
        assert is_alone
        assert tiles.make(file) is None

    assert tiles.make(file) is not None


def test_j12_a_full_disk_stops_it_and_nothing_else(file: Any, settings: Any) -> None:
    settings.EVIDENCE_DISK_FLOOR_BYTES = 2**62

    with pytest.raises(tiles.NoRoom):
        tiles.make(file)

    assert tiles.kept(file.sha256) is None
    assert tiling.prepare(file) is None


@pytest.mark.parametrize(
    "frames",
    [
        [("tile", b"", {})],
        [("other", b"", {})],
        [("shown", b"", {"levels": 1})],
        [("pyramid", b"", {"width": 0, "height": 9, "stretched": False, "as_stored": False, "bands": 3})],
        [("pyramid", b"", {"width": 2**31, "height": 2**31, "stretched": False, "as_stored": False, "bands": 3})],
        [("pyramid", b"", {"width": "many"})],
    ],
)
def test_what_the_cage_says_is_believed_only_where_it_makes_sense(tmp_path: Path, frames: Any) -> None:
    with (tmp_path / "t").open("wb") as pack, (tmp_path / "i").open("w+b") as index:
        writing = tiles._Writing(tmp_path, pack, index)

        with pytest.raises(cage.NotParsed):
            for kind, body, meta in frames:
                writing.take(cage.Frame(kind, body, meta))


@pytest.mark.parametrize(
    ("body", "level"),
    [(b"<html>", 0), (b"RIFF\x00\x00\x00\x00WEBP", 5), (b"RIFF\x00\x00\x00\x00WEBP" + bytes(5_000_000), 0)],
)
def test_a_tile_that_is_none_is_not_kept(tmp_path: Path, body: bytes, level: int) -> None:
    with (tmp_path / "t").open("wb") as pack, (tmp_path / "i").open("w+b") as index:
        writing = tiles._Writing(tmp_path, pack, index)
        size = {"width": 9, "height": 9, "stretched": False, "as_stored": False, "bands": 3}
        writing.take(cage.Frame("pyramid", b"", size))

        with pytest.raises(cage.NotParsed):
            writing.take(cage.Frame("tile", body, {"level": level, "column": 0, "row": 0}))


def test_wrong_bytes_are_recorded_once_for_each_damage(file: Any) -> None:
    flip(file)

    assert tiling.prepare(file) is None
    assert tiling.prepare(file) is None

    assert CustodyEvent.objects.filter(file=file, act="failed check").count() == 1


def test_nothing_is_made_in_the_background_where_that_is_turned_off(file: Any, settings: Any) -> None:
    tiling.want(file)

    assert tiles.kept(file.sha256) is None


@pytest.mark.django_db(transaction=True)
def test_what_is_wanted_is_made_in_the_background(file: Any, settings: Any) -> None:
    settings.EVIDENCE_READS_IN_BACKGROUND = True

    tiling.want(file)
    tiling.want(file)
    for thread in tiling._threads:
        thread.join(60)

    known = tiles.kept(file.sha256)
    assert known is not None
    assert known.is_done


@pytest.mark.django_db(transaction=True)
def test_one_image_that_cannot_be_made_stops_no_other(file: Any, settings: Any, caplog: Any) -> None:
    settings.EVIDENCE_READS_IN_BACKGROUND = True
    strange: Any = SimpleNamespace(pk=1, sha256="../x", size_bytes=1, media_type="image/png")

    tiling.want(strange)
    tiling.want(file)
    for thread in tiling._threads:
        thread.join(60)

    assert tiles.kept(file.sha256) is not None
