"""What is warned about in the words of a claim."""

import pytest

from casefiles.cases.wording import WarningKind, check_claim, check_prose, halves


@pytest.mark.parametrize(
    "text",
    [
        "The ship carried containers from Rajin to Dunai.",
        "The ship called at Rajin and Dunai in September 2023.",
        "The ship moored at Zhoushan at 10.30 on 9 Feb. 2024.",
        "J. Smith of the yard said so.",
        "It is likely that the ship sailed.",
        "船は2024年2月に舟山に停泊した。",
        "",
    ],
)
def test_one_plain_assertion_is_not_warned_about(text: str) -> None:
    assert check_claim(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The ship was moored and was repaired.", "and was"),
        ("The ship left; it then turned north.", "; it"),
        ("The ship visited Rajin and the crew loaded containers.", "and the crew loaded"),
        ("The ship sailed. The yard repaired it.", "sailed. T"),
        ("The ship sailed but has not returned.", "but has"),
    ],
)
def test_a_compound_sentence_is_warned_about(text: str, words: str) -> None:
    (warning,) = check_claim(text)

    assert (warning.kind, warning.words) == (WarningKind.COMPOUND, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("This proves that the ship sailed.", ["proves"]),
        ("The ship went dark off Rajin.", ["went dark"]),
        ("It is CERTAINLY the same hull, beyond doubt.", ["certainly", "beyond doubt"]),
        ("It never called, never.", ["never"]),
        ("The nevertheless darkened hull.", []),
    ],
)
def test_words_that_leave_no_room_for_doubt_are_warned_about_once_each(text: str, words: list[str]) -> None:
    found = [warning.words for warning in check_claim(text) if warning.kind is WarningKind.ABSOLUTE]

    assert found == words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It is very likely, with high confidence, that it sailed.", 1),
        ("We assess with moderate confidence that it is almost certain.", 1),
        ("It is very likely that it sailed. We have high confidence in the images.", 0),
        ("High confidence in the images.", 0),
    ],
)
def test_likelihood_and_confidence_in_one_sentence_are_warned_about(text: str, count: int) -> None:
    found = [warning for warning in check_prose(text) if warning.kind is WarningKind.MIXED]

    assert len(found) == count


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("The ship called at Rajin.", "The ship called at Rajin.", ""),
        ("The ship called at Rajin and was loaded.", "The ship called at Rajin.", "Was loaded."),
        ("It lay at the yard, but it was seen at sea.", "It lay at the yard.", "It was seen at sea."),
        ("It lay at the yard; it left in May.", "It lay at the yard.", "It left in May."),
        ("It lay at the yard. It left in May.", "It lay at the yard.", "It left in May."),
    ],
)
def test_two_halves_are_proposed_where_a_claim_is_compound(text, first, second):
    assert halves(text) == (first, second)
