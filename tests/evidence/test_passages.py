"""Texts taken apart for reading, and where words stand in them."""

import pytest

from casefiles.evidence import passages
from casefiles.evidence.passages import Piece, Range


def locators(text: str, unit: str) -> list[list[str]]:
    return [[one.locator for one in part.paragraphs] for part in passages.parts_of(text, unit=unit)]


def test_pages_are_parts_and_are_cited_by_their_number() -> None:
    assert locators("one\fa\n\nb\f", "page") == [["p. 1"], ["p. 2"], ["p. 3"]]


def test_paragraphs_are_numbered_through_sections() -> None:
    parts = passages.parts_of("a\n\nb\nc\fd\ne", unit="paragraph", titles=["article", "rest"])

    assert [(part.title, [(one.locator, one.text) for one in part.paragraphs]) for part in parts] == [
        ("article", [("para 1", "a"), ("para 2", "b\nc")]),
        ("rest", [("para 3", "d"), ("para 4", "e")]),
    ]


def test_a_long_text_is_parted_between_paragraphs() -> None:
    parts = passages.parts_of("\n\n".join(["x" * 5_000] * 5), unit="paragraph")

    assert [len(part.paragraphs) for part in parts] == [2, 2, 1]
    assert parts[2].paragraphs[0].locator == "para 5"


def test_rows_are_numbered_in_each_sheet_and_parted_by_the_hundred() -> None:
    parts = passages.parts_of("\n".join("x" * 450) + "\fy", unit="rows", titles=["Ships", "Ports"])

    assert [(part.title, part.paragraphs[0].locator) for part in parts] == [
        ("Ships", "rows 1"), ("Ships", "rows 201"), ("Ships", "rows 401"), ("Ports", "rows 1"),
    ]  # fmt: skip


@pytest.mark.parametrize("unit", ["paragraph", "rows"])
def test_where_there_are_no_words_there_is_no_part(unit: str) -> None:
    assert passages.parts_of("", unit=unit) == []


@pytest.mark.parametrize(
    ("words", "text", "times"),
    [
        ("yard", "The Yard, the YARD and a shipyard", 3),
        ("at the yard", "at\nthe   yard", 1),
        ("“yard”", 'the "yard"', 1),
        ("причала", "У ПРИЧАЛА", 1),
        ("加拉", "安加拉加拉", 2),
        ("", "words", 0),
        ("   ", "words", 0),
    ],
)
def test_words_are_counted_and_marked_alike(words: str, text: str, times: int) -> None:
    assert passages.count(words, text) == len(passages.found(words, text)) == times


def test_a_mark_covers_the_words_as_they_stand_in_the_text() -> None:
    text = "It lay at\n the “yard” then"

    [one] = passages.found('the "yard"', text)

    assert text[one.start : one.end] == "the “yard”"


@pytest.mark.parametrize(
    ("quote", "marked"),
    [
        ("lay at the yard", ["lay at\nthe yard"]),
        ("It lay … yard", ["It lay", "yard"]),
        ("it lay", []),
        ("yard … It lay", []),
    ],
)
def test_a_quote_is_marked_as_it_stands_and_where_something_was_left_out_in_parts(
    quote: str, marked: list[str]
) -> None:
    text = "It lay at\nthe yard."

    assert [text[one.start : one.end] for one in passages.cited(quote, text)] == marked


def test_a_text_is_cut_at_the_borders_of_its_marks() -> None:
    cut = passages.pieces("abcdef", [Range(1, 4, "cited"), Range(2, 5, "found")])

    assert cut == [
        Piece("a"),
        Piece("b", is_cited=True),
        Piece("cd", is_found=True, is_cited=True),
        Piece("e", is_found=True),
        Piece("f"),
    ]


def test_a_text_without_marks_is_one_piece() -> None:
    assert passages.pieces("abc", []) == [Piece("abc")]
