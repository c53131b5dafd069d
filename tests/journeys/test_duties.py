"""A duty is taken up and its elements are found on, with the keys alone, with and without a script."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.conftest import PHONE
from tests.journeys.keyboard import Work, go_to, press
from tests.journeys.test_every_page import broken_rules, overflow

TEXTS = ("The vessel lay in a port of the State.", "It was not inspected.")


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
def test_a_finding_is_made_in_its_place_and_refused_without_a_claim(
    visit: Any, people: Any, faults: Any, is_scripted: bool
) -> None:
    case = make.case(people.lead, title="A ship in a port")
    claim = make.claim(case, people.lead, text="The ship lay in the port of Zhoushan.")
    provision = make.provision(people.lead, *TEXTS)
    page = visit(people.lead, f"/cases/{case.pk}/duties/new/", java_script_enabled=is_scripted)
    work = Work(page)

    work.type_into(page.locator("[name=provision]"), str(provision))
    go_to(page, page.locator("[name=country]"))
    page.keyboard.type("China")
    press(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.locator("section[id^=duty-]")).to_contain_text("0 of 2; 2 unknown")
    press(page, page.get_by_role("link", name=f"Add a finding {TEXTS[0]}"))
    expect(page.locator("[name=note]")).to_be_visible()
    if is_scripted:
        look(page, faults)

    choose(page, "met")
    work.type_into(page.locator("[name=note]"), "By two images.")
    press(page, page.get_by_role("button", name="Save the finding"))
    expect(page.locator("main")).to_contain_text("Without a cited claim a finding can only be unknown: choose")
    expect(page.locator("[name=note]")).to_have_value("By two images.")
    go_to(page, page.get_by_label(f"{claim.label} {claim.text}"))
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Save", exact=True))

    row = page.locator("tr", has=page.locator(f"text={TEXTS[0]}")).last
    expect(row).to_contain_text("By two images.")
    expect(row.get_by_role("link", name=claim.label)).to_be_visible()
    expect(page.locator("main")).to_contain_text("Elements met on the cited facts: 1 of 2; 1 unknown")
    if is_scripted:
        look(page, faults)
        page.goto(provision.get_absolute_url())
        look(page, faults)


def choose(page: Any, finding: str) -> None:
    """Go to the finding that is chosen, and on to another one by the arrows."""
    go_to(page, page.locator("[name=finding]:checked"))
    for _step in range(4):
        if page.locator("[name=finding]:checked").input_value() == finding:
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(finding)
