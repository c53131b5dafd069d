"""What people do every day, with the keys alone: a report, a citation, a statement; and taking each of them back."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import make
from tests.journeys.keyboard import Work, go_to, press

QUOTE = "Russia is transporting weapons from North Korea to Ukraine via China"


def status(page: Any, words: str) -> Any:
    return page.locator("#messages .message").filter(has_text=words)


def add_report(work: Work, title: str) -> None:
    page = work.page
    page.keyboard.press("Tab")
    press(page, page.locator(".top-bar summary", has_text="Add to this case"))
    press(page, page.get_by_role("link", name="News report"))
    expect(page.locator("[name=title]")).to_be_focused()
    work.type_into(page.locator("[name=title]"), title)
    page.keyboard.press("Enter")


def cite(work: Work, claim: str, *, locator: str, quote: str) -> None:
    page = work.page
    page.keyboard.press("Enter")
    form = page.locator("#cite-form")
    expect(form.locator("[name=claim]")).to_be_focused()
    work.type_into(form.locator("[name=claim]"), claim)
    work.type_into(form.locator("[name=locator]"), locator)
    work.type_into(form.locator("[name=quote]"), quote)
    page.keyboard.press("Enter")


def record_statement(work: Work, exhibit: str, *, speaker: str, words: str, stance: str) -> None:
    page = work.page
    row = page.locator(f"#exhibit-{exhibit}")
    press(page, row.get_by_role("link", name="Cite on a claim"))
    press(page, page.get_by_role("link", name="Record a statement from it"))
    form = page.locator("main form")
    expect(form.locator("[name=exhibit]")).to_have_value(re.compile(exhibit))
    create_speaker(work, form.locator("[name=speaker]"), speaker)
    work.type_into(form.locator("[name=text]"), words)
    go_to(page, form.locator(".stance-row select").first)
    page.keyboard.type(stance)
    work.inputs.append(stance)
    press(page, form.get_by_role("button", name="Save the statement"))


def create_speaker(work: Work, field: Any, name: str) -> None:
    page = work.page
    work.type_into(field, name)
    expect(page.get_by_role("option", name=f"Create “{name}”")).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[name=name]")).to_have_value(name)
    expect(dialog.locator("[name=name]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(field).to_have_value(name)
    expect(field).to_be_focused()


def test_a_report_a_citation_and_a_statement_take_three_pages_and_no_mouse(visit, people, angara) -> None:
    page = visit(people.researcher, angara.get_absolute_url())
    angara.refresh_from_db()
    exhibit = f"E-{angara.last_exhibit + 1:02d}"
    work = Work(page)

    add_report(work, "Ship at a yard in Zhejiang")
    row = page.locator(f"#exhibit-{exhibit}")
    expect(row).to_have_class(re.compile("is-hot"))
    expect(row.get_by_role("link", name="Cite on a claim")).to_be_focused()
    before = list(work.loads)
    cite(work, "C-01", locator="para 2", quote=QUOTE)
    expect(status(page, f"{exhibit} was cited on C-01.")).to_be_visible()
    assert work.loads == before
    expect(row.locator("td.number")).to_have_text("1")
    record_statement(work, exhibit, speaker="A spokesperson of the ministry", words="We know nothing.", stance="denies")
    expect(status(page, "Recorded as S-")).to_be_visible()

    figures = work.report()
    assert figures["page_loads"] <= 3, work.loads
    assert figures["inputs"] <= 12
    assert figures["seconds"] <= 90


@pytest.fixture
def case(people) -> Any:
    """A small case: a claim, and one report that nobody cites."""
    opened = make.case(people.lead)
    make.claim(opened, people.lead, text="The ship called at Rajin.")
    make.report(opened, people.lead, title="First report")
    return opened


def test_a_report_is_taken_back_from_its_message(visit, people, case) -> None:
    page = visit(people.lead, f"/cases/{case.pk}/exhibits/news-report/new/")
    page.locator("[name=title]").fill("Second report")
    page.get_by_role("button", name=re.compile("^Save as")).click()

    status(page, "Saved as E-02.").get_by_role("button").click()

    expect(status(page, "Voided.")).to_be_visible()
    page.goto(f"/cases/{case.pk}/exhibits/")
    expect(page.locator("#exhibit-E-02")).to_contain_text("Removed:")


def test_a_citation_is_taken_back_from_its_message(visit, people, case) -> None:
    page = visit(people.lead, f"/cases/{case.pk}/exhibits/?cite=E-01")
    page.locator("#cite-form [name=claim]").fill("1")
    page.locator("#cite-form").get_by_role("button", name="Cite", exact=True).click()

    status(page, "E-01 was cited on C-01.").get_by_role("button").click()

    expect(status(page, "Voided.")).to_be_visible()
    page.goto(f"/cases/{case.pk}/exhibits/")
    expect(page.locator("#exhibit-E-01 td.number")).to_have_text("0")


def test_a_statement_is_taken_back_from_its_message(visit, people, case) -> None:
    page = visit(people.lead, f"/cases/{case.pk}/statements/new/?exhibit=E-01")
    page.locator("[name=speaker_text]").fill("A spokesperson")
    page.locator("[name=text]").fill("We have no information.")
    page.get_by_role("button", name="Save the statement").click()

    status(page, "Recorded as S-01.").get_by_role("button").click()

    expect(status(page, "Voided.")).to_be_visible()
    page.goto(f"/cases/{case.pk}/statements/")
    expect(page.locator("#statement-S-01")).to_contain_text("Removed:")


def test_a_change_is_taken_back_from_its_message(visit, people, case) -> None:
    page = visit(people.lead, f"/cases/{case.pk}/edit/")
    title = page.locator("[name=title]").input_value()
    page.locator("[name=title]").fill("Another title")
    page.get_by_role("button", name="Save").click()

    status(page, "The case was changed.").get_by_role("button").click()

    expect(status(page, "Taken back.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_a_mistake_in_a_citation_is_said_at_its_field_and_nothing_typed_is_lost(visit, people, case) -> None:
    page = visit(people.lead, f"/cases/{case.pk}/exhibits/?cite=E-01")
    form = page.locator("#cite-form")
    form.locator("[name=claim]").fill("C-99")
    form.locator("[name=locator]").fill("p. 4")
    form.locator("[name=quote]").fill(QUOTE)

    page.keyboard.press("Enter")

    expect(form.get_by_text("Nothing is called “C-99”").first).to_be_visible()
    expect(form.locator("[name=claim]")).to_have_value("C-99")
    expect(form.locator("[name=quote]")).to_have_value(QUOTE)


@pytest.mark.parametrize("place", ["exhibits/news-report/new/", "claims/new/", "statements/new/"])
def test_back_brings_the_text_again(visit, people, case, place) -> None:
    page = visit(people.lead, f"/cases/{case.pk}/{place}")
    page.on("dialog", lambda question: question.accept())
    name = "title" if "news-report" in place else "text"
    page.locator(f"[name={name}]").press_sequentially("Typed and not saved")
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Cases").click()
    expect(page).to_have_url(re.compile("/cases/$"))

    page.go_back()

    expect(page.locator(f"[name={name}]")).to_have_value("Typed and not saved")
