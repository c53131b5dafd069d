"""Saved web pages, set anew by us: from the file's own parts, without what acts, and said to be just that."""

import base64
import io
import socket
import tempfile
from collections import Counter
from types import SimpleNamespace
from typing import Any

import lxml.html
import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from casefiles.evidence import cage
from casefiles.evidence.actions import reading, rendering
from casefiles.evidence.models import CustodyEvent, File, Rendering
from casefiles.evidence.page_pictures import drawn_page
from casefiles.evidence.readers import renderings
from casefiles.evidence.readers.inert import inert
from casefiles.evidence.reading import limits_for
from casefiles.evidence.store import store
from tests import make
from tests.evidence.hostile import letters

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30" fill="red"/></svg>'


def png(colour: str, size: tuple[int, int] = (40, 30)) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, colour).save(drawn, "PNG")
    return drawn.getvalue()


def saved(markup: str, *parts: tuple[str, str, bytes], location: str = "https://news.example/ship") -> bytes:
    """Return a saved page (MHTML) with parts: a header that names it, its media type, its bytes."""
    lines = ['MIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="B"\n']
    head = f"--B\nContent-Type: text/html; charset=utf-8\nContent-Location: {location}\n"
    lines.append(f"{head}Content-Transfer-Encoding: base64\n\n{base64.b64encode(markup.encode()).decode()}\n")
    for name, media_type, content in parts:
        head = f"--B\nContent-Type: {media_type}\n{name}\nContent-Transfer-Encoding: base64\n\n"
        lines.append(f"{head}{base64.b64encode(content).decode()}\n")
    return ("\n".join([*lines, "--B--\n"])).encode()


def set_anew(content: bytes, form: str = "saved page") -> cage.Frame:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return rendering.pdf_in(
            cage.collected("rendering", file.fileno(), limits_for("rendering"), asked={"form": form})
        )


def words_of(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def colours_of(pdf: bytes) -> set[tuple[int, ...]]:
    drawn = pypdfium2.PdfDocument(pdf)[0].render(scale=0.5).to_pil().convert("RGB")
    return {colour for _count, colour in drawn.getcolors(1_000_000)}


# --- What is left of the markup --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "kept", "gone", "counted"),
    [
        ("<p>a<script>x()</script>b</p>", "<p>ab</p>", "script", {"scripts": 1}),
        ("<noscript><img src=x></noscript>", "", "noscript", {"scripts": 1}),
        ('<iframe src="https://o.example"></iframe><object data=x></object>', "", "o.example", {"frames": 2}),
        ('<p onclick="x()" onLoad="y()">a</p>', "<p>a</p>", "onclick", {}),
        ('<form action="https://o.example"><input><button formaction=z>Go</button></form>', "", "form", {"fields": 1}),
        ('<a href="javascript:x()" ping="https://o.example">a</a>', "<a>a</a>", "javascript", {}),
        ('<meta http-equiv="refresh" content="0;url=https://o.example">a', "a", "refresh", {}),
        ('<base href="https://o.example/">a', "a", "o.example", {}),
        ('<link rel="preload" href="https://o.example/x">a', "a", "preload", {}),
        ('<link rel="stylesheet" href="x.css">', '<link rel="stylesheet" href="x.css">', "script", {}),
        ('<video src="https://o.example/x"><source src=y></video>a', "a", "o.example", {}),
        ('<svg><a xlink:href="https://o.example"><text>a</text></a></svg>', "<text>a</text>", "o.example", {}),
    ],
)  # fmt: skip
def test_what_acts_asks_or_leads_away_is_taken_out(markup: str, kept: str, gone: str, counted: dict[str, int]) -> None:
    root = lxml.html.document_fromstring(f"<html><body>{markup}<i></i></body></html>")

    text, left_out = inert(root, address="", is_held=lambda address: False)

    assert kept in text
    assert gone not in text
    assert left_out == Counter(counted)


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="https://a.example/no.png" srcset="no2.png 1x, held.png 2x">',
        '<picture><source srcset="held.png 2x"><img src="no.png"></picture>',
        '<img src="held.png">',
    ],
)
def test_of_a_picture_in_several_sizes_the_one_that_is_held_is_shown(markup: str) -> None:
    held = "https://a.example/held.png"

    text, _left_out = inert(
        lxml.html.document_fromstring(markup), address="https://a.example/", is_held=lambda address: address == held
    )

    assert f'src="{held}"' in text


# --- The page set anew, in the cage ----------------------------------------------------------------------------------


def test_a_saved_page_shows_its_own_styles_and_pictures_and_counts_what_was_left_out() -> None:
    markup = (
        '<html><head><link rel="stylesheet" href="/style.css"><script src="x.js"></script></head><body>'
        '<h1>Ship at a yard</h1><img src="cid:one@x"><img src="pictures/two.png#top"><img src="lost.png">'
        '<img src="https://outside.example/t.gif"></body></html>'
    )
    style = b'@import url("https://outside.example/more.css"); h1 { background: rgb(0, 128, 0) }'

    frame = set_anew(
        saved(
            markup,
            ("Content-Location: https://news.example/style.css", "text/css", style),
            ("Content-ID: <one@x>", "image/png", png("red")),
            ("Content-Location: https://news.example/pictures/two.png", "image/png", png("blue")),
        )
    )

    assert {(255, 0, 0), (0, 0, 255), (0, 128, 0)} <= colours_of(frame.body)
    assert "Ship at a yard" in words_of(frame.body)
    assert frame.meta["left_out"] == {"scripts": 1, "outside": 3}
    assert frame.meta["sizes"] == [[1200, 1697]]


def test_e00_setting_a_page_asks_nobody_and_reads_nothing_of_the_machine() -> None:
    """Fails where an address in markup, styles or drawings leads to the network or to a file."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        host = f"http://127.0.0.1:{listener.getsockname()[1]}"
        away = [f"{host}/x", "file:///etc/hostname", "ftp://127.0.0.1/x", "\\\\127.0.0.1\\x", "//127.0.0.1/x"]
        pictures = "".join(f'<img src="{one}"><div style="background: url({one})">w</div>' for one in away)
        styles = "".join(f'@import url("{one}"); @font-face {{ font-family: F; src: url("{one}") }}' for one in away)
        drawing = f'<svg><image href="{host}/y"/><use href="file:///etc/passwd#a"/></svg>'
        links = "".join(f'<link rel="{rel}" href="{host}/z">' for rel in ("stylesheet", "attachment", "icon"))
        head = f"<head>{links}<style>{styles} p {{ font-family: F }}</style></head>"
        markup = f"<html>{head}<body><p>Words</p>{pictures}{drawing}"

        for form, content in (("page", markup.encode()), ("saved page", saved(markup))):
            assert "Words" in words_of(set_anew(content, form).body)

        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    ("media_type", "content", "is_drawn"),
    [
        ("image/png", png("red"), True),
        ("image/svg+xml", SVG, True),
        ("image/svg+xml", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG, False),
        ("image/png", png("red")[:50], False),
        ("font/woff2", b"wOF2", False),
        ("text/html", b"<p>x", False),
    ],
)  # fmt: skip
def test_only_pictures_of_known_forms_are_shown_and_each_is_drawn_anew(
    media_type: str, content: bytes, is_drawn: bool
) -> None:
    address = f"data:{media_type};base64,{base64.b64encode(content).decode()}"

    drawn = set_anew(f'<html><body><p>Words</p><img src="{address}"></body></html>'.encode(), "page")

    assert ((255, 0, 0) in colours_of(drawn.body)) == is_drawn


def test_a_long_page_is_drawn_as_far_as_its_first_sheets() -> None:
    drawn = set_anew(b"<html><body>" + b"<div style='height: 1600px'>Words</div>" * 30, "page")

    assert (drawn.meta["pages"], len(drawn.meta["sizes"])) == (30, 20)
    assert len(pypdfium2.PdfDocument(drawn.body)) == 20


def test_authors_cannot_choose_the_size_of_the_sheet() -> None:
    drawn = set_anew(b"<html><style>@page { size: 90000px 90000px }</style><p>Words</p>", "page")

    assert drawn.meta["sizes"] == [[1200, 1697]]


@pytest.mark.parametrize(
    ("content", "form", "reason"),
    [
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=B\n\n--B--", "saved page", "no page in it"),
        (b"<p>" + b"x" * (renderings.MARKUP_BYTES + 1), "page", "larger than is drawn"),
    ],
)
def test_what_cannot_be_set_says_why(content: bytes, form: str, reason: str) -> None:
    with pytest.raises(cage.NotParsed, match=reason):
        set_anew(content, form)


HOSTILE = {name: (form, content) for _id, name, form, content in letters.pages()}


@pytest.mark.parametrize("name", ["HTML nested 100 000 deep", "HTML of one tag", "HTML with an entity"])
def test_e40_a_hostile_page_is_set_without_what_it_asks_for_or_refused(name: str) -> None:
    form, content = HOSTILE[name]

    try:
        words = words_of(set_anew(content, form).body)
    except cage.NotParsed as refusal:
        assert (name, refusal.reason) == ("HTML nested 100 000 deep", "it is nested deeper than is read")
    else:
        assert "in words" in words
        assert "root:" not in words


def test_parts_are_taken_up_to_a_size() -> None:
    parts = renderings.SavedParts([], "")
    large = "data:text/css," + "x" * 100
    parts.room = 50

    with pytest.raises(ValueError, match="more than is taken"):
        parts.content(large)


SOUND = {"made_by": "x", "pages": 1, "sizes": [[1, 1]], "left_out": {}}


@pytest.mark.parametrize(
    "frames",
    [
        [], [cage.Frame("pdf", b"%PDF-1.7", {})], [cage.Frame("pdf", b"<svg>", SOUND)],
        [cage.Frame("pdf", b"%PDF-1.7", {**SOUND, "sizes": "x"})], [cage.Frame("pdf", b"%PDF-1.7", SOUND)] * 2,
        [cage.Frame("pdf", b"%PDF-1.7", {**SOUND, "pages": None})],
    ],
)  # fmt: skip
def test_what_is_no_answer_is_not_believed(frames: list[cage.Frame]) -> None:
    with pytest.raises(cage.NotParsed, match="no answer that can be used"):
        rendering.pdf_in(frames)


# --- Kept, and shown -------------------------------------------------------------------------------------------------


@pytest.fixture
def world(db: Any) -> SimpleNamespace:
    lead, stranger = make.lead(), make.user()
    item = make.item(lead, circle=make.restricted_to(make.circle(lead)))
    return SimpleNamespace(lead=lead, stranger=stranger, item=item)


def read(world: Any, content: bytes, name: str) -> File:
    file: File = make.file(world.item, world.lead, content, name)
    reading.read_file(file)
    return file


def page_of(world: Any, by: Any = None) -> str:
    client = Client()
    client.force_login(by or world.lead)
    return str(client.get(world.item.get_absolute_url()).content.decode())


PAGE = b"<!doctype html><html><body><h1>Ship at a yard</h1><p>It lay there for weeks.</p><script>1</script>"


def test_a_page_set_anew_is_a_derivative_that_says_what_it_is(world: Any) -> None:
    file = read(world, PAGE, "page.html")

    assert rendering.render_waiting() == 1

    found = Rendering.objects.select_related("document").get(file=file)
    document = found.document
    assert (document.role, document.parent, document.media_type) == ("derivative", file, "application/pdf")
    assert document.transformation.startswith("re-rendered from the saved file by WeasyPrint ")
    assert "not the page as it was seen" in document.transformation
    assert CustodyEvent.objects.get(file=document).act == "derived"
    assert drawn_page(document, page=1, width=900).text.startswith("Ship at a yard")
    assert rendering.render_waiting() == 0
    assert list(Rendering.objects.visible_to(world.lead)) == [found]
    assert not Rendering.objects.visible_to(world.stranger).exists()
    assert found.get_absolute_url() == world.item.get_absolute_url()


def test_the_item_shows_it_with_the_sentence_that_it_was_not_seen_so(world: Any) -> None:
    file = read(world, PAGE, "page.html")
    rendering.render_waiting()
    document = Rendering.objects.get(file=file).document

    page = page_of(world)

    assert "It is not the page as it was seen" in page
    assert "Left out: 1 script." in page
    picture = f"{reverse('evidence:page_picture', args=[document.pk])}?page=1"
    assert picture.replace("&", "&amp;") in page
    client = Client()
    client.force_login(world.lead)
    assert client.get(picture).headers["Content-Type"] == "image/webp"
    client.force_login(world.stranger)
    assert client.get(picture).status_code == 404


def test_the_same_page_gives_the_same_bytes_and_no_second_derivative(world: Any) -> None:
    file = read(world, PAGE, "page.html")
    first = rendering.render_file(file)

    assert rendering.render_file(file).document == first.document
    assert file.derivatives.filter(media_type="application/pdf").count() == 1


def test_a_page_that_cannot_be_set_says_why_beside_its_words(world: Any) -> None:
    file = read(world, PAGE + b" " * (renderings.MARKUP_BYTES + 1), "page.html")

    rendering.render_waiting()

    assert Rendering.objects.get(file=file).state == "not parsed"
    assert "This page could not be set anew: its markup is larger than is drawn." in page_of(world)


def test_l03_damaged_bytes_are_not_set_and_stay_waiting(world: Any) -> None:
    file = read(world, PAGE, "page.html")
    path = store().path_of(file.sha256)
    path.chmod(0o600)
    path.write_bytes(b"x" * file.size_bytes)

    assert rendering.render_waiting() == 0
    assert not Rendering.objects.exists()
