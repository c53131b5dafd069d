"""Looking closely at images with the keys alone: marking, annotating, measuring, citing, comparing."""

import io
import re
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from casefiles.access.circles import Circle
from casefiles.cases import actions as cases
from casefiles.evidence import tiles
from casefiles.evidence.models import Annotation
from tests import make
from tests.journeys.keyboard import press
from tests.journeys.test_every_page import broken_rules


def picture(size: tuple[int, int]) -> bytes:
    written = io.BytesIO()
    # No other test's: tiles are kept by the digest of the file.
    Image.new("RGB", size, (0x44, make.number() % 256, 0x88)).save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def world(people) -> SimpleNamespace:
    case = make.case(people.lead, title="A yard before and after")
    files = []
    for title, size in (("The yard before", (900, 600)), ("The yard after", (450, 300))):
        item = make.item(people.lead, circle=Circle.of_case(case), title=title)
        files.append(make.file(item, people.lead, picture(size), "yard.png"))
        cases.add_exhibit(case, by=people.lead, item=item)
    return SimpleNamespace(case=case, files=files, item=files[0].item)


def look(world: Any) -> str:
    return f"/evidence/{world.item.pk}/look/"


def ready(page: Any) -> Any:
    expect(page.locator("image-viewer[data-ready], image-compare[data-ready]")).to_be_visible()
    return page.locator(".viewer-stage").first


def keys(page: Any, *names: str) -> None:
    for name in names:
        page.keyboard.press(name)


def test_a_region_is_marked_annotated_and_cited_with_the_keys_alone(visit, people, world, faults) -> None:
    tiles.make(world.files[0])
    page = visit(people.lead, look(world))
    stage = ready(page)
    stage.focus()

    keys(page, "1", "r", "ArrowLeft", "Enter", "ArrowRight", "ArrowRight", "ArrowDown", "Enter")

    expect(page.locator(".viewer-result")).to_contain_text("Region 440,300,20,10.")
    expect(page.get_by_role("link", name="Cite this region")).to_have_attribute(
        "href", re.compile(r"locator=xywh%3D440%2C300%2C20%2C10")
    )
    page.get_by_label("What is to be seen there").fill("A moored ship")
    press(page, page.get_by_role("button", name="Annotate", exact=True))
    expect(page.locator("#annotations")).to_contain_text("A moored ship")
    assert Annotation.objects.get(file=world.files[0]).selector == "440,300,20,10"
    ready(page)
    with faults.unheard():
        assert broken_rules(page) == []

    press(page, page.locator("#annotations").get_by_role("link", name="Cite"))
    expect(page.locator("[name=locator]")).to_have_value("xywh=440,300,20,10")


def test_a_length_is_measured_and_its_error_follows_what_is_typed(visit, people, world) -> None:
    tiles.make(world.files[0])
    page = visit(people.lead, look(world))
    ready(page).focus()

    keys(page, "1", "m", "Enter", "ArrowRight", "ArrowRight", "ArrowRight", "Enter")
    expect(page.locator(".viewer-result")).to_have_text("30.0 px ± 2 px")
    page.get_by_label("Error, px").fill("4")

    expect(page.locator(".viewer-result")).to_have_text("30.0 px ± 4 px")


def test_it_waits_for_an_image_that_is_being_prepared(visit, people, world) -> None:
    page = visit(people.lead, look(world))
    expect(page.locator(".viewer-result")).to_contain_text("being prepared")

    tiles.make(world.files[0])

    ready(page)
    expect(page.locator(".viewer-result")).to_be_empty()
    expect(page.locator(".viewer-notes")).to_contain_text("The file itself is untouched.")


@pytest.mark.parametrize("mode", ["side", "slider"])
def test_two_exhibits_are_compared_with_the_keys_alone(visit, people, world, faults, mode) -> None:
    for file in world.files:
        tiles.make(file)
    page = visit(people.lead, f"/cases/{world.case.pk}/exhibits/compare/")
    press(page, page.locator("main").get_by_role("button", name="Compare"))
    ready(page)
    if mode == "slider":
        press(page, page.get_by_role("link", name="Under a slider"))
        ready(page)
        page.get_by_role("slider").focus()
        keys(page, "ArrowRight")
        expect(page.get_by_role("slider")).to_have_value("51")

    expect(page.locator(".viewer-result")).to_contain_text("Laid upon each other by their size")
    with faults.unheard():
        assert broken_rules(page) == []


def test_without_a_script_a_region_is_annotated_by_its_numbers(visit, people, world) -> None:
    page = visit(people.lead, look(world), java_script_enabled=False)
    expect(page.locator(".file-picture img")).to_be_visible()

    page.get_by_label("What is to be seen there").fill("A crane")
    for name, value in (("x", "5"), ("y", "6"), ("width", "70"), ("height", "80")):
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Annotate", exact=True).click()

    expect(page.locator("#annotations")).to_contain_text("A crane")
    expect(page.locator("#annotations")).to_contain_text("5,6,70,80")


CALL = "async ([module, name, given]) => (await import(`casefiles/viewer/${module}.js`))[name](...given)"
FITTED = {"x": 0, "y": 25, "size": 2, "basis": "fit", "turn": 0}
SQUARE = [[10, 50], [11, 50], [11, 49], [10, 49]]


def test_what_the_viewer_reckons(visit, people, world) -> None:
    page = visit(people.lead, "/evidence/")
    size = {"width": 100, "height": 100}
    shifted = [[x + 0.5, y] for x, y in SQUARE]
    table = [
        ("measuring", "lengthInPixels", [[0, 0], [30, 40]], 50),
        ("measuring", "lengthOnGround", [[0, 0], [30, 40], {"across": 3, "along": 3}, 2], {"metres": 150, "error": 6}),
        ("measuring", "lengthOnGround", [[0, 0], [0, 10], {"across": 5, "along": 2}, 2], {"metres": 20, "error": 10}),
        ("measuring", "shownLength", [{"metres": 118.4, "error": 6}], "118 m ± 6 m"),
        ("measuring", "shownLength", [{"metres": 12.345, "error": 0.2}], "12.3 m ± 0.2 m"),
        ("measuring", "shownLength", [{"metres": 12_345, "error": 60}], "12.35 km ± 0.06 km"),
        ("measuring", "rectangleBetween", [[5.2, 9], [1.7, 2.5], size], {"x": 1, "y": 2, "width": 5, "height": 7}),
        ("measuring", "rectangleBetween", [[-9, -9], [999, 999], size], {"x": 0, "y": 0, "width": 100, "height": 100}),
        ("measuring", "rectangleBetween", [[5, 5], [5, 9], size], None),
        ("measuring", "cornersOf", ["1,2,3,4"], [[1, 2], [4, 2], [4, 6], [1, 6]]),
        ("measuring", "cornersOf", ["1,2 3,4 5,6"], [[1, 2], [3, 4], [5, 6]]),
        ("measuring", "cornersOf", [",,,x"], None),
        ("measuring", "cornersOf", ["1,2 3,4"], None),
        ("measuring", "roundLength", [7.3], 5),
        ("measuring", "roundLength", [199], 100),
        ("measuring", "placeOf", [[50, 25], size, SQUARE], [10.5, 49.75]),
        ("alignment", "placed", [size, {"width": 50, "height": 25}], FITTED),
    ]  # fmt: skip

    for module, name, given, expected in table:
        assert page.evaluate(CALL, [module, name, given]) == expected, (name, given)

    ground = page.evaluate(
        CALL, ["alignment", "placed", [{**size, "corners": SQUARE}, {"width": 200, "height": 200, "corners": shifted}]]
    )
    assert ground["basis"] == "ground"
    assert [round(ground[name], 6) for name in ("x", "y", "size", "turn")] == [50, 0, 0.5, 0]
    apart = [[x + 5, y] for x, y in SQUARE]
    given = [{**size, "corners": SQUARE}, {**size, "corners": apart}]
    assert page.evaluate(CALL, ["alignment", "placed", given])["basis"] == "fit"


def test_a_track_is_followed_in_time_with_the_keys_alone_and_tells_its_rows(visit, people, world, faults) -> None:
    rows = make.position_rows("273111222", 40, every_s=600)
    make.read_positions(people.lead, *rows, circle=Circle.of_case(world.case))
    page = visit(people.lead, "/voyages/track/?mmsi=273111222")
    expect(page.locator("track-map[data-ready]")).to_be_visible()
    told, clock = page.locator("[data-told]"), page.locator("[data-clock]")
    page.locator(".track-stage").focus()

    keys(page, "Enter")
    expect(told).to_contain_text("row 41")
    keys(page, *[","] * 50, "Enter")

    expect(clock).to_have_text("2024-02-09 04:52 UTC")
    expect(told).to_contain_text("2024-02-09 05:00:00 UTC")
    keys(page, "+", "ArrowLeft")
    expect(page).to_have_url(re.compile(r"#view=[\d.]+,[\d.-]+,[\d.-]+,1707454"))
    assert broken_rules(page) == []
