"""A request for comment from the draft to its end, with the keys: the letter, the attempts, silence, and a reply."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import expect

from casefiles.cases.models import ReplyRequest
from tests import make
from tests.journeys.conftest import PHONE
from tests.journeys.keyboard import Work, go_to, press
from tests.journeys.test_every_page import broken_rules, overflow


def look(page: Any, faults: Any) -> None:
    """Ask axe, and whether the page fits a phone, in the dark."""
    size = page.viewport_size
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    with faults.unheard():
        wrong = [*overflow(page), *broken_rules(page)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)
    assert wrong == []


def test_a_party_is_asked_sought_found_silent_and_heard_after_all(visit: Any, people: Any, faults: Any) -> None:
    case = make.case(people.lead, title="A ship in a port")
    claims = [make.claim(case, people.lead, text=f"The yard did {what}.") for what in ("the painting", "the welding")]
    exhibit = make.report(case, people.lead)
    page = visit(people.lead, f"/cases/{case.pk}/replies/")
    work = Work(page)
    look(page, faults)

    # A draft on two claims, and its letter.
    press(page, page.get_by_role("link", name="Draft a request").first)
    work.type_into(page.locator("[name=party_text]"), "The yard")
    for claim in claims:
        go_to(page, page.get_by_label(f"{claim.label} {claim.text}"))
        page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Save the draft"))
    expect(page.locator(".letter")).to_contain_text("1. The yard did the painting.\n2. The yard did the welding.")
    look(page, faults)
    with page.expect_download() as taken:
        press(page, page.get_by_role("link", name="Letter as DOCX"))
    assert taken.value.suggested_filename == f"{case.reference}-R-01.docx"

    # Sent a while ago; the deadline passed since.
    press(page, page.get_by_role("link", name="Record as sent"))
    now = timezone.now()
    for name, days in (("sent_at", 9), ("deadline_at", 2)):
        page.locator(f"[name={name}]").fill(f"{now - timedelta(days=days):%Y-%m-%dT%H:%M}")
    press(page, page.get_by_role("button", name="It was sent"))
    expect(page.locator("main")).to_contain_text("the deadline passed on")
    press(page, page.get_by_role("link", name="Record an attempt").last)
    work.type_into(page.locator("[name=note]"), "Rang the switchboard.")
    press(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.locator("#attempt-2")).to_contain_text("Rang the switchboard.")

    press(page, page.get_by_role("link", name="Did not respond"))
    press(page, page.get_by_role("button", name="They did not respond"))
    expect(page.locator("main")).to_contain_text("sked and silent")

    # A late reply, whose words nobody alters.
    press(page, page.get_by_role("link", name="Record the reply"))
    work.type_into(page.locator("[name=exhibit]"), exhibit.label)
    page.keyboard.press("Escape")
    work.type_into(page.locator("[name=text]"), "We only painted it.")
    press(page, page.get_by_role("button", name="Save the reply"))
    expect(page.locator("#response")).to_contain_text("We only painted it.")
    look(page, faults)
    said = ReplyRequest.objects.with_response().get().response.statement
    page.goto(f"{said.get_absolute_url()}edit/")
    go_to(page, page.locator("[name=text]"))
    page.keyboard.press("End")
    page.keyboard.insert_text(" And welded it.")
    press(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.locator("main")).to_contain_text("recorded as a reply and stay as they are")
    said.refresh_from_db()
    assert said.text == "We only painted it."
