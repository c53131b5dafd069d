"""Steps of a task are typed and ticked by the keys, with a script and without."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.keyboard import go_to, press
from tests.journeys.test_ledger import look


@pytest.mark.parametrize("is_scripted", [True, False], ids=["scripted", "bare"])
def test_steps_are_typed_and_ticked(visit: Any, people: Any, faults: Any, is_scripted: bool) -> None:
    case = make.case(people.lead, title="A ship and a yard")
    page = visit(people.lead, f"/cases/{case.pk}/tasks/new/", java_script_enabled=is_scripted)
    page.locator("[name=title]").fill("Ask for comment")
    go_to(page, page.locator("[name=checklist]"))
    page.keyboard.insert_text("Найти адрес верфи\nAgree on a deadline\n船厂 " + "a very long step " * 12)
    press(page, page.get_by_role("button", name="Save", exact=True))

    row = page.locator("#task-T-01")
    expect(row).to_contain_text("3 of 3 steps open")
    step = row.get_by_role("checkbox", name="Agree on a deadline")
    expect(step).not_to_be_checked()
    go_to(page, step)
    page.keyboard.press("Space")
    expect(row).to_contain_text("2 of 3 steps open")
    expect(row.get_by_role("checkbox", name="Agree on a deadline")).to_be_checked()
    if is_scripted:
        look(page, faults)
