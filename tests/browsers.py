"""Fixtures of the browser journeys: the machine's own Chromium, and pages on which nothing may go wrong unseen."""

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tools import chromium

BROWSER_FIXTURES = {"browser", "context", "new_context", "page"}
FLAGS = [
    "--no-sandbox",  # the tests may run as root, and visit nothing but themselves
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever opens a page is a journey, marked or not."""
    for item in items:
        # A parameter that happens to be called so is no fixture.
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        if (BROWSER_FIXTURES & set(getattr(item, "fixturenames", ()))) - set(parameters):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = chromium.find()
    if path is None:
        reason = "No Chromium on this machine: install it (apt-get install chromium) or set CASEFILES_CHROMIUM."
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    # Playwright runs an event loop in the thread of the test, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {**browser_type_launch_args, "executable_path": path, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "UTC"}


class Complaints:
    """What a browser held against the pages of a test: errors, refused content, requests to other hosts."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def on_console(self, message: Any) -> None:
        if message.type not in {"error", "warning"}:
            return
        # Chromium reports every answer of 400 and above; a refusal is an answer, a missing file of ours is a fault.
        if message.text.startswith("Failed to load resource") and "/static/" not in message.location["url"]:
            return
        self.seen.append(f"{message.type}: {message.text} ({message.location['url']})")

    def on_page_error(self, error: Any) -> None:
        self.seen.append(f"script error: {error}")

    def on_request(self, request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in {"localhost", "127.0.0.1"}:
            self.seen.append(f"request to another host: {request.url}")


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def context(context: Any, complaints: Complaints) -> Iterator[Any]:
    """A browser context whose pages must raise no error, break no policy and ask no other host."""
    context.on("console", complaints.on_console)
    context.on("weberror", lambda error: complaints.on_page_error(error.error))
    context.on("request", complaints.on_request)
    yield context
    assert complaints.seen == [], "\n".join(complaints.seen)


@pytest.fixture
def assert_accessible() -> Callable[[Any], None]:
    """Return a check that a page breaks none of axe's rules."""
    return _assert_accessible


def _assert_accessible(page: Any) -> None:
    broken = Axe().run(page).response["violations"]
    places = [f"{rule['id']} ({rule['help']}): {node['html'][:160]}" for rule in broken for node in rule["nodes"]]
    assert places == [], f"{page.url}:\n" + "\n".join(places)
