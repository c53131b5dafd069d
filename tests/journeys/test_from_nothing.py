"""A researcher builds the argument of the Angara's file from nothing, in the pages; an editor approves its claim."""

import re
from typing import Any

from playwright.sync_api import expect

from casefiles.accounts.models import User
from casefiles.cases.models import Case
from tests.journeys.jobs import Jobs

LAY = "The ship lay at a shipyard in Zhejiang from 9 February 2024."
AGENCY, OUTLET = "Sanctioned ship moors in China", "Report: sanctioned ship in China"
IMAGE = "Image of the yard, 11 February 2024"
# More of either would make a job one that people put off; each is the figure of today.
CLICKS_AT_MOST, PAGES_AT_MOST = 5, 2


def add(job: Any, page: Any, what: str) -> None:
    job.click(page.locator(".top-bar summary", has_text="Add to this case"))
    job.click(page.locator(".top-bar").get_by_role("link", name=what, exact=True))


def messages(page: Any) -> Any:
    return page.locator("#messages")


def add_report(jobs: Jobs, page: Any, name: str, title: str, *, repeats: str = "") -> None:
    with jobs(page, name) as job:
        add(job, page, "News report")
        job.fill(page.locator("[name=title]"), title)
        if repeats:
            job.click(page.locator("[name=lineage][value=repeats]"))
            job.fill(page.locator("[name=repeats]"), repeats)
            page.locator("[name=repeats]").press("Tab")
        else:
            job.click(page.locator("[name=lineage][value=original]"))
        job.click(page.get_by_role("button", name=re.compile("^Save as")))
        expect(messages(page)).to_contain_text("Saved as")


def cite(job: Any, page: Any, exhibit: str, quote: str) -> None:
    job.click(page.locator(f"#exhibit-{exhibit}").get_by_role("link", name="Cite on a claim"))
    form = page.locator("#cite-form")
    job.fill(form.locator("[name=claim]"), "1")
    job.fill(form.locator("[name=quote]"), quote)
    job.click(form.get_by_role("button", name="Cite", exact=True))
    expect(messages(page)).to_contain_text(f"{exhibit} was cited on C-01.")


def test_an_argument_is_built_from_nothing_and_what_each_job_costs(visit: Any, people: Any) -> None:
    jobs = Jobs()
    page = visit(people.researcher, "/cases/")
    with jobs(page, "Open a case") as job:
        job.click(page.locator("main header, main").get_by_role("link", name="Open a case").first)
        job.fill(page.locator("[name=title]"), "A ship between Rajin and a yard")
        job.click(page.get_by_role("button", name="Open the case"))
        expect(page.get_by_role("heading", level=1)).to_contain_text("A ship between Rajin and a yard")
    case = page.url

    with jobs(page, "Add somebody to the team") as job:
        job.click(page.get_by_role("link", name="Team").last)
        job.fill(page.locator("[name=username]"), people.editor.username)
        job.choose(page.locator("main [name=role]"), "editor")
        job.click(page.get_by_role("button", name="Add", exact=True))
        expect(page.locator("main")).to_contain_text(str(people.editor))

    with jobs(page, "Add a ship that is not held yet") as job:
        add(job, page, "Subject")
        job.fill(page.locator("[name=vessel]"), "Ангара-2")
        job.click(page.get_by_role("option", name="Create “Ангара-2”"))
        job.click(page.get_by_role("dialog").get_by_role("button", name=re.compile("^(Add|Save)")))
        expect(page.get_by_role("dialog")).to_have_count(0)
        job.click(page.get_by_role("button", name="Save", exact=True))
        expect(page.locator("main")).to_contain_text("Ангара-2")

    add_report(jobs, page, "Add a report", AGENCY)
    add_report(jobs, page, "Add a report that repeats another", OUTLET, repeats="E-01")
    with jobs(page, "Bring in a file") as job:
        add(job, page, "Files")
        # The window of the system, where the file is chosen, is not counted.
        page.locator("input[name=file]").set_input_files(
            {"name": f"{IMAGE}.txt", "mimeType": "text/plain", "buffer": b"What the image shows: a ship at a quay."}
        )
        job.click(page.get_by_role("button", name="Add the files"))
        expect(page.locator("main")).to_contain_text("E-03")

    with jobs(page, "Write a claim") as job:
        add(job, page, "Claim")
        job.fill(page.locator("[name=text]"), LAY)
        job.click(page.get_by_role("button", name="Save", exact=True))
        expect(page.locator("main")).to_contain_text(LAY)
    expect(page.locator("main")).to_contain_text("Unsupported")

    page.goto(f"{case}exhibits/")
    with jobs(page, "Cite an exhibit on a claim") as job:
        cite(job, page, "E-01", "moored at a yard")
    cite(job, page, "E-02", "as the agency reported")
    page.goto(f"{case}claims/")
    row = page.locator("tr", has_text=LAY)
    expect(row).to_contain_text("Single origin")
    expect(row).to_contain_text(re.compile(r"1\s+of\s+2"))

    with jobs(page, "Record a statement") as job:
        add(job, page, "Statement")
        job.fill(page.locator("[name=exhibit]"), "E-01")
        job.fill(page.locator("[name=speaker_text]"), "A spokesperson of the ministry")
        job.fill(page.locator("main [name=text]"), "We know nothing of it.")
        job.choose(page.locator(".stance-row select").first, "says has no information")
        job.click(page.get_by_role("button", name="Save the statement"))
        expect(messages(page)).to_contain_text("Recorded as S-01.")

    with jobs(page, "Give somebody a task") as job:
        add(job, page, "Task")
        job.fill(page.locator("[name=title]"), "Ask the yard")
        job.choose(page.locator("[name=assignee]"), str(User.objects.get(username="editor").pk))
        job.click(page.get_by_role("button", name="Save", exact=True))
        expect(page.locator("main")).to_contain_text("Ask the yard")

    with jobs(page, "Find a record by words") as job:
        job.fill(page.locator(".top-bar [name=q]"), "shipyard in Zhejiang from")
        page.locator(".top-bar [name=q]").press("Enter")
        job.click(page.locator("main").get_by_role("link", name=re.compile("shipyard in Zhejiang")).first)
        expect(page.locator("main")).to_contain_text("A spokesperson of the ministry")
    claim = page.url

    with jobs(page, "Ask for a review") as job:
        job.click(page.get_by_role("link", name="Ask for a review"))
        job.click(page.get_by_role("button", name="Ask", exact=True))
        expect(page.locator("main")).to_contain_text("Waits for somebody who wrote none of it.")

    page = visit(people.editor, claim)
    with jobs(page, "Approve a claim") as job:
        job.click(page.get_by_role("link", name="Review it"))
        job.click(page.locator("[name^=verdict_][value=approved]"))
        job.click(page.get_by_role("button", name="Give it"))
        expect(page.locator("body")).to_contain_text("1 verdict was given.")

    page = visit(people.researcher, case)
    with jobs(page, "Take the dossier away") as job:
        job.click(page.get_by_role("link", name="Draft dossier"))
        with page.expect_download() as download:
            job.click(page.get_by_role("link", name="Download as HTML"))
    taken = download.value.path().read_text("utf-8")
    assert LAY in taken
    assert "Draft, not approved" in taken

    jobs.report()
    assert [job.name for job in jobs.done if job.clicks > CLICKS_AT_MOST or job.pages > PAGES_AT_MOST] == []
    assert Case.objects.get(title="A ship between Rajin and a yard").last_exhibit == 3
