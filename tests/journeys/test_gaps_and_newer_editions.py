"""What a source shows of the coverage in a gap is stated with it; a newer edition of a list is taken over by choice."""

import re
from typing import Any

from playwright.sync_api import expect

from casefiles.access.circles import Circle
from casefiles.sanctions.actions.listing import designate_from_entry
from casefiles.sanctions.selectors.lists import offers_of
from casefiles.voyages.actions.detection import run_detection
from tests import make
from tests.journeys.keyboard import Work, go_to, press
from tests.journeys.test_duties import look
from tests.sanctions.test_refreshing import FIRST, LATER

MMSI = "273456781"
GAP = [*make.position_rows(MMSI, 3), *make.position_rows(MMSI, 3, start="2024-02-10T07:00:00")]


def test_a_gap_says_what_a_source_shows_of_its_coverage(visit: Any, people: Any, faults: Any) -> None:
    circle = Circle.of_case(make.case(people.lead, title="A ship that fell silent"))
    make.read_positions(people.lead, *GAP, circle=circle)
    gap = run_detection(by=people.lead, circle=circle, mmsi=MMSI).events.get()
    make.item(people.lead, title="Log of the receiving station")
    page = visit(people.lead, gap.get_absolute_url())
    expect(page.locator("#coverage")).to_contain_text("No source and no positions of others say anything.")
    look(page, faults)

    press(page, page.get_by_role("link", name="State the coverage, with a source"))
    press(page, page.get_by_role("button", name="State it", exact=True))
    expect(page.get_by_role("alert").first).to_be_visible()
    go_to(page, page.locator("[name=answer]").first)
    page.keyboard.press("Space")
    Work(page).type_into(page.locator("[name=item]"), "Log of the receiving")
    expect(page.get_by_role("option", name="Log of the receiving station").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    Work(page).type_into(page.locator("[name=quote]"), "No station reported.")
    look(page, faults)
    press(page, page.get_by_role("button", name="State it", exact=True))

    expect(page).not_to_have_url(re.compile("/add/$"))
    page.goto(gap.get_absolute_url())
    expect(page.locator("#coverage")).to_contain_text("As a source shows.")
    expect(page.locator("#coverage")).to_contain_text("Log of the receiv")


def test_a_newer_edition_is_taken_over_field_by_field(visit: Any, people: Any, faults: Any) -> None:
    vessel = make.vessel(people.lead, imo_number="9179842", display_name="Angara")
    edition = make.applied_edition(people.lead, FIRST, list_key="uk", on="")
    [offer] = offers_of(edition, people.lead)
    held = designate_from_entry(offer.entry, by=people.lead, vessel=vessel, authority=make.authority(people.lead))
    make.applied_edition(people.lead, LATER, list_key="uk", on="")

    page = visit(people.lead, held.get_absolute_url())
    expect(page.locator("main")).to_contain_text("31 July 2024 → 13 June 2024")
    press(page, page.get_by_role("link", name="Look and take over"))
    expect(page.get_by_role("button", name="Take over what is chosen")).to_be_visible()
    look(page, faults)
    press(page, page.get_by_role("button", name="Take over what is chosen"))
    expect(page.get_by_role("alert").first).to_be_visible()
    go_to(page, page.locator("[name=take][value^=in_force]"))
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Take over what is chosen"))

    expect(page.locator("#messages")).to_contain_text("Taken over from")
    expect(page.locator("main")).not_to_contain_text("31 July 2024 → 13 June 2024")
    look(page, faults)
