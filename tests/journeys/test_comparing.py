"""Somebody comes back to a case, reads what others did meanwhile, and marks it as seen."""

from typing import Any

from playwright.sync_api import expect

from casefiles.cases import actions as cases
from casefiles.cases.models import Claim
from tests import make
from tests.journeys.keyboard import press
from tests.journeys.test_duties import look


def test_what_others_changed_is_read_and_marked_as_seen(visit: Any, people: Any, faults: Any) -> None:
    case = make.case(people.lead, members={people.editor: "editor"}, title="A ship in a port")
    claim = make.claim(case, people.lead, text="The ship lay there on Monday.")
    for count in range(10):
        make.claim(case, people.lead, text=f"Claim {count}.")
    cases.change_claim(Claim.objects.get(pk=claim.pk), by=people.lead, version=1, text="The ship lay there on Friday.")

    page = visit(people.editor, f"/cases/{case.pk}/")
    press(page, page.get_by_role("link", name="changes by others since you last looked"))
    claims = page.locator("section.card", has=page.get_by_role("heading", name="Claims", exact=True))
    expect(claims).to_contain_text("11 added")
    expect(claims).to_contain_text("The ship lay there on Friday.")
    expect(claims.get_by_text("Claim 9.")).to_be_hidden()
    press(page, claims.locator("summary", has_text="3 more"))
    expect(claims.get_by_text("Claim 9.")).to_be_visible()
    look(page, faults)
    press(page, page.get_by_role("button", name="Mark as seen"))
    expect(page.locator("#messages")).to_contain_text("Marked as seen.")

    page.goto(f"/cases/{case.pk}/changes/")
    expect(page.locator("main")).to_contain_text("Nothing changed")
