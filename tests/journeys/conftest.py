"""One server and one set of worlds for the journeys of a worker; people come in by cookie, not by the form.

The worlds are built once and shared, so a journey changes only what it made itself.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.test import Client, override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import expect

from casefiles.audit import actions as audit
from tests import make
from tests.browsers import Complaints
from tests.engines import audit_triggers_lifted

# Two cores shared with others: an answer may be slow, and is awaited, never slept for.
PATIENCE_MS = 30_000
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(autouse=True)
def own_folders() -> None:
    """Journeys share the folders of their site."""


@pytest.fixture(autouse=True)
def db(site: str) -> None:
    """Journeys share what is in the database; the name has pytest-django make it."""


@pytest.fixture(scope="package")
def site(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on the test database, which is emptied when the journeys end."""
    folder = tmp_path_factory.mktemp("journeys")
    folders = {"DATA_DIR": folder, "EVIDENCE_ROOT": folder / "evidence", "CHECKPOINT_DIR": folder / "checkpoints"}
    with django_db_blocker.unblock(), override_settings(**folders):
        thread = LiveServerThread("127.0.0.1", static_handler=StaticFilesHandler, connections_override={}, port=0)
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
        assert thread.error is None
        yield f"http://127.0.0.1:{thread.port}"
        thread.terminate()
        with audit_triggers_lifted():
            call_command("flush", verbosity=0, interactive=False)


class People:
    """The accounts of the Angara case; one stands outside it."""

    def __init__(self, team: Any, others: dict[str, Any]) -> None:
        self.lead, self.researcher, self.editor = team.lead, team.researcher, team.editor
        self.viewer, self.outsider = others["viewer"], others["outsider"]


@pytest.fixture(scope="package")
def people(site: str) -> People:
    from casefiles.accounts.models import User
    from casefiles.workspace.demo.people import add_people

    team = add_people(password=make.PASSWORD)
    return People(team, {user.username: user for user in User.objects.filter(username__in=["viewer", "outsider"])})


@pytest.fixture(scope="package")
def angara(people: People) -> Any:
    """The demo's case, with its team."""
    from casefiles.workspace.demo.loading import Team, load_angara

    with audit.unit():
        return load_angara(Team(lead=people.lead, researcher=people.researcher, editor=people.editor))


@pytest.fixture(scope="package")
def matrix(site: str) -> Any:
    """Two cases with a record of every kind."""
    from casefiles.workspace.demo.matrix import seed_matrix

    return seed_matrix(password=make.PASSWORD)


class Faults(Complaints):
    """What pages must not do, and answers that no page may give."""

    def on_response(self, response: Any) -> None:
        if response.status >= 500:
            self.seen.append(f"{response.status} from {response.request.method} {response.url}")

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """Forget what is said while the block lasts: axe marks pages in ways that the policy refuses."""
        before = list(self.seen)
        yield
        self.seen[:] = before

    def watch(self, context: Any) -> None:
        context.on("console", self.on_console)
        context.on("weberror", lambda error: self.on_page_error(error.error))
        context.on("request", self.on_request)
        context.on("response", self.on_response)


@pytest.fixture
def faults() -> Iterator[Faults]:
    """Collects what goes wrong in any page of the test; there must be nothing."""
    collected = Faults()
    yield collected
    assert collected.seen == [], "\n".join(collected.seen)


@pytest.fixture
def visit(site: str, new_context: Any, faults: Faults) -> Callable[..., Any]:
    """Return a function that opens a page as somebody, or as nobody: `visit(lead, "/cases/", viewport=PHONE)`."""
    expect.set_options(timeout=PATIENCE_MS)

    def open_page(user: Any = None, path: str = "", **options: Any) -> Any:
        context = new_context(**{"base_url": site, "viewport": DESK, "reduced_motion": "reduce", **options})
        context.set_default_timeout(PATIENCE_MS)
        faults.watch(context)
        if user is not None:
            context.add_cookies([session_cookie(user, site)])
        page = context.new_page()
        if path:
            page.goto(path)
        return page

    return open_page


def session_cookie(user: Any, site: str) -> dict[str, str]:
    """Return the cookie that somebody gets by signing in."""
    client = Client()
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": site}
