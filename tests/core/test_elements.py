"""What the pages do while somebody works: in a real browser, under the real policy."""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import expect

from tools import install_browser_files as installer


@pytest.fixture
def site(settings) -> Iterator[str]:
    """The address of the small site of elements_site.py."""
    if not installer.is_current():
        reason = "The browser's files are not installed: run tools/install_browser_files.py."
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    settings.ROOT_URLCONF = "tests.core.elements_site"
    thread = LiveServerThread("127.0.0.1", static_handler=StaticFilesHandler, connections_override={}, port=0)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture
def sheet(page: Any, site: str) -> Any:
    """The page with the form."""
    page.goto(f"{site}/sheet/")
    return page


def ship(page: Any) -> Any:
    return page.get_by_role("combobox", name="Ship")


def test_a_record_is_picked_with_the_keys_alone(sheet: Any) -> None:
    ship(sheet).press_sequentially("lady")
    expect(sheet.get_by_role("option", name="LADY R")).to_be_visible()

    ship(sheet).press("ArrowDown")
    ship(sheet).press("Enter")

    expect(ship(sheet)).to_have_value("LADY R")
    expect(sheet.locator("input[name=ship_id]")).to_have_value(re.compile(r"^[0-9a-f-]{36}$"))
    expect(sheet.get_by_role("listbox")).to_be_hidden()


def test_typing_over_a_picked_record_forgets_its_id(sheet: Any) -> None:
    ship(sheet).press_sequentially("angara")
    sheet.get_by_role("option", name="ANGARA").first.click()

    ship(sheet).press_sequentially(" II")

    expect(sheet.locator("input[name=ship_id]")).to_have_value("")


def test_escape_closes_the_list_and_keeps_what_was_typed(sheet: Any) -> None:
    ship(sheet).press_sequentially("lady")
    expect(sheet.get_by_role("option", name="LADY R")).to_be_visible()

    ship(sheet).press("Escape")

    expect(sheet.get_by_role("listbox")).to_be_hidden()
    expect(ship(sheet)).to_have_value("lady")


def test_what_is_missing_is_created_without_leaving_the_form(sheet: Any) -> None:
    sheet.get_by_label("Name").fill("A sheet")
    ship(sheet).press_sequentially("Maia")
    sheet.get_by_role("option", name="Create “Maia”").click()
    dialog = sheet.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_have_value("Maia")

    dialog.get_by_role("button", name="Save").click()

    expect(ship(sheet)).to_have_value("Maia")
    expect(sheet.locator("input[name=ship_id]")).not_to_have_value("")
    expect(sheet.get_by_label("Name")).to_have_value("A sheet")


def test_a_refused_form_stays_in_its_dialog(sheet: Any) -> None:
    ship(sheet).press_sequentially("Maia")
    sheet.get_by_role("option", name="Create “Maia”").click()
    dialog = sheet.get_by_role("dialog")
    dialog.get_by_label("Name").fill(" ")

    dialog.get_by_role("button", name="Save").click()

    expect(dialog.get_by_text("This field is required.").first).to_be_visible()


def test_a_date_with_two_readings_is_asked_about(sheet: Any) -> None:
    sheet.get_by_label("Seen").press_sequentially("3/4/2024")

    sheet.get_by_role("button", name="4 March 2024").click()

    expect(sheet.get_by_text("Read as 4 March 2024 (2024-03-04)")).to_be_visible()


def choose(page: Any, *, name: str, size_bytes: int) -> None:
    content = {"name": name, "mimeType": "multipart/related", "buffer": b"a" * size_bytes}
    page.locator("input[type=file]").set_input_files(content)


def test_a_chosen_file_is_shown_and_can_be_removed(sheet: Any) -> None:
    choose(sheet, name="page.mhtml", size_bytes=1_800_000)
    expect(sheet.get_by_text("1.8 MB")).to_be_visible()

    sheet.get_by_role("button", name="Remove: page.mhtml").click()

    expect(sheet.get_by_text("page.mhtml")).to_have_count(0)


def test_a_refused_form_keeps_the_chosen_file(sheet: Any) -> None:
    choose(sheet, name="page.mhtml", size_bytes=10)

    sheet.get_by_role("button", name="Save").click()

    expect(sheet.get_by_role("alert")).to_be_focused()
    expect(sheet.get_by_text("page.mhtml")).to_be_visible()
    expect(sheet.get_by_text("Choose the files again")).to_have_count(0)


def test_a_file_that_was_sent_leads_to_the_page_of_what_was_saved(sheet: Any) -> None:
    sheet.get_by_label("Name").fill("A sheet")
    choose(sheet, name="page.mhtml", size_bytes=12_345)

    sheet.get_by_role("button", name="Save").click()

    expect(sheet).to_have_url(re.compile(r"/gallery/\?size=12345#claims$"))
    expect(sheet.locator("#claims")).to_be_focused()


def test_leaving_a_changed_form_asks_first(sheet: Any) -> None:
    questions: list[str] = []
    sheet.on("dialog", lambda question: (questions.append(question.type), question.accept()))
    sheet.get_by_label("Name").press_sequentially("A sheet")

    sheet.get_by_role("link", name="Cancel").click()

    expect(sheet).to_have_url(re.compile("/gallery/$"))
    assert questions == ["beforeunload"]


def test_leaving_an_untouched_form_asks_nothing(sheet: Any) -> None:
    questions: list[str] = []
    sheet.on("dialog", lambda question: (questions.append(question.type), question.accept()))

    sheet.get_by_role("link", name="Cancel").click()

    expect(sheet).to_have_url(re.compile("/gallery/$"))
    assert questions == []


def test_a_list_answers_while_one_types_and_leaves_nothing_in_the_browser(page: Any, site: str) -> None:
    page.goto(f"{site}/ships/")
    page.get_by_label("Name").press_sequentially("lady")

    expect(page.locator("tbody tr")).to_have_count(2)

    expect(page).to_have_url(re.compile(r"/ships/\?q=lady$"))
    expect(page.locator("#result-count")).to_have_text("2 records")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_a_slash_goes_to_the_search(page: Any, site: str) -> None:
    page.goto(f"{site}/ships/")
    expect(page.get_by_role("button", name="Colours")).to_be_visible()

    page.keyboard.press("/")

    expect(page.locator("#top-search")).to_be_focused()


def test_a_slash_in_a_field_is_a_slash(sheet: Any) -> None:
    sheet.get_by_label("Name").press_sequentially("a/b")

    expect(sheet.get_by_label("Name")).to_have_value("a/b")


def test_the_choice_of_colours_outlives_the_page(page: Any, site: str) -> None:
    page.goto(f"{site}/ships/")
    page.get_by_role("button", name="Colours: as the system").click()
    page.get_by_role("button", name="Colours: light").click()

    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Colours: dark")).to_be_visible()


def test_escape_closes_a_menu_and_gives_the_focus_back(page: Any, site: str) -> None:
    page.goto(f"{site}/gallery/")
    page.get_by_text("Add to this case").click()
    page.get_by_role("link", name="News report").focus()

    page.keyboard.press("Escape")

    expect(page.get_by_role("link", name="News report")).to_be_hidden()
    expect(page.locator("summary", has_text="Add to this case")).to_be_focused()


@pytest.mark.parametrize(
    ("address", "width", "scheme"),
    [
        ("/gallery/", 1440, "light"),
        ("/gallery/?errors", 390, "light"),
        ("/gallery/?errors", 1440, "dark"),
        ("/gallery/", 390, "dark"),
        ("/sheet/", 390, "light"),
        ("/ships/", 390, "dark"),
    ],
)
def test_every_component_is_accessible_and_fits(
    new_context: Any, site: str, assert_accessible: Callable[[Any], None], address: str, width: int, scheme: str
) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 900}).new_page()

    page.goto(site + address)

    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_navigation_opens_without_a_script(new_context: Any, site: str) -> None:
    page = new_context(java_script_enabled=False, viewport={"width": 390, "height": 900}).new_page()
    page.goto(f"{site}/ships/")
    expect(page.locator(".main-nav")).to_be_hidden()

    page.get_by_text("Menu").click()

    expect(page.locator(".main-nav")).to_be_visible()
