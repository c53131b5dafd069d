"""Web archives in our own reader: words as words, pictures drawn anew, nothing that runs, nothing for strangers."""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from casefiles.evidence import web_archives
from casefiles.evidence.actions import reading
from casefiles.evidence.models import CustodyEvent, File
from casefiles.evidence.store import store
from tests import make
from tests.evidence.web_archive_files import packed, page_list, record, response, wacz

pytestmark = pytest.mark.django_db

URL = "https://example.org/"


def photo() -> bytes:
    drawn = io.BytesIO()
    turned = Image.Exif()
    turned[0x010F] = "Maker of cameras"
    Image.new("RGB", (60, 40)).save(drawn, "JPEG", exif=turned)
    return drawn.getvalue()


MARKUP = (
    "<title>Angara at Rajin</title><h1>Angara</h1><p>At the <b>pier</b>. <a href='https://news.example/1'>Read</a>"
    "<img src='/a.jpg' alt='The ship'><img src='/gone.jpg' alt='Not here'>"
    "<table><tr><th>Day<th>Port<tr><td>1<td>Rajin</table><script>alert(1)</script><p>\u202eesrever &lt;i&gt;"
).encode()
CAPTURES = (
    response(URL, MARKUP),
    response(f"{URL}a.jpg", photo(), content_type="image/jpeg"),
    record("resource", photo(), url=f"urn:view:{URL}", content_type="image/jpeg"),
)


@pytest.fixture
def world() -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    item = make.item(lead, circle=make.restricted_to(make.circle(lead, viewer=viewer)))
    pages = page_list({"url": URL, "ts": "2024-10-25T08:00:00Z"}, {"url": "https://gone.org/", "title": "Gone"})
    file = make.file(item, lead, wacz(packed(*CAPTURES), pages=pages), "pages.wacz")
    return SimpleNamespace(lead=lead, viewer=viewer, stranger=stranger, item=item, file=file)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(file: File, number: int = 0, of: str = "page") -> str:
    if not number:
        return reverse("evidence:archive", args=[file.pk])
    return reverse(f"evidence:archived_{of}", args=[file.pk, number])


def flip(file: File) -> None:
    path = store().path_of(file.sha256)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


def test_an_items_page_lists_the_pages_of_its_archive_with_their_times(world: Any) -> None:
    reading.read_file(world.file)

    page = signed_in(world.viewer).get(world.item.get_absolute_url()).content.decode()

    assert address(world.file, 1) in page
    assert "Angara at Rajin" in page
    assert "2024-10-25T08:00:00Z" in page
    assert address(world.file, 2) not in page
    assert "not held" in page


def test_an_archive_says_what_its_digests_and_signature_are_worth(world: Any) -> None:
    page = signed_in(world.viewer).get(address(world.file)).content.decode()

    assert "WACZ 1.1.1" in page
    assert "tells nothing of whose" in page
    assert "raise no trust by themselves" in page
    assert "Pages that it lists and does not hold: 1." in page
    assert f"{URL}a.jpg" in page


def test_r26_a_page_is_shown_as_words_and_its_links_ask_before_leaving(world: Any) -> None:
    page = signed_in(world.viewer).get(address(world.file, 1)).content.decode()

    assert "<h3>Angara</h3>" in page
    assert "At the pier." in page
    assert '<a class="external" href="/leave/?to=https%3A%2F%2Fnews.example%2F1"' in page
    assert "alert(1)" not in page
    assert "⟨U+202E⟩esrever &lt;i&gt;" in page
    assert "<span>Day</span><span>Port</span>" in page
    assert "Not here" in page
    assert "HTTP" not in page.split("What the server sent")[0]
    assert "text/html; charset=utf-8" in page


def test_r27_a_page_keeps_the_policy_of_the_site(world: Any) -> None:
    response = signed_in(world.viewer).get(address(world.file, 1))

    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("number", [2, 3])
def test_r25_pictures_and_screenshots_are_drawn_anew(world: Any, number: int) -> None:
    assert (
        address(world.file, number, "picture") in signed_in(world.viewer).get(address(world.file, 1)).content.decode()
    )

    response = signed_in(world.viewer).get(address(world.file, number, "picture"))

    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert Image.open(io.BytesIO(response.content)).size == (60, 40)
    assert b"Maker of cameras" not in response.content


def test_f03_looking_at_a_page_is_no_access_to_the_evidence(world: Any) -> None:
    client = signed_in(world.viewer)

    for path in (address(world.file), address(world.file, 1), address(world.file, 2, "picture")):
        assert client.head(path).content == b""
        assert client.get(path).status_code == 200

    assert list(CustodyEvent.objects.values_list("act", flat=True)) == ["received"]


@pytest.mark.parametrize("path", [(1, "picture"), (9, "picture"), (9, "page")])
def test_what_the_archive_does_not_hold_is_not_there(world: Any, path: tuple[int, str]) -> None:
    assert signed_in(world.viewer).get(address(world.file, *path)).status_code == 404


def test_a_page_that_is_only_named_says_so(world: Any) -> None:
    page = signed_in(world.viewer).get(address(world.file, 2)).content.decode()

    assert "names this page and does not hold it" in page


@pytest.mark.parametrize("content", [b"words", b"\x1f\x8b" + bytes(20), b"PK\x05\x06" + bytes(18)])
def test_a_file_that_is_no_archive_has_no_pages(world: Any, content: bytes) -> None:
    file = make.file(world.item, world.lead, content, "x.wacz")

    assert signed_in(world.viewer).get(address(file)).status_code == 404


@pytest.mark.parametrize("path", [(0, "page"), (1, "page"), (2, "picture")])
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_a01_an_archive_of_another_circle_does_not_exist(world: Any, path: tuple[int, str], method: str) -> None:
    assert getattr(signed_in(world.stranger), method)(address(world.file, *path)).status_code == 404


@pytest.mark.parametrize("path", [(0, "page"), (1, "page"), (2, "picture")])
def test_l03_a_flipped_byte_is_never_shown_although_it_was_drawn_before(world: Any, path: tuple[int, str]) -> None:
    """Fails where a drawn page is shown without a look at the archive."""
    client = signed_in(world.viewer)
    assert client.get(address(world.file, *path)).status_code == 200
    flip(world.file)

    response = client.get(address(world.file, *path))

    assert response.status_code == 409
    assert CustodyEvent.objects.get(act="failed check").purpose == "the file holds other bytes"


def test_f06_a_missing_archive_is_refused_and_named(world: Any) -> None:
    store().path_of(world.file.sha256).unlink()

    assert signed_in(world.viewer).get(address(world.file, 1)).status_code == 409
    assert CustodyEvent.objects.get(act="failed check").purpose == "the file is missing"


def test_f06_a_store_that_cannot_be_opened_is_no_damage(world: Any, settings: Any) -> None:
    settings.EVIDENCE_ROOT = Path("/proc/nowhere")

    assert signed_in(world.viewer).get(address(world.file)).status_code == 503


def test_l04_what_was_drawn_and_is_damaged_is_drawn_again(world: Any, settings: Any) -> None:
    first = web_archives.page_of(world.file, 1)
    kept = sorted((settings.DATA_DIR / "archives").iterdir())
    assert len(kept) == 2
    for path in kept:
        path.write_bytes(path.read_bytes()[:-1] + b"x")

    assert web_archives.page_of(world.file, 1) == first


def test_nothing_is_drawn_twice(world: Any, settings: Any) -> None:
    web_archives.picture_of(world.file, 2)
    before = {path: path.stat().st_ino for path in (settings.DATA_DIR / "archives").iterdir()}

    web_archives.picture_of(world.file, 2)

    assert {path: path.stat().st_ino for path in (settings.DATA_DIR / "archives").iterdir()} == before


def test_a_page_that_cannot_be_kept_is_shown_all_the_same(world: Any, settings: Any) -> None:
    settings.DATA_DIR = Path("/proc/nowhere")

    assert web_archives.page_of(world.file, 1)[2] is not None


@pytest.mark.parametrize(
    "name", ["warcio_example.warc.gz", "warcio_example-trunc.warc", "valid_example_1.wacz", "replayweb_example.wacz"]
)
def test_real_archives_show_their_first_page(world: Any, shared_data: Path, name: str) -> None:
    file = make.file(world.item, world.lead, (shared_data / "web-archive" / name).read_bytes(), name)

    page = signed_in(world.viewer).get(address(file, 1)).content.decode()

    assert ("Web archiving for all!" if "replay" in name else "<h3>Example Domain</h3>") in page
