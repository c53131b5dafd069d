"""A timeline is moved and brought closer with the keys and by hand, in its place; the address says what is seen."""

import re
from typing import Any

from playwright.sync_api import expect

from casefiles.cases import actions as cases
from tests import make
from tests.journeys.conftest import PHONE
from tests.journeys.keyboard import go_to
from tests.journeys.test_every_page import broken_rules, overflow


def test_a_timeline_moves_under_keys_and_hand_and_a_click_opens_the_record(
    visit: Any, people: Any, faults: Any
) -> None:
    case = make.case(people.lead, title="A year of a ship")
    ship = make.numbered_vessel(people.lead, display_name="ANGARA")
    cases.add_subject(case, by=people.lead, vessel=ship, role="carrier", is_main=True)
    for day in ("2024-01-10", "2024-06-10", "2024-12-10"):
        make.port_call(people.lead, ship, seen=day, place=make.place(people.lead, name=f"Port of {day}"))
    page = visit(people.lead, f"/cases/{case.pk}/timeline/?since=2024-01-01&until=2024-12-31")
    picture = page.locator("[data-part=picture]")
    page.locator("case-timeline[data-ready]").wait_for(state="attached")

    go_to(page, page.locator("[data-region]"))
    page.keyboard.press("+")
    expect(page).to_have_url(re.compile("since=2024-04-01&until=2024-10-01"))
    expect(picture).not_to_contain_text("Port of 2024-01-10")
    page.keyboard.press("ArrowRight")
    expect(picture).to_contain_text("Port of 2024-12-10")
    page.keyboard.press("0")
    expect(picture).to_contain_text("Port of 2024-01-10")

    box = page.locator("svg.timeline").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 200, box["y"] + 5, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile("since=2023"))
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as PNG").click()
    assert saved.value.suggested_filename == "timeline.png"

    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    with faults.unheard():
        assert [*overflow(page), *broken_rules(page)] == []
    page.locator("svg.timeline a").first.locator("circle").click()
    expect(page).to_have_url(re.compile("/port-calls/|/voyages/"))
