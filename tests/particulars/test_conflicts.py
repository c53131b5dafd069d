"""Two values disagree where they differ and their periods may share a day."""

from decimal import Decimal

import pytest

from casefiles.core.moments import Certainty
from casefiles.particulars.conflicts import Claimed, conflicts
from tests.make import period


def claim(value, start="", end="", lane="flag", **values):
    return Claimed(lane=lane, value=value, period=period(start, end), ref=value, **values)


def pairs(*claims):
    return [(found.first[0], found.second[0], found.certainty) for found in conflicts(claims)]


def test_all_records_of_two_values_are_one_disagreement_of_those_that_meet():
    claims = [
        Claimed("flag", "RU", period("2015", "2025"), "register"),
        Claimed("flag", "RU", period("2015", "2016"), "list"),
        Claimed("flag", "PW", period("2024-07-04", "2024-07-24"), "radio"),
        Claimed("flag", "PW", period("2024-07", ""), "article"),
    ]

    assert [(found.first, found.second, found.certainty) for found in conflicts(claims)] == [
        (("register",), ("radio", "article"), Certainty.CERTAIN)
    ]


def test_different_values_at_the_same_time_certainly_disagree():
    assert pairs(claim("RU", "2015", "2025"), claim("PW", "2024-07-04", "2024-07-24")) == [
        ("RU", "PW", Certainty.CERTAIN)
    ]


def test_the_same_value_twice_agrees():
    assert pairs(claim("RU", "2015", "2025"), claim("RU", "2016", "2017")) == []


def test_one_after_the_other_is_no_disagreement():
    assert pairs(claim("PA", "2012-01-01", "2013-05-15"), claim("CY", "2013-05-16", "2024-07-04")) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("2015", "2020"), ("2020", "2024")),
        (("2015", ""), ("2020", "2024")),
        (("", ""), ("2020", "2024")),
        (("early 2020", "ongoing"), ("2019", "2020")),
    ],
)
def test_dates_that_leave_it_open_disagree_possibly(first, second):
    assert pairs(claim("A", *first), claim("B", *second)) == [("A", "B", Certainty.POSSIBLE)]


def test_a_change_on_one_day_is_no_disagreement():
    assert pairs(claim("PA", "2012-01-01", "2013-05-15"), claim("CY", "2013-05-15", "2024-07-04")) == []


def test_different_properties_never_disagree():
    assert pairs(claim("RU", "2015", "2025"), claim("UCRZ", "2015", "2025", lane="call sign")) == []


def test_certain_disagreements_come_first():
    found = pairs(claim("A", "2015", ""), claim("B", "2019", "2020"), claim("C", "2015", "2015"))

    assert [certainty for *_names, certainty in found] == sorted(
        (certainty for *_names, certainty in found), key=lambda certainty: certainty is not Certainty.CERTAIN
    )


@pytest.mark.parametrize(("error", "disagree"), [("0", True), ("1", False)])
def test_measures_within_their_errors_agree(error, disagree):
    claims = [
        claim("117", lane="length", number=Decimal("117"), error=Decimal(error)),
        claim("118", lane="length", number=Decimal("118")),
    ]

    assert bool(pairs(*claims)) is disagree
