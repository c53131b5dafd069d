"""Going back to a form over https, where browsers keep nothing of a page that says `no-store`."""

import datetime
import ipaddress
import re
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import expect

from casefiles.cases import actions as cases
from casefiles.cases.models import Claim
from tests import make
from tests.journeys.conftest import session_cookie

TYPED = "Typed and not saved. Ангара 安加拉 أنغارا"


# Leave the field, and return what lies in the browser's history once it was put there anew.
KEPT = """async () => {
  const before = JSON.stringify(history.state);
  document.querySelector("unsaved-guard form").dispatchEvent(new Event("change", { bubbles: true }));
  for (let frame = 0; frame < 1800 && JSON.stringify(history.state) === before; frame += 1) {
    await new Promise(requestAnimationFrame);
  }
  return JSON.stringify(history.state);
}"""
# Wait until there is anything, at most half a minute.
ANYTHING_KEPT = """async () => {
  for (let frame = 0; frame < 1800 && !history.state?.drafts; frame += 1) await new Promise(requestAnimationFrame);
  return Boolean(history.state?.drafts);
}"""


class SecureThread(LiveServerThread):
    """The server of the journeys behind TLS."""

    def __init__(self, *args: Any, tls: ssl.SSLContext, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tls = tls

    def _create_server(self, connections_override: Any = None) -> Any:
        server = super()._create_server(connections_override)
        # The handshake belongs to the thread of a request: a browser opens connections that it may never use.
        server.socket = self.tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        return server


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine that nobody signed, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture(scope="module")
def secure_site(site: str, certificate: Path) -> Iterator[str]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    thread = SecureThread("127.0.0.1", static_handler=StaticFilesHandler, connections_override={}, port=0, tls=tls)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield f"https://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture
def visit_securely(visit: Callable[..., Any], secure_site: str) -> Callable[..., Any]:
    def open_page(user: Any, path: str) -> Any:
        page = visit(None, "", base_url=secure_site, ignore_https_errors=True)
        page.context.add_cookies([session_cookie(user, secure_site)])
        page.on("dialog", lambda question: question.accept())
        answer = page.goto(path)
        assert answer.headers["cache-control"] == "no-store"
        return page

    return open_page


@pytest.fixture
def case(people: Any) -> Any:
    opened = make.case(people.lead)
    make.claim(opened, people.lead, text="The ship called at Rajin.")
    make.report(opened, people.lead, title="First report")
    return opened


def leave(page: Any) -> None:
    """Leave the form as in a browser that forgets it: this one remembers, unless a form says `autocomplete=off`."""
    page.evaluate("for (const form of document.forms) form.autocomplete = 'off'")
    page.evaluate(KEPT)
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Cases").click()
    expect(page).to_have_url(re.compile("/cases/$"))


@pytest.mark.parametrize("place", ["exhibits/news-report/new/", "claims/new/", "statements/new/"])
def test_back_brings_the_text_again_although_nothing_is_stored(visit_securely, people, case, place) -> None:
    """Fails where the page trusts the browser with what was typed: over https it forgets that with the page."""
    page = visit_securely(people.lead, f"/cases/{case.pk}/{place}")
    name = "title" if "news-report" in place else "text"
    page.locator(f"[name={name}]").press_sequentially(TYPED)
    leave(page)

    page.go_back()

    expect(page.locator(f"[name={name}]")).to_have_value(TYPED)
    expect(page.get_by_text("What you typed has not been saved.")).to_be_visible()


def test_what_was_typed_before_the_script_came_is_kept_too(visit_securely, people, case) -> None:
    """On a slow line somebody types before the script is there, and leaves without another key."""
    page = visit_securely(people.lead, f"/cases/{case.pk}/")
    late: list[Any] = []
    page.route("**/unsaved-guard*.js", lambda route: late.append(route))
    page.goto(f"/cases/{case.pk}/claims/new/")
    page.locator("[name=text]").press_sequentially(TYPED)
    assert page.evaluate("history.state?.drafts ?? null") is None

    late[0].continue_()

    assert page.evaluate(ANYTHING_KEPT)
    page.unroute_all()
    leave(page)
    page.go_back()
    expect(page.locator("[name=text]")).to_have_value(TYPED)


def test_back_brings_choices_and_picked_records_again(visit_securely, people, case) -> None:
    page = visit_securely(people.lead, f"/cases/{case.pk}/exhibits/news-report/new/")
    page.locator("[name=title]").press_sequentially(TYPED)
    page.get_by_text("Repeats another item").click()
    picker = page.get_by_role("combobox", name="Repeats")
    picker.press_sequentially("First")
    page.get_by_role("option", name=re.compile("First report")).click()
    picked = page.locator("[name=repeats_id]").input_value()
    leave(page)

    page.go_back()

    expect(page.locator("[name=title]")).to_have_value(TYPED)
    expect(page.locator("[name=lineage][value=repeats]")).to_be_checked()
    expect(page.locator("[name=repeats_id]")).to_have_value(picked)


def test_a_change_brought_back_meets_the_change_of_another_as_a_conflict(visit_securely, people, case) -> None:
    """Fails where the text comes back into a form that was opened anew: saving it would undo the other's change."""
    claim = Claim.objects.get(case=case)
    page = visit_securely(people.lead, f"/cases/{case.pk}/claims/{claim.pk}/edit/")
    page.locator("[name=text]").fill("Mine.")
    page.locator("[name=text]").press_sequentially(" And more.")
    leave(page)
    cases.change_claim(claim, by=people.lead, version=claim.version, text="Theirs.")

    page.go_back()
    expect(page.locator("[name=text]")).to_have_value("Mine. And more.")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Somebody saved this record after you opened it.")).to_be_visible()
    assert Claim.objects.get(pk=claim.pk).text == "Theirs."


def test_what_is_kept_cannot_be_read_without_the_person(visit_securely, people, case) -> None:
    page = visit_securely(people.lead, f"/cases/{case.pk}/claims/new/")
    page.locator("[name=text]").press_sequentially(TYPED)

    kept = page.evaluate(KEPT)
    stored = page.evaluate("[localStorage.length, sessionStorage.length]")
    leave(page)
    page.context.clear_cookies()
    page.context.add_cookies([session_cookie(people.researcher, page.url)])
    cases.add_member(case, by=people.lead, username=people.researcher.username, role="researcher")
    page.go_back()

    assert "drafts" in kept
    assert "Typed" not in kept
    assert stored == [0, 0]
    expect(page.locator("[name=text]")).to_have_value("")
