"""Somebody is asked by name about a claim, and answers: with the keys alone, with and without a script."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.keyboard import Work, press
from tests.journeys.test_duties import look


@pytest.mark.parametrize("is_scripted", [True, False], ids=["scripted", "bare"])
def test_a_colleague_is_named_from_the_team_and_the_thread_is_settled(
    visit: Any, people: Any, faults: Any, is_scripted: bool
) -> None:
    case = make.case(people.lead, title="A ship in a port", members={people.viewer: "viewer"})
    claim = make.claim(case, people.lead, text="The ship lay in the port of Zhoushan.")
    page = visit(people.lead, claim.get_absolute_url(), java_script_enabled=is_scripted)
    work, name = Work(page), people.viewer.username

    box = page.locator("#comments [name=body]")
    if is_scripted:
        work.type_into(box, f"Look, @{name[:4]}")
        expect(page.get_by_role("option", name=f"@{name}")).to_be_visible()
        look(page, faults)
        page.keyboard.press("Enter")
        expect(box).to_have_value(f"Look, @{name} ")
    else:
        work.type_into(box, f"Look, @{name}")
    press(page, page.get_by_role("button", name="Comment", exact=True))

    expect(page.locator(".comment .mention")).to_have_text(f"@{name}")
    work.type_into(page.locator("#answer [name=body]"), "It did.")
    press(page, page.get_by_role("button", name="Answer", exact=True))
    expect(page.locator(".answers .comment")).to_contain_text("It did.")
    press(page, page.get_by_role("button", name="Resolve"))
    expect(page.locator(".thread")).to_contain_text("resolved")
    if is_scripted:
        look(page, faults)

    seen = visit(people.viewer, "/notifications/")
    expect(seen.locator(".notifications")).to_contain_text(f"named you in a comment on {claim.label}")
    if is_scripted:
        look(seen, faults)
        seen.goto("/notifications/choices/")
        look(seen, faults)
        seen.goto("/notifications/")
    press(seen, seen.get_by_role("button", name="Mark all as read"))
    expect(seen.locator(".bell b")).to_have_count(0)
