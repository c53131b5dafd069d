"""What each role may do with a case and its dossier, in the browser."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests import make

EDITING = ("Edit", "Add a claim", "Cite on a claim", "Record a statement", "Stances", "Remove", "Add to this case")


@pytest.fixture
def case(people) -> Any:
    """A case with a team, a claim, an exhibit and a statement."""
    team = {people.researcher: "researcher", people.editor: "editor", people.viewer: "viewer"}
    opened = make.case(people.lead, members=team, title="A ship at a yard")
    claim = make.claim(opened, people.lead, text="The ship called at Rajin.")
    exhibit = make.original(opened, people.lead, title="First report")
    make.cited(claim, people.lead, exhibit)
    make.said(opened, people.lead, exhibit, stances={claim: "denies"})
    return opened


def test_an_editor_approves_what_the_lead_prepared_and_the_lead_may_not(visit, people, case) -> None:
    versions = f"/cases/{case.pk}/dossier/versions/"
    lead = visit(people.lead, versions)
    lead.get_by_role("link", name="Prepare v1").click()
    lead.get_by_role("button", name="Freeze it").click()
    expect(lead.locator("#messages")).to_contain_text("v1 is frozen.")
    row = lead.get_by_role("row").filter(has_text="v1")
    expect(row).to_contain_text("You prepared it: somebody else approves it.")
    expect(row.get_by_role("link", name="Approve")).to_have_count(0)
    editor = visit(people.editor, versions)
    editor.get_by_role("link", name="Approve").click()
    lead.goto(editor.url)

    lead.get_by_role("button", name="Approve it").click()
    expect(lead.get_by_role("alert").first).to_be_visible()
    editor.get_by_role("button", name="Approve it").click()

    expect(editor.locator("#messages")).to_contain_text("v1 is approved.")
    expect(editor.get_by_role("row").filter(has_text="v1")).to_contain_text(str(people.editor))


def test_a_researcher_is_offered_no_version_to_prepare_or_approve(visit, people, case) -> None:
    page = visit(people.researcher, f"/cases/{case.pk}/dossier/versions/")

    expect(page.get_by_role("heading", name="Live draft")).to_be_visible()
    expect(page.get_by_role("link", name="Prepare v1")).to_have_count(0)
    assert page.goto(f"/cases/{case.pk}/dossier/versions/new/").status == 403


@pytest.mark.parametrize("tab", ["", "claims/", "exhibits/", "statements/", "subjects/", "tasks/"])
def test_a_viewer_reads_everything_and_is_offered_nothing_to_change(visit, people, case, tab) -> None:
    page = visit(people.viewer, f"/cases/{case.pk}/{tab}")

    expect(page.get_by_role("heading", level=1)).to_have_text("A ship at a yard")
    main = page.locator("#main")
    offered = [name for name in EDITING if main.get_by_role("link", name=name, exact=True).count()]
    assert offered == []
    assert page.locator("#main form[method=post]").count() == 0
    assert page.locator(".top-bar summary").count() == 0


def test_a_viewer_who_types_the_address_of_a_form_is_refused(visit, people, case) -> None:
    page = visit(people.viewer)

    assert page.goto(f"/cases/{case.pk}/claims/new/").status == 403
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_whoever_is_not_on_the_case_finds_nothing(visit, people, case) -> None:
    page = visit(people.outsider)

    assert page.goto(f"/cases/{case.pk}/").status == 404
    there = page.content()
    assert page.goto("/cases/00000000-0000-4000-8000-000000000000/").status == 404
    assert case.title not in there
    page.goto("/cases/")
    expect(page.get_by_text("A ship at a yard")).to_have_count(0)
