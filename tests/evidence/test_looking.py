"""The page with the viewer, the tiles it asks for, and two images beside each other."""

import io
import json
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from casefiles.evidence import tiles, tiling
from casefiles.evidence.actions import annotations, items, sheets
from casefiles.evidence.models import CustodyEvent, Reading
from tests import make
from tests.evidence.test_file_door import flip, without_nonce
from tests.evidence.test_tiles import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    lead, viewer, stranger = make.lead(), make.user(), make.user()
    circle = make.restricted_to(make.circle(lead, viewer=viewer))
    item = make.item(lead, circle=circle, title="The yard")
    file = make.file(item, lead, picture(), "yard.png")
    return SimpleNamespace(lead=lead, viewer=viewer, stranger=stranger, circle=circle, item=item, file=file)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def state(world: Any, who: str = "viewer") -> Any:
    return json.loads(signed_in(getattr(world, who)).get(reverse("evidence:tile_state", args=[world.file.pk])).content)


def tile(world: Any, who: str = "viewer", **place: Any) -> Any:
    return signed_in(getattr(world, who)).get(reverse("evidence:tile", args=[world.file.pk]), place)


# --- Tiles -----------------------------------------------------------------------------------------------------------


def test_the_viewer_is_told_to_wait_and_then_what_there_is(world: Any) -> None:
    assert state(world) == {"state": "preparing"}

    tiles.make(world.file)

    told = state(world)
    assert {name: told[name] for name in ("state", "width", "height", "tile", "levels", "shown")} == {
        "state": "ready", "width": 700, "height": 600, "tile": 512, "levels": 2, "shown": 2,
    }  # fmt: skip
    assert len(told["notes"]) == 1


def test_a_picture_that_cannot_be_read_says_why(world: Any) -> None:
    world.file = make.file(world.item, world.lead, b"\x89PNG\r\n\x1a\n" + b"x" * 100, "broken.png")
    tiles.make(world.file)

    assert state(world) == {"state": "refused", "reason": "it is damaged, or no picture of a known form"}


def test_what_is_no_picture_has_no_tiles(world: Any) -> None:
    world.file = make.file(world.item, world.lead, b"words")

    assert state(world)["state"] == "refused"
    assert tile(world).status_code == 404


def test_the_notes_say_what_was_done_to_show_it(world: Any) -> None:
    numbers = io.BytesIO()
    Image.new("I;16", (20, 20), 7).save(numbers, "TIFF")
    world.file = make.file(world.item, world.lead, numbers.getvalue(), "bands.tif")
    tiles.make(world.file)

    assert any("stretched" in note for note in state(world)["notes"])


def test_f01_a_tile_leaves_like_a_preview(world: Any) -> None:
    tiles.make(world.file)

    answer = tile(world, z=1, x=1, y=1)

    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.content)).format == "WEBP"
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert not CustodyEvent.objects.filter(act="accessed").exists()


@pytest.mark.parametrize("value", ["-1", "2", "x", "", "1e3", "٣", "9" * 400, "\x00", "1.0"])
@pytest.mark.parametrize("name", ["z", "x", "y"])
def test_n01_a_place_that_is_none_is_not_found(world: Any, name: str, value: str) -> None:
    tiles.make(world.file)

    assert tile(world, **{name: value}).status_code == 404


@pytest.mark.parametrize("name", ["tile", "tile_state"])
def test_a01_tiles_of_another_circle_do_not_exist(world: Any, name: str) -> None:
    """Fails where a tile is given out to whoever knows the address, or answers otherwise than one that never was."""
    tiles.make(world.file)
    client = signed_in(world.stranger)

    hidden = client.get(reverse(f"evidence:{name}", args=[world.file.pk]))
    absent = client.get(reverse(f"evidence:{name}", args=[world.item.pk]))

    assert (hidden.status_code, without_nonce(hidden.content)) == (404, without_nonce(absent.content))


def test_l03_no_tile_leaves_once_the_original_was_touched(world: Any) -> None:
    """Fails where tiles are served on although the original is no longer the one received."""
    tiles.make(world.file)
    assert tile(world).status_code == 200

    flip(world.file)

    assert tile(world).status_code == 404
    assert state(world) == {"state": "preparing"}
    tiling.prepare(world.file)
    assert state(world) == {"state": "damaged"}
    assert tile(world).status_code == 404
    assert CustodyEvent.objects.filter(act="failed check").count() == 1


# --- The page --------------------------------------------------------------------------------------------------------


def look(world: Any, who: str = "viewer", **asked: Any) -> Any:
    return signed_in(getattr(world, who)).get(reverse("evidence:look", args=[world.item.pk]), asked)


@pytest.mark.parametrize(("who", "status"), [("lead", 200), ("viewer", 200), ("stranger", 404)])
def test_the_page_is_for_those_who_see_the_item(world: Any, who: str, status: int) -> None:
    assert look(world, who).status_code == status


def test_only_who_may_edit_gets_the_form(world: Any) -> None:
    assert look(world, "lead").context["form"] is not None
    assert look(world, "viewer").context["form"] is None
    items.void_item(world.item, by=world.lead, reason="Wrong ship.")
    assert look(world, "lead").context["form"] is None


def test_the_item_page_leads_to_the_viewer(world: Any) -> None:
    page = signed_in(world.viewer).get(world.item.get_absolute_url()).text

    assert f"/evidence/{world.item.pk}/look/?file={world.file.pk}" in page


def test_a_region_in_the_address_is_shown_and_offered_for_citing(world: Any) -> None:
    page = look(world, xywh="10,20,30,40")

    assert str(page.context["region"]) == "10,20,30,40"
    assert "locator=xywh%3D10,20,30,40" in page.text


@pytest.mark.parametrize("asked", ["", "x", "percent:1,2,3,4", "\x00", "9" * 400])
def test_n01_an_address_without_a_region_shows_the_whole_image(world: Any, asked: str) -> None:
    page = look(world, xywh=asked)

    assert (page.status_code, page.context["region"]) == (200, None)


def test_of_several_pictures_the_one_asked_for_is_shown(world: Any) -> None:
    second = make.file(world.item, world.lead, picture((30, 20)), "second.png")
    make.file(world.item, world.lead, b"words", "note.txt")

    assert look(world).context["looked"].file == world.file
    assert look(world, file=second.pk).context["looked"].file == second
    by_digest = look(world, sha256=second.sha256[:12], xywh="1,1,5,5")
    assert by_digest.context["looked"].file == second
    assert f"locator=xywh%3D1,1,5,5%20of%20{second.sha256[:12]}" in by_digest.text


@pytest.mark.parametrize("asked", [{"file": "x"}, {"file": "00000000-0000-4000-8000-000000000000"}, {"sha256": "ffff"}])
def test_a_picture_that_the_item_does_not_have_is_not_found(world: Any, asked: dict[str, str]) -> None:
    assert look(world, **asked).status_code == 404


def test_an_item_without_pictures_says_so(world: Any) -> None:
    world.item = make.item(world.lead, circle=world.circle)

    assert "No picture to look at" in look(world).text


def test_metres_and_corners_come_from_what_was_read(world: Any) -> None:
    ring = [[10, 50], [10, 49], [11, 49], [11, 50], [10, 50]]
    measured = {
        "pixel_size_m": [3.0, 2.5],
        "geotransform": [0, 1, 0, 0, 0, 1],
        "footprint": {"type": "Polygon", "coordinates": [ring]},
    }
    Reading.objects.create(
        file=world.file, item=world.item, version=1, state="read", findings={"measured": measured, "claims": []}
    )

    page = look(world)

    assert page.context["looked"].scale_text == "3.0 2.5 measured"
    assert page.context["looked"].corners_text == "10.0,50.0 11.0,50.0 11.0,49.0 10.0,49.0"
    assert "3.0 × 2.5 m on the ground" in page.text


def test_metres_come_from_the_sheet_where_the_file_was_not_measured(world: Any) -> None:
    sheets.add_sheet(world.item, by=world.lead, gsd_m=Decimal("0.5"))

    page = look(world)

    assert page.context["looked"].scale_text == "0.5 0.5 recorded"
    assert "on the sheet of this image, 0.5 m" in page.text


def test_many_annotations_cost_no_more_queries_than_few(world: Any, assert_same_queries: Any) -> None:
    client, address = signed_in(world.lead), reverse("evidence:look", args=[world.item.pk])

    def add(count: int) -> None:
        for _row in range(count):
            annotations.annotate(world.file, by=world.lead, body="x", selector="1,1,1,1")

    assert_same_queries(lambda: client.get(address), add)


# --- Two images ------------------------------------------------------------------------------------------------------


def compare(world: Any, who: str = "viewer", **asked: Any) -> Any:
    return signed_in(getattr(world, who)).get(reverse("evidence:compare"), asked)


@pytest.fixture
def other(world: Any) -> Any:
    item = make.item(world.lead, circle=world.circle, title="The yard, later")
    return make.file(item, world.lead, picture((300, 300)), "later.png")


def test_two_images_are_compared_and_swapped(world: Any, other: Any) -> None:
    page = compare(world, a=world.file.pk, b=other.pk)

    assert [one.file for one in page.context["sides"]] == [world.file, other]
    assert page.context["mode"] == "side"
    assert f"?a={other.pk}&amp;b={world.file.pk}&amp;mode=side" in page.text


@pytest.mark.parametrize(("asked", "mode"), [("slider", "slider"), ("side", "side"), ("x", "side")])
def test_they_stand_beside_each_other_or_under_a_slider(world: Any, other: Any, asked: str, mode: str) -> None:
    assert compare(world, a=world.file.pk, b=other.pk, mode=asked).context["mode"] == mode


@pytest.mark.parametrize("side", ["a", "b"])
@pytest.mark.parametrize("value", ["x", "00000000-0000-4000-8000-000000000000", "\x00"])
def test_an_image_that_does_not_exist_is_not_found(world: Any, side: str, value: str) -> None:
    assert compare(world, **{side: value}).status_code == 404


def test_a01_a_hidden_image_is_compared_with_nothing(world: Any, other: Any) -> None:
    """Fails where a file of another circle is told from one that never was."""
    hidden = compare(world, "stranger", a=world.file.pk, b=other.pk)
    absent = compare(world, "stranger", a=world.item.pk)

    assert (hidden.status_code, without_nonce(hidden.content)) == (404, without_nonce(absent.content))


def test_what_is_no_picture_is_not_compared(world: Any) -> None:
    assert compare(world, a=make.file(world.item, world.lead, b"words").pk).status_code == 404


def test_a_missing_image_is_asked_for_by_its_item(world: Any, other: Any) -> None:
    asked = compare(world, a=world.file.pk)
    assert asked.context["form"] is not None

    answer = compare(world, a=world.file.pk, item="The yard, later")

    assert answer.headers["Location"] == f"/evidence/compare/?a={world.file.pk}&b={other.pk}"
    assert compare(world, item="The yard, later").headers["Location"] == f"/evidence/compare/?a={other.pk}"


def test_an_item_without_a_picture_is_not_taken(world: Any) -> None:
    make.item(world.lead, circle=world.circle, title="A report")

    assert "This item has no picture." in compare(world, a=world.file.pk, item="A report").text
    assert "Nothing is called" in compare(world, a=world.file.pk, item="nowhere").text
