"""In force on a date: yes, no or unknown, and never more certain than the dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.core.moments import Moment
from casefiles.sanctions.in_force import Answer, CombinedAnswer, combined, in_force, in_force_during


def moment(edtf: str | None) -> Moment | None:
    return Moment.from_edtf(edtf) if edtf else None


def asked(
    day: str, begun: str | None, ended: str | None = None, end_kind: str = "ongoing", announced: str | None = None
) -> Answer:
    return in_force(
        date.fromisoformat(day),
        in_force_from=moment(begun),
        ended=moment(ended),
        end_kind="dated" if ended else end_kind,
        announced=moment(announced),
    )


@pytest.mark.parametrize(
    ("day", "begun", "ended", "end_kind", "announced", "expected"),
    [
        # Exact dates; the first and the last day count.
        ("2022-05-07", "2022-05-08", None, "ongoing", None, "no"),
        ("2022-05-08", "2022-05-08", None, "ongoing", None, "yes"),
        ("2026-01-01", "2022-05-08", None, "ongoing", None, "yes"),
        ("2024-03-01", "2022-05-08", "2024-03-01", "dated", None, "yes"),
        ("2024-03-02", "2022-05-08", "2024-03-01", "dated", None, "no"),
        # A start that is known to the month, or within a range.
        ("2024-05-31", "2024-06", None, "ongoing", None, "no"),
        ("2024-06-15", "2024-06", None, "ongoing", None, "unknown"),
        ("2024-06-30", "2024-06", None, "ongoing", None, "yes"),
        ("2024-06-12", "[2024-06-13..2024-07-31]", None, "ongoing", None, "no"),
        ("2024-07-01", "[2024-06-13..2024-07-31]", None, "ongoing", None, "unknown"),
        ("2024-07-31", "[2024-06-13..2024-07-31]", None, "ongoing", None, "yes"),
        # One of two dates: between them nobody can say.
        ("2024-06-13", "[2024-06-13,2024-07-31]", None, "ongoing", None, "unknown"),
        ("2024-07-31", "[2024-06-13,2024-07-31]", None, "ongoing", None, "yes"),
        # An uncertain end.
        ("2024-02-29", "2022-05-08", "2024-03", "dated", None, "yes"),
        ("2024-03-15", "2022-05-08", "2024-03", "dated", None, "unknown"),
        ("2024-04-01", "2022-05-08", "2024-03", "dated", None, "no"),
        # Whether it ended is not known: certain on its first day only.
        ("2022-05-07", "2022-05-08", None, "unknown", None, "no"),
        ("2022-05-08", "2022-05-08", None, "unknown", None, "yes"),
        ("2022-05-09", "2022-05-08", None, "unknown", None, "unknown"),
        # The start is not known: not before it was announced, and nothing more.
        ("2024-01-01", None, None, "ongoing", None, "unknown"),
        ("2024-01-01", None, None, "ongoing", "2024-02-01", "no"),
        ("2024-02-01", None, None, "ongoing", "2024-02-01", "unknown"),
        ("2030-02-01", None, None, "ongoing", "2024-02-01", "unknown"),
        ("2024-01-31", None, None, "ongoing", "2024-02", "no"),
        ("2024-02-15", None, None, "ongoing", "2024-02", "unknown"),
        ("2024-03-02", None, "2024-03-01", "dated", None, "no"),
        ("2024-03-01", None, "2024-03-01", "dated", None, "yes"),
        ("2024-02-01", None, "2024-03-01", "dated", None, "unknown"),
        ("2024-02-01", None, None, "ongoing", "../2024-03", "unknown"),
        # A known start wins over the announcement, also where it reaches back.
        ("2024-01-15", "2024-01-01", None, "ongoing", "2024-02-01", "yes"),
        # Dates that contradict each other.
        ("2023-01-01", "2024-01-01", "2022-01-01", "dated", None, "unknown"),
        ("2023-01-01", None, "2022-01-01", "dated", "2024-01-01", "unknown"),
        # An end that is said to be dated but has no date is not known.
        ("2024-01-02", "2024-01-01", None, "dated", None, "unknown"),
    ],
)
def test_a_date_is_answered_by_the_rules(
    day: str, begun: str | None, ended: str | None, end_kind: str, announced: str | None, expected: str
) -> None:
    assert asked(day, begun, ended, end_kind, announced) == expected


@pytest.mark.parametrize(
    ("earliest", "latest", "begun", "ended", "end_kind", "expected"),
    [
        ("2023-12-28", "2024-02-09", "2022-05-08", None, "ongoing", "yes"),
        ("2023-12-28", "2024-02-09", "2024-05-01", None, "ongoing", "no"),
        ("2023-12-28", "2024-02-09", "2024-02-10", None, "ongoing", "no"),
        ("2023-12-28", "2024-02-09", "2024-02-09", None, "ongoing", "part"),
        ("2023-12-28", "2024-02-09", "2024-01-10", None, "ongoing", "part"),
        ("2023-12-28", "2024-02-09", "2024-01", None, "ongoing", "part"),
        ("2023-12-28", "2024-02-09", "2024-02", None, "ongoing", "unknown"),
        ("2023-12-28", "2024-02-09", "2023-12", None, "ongoing", "unknown"),
        ("2023-12-28", "2024-02-09", "2022-05-08", "2024-01-01", "dated", "part"),
        ("2023-12-28", "2024-02-09", "2024-01-01", "2024-01-02", "dated", "part"),
        ("2023-12-28", "2024-02-09", "2022-05-08", "2023-12-27", "dated", "no"),
        ("2023-12-28", "2024-02-09", "2022-05-08", None, "unknown", "unknown"),
        ("2023-12-28", "2024-02-09", None, None, "ongoing", "unknown"),
        ("2023-12-28", "2024-02-09", "2024-03-01", "2024-01-01", "dated", "unknown"),
        ("2024-01-01", "2024-01-01", "2024-01-01", None, "ongoing", "yes"),
    ],
)
def test_a_stretch_of_time_is_answered_by_the_rules(
    earliest: str, latest: str, begun: str | None, ended: str | None, end_kind: str, expected: str
) -> None:
    answer = in_force_during(
        date.fromisoformat(earliest),
        date.fromisoformat(latest),
        in_force_from=moment(begun),
        ended=moment(ended),
        end_kind=end_kind,
    )

    assert answer == expected


def test_a_stretch_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="is before"):
        in_force_during(date(2024, 2, 1), date(2024, 1, 1), in_force_from=None, ended=None, end_kind="ongoing")


YES, NO, UNKNOWN, PART = Answer


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], CombinedAnswer(UNKNOWN)),
        ([YES], CombinedAnswer(YES)),
        ([NO, NO], CombinedAnswer(NO)),
        ([PART, PART], CombinedAnswer(PART)),
        ([UNKNOWN, UNKNOWN], CombinedAnswer(UNKNOWN)),
        ([YES, NO], CombinedAnswer(UNKNOWN, sources_conflict=True)),
        ([YES, NO, UNKNOWN], CombinedAnswer(UNKNOWN, sources_conflict=True)),
        ([PART, YES], CombinedAnswer(UNKNOWN, sources_conflict=True)),
        ([YES, UNKNOWN], CombinedAnswer(UNKNOWN)),
        ([UNKNOWN, NO], CombinedAnswer(UNKNOWN)),
    ],
)
def test_records_that_differ_are_unknown_and_conflict_only_where_both_are_certain(
    answers: list[Answer], expected: CombinedAnswer
) -> None:
    assert combined(answers) == expected
    assert combined(reversed(answers)) == expected


def test_two_sources_with_two_dates_conflict_between_them_and_agree_outside() -> None:
    def both(day: str) -> CombinedAnswer:
        return combined([asked(day, "2024-06-13"), asked(day, "2024-07-31")])

    assert both("2024-06-12") == CombinedAnswer(NO)
    assert both("2024-07-01") == CombinedAnswer(UNKNOWN, sources_conflict=True)
    assert both("2024-07-31") == CombinedAnswer(YES)


FIRST = date(2024, 1, 1)
days = st.integers(0, 40).map(lambda number: FIRST + timedelta(number))
windows = st.tuples(days, days).map(sorted)


def within(window: list[date]) -> Moment:
    return Moment.from_edtf(f"[{window[0]}..{window[1]}]")


@given(windows, windows, days, days)
def test_no_answer_is_more_certain_than_the_dates(begun: list[date], ended: list[date], one: date, other: date) -> None:
    """Against trying every start and every end that the two uncertain dates allow."""
    span = [one + timedelta(n) for n in range((other - one).days + 1)] or [one]
    worlds = [
        [start <= day <= end for day in span]
        for start in map(FIRST.__add__, map(timedelta, range(41)))
        for end in map(FIRST.__add__, map(timedelta, range(41)))
        if begun[0] <= start <= begun[1] and ended[0] <= end <= ended[1] and start <= end
    ]
    dates = {"in_force_from": within(begun), "ended": within(ended), "end_kind": "dated"}

    on_first_day = in_force(one, **dates)
    during = in_force_during(span[0], span[-1], **dates)

    if not worlds:
        assert (on_first_day, during) == (UNKNOWN, UNKNOWN)
        return
    first = {world[0] for world in worlds}
    assert on_first_day == (UNKNOWN if len(first) > 1 else YES if first == {True} else NO)
    if all(all(world) for world in worlds):
        assert during is YES
    elif not any(any(world) for world in worlds):
        assert during is NO
    else:
        assert during in {PART, UNKNOWN}
    if during is PART:
        assert all(any(world) and not all(world) for world in worlds)
