"""Strategies that make valid EDTF."""

from datetime import date, datetime

from hypothesis import strategies as st

from casefiles.core.moments import NotUnderstood
from casefiles.core.moments.edtf import read_edtf

FIRST, LAST = date(1000, 1, 2), date(9998, 12, 30)
MARKS = st.sampled_from(["", "", "", "?", "~", "%"])


def days(first: date = FIRST, last: date = LAST) -> st.SearchStrategy[str]:
    return st.dates(first, last).map(date.isoformat)


def dates(first: date = FIRST, last: date = LAST) -> st.SearchStrategy[str]:
    """Days, months, seasons and years, with qualifiers."""
    day = days(first, last)
    month, year = day.map(lambda text: text[:7]), day.map(lambda text: text[:4])
    season = st.tuples(year, st.sampled_from(["21", "22", "23", "24"])).map("-".join)
    return st.tuples(st.one_of(day, day, month, year, season), MARKS).map("".join)


def times(first: date = FIRST, last: date = LAST) -> st.SearchStrategy[str]:
    naive = st.datetimes(datetime(first.year, 1, 1), datetime(last.year, 12, 30))
    return st.tuples(naive.map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}"), st.sampled_from(["", "Z"])).map("".join)


def masked(first: date = FIRST, last: date = LAST) -> st.SearchStrategy[str]:
    day = days(first, last)
    return st.one_of(
        day.map(lambda text: text[:8] + "XX"),
        day.map(lambda text: text[:9] + "X"),
        day.map(lambda text: text[:4] + "-XX"),
        day.map(lambda text: text[:4] + "-XX-XX"),
        day.map(lambda text: text[:3] + "X"),
        day.map(lambda text: text[:2] + "XX"),
    )


def _is_valid(edtf: str) -> bool:
    try:
        read_edtf(edtf)
    except NotUnderstood:
        return False
    return True


def expressions(first: date = FIRST, last: date = LAST) -> st.SearchStrategy[str]:
    """Every shape of EDTF that is kept: single dates, intervals, ranges and choices."""
    date_or_time = st.one_of(dates(first, last), dates(first, last), times(first, last))
    pairs = st.tuples(date_or_time, date_or_time)
    return st.one_of(
        date_or_time,
        masked(first, last),
        date_or_time.map(lambda text: f"{text}/.."),
        date_or_time.map(lambda text: f"{text}/"),
        date_or_time.map(lambda text: f"../{text}"),
        date_or_time.map(lambda text: f"/{text}"),
        date_or_time.map(lambda text: f"[{text}..]"),
        date_or_time.map(lambda text: f"[..{text}]"),
        pairs.map("/".join),
        pairs.map(lambda pair: f"[{'..'.join(pair)}]"),
        st.lists(date_or_time, min_size=2, max_size=3).map(lambda parts: f"[{','.join(parts)}]"),
    ).filter(_is_valid)
