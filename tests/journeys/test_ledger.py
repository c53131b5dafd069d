"""The ledger by the keys: claims written below the list, moved, warned about while typed; a pasted reference cited."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.conftest import PHONE
from tests.journeys.keyboard import go_to, press
from tests.journeys.test_every_page import broken_rules, overflow


def look(page: Any, faults: Any) -> None:
    """Ask axe, and whether the page fits a phone, in the dark."""
    size = page.viewport_size
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    with faults.unheard():
        wrong = [*overflow(page), *broken_rules(page)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)
    assert wrong == []


@pytest.mark.parametrize("is_scripted", [True, False], ids=["scripted", "bare"])
def test_claims_are_written_moved_and_cited_without_leaving_the_keys(
    visit: Any, people: Any, faults: Any, is_scripted: bool
) -> None:
    case = make.case(people.lead, title="A ship and a yard")
    make.claim(case, people.lead, text="The ship called at Rajin.")
    make.original(case, people.lead, title="Report from the yard")
    page = visit(people.lead, f"/cases/{case.pk}/claims/", java_script_enabled=is_scripted)

    for text in ("The ship went dark.", "The ship lay at the yard."):
        go_to(page, page.locator("[name=text]"))
        page.keyboard.type(text)
        if is_scripted and "dark" in text:
            expect(page.locator("[data-warnings]")).to_contain_text("“went dark” leaves no room for doubt.")
            look(page, faults)
        press(page, page.get_by_role("button", name="Add it"))
        expect(page.locator("tr", has_text=text)).to_be_visible()
    expect(page.locator("#messages")).to_contain_text("C-03 was added.")
    if is_scripted:
        expect(page.locator("[name=text]")).to_be_focused()

    press(page, page.get_by_role("link", name="Arrange the claims"))
    press(page, page.get_by_role("button", name="Up C-03"))
    expect(page.locator("tbody tr").nth(1)).to_contain_text("The ship lay at the yard.")
    if is_scripted:
        expect(page.get_by_role("button", name="Up C-03")).to_be_focused()
    press(page, page.get_by_role("button", name="Up C-03"))
    expect(page.locator("tbody tr").first).to_contain_text("The ship lay at the yard.")

    press(page, page.get_by_role("link", name="The ship lay at the yard."))
    go_to(page, page.locator("[name=exhibit]"))
    page.keyboard.insert_text("E-01 p. 4")
    page.keyboard.press("Tab")
    if is_scripted:
        expect(page.locator("[name=exhibit]")).to_have_value("E-01")
        expect(page.locator("[name=locator]")).to_have_value("p. 4")
    press(page, page.get_by_role("button", name="Cite", exact=True))
    expect(page.locator("#citations")).to_contain_text("p. 4")
    if is_scripted:
        look(page, faults)
