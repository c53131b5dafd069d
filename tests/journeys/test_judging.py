"""Two ships are judged to be one from the page of look-alikes, seen on the file, and parted again."""

import re

from playwright.sync_api import expect

from tests import make
from tests.journeys.test_every_page import broken_rules


def test_a_look_alike_is_judged_the_same_and_parted_again(visit, people, faults) -> None:
    make.case(people.lead)
    ship = make.vessel(people.lead, display_name="Vostochnaya Zvezda", imo_number=make.imo_number())
    other = make.vessel(people.lead, display_name="Восточная Звезда")
    make.flag(people.lead, other, "KP", period=make.period("2023", "ongoing"))
    page = visit(people.lead, f"{ship.get_absolute_url()}look-alikes/")

    page.get_by_role("link", name=re.compile("^The same")).click()
    page.get_by_label("Why").fill("The same crane and the same bow on 9 February 2024.")
    page.locator("[name=circle]").select_option("open")
    page.get_by_role("button", name="Record the judgement").click()

    expect(page.locator("#judged")).to_contain_text("The same crane")
    with faults.unheard():
        assert broken_rules(page) == []
    page.get_by_role("link", name="File", exact=True).click()
    expect(page.get_by_text("This page also answers for")).to_be_visible()
    expect(page.locator("#particulars")).to_contain_text("North Korea")
    with faults.unheard():
        assert broken_rules(page) == []

    page.get_by_role("link", name="Why", exact=True).click()
    page.get_by_role("link", name=re.compile("^Take back")).click()
    page.locator("[name=reason]").fill("Another bow.")
    page.get_by_role("button", name="Void it").click()
    expect(page.locator("#messages")).to_contain_text("Voided")
    page.goto(ship.get_absolute_url())
    expect(page.locator("#particulars")).not_to_contain_text("North Korea")
