"""Columns of a lane with more entries than can be told apart: every entry is counted once, and where it lies."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from casefiles.core.axis import Scale
from casefiles.core.crowds import BINS, TALLEST, bins

FIRST = date(2024, 1, 1)


@given(
    offsets=st.lists(st.integers(-10, 900), min_size=1, max_size=200),
    length=st.integers(1, 800),
)
def test_every_entry_is_counted_once_within_the_days_of_its_column(offsets, length):
    last = FIRST + timedelta(days=length)
    days = [FIRST + timedelta(days=offset) for offset in offsets]

    columns = bins(days, Scale(FIRST, last, 100, 1000), y=0)

    assert sum(column.count for column in columns) == len(days)
    for column in columns:
        inside = [day for day in days if column.first <= min(max(day, FIRST), last) <= column.last]
        assert len(inside) == column.count
        assert 100 <= column.x <= 1000
        assert 0 < column.height <= TALLEST
    assert len(columns) <= BINS
