"""Reading a dossier: who may, under which policy, and what every page of the PDF says."""

import io
import re

import pikepdf
import pypdfium2
import pytest
from django.conf import settings as project
from django.urls import reverse

from casefiles.audit.models import Event
from casefiles.cases import actions as cases
from casefiles.core.pdf import LibraryMissing, NotSet, make_pdf
from casefiles.dossiers.actions import approve_release, prepare_release
from tests import make

pytestmark = pytest.mark.django_db
MARK = "Draft, not approved"
DRAFT = ("draft", "draft_download")
VERSION = ("release", "release_download")


def pages_of(content):
    """Return the words of each page that lie on the page: what stands beside it, nobody reads."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def of_draft(name, case):
    return reverse(f"dossiers:{name}", args=[case.pk])


def of_release(name, release):
    return reverse(f"dossiers:{name}", args=[release.case_id, release.pk])


@pytest.mark.parametrize("name", [*DRAFT, "releases"])
def test_every_reader_of_the_case_reads_and_downloads_the_draft(client, full, request, name):
    answers = {}
    for who in ("lead", "editor", "researcher", "viewer", "stranger"):
        client.force_login(request.getfixturevalue(who))
        answers[who] = client.get(of_draft(name, full)).status_code

    assert answers == {"lead": 200, "editor": 200, "researcher": 200, "viewer": 200, "stranger": 404}


@pytest.mark.parametrize("name", VERSION)
def test_every_reader_of_the_case_reads_its_versions(client, full, editor, viewer, stranger, name):
    release = prepare_release(full, by=editor)
    answers = []
    for person in (viewer, stranger):
        client.force_login(person)
        answers.append(client.get(of_release(name, release)).status_code)

    assert answers == [200, 404]


def test_a_version_is_found_below_its_own_case_alone(client, full, editor, lead):
    release = prepare_release(full, by=editor)
    other = make.case(lead)
    client.force_login(lead)

    assert client.get(reverse("dossiers:release", args=[other.pk, release.pk])).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("lead", 200), ("editor", 200), ("researcher", 403), ("viewer", 403), ("stranger", 404)]
)
def test_only_editors_and_leads_open_the_forms(client, full, lead, request, who, status):
    release = prepare_release(full, by=lead)
    client.force_login(request.getfixturevalue(who))

    answers = {
        client.get(reverse("dossiers:prepare", args=[full.pk])).status_code,
        client.get(of_release("approve", release)).status_code,
        client.get(of_release("withdraw", release)).status_code,
    }

    assert answers == {status}


def test_the_preview_obeys_the_strict_policy(client, full, viewer):
    client.force_login(viewer)

    response = client.get(of_draft("draft", full))
    text = response.content.decode()

    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|<script|\son[a-z]+=", text)


def test_the_preview_shows_the_case(client, full, viewer):
    client.force_login(viewer)

    text = client.get(of_draft("draft", full)).content.decode()

    for words in (
        full.title,
        full.reference,
        "TLP:AMBER",
        MARK,
        "The ship lay at the yard.",
        "Single origin.",
        "We know nothing of it.",
        "Report from the yard",
        "Lines join ports; they are not a track.",
        'href="#claim-C-01"',
        ">E-01 p.4</a>",
    ):
        assert words in text


def test_the_download_stands_alone(client, full, viewer):
    client.force_login(viewer)

    response = client.get(of_draft("draft_download", full))
    text = response.content.decode()

    assert response.headers["Content-Disposition"] == f'attachment; filename="{full.reference}-dossier-draft.html"'
    assert "<script" not in text
    assert not re.search(r'(?:src|href)="(?!#)', text)
    assert set(re.findall(r'url\("([^"]{0,22})', text)) == {"data:font/woff2;base64"}


def test_a_browser_prints_the_mark_on_every_page_until_approval(client, full, editor, lead):
    release = prepare_release(full, by=editor)
    client.force_login(lead)

    draft = client.get(of_release("release_download", release)).content.decode()
    approve_release(release, by=lead)
    approved = client.get(of_release("release_download", release)).content.decode()

    in_margin = "@page { @top-right { color: #9b2430; content: "
    assert (in_margin in draft, in_margin in approved) == (True, False)
    assert (MARK in draft, MARK in approved) == (True, False)


def test_a_download_leaves_an_event(client, full, viewer):
    client.force_login(viewer)
    client.get(of_draft("draft_download", full))

    event = Event.objects.newest_first().first()

    assert (event.act, event.record_id, event.actor_id, event.note) == (
        "exported",
        full.pk,
        viewer.pk,
        "dossier as HTML",
    )


def test_hostile_text_stays_text(client, full, lead):
    title = "<script>alert(1)</script> \u202egnp.exe 汉字 Ангара العربية"
    cases.change_case(full, by=lead, version=type(full).objects.get(pk=full.pk).version, title=title)
    client.force_login(lead)

    text = client.get(of_draft("draft", full)).content.decode()

    assert "<script>" not in text
    assert "\u202e" not in text
    assert "汉字 Ангара العربية" in text


def test_the_mark_is_on_every_page_until_another_person_approves(client, full, editor, lead):
    make.claim(full, lead, text="Words. " * 250)
    release = prepare_release(full, by=editor)
    client.force_login(lead)

    draft = pages_of(client.get(of_draft("draft_pdf", full)).content)
    approve_release(release, by=lead)
    response = client.get(of_release("release_pdf", release))
    approved = pages_of(response.content)

    assert len(draft) > 3
    assert all(MARK in page for page in draft)
    assert all(f"{number} of {len(draft)}" in page for number, page in enumerate(draft, start=1))
    assert all(full.reference in page and "TLP:AMBER" in page for page in draft)
    assert all("Chain head" in page for page in draft)
    assert not any(MARK in page for page in approved)
    assert "approved by Lead" in approved[0].replace("\r\n", " ")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{full.reference}-dossier-v1.pdf"'


def test_a_word_longer_than_the_page_is_broken_on_it(client, full, lead):
    make.original(full, lead, title="LONG" * 80 + "TITLEEND")
    make.claim(full, lead, text="LONG" * 80 + "CLAIMEND")
    client.force_login(lead)

    text = "".join("".join(pages_of(client.get(of_draft("draft_pdf", full)).content)).split())

    assert "TITLEEND" in text
    assert "CLAIMEND" in text


def test_the_same_version_gives_the_same_bytes(client, full, editor, viewer):
    release = prepare_release(full, by=editor)
    client.force_login(viewer)

    first, second = (client.get(of_release("release_pdf", release)).content for _time in range(2))

    assert first == second
    assert "The ship lay at the yard." in "".join(pages_of(first))
    with pikepdf.open(io.BytesIO(first)) as document:
        assert not any("/AA" in page or "/EmbeddedFiles" in page for page in document.pages)


def test_setting_a_pdf_fetches_nothing(live_server_that_counts):
    address, asked = live_server_that_counts
    html = f"""<html><head><link rel="stylesheet" href="{address}/a.css"><style>
      @import url("{address}/b.css"); @font-face {{ font-family: x; src: url("{address}/c.woff2") }}
      body {{ font-family: x; background: url("{address}/d.png") }}</style></head>
      <body><img src="{address}/e.png"><img src="file:///etc/passwd"><object data="{address}/f">
      </object>Text</body></html>"""

    content = make_pdf(html, worker=project.PDF_WORKER, seconds=project.PDF_SECONDS)

    assert "Text" in "".join(pages_of(content))
    assert asked == []


@pytest.mark.parametrize(
    ("code", "error", "words"),
    [(3, LibraryMissing, "apt-get install libpango-1.0-0 libpangoft2-1.0-0"), (4, NotSet, "too much time or memory")],
)
def test_where_no_pdf_can_be_set_the_page_says_so(client, full, viewer, tmp_path, settings, code, error, words):
    settings.PDF_WORKER = tmp_path / "worker.py"
    settings.PDF_WORKER.write_text(f"import sys\nsys.stdin.buffer.read()\nsys.exit({code})\n")
    client.force_login(viewer)

    response = client.get(of_draft("draft_pdf", full))

    assert response.status_code == 503
    assert words in response.content.decode()
    with pytest.raises(error):
        make_pdf("<p>Text</p>", worker=settings.PDF_WORKER, seconds=60)


def test_a_pdf_that_takes_too_long_is_given_up(tmp_path):
    worker = tmp_path / "worker.py"
    worker.write_text("import threading\nthreading.Event().wait()\n")

    with pytest.raises(NotSet):
        make_pdf("<p>Text</p>", worker=worker, seconds=0.5)
