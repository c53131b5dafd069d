"""A page of a web archive set anew by us: from what the archive holds, without what acts, for whom the item is."""

import io
import json
import socket
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from casefiles.evidence import cage, web_archives
from casefiles.evidence.models import CustodyEvent, File
from casefiles.evidence.readers.archived_sheets import Captured
from casefiles.evidence.readers.captures import Capture
from casefiles.evidence.reading import limits_for
from tests import make
from tests.evidence.test_archive_pages import flip, signed_in
from tests.evidence.test_renderings import png
from tests.evidence.web_archive_files import packed, page_list, record, response, wacz

URL = "https://news.example/ship"
MARKUP = (
    '<link rel="stylesheet" href="/style.css"><script>x()</script><h1>Ship at a yard</h1><img src="a.png">'
    '<img src="moved.png"><img src="again.png"><img src="https://outside.example/t.gif"><img src="/error.png">'
)
CAPTURES = (
    response(URL, MARKUP.encode()),
    response("https://news.example/style.css", b"h1 { background: rgb(0, 128, 0) }", content_type="text/css"),
    response("https://news.example/a.png", png("red"), content_type="image/png"),
    response("https://news.example/moved.png", b"", status="302 Found", http={"Location": "/b%20c.png"}),
    response("https://news.example/b%20c.png", png("blue"), content_type="image/png"),
    record(
        "revisit", b"", url="https://news.example/again.png", WARC_Refers_To_Target_URI="https://news.example/y.png"
    ),
    response("https://news.example/y.png", png("yellow"), content_type="image/png"),
    response("https://news.example/error.png", png("black"), content_type="image/png", status="404 Not Found"),
    response("https://news.example/table.json", b"{}", content_type="application/json"),
)
LISTED = page_list(
    {"url": URL, "ts": "2024-10-25T08:00:00Z"},
    {"url": "https://gone.example/", "title": "Gone"},
    {"url": "https://news.example/table.json"},
)


def set_anew(content: bytes, page: int = 1) -> list[cage.Frame]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return cage.collected("archived sheets", file.fileno(), limits_for("archived sheets"), asked={"page": page})


def colours(webp: bytes) -> set[str]:
    """Return which of the plain colours of this archive are seen in a picture."""
    shown = Image.open(io.BytesIO(webp)).convert("RGB")
    plain = {"red": (255, 0, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0), "green": (0, 128, 0)}
    seen = [colour for count, colour in shown.getcolors(5_000_000) if count > 200]
    return {
        name
        for name, wanted in plain.items()
        if any(max(abs(a - b) for a, b in zip(wanted, one, strict=True)) < 24 for one in seen)
    }


@pytest.mark.parametrize("content", [packed(*CAPTURES), b"".join(CAPTURES), wacz(packed(*CAPTURES), pages=LISTED)])
def test_a_page_is_set_with_what_its_archive_holds_and_counts_the_rest(content: bytes) -> None:
    head, sheet = set_anew(content)

    said = json.loads(head.body)
    assert (said["pages"], said["sizes"], said["left_out"]) == (1, [[1200, 1697]], {"scripts": 1, "outside": 2})
    assert colours(sheet.body) == {"red", "blue", "yellow", "green"}
    assert Image.open(io.BytesIO(sheet.body)).size == (1200, 1697)


def test_e39_setting_an_archived_page_asks_nobody_and_reads_nothing_of_the_machine() -> None:
    """Breaks where an address that the archive does not hold leads to the network or to a file."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        host = f"http://127.0.0.1:{listener.getsockname()[1]}"
        markup = "".join(
            f'<img src="{one}"><link rel="stylesheet" href="{one}"><p style="background: url({one})">w'
            for one in (f"{host}/x", "file:///etc/passwd", f"//127.0.0.1:{listener.getsockname()[1]}/y")
        )

        head, _sheet = set_anew(packed(response(URL, markup.encode())))

        assert json.loads(head.body)["left_out"] == {"outside": 3}
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    ("page", "reason"), [(2, "it holds no such page"), (3, "no page of markup"), (9, "it holds no such page")]
)
def test_what_cannot_be_set_says_why(page: int, reason: str) -> None:
    with pytest.raises(cage.NotParsed, match=reason):
        set_anew(wacz(packed(*CAPTURES), pages=LISTED), page)


def test_a_reference_that_leads_to_another_one_or_nowhere_holds_nothing() -> None:
    def reference(number: int, url: str, to: str) -> Capture:
        return Capture(number, "", 0, 0, "revisit", url, "", 200, "", 0, refers_to=to)

    captured = Captured([reference(1, "u:a", "u:b"), reference(2, "u:b", "u:a")], lambda one: None, at="")

    assert [captured.has(one) for one in ("u:a", "u:b", "u:c")] == [False, False, False]


# --- Shown -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def world(db: Any) -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    item = make.item(lead, circle=make.restricted_to(make.circle(lead, viewer=viewer)))
    file = make.file(item, lead, wacz(packed(*CAPTURES), pages=LISTED), "pages.wacz")
    return SimpleNamespace(viewer=viewer, stranger=stranger, file=file)


def address(file: File, number: int = 1, of: str = "sheets") -> str:
    return reverse(f"evidence:archived_{of}", args=[file.pk, number])


def test_r25_the_sheets_are_pictures_and_it_is_said_that_they_were_not_seen_so(world: Any) -> None:
    client = signed_in(world.viewer)
    assert address(world.file) in client.get(address(world.file, of="page")).content.decode()

    page = client.get(address(world.file)).content.decode()

    assert "It is not the page as it was seen" in page
    assert "Left out: 1 script, 2 " in page
    picture = f"{address(world.file, of='sheet')}?sheet=1"
    assert picture in page
    answer = client.get(picture)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "red" in colours(answer.content)
    statuses = [client.get(f"{address(world.file, of='sheet')}?sheet={one}").status_code for one in ("2", "0", "x")]
    assert statuses == [404, 404, 404]
    assert list(CustodyEvent.objects.values_list("act", flat=True)) == ["received"]


def test_a_page_that_cannot_be_set_says_why_and_leads_back_to_its_words(world: Any) -> None:
    client = signed_in(world.viewer)

    page = client.get(address(world.file, 3)).content.decode()

    assert "This page could not be set anew: what was captured is no page of markup." in page
    assert address(world.file, 3, "page") in page
    assert address(world.file, 3) not in client.get(address(world.file, 3, "page")).content.decode()
    assert client.get(address(world.file, 9)).status_code == 404


@pytest.mark.parametrize("of", ["sheets", "sheet"])
def test_a01_l03_sheets_are_only_for_readers_of_the_item_and_only_of_sound_bytes(world: Any, of: str) -> None:
    """Breaks where what was drawn before is shown without a look at the archive, or to whoever knows the address."""
    web_archives.sheets_of(world.file, 1)
    assert signed_in(world.stranger).get(address(world.file, of=of)).status_code == 404
    assert Client().get(address(world.file, of=of)).status_code == 302
    assert signed_in(world.viewer).get(address(world.file, of=of)).status_code == 200
    flip(world.file)

    assert signed_in(world.viewer).get(address(world.file, of=of)).status_code == 409


def test_nothing_is_set_twice_and_what_is_no_answer_is_not_believed(world: Any, settings: Any) -> None:
    first = web_archives.sheets_of(world.file, 1)
    [kept] = (settings.DATA_DIR / "archives").glob("*.sheets")
    made = kept.stat().st_ino

    assert web_archives.sheets_of(world.file, 1) == first
    assert kept.stat().st_ino == made
    assert web_archives.sheets_in(b'{"bytes": "x"}\n').reason == "reading it gave no answer that can be used"
    assert web_archives.sheets_in(b"words").reason == "reading it gave no answer that can be used"


def test_a_real_archive_is_set_anew(world: Any, shared_data: Path) -> None:
    frames = set_anew((shared_data / "web-archive" / "valid_example_1.wacz").read_bytes())

    assert [frame.kind for frame in frames] == ["sheets", "picture"]
