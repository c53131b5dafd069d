"""Reading text files and finding quotes in them."""

import pytest

from casefiles.evidence.texts import decoded, is_quoted

TEXT = "The ship, said one official, was\nmoored   at the “Zhoushan” yard since\u00a0February. It left later."


@pytest.mark.parametrize(
    "quote",
    [
        "moored at the “Zhoushan” yard",
        'moored at the "Zhoushan" yard',
        "was moored",
        "since February",
        "The ship … left later.",
        "The ship [...] yard",
        "It left later. ",
    ],
)
def test_a_quote_is_found_across_line_breaks_quotation_marks_and_gaps(quote: str) -> None:
    assert is_quoted(quote, TEXT)


@pytest.mark.parametrize("quote", ["moored in Zhoushan", "left later … The ship", "Moored at the"])
def test_other_words_another_order_or_other_letters_are_not_found(quote: str) -> None:
    assert not is_quoted(quote, TEXT)


@pytest.mark.parametrize("quote", ["the manipulation of it", "the manipu- lation of it", "a long-term plan"])
def test_a_word_broken_at_the_end_of_a_line_is_found_with_its_hyphen_and_without(quote: str) -> None:
    assert is_quoted(
        quote, "the manipu-\nlation of it and a long-\nterm plan" if "plan" not in quote else "a long-\nterm plan"
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("кот".encode(), "кот"),
        ("\ufeffкот".encode(), "кот"),
        ("кот".encode("utf-16"), "кот"),
        (b"caf\xe9", "caf\ufffd"),
    ],
)
def test_text_is_read_by_its_mark_and_what_is_not_utf8_is_shown_as_such(content: bytes, text: str) -> None:
    assert decoded(content) == text
