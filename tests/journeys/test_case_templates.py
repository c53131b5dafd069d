"""A case is opened from a template with the keys: looked at, opened, a step ticked, and the first claim written."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from casefiles.sanctions.actions import load_instruments
from tests.journeys.keyboard import Work, press
from tests.journeys.test_duties import look


@pytest.mark.parametrize("is_scripted", [True, False], ids=["scripted", "bare"])
def test_a_case_begins_with_tasks_duties_and_questions(visit: Any, people: Any, faults: Any, is_scripted: bool) -> None:
    load_instruments(by=people.lead)
    page = visit(people.lead, "/cases/open/", java_script_enabled=is_scripted)
    work = Work(page)

    work.type_into(page.get_by_label("Title"), "A ship in a port")
    page.get_by_label("Port State's duty").focus()
    page.keyboard.press("Space")
    page.get_by_label("Port State", exact=True).select_option("CN")
    press(page, page.get_by_role("button", name="Look first"))
    expect(page.locator(".plan[open]")).to_contain_text("Establish the port call")
    if is_scripted:
        look(page, faults)
    press(page, page.get_by_role("button", name="Open the case"))
    expect(page.get_by_text("and you lead it")).to_be_visible()
    case = page.url

    page.goto(f"{case}tasks/")
    expect(page.locator("#task-T-01 .checklist")).to_contain_text("3 of 3 steps open")
    press(page, page.get_by_role("checkbox", name="Name the berth or yard"))
    expect(page.locator("#task-T-01 .checklist")).to_contain_text("2 of 3 steps open")
    if is_scripted:
        look(page, faults)

    page.goto(f"{case}claims/")
    expect(page.locator("#planned li")).to_have_count(5)
    if is_scripted:
        look(page, faults)
    press(page, page.get_by_role("link", name="Write it").first)
    work.type_into(page.locator("[name=text]"), "The Angara lay in the port.")
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_text("C-01 was added")).to_be_visible()
    page.goto(f"{case}claims/")
    expect(page.locator("#planned li")).to_have_count(4)

    page.goto(f"{case}template/")
    page.get_by_label("Port State's duty").check()
    press(page, page.get_by_role("button", name="Add what is missing"))
    expect(page.get_by_text("11 were there already")).to_be_visible()

    page.goto(f"{case}history/")
    page.get_by_label("About").select_option("claim")
    if not is_scripted:
        press(page, page.get_by_role("button", name="Apply"))
    expect(page.locator(".feed")).not_to_contain_text("added task")
    expect(page.locator(".feed")).to_contain_text("made claim C-01")
    if is_scripted:
        look(page, faults)
    page.get_by_role("link", name="made claim C-01").click()
    expect(page).to_have_url(re.compile("/claims/"))
