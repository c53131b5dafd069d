"""What two uncertain times allow to be said: certain, possible or impossible."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.core.moments import (
    Certainty,
    EndBeforeStart,
    Moment,
    NotUnderstood,
    Period,
    covers,
    overlap,
    parse_period_end,
    precedes,
)
from tests.core.dates import dates, expressions

CERTAIN, POSSIBLE, IMPOSSIBLE = Certainty.CERTAIN, Certainty.POSSIBLE, Certainty.IMPOSSIBLE


def time(text: str) -> Moment | Period:
    """Read "2023-08 - ongoing" as a period and anything without " - " as a moment."""
    if " - " not in text:
        return Moment.from_edtf(text)
    start, end = text.split(" - ")
    moment, kind = parse_period_end(end)
    return Period(start=Moment.from_edtf(start) if start != "?" else None, end=moment, end_kind=kind)


OVERLAPS = [
    # Calendar days
    ("2024-02-09", "2024-02-09", CERTAIN),
    ("2024-02-09", "2024-02-10", IMPOSSIBLE),
    ("2024-02", "2024-02-09", POSSIBLE),
    ("2024-02", "2024-02", POSSIBLE),
    ("2024-02", "2024-03-01", IMPOSSIBLE),
    # Once within is not throughout
    ("[2024-02-07..2024-02-12]", "2024-02-09", POSSIBLE),
    ("2024-02-07/2024-02-12", "2024-02-09", CERTAIN),
    ("[2024-02-07..2024-02-12]", "2024-02-01/2024-02-29", CERTAIN),
    ("[2024-02-07..2024-02-12]", "[2024-02-10..2024-02-20]", POSSIBLE),
    ("2024-02-07/2024-02-12", "2024-02-10/2024-02-20", CERTAIN),
    ("2024-02-07/2024-02-12", "2024-02-13/2024-02-20", IMPOSSIBLE),
    # An interval between months is sure only between the end of the first and the start of the last
    ("2023-08/2023-10", "2023-09-15", CERTAIN),
    ("2023-08/2023-10", "2023-08-15", POSSIBLE),
    ("2023-08/2023-10", "2023-10-15", POSSIBLE),
    ("2023-08/2023-10", "2023-11-01", IMPOSSIBLE),
    # One of several days
    ("[2024-06-13,2024-07-31]", "2024-06-13", POSSIBLE),
    ("[2024-06-13,2024-07-31]", "2024-07-01", IMPOSSIBLE),
    ("[2024-06-13,2024-07-31]", "2024-06/2024-08", POSSIBLE),
    ("[2024-06-13,2024-07-31]", "2024-05/2024-08", CERTAIN),
    # Open and unknown sides
    ("2023-08/..", "2025-01-01", CERTAIN),
    ("2023-08/", "2025-01-01", POSSIBLE),
    ("2023-08-01/", "2023-08-01", CERTAIN),
    ("2023-08/..", "2023-07-31", IMPOSSIBLE),
    ("../2024-02", "1999-01-01", CERTAIN),
    ("/2024-02", "1999-01-01", POSSIBLE),
    ("[2023-12-29..]", "2025-01-01", POSSIBLE),
    ("[2023-12-29..]", "2023-12-28", IMPOSSIBLE),
    ("[..2024-05-02]", "2024-05-03", IMPOSSIBLE),
    ("[2023-12-29..]", "2023-12-01/..", CERTAIN),
    ("2023-08/..", "2020/..", CERTAIN),
    ("2023-08/..", "[..2023-07]", IMPOSSIBLE),
    # Periods
    ("2023-05-18 - ongoing", "2024-02-09", CERTAIN),
    ("2023-05-18 - unknown", "2024-02-09", POSSIBLE),
    ("2023-05-18 - 2024-01", "2024-02-09", IMPOSSIBLE),
    ("2023-05-18 - 2024-02", "2024-02-09", POSSIBLE),
    ("? - 2024-02-12", "2024-02-09", POSSIBLE),
    ("? - 2024-02-12", "2024-02-12", CERTAIN),
    ("? - 2024-02-12", "2024-02-13", IMPOSSIBLE),
    ("? - ongoing", "2024-02-13", POSSIBLE),
    ("? - unknown", "2024-02-13", POSSIBLE),
    ("2024 - 2024-03-10", "2024-03-10", CERTAIN),
    ("[2024-06-13,2024-07-31] - ongoing", "2024-06-12", IMPOSSIBLE),
    ("[2024-06-13,2024-07-31] - ongoing", "2024-07-01", POSSIBLE),
    ("[2024-06-13,2024-07-31] - ongoing", "2024-07-31", CERTAIN),
    ("2023-08/.. - unknown", "2023-07-01", IMPOSSIBLE),
    ("2023-08/.. - ongoing", "2023-09-01", CERTAIN),
    ("2023 - ../2024-05", "2024-06-01", IMPOSSIBLE),
    ("2023 - 2024-01", "2024-01 - 2025", POSSIBLE),
    ("2022 - ongoing", "2023 - ongoing", CERTAIN),
    ("2022 - 2023-12-31", "2024-01-01 - ongoing", IMPOSSIBLE),
    # Instants are compared as instants only with instants
    ("2024-02-09T10:00:00Z", "2024-02-09T10:00:00Z", CERTAIN),
    ("2024-02-09T10:00:00Z", "2024-02-09T10:00:01Z", IMPOSSIBLE),
    ("2024-02-09T10:00:00Z", "2024-02-09T09:00:00Z/2024-02-09T11:00:00Z", CERTAIN),
    ("2024-02-09T10:00:00Z", "2024-02-09", POSSIBLE),
    ("2024-02-09T10:00:00Z", "2024-02-10", POSSIBLE),
    ("2024-02-09T09:59:59Z", "2024-02-10", IMPOSSIBLE),
    ("2024-02-09T11:59:59Z", "2024-02-08", POSSIBLE),
    ("2024-02-09T12:00:00Z", "2024-02-08", IMPOSSIBLE),
    ("2024-02-09T10:00:00Z", "2024-02", POSSIBLE),
    ("2024-02-09T10:00:00Z", "2024-01/2024-03", CERTAIN),
    ("2024-02-09T10:00:00Z", "2024-02-09T10:00:00", POSSIBLE),
    ("2024-02-09T10:00:00", "2024-02-09T11:00:00", CERTAIN),
]

PRECEDENCES = [
    ("2024-02-09", "2024-02-10", CERTAIN),
    ("2024-02-10", "2024-02-09", IMPOSSIBLE),
    ("2024-02-09", "2024-02-09", POSSIBLE),
    ("2024-02", "2024-02-09", POSSIBLE),
    ("2024-01", "2024-02", CERTAIN),
    ("2024-02", "2024-01-31", IMPOSSIBLE),
    ("2024-02-09T10:00:00Z", "2024-02-09T10:00:01Z", CERTAIN),
    ("2024-02-09T10:00:00Z", "2024-02-09T10:00:00Z", IMPOSSIBLE),
    ("2024-02-09T10:00:00Z", "2024-02-10", POSSIBLE),
    ("2024-02-09T10:00:00Z", "2024-02-11", CERTAIN),
    ("2024-02-09T09:00:00", "2024-02-09T11:00:00", POSSIBLE),
    ("[..2024-05-02]", "2024-05-03", CERTAIN),
    ("[2023-12-29..]", "2023-12-28", IMPOSSIBLE),
    ("[2023-12-29..]", "2025", POSSIBLE),
    ("2023/..", "2030", IMPOSSIBLE),
    ("2023/..", "[2024..]", IMPOSSIBLE),
    ("[..2024]", "../2025", IMPOSSIBLE),
    ("2023/", "2030", POSSIBLE),
    ("2022 - ongoing", "2030", IMPOSSIBLE),
    ("2022 - unknown", "2030", POSSIBLE),
    ("2022 - 2023", "2024 - ongoing", CERTAIN),
    ("2022 - 2023", "? - 2023-06", POSSIBLE),
    ("[2024-06-13,2024-07-31]", "2024-07-01", POSSIBLE),
    ("[2024-06-13,2024-07-31]", "2024-08-01", CERTAIN),
]


@pytest.mark.parametrize(("one", "other", "certainty"), OVERLAPS)
def test_overlap_is_certain_possible_or_impossible(one, other, certainty):
    assert overlap(time(one), time(other)) is certainty
    assert overlap(time(other), time(one)) is certainty


@pytest.mark.parametrize(("one", "other", "certainty"), PRECEDENCES)
def test_precedence_is_certain_possible_or_impossible(one, other, certainty):
    assert precedes(time(one), time(other)) is certainty


@pytest.mark.parametrize(
    ("period", "day", "certainty"),
    [
        ("2023-05-18 - ongoing", date(2024, 2, 9), CERTAIN),
        ("2023-05-18 - ongoing", date(2023, 5, 18), CERTAIN),
        ("2023-05-18 - ongoing", date(2023, 5, 17), IMPOSSIBLE),
        ("2023-05 - 2024-02", date(2023, 5, 18), POSSIBLE),
    ],
)
def test_a_period_covers_a_day_for_certain_possibly_or_not(period, day, certainty):
    assert covers(time(period), day) is certainty


@pytest.mark.parametrize(
    ("typed", "edtf", "kind"),
    [
        ("ongoing", None, "ongoing"),
        (" Present ", None, "ongoing"),
        ("now", None, "ongoing"),
        ("..", None, "ongoing"),
        ("", None, "unknown"),
        ("Unknown", None, "unknown"),
        ("May 2024", "2024-05", "dated"),
    ],
)
def test_an_end_is_dated_ongoing_or_unknown(typed, edtf, kind):
    moment, found = parse_period_end(typed)

    assert (moment.edtf if moment else None, found) == (edtf, kind)


def test_an_end_that_is_not_understood_is_refused():
    with pytest.raises(NotUnderstood):
        parse_period_end("some day")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-02-09", "2024-02-08"),
        ("2024", "2023"),
        ("2024-02-09T10:00:00Z", "2024-02-09T09:59:59Z"),
        ("2024-02-09T23:00:00Z", "2024-02-08"),
        ("[2023-12-29..]", "2023-12-28"),
        ("2024/..", "2023"),
    ],
)
def test_an_end_that_is_certainly_before_the_start_is_refused(start, end):
    with pytest.raises(EndBeforeStart) as refusal:
        Period(start=Moment.from_edtf(start), end=Moment.from_edtf(end), end_kind="dated")

    assert "before the start" in refusal.value.reason


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-02-09", "2024-02-09"),
        ("2024-02-20", "2024-02"),
        ("2024", "2024-01-01"),
        ("2024-02-09T10:00:00Z", "2024-02-09"),
        ("2024-02-09T10:00:00", "2024-02-09T09:00:00"),
    ],
)
def test_an_end_that_may_be_after_the_start_is_kept(start, end):
    period = Period(start=Moment.from_edtf(start), end=Moment.from_edtf(end), end_kind="dated")

    assert period.earliest == period.start.earliest
    assert period.latest == period.end.latest


def test_the_kind_of_end_and_the_end_agree():
    with pytest.raises(ValueError, match="exactly where"):
        Period(start=None, end=None, end_kind="dated")
    with pytest.raises(ValueError, match="exactly where"):
        Period(start=None, end=Moment.from_edtf("2024"), end_kind="ongoing")


@pytest.mark.parametrize(
    ("text", "plain", "short"),
    [
        ("2023-05-18 - ongoing", "18 May 2023 – ongoing", "2023-05-18 – ongoing"),
        ("2023-05 - ", "May 2023 – end unknown", "2023-05 – ?"),
        ("2023-05 - 2024-02", "May 2023 – February 2024", "2023-05 – 2024-02"),
        ("? - 2024-02", "start unknown – February 2024", "? – 2024-02"),
    ],
)
def test_a_period_says_in_plain_english_what_it_means(text, plain, short):
    period = time(text)

    assert (period.describe(), str(period), period.short()) == (plain, plain, short)


def test_a_period_without_dates_is_open_on_both_sides():
    period = Period(start=None)

    assert (period.earliest, period.latest) == (None, None)


NARROW = (date(2023, 12, 1), date(2024, 3, 31))
moments = expressions(*NARROW).map(Moment.from_edtf)


@st.composite
def periods(draw) -> Period:
    start = draw(st.one_of(st.none(), dates(*NARROW).map(Moment.from_edtf)))
    kind = draw(st.sampled_from(["dated", "ongoing", "unknown"]))
    if kind != "dated":
        return Period(start=start, end=None, end_kind=kind)
    end = Moment.from_edtf(draw(dates(*NARROW)))
    try:
        return Period(start=start, end=end, end_kind="dated")
    except EndBeforeStart:
        return Period(start=end, end=start, end_kind="dated")


times = st.one_of(moments, periods())


@given(times, times)
def test_overlap_is_symmetric(one, other):
    assert overlap(one, other) is overlap(other, one)


@given(times, times)
def test_what_certainly_precedes_never_overlaps_and_never_follows(one, other):
    if precedes(one, other) is CERTAIN:
        assert overlap(one, other) is IMPOSSIBLE
        assert precedes(other, one) is IMPOSSIBLE
    if overlap(one, other) is IMPOSSIBLE:
        assert CERTAIN in {precedes(one, other), precedes(other, one)} or is_choice(one) or is_choice(other)


def is_choice(thing: Moment | Period) -> bool:
    return isinstance(thing, Moment) and "," in thing.edtf


def narrowed(month: str, day: int) -> str:
    return f"{month}-{day:02}"


@given(times, st.sampled_from(["2023-12", "2024-01", "2024-02", "2024-03"]), st.integers(1, 29))
def test_learning_the_day_never_contradicts_what_was_certain(thing, month, day):
    vague, exact = Moment.from_edtf(month), Moment.from_edtf(narrowed(month, day))

    for judge in (overlap, precedes):
        if judge(vague, thing) in {CERTAIN, IMPOSSIBLE}:
            assert judge(exact, thing) is judge(vague, thing)


@given(periods(), st.dates(*NARROW))
def test_an_interval_and_the_period_with_the_same_ends_agree(period, day):
    if period.start and period.end and not {period.start.edtf[-1], period.end.edtf[-1]} & set("?~%"):
        interval = Moment.from_edtf(f"{period.start.edtf}/{period.end.edtf}")

        assert overlap(interval, Moment.on(day)) is covers(period, day)


@given(periods(), st.dates(*NARROW))
def test_an_unknown_end_is_never_certain_after_the_start(period, day):
    if period.start and period.end_kind == "unknown" and period.start.latest < day:
        assert covers(period, day) is POSSIBLE
        assert covers(Period(period.start, None, "ongoing"), day) is CERTAIN


@given(st.dates(*NARROW), st.integers(0, 60))
def test_day_periods_answer_like_plain_dates(start, length):
    end = start + timedelta(days=length)
    period = Period(Moment.on(start), Moment.on(end), "dated")

    for day in (start - timedelta(days=1), start, end, end + timedelta(days=1)):
        assert covers(period, day) is (CERTAIN if start <= day <= end else IMPOSSIBLE)
