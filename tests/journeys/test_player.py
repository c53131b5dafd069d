"""A sound is played in the browser, and the moment that was heard is cited; an archived page is read."""

from typing import Any

import pytest
from playwright.sync_api import expect

from casefiles.cases.actions.exhibits import add_exhibit
from casefiles.evidence.actions import reading
from tests import make
from tests.evidence.media_files import wav
from tests.evidence.web_archive_files import packed, page_list, response, wacz
from tests.journeys.conftest import PHONE
from tests.journeys.test_every_page import broken_rules, overflow

URL = "https://example.org/"


@pytest.fixture
def case(people: Any) -> Any:
    return make.case(people.lead)


@pytest.fixture
def held(people: Any, case: Any) -> Any:
    """An item of the case with ten seconds of silence and an archived page."""
    item = make.item(people.lead, circle=make.restricted_to(case.compartment), title="A call")
    pages = page_list({"url": URL, "title": "Angara at Rajin"})
    archive = wacz(packed(response(URL, b"<h1>Angara</h1><p>At the <a href='/x'>pier</a>.")), pages=pages)
    for content, name in ((wav(bytes(80_000)), "call.wav"), (archive, "pages.wacz")):
        reading.read_file(make.file(item, people.lead, content, name))
    add_exhibit(case, by=people.lead, item=item)
    make.claim(case, people.lead, text="He called.")
    return item


def test_the_moment_that_is_heard_is_cited(visit: Any, people: Any, case: Any, held: Any, faults: Any) -> None:
    page = visit(people.lead, f"/cases/{case.pk}/exhibits/?cite=E-01")
    page.get_by_role("link", name="Play it and cite a moment").click()
    sound = page.locator("audio")
    expect(page.get_by_label("Moment")).to_have_value("00:00:00")

    sound.evaluate("player => new Promise((go) => { player.onseeked = go; player.currentTime = 7.25; })")
    expect(page.get_by_label("Moment")).to_have_value("00:00:07.250")
    with faults.unheard():
        assert broken_rules(page) == []
    page.set_viewport_size(PHONE)
    assert overflow(page) == []
    page.get_by_role("button", name="Cite this moment").click()

    expect(page.locator("[name=locator]")).to_have_value("00:00:07.250")


def test_what_is_heard_is_cited_for_a_flag_by_the_keys(visit: Any, people: Any, case: Any, held: Any) -> None:
    vessel = make.numbered_vessel(people.lead, display_name="Angara")
    make.flag(people.lead, vessel, "RU", circle=make.restricted_to(case.compartment))
    page = visit(people.lead, f"/cases/{case.pk}/exhibits/?cite=E-01")
    page.get_by_role("link", name="Play it and cite a moment").click()
    page.get_by_role("button", name="Cite on another record").click()

    page.get_by_label("Statement, movement, designation or name of a thing").fill("angara")
    page.keyboard.press("Enter")
    for name in ("Angara", "Russia"):
        link = page.locator("main").get_by_role("link", name=name, exact=True)
        link.focus()
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Cite", exact=True).click()

    expect(page.get_by_role("link", name="A call")).to_be_visible()


def test_an_archived_page_is_read_and_nothing_of_it_runs(visit: Any, people: Any, held: Any, faults: Any) -> None:
    page = visit(people.lead, held.get_absolute_url())
    page.get_by_role("link", name="Angara at Rajin").first.click()

    expect(page.get_by_role("heading", name="Angara", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="pier")).to_have_attribute("href", "/leave/?to=https%3A%2F%2Fexample.org%2Fx")
    with faults.unheard():
        assert broken_rules(page) == []
    page.set_viewport_size(PHONE)
    assert overflow(page) == []
    page.get_by_role("link", name="See it set anew").click()
    sheet = page.get_by_role("img", name="Sheet 1 of the page")
    expect(sheet).to_be_visible()
    page.wait_for_function("() => document.querySelector('.rendered-sheet img').naturalWidth === 1200")
    assert overflow(page) == []
    with faults.unheard():
        assert broken_rules(page) == []
    page.get_by_role("link", name="Its words and pictures").click()
    page.get_by_role("link", name="All pages").click()
    expect(page.get_by_role("heading", name="Its own digests")).to_be_visible()
    assert overflow(page) == []
    with faults.unheard():
        assert broken_rules(page) == []
