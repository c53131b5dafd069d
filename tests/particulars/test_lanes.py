"""The picture of dated values: solid where it is certain, faded where it may be, and never a false point."""

from datetime import date

import pytest

from casefiles.core.moments import parse_moment
from casefiles.particulars.lanes import LABELS_WIDTH, RIGHT_MARGIN, ROW_HEIGHT, WIDTH, Span, draw, ticks
from tests.make import period

TODAY = date(2026, 6, 1)
EDGE = WIDTH - RIGHT_MARGIN


def span(label, start="", end=""):
    return Span(label=label, period=period(start, end), title=label)


def bars(*spans, **values):
    picture = draw([("Flag", spans)], today=TODAY, **values)
    return {bar.label: bar for bar in picture.lanes[0].bars}


def test_nothing_recorded_gives_no_picture():
    assert draw([("Flag", [])], today=TODAY) is None


def test_lanes_without_values_are_left_out():
    picture = draw([("Name", []), ("Flag", [span("RU", "2015", "2020")])], today=TODAY)

    assert [lane.label for lane in picture.lanes] == ["Flag"]


def test_exact_days_do_not_fade():
    bar = bars(span("RU", "2015-02-27", "2025-03-02"))["RU"]

    assert (bar.fade_before, bar.fade_after) == (0, 0)


def test_a_year_fades_over_that_year():
    bar = bars(span("RU", "2015", "2020-12-31"))["RU"]

    assert bar.fade_before == pytest.approx((EDGE - LABELS_WIDTH) / 6, rel=0.01)
    assert bar.fade_after == 0


def test_what_is_ongoing_reaches_the_edge_and_is_open():
    bar = bars(span("RU", "2015-01-01", "ongoing"))["RU"]

    assert (bar.right, bar.is_open_ended) == (EDGE, True)


def test_an_end_that_is_not_known_fades_out():
    bar = bars(span("RU", "2015-01-01", ""), span("PA", "2012-01-01", "2024-01-01"))["RU"]

    assert bar.width < 10 and not bar.is_open_ended
    assert bar.right + bar.fade_after == pytest.approx(EDGE)


def test_a_start_that_is_not_known_fades_in():
    bar = bars(span("RU", "", "2015-01-01"), span("PA", "2012-01-01", "2024-01-01"))["RU"]

    assert (bar.left, bar.width) == (LABELS_WIDTH, 3)


def test_a_start_after_a_day_fades_in_from_that_day():
    bar = bars(span("RU", "after 28 Dec 2015", "ongoing"), span("PA", "2012-01-01", "2024-01-01"))["RU"]

    assert LABELS_WIDTH < bar.left < bar.x


def test_a_long_label_of_a_lane_is_cut_and_kept_whole_beside():
    lane = draw([("linked party, role not stated", [span("M", "2015", "2020")])], today=TODAY).lanes[0]

    assert (len(lane.label), lane.title) == (20, "linked party, role not stated")


def test_a_value_without_any_date_is_faded_all_the_way():
    bar = bars(span("RU"), span("PA", "2012-01-01", "2024-01-01"))["RU"]

    assert (bar.x, bar.width, bar.right + bar.fade_after) == (LABELS_WIDTH, 0, EDGE)


def test_a_period_within_one_month_keeps_what_its_dates_allow():
    bar = bars(span("RU", "2024-02", "2024-02"), span("PA", "2023-01-01", "2025-01-01"))["RU"]

    assert bar.fade_before > 0 and bar.fade_after > 0


def test_bars_that_meet_stand_below_each_other():
    found = bars(span("RU", "2015-01-01", "2025-01-01"), span("CY", "2013-01-01", "2024-01-01"))

    assert found["RU"].y > found["CY"].y


def test_bars_that_follow_each_other_share_a_row():
    found = bars(span("PA", "2012-01-01", "2013-05-15"), span("CY", "2013-05-16", "2024-01-01"))

    assert found["PA"].y == found["CY"].y


def test_every_bar_and_label_stays_within_the_picture():
    names = ["a very long name of a ship that fits no bar at all " * 3, "RU", "KNA"]
    spans = [span(name, "2015-10-30", "2016-03-10") for name in names] + [span("PA", "2012-01-01", "2026-01-01")]

    picture = draw([("Name", spans)], today=TODAY)

    for bar in picture.lanes[0].bars:
        assert LABELS_WIDTH <= bar.left and bar.right + bar.fade_after <= EDGE + 3
        assert bar.text_x + len(bar.label) * 6.3 <= WIDTH + 7
        assert bar.y + picture.bar_height <= picture.grid_bottom


def test_the_day_asked_for_is_a_band():
    picture = draw([("Flag", [span("RU", "2015", "2020")])], today=TODAY, as_at=parse_moment("2016"))

    assert picture.day_x > LABELS_WIDTH and picture.day_width > 100


@pytest.mark.parametrize(("first", "last"), [(2024, 2025), (1998, 2027), (1900, 2100), (1000, 2026)])
def test_there_are_few_ticks_and_the_first_is_the_first_year(first, last):
    marks = ticks(date(first, 1, 1), date(last, 1, 1))

    assert 2 <= len(marks) <= 10
    assert marks[0].label == str(first)
    assert [mark.x for mark in marks] == sorted({mark.x for mark in marks})


def test_values_without_any_date_give_no_picture():
    assert draw([("Name", [span("ANGARA")])], today=TODAY) is None


def test_what_a_ship_says_of_itself_stands_below_what_others_recorded():
    """Breaks where both share a row because there is room in it."""
    said = Span(label="PA", period=period("2010-01-01", "2012-01-01"), title="PA", is_self_reported=True)
    alone = draw([("Flag", [said])], today=TODAY).lanes[0].bars[0]

    drawn = bars(said, span("RU", "2015-01-01", "2020-01-01"), span("CY", "2021-01-01", "2024-01-01"))

    assert drawn["RU"].y == drawn["CY"].y == alone.y
    assert drawn["PA"].y == alone.y + ROW_HEIGHT
