"""Stills of films: derivatives with the moment they were taken at, by a program behind walls."""

import io
import shutil
import socket
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from casefiles.core.refusals import Refused
from casefiles.evidence import stills
from casefiles.evidence.actions import items, reading
from casefiles.evidence.actions.stills import NoStill, keep_still
from casefiles.evidence.cage import NotParsed
from casefiles.evidence.models import CustodyEvent, File
from casefiles.evidence.store import store
from tests import make
from tests.evidence.hostile import media as hostile
from tests.evidence.media_files import mp4, wav

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

FFMPEG = shutil.which("ffmpeg")


def stand_in(folder: Path, answer: str) -> str:
    """Write a program that answers as ffmpeg would be hoped to, or not."""
    program = folder / "ffmpeg"
    lines = ["#!/bin/sh", '[ "$1" = -version ] && echo "ffmpeg version 0.0-stand-in" && exit', answer]
    program.write_text("\n".join(lines))
    program.chmod(0o755)
    return str(program)


def printed(content: bytes) -> str:
    octal = "".join(f"\\{byte:03o}" for byte in content)
    return f"printf '{octal}'"


def png() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (4, 3)).save(drawn, "PNG")
    return drawn.getvalue()


@pytest.fixture
def program(settings: Any, tmp_path: Path) -> str:
    settings.FFMPEG = stand_in(tmp_path, printed(png()))
    return str(settings.FFMPEG)


@pytest.fixture
def world() -> SimpleNamespace:
    lead, viewer = make.lead(), make.user()
    item = make.item(lead, circle=make.restricted_to(make.circle(lead, viewer=viewer)))
    film = make.file(item, lead, mp4(), "quay.mp4")
    return SimpleNamespace(lead=lead, viewer=viewer, item=item, film=film)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_l28_a_still_is_a_derivative_that_names_film_moment_and_program(world: Any, program: str) -> None:
    before = store().path_of(world.film.sha256).stat().st_mtime_ns

    still = keep_still(world.film, by=world.lead, moment="1:12.5")

    assert (still.role, still.parent, still.media_type) == ("derivative", world.film, "image/png")
    assert still.transformation == "still at 00:01:12.5, ffmpeg 0.0-stand-in"
    assert still.name == "quay.mp4 00.01.12.5.png"
    event = CustodyEvent.objects.get(file=still)
    assert (event.act, event.by) == ("derived", world.lead)
    assert (event.sha256_before, event.sha256_after) == (world.film.sha256, still.sha256)
    assert store().path_of(world.film.sha256).stat().st_mtime_ns == before


@pytest.mark.parametrize("moment", ["", "soon", "p. 4", "00:99:99"])
def test_a_moment_that_is_none_is_refused(world: Any, program: str, moment: str) -> None:
    with pytest.raises(Refused, match="Write the moment"):
        keep_still(world.film, by=world.lead, moment=moment)


def test_without_ffmpeg_there_are_no_stills_and_it_says_so(world: Any, settings: Any) -> None:
    settings.FFMPEG = "/nowhere/ffmpeg"

    with pytest.raises(NoStill, match="ffmpeg is not installed"):
        keep_still(world.film, by=world.lead, moment="00:00:01")
    page = signed_in(world.lead).get(reverse("evidence:play", args=[world.film.pk])).content.decode()
    assert "Keep a still" not in page


def test_a_sound_has_no_stills(world: Any, program: str) -> None:
    sound = make.file(world.item, world.lead, wav(), "call.wav")

    with pytest.raises(NoStill, match="no film of a known form"):
        keep_still(sound, by=world.lead, moment="00:00:01")


@pytest.mark.parametrize("answer", ["exit 1", "echo words", "kill -9 $$"])
def test_a_program_that_gives_no_picture_is_not_believed(
    world: Any, settings: Any, tmp_path: Path, answer: str
) -> None:
    settings.FFMPEG = stand_in(tmp_path, answer)

    with pytest.raises(NoStill, match="nothing at this moment"):
        keep_still(world.film, by=world.lead, moment="00:00:01")
    assert File.objects.filter(parent=world.film).count() == 0


def test_a_program_that_takes_too_long_is_ended(world: Any, settings: Any, tmp_path: Path) -> None:
    settings.FFMPEG = stand_in(tmp_path, "while :; do :; done")

    with store().open_verified(world.film.sha256, size_bytes=world.film.size_bytes) as held:
        with pytest.raises(NotParsed, match="took too long"):
            stills.still_of(held, "video/mp4", 1.0, wall_seconds=0.5)


def test_l03_nothing_is_taken_from_a_film_whose_bytes_are_wrong(world: Any, program: str) -> None:
    path = store().path_of(world.film.sha256)
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(content[:-1] + b"x")

    with pytest.raises(Refused, match="failed its check"):
        keep_still(world.film, by=world.lead, moment="00:00:01")


def test_nothing_is_added_to_a_voided_item(world: Any, program: str) -> None:
    items.void_item(world.item, by=world.lead, reason="Wrong ship.")

    with pytest.raises(Refused):
        keep_still(world.film, by=world.lead, moment="00:00:01")


def test_a_still_is_kept_from_the_player(world: Any, program: str) -> None:
    client = signed_in(world.lead)
    address = reverse("evidence:still", args=[world.film.pk])
    assert f'formaction="{address}"' in client.get(reverse("evidence:play", args=[world.film.pk])).content.decode()

    form = client.get(f"{address}?locator=00:00:07").content.decode()
    answer = client.post(address, {"moment": "00:00:07"})

    assert 'value="00:00:07"' in form
    still = File.objects.get(parent=world.film)
    assert answer.headers["Location"] == f"{world.item.get_absolute_url()}?show={still.pk}"


def test_who_may_only_read_keeps_no_still(world: Any, program: str) -> None:
    client = signed_in(world.viewer)

    assert "Keep a still" not in client.get(reverse("evidence:play", args=[world.film.pk])).content.decode()
    assert client.post(reverse("evidence:still", args=[world.film.pk]), {"moment": "00:00:07"}).status_code == 403


def test_e00_the_program_reaches_no_other_file(world: Any, settings: Any, tmp_path: Path) -> None:
    """Fails where a hole in ffmpeg could read what else lies on this machine, where the kernel can forbid it."""
    from tests.evidence.test_cage import has_landlock

    secret = tmp_path / "secret"
    secret.write_bytes(png())
    settings.FFMPEG = stand_in(tmp_path, f"cat {secret}")

    if not has_landlock():
        return
    with pytest.raises(NoStill):
        keep_still(world.film, by=world.lead, moment="00:00:01")


# --- How a film begins -----------------------------------------------------------------------------------------------


def poster(film: File) -> str:
    return reverse("evidence:poster", args=[film.pk])


def test_r25_how_a_film_begins_is_drawn_anew(world: Any, program: str) -> None:
    response = signed_in(world.viewer).get(poster(world.film))

    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert Image.open(io.BytesIO(response.content)).size == (4, 3)
    assert CustodyEvent.objects.filter(file=world.film).count() == 1


def test_an_items_page_shows_how_its_film_begins(world: Any, program: str) -> None:
    reading.read_file(world.film)

    page = signed_in(world.viewer).get(world.item.get_absolute_url()).content.decode()

    assert f'src="{poster(world.film)}"' in page


def test_without_ffmpeg_nothing_shows_how_a_film_begins(world: Any, settings: Any) -> None:
    settings.FFMPEG = "/nowhere/ffmpeg"
    reading.read_file(world.film)
    client = signed_in(world.viewer)

    assert client.get(poster(world.film)).status_code == 404
    assert poster(world.film) not in client.get(world.item.get_absolute_url()).content.decode()


@pytest.mark.parametrize("answer", ["exit 1", printed(b"\x89PNG\r\n\x1a\nno more")])
def test_a_film_of_which_nothing_is_drawn_has_no_beginning(
    world: Any, settings: Any, tmp_path: Path, answer: str
) -> None:
    settings.FFMPEG = stand_in(tmp_path, answer)
    client = signed_in(world.viewer)

    assert [client.get(poster(world.film)).status_code for _time in range(2)] == [404, 404]


def test_l03_a_film_whose_bytes_are_wrong_shows_no_beginning_although_it_was_drawn(world: Any, program: str) -> None:
    client = signed_in(world.viewer)
    assert client.get(poster(world.film)).status_code == 200
    path = store().path_of(world.film.sha256)
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(content[:-1] + b"x")

    assert client.get(poster(world.film)).status_code == 409


# --- With ffmpeg itself, where it is installed: elsewhere these find nothing to try -----------------------------------


def film_of(form: str) -> bytes:
    made = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=10:duration=3", "-c:v", "mpeg4"]
    movable = ["-movflags", "frag_keyframe+empty_moov"] if form == "mp4" else []
    command = [str(FFMPEG), "-loglevel", "error", *made, *movable, "-f", form, "pipe:1"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def test_ffmpeg_takes_the_still_that_was_asked_for(world: Any) -> None:
    for form in ("mp4", "matroska") if FFMPEG else ():
        film = make.file(world.item, world.lead, film_of(form), "test")

        still = keep_still(film, by=world.lead, moment="00:00:01.5")

        picture = Image.open(io.BytesIO(store().path_of(still.sha256).read_bytes()))
        assert picture.size == (320, 240)
        with pytest.raises(NoStill):
            keep_still(film, by=world.lead, moment="01:00:00")


@pytest.mark.parametrize("media_type", ["video/mp4", "video/webm"])
def test_e37_ffmpeg_follows_no_playlist_even_where_it_is_taken_for_a_film(world: Any, media_type: str) -> None:
    for _id, name, content in hostile.playlists() if FFMPEG else ():
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0.2)
            aimed = content.replace(b"127.0.0.1:9", b"127.0.0.1:%d" % listener.getsockname()[1])
            file = make.file(world.item, world.lead, aimed, name)
            with store().open_verified(file.sha256) as held, pytest.raises(NotParsed):
                stills.still_of(held, media_type, 0)
            with pytest.raises(TimeoutError):
                listener.accept()
