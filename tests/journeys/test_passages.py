"""A passage of a PDF is selected, with the keys or the mouse, and cited on a claim."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from casefiles.evidence.actions import reading
from tests import make
from tests.evidence.pdf_writer import pdf
from tests.journeys.conftest import PHONE
from tests.journeys.keyboard import go_to, press

PAGES = (["The ship lay at the yard.", "It sailed in May."], ["Second page: nothing sailed.", "Ангара стояла."])


@pytest.fixture
def report(people: Any) -> Any:
    case = make.case(people.lead, title="A ship at a yard")
    exhibit = make.report(case, people.lead, title="Report of the yard")
    file = make.file(exhibit.item, people.lead, pdf(*PAGES), "report.pdf")
    reading.read_file(file)
    make.claim(case, people.lead, text="Nothing sailed from the yard.")
    return file


def test_a_passage_is_selected_with_the_keys_and_cited_on_a_claim(
    visit, people, report, assert_accessible, faults
) -> None:
    page = visit(people.lead, f"/evidence/files/{report.pk}/read/")
    press(page, page.get_by_role("link", name="Next"))
    expect(page).to_have_url(re.compile("page=2"))
    go_to(page, page.get_by_role("textbox", name="Words of this page, to read and select"))

    page.keyboard.press("Control+Home")
    for _character in range(len("Second page: ")):
        page.keyboard.press("ArrowRight")
    for _character in range(len("nothing sailed.")):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.type("x")
    page.keyboard.press("Enter")

    expect(page.locator("[name=quote]")).to_have_value("nothing sailed.")
    expect(page.locator("[name=locator]")).to_have_value("p. 2")
    expect(page.locator("[name=claim]")).to_be_focused()
    page.keyboard.insert_text("C-01")
    press(page, page.get_by_role("button", name="Cite", exact=True))
    expect(page.locator("#messages")).to_contain_text("E-01 was cited on C-01.")
    expect(page.locator(".page-words mark.cited")).to_have_text("nothing sailed.")
    expect(page.locator(".page-words")).to_contain_text("Second page: nothing sailed.")
    with faults.unheard():
        assert_accessible(page)
        page.goto("about:blank")


def test_lines_on_the_picture_are_selected_with_the_mouse(visit, people, report) -> None:
    page = visit(people.lead, f"/evidence/files/{report.pk}/read/")
    lines = page.locator(".page-layer text")
    first, second = lines.nth(0).bounding_box(), lines.nth(1).bounding_box()

    page.mouse.move(first["x"] + 1, first["y"] + first["height"] / 2)
    page.mouse.down()
    page.mouse.move(second["x"] + second["width"] - 1, second["y"] + second["height"] / 2, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Cite this passage").click()

    expect(page.locator("[name=quote]")).to_have_value(re.compile(r"ship lay at the yard\.\nIt sailed in May"))
    expect(page.locator("[name=locator]")).to_have_value("p. 1")


def test_a_passage_is_cited_without_scripts_and_on_a_phone(visit, people, report) -> None:
    page = visit(people.lead, f"/evidence/files/{report.pk}/read/?page=2", java_script_enabled=False, viewport=PHONE)
    expect(page.locator("[name=locator]")).to_have_value("p. 2")
    expect(page.get_by_role("button", name="Cite this passage")).to_be_hidden()
    page.locator("[name=quote]").fill("Ангара стояла")
    page.locator("[name=claim]").fill("C-01")

    page.get_by_role("button", name="Cite", exact=True).click()

    expect(page.locator("#messages")).to_contain_text("E-01 was cited on C-01.")
    expect(page.locator(".page-words mark.cited")).to_have_text("Ангара стояла")
