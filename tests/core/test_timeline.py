"""Where the marks of a timeline go, held to tables: dots for certain days alone, bars for everything else."""

from datetime import date, timedelta

import pytest

from casefiles.core.axis import MOST_TICKS, ticks
from casefiles.core.moments import Period, parse_moment, parse_period_end
from casefiles.core.timeline import (
    COMPACT_ROWS,
    ENTRIES_AT_MOST,
    RADIUS,
    Entry,
    Extent,
    draw,
    extent_of,
    extent_of_stay,
)

TODAY = date(2026, 11, 23)
LANES = (("a", "First"), ("b", "Second"))


def moment(text):
    return parse_moment(text, today=TODAY)


def period(start, end=""):
    ended, kind = parse_period_end(end)
    return Period(moment(start) if start else None, ended, kind)


def entry(text, *, lane="a", label="E-01", **values):
    time = text if isinstance(text, Extent) else extent_of(moment(text)) if text else None
    return Entry(lane=lane, label=label, title=f"Title of {label}", when=str(text), extent=time, **values)


def drawn(*entries, **options):
    return draw(entries, lanes=LANES, today=TODAY, **options)


def the_mark(timeline):
    return timeline.lanes[0].marks[0]


@pytest.mark.parametrize(
    ("wording", "is_day", "certain"),
    [
        ("2024-02-09", True, ("2024-02-09", "2024-02-09")),
        ("2024-04-25T08:45Z", True, ("2024-04-25", "2024-04-25")),
        ("2024-02", False, None),
        ("2024", False, None),
        ("early February 2024", False, ("2024-02-01", "2024-02-10")),
        ("2024-04-26?", False, None),
        ("about 25 April 2024", False, None),
        ("between 7 and 12 Feb 2024", False, None),
        ("[2023-09-07,2023-10-01]", False, None),
        ("after 28 Dec 2023", False, None),
        ("2024-02-09/2024-04", False, ("2024-02-09", "2024-04-01")),
        ("2023-08/2024-02", False, ("2023-08-31", "2024-02-01")),
        ("2024-02/2024-02", False, None),
    ],
)
def test_only_a_single_certain_day_is_a_dot(wording, is_day, certain):
    extent = extent_of(moment(wording))

    assert extent.is_day is is_day
    days = (extent.certain_from, extent.certain_to)
    assert (tuple(str(day) for day in days) if days[0] else None) == certain
    assert the_mark(drawn(entry(wording), entry("2020-01-01", lane="b"))).is_point is is_day


def test_what_has_no_date_has_no_extent():
    assert extent_of(None) is None
    assert extent_of(Period(None, None, "unknown")) is None


@pytest.mark.parametrize(
    ("start", "end", "certain", "is_ongoing"),
    [
        ("2022-05-08", "ongoing", ("2022-05-08", "2022-05-08"), True),
        ("2022-05-08", "", ("2022-05-08", "2022-05-08"), False),
        ("2022-05-08", "2023-01-01", ("2022-05-08", "2023-01-01"), False),
        ("2022", "2024", ("2022-12-31", "2024-01-01"), False),
        ("2022", "2022", None, False),
        ("", "2023-01-01", ("2023-01-01", "2023-01-01"), False),
        ("about 2022", "2024", None, False),
        ("since August 2023", "", ("2023-08-31", "2023-08-31"), False),
    ],
)
def test_a_period_certainly_covers_only_what_its_dates_say(start, end, certain, is_ongoing):
    extent = extent_of(period(start, end))

    days = (extent.certain_from, extent.certain_to)
    assert (tuple(str(day) for day in days) if days[0] else None) == certain
    assert extent.is_ongoing is is_ongoing


def test_a_sighting_makes_the_days_of_a_stay_certain():
    stay = extent_of_stay(moment("2024-02-09"), None, moment("2024-02-11"))

    assert (str(stay.certain_from), str(stay.certain_to), stay.latest) == ("2024-02-09", "2024-02-11", None)


def test_an_uncertain_sighting_adds_nothing_to_a_stay():
    stay = extent_of_stay(moment("2024-02-09"), None, moment("2024-03"))

    assert str(stay.certain_to) == "2024-02-09"


def test_a_ship_that_was_only_seen_is_drawn_where_it_was_seen():
    assert extent_of_stay(None, None, moment("2024-10-25")).is_day


def test_a_dot_is_round_its_day():
    timeline = drawn(entry("2024-01-01"), entry("2024-12-31"))
    first, last = timeline.lanes[0].marks

    assert first.center_x < last.center_x
    assert round(first.right - first.left, 1) == 2 * RADIUS


def test_an_open_side_fades_and_a_closed_one_does_not():
    timeline = drawn(entry("after 28 Dec 2023"), entry("before 2 Feb 2023", lane="b"), entry("2024-06", lane="b"))
    (after,), (before, month) = (lane.marks for lane in timeline.lanes)

    assert [strip.step for strip in after.fades] == [1, 2, 3, 4]
    assert [strip.x for strip in after.fades] == sorted(strip.x for strip in after.fades)
    assert [strip.x for strip in before.fades] == sorted((strip.x for strip in before.fades), reverse=True)
    assert month.fades == ()
    assert month.solid is None


def test_what_goes_on_reaches_today():
    going_on = entry(extent_of(period("2024-01-01", "ongoing")))
    timeline = drawn(going_on, entry("2023-01-01", lane="b"))

    assert timeline.last >= TODAY
    solid = the_mark(timeline).solid
    assert solid.x + solid.width == pytest.approx(timeline.width - 18, abs=0.2)


def test_nothing_with_a_date_draws_nothing():
    assert drawn() is None
    assert drawn(entry(None)) is None


def test_an_entry_without_a_date_is_counted():
    assert drawn(entry("2024"), entry(None)).undated_count == 1


def test_marks_and_labels_never_cover_each_other():
    timeline = drawn(*(entry("2024-02", label=f"E-{number:02d}") for number in range(9)), entry("2026-01-01"))

    rows = [mark.y for mark in timeline.lanes[0].marks if not mark.is_point]
    assert len(set(rows)) == 9


def test_a_lane_without_labels_stays_low():
    many = [entry("2024-02", label=f"E-{number:02d}") for number in range(30)]

    timeline = drawn(*many, labelled_lanes=())

    assert len({mark.y for mark in timeline.lanes[0].marks}) == COMPACT_ROWS
    assert {mark.label for mark in timeline.lanes[0].marks} == {""}


def test_wide_letters_take_twice_the_room():
    latin, wide = (
        drawn(entry("2024-02-01", label=label), entry("2024-02-20", label="x"), entry("2027-01-01", label="y"))
        for label in ("abcdefgh", "仰光仰光仰光仰光")
    )

    assert wide.height >= latin.height


def test_a_long_label_is_cut():
    assert the_mark(drawn(entry("2024", label="word " * 40))).label.endswith("…")


def test_more_entries_than_fit_are_counted():
    day = date(2024, 1, 1)
    many = [entry((day + timedelta(days=number)).isoformat()) for number in range(ENTRIES_AT_MOST + 7)]

    timeline = drawn(*many)

    assert (timeline.drawn_count, timeline.omitted_count) == (ENTRIES_AT_MOST, 7)


def test_few_entries_long_before_the_others_do_not_squeeze_them():
    others = [entry(f"2024-{month:02d}-15") for month in range(1, 13)] * 2

    timeline = drawn(entry("1985-01-01"), *others)

    assert (timeline.outside_count, timeline.first.year) == (1, 2024)


def test_entries_spread_evenly_are_all_drawn():
    timeline = drawn(*(entry(f"{year}-06-01") for year in range(1990, 2024)))

    assert timeline.outside_count == 0


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("2024-02-05", "2024-02-09", ["2024-02-05", "02-06", "02-07", "02-08", "02-09"]),
        ("2024-02-01", "2024-03-01", ["2024-02-01", "02-08", "02-15", "02-22", "02-29"]),
        ("2023-12-10", "2024-06-10", ["2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06"]),
        ("2022-05-08", "2024-02-01", ["2022-07", "2022-10", "2023-01", "2023-04", "2023-07", "2023-10", "2024-01"]),
        ("2017-09-01", "2026-05-09", [str(year) for year in range(2018, 2027)]),
        ("1890-01-01", "1999-12-31", [str(year) for year in range(1890, 2000, 10)]),
    ],
)
def test_ticks_follow_the_extent(first, last, labels):
    found = ticks(date.fromisoformat(first), date.fromisoformat(last), left=0, right=100)

    assert [tick.label for tick in found] == labels
    assert [tick.x for tick in found] == sorted(tick.x for tick in found)


@pytest.mark.parametrize("years", [0, 1, 3, 12, 60, 300, 900])
def test_there_are_never_more_ticks_than_room(years):
    assert len(ticks(date(1100, 3, 4), date(1100 + years, 5, 6), left=0, right=100)) <= MOST_TICKS


def test_the_ends_of_the_calendar_are_drawn():
    assert drawn(entry("9999-12-31"), entry("1000-01-01")) is not None
