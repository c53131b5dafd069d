"""The admin in a browser: under the same strict policy as every page, and with nothing kept in the browser."""

import re

from playwright.sync_api import expect


def storage_of(page):
    return page.evaluate("[Object.keys(localStorage), Object.keys(sessionStorage)]")


def test_lists_forms_and_suggestions_keep_the_policy(visit, people, angara):
    page = visit(people.researcher, "/admin/cases/claim/")

    page.locator("#result_list tbody th a").first.click()
    page.locator(".select2-selection").first.click()
    page.keyboard.type("raj")

    expect(page.locator(".select2-results__option", has_text="Rajin")).to_be_visible()
    assert storage_of(page) == [[], []]


def test_an_import_is_looked_at_before_anything_is_saved(visit, people, angara, tmp_path):
    rows = tmp_path / "vessels.csv"
    rows.write_text("display_name,imo_number,circle\nA ship looked at,,everyone\n", "utf-8")
    page = visit(people.researcher, "/admin/registry/vessel/import/")

    page.locator("input[type=file]").set_input_files(rows)
    page.get_by_label("Format").select_option(label="csv")
    page.get_by_role("button", name="Look at what it would do").click()

    expect(page.get_by_role("row", name=re.compile("added.*A ship looked at"))).to_be_visible()
    expect(page.get_by_role("button", name="Import")).to_be_visible()


def test_voiding_asks_for_the_reason(visit, people, angara):
    page = visit(people.researcher, "/admin/voyages/portcall/")

    page.locator("#result_list tbody th a").first.click()
    page.get_by_role("link", name="Void").click()

    expect(page.get_by_label("Why")).to_be_visible()
