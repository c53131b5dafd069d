"""Bringing in many files: by the keys alone, with real progress, through broken lines, and without a script."""

import hashlib
import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from casefiles.cases.models import Exhibit
from casefiles.evidence.models import File
from tests import make
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.keyboard import go_to, press
from tests.journeys.test_every_page import broken_rules, overflow

MEGABYTE = 1024 * 1024
KINDS = {
    "photograph.png": b"\x89PNG\r\n\x1a\n",
    "order.pdf": b"%PDF-1.7 ",
    "track.csv": b"mmsi,lat,lon\n",
    "page.html": b"<!doctype html><p>",
    "clip.mp4": b"\0\0\0\x18ftypisom",
}


@pytest.fixture
def case(people: Any) -> Any:
    return make.case(people.lead, members={people.researcher: "researcher"}, title="Files")


@pytest.fixture
def chosen(tmp_path: Path) -> list[Path]:
    """Five files of different kinds, none of them seen before."""
    for name, start in KINDS.items():
        (tmp_path / name).write_bytes(start + os.urandom(1000).hex().encode())
    return [tmp_path / name for name in KINDS]


def choose(page: Any, files: list[Path], *, is_scripted: bool = True) -> None:
    if is_scripted:
        expect(page.get_by_role("button", name="Choose a whole folder")).to_be_visible()
    page.locator("input[name=file]").set_input_files([str(path) for path in files])


def rows(page: Any) -> Any:
    return page.locator("add-files .outcome")


def summary(page: Any) -> Any:
    return page.locator("add-files .summary")


def at(case: Any) -> str:
    return f"/cases/{case.pk}/exhibits/files/"


@pytest.mark.parametrize(("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_five_files_of_different_kinds_are_brought_in_and_named_with_the_keys_alone(
    visit: Any,
    people: Any,
    case: Any,
    chosen: list[Path],
    assert_accessible: Any,
    faults: Any,
    viewport: Any,
    scheme: str,
) -> None:
    page = visit(people.researcher, f"/cases/{case.pk}/exhibits/", viewport=viewport, color_scheme=scheme)
    go_to(page, page.locator("summary", has_text="Add to this case"))
    page.keyboard.press("Enter")
    press(page, page.get_by_role("link", name="Files", exact=True))
    # Until the element is at work the input may be drawn anew under the focus.
    expect(page.locator("add-files:defined")).to_have_count(1)
    go_to(page, page.locator("input[name=file]"))
    # The browser opens its chooser only where the page was drawn since the focus came.
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    with page.expect_file_chooser() as asked:
        page.keyboard.press("Space")
    asked.value.set_files([str(path) for path in chosen])
    expect(rows(page)).to_have_count(5)

    press(page, page.get_by_role("button", name="Add the files"))

    expect(summary(page)).to_be_focused()
    expect(summary(page)).to_have_text("5 of 5 done: 5 added, 0 waiting for your answer, 0 not added.")
    expect(rows(page).nth(4)).to_contain_text("E-05")
    title = page.locator("#just-added [name$=-title]").last
    expect(title).to_have_value("photograph")
    assert overflow(page) == []
    go_to(page, title)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("The quay of Rajin")
    press(page, page.get_by_role("button", name="Save all"))

    expect(page.get_by_text("1 item saved.")).to_be_visible()
    assert overflow(page) == []
    found = [(one.label, one.item.title, one.item.kind) for one in Exhibit.objects.filter(case=case).order_by("number")]
    assert found == [
        ("E-01", "The quay of Rajin", "photograph"),
        ("E-02", "order", "document"),
        ("E-03", "track", "document"),
        ("E-04", "page", "web page"),
        ("E-05", "clip", "video"),
    ]


@pytest.mark.parametrize(("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_every_state_of_the_page_is_accessible(
    visit: Any, people: Any, case: Any, chosen: list[Path], faults: Any, viewport: Any, scheme: str
) -> None:
    page = visit(people.researcher, at(case), viewport=viewport, color_scheme=scheme)
    with faults.unheard():
        choose(page, chosen)
        wrong = broken_rules(page)
        page.get_by_role("button", name="Add the files").click()
        expect(page.locator("#just-added [name$=-title]")).to_have_count(5)
        choose(page, chosen[:1])
        wrong += broken_rules(page)
        page.goto(f"{at(case)}added/")
        wrong += broken_rules(page)
        page.goto("about:blank")

    assert wrong == [], "\n".join(wrong)


def test_what_is_held_or_empty_is_asked_about_and_answered_in_place(
    visit: Any, people: Any, case: Any, tmp_path: Path
) -> None:
    (tmp_path / "first.txt").write_bytes(b"The same words.")
    (tmp_path / "second.txt").write_bytes(b"The same words.")
    (tmp_path / "empty.txt").write_bytes(b"")
    page = visit(people.researcher, at(case))
    choose(page, [tmp_path / "first.txt"])
    page.get_by_role("button", name="Add the files").click()
    expect(rows(page).first).to_contain_text("E-01")

    choose(page, [tmp_path / "second.txt", tmp_path / "empty.txt"])
    page.get_by_role("button", name="Add the files").click()

    expect(summary(page)).to_contain_text("3 of 3 done: 1 added, 2 waiting")
    expect(rows(page).nth(1)).to_contain_text("You hold these bytes as E-01")
    rows(page).nth(1).get_by_role("button", name="Add anyway").click()
    expect(rows(page).nth(1)).to_contain_text("E-02")
    rows(page).nth(2).get_by_role("button", name="It is meant to be empty").press("Enter")
    expect(rows(page).nth(2)).to_contain_text("E-03")
    expect(rows(page).nth(2).get_by_role("link")).to_be_focused()
    expect(summary(page)).to_contain_text("3 added, 0 waiting")
    expect(page.locator("#just-added [name$=-title]")).to_have_count(3)


@pytest.fixture
def in_small_pieces(settings: Any) -> None:
    settings.EVIDENCE_PIECE_BYTES = MEGABYTE


@pytest.fixture
def film(tmp_path: Path) -> Path:
    (tmp_path / "film.mp4").write_bytes(KINDS["clip.mp4"] + os.urandom(4 * MEGABYTE))
    return tmp_path / "film.mp4"


def test_a_large_file_goes_on_where_the_line_broke(
    visit: Any, people: Any, case: Any, film: Path, in_small_pieces: None, faults: Any
) -> None:
    """The third piece breaks: it is sent again by itself, and nothing before it is."""
    page = visit(people.researcher, at(case))
    offsets: list[int] = []

    def pass_on(route: Any) -> None:
        if route.request.method != "PATCH":
            route.continue_()
            return
        offsets.append(int(route.request.headers["upload-offset"]))
        if len(offsets) == 3:
            route.abort("connectionreset")
            return
        route.continue_()

    page.route("**/parts/**", pass_on)
    choose(page, [film])
    page.get_by_role("button", name="Add the files").click()

    expect(rows(page).first).to_contain_text("E-01")
    assert offsets == [0, MEGABYTE, 2 * MEGABYTE, 2 * MEGABYTE, 3 * MEGABYTE, 4 * MEGABYTE]
    assert File.objects.get(item__exhibits__case=case).sha256 == hashlib.sha256(film.read_bytes()).hexdigest()
    faults.seen[:] = [said for said in faults.seen if "Failed to load resource" not in said]


def test_a_large_file_chosen_again_on_another_day_is_continued(
    visit: Any, people: Any, case: Any, film: Path, in_small_pieces: None
) -> None:
    first = visit(people.researcher, at(case))
    first.route("**/parts/**", lambda route: _only_the_first_two(route, sent))
    sent: list[int] = []
    choose(first, [film])
    first.get_by_role("button", name="Add the files").click()
    expect(rows(first).first.get_by_role("button", name="Try again")).to_be_visible()
    first.close()

    second = visit(people.researcher, at(case))
    begun: list[int] = []
    second.on("request", lambda request: begun.extend(_offset(request)))
    choose(second, [film])
    second.get_by_role("button", name="Add the files").click()

    expect(rows(second).first).to_contain_text("E-01")
    assert begun == [2 * MEGABYTE, 3 * MEGABYTE, 4 * MEGABYTE]
    assert File.objects.get(item__exhibits__case=case).sha256 == hashlib.sha256(film.read_bytes()).hexdigest()


def _only_the_first_two(route: Any, sent: list[int]) -> None:
    offset = list(_offset(route.request))
    sent.extend(offset)
    if offset and len(sent) > 2:
        route.fulfill(status=422, body='{"error": "Not now."}')
        return
    route.continue_()


def _offset(request: Any) -> list[int]:
    return [int(request.headers["upload-offset"])] if request.method == "PATCH" else []


def test_a_file_that_changed_since_is_sent_from_the_start(
    visit: Any, people: Any, case: Any, film: Path, in_small_pieces: None
) -> None:
    """Same name, size and time, other bytes: what was sent before must not become the beginning of this one."""
    stamp = film.stat().st_mtime_ns
    first = visit(people.researcher, at(case))
    sent: list[int] = []
    first.route("**/parts/**", lambda route: _only_the_first_two(route, sent))
    choose(first, [film])
    first.get_by_role("button", name="Add the files").click()
    expect(rows(first).first.get_by_role("button", name="Try again")).to_be_visible()
    first.close()
    film.write_bytes(KINDS["clip.mp4"] + os.urandom(4 * MEGABYTE))
    os.utime(film, ns=(stamp, stamp))

    second = visit(people.researcher, at(case))
    begun: list[int] = []
    second.on("request", lambda request: begun.extend(_offset(request)))
    choose(second, [film])
    second.get_by_role("button", name="Add the files").click()

    expect(rows(second).first).to_contain_text("E-01")
    assert begun[0] == 0
    assert File.objects.get(item__exhibits__case=case).sha256 == hashlib.sha256(film.read_bytes()).hexdigest()


def test_what_was_brought_in_before_is_recognised_before_it_is_sent(
    visit: Any, people: Any, case: Any, chosen: list[Path], film: Path, in_small_pieces: None
) -> None:
    files = [*chosen[:2], film]
    first = visit(people.researcher, at(case))
    choose(first, files)
    first.get_by_role("button", name="Add the files").click()
    expect(summary(first)).to_contain_text("3 of 3 done: 3 added")

    second = visit(people.researcher, at(case))
    sent: list[str] = []
    second.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    choose(second, files)
    second.get_by_role("button", name="Add the files").click()

    expect(summary(second)).to_contain_text("3 of 3 done: 0 added, 3 waiting for your answer")
    posted = [one for one in sent if one.startswith(("POST", "PATCH"))]
    assert posted != []
    assert all(one.endswith("/known/") for one in posted)
    assert File.objects.filter(item__exhibits__case=case).count() == 3


def test_one_file_is_cancelled_and_the_others_arrive(
    visit: Any, people: Any, case: Any, chosen: list[Path], film: Path, in_small_pieces: None
) -> None:
    page = visit(people.researcher, at(case))
    held: list[Any] = []
    page.route(
        "**/parts/**", lambda route: held.append(route) if route.request.method == "PATCH" else route.continue_()
    )
    choose(page, [*chosen[:2], film])
    page.get_by_role("button", name="Add the files").click()
    expect(summary(page)).to_contain_text("2 of 3 done")

    page.get_by_role("button", name="Cancel: film.mp4").press("Enter")

    expect(rows(page).nth(2)).to_contain_text("cancelled")
    expect(page.get_by_role("button", name="Try again: film.mp4")).to_be_focused()
    expect(summary(page)).to_have_text("3 of 3 done: 2 added, 0 waiting for your answer, 1 not added.")
    page.unroute_all(behavior="ignoreErrors")
    page.keyboard.press("Enter")
    expect(rows(page).nth(2)).to_contain_text("E-03")


def test_a_session_that_ended_is_said_and_the_files_can_be_sent_again(
    visit: Any, people: Any, case: Any, chosen: list[Path], site: str
) -> None:
    page = visit(people.researcher, at(case))
    cookies = page.context.cookies()
    choose(page, chosen[:1])
    page.context.clear_cookies()

    page.get_by_role("button", name="Add the files").click()

    expect(rows(page).first).to_contain_text("You were signed out")
    page.context.add_cookies(cookies)
    page.get_by_role("button", name=re.compile("Try again")).click()
    expect(rows(page).first).to_contain_text("E-01")


def test_in_the_evidence_it_is_asked_once_who_may_see_them(
    visit: Any, people: Any, case: Any, chosen: list[Path]
) -> None:
    page = visit(people.researcher, "/evidence/")
    page.get_by_role("link", name="Add files").click()
    page.get_by_label("Who may see it").select_option(f"Members of {case.compartment.name}")
    choose(page, chosen)

    page.get_by_role("button", name="Add the files").click()

    expect(summary(page)).to_contain_text("5 of 5 done: 5 added")
    files = File.objects.filter(item__compartments=case.compartment, item__exhibits__isnull=True)
    assert sorted(file.name for file in files) == sorted(KINDS)


def test_leaving_while_files_are_sent_asks_first(
    visit: Any, people: Any, case: Any, film: Path, in_small_pieces: None
) -> None:
    page = visit(people.researcher, at(case))
    questions: list[str] = []
    page.on("dialog", lambda question: (questions.append(question.type), question.accept()))
    page.route("**/parts/**", lambda route: None if _offset(route.request) else route.continue_())
    choose(page, [film])
    page.get_by_role("button", name="Add the files").click()
    expect(page.get_by_role("button", name="Cancel: film.mp4")).to_be_visible()

    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Exhibits").click()

    expect(page).to_have_url(re.compile("/exhibits/$"))
    assert questions == ["beforeunload"]


def test_without_a_script_one_form_takes_many_files_and_says_what_became_of_each(
    visit: Any, people: Any, case: Any, chosen: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    page = visit(people.researcher, at(case), java_script_enabled=False)
    choose(page, [*chosen, tmp_path / "empty.txt"], is_scripted=False)

    page.get_by_role("button", name="Add the files").click()

    outcomes = page.locator("#outcomes > li")
    expect(outcomes).to_have_count(6)
    expect(outcomes.nth(4)).to_contain_text("E-05")
    page.get_by_role("button", name="It is meant to be empty").click()
    expect(page.locator("#outcomes > li")).to_contain_text("E-06")
    page.get_by_role("link", name="Describe what you added").click()
    expect(page.locator("[name$=-title]")).to_have_count(6)


@pytest.mark.parametrize("sizes", [[0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]])
def test_the_scripts_own_digest_is_that_of_the_standard(visit: Any, people: Any, case: Any, sizes: list[int]) -> None:
    page = visit(people.researcher, at(case))
    contents = [bytes(range(256)) * 4 for _size in sizes]

    made = page.evaluate(
        """async (sizes) => {
          const { Sha256 } = await import("casefiles/sending/sha256.js");
          const all = Uint8Array.from({ length: 1024 }, (_value, i) => i % 256);
          return sizes.map((size) => {
            const digest = new Sha256();
            for (let i = 0; i < size; i += 37) digest.update(all.subarray(i, Math.min(size, i + 37)));
            return digest.hex();
          });
        }""",
        sizes,
    )

    assert made == [hashlib.sha256(content[:size]).hexdigest() for content, size in zip(contents, sizes, strict=True)]
