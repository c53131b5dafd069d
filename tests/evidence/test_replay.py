"""Full replay: off unless turned on, on a host of its own, by a pass for one file and one session that stands."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casefiles.access.actions import remove_member
from casefiles.evidence import replaying
from casefiles.evidence.models import CustodyEvent
from casefiles.evidence.replaying.checks import replay_is_whole
from casefiles.evidence.store import store
from tests import make
from tests.evidence.web_archive_files import packed, page_list, response, wacz

pytestmark = pytest.mark.django_db

HOST = "replay.casefiles.test"
URL = "https://example.org/"
ARCHIVE = wacz(packed(response(URL, b"<h1>Angara</h1>")), pages=page_list({"url": URL, "ts": "2024-10-25T08:00:00Z"}))


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.REPLAY_HOST = HOST
    settings.REPLAY_FOLDER = tmp_path / "replay"
    settings.ALLOWED_HOSTS = ["testserver", HOST]
    settings.REPLAY_FOLDER.mkdir()
    for name in replaying.FILES:
        (settings.REPLAY_FOLDER / name).write_text(f"/* {name} */")
    return Path(settings.REPLAY_FOLDER)


@pytest.fixture
def world(folder: Path) -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    case = make.case(lead, members={viewer: "viewer"})
    item = make.item(lead, circle=make.restricted_to(case.compartment))
    file, note = make.file(item, lead, ARCHIVE, "pages.wacz"), make.file(item, lead, b"Words.", "note.txt")
    client = Client()
    client.force_login(viewer)
    return SimpleNamespace(**{name: value for name, value in locals().items() if name != "folder"})


def replay(file: Any) -> str:
    return reverse("evidence:replay", args=[file.pk])


def asked(path: str, client: Client | None = None, **headers: str) -> Any:
    """Return what the replay host answers."""
    return (client or Client()).get(path, headers={"host": HOST, **headers})


def given(world: Any) -> str:
    """Return the address of the shell, as the page that frames it has it."""
    page = world.client.get(replay(world.file))
    assert page.status_code == 200
    return str(page.context["frame_url"]).removeprefix(f"http://{HOST}").partition("#")[0]


# --- Off, or not installed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_turned_on", [True, False])
def test_without_being_turned_on_and_installed_there_is_no_replay(
    world: Any, settings: Any, folder: Path, is_turned_on: bool
) -> None:
    address = given(world)
    if is_turned_on:
        (folder / "sw.js").unlink()
    else:
        settings.REPLAY_HOST = ""

    assert world.client.get(replay(world.file)).status_code == 404
    assert {asked(path).status_code for path in (address, "/replay/sw.js", "/replay/ui.js")} == {404}
    archive = world.client.get(reverse("evidence:archive", args=[world.file.pk])).content.decode()
    assert "Replay it in full" not in archive


def test_it_is_off_by_default() -> None:
    assert project.REPLAY_HOST == ""


def test_a_check_names_what_is_missing(settings: Any, folder: Path) -> None:
    assert replay_is_whole(None) == []
    (folder / "ui.js").unlink()

    [warning] = replay_is_whole(None)

    assert "lacks ui.js" in warning.msg
    assert "tools.install_replay" in warning.hint
    settings.REPLAY_HOST = ""
    assert replay_is_whole(None) == []


# --- The page of ours ------------------------------------------------------------------------------------------------


def test_the_page_frames_the_other_host_and_no_other_page_may(world: Any) -> None:
    page = world.client.get(f"{replay(world.file)}?number=1")
    archive = world.client.get(reverse("evidence:archive", args=[world.file.pk]))

    markup = page.content.decode()
    assert f'src="http://{HOST}/' in markup
    assert "#url=https%3A%2F%2Fexample.org%2F&amp;ts=20241025080000" in markup
    assert 'sandbox="allow-scripts allow-same-origin"' in markup
    assert f"frame-src http://{HOST};" in f"{page.headers['Content-Security-Policy']};"
    assert "frame-src" not in archive.headers["Content-Security-Policy"]
    assert replay(world.file) in archive.content.decode()


def test_replaying_is_an_access_once_a_session(world: Any) -> None:
    for _time in range(2):
        world.client.get(replay(world.file))

    [event] = CustodyEvent.objects.filter(file=world.file, act="accessed")
    assert (event.by, event.purpose) == (world.viewer, "replayed")


def test_only_packages_are_replayed_and_only_to_those_who_see_them(world: Any) -> None:
    assert world.client.get(replay(world.note)).status_code == 404
    assert world.client.get(f"{replay(world.file)}?number=99").context["page"] is None
    world.client.force_login(world.stranger)
    assert world.client.get(replay(world.file)).status_code == 404


# --- The other host --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/sign-in/", "/healthz", "/cases/", "/static/css/app.css", "/replay/w/x", "/replay/../healthz", "/x/"]
)
def test_no_page_of_ours_is_on_the_replay_host(world: Any, path: str) -> None:
    response = asked(path, world.client)

    assert (response.status_code, response.content) == (404, b"")
    assert not response.cookies


def test_nothing_is_sent_to_the_replay_host(world: Any) -> None:
    assert world.client.post(given(world), headers={"host": HOST}).status_code == 404


def test_the_shell_is_framed_by_our_page_only_and_gives_no_cookie(world: Any) -> None:
    shell = asked(given(world))

    assert shell.status_code == 200
    assert "frame-ancestors http://testserver" in shell.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in shell.headers
    assert "<replay-web-page" in shell.content.decode()
    assert not shell.cookies


def policies() -> Iterator[str]:
    yield replaying.shell_policy("http://app")
    yield replaying.inner_policy()
    yield replaying.worker_policy()
    yield replaying.worker_script().partition('POLICY = "')[2].partition('"')[0]


@pytest.mark.parametrize("policy", [*policies()])
def test_r30_no_policy_of_the_replay_host_lets_anything_out(policy: str) -> None:
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
    directives.pop("frame-ancestors", None)

    allowed = {source for sources in directives.values() for source in sources.split()}

    assert {"default-src", "connect-src"} <= directives.keys()
    assert allowed <= {
        "'none'", "'self'", "'unsafe-inline'", "'unsafe-eval'", "'wasm-unsafe-eval'", "data:", "blob:",
    }  # fmt: skip
    assert directives["connect-src"].split()[0] == "'self'"


def test_the_scripts_come_as_they_were_installed_and_the_worker_is_ours(world: Any) -> None:
    assert asked("/replay/ui.js").content == b"/* ui.js */"
    assert asked("/replay/wabac.js").content == b"/* sw.js */"
    assert b'importScripts("/replay/wabac.js")' in asked("/replay/sw.js?serveIndex=1").content
    assert b"__POLICY__" not in asked("/replay/sw.js").content
    assert asked("/replay/").content == b"<!doctype html>"
    assert asked("/replay/shell.css").headers["Content-Type"] == "text/css"


@pytest.mark.parametrize(
    ("part", "status", "content"),
    [
        ("", 200, ARCHIVE),
        ("bytes=0-3", 206, ARCHIVE[:4]),
        ("bytes=-22", 206, ARCHIVE[-22:]),
        (f"bytes={len(ARCHIVE)}-", 416, b""),
    ],
)
def test_the_archive_is_given_whole_and_in_parts(world: Any, part: str, status: int, content: bytes) -> None:
    response = asked(f"{given(world)}archive.wacz", **({"range": part} if part else {}))

    assert (response.status_code, b"".join(response) if status != 416 else b"") == (status, content)
    assert response.headers["Cache-Control"] == "no-store"


def test_l03_damaged_bytes_are_not_given_and_are_recorded(world: Any) -> None:
    address = given(world)
    path = store().path_of(world.file.sha256)
    path.chmod(0o600)
    path.write_bytes(b"x" * world.file.size_bytes)

    assert asked(f"{address}archive.wacz").status_code == 409
    assert CustodyEvent.objects.filter(file=world.file, act="failed check").exists()
    path.unlink()
    assert asked(f"{address}archive.wacz").status_code == 409


# --- The pass --------------------------------------------------------------------------------------------------------


def opens(address: str) -> bool:
    codes = {asked(one).status_code for one in (address, f"{address}archive.wacz")}
    assert codes in ({200}, {404})
    return codes == {200}


@pytest.mark.parametrize(("minutes", "is_open"), [(29, True), (31, False)])
def test_a_pass_runs_out(world: Any, minutes: int, is_open: bool) -> None:
    address = given(world)

    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
        assert opens(address) == is_open


def test_a_pass_is_of_one_file_and_cannot_be_changed(world: Any) -> None:
    sealed = given(world).strip("/")
    middle = len(sealed) // 2
    changed = sealed[:middle] + ("A" if sealed[middle] != "A" else "B") + sealed[middle + 1 :]

    assert str(world.file.pk) not in sealed
    assert replaying.opened(sealed).file == str(world.file.pk)
    assert [opens(f"/{one}/") for one in (sealed, changed, sealed[:-4], "A" * 300)] == [True, False, False, False]


def test_a_pass_for_what_is_no_package_opens_nothing(world: Any) -> None:
    real = replaying.opened(given(world).strip("/"))

    other = replaying.sealed(replaying.Pass(str(world.note.pk), real.session, real.app))

    assert not opens(f"/{other}/")


def test_the_secret_of_another_installation_opens_nothing(world: Any, settings: Any) -> None:
    address = given(world)
    settings.SECRET_KEY = "x" * 60

    assert not opens(address)


def sign_out(world: Any) -> None:
    world.client.logout()


def lose_the_role(world: Any) -> None:
    remove_member(compartment=world.case.compartment, user=world.viewer, by=world.lead)


def change_the_password(world: Any) -> None:
    world.viewer.set_password("another one, long enough")
    world.viewer.save()


def be_disabled(world: Any) -> None:
    world.viewer.is_active = False
    world.viewer.save()


@pytest.mark.parametrize("end", [sign_out, lose_the_role, change_the_password, be_disabled])
def test_r09_a_pass_ends_with_the_session_and_the_right_that_it_was_made_in(world: Any, end: Any) -> None:
    address = given(world)
    assert opens(address)

    end(world)

    assert not opens(address)
