"""C02, C09, C10: what the other side may write into any text is shown as text, and stays in its place."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from casefiles.audit import actions as audit
from casefiles.workspace.demo import matrix
from tests import make
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.test_every_page import overflow

MARKUP = '"><img src=x onerror=alert(1)>'
TEMPLATE = "{{7*7}}"
OVERRIDE = "\u202e"
SCRIPTS = "سفينة أنغارا 安加拉号货船 앙가라호"
LONG_WORD = "unbroken" * 38
# The text of the page in which the override itself still stands, outside of what somebody edits.
STEERED = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (data.includes("\\u202e") && !parentElement.closest("textarea, script")) return data.trim().slice(0, 80);
  }
  return "";
}"""
HOSTILE = f"{MARKUP} {TEMPLATE} {OVERRIDE}gpj.exe {SCRIPTS}"
# Texts that may be long hold one word that no line can break.
LONG = {
    "note",
    "summary",
    "rationale",
    "quote",
    "claim",
    "words",
    "body",
    "grounds",
    "passage",
    "question",
    "rendering",
}


class HostileWorld(matrix._World):
    def text(self, what: str) -> str:
        return f"{what} {HOSTILE} {LONG_WORD if what in LONG else ''}"


@pytest.fixture(scope="package")
def hostile(site: str) -> Any:
    """A case in which every text is an attack, and who leads it."""
    lead = make.lead()
    with audit.unit():
        return HostileWorld("H", lead=lead, suffix="h").build(), lead


def addresses(world: Any) -> Iterator[str]:
    """Yield the pages that show most of what a case holds."""
    case = f"/cases/{world.case.pk}"
    tabs = (
        "",
        "claims/",
        "exhibits/",
        "statements/",
        "subjects/",
        "timeline/",
        "map/",
        "tasks/",
        "history/",
        "dossier/",
    )
    yield from (f"{case}/{tab}" for tab in (*tabs, "edit/", "statements/new/"))
    yield from ("/", "/cases/", "/tasks/", "/search/?q=vessel", "/evidence/", "/statements/")
    yield f"{case}/claims/{world.records['cases.claim'][0]}/"
    yield f"/evidence/{world.records['evidence.item'][0]}/"
    yield f"/statements/{world.records['statements.statement'][0]}/"
    for kind, folder in (
        ("vessel", "vessels"),
        ("organisation", "organisations"),
        ("person", "people"),
        ("place", "places"),
    ):
        yield from (f"/registry/{folder}/", f"/registry/{folder}/{world.records[f'registry.{kind}'][0]}/")


def test_hostile_texts_run_nothing_and_break_no_page(visit, hostile) -> None:
    world, lead = hostile
    page = visit(lead)
    dialogs: list[str] = []
    page.on("dialog", lambda question: (dialogs.append(question.message), question.dismiss()))
    wrong: list[str] = []

    for path in addresses(world):
        page.set_viewport_size(DESK)
        assert page.goto(path).status == 200, path
        wrong += overflow(page)
        page.set_viewport_size(PHONE)
        wrong += overflow(page)
        if page.locator("img[src=x], img[onerror]").count():
            wrong.append(f"{path}: markup became an element")
        if page.evaluate(STEERED):
            wrong.append(f"{path}: a control character steers {page.evaluate(STEERED)!r}")

    assert dialogs == []
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("place", ["exhibits/", "subjects/", "tasks/"])
def test_hostile_texts_are_shown_as_they_were_written(visit, hostile, place) -> None:
    world, lead = hostile
    page = visit(lead, f"/cases/{world.case.pk}/{place}")

    main = page.locator("#main")
    expect(main).to_contain_text(MARKUP)
    expect(main).to_contain_text(TEMPLATE)
    expect(main).to_contain_text(SCRIPTS)
    text = page.locator("body").inner_text()
    assert OVERRIDE not in text
    assert "U+202E" in text
