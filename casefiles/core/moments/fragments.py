"""The pieces of one date in words: day, month, year, season, time, zone, and how sure it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from casefiles.core.moments.edtf import MONTHS, SEASONS

MONTH_NUMBERS = {
    name: number
    for number, month in enumerate(MONTHS, start=1)
    for name in (month.casefold(), month[:3].casefold(), month[:3].casefold() + ".")
} | {"sept": 9, "sept.": 9}
SEASON_NUMBERS = {name: number for number, name in SEASONS.items()} | {"fall": 23}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAY_NUMBERS = {
    name: number
    for number, weekday in enumerate(WEEKDAYS)
    for name in (weekday.casefold(), weekday[:3].casefold(), weekday[:3].casefold() + ".")
}
MARK_WORDS = {
    **dict.fromkeys(("about", "around", "circa", "approximately", "roughly", "c.", "ca", "ca.", "~"), "~"),
    **dict.fromkeys(("probably", "possibly", "perhaps", "maybe"), "?"),
    "(uncertain)": "?",
    "(approximate)": "~",
}
# Only abbreviations that name one offset; the others are asked about.
ZONES = {
    "utc": "Z",
    "gmt": "Z",
    "z": "Z",
    "cet": "+01:00",
    "cest": "+02:00",
    "eet": "+02:00",
    "eest": "+03:00",
    "msk": "+03:00",
    "kst": "+09:00",
    "jst": "+09:00",
}
SHARED_ZONES = frozenset("est edt cst cdt mst mdt pst pdt ist bst ast adt wst sst gst amt brt bt ect lt".split())
PARTS = frozenset({"early", "mid", "late"})
FILLER = frozenset({"the", "of", "in", "on", "at"})
RANGE_WORDS = frozenset({"to", "-", "through", "until", "till"})
_EDTF_CHARACTERS = frozenset("0123456789xtz:+-./?~%")
_DIGITS = frozenset("0123456789")

_YEAR_FIRST = re.compile(r"([0-9]{4})([/.])([0-9]{1,2})\2([0-9]{1,2})")
_MONTH_YEAR = re.compile(r"(0[1-9]|1[0-2])[/.]([0-9]{4})")
_ISO_START = re.compile(r"(?:[0-9]{4}|[0-9]{3}x|[0-9]{2}xx)(?:-[0-9x]{2}(?:-[0-9x]{2})?)?[?~%]?")
_ISO_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})t(.+)")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?(z|[+-][0-9:]{2,6})?")
_HOUR = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?(am|pm)")
_OFFSET = re.compile(r"(?:utc|gmt)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?")
_DAY = re.compile(r"([0-9]{1,2})(st|nd|rd|th)?")
YEAR = re.compile(r"[0-9]{4}")
_WINTER = re.compile(r"([0-9]{4})[-/]([0-9]{4}|[0-9]{2})")
_DECADE = re.compile(r"([0-9]{3})0s")
_YEAR_RANGE = re.compile(r"[0-9]{4}-[0-9]{4}")


@dataclass(frozen=True)
class Fragment:
    """The pieces of one date; what is missing may come from its neighbour ("7 and 12 February 2024")."""

    year: str = ""
    month: int = 0
    day: int = 0
    season: int = 0
    winter_end: str = ""
    part: str = ""
    mark: str = ""
    clock: str = ""
    zone: str = ""
    weekday: int = -1
    ready: str = ""


def lent(fragment: Fragment, following: Fragment) -> Fragment:
    """Complete a fragment with the year, and where it needs one the month, of the date after it."""
    if fragment.ready or fragment.year:
        return fragment
    year = following.year or following.ready[:4]
    if fragment.season or fragment.month:
        return replace(fragment, year=year)
    return replace(fragment, year=year, month=following.month) if fragment.day else fragment


def looks_like_edtf(plain: str) -> bool:
    """Say whether a text without spaces is meant as EDTF, so that a refusal speaks of EDTF."""
    if plain[0] == "[" or plain.startswith("../"):
        return True
    characters = set(plain)
    return bool(characters & _DIGITS) and characters <= _EDTF_CHARACTERS and _starts_as_year(plain)


def _starts_as_year(plain: str) -> bool:
    head = plain[:4]
    if _YEAR_RANGE.fullmatch(plain) or _YEAR_FIRST.fullmatch(plain):
        return False
    return plain[0] == "/" or (len(head) == 4 and set(head) <= set("0123456789x"))


def tokenise(plain: str) -> list[str]:
    """Part a text into words, with the hyphen of a range as a word of its own."""
    tokens: list[str] = []
    for word in plain.replace(",", " ").replace("zone not given", " ").split():
        is_winter = tokens[-1:] == ["winter"] and _WINTER.fullmatch(word)
        tokens.extend([word] if is_winter else _pieces(word))
    return tokens


def _pieces(word: str) -> list[str]:
    """Part "7-8", "mid-august" and "25-apr-2024", and leave ISO dates, offsets and times whole."""
    if word in MARK_WORDS or "-" not in word or word[0] in "+-" or ":" in word or _ISO_START.fullmatch(word):
        return _unfused(word)
    parts = [part for part in word.split("-") if part]
    if parts and parts[0] in PARTS or len(parts) == 3:
        return parts
    return [piece for part in parts for piece in (part, "-")][:-1]


def _unfused(word: str) -> list[str]:
    if word.startswith("~") and len(word) > 1:
        return ["~", word[1:]]
    timed = _ISO_TIME.fullmatch(word)
    return [timed[1], timed[2]] if timed else [word]


def join_clock(words: list[str]) -> list[str]:
    """Join "9:45 am" into one word."""
    joined: list[str] = []
    for word in words:
        if word in {"am", "pm", "a.m.", "p.m."} and joined and joined[-1][0].isdigit():
            joined[-1] += word.replace(".", "")
        else:
            joined.append(word)
    return joined


Pieces = dict[str, str | int]


def pieces_of(word: str, *, is_winter: bool) -> Pieces | None:
    """Return what one word says of a date, None where it says nothing known.

    Beside "winter" (`is_winter`), 2023-24 is two years; alone it would be EDTF for that winter.
    """
    pieces = _winter_pieces(word) if is_winter else None
    return pieces or _name_pieces(word) or _number_pieces(word) or _time_pieces(word)


def _name_pieces(word: str) -> Pieces | None:
    for names, piece in ((MONTH_NUMBERS, "month"), (SEASON_NUMBERS, "season"), (WEEKDAY_NUMBERS, "weekday")):
        if word in names:
            return {piece: names[word]}
    if word in MARK_WORDS:
        return {"mark": MARK_WORDS[word]}
    if word.strip("()") in ZONES:
        return {"zone": ZONES[word.strip("()")]}
    return {"part": word} if word in PARTS else None


def _number_pieces(word: str) -> Pieces | None:
    year_first = _YEAR_FIRST.fullmatch(word)
    if year_first:
        return _whole_date(year_first[1], year_first[3], year_first[4])
    if YEAR.fullmatch(word):
        return {"year": word}
    day = _DAY.fullmatch(word)
    if day:
        return {"day": int(day[1])} if int(day[1]) else None
    return _dated_pieces(word)


def _dated_pieces(word: str) -> Pieces | None:
    month_year = _MONTH_YEAR.fullmatch(word)
    if month_year:
        return {"year": month_year[2], "month": int(month_year[1])}
    decade = _DECADE.fullmatch(word)
    if decade:
        return {"ready": f"{decade[1]}X"}
    if len(word) == 10 and _ISO_START.fullmatch(word) and "x" not in word:
        return _whole_date(word[:4], word[5:7], word[8:])
    return {"ready": word.upper()} if _ISO_START.fullmatch(word) else None


def _whole_date(year: str, month: str, day: str) -> Pieces | None:
    # Zero stands for a missing piece, so month 00 and day 00 are no dates.
    return {"year": year, "month": int(month), "day": int(day)} if int(month) and int(day) else None


def _winter_pieces(word: str) -> Pieces | None:
    winter = _WINTER.fullmatch(word)
    return {"year": winter[1], "winter_end": winter[2]} if winter else None


def _time_pieces(word: str) -> Pieces | None:
    clock = _CLOCK.fullmatch(word)
    if clock:
        pieces: Pieces = {"clock": f"{int(clock[1]):02}:{clock[2]}:{clock[3] or '00'}"}
        return pieces | {"zone": clock[4].upper()} if clock[4] else pieces
    hour = _HOUR.fullmatch(word)
    if hour and 1 <= int(hour[1]) <= 12:
        return {"clock": f"{int(hour[1]) % 12 + (12 if hour[3] == 'pm' else 0):02}:{hour[2] or '00'}:00"}
    offset = _OFFSET.fullmatch(word)
    return {"zone": f"{offset[1]}{int(offset[2]):02}:{offset[3] or '00'}"} if offset else None
