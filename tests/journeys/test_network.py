"""A network is walked with the keys, opened in its place and kept; without a script every step is a link."""

import re
from typing import Any

from playwright.sync_api import expect

from casefiles.access.circles import Circle
from casefiles.cases import actions as cases
from casefiles.particulars import actions as particulars
from tests import make
from tests.journeys.conftest import PHONE
from tests.journeys.keyboard import go_to, press
from tests.journeys.test_every_page import broken_rules, overflow

FIRM = "شركة أنغارا 安加拉公司"


def built(people: Any) -> Any:
    case = make.case(people.lead, title="A ship and its owner")
    ship = make.numbered_vessel(people.lead, display_name="ANGARA")
    cases.add_subject(case, by=people.lead, vessel=ship, role="carrier", is_main=True)
    firm = make.organisation(people.lead, name=FIRM)
    make.person(people.lead, name="Head of the firm", organisation=firm, public_role="director")
    particulars.add_vessel_role(
        by=people.lead,
        circle=Circle.everyone(),
        vessel=ship,
        organisation=firm,
        role="registered owner",
        period=make.period("2021", "2023"),
    )
    return case


def test_a_network_is_walked_opened_and_kept_by_the_keys(visit: Any, people: Any, faults: Any) -> None:
    case = built(people)
    page = visit(people.lead, f"/cases/{case.pk}/network/")
    told = page.locator("[data-told]")

    page.locator("network-graph[data-ready]").wait_for(state="attached")
    go_to(page, page.locator(".network-stage"))
    page.keyboard.press("ArrowLeft")
    expect(told).to_contain_text("ANGARA")
    page.keyboard.press("ArrowLeft")
    expect(told.get_by_role("link", name="registered owner, 2021 – 2023")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#things")).to_contain_text("Head of the firm")
    expect(page).to_have_url(re.compile("open=organisation"))
    expect(told).to_contain_text("director")

    page.locator("[data-until]").focus()
    page.keyboard.press("Home")
    expect(page.locator("[data-clock]")).to_contain_text("2021-01-01: ")
    expect(page.locator("#relations")).to_contain_text("possible")

    press(page, page.get_by_role("button", name="Keep my layout"))
    expect(page.locator("#messages")).to_contain_text("Your layout is kept.")
    page.locator("network-graph[data-ready]").wait_for(state="attached")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    with faults.unheard():
        assert [*overflow(page), *broken_rules(page)] == []


def test_without_a_script_every_step_is_a_link(visit: Any, people: Any) -> None:
    case = built(people)
    page = visit(people.lead, f"/cases/{case.pk}/network/", java_script_enabled=False)

    press(page, page.get_by_role("link", name=f"Open {FIRM}"))

    expect(page.locator("#things")).to_contain_text("Head of the firm")
    expect(page.locator("svg.network")).to_contain_text("director")
