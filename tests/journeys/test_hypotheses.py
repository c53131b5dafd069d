"""The matrix is filled in by the keys alone, and without a script by plain forms."""

from typing import Any

import pytest
from playwright.sync_api import expect

from casefiles.cases import actions as cases
from tests import make
from tests.journeys.keyboard import go_to, press
from tests.journeys.test_duties import look


@pytest.mark.parametrize("is_scripted", [True, False], ids=["scripted", "bare"])
def test_claims_are_rated_cell_by_cell_with_the_keys(visit: Any, people: Any, faults: Any, is_scripted: bool) -> None:
    case = make.case(people.lead, title="A ship at a yard")
    for text in ("The ship unloaded arms.", "The ship was repaired.", "It was another ship."):
        cases.add_hypothesis(case, by=people.lead, text=text)
    for text in ("The ship lay at the yard for weeks.", "The crane did not move."):
        cases.weigh_claim(case, by=people.lead, claim=make.claim(case, people.lead, text=text))
    page = visit(people.lead, f"/cases/{case.pk}/hypotheses/", java_script_enabled=is_scripted)

    press(page, page.get_by_role("link", name="Rate the claims"))
    first = page.get_by_label("C-01, H-01", exact=True)
    go_to(page, first)
    if is_scripted:
        look(page, faults)
        rate_by_letters(page)
    else:
        first.select_option("II")
        page.get_by_label("C-01, H-02", exact=True).select_option("C")
    press(page, page.get_by_role("button", name="Save the ratings"))

    row = page.locator("#row-C-01")
    expect(row).to_contain_text("II")
    if is_scripted:
        expect(row).to_contain_text("Arms need no weeks.")
        expect(page.locator("#row-C-02")).to_contain_text("does not discriminate")
        look(page, faults)


def rate_by_letters(page: Any) -> None:
    """Go through the cells by arrow keys and rate them by letters; say why in the first."""
    keys = page.keyboard
    keys.press("Shift+I")
    keys.press("Enter")
    keys.type("Arms need no weeks.")
    keys.press("Escape")
    expect(page.get_by_label("C-01, H-01", exact=True)).to_be_focused()
    for key in ("ArrowRight", "c", "ArrowRight", "n"):
        keys.press(key)
    for key in ("ArrowDown", "I", "ArrowLeft", "I", "ArrowLeft", "c", "Delete", "I"):
        keys.press(key if key != "I" else "i")
    expect(page.get_by_label("C-02, H-01", exact=True)).to_be_focused()
    chosen = [[cell.input_value() for cell in row.locator("select").all()] for row in page.locator("tbody tr").all()]
    assert chosen == [["II", "C", "N/A"], ["I", "I", "I"]]
