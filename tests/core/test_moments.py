"""Uncertain dates: what is understood, what is refused, and what is asked about."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casefiles.core.moments import Moment, NotUnderstood, Precision, parse_moment
from tests.core.dates import expressions

# typed, EDTF, earliest, latest ("" is open)
UNDERSTOOD = [
    ("2023", "2023", "2023-01-01", "2023-12-31"),
    ("August 2023", "2023-08", "2023-08-01", "2023-08-31"),
    ("since August 2023", "2023-08/..", "2023-08-01", ""),
    ("early August 2023", "2023-08-01/2023-08-10", "2023-08-01", "2023-08-10"),
    ("mid-August 2023", "2023-08-11/2023-08-20", "2023-08-11", "2023-08-20"),
    ("late February 2024", "2024-02-21/2024-02-29", "2024-02-21", "2024-02-29"),
    ("late February 2023", "2023-02-21/2023-02-28", "2023-02-21", "2023-02-28"),
    ("since February 2024", "2024-02/..", "2024-02-01", ""),
    ("between 7 and 10 March 2024", "[2024-03-07..2024-03-10]", "2024-03-07", "2024-03-10"),
    ("September 7-8 2023", "2023-09-07/2023-09-08", "2023-09-07", "2023-09-08"),
    ("circa 2023", "2023~", "2023-01-01", "2023-12-31"),
    ("2023-08~", "2023-08~", "2023-08-01", "2023-08-31"),
    ("2023-08-1X", "2023-08-1X", "2023-08-10", "2023-08-19"),
    ("2024-02-09", "2024-02-09", "2024-02-09", "2024-02-09"),
    ("2023-21", "2023-21", "2023-03-01", "2023-05-31"),
    # EDTF
    ("2024-02", "2024-02", "2024-02-01", "2024-02-29"),
    ("2024-02-XX", "2024-02-XX", "2024-02-01", "2024-02-29"),
    ("2024-02-xx", "2024-02-XX", "2024-02-01", "2024-02-29"),
    ("2023-XX", "2023-XX", "2023-01-01", "2023-12-31"),
    ("2023-XX-XX", "2023-XX-XX", "2023-01-01", "2023-12-31"),
    ("2023-08-0X", "2023-08-0X", "2023-08-01", "2023-08-09"),
    ("2023-08-3X", "2023-08-3X", "2023-08-30", "2023-08-31"),
    ("202X", "202X", "2020-01-01", "2029-12-31"),
    ("20XX", "20XX", "2000-01-01", "2099-12-31"),
    ("2024-02?", "2024-02?", "2024-02-01", "2024-02-29"),
    ("2024-02%", "2024-02%", "2024-02-01", "2024-02-29"),
    ("2023-22", "2023-22", "2023-06-01", "2023-08-31"),
    ("2023-23", "2023-23", "2023-09-01", "2023-11-30"),
    ("2023-24", "2023-24", "2023-12-01", "2024-02-29"),
    ("2023-12-28/2024-02-09", "2023-12-28/2024-02-09", "2023-12-28", "2024-02-09"),
    ("2023-12-28 / 2024-02-09", "2023-12-28/2024-02-09", "2023-12-28", "2024-02-09"),
    ("2023-08~/2024-02?", "2023-08~/2024-02?", "2023-08-01", "2024-02-29"),
    ("2024-02-09/..", "2024-02-09/..", "2024-02-09", ""),
    ("2024-02-09/", "2024-02-09/", "2024-02-09", ""),
    ("../2024-02", "../2024-02", "", "2024-02-29"),
    ("/2024-02", "/2024-02", "", "2024-02-29"),
    ("[2024-02-07..2024-02-12]", "[2024-02-07..2024-02-12]", "2024-02-07", "2024-02-12"),
    ("[2023-12-29..]", "[2023-12-29..]", "2023-12-29", ""),
    ("[..2024-05-02]", "[..2024-05-02]", "", "2024-05-02"),
    ("[2024-06-13, 2024-07-31]", "[2024-06-13,2024-07-31]", "2024-06-13", "2024-07-31"),
    ("[2024-07-31,2024-06-13]", "[2024-06-13,2024-07-31]", "2024-06-13", "2024-07-31"),
    # One date in words
    ("25 April 2024", "2024-04-25", "2024-04-25", "2024-04-25"),
    ("25th of April 2024", "2024-04-25", "2024-04-25", "2024-04-25"),
    ("April 25, 2024", "2024-04-25", "2024-04-25", "2024-04-25"),
    ("on 25 Apr. 2024", "2024-04-25", "2024-04-25", "2024-04-25"),
    ("25-Apr-2024", "2024-04-25", "2024-04-25", "2024-04-25"),
    ("Thursday 25 April 2024", "2024-04-25", "2024-04-25", "2024-04-25"),
    ("1 Sept 2023", "2023-09-01", "2023-09-01", "2023-09-01"),
    ("25/12/2023", "2023-12-25", "2023-12-25", "2023-12-25"),
    ("12/25/2023", "2023-12-25", "2023-12-25", "2023-12-25"),
    ("23.2.2024", "2024-02-23", "2024-02-23", "2024-02-23"),
    ("08/08/2023", "2023-08-08", "2023-08-08", "2023-08-08"),
    ("2023/08/12", "2023-08-12", "2023-08-12", "2023-08-12"),
    ("08/2023", "2023-08", "2023-08-01", "2023-08-31"),
    ("２０２４-02-09", "2024-02-09", "2024-02-09", "2024-02-09"),
    ("  August \t 2023\n", "2023-08", "2023-08-01", "2023-08-31"),
    ("early 2023", "2023-01/2023-04", "2023-01-01", "2023-04-30"),
    ("mid 2023", "2023-05/2023-08", "2023-05-01", "2023-08-31"),
    ("late 2023", "2023-09/2023-12", "2023-09-01", "2023-12-31"),
    ("spring 2023", "2023-21", "2023-03-01", "2023-05-31"),
    ("autumn of 2023", "2023-23", "2023-09-01", "2023-11-30"),
    ("fall 2023", "2023-23", "2023-09-01", "2023-11-30"),
    ("winter 2023-24", "2023-24", "2023-12-01", "2024-02-29"),
    ("winter 2023/2024", "2023-24", "2023-12-01", "2024-02-29"),
    ("winter 2023-2024", "2023-24", "2023-12-01", "2024-02-29"),
    ("the 1990s", "199X", "1990-01-01", "1999-12-31"),
    ("a day in February 2024", "2024-02-XX", "2024-02-01", "2024-02-29"),
    # How sure
    ("about August 2023", "2023-08~", "2023-08-01", "2023-08-31"),
    ("around 25 April 2024", "2024-04-25~", "2024-04-25", "2024-04-25"),
    ("ca. 2023", "2023~", "2023-01-01", "2023-12-31"),
    ("probably August 2023", "2023-08?", "2023-08-01", "2023-08-31"),
    ("August 2023?", "2023-08?", "2023-08-01", "2023-08-31"),
    ("probably about 2023", "2023%", "2023-01-01", "2023-12-31"),
    ("about early August 2023", "2023-08-01~/2023-08-10~", "2023-08-01", "2023-08-10"),
    ("probably 13 June or 31 July 2024", "[2024-06-13?,2024-07-31?]", "2024-06-13", "2024-07-31"),
    # Two dates: between is once within, from … to holds throughout
    ("between 7 and 12 Feb 2024", "[2024-02-07..2024-02-12]", "2024-02-07", "2024-02-12"),
    ("between 7 September and 1 October 2023", "[2023-09-07..2023-10-01]", "2023-09-07", "2023-10-01"),
    ("between 28 Dec 2023 and 9 Feb 2024", "[2023-12-28..2024-02-09]", "2023-12-28", "2024-02-09"),
    ("between 2023-12-28 and 2024-02-09", "[2023-12-28..2024-02-09]", "2023-12-28", "2024-02-09"),
    ("between early August and mid-October 2023", "[2023-08-01..2023-10-20]", "2023-08-01", "2023-10-20"),
    ("between 12/08/2023 and 25/08/2023", "[2023-08-12..2023-08-25]", "2023-08-12", "2023-08-25"),
    ("from 7 to 12 February 2024", "2024-02-07/2024-02-12", "2024-02-07", "2024-02-12"),
    ("from August 2023 until February 2024", "2023-08/2024-02", "2023-08-01", "2024-02-29"),
    ("7-8 September 2023", "2023-09-07/2023-09-08", "2023-09-07", "2023-09-08"),
    ("7 – 8 September 2023", "2023-09-07/2023-09-08", "2023-09-07", "2023-09-08"),
    ("7 to 8 September 2023", "2023-09-07/2023-09-08", "2023-09-07", "2023-09-08"),
    ("September 7 to October 1, 2023", "2023-09-07/2023-10-01", "2023-09-07", "2023-10-01"),
    ("August to October 2023", "2023-08/2023-10", "2023-08-01", "2023-10-31"),
    ("2022-2024", "2022/2024", "2022-01-01", "2024-12-31"),
    ("13 June or 31 July 2024", "[2024-06-13,2024-07-31]", "2024-06-13", "2024-07-31"),
    ("either 7 or 8 September 2023", "[2023-09-07,2023-09-08]", "2023-09-07", "2023-09-08"),
    ("2023-12-28 or 2024-02-09", "[2023-12-28,2024-02-09]", "2023-12-28", "2024-02-09"),
    # One side open
    ("from 7 February 2024 onwards", "2024-02-07/..", "2024-02-07", ""),
    ("from 2022 to the present", "2022/..", "2022-01-01", ""),
    ("August 2023 to now", "2023-08/..", "2023-08-01", ""),
    ("until May 2024", "../2024-05", "", "2024-05-31"),
    ("by 3 May 2024", "[..2024-05-03]", "", "2024-05-03"),
    ("after 28 Dec 2023", "[2023-12-29..]", "2023-12-29", ""),
    ("after August 2023", "[2023-09-01..]", "2023-09-01", ""),
    ("before 3 May 2024", "[..2024-05-02]", "", "2024-05-02"),
    ("before 2024", "[..2023-12-31]", "", "2023-12-31"),
    ("on or after 3 May 2024", "[2024-05-03..]", "2024-05-03", ""),
    ("on or before 3 May 2024", "[..2024-05-03]", "", "2024-05-03"),
    ("no later than May 2024", "[..2024-05]", "", "2024-05-31"),
    ("on or after early August 2023", "[2023-08-01..]", "2023-08-01", ""),
    ("by early August 2023", "[..2023-08-10]", "", "2023-08-10"),
    ("since ~2023", "2023~/..", "2023-01-01", ""),
    ("3 May 2024 or later", "[2024-05-03..]", "2024-05-03", ""),
    ("since about August 2023", "2023-08~/..", "2023-08-01", ""),
]

INSTANTS = [
    ("2023-08-12T06:30:15+09:00", "2023-08-11T21:30:15Z"),
    ("2023-08-12T06:30:15.25+0900", "2023-08-11T21:30:15Z"),
    ("2023-08-12T06:30Z", "2023-08-12T06:30:00Z"),
    ("2023-08-12 06:30 UTC", "2023-08-12T06:30:00Z"),
    ("25 Apr 2024 09:45 CET", "2024-04-25T08:45:00Z"),
    ("25 April 2024 at 09:45 (UTC)", "2024-04-25T09:45:00Z"),
    ("25 Apr 2024 09:45 CEST", "2024-04-25T07:45:00Z"),
    ("Apr. 25, 2024 9:45 pm GMT", "2024-04-25T21:45:00Z"),
    ("25 Apr 2024 12:05 AM KST", "2024-04-24T15:05:00Z"),
    ("25 Apr 2024 09:45 MSK", "2024-04-25T06:45:00Z"),
    ("25 Apr 2024 09:45 -05:30", "2024-04-25T15:15:00Z"),
    ("25 Apr 2024 09:45 UTC+9", "2024-04-25T00:45:00Z"),
    ("Thu, 25 Apr 2024 09:45:00 GMT", "2024-04-25T09:45:00Z"),
    ("2024-04-25T00:00:00+14:00", "2024-04-24T10:00:00Z"),
]

# typed, words that the reason must hold
REFUSED = [
    ("2024-02-30", "February 2024 has 29 days"),
    ("31 April 2024", "April 2024 has 30 days"),
    ("29 Feb 1900", "February 1900 has 28 days"),
    ("31/02/2024", "February 2024 has 29 days"),
    ("2024-02-00", "no day 0"),
    ("2023-02-3X", "February 2023 has 28 days"),
    ("2023-13", "13 is not a month"),
    ("2023-00", "00 is not a month"),
    ("2023-25", "25 is not a month"),
    ("2023-21-05", "spring"),
    ("202X-05", "leave out the month"),
    ("2023-XX-05", "leave out the day"),
    ("0999", "1000 to 9999"),
    ("0000", "1000 to 9999"),
    ("9999-24", "1000 to 9999"),
    ("10000", "four digits"),
    ("99999", "four digits"),
    ("45123", "four digits"),
    ("20240425", "four digits"),
    ("2024-1-5", "two"),
    ("31 April", "Add the year"),
    ("7 2024", "Say which month"),
    ("12/08/23", "four digits"),
    ("2023/08", "four digits"),
    ("2024-02-09/2024-02-07", "later than the second"),
    ("[2024-02-09..2024-02-07]", "later than the second"),
    ("between 12 and 7 February 2024", "later than the second"),
    ("28 December 2023 to 9 February", "Add the year"),
    ("December 28 to February 9, 2024", "later than the second"),
    ("../..", "at least one"),
    ("[..]", "at least one"),
    ("[]", "four digits"),
    ("a/b/c", "not understood"),
    ("2022/2023/2024", "one slash"),
    ("1990s of May", "more than one date"),
    ("about, ~2023/2024/2025", "not understood"),
    ("a day in since 2023", "not understood"),
    ("2024-02-09T24:00Z", "24:00"),
    ("2024-02-09T23:59:60Z", "leap second"),
    ("2024-02-09T25:00Z", "is not a time"),
    ("2024-02-09T10:00+15:00", "is not a zone"),
    ("2024-02-09T10:00+09:75", "is not a zone"),
    ("1000-01-01T00:00+09:00", "1000 to 9999"),
    ("9999-12-31T23:59-05:00", "1000 to 9999"),
    ("25 Apr 2024 9:45 EST", "more than one time zone"),
    ("25 Apr 2024 9:45 CST", "more than one time zone"),
    ("25 Apr 2024 9:45 IST", "more than one time zone"),
    ("25 Apr 2024 13:45 pm", "not understood"),
    ("April 2024 09:45", "whole date"),
    ("25 April 2024 UTC", "needs a time"),
    ("2024-02-09T10:00/2024-02-09T11:00Z", "give both a zone"),
    ("about 25 April 2024 09:45 UTC", "time of day"),
    ("after 25 April 2024 09:45 UTC", "on or after"),
    ("Friday 25 April 2024", "is a Thursday"),
    ("Friday April 2024", "day of the week"),
    ("winter 2023-25", "follow each other"),
    ("winter of 2023", "two years"),
    ("spring May 2023", "not both"),
    ("early 7 August 2023", "goes with a month or a year"),
    ("from early August to October 2023", "single date"),
    ("between 7 February 2024", "between"),
    ("before since 2023", "needs a single date"),
    ("after since 2023", "needs a single date"),
    ("after 31 December 9999", "1000 to 9999"),
    ("before 1000", "1000 to 9999"),
    ("25 April 2024 2023", "one piece too many"),
    ("1990s 2024", "more than one date"),
    ("today", "depends on the day"),
    ("week of 3 May 2024", "not understood"),
    ("a year from 2003 to 2050", "between"),
    ("1e400", "not understood"),
    ("hello", "not understood"),
    ("٢٠٢٤", "not understood"),
    ("or", "missing"),
    ("from", "missing"),
    (",", "missing"),
    ("", "Write it as"),
    ("   ", "Write it as"),
    ("2024\x00", "invisible character (U+0000)"),
    ("2024\u202e-02", "invisible character (U+202E)"),
    ("2024\u200b", "invisible character (U+200B)"),
    ("2024\ud800", "invisible character (U+D800)"),
    ("2" * 201, "200 characters"),
    ("\ufdfa" * 100, "200 characters"),
    (" or ".join(f"2024-02-{day:02}" for day in range(1, 9)), "too many dates"),
    ("probably " + " or ".join(f"2024-02-{day:02}" for day in range(1, 8)), "too many dates"),
]

AMBIGUOUS = [
    ("12/08/2023", ["2023-08-12", "2023-12-08"]),
    ("02/03/2024", ["2024-03-02", "2024-02-03"]),
    ("2.3.2024", ["2024-03-02", "2024-02-03"]),
    ("since 12/08/2023", ["2023-08-12/..", "2023-12-08/.."]),
    ("12/08/2023 or 25/08/2023", ["[2023-08-12,2023-08-25]", "[2023-08-25,2023-12-08]"]),
    ("winter 2023", ["2022-24", "2023-24"]),
    ("about winter 2023", ["2022-24~", "2023-24~"]),
    ("since winter 2023", ["2022-24/..", "2023-24/.."]),
]

DESCRIBED = [
    ("2024-02-01/2024-02-10", "1 to 10 February 2024", "2024-02-01 to 10"),
    ("[2024-02-07..2024-02-12]", "between 7 and 12 February 2024", "2024-02-07 .. 12"),
    ("2024-02-07/2024-02-12", "7 to 12 February 2024", "2024-02-07 to 12"),
    ("[2023-12-29..]", "after 28 December 2023", "after 2023-12-28"),
    ("[..2024-05-02]", "before 3 May 2024", "before 2024-05-03"),
    ("[2024-02..]", "February 2024 or later", "2024-02 or later"),
    ("[..2024-02?]", "probably February 2024 or earlier", "2024-02? or earlier"),
    ("[1000-01-01..]", "1 January 1000 or later", "1000-01-01 or later"),
    ("[..9999-12-31]", "31 December 9999 or earlier", "9999-12-31 or earlier"),
    ("2023-08~", "about August 2023", "2023-08~"),
    ("2023-08?", "probably August 2023", "2023-08?"),
    ("2023-08%", "probably about August 2023", "2023-08%"),
    ("2024-04-25T07:45:00Z", "25 April 2024, 07:45 UTC", "2024-04-25 07:45Z"),
    ("2023-08-11T21:30:15Z", "11 August 2023, 21:30:15 UTC", "2023-08-11 21:30:15Z"),
    ("2024-04-25T09:45:00", "25 April 2024, 09:45, zone not given", "2024-04-25 09:45"),
    ("2023-08/..", "since August 2023", "since 2023-08"),
    ("2023-08/", "from August 2023, end unknown", "2023-08 to ?"),
    ("../2024-02", "until February 2024", "until 2024-02"),
    ("/2024-02", "until February 2024, start unknown", "? to 2024-02"),
    ("2023-09-07/2023-10-01", "7 September to 1 October 2023", "2023-09-07 to 10-01"),
    ("2023-12-28/2024-02-09", "28 December 2023 to 9 February 2024", "2023-12-28 to 2024-02-09"),
    ("2023-08/2023-10", "August to October 2023", "2023-08 to 2023-10"),
    ("2022/2024", "2022 to 2024", "2022 to 2024"),
    ("2023-08~/2024-02?", "August 2023 (approximate) to February 2024 (uncertain)", "2023-08~ to 2024-02?"),
    ("[2024-06-13,2024-07-31]", "13 June or 31 July 2024", "2024-06-13 or 2024-07-31"),
    (
        "2024-02-09T10:00:00Z/2024-02-09T10:00:00Z",
        "9 February 2024, 10:00 UTC to 9 February 2024, 10:00 UTC",
        "2024-02-09 10:00Z to 2024-02-09 10:00Z",
    ),
    ("2023-09-07?/2023-10-01~", "7 September (uncertain) to 1 October 2023 (approximate)", None),
    ("[2024-06-13,2024-06-20,2025-01-01]", "13 June 2024 or 20 June 2024 or 1 January 2025", None),
    ("2023-21", "spring 2023", "spring 2023"),
    ("2023-24", "winter 2023-24", "winter 2023-24"),
    ("2024-02-XX", "a day in February 2024", "2024-02-XX"),
    ("2024-XX-XX", "a day in 2024", "2024-XX-XX"),
    ("2024-XX", "a month in 2024", "2024-XX"),
    ("2023-08-1X", "a day in 1X August 2023", "2023-08-1X"),
    ("202X", "a year in the 2020s", "202X"),
    ("19XX", "a year from 1900 to 1999", "19XX"),
]

PRECISIONS = [
    ("2024-04-25T07:45Z", Precision.INSTANT),
    ("2024-04-25T07:45", Precision.LOCAL_TIME),
    ("2024-04-25", Precision.DAY),
    ("2024-04-1X", Precision.TEN_DAYS),
    ("2024-04", Precision.MONTH),
    ("2024-21", Precision.SEASON),
    ("2024", Precision.YEAR),
    ("202X", Precision.DECADE),
    ("20XX", Precision.CENTURY),
    ("2023/2024", Precision.INTERVAL),
    ("[2023..2024]", Precision.SET),
    ("[2023,2024]", Precision.SET),
]


def day_or_open(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text and text != "open" else None


@pytest.mark.parametrize(("typed", "edtf", "earliest", "latest"), UNDERSTOOD)
def test_wording_gives_its_edtf_and_its_bounds(typed, edtf, earliest, latest):
    moment = parse_moment(typed)

    assert (moment.edtf, moment.earliest, moment.latest) == (edtf, day_or_open(earliest), day_or_open(latest))
    assert moment.instant is None
    assert moment.wording == " ".join(typed.split())


@pytest.mark.parametrize(("typed", "edtf"), INSTANTS)
def test_a_time_with_a_zone_becomes_an_instant_in_utc(typed, edtf):
    moment = parse_moment(typed)

    assert moment.edtf == edtf
    assert moment.instant == datetime.fromisoformat(edtf)
    assert moment.instant.tzinfo is UTC
    assert moment.earliest == moment.latest == moment.instant.date()


@pytest.mark.parametrize("typed", ["2024-04-25T09:45", "25 April 2024 09:45", "2024-04-25 9:45 am"])
def test_a_time_without_a_zone_stays_without_one(typed):
    moment = parse_moment(typed)

    assert (moment.edtf, moment.instant, moment.precision) == ("2024-04-25T09:45:00", None, Precision.LOCAL_TIME)


@pytest.mark.parametrize(("typed", "words"), REFUSED)
def test_what_is_no_date_is_refused_with_a_reason(typed, words):
    with pytest.raises(NotUnderstood) as refusal:
        parse_moment(typed)

    assert words in refusal.value.reason
    assert refusal.value.readings == []
    assert refusal.value.text == typed[:200]


@pytest.mark.parametrize(("typed", "readings"), AMBIGUOUS)
def test_what_has_two_readings_is_asked_about(typed, readings):
    with pytest.raises(NotUnderstood) as refusal:
        parse_moment(typed)

    assert [moment.edtf for moment in refusal.value.readings] == readings
    assert {moment.wording for moment in refusal.value.readings} == {typed}


def test_the_shared_vectors_hold(shared_data: Path):
    vectors = (shared_data / "rules" / "partial_date_vectors.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(vectors.splitlines()):
        typed, edtf = row["text_in_source"], row["edtf_to_store"]
        if edtf == "AMBIGUOUS" or edtf == "INVALID" or edtf == "2023-13?":
            with pytest.raises(NotUnderstood) as refusal:
                parse_moment(typed)
            assert len(refusal.value.readings) == (2 if edtf == "AMBIGUOUS" else 0)
        else:
            moment = parse_moment(typed)
            bounds = (day_or_open(row["earliest"]), day_or_open(row["latest"]))
            assert (moment.edtf, moment.earliest, moment.latest) == (edtf, *bounds)


@pytest.mark.parametrize(("edtf", "plain", "short"), DESCRIBED)
def test_a_moment_says_in_plain_english_what_it_means(edtf, plain, short):
    moment = Moment.from_edtf(edtf)

    assert moment.describe() == str(moment) == plain
    assert short is None or moment.short() == short
    assert parse_moment(plain).edtf == edtf


@pytest.mark.parametrize(("edtf", "precision"), PRECISIONS)
def test_a_moment_knows_how_fine_it_is(edtf, precision):
    assert Moment.from_edtf(edtf).precision is precision


@pytest.mark.parametrize(
    ("edtf", "uncertain", "approximate"),
    [("2023", False, False), ("2023?", True, False), ("2023~", False, True), ("2023%", True, True)],
)
def test_the_qualifiers_are_told_apart(edtf, uncertain, approximate):
    moment = Moment.from_edtf(edtf)

    assert (moment.is_uncertain, moment.is_approximate) == (uncertain, approximate)
    assert moment.is_uncertain_and_approximate == (uncertain and approximate)


def test_today_and_yesterday_need_to_know_which_day_it_is():
    today = date(2024, 3, 1)

    assert parse_moment("today", today=today).edtf == "2024-03-01"
    assert parse_moment("Yesterday", today=today).edtf == "2024-02-29"


def test_a_month_is_never_its_first_day():
    assert parse_moment("2024-02") != Moment.on(date(2024, 2, 1))
    assert parse_moment("2024-02").latest == date(2024, 2, 29)


def test_stored_edtf_that_is_too_long_is_refused():
    with pytest.raises(NotUnderstood):
        Moment.from_edtf("2" * 201)


@given(expressions())
def test_a_description_is_read_back_as_the_same_edtf(edtf):
    moment = Moment.from_edtf(edtf)

    assert Moment.from_edtf(moment.edtf) == moment
    assert parse_moment(moment.edtf).edtf == moment.edtf
    assert parse_moment(moment.describe()).edtf == moment.edtf
    assert moment.short()


WORDS = st.sampled_from(
    "2024 7 12 0 31 99 february feb. 2024-02-09 2024-02 12/08/2023 between and or to from since until after before on "
    "in by early mid late - -- , ? ~ % [ ] / .. x 09:45 utc est am pm winter 2023-24 1990s a day of the about "
    "probably today week monday +09:00 ( ) (uncertain) end unknown start later no than not either".split()
)


@given(st.one_of(st.text(max_size=220), st.lists(WORDS, max_size=12).map(" ".join), st.lists(WORDS).map("".join)))
@example("-")
@example("~")
@example("a day in 1x")
def test_any_text_is_understood_or_refused_with_a_reason(text):
    try:
        moment = parse_moment(text)
    except NotUnderstood as refusal:
        assert refusal.reason.endswith((".", "!", "?"))
        assert len(refusal.readings) != 1
    else:
        assert Moment.from_edtf(moment.edtf, moment.wording) == moment
        assert len(moment.edtf) <= 80
        assert moment.earliest is None or moment.latest is None or moment.earliest <= moment.latest
