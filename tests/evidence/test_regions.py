"""Regions of an image and passages of a text, as W3C Web Annotations select them."""

import pytest

from casefiles.evidence.regions import NotARegion, Passage, Polygon, Rectangle, is_within


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("10,20,300,200", Rectangle(10, 20, 300, 200)),
        ("xywh=pixel:10,20,300,200", Rectangle(10, 20, 300, 200)),
        (" xywh=10, 20, 300, 200 ", Rectangle(10, 20, 300, 200)),
        ("0,0,1,1", Rectangle(0, 0, 1, 1)),
        ("1.5,2.5,1,1", Rectangle(1, 2, 2, 2)),
    ],
)
def test_a_rectangle_is_read_in_whole_pixels_rounded_outwards(text, region) -> None:
    assert Rectangle.parse(text) == region


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10,20,30",
        "10,20,0,5",
        "10,20,5,0",
        "-1,0,5,5",
        "xywh=percent:1,2,3,4",
        "1e9,0,1,1",
        "9999999,0,1,1",
        "a,b,c,d",
    ],
)
def test_what_is_no_rectangle_is_refused(text) -> None:
    with pytest.raises(NotARegion):
        Rectangle.parse(text)


def test_a_polygon_is_read_and_has_a_box_around_it() -> None:
    region = Polygon.parse("10,20 30 , 20\n30,45")

    assert str(region) == "10,20 30,20 30,45"
    assert region.box == Rectangle(10, 20, 20, 25)


@pytest.mark.parametrize(
    "text",
    ["", "1,2", "1,2 3,4", "1,1 1,1 1,1 2,2", "1,1 2,2 3,3", "1,2 3,4 x", "1,2 3,4 5,-6", "0,0 1,0 9999999,9999999"],
)
def test_what_is_no_polygon_is_refused(text) -> None:
    with pytest.raises(NotARegion):
        Polygon.parse(text)


def test_a_polygon_has_no_more_corners_than_a_person_draws() -> None:
    with pytest.raises(NotARegion):
        Polygon.parse(" ".join(f"{number},{number % 7}" for number in range(501)))


@pytest.mark.parametrize(
    ("region", "is_on_it"),
    [
        (Rectangle(0, 0, 640, 480), True),
        (Rectangle(639, 479, 1, 1), True),
        (Rectangle(639, 479, 2, 1), False),
        (Polygon.parse("0,0 640,0 0,480"), True),
        (Polygon.parse("0,0 641,0 0,480"), False),
    ],
)
def test_a_region_lies_wholly_on_the_image_or_not(region, is_on_it) -> None:
    assert is_within(region, (640, 480)) is is_on_it


@pytest.mark.parametrize(
    ("target", "selector"),
    [
        (
            Rectangle(10, 20, 300, 200),
            {
                "type": "FragmentSelector",
                "conformsTo": "http://www.w3.org/TR/media-frags/",
                "value": "xywh=pixel:10,20,300,200",
            },
        ),
        (
            Polygon.parse("10,20 30,20 30,45"),
            {
                "type": "SvgSelector",
                "value": '<svg xmlns="http://www.w3.org/2000/svg"><polygon points="10,20 30,20 30,45"/></svg>',
            },
        ),
        (Passage("the ship"), {"type": "TextQuoteSelector", "exact": "the ship"}),
        (
            Passage("the ship", "of ", "."),
            {"type": "TextQuoteSelector", "exact": "the ship", "prefix": "of ", "suffix": "."},
        ),
    ],
)
def test_each_becomes_a_selector_of_the_web_annotation_model(target, selector) -> None:
    assert target.selector() == selector
