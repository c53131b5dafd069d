"""Where in an item something stands, as people write it."""

import pytest

from casefiles.evidence.locators import WHOLE, Locator, NotALocator, parse_locator


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("p. 4", "page", "4"),
        ("p4", "page", "4"),
        ("Page 12", "page", "12"),
        ("pp. 4-6", "page", "4-6"),
        ("pages 4 – 6", "page", "4-6"),
        ("p. 4-4", "page", "4"),
        ("para 9", "paragraph", "9"),
        ("¶ 9", "paragraph", "9"),
        ("paragraph 3.2", "paragraph", "3.2"),
        ("00:01:12", "timecode", "00:01:12"),
        ("1:12", "timecode", "00:01:12"),
        ("90:05", "timecode", "01:30:05"),
        ("1:02:03.5", "timecode", "01:02:03.5"),
        ("0:10-0:20", "timecode", "00:00:10-00:00:20"),
        ("xywh=10,20,300,200", "region", "xywh=10,20,300,200"),
        ("xywh=pixel:10, 20, 300, 200", "region", "xywh=10,20,300,200"),
        ("xywh=percent:1,2,30,40", "region", "xywh=percent:1,2,30,40"),
        ("xywh=1,2,3,4 of 0AB1c2d3e4f5", "region", "xywh=1,2,3,4 of 0ab1c2d3e4f5"),
        ("b4", "cell", "B4"),
        ("A1:B4", "cell", "A1:B4"),
        ("Ships!C7", "cell", "Ships!C7"),
        ("rows 3-9", "rows", "3-9"),
        ("row 3", "rows", "3"),
        ("#second-heading", "fragment", "#second-heading"),
        ("", "whole", ""),
        ("   ", "whole", ""),
    ],
)
def test_a_locator_as_typed_finds_its_kind_and_one_form(typed: str, kind: str, text: str) -> None:
    assert parse_locator(typed) == Locator(kind, text)


@pytest.mark.parametrize(
    "typed",
    [
        "somewhere near the end",
        "p.",
        "p. 0",
        "p. 9-4",
        "rows 0",
        "12:75",
        "1:75:00",
        "0:20-0:10",
        "xywh=1,2,0,4",
        "xywh=1,2,3",
        "xywh=1.2.3,2,3,4",
        "#",
        "# two words",
        "A0",
        "x" * 201,
    ],
)
def test_nonsense_is_refused_and_the_forms_are_named(typed: str) -> None:
    with pytest.raises(NotALocator) as refused:
        parse_locator(typed)

    assert "a page (p. 4)" in refused.value.reason


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [("4", "page", "4"), ("9", "paragraph", "9"), ("3-9", "rows", "3-9"), ("1,2,3,4", "region", "xywh=1,2,3,4")],
)
def test_a_bare_number_means_what_the_chosen_kind_says(typed: str, kind: str, text: str) -> None:
    assert parse_locator(typed, kind) == Locator(kind, text)


def test_a_locator_of_another_kind_than_chosen_is_refused() -> None:
    with pytest.raises(NotALocator):
        parse_locator("para 9", "page")


@pytest.mark.parametrize("kind", ["timecode", "cell"])
def test_a_bare_number_is_no_time_and_no_cell(kind: str) -> None:
    with pytest.raises(NotALocator):
        parse_locator("4", kind)


def test_nothing_typed_is_the_whole_item_whatever_kind_was_chosen() -> None:
    assert parse_locator("", "page") == WHOLE
