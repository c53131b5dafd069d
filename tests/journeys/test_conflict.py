"""R19: two people edit the same case; whoever saves second loses nothing and decides."""

import re

from playwright.sync_api import expect

from tests import make


def test_the_second_save_shows_what_it_was_theirs_and_yours_and_keeps_what_is_chosen(visit, people) -> None:
    case = make.case(people.lead, members={people.researcher: "researcher"}, title="A ship at a yard")
    theirs = visit(people.lead, f"/cases/{case.pk}/edit/")
    yours = visit(people.researcher, f"/cases/{case.pk}/edit/")
    theirs.locator("[name=title]").fill("A ship at a yard in Zhejiang")
    yours.locator("[name=title]").fill("A carrier at a yard")
    yours.locator("[name=summary]").fill("What I typed\nover an hour.")

    theirs.get_by_role("button", name="Save").click()
    expect(theirs.locator("#messages")).to_contain_text("The case was changed.")
    yours.get_by_role("button", name="Save").click()

    row = yours.get_by_role("row").filter(has_text="Title")
    expect(row.get_by_role("cell").nth(0)).to_have_text("A ship at a yard")
    expect(row.get_by_role("radio", name="A ship at a yard in Zhejiang")).to_be_visible()
    expect(row.get_by_role("radio", name="A carrier at a yard")).to_be_checked()
    expect(yours.get_by_role("row").filter(has_text="Summary")).to_contain_text("over an hour.")
    yours.get_by_role("button", name="Save").click()
    expect(yours.locator("#messages")).to_contain_text("The case was changed.")
    expect(yours.get_by_role("heading", level=1)).to_have_text("A carrier at a yard")
    expect(yours.get_by_text("over an hour.")).to_be_visible()


def test_theirs_stays_where_it_is_chosen(visit, people) -> None:
    case = make.case(people.lead, members={people.researcher: "researcher"}, title="A ship at a yard")
    theirs = visit(people.lead, f"/cases/{case.pk}/edit/")
    yours = visit(people.researcher, f"/cases/{case.pk}/edit/")
    theirs.locator("[name=title]").fill("Theirs")
    yours.locator("[name=title]").fill("Yours")
    theirs.get_by_role("button", name="Save").click()
    expect(theirs).to_have_url(re.compile(f"/cases/{case.pk}/$"))
    yours.get_by_role("button", name="Save").click()

    yours.get_by_role("radio", name="Theirs").check()
    yours.get_by_role("button", name="Save").click()

    expect(yours.get_by_role("heading", level=1)).to_have_text("Theirs")
