"""Every page that the lead of a case can open keeps the policy, fits a phone and can be read aloud."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from casefiles.access.gate import visibility_of
from casefiles.core.pages import Page
from casefiles.dossiers.views.reading import DownloadPage, PdfPage
from casefiles.evidence.views.bringing_in import PartPage
from casefiles.evidence.views.files import FilePage
from tests.access.test_urls import ADDRESSES
from tests.journeys.conftest import DESK, PHONE

AXE = Axe()
WCAG_2_1_AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"], "preload": False}
# Pages are shared out among the test processes in this many parts.
PARTS = 8
# What answers only when asked something.
WITH_QUERY = {"leave/": "leave/?to=https://example.org/"}
# A button leads here with what is to be confirmed or refreshed; without that there is no such page.
WITH_A_VALUE = ("claims/confirm/", "sheet/confirm/", "screenings/<uuid:pk>/decide/", "sanctions/<uuid:pk>/refresh/")
# What is saved as a file: the words of a page in a form of their own.
FILES = (".svg", ".csv", ".md", ".docx", ".ics", ".graphml", "/geojson/", "/kml/")


@pytest.fixture(scope="package")
def pages(matrix: Any) -> list[str]:
    """The addresses of whole pages of HTML that are about members, case A or its records."""
    return [*member_pages(), *record_pages(matrix)]


def member_pages() -> Iterator[str]:
    for route, callback in ADDRESSES:
        if visibility_of(callback) == "member" and "<" not in route and is_page(callback):
            yield f"/{WITH_QUERY.get(route, route)}"


def record_pages(matrix: Any) -> Iterator[str]:
    from tests.access.matrix import addresses

    views = dict(ADDRESSES)
    for address in addresses(matrix):
        if is_page(views[address.route]) and not address.route.endswith(WITH_A_VALUE + FILES):
            yield address.hidden


def is_page(callback: Any) -> bool:
    """Say whether an address shows a page: not data, a file, or a part of a page."""
    view = getattr(callback, "view_class", object)
    if not issubclass(view, Page) or issubclass(view, DownloadPage | PdfPage | FilePage | PartPage):
        return False
    return "get" in view.http_method_names and not str(view.template_name).split("/")[-1].startswith("_")


def overflow(page: Any) -> list[str]:
    """Say by how much a page is wider than its window, if it is."""
    width, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{page.url}: {width} px wide in a window of {window} px"] if width > window else []


def broken_rules(page: Any) -> list[str]:
    """Return what axe holds against a page, by rule and element."""
    violations = AXE.run(page, options=WCAG_2_1_AA).response["violations"]
    return [
        f"{page.url}: {rule['id']} ({rule['help']}): {node['html'][:200]}"
        for rule in violations
        for node in rule["nodes"]
    ]


def opened(page: Any, path: str) -> list[str]:
    """Go to a page and say what is wrong with its answer."""
    answer = page.goto(path)
    expect(page.locator("[hx-trigger=load]")).to_have_count(0)
    return [] if answer.status == 200 else [f"{path}: {answer.status}"]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_safe_accessible_and_fits_a_phone(visit, matrix, pages, faults, part) -> None:
    """O01, C02: console, policy, requests and answers are watched by the fixture `faults`, except while axe works."""
    page = visit(matrix.users["LEAD"])
    wrong = []

    for path in pages[part::PARTS]:
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="light")
        wrong += opened(page, path) + overflow(page)
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="dark")
        wrong += overflow(page)
        with faults.unheard():
            wrong += broken_rules(page)

    assert wrong == [], "\n".join(wrong)


def test_the_open_tab_is_in_sight_on_a_narrow_screen(visit, people, angara) -> None:
    page = visit(people.viewer, f"/cases/{angara.pk}/history/", viewport=PHONE)

    box = page.locator(".tabs [aria-current]").bounding_box()

    assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"]


@pytest.mark.parametrize(("viewport", "shown"), [(PHONE, ".map-narrow"), (DESK, ".map-wide")])
def test_the_letters_of_the_map_can_be_read_at_every_width(visit, people, angara, viewport, shown) -> None:
    page = visit(people.viewer, f"/cases/{angara.pk}/map/", viewport=viewport)

    heights = [
        label.bounding_box()["height"] for label in page.locator(f"{shown} .port text").all() if label.is_visible()
    ]

    assert len(heights) == 5
    assert all(10 <= height <= 24 for height in heights)
