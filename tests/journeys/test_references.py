"""References are completed by the keys while a summary is written, and what stands behind one shows beside it."""

from typing import Any

from playwright.sync_api import expect

from tests import make
from tests.journeys.keyboard import go_to, press
from tests.journeys.test_duties import look


def test_a_summary_is_written_with_references_by_the_keys(visit: Any, people: Any, faults: Any) -> None:
    case = make.case(people.lead, title="A ship at a yard")
    claim = make.claim(case, people.lead, text="The ship lay at the yard.")
    make.claim(case, people.lead, text="The crane did not move.")
    make.cited(claim, people.lead, make.original(case, people.lead, title="A report"), quote="lay at the yard")
    page = visit(people.lead, f"/cases/{case.pk}/edit/")
    area, note = page.locator("textarea[name=summary]"), page.locator("#summary-note")
    offers, options = page.locator(".picker-list"), page.locator(".picker-list [role=option]")

    go_to(page, area)
    page.keyboard.type("It lay there. It never moved [[yard")
    expect(options).to_have_count(1)
    look(page, faults)
    page.keyboard.press("Escape")
    expect(offers).to_be_hidden()
    for _letter in "yard":
        page.keyboard.press("Backspace")
    page.keyboard.type("C")
    expect(options).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(area).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(area).to_have_value("It lay there. It never moved [[C-01]]")
    expect(note).to_contain_text("1 sentence cites nothing")
    expect(note).to_contain_text("Cites nothing: “It lay there.”")
    press(page, page.get_by_role("button", name="Save", exact=True))

    expect(page.locator("#messages")).to_contain_text("1 sentence cites nothing")
    chip = page.locator("reference-preview a.citation-chip")
    chip.focus()
    card = page.get_by_role("tooltip")
    for words in ("The ship lay at the yard.", "Single origin", "lay at the yard"):
        expect(card).to_contain_text(words)
    look(page, faults)
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
