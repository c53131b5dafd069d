"""The one door for raw bytes, and pictures drawn anew."""

import hashlib
import io
import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from casefiles.core.filestore import WrongBytes
from casefiles.evidence import previews
from casefiles.evidence.actions import files
from casefiles.evidence.models import CustodyEvent, File
from tests import make

pytestmark = pytest.mark.django_db

CONTENT = b"<script>alert(1)</script>" * 10


@pytest.fixture
def world() -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    item = make.item(lead, circle=make.restricted_to(make.circle(lead, viewer=viewer)))
    file = make.file(item, lead, CONTENT, "page \u202egpj.html", claimed_media_type="image/png")
    return SimpleNamespace(lead=lead, viewer=viewer, stranger=stranger, item=item, file=file)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def without_nonce(content: bytes) -> bytes:
    """Blank what differs between any two answers."""
    return re.sub(rb'nonce="[^"]*"', b'nonce=""', content)


def door(file: File) -> str:
    return reverse("evidence:file", args=[file.pk])


def flip(file: File) -> None:
    """Change one byte of the held file, as bad luck or a bad hand would."""
    path = files.store().path_of(file.sha256)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


def acts(file: File) -> list[str]:
    return list(CustodyEvent.objects.filter(file=file).order_by("at").values_list("act", flat=True))


def test_f01_raw_bytes_leave_as_a_download_that_cannot_run(world: Any) -> None:
    response = signed_in(world.viewer).get(door(world.file))

    assert response.status_code == 200
    assert b"".join(response.streaming_content) == CONTENT
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == 'attachment; filename="page gpj.html"'
    assert response.headers["Content-Length"] == str(len(CONTENT))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert "Last-Modified" not in response.headers


def test_c13_a_name_beyond_ascii_is_encoded(world: Any) -> None:
    file = make.file(world.item, world.lead, b"x", "Отчёт\r\nX-Evil: 1.pdf")

    disposition = signed_in(world.lead).get(door(file)).headers["Content-Disposition"]

    assert disposition.startswith("attachment; filename*=utf-8''")
    assert "\n" not in disposition


def test_f12_a_download_is_an_access_in_the_chain_of_custody(world: Any) -> None:
    b"".join(signed_in(world.viewer).get(door(world.file)).streaming_content)

    event = CustodyEvent.objects.get(act="accessed")
    assert (event.by, event.file, event.sha256_after) == (world.viewer, world.file, world.file.sha256)


def test_f03_head_tells_the_same_and_gives_nothing(world: Any) -> None:
    client = signed_in(world.viewer)

    head, get = client.head(door(world.file)), client.get(door(world.file))

    assert head.content == b""
    for name in ("Content-Type", "Content-Length", "Content-Disposition", "Content-Security-Policy"):
        assert head.headers[name] == get.headers[name]
    assert acts(world.file) == ["received", "accessed"]


@pytest.mark.parametrize("asked", ["bytes=0-0", "bytes=-5", "bytes=0-1,3-4", "bytes=9999-"])
def test_f02_ranges_are_not_served(world: Any, asked: str) -> None:
    response = signed_in(world.viewer).get(door(world.file), headers={"range": asked})

    assert response.status_code == 200
    assert response.headers["Accept-Ranges"] == "none"
    assert b"".join(response.streaming_content) == CONTENT


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_door_only_gives_out(world: Any, method: str) -> None:
    assert getattr(signed_in(world.lead), method)(door(world.file)).status_code == 405


@pytest.mark.parametrize("name", ["file", "preview"])
@pytest.mark.parametrize("method", ["get", "head", "post", "delete"])
def test_a01_a_file_of_another_circle_does_not_exist(world: Any, name: str, method: str) -> None:
    hidden = reverse(f"evidence:{name}", args=[world.file.pk])
    absent = reverse(f"evidence:{name}", args=[world.item.pk])
    client = signed_in(world.stranger)

    first, second = getattr(client, method)(hidden), getattr(client, method)(absent)

    assert (first.status_code, without_nonce(first.content)) == (404, without_nonce(second.content))
    assert acts(world.file) == ["received"]


def test_nobody_signed_out_gets_a_file(world: Any) -> None:
    assert Client().get(door(world.file)).status_code == 302


def test_l03_a_flipped_byte_is_never_given_out_and_is_recorded(world: Any) -> None:
    """Fails where the door opens the file without hashing it first."""
    flip(world.file)
    client = signed_in(world.viewer)

    response = client.get(door(world.file))

    assert response.status_code == 409
    assert CONTENT[:20] not in response.content
    assert "failed its check" in response.content.decode()
    event = CustodyEvent.objects.get(act="failed check")
    assert (event.by, event.purpose) == (world.viewer, "the file holds other bytes")
    page = client.get(world.item.get_absolute_url()).content.decode()
    assert "A file of this item failed its check" in page


def test_l03_an_items_page_finds_the_damage_itself_and_records_it_once(world: Any) -> None:
    flip(world.file)
    client = signed_in(world.viewer)

    for _visit in range(3):
        page = client.get(world.item.get_absolute_url()).content.decode()
        assert "A file of this item failed its check" in page

    assert acts(world.file) == ["received", "failed check"]


@pytest.mark.parametrize(
    ("damage", "purpose"),
    [
        (lambda path: path.unlink(), "the file is missing"),
        (lambda path: (path.chmod(0o600), path.write_bytes(CONTENT[:-1])), "the file has another size"),
        (lambda path: (path.unlink(), path.mkdir()), "something else lies in its place"),
        (lambda path: (path.unlink(), os.mkfifo(path)), "something else lies in its place"),
        (lambda path: (path.unlink(), path.symlink_to("/etc/passwd")), "something else lies in its place"),
    ],
)
def test_f06_whatever_lies_in_its_place_is_refused_and_named(world: Any, damage: Any, purpose: str) -> None:
    damage(files.store().path_of(world.file.sha256))

    response = signed_in(world.viewer).get(door(world.file))

    assert response.status_code == 409
    assert CustodyEvent.objects.get(act="failed check").purpose == purpose


def test_f08_a_file_that_turns_bad_while_it_streams_breaks_off(world: Any, settings: Any) -> None:
    """The way of files above 256 MB: they are hashed while they leave."""
    settings.EVIDENCE_EAGER_BYTES = 0
    response = signed_in(world.viewer).get(door(world.file))
    flip(world.file)

    with pytest.raises(WrongBytes):
        b"".join(response.streaming_content)

    assert acts(world.file) == ["received", "accessed", "failed check"]


def test_a_store_that_cannot_be_opened_is_no_damage_of_the_file(world: Any, settings: Any) -> None:
    settings.EVIDENCE_ROOT = Path("/proc/nowhere")

    response = signed_in(world.viewer).get(door(world.file))

    assert response.status_code == 503
    assert acts(world.file) == ["received"]


# --- Pictures ---------------------------------------------------------------------------------------------------


@pytest.fixture
def photo(world: Any, shared_data: Path) -> File:
    return make.file(world.item, world.lead, (shared_data / "exif" / "DSCN0010.jpg").read_bytes(), "DSCN0010.jpg")


def preview(file: File) -> str:
    return reverse("evidence:preview", args=[file.pk])


def test_r25_a_picture_is_drawn_anew_and_is_not_the_evidence(world: Any, photo: File) -> None:
    response = signed_in(world.viewer).get(preview(photo))

    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert Image.open(io.BytesIO(response.content)).size == (640, 480)
    assert b"Exif" not in response.content
    assert acts(photo) == ["received"]


def test_what_is_no_picture_has_none(world: Any) -> None:
    assert signed_in(world.viewer).get(preview(world.file)).status_code == 404


def test_l03_a_damaged_picture_is_not_shown_although_it_was_drawn_before(world: Any, photo: File) -> None:
    """Fails where a kept picture is shown without a look at its original."""
    client = signed_in(world.viewer)
    assert client.get(preview(photo)).status_code == 200
    flip(photo)

    assert client.get(preview(photo)).status_code == 409


def test_l04_a_damaged_kept_picture_is_drawn_again(world: Any, photo: File, settings: Any) -> None:
    drawn = previews.picture_of(photo)
    kept = settings.DATA_DIR / "previews" / photo.sha256
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")

    assert previews.picture_of(photo) == drawn
    assert kept.stat().st_mode & 0o777 == 0o600


def test_what_an_earlier_reader_could_not_draw_is_tried_again(world: Any, photo: File, settings: Any) -> None:
    drawn = previews.picture_of(photo)
    kept = settings.DATA_DIR / "previews" / photo.sha256
    earlier = b'{"version": 0, "reason": "it is no picture of a known form"}'
    kept.write_bytes(hashlib.sha256(earlier).hexdigest().encode() + earlier)

    assert previews.picture_of(photo) == drawn


def test_a_kept_picture_is_not_drawn_twice(world: Any, photo: File, settings: Any) -> None:
    drawn = previews.picture_of(photo)
    kept = (settings.DATA_DIR / "previews" / photo.sha256).stat()

    assert previews.picture_of(photo) == drawn
    assert (settings.DATA_DIR / "previews" / photo.sha256).stat().st_ino == kept.st_ino


def test_a_picture_that_cannot_be_kept_is_shown_all_the_same(world: Any, photo: File, settings: Any) -> None:
    settings.DATA_DIR = Path("/proc/nowhere")

    assert previews.picture_of(photo).width == 640


def test_an_unreadable_picture_is_kept_and_the_page_says_why_it_is_not_shown(world: Any, shared_data: Path) -> None:
    item = make.item(world.lead)
    content = (shared_data / "imagery" / "rasterio_corrupt.tif").read_bytes()
    file = make.file(item, world.lead, content, "scene.tif")
    client = signed_in(world.viewer)

    page = client.get(item.get_absolute_url()).content.decode()

    assert "Not parsed:" in page
    assert "damaged, or no picture of a known form" in page
    assert b"".join(client.get(door(file)).streaming_content) == content


def test_text_is_shown_escaped_with_its_direction_marks_visible(world: Any) -> None:
    item = make.item(world.lead)
    make.file(item, world.lead, "<b>bold</b> \u202eesrever".encode(), "note.txt")

    page = signed_in(world.viewer).get(item.get_absolute_url()).content.decode()

    assert "&lt;b&gt;bold&lt;/b&gt; ⟨U+202E⟩esrever" in page
