"""A claim is sent back, mended, approved and opened again, by role; its author gives no verdict on it."""

from typing import Any

from playwright.sync_api import expect

from casefiles.cases.models import Review
from tests import make
from tests.journeys.keyboard import Work, go_to, press
from tests.journeys.test_duties import look

TEXT = "The ship lay in the port of Zhoushan."


def asked(page: Any, work: Work, note: str) -> None:
    press(page, page.get_by_role("link", name="Ask for a review"))
    work.type_into(page.locator("[name=note]"), note)
    press(page, page.get_by_role("button", name="Ask", exact=True))
    expect(page.locator("main")).to_contain_text("Waits for a verdict.")


def choose(page: Any, value: str) -> None:
    go_to(page, page.locator("[name^=verdict_]:checked"))
    for _step in range(3):
        page.keyboard.press("ArrowRight")
        if page.locator("[name^=verdict_]:checked").input_value() == value:
            return
    raise AssertionError(value)


def test_a_claim_goes_back_is_mended_approved_and_opened_again(visit: Any, people: Any, faults: Any) -> None:
    case = make.case(people.lead, title="A ship in a port")
    make.member(case, people.researcher, "researcher")
    make.member(case, people.editor, "editor")
    claim = make.claim(case, people.researcher, text=TEXT)
    address = claim.get_absolute_url()

    page = visit(people.researcher, address)
    work = Work(page)
    asked(page, work, "The date.")

    page = visit(people.editor, address)
    work = Work(page)
    look(page, faults)
    press(page, page.get_by_role("link", name="Review it"))
    choose(page, "changes requested")
    press(page, page.get_by_role("button", name="Give it"))
    expect(page.locator("main")).to_contain_text("Say what is to be changed")
    work.type_into(page.locator("[name^=remark_]"), "Say since when.")
    look(page, faults)
    press(page, page.get_by_role("button", name="Give it"))
    expect(page.locator("main")).to_contain_text("Say since when.")
    look(page, faults)

    page = visit(people.researcher, address)
    work = Work(page)
    press(page, page.get_by_role("link", name="Answer the remark"))
    work.type_into(page.locator("[name=answer]"), "From 9 February 2024.")
    press(page, page.get_by_role("button", name="Answer", exact=True))
    expect(page.locator("#review")).to_contain_text("From 9 February 2024.")
    asked(page, work, "Mended.")

    page = visit(people.editor, address)
    press(page, page.get_by_role("link", name="Review it"))
    choose(page, "approved")
    press(page, page.get_by_role("button", name="Give it"))
    expect(page.locator("body")).to_contain_text("1 verdict was given.")

    page = visit(people.researcher, address)
    expect(page.locator("#review")).to_contain_text("Editor")
    press(page, page.get_by_role("link", name="Edit", exact=True).last)
    expect(page.locator("main")).to_contain_text("was approved by Editor")
    look(page, faults)
    Work(page).type_into(page.locator("[name=rationale]"), "One image.")
    press(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.locator("main")).to_contain_text("Open again after its approval: the claim was changed")
    look(page, faults)


def test_an_author_approves_their_own_claim_nowhere(visit: Any, people: Any) -> None:
    case = make.case(people.lead, title="A ship in a port")
    make.member(case, people.editor, "editor")
    claim = make.claim(case, people.editor, text=TEXT)
    page = visit(people.editor, f"/cases/{case.pk}/reviews/new/?claim={claim.pk}")
    press(page, page.get_by_role("button", name="Ask", exact=True))
    expect(page.locator("main")).to_contain_text("Waits for somebody who wrote none of it.")
    review = Review.objects.get(case=case)
    page.goto(f"/cases/{case.pk}/reviews/{review.pk}/answer/")
    expect(page.locator("main")).to_contain_text("No claim here waits for your verdict")

    # By the admin, where the same action answers.
    page.goto(f"/admin/cases/verdict/add/?review={review.pk}&claim={claim.pk}")
    expect(page.locator(".field-claim")).to_contain_text(TEXT)
    page.locator("[name=verdict]").select_option("approved")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#verdict_form")).to_contain_text("another editor reviews it")

    # By a file: there is nothing to which one could be given, and a claim's table holds no verdict.
    for name in ("verdict", "review", "claim"):
        page.goto(f"/admin/cases/{name}/")
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        expect(page.get_by_role("link", name="Import")).to_have_count(0)
        assert page.goto(f"/admin/cases/{name}/import/").status == 404
    assert Review.objects.get(case=case).verdicts.count() == 0
