"""What a program says of letters in a picture, taken apart by rules of ours."""

import pytest

from casefiles.evidence.letters import recognised_in

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"


def rows(*words: tuple[int, int, float | str, str]) -> str:
    """Return rows of words: paragraph, line, how sure the program is, and the word."""
    said = (f"5\t1\t1\t{place}\t{line}\t1\t0\t0\t9\t9\t{sure}\t{text}\n" for place, line, sure, text in words)
    return HEAD + "4\t1\t1\t1\t1\t0\t0\t0\t9\t9\t-1\t\n" + "".join(said)


def test_words_stand_in_their_lines_and_paragraphs_with_how_sure_the_program_is() -> None:
    found = recognised_in(rows((1, 1, 90, "LADY"), (1, 1, 80, "R"), (1, 2, 70, "Rajin"), (2, 1, 60, 'said "no"')))

    assert (found.text, found.words, found.confidence) == ('LADY R\nRajin\n\nsaid "no"', 4, 75.0)


@pytest.mark.parametrize(
    ("line", "text", "left_out"),
    [
        ([(1, 1, 20, "waves"), (1, 1, 40, "leaves")], "", 2),
        ([(1, 1, 99, "|"), (1, 1, 99, "~")], "", 2),
        ([(1, 1, 20, "poor"), (1, 1, 95, "ANGARA")], "poor ANGARA", 0),
        ([(1, 1, 90, "韩"), (1, 1, 90, "国"), (1, 1, 90, "Busan")], "韩国 Busan", 0),
        ([(1, 1, 90, "부산"), (1, 1, 90, "항구")], "부산 항구", 0),
    ],
)
def test_lines_that_the_program_is_not_sure_of_are_left_out(line: list, text: str, left_out: int) -> None:
    found = recognised_in(rows(*line))

    assert (found.text, found.left_out) == (text, left_out)


@pytest.mark.parametrize(
    "said", ["", "nonsense", HEAD, rows((1, 1, "nan", "x")), rows((1, 1, "sure", "words")), rows((1, 1, 900, "xy"))]
)
def test_what_is_no_row_of_a_word_is_passed_over(said: str) -> None:
    assert recognised_in(said).text == ""


def test_no_sign_that_a_database_refuses_comes_through() -> None:
    assert recognised_in(rows((1, 1, 90, "a\x00b"))).text == "ab"
