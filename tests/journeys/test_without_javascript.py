"""Every step of the everyday flow works where no script runs."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import make


@pytest.fixture
def bare(visit) -> Any:
    def open_page(user: Any, path: str) -> Any:
        return visit(user, path, java_script_enabled=False)

    return open_page


@pytest.fixture
def case(people) -> Any:
    opened = make.case(people.lead, title="A ship at a yard")
    make.claim(opened, people.lead, text="The ship called at Rajin.")
    make.claim(opened, people.lead, text="The cargo was munitions.")
    return opened


def test_a_report_is_added_cited_and_its_statement_recorded(bare, people, case) -> None:
    make.source(people.lead, name="The Daily Wire of Ships")
    page = bare(people.lead, f"/cases/{case.pk}/")
    page.locator(".top-bar summary").click()
    page.get_by_role("link", name="News report").click()
    page.locator("[name=title]").fill("Ship at a yard")
    page.locator("[name=source]").fill("the daily wire of ships")
    page.get_by_role("button", name=re.compile("^Save as")).click()
    row = page.locator("#exhibit-E-01")
    expect(row).to_contain_text("The Daily Wire of Ships")

    row.get_by_role("link", name="Cite on a claim").click()
    page.locator("[name=claim]").fill("1")
    page.locator("[name=locator]").fill("p. 4")
    page.get_by_role("button", name="Cite", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("E-01 was cited on C-01.")

    page.locator("#exhibit-E-01").get_by_role("link", name="Cite on a claim").click()
    page.get_by_role("link", name="Record a statement from it").click()
    page.locator("[name=speaker_text]").fill("A spokesperson")
    page.locator("[name=text]").fill("We have no information.")
    page.locator(".stance-row select").first.select_option("denies")
    page.get_by_role("button", name="Save the statement").click()
    expect(page.locator("#statement-S-01")).to_contain_text("We have no information.")


def test_a_source_that_does_not_exist_is_asked_about_and_nothing_typed_is_lost(bare, people, case) -> None:
    page = bare(people.lead, f"/cases/{case.pk}/exhibits/news-report/new/")
    page.locator("[name=title]").fill("Ship at a yard")
    page.locator("[name=source]").fill("A paper nobody knows")

    page.get_by_role("button", name=re.compile("^Save as")).click()

    expect(page.get_by_text("Nothing is called “A paper nobody knows”.").first).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value("Ship at a yard")
    expect(page.locator("[name=source]")).to_have_value("A paper nobody knows")


def test_a_list_is_filtered_by_its_button(bare, people, case) -> None:
    page = bare(people.lead, f"/cases/{case.pk}/claims/")
    page.locator("main [name=q]").fill("munitions")

    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_role("link", name="The cargo was munitions.")).to_be_visible()
    expect(page.get_by_role("link", name="The ship called at Rajin.")).to_have_count(0)


@pytest.mark.parametrize("tab", ["timeline", "map"])
def test_pictures_are_drawn_by_the_server_and_reached_from_the_overview(bare, people, angara, tab) -> None:
    page = bare(people.viewer, f"/cases/{angara.pk}/")

    page.locator(f"#{tab}").get_by_role("link", name="Show").click()

    expect(page).to_have_url(re.compile(f"/{tab}/$"))
    expect(page.locator("main svg").first).to_be_visible()


def test_the_draft_dossier_is_read_and_says_that_nobody_approved_it(bare, people, angara) -> None:
    page = bare(people.viewer, f"/cases/{angara.pk}/")

    page.get_by_role("link", name="Draft dossier").click()

    expect(page.get_by_text("Draft, not approved").first).to_be_visible()
    expect(page.get_by_text(angara.title).first).to_be_visible()
