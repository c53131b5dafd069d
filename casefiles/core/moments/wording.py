"""Read a date as people write it, in EDTF, ISO 8601 or English; ask instead of guessing.

The words are taken left to right by a short list of rules (`_RULES`); each either knows its phrase or passes. What no
rule knows is refused with a sentence that says what to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from casefiles.core.moments.edtf import (
    LONGEST,
    MONTHS,
    SEASONS,
    Atom,
    Edge,
    Expression,
    Shape,
    choosing,
    join_marks,
    qualify,
    read_edtf,
    spanning,
)
from casefiles.core.moments.moment import Moment
from casefiles.core.moments.refusal import NotUnderstood

ADVICE = (
    "Write it as 2024-02-09, 9 February 2024, February 2024, since August 2023, "
    "between 7 and 12 February 2024, or about 2023."
)
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
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")

_NUMERIC = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})([/.])([0-9]{1,2})\2([0-9]{1,2})")
_MONTH_YEAR = re.compile(r"(0[1-9]|1[0-2])[/.]([0-9]{4})")
_ISO_START = re.compile(r"(?:[0-9]{4}|[0-9]{3}x|[0-9]{2}xx)(?:-[0-9x]{2}(?:-[0-9x]{2})?)?[?~%]?")
_ISO_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})t(.+)")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?(z|[+-][0-9:]{2,6})?")
_HOUR = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?(am|pm)")
_OFFSET = re.compile(r"(?:utc|gmt)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?")
_DAY = re.compile(r"([0-9]{1,2})(st|nd|rd|th)?")
_YEAR = re.compile(r"[0-9]{4}")
_WINTER = re.compile(r"([0-9]{4})[-/]([0-9]{4}|[0-9]{2})")
_DECADE = re.compile(r"([0-9]{3})0s")
ONE_DAY = timedelta(days=1)


def parse_moment(text: str, *, today: date | None = None) -> Moment:
    """Read a date as typed. "today" and "yesterday" are understood only where `today` is given.

    Raises:
        NotUnderstood: with the reason, and with the possible readings where there is more than one.
    """
    plain = _plain(text)
    readings = _numeric_readings(plain, whole=text)
    if len(readings) > 1:
        raise NotUnderstood(text, "This can be read in more than one way: choose the date that is meant.", readings)
    wording = " ".join(text.split())
    if readings:
        return replace(readings[0], wording=wording)
    return Moment.of(_Reading(text, today).of_text(plain), wording=wording)


def _plain(text: str) -> str:
    """Return the text normalised, in lower case; refuse what cannot be a date."""
    if len(text) > LONGEST:
        raise NotUnderstood(text[:LONGEST], f"Write the date in at most {LONGEST} characters.")
    plain = " ".join(unicodedata.normalize("NFKC", text).split()).translate(DASHES).casefold()
    hidden = next((character for character in plain if unicodedata.category(character) in {"Cc", "Cf", "Cs"}), None)
    if hidden:
        raise NotUnderstood(text, f"There is an invisible character (U+{ord(hidden):04X}) in the date: type it again.")
    if not plain or len(plain) > LONGEST:
        raise NotUnderstood(text, ADVICE if not plain else f"Write the date in at most {LONGEST} characters.")
    return plain


def _numeric_readings(plain: str, *, whole: str) -> list[Moment]:
    """Read 12/08/2023 both ways wherever it occurs; empty where no such date occurs."""
    words = plain.replace(",", " ").split(" ")
    if not any(_NUMERIC.fullmatch(word) for word in words):
        return []
    moments: dict[str, Moment] = {}
    refusal = NotUnderstood(whole, ADVICE)
    for is_day_first in (True, False):
        try:
            swapped = " ".join(_as_iso(word, is_day_first=is_day_first, whole=whole) for word in words)
            moment = Moment.of(_Reading(whole, None).of_text(swapped), wording=whole.strip())
            moments.setdefault(moment.edtf, moment)
        except NotUnderstood as error:
            refusal = error if is_day_first else refusal
    if not moments:
        raise refusal
    return list(moments.values())


def _as_iso(word: str, *, is_day_first: bool, whole: str) -> str:
    numeric = _NUMERIC.fullmatch(word)
    if not numeric:
        return word
    first, _, second, year = numeric.groups()
    if len(year) == 2:
        raise NotUnderstood(whole, "Write the year with four digits.")
    day, month = (first, second) if is_day_first else (second, first)
    # 25/12/2023 has only one reading, whichever order the other dates of the sentence follow.
    if int(month) > 12 >= int(day):
        day, month = month, day
    return f"{year}-{int(month):02}-{int(day):02}"


@dataclass(frozen=True)
class _Fragment:
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


_Rule = Callable[["_Reading", list[str]], Expression | None]


@dataclass(frozen=True)
class _Reading:
    """One attempt at a text; `whole` is what a refusal quotes."""

    whole: str
    today: date | None

    def of_text(self, plain: str) -> Expression:
        compact = plain.replace(" ", "") if plain[0] == "[" or "/" in plain else plain
        if _looks_like_edtf(compact):
            return self._relabelled(compact)
        return self.of_words(_tokens(plain))

    def _relabelled(self, edtf: str) -> Expression:
        try:
            return read_edtf(edtf)
        except NotUnderstood as refusal:
            raise NotUnderstood(self.whole, refusal.reason) from None

    def of_words(self, words: list[str]) -> Expression:
        for rule in _RULES:
            expression = rule(self, words)
            if expression is not None:
                return expression
        return self.of_fragment(self.fragment(words))

    def refuse(self, reason: str) -> NotUnderstood:
        return NotUnderstood(self.whole, reason)

    # One date

    def fragment(self, words: list[str]) -> _Fragment:
        fragment = _Fragment()
        if not words:
            raise self.refuse(f"A date is missing. {ADVICE}")
        is_winter = "winter" in words
        for word in _joined_clock(words):
            fragment = self._with_word(fragment, word, is_winter=is_winter)
        return fragment

    def _with_word(self, fragment: _Fragment, word: str, *, is_winter: bool) -> _Fragment:
        if word in FILLER:
            return fragment
        # Beside "winter", 2023-24 is two years; alone it would be EDTF for that winter.
        pieces = (_winter_pieces(word) if is_winter else None) or _name_pieces(word) or _number_pieces(word) or _time_pieces(word)
        if pieces is None:
            raise self.refuse(self._about_word(word))
        mark = pieces.pop("mark", "")
        if any(getattr(fragment, name) not in ("", 0, -1) for name in pieces):
            raise self.refuse(f"“{word}” is one piece too many for a single date. {ADVICE}")
        return replace(fragment, mark=join_marks(fragment.mark, str(mark)), **pieces)  # type: ignore[arg-type]

    def _about_word(self, word: str) -> str:
        if word in SHARED_ZONES:
            return f"{word.upper()} names more than one time zone: write the offset, such as +09:00, or UTC."
        if word in {"today", "yesterday", "now", "tomorrow"}:
            return f"“{word}” depends on the day it is read: write the date."
        return f"“{word}” is not understood. {ADVICE}"

    def of_fragment(self, fragment: _Fragment) -> Expression:
        expression = self._unmarked(fragment)
        self._check_weekday(fragment, expression)
        return qualify(expression, fragment.mark, whole=self.whole) if fragment.mark else expression

    def _unmarked(self, fragment: _Fragment) -> Expression:
        if fragment.ready:
            if any((fragment.year, fragment.month, fragment.day, fragment.season, fragment.clock)):
                raise self.refuse(f"There is more than one date here. {ADVICE}")
            fragment, edtf = replace(fragment, year=fragment.ready), fragment.ready
        else:
            edtf = self._edtf(fragment)
        return self._part(fragment, edtf) if fragment.part else self._relabelled(edtf)

    def _edtf(self, fragment: _Fragment) -> str:
        if not fragment.year:
            raise self.refuse("Add the year, with four digits.")
        if fragment.season:
            return self._season(fragment)
        if fragment.day and not fragment.month:
            raise self.refuse(f"Say which month day {fragment.day} belongs to.")
        edtf = fragment.year + "".join(f"-{number:02}" for number in (fragment.month, fragment.day) if number)
        if not fragment.clock:
            if fragment.zone:
                raise self.refuse("A time zone needs a time, such as 09:45 UTC.")
            return edtf
        if not fragment.day:
            raise self.refuse("A time of day needs a whole date: day, month and year.")
        return f"{edtf}T{fragment.clock}{fragment.zone}"

    def _season(self, fragment: _Fragment) -> str:
        if fragment.day or fragment.month or fragment.clock or fragment.part:
            raise self.refuse(f"Give the season or the month, not both. {ADVICE}")
        if fragment.season != 24:
            return f"{fragment.year}-{fragment.season}"
        if not fragment.winter_end:
            raise self._which_winter(fragment)
        following = str(int(fragment.year) + 1)
        if fragment.winter_end not in {following, following[2:]}:
            raise self.refuse("A winter runs over two years that follow each other, such as winter 2023-24.")
        return f"{fragment.year}-24"

    def _which_winter(self, fragment: _Fragment) -> NotUnderstood:
        year = int(fragment.year)
        readings = []
        for first in (year, year - 1):
            try:
                expression = read_edtf(f"{first}-24")
                marked = qualify(expression, fragment.mark, whole=self.whole) if fragment.mark else expression
                readings.append(Moment.of(marked, wording=self.whole.strip()))
            except NotUnderstood:
                continue
        reason = f"A winter runs over two years: write winter {year}-{(year + 1) % 100:02} or winter {year - 1}-{year % 100:02}."
        return NotUnderstood(self.whole, reason, readings if len(readings) > 1 else ())

    def _part(self, fragment: _Fragment, edtf: str) -> Expression:
        """Early, mid or late: days 1 to 10, 11 to 20 and 21 to the end, or months 1 to 4, 5 to 8 and 9 to 12."""
        whole = self._relabelled(edtf)
        third = ("early", "mid", "late").index(fragment.part)
        if _YEAR.fullmatch(edtf):
            ends = [f"{edtf}-{month:02}" for month in (third * 4 + 1, third * 4 + 4)]
        elif len(edtf) == 7 and whole.precision.value == "month" and whole.latest:
            last = whole.latest.day if third == 2 else third * 10 + 10
            ends = [f"{edtf}-{third * 10 + 1:02}", f"{edtf}-{last:02}"]
        else:
            raise self.refuse(f"“{fragment.part}” goes with a month or a year.")
        return self._relabelled("/".join(ends))

    def _check_weekday(self, fragment: _Fragment, expression: Expression) -> None:
        if fragment.weekday < 0:
            return
        day = expression.earliest
        if day is None or day != expression.latest:
            raise self.refuse("A day of the week needs a whole date: day, month and year.")
        # A time with a zone has become UTC, whose day may differ from the one that was typed.
        if not fragment.zone and day.weekday() != fragment.weekday:
            weekday = WEEKDAYS[day.weekday()]
            raise self.refuse(f"{day.day} {MONTHS[day.month - 1]} {day.year} is a {weekday}: check the date.")

    # Two dates or more

    def pair(self, left: list[str], right: list[str]) -> tuple[Expression, Expression]:
        first, last = self.fragments([left, right])
        return self.of_fragment(first), self.of_fragment(last)

    def fragments(self, groups: list[list[str]]) -> list[_Fragment]:
        """Read neighbouring dates; each lends the one before its month and year, the first its month to all after."""
        fragments = [self.fragment(words) for words in groups]
        lead = fragments[0]
        for index, fragment in enumerate(fragments[1:], start=1):
            if fragment.day and not fragment.month and lead.month:
                fragments[index] = replace(fragment, month=lead.month)
        for index in range(len(fragments) - 2, -1, -1):
            fragments[index] = _lent(fragments[index], fragments[index + 1])
        return fragments

    def single(self, expression: Expression) -> Atom:
        if expression.shape is not Shape.SINGLE:
            raise self.refuse("An end of a range must be a single date: give the day or the month.")
        return expression.atoms[0]


def _lent(fragment: _Fragment, following: _Fragment) -> _Fragment:
    if fragment.ready or fragment.year:
        return fragment
    year = following.year or following.ready[:4]
    if fragment.season or fragment.month:
        return replace(fragment, year=year)
    return replace(fragment, year=year, month=following.month) if fragment.day else fragment


def _looks_like_edtf(plain: str) -> bool:
    if plain[0] == "[" or plain.startswith("../"):
        return True
    return bool(set("0123456789") & set(plain)) and set(plain) <= set("0123456789xtz:+-./?~%") and _starts_as_year(plain)


def _starts_as_year(plain: str) -> bool:
    head = plain[:4]
    if _WINTERLESS_RANGE.fullmatch(plain) or _YEAR_FIRST.fullmatch(plain):
        return False
    return plain[0] == "/" or (len(head) == 4 and set(head) <= set("0123456789x"))


_WINTERLESS_RANGE = re.compile(r"[0-9]{4}-[0-9]{4}")


def _tokens(plain: str) -> list[str]:
    tokens: list[str] = []
    for word in plain.replace(",", " ").replace("zone not given", " ").split():
        tokens.extend(_pieces(word))
    return tokens


def _pieces(word: str) -> list[str]:
    """Part "7-8", "mid-august" and "25-apr-2024", and leave ISO dates, offsets and times whole."""
    if word in MARK_WORDS or "-" not in word or word[0] in "+-" or ":" in word or _ISO_START.fullmatch(word):
        return _unfused(word)
    parts = [part for part in word.split("-") if part]
    if parts and parts[0] in PARTS or len(parts) == 3:
        return parts
    if len(parts) == 2 and _WINTER.fullmatch(word) and not _YEAR.fullmatch(parts[1]):
        return [word]
    return [piece for part in parts for piece in (part, "-")][:-1]


def _unfused(word: str) -> list[str]:
    if word.startswith("~") and len(word) > 1:
        return ["~", word[1:]]
    timed = _ISO_TIME.fullmatch(word)
    return [timed[1], timed[2]] if timed else [word]


def _joined_clock(words: list[str]) -> list[str]:
    """Join "9:45 am" into one word."""
    joined: list[str] = []
    for word in words:
        if word in {"am", "pm", "a.m.", "p.m."} and joined and joined[-1][0].isdigit():
            joined[-1] += word.replace(".", "")
        else:
            joined.append(word)
    return joined


_Pieces = dict[str, str | int]


def _name_pieces(word: str) -> _Pieces | None:
    for names, piece in ((MONTH_NUMBERS, "month"), (SEASON_NUMBERS, "season"), (WEEKDAY_NUMBERS, "weekday")):
        if word in names:
            return {piece: names[word]}
    if word in MARK_WORDS:
        return {"mark": MARK_WORDS[word]}
    if word in ZONES:
        return {"zone": ZONES[word]}
    return {"part": word} if word in PARTS else None


def _number_pieces(word: str) -> _Pieces | None:
    year_first = _YEAR_FIRST.fullmatch(word)
    if year_first:
        return {"year": year_first[1], "month": int(year_first[3]) or 13, "day": int(year_first[4]) or 32}
    if _YEAR.fullmatch(word):
        return {"year": word}
    day = _DAY.fullmatch(word)
    if day:
        return {"day": int(day[1]) or 32}
    return _dated_pieces(word)


def _dated_pieces(word: str) -> _Pieces | None:
    month_year = _MONTH_YEAR.fullmatch(word)
    if month_year:
        return {"year": month_year[2], "month": int(month_year[1])}
    decade = _DECADE.fullmatch(word)
    if decade:
        return {"ready": f"{decade[1]}X"}
    if len(word) == 10 and _ISO_START.fullmatch(word) and "x" not in word:
        return {"year": word[:4], "month": int(word[5:7]) or 13, "day": int(word[8:]) or 32}
    return {"ready": word.upper()} if _ISO_START.fullmatch(word) else None


def _winter_pieces(word: str) -> _Pieces | None:
    winter = _WINTER.fullmatch(word)
    return {"year": winter[1], "winter_end": winter[2]} if winter else None


def _time_pieces(word: str) -> _Pieces | None:
    clock = _CLOCK.fullmatch(word)
    if clock:
        pieces: _Pieces = {"clock": f"{int(clock[1]):02}:{clock[2]}:{clock[3] or '00'}"}
        return pieces | {"zone": clock[4].upper()} if clock[4] else pieces
    hour = _HOUR.fullmatch(word)
    if hour and 1 <= int(hour[1]) <= 12:
        return {"clock": f"{int(hour[1]) % 12 + (12 if hour[3] == 'pm' else 0):02}:{hour[2] or '00'}:00"}
    offset = _OFFSET.fullmatch(word)
    return {"zone": f"{offset[1]}{int(offset[2]):02}:{offset[3] or '00'}"} if offset else None


# The rules, in the order they are tried


def _relative_day(reading: _Reading, words: list[str]) -> Expression | None:
    if reading.today is None or words not in (["today"], ["yesterday"]):
        return None
    day = reading.today if words == ["today"] else reading.today - ONE_DAY
    return read_edtf(day.isoformat())


def _marked(reading: _Reading, words: list[str]) -> Expression | None:
    if words and words[0] in MARK_WORDS:
        return qualify(reading.of_words(words[1:]), MARK_WORDS[words[0]], whole=reading.whole)
    if len(words) > 1 and words[-1].endswith("?"):
        rest = [*words[:-1], words[-1][:-1]] if words[-1] != "?" else words[:-1]
        return qualify(reading.of_words(rest), "?", whole=reading.whole)
    return None


def _edge_phrase(reading: _Reading, words: list[str]) -> Expression | None:
    for phrase, shape, is_later in _EDGE_PHRASES:
        if words[: len(phrase)] == list(phrase):
            return _half_open(reading, words[len(phrase) :], shape=shape, is_later=is_later)
    for suffix, is_later in ((["or", "later"], True), (["or", "earlier"], False)):
        if words[-2:] == suffix:
            return _half_open(reading, words[:-2], shape=Shape.WITHIN, is_later=is_later)
    return None


def _half_open(reading: _Reading, words: list[str], *, shape: Shape, is_later: bool) -> Expression:
    edge = Edge.OPEN
    if shape is Shape.INTERVAL and words[-2:] in (["start", "unknown"], ["end", "unknown"]):
        words, edge = words[:-2], Edge.UNKNOWN
    expression = reading.of_words(words)
    if shape is Shape.WITHIN and expression.shape is Shape.INTERVAL and len(expression.atoms) == 2:
        atom = expression.atoms[0 if is_later else 1]
    else:
        atom = reading.single(expression)
    return spanning(shape, *((atom, edge) if is_later else (edge, atom)), whole=reading.whole)


_EDGE_PHRASES: tuple[tuple[tuple[str, ...], Shape, bool], ...] = (
    (("on", "or", "after"), Shape.WITHIN, True),
    (("on", "or", "before"), Shape.WITHIN, False),
    (("not", "before"), Shape.WITHIN, True),
    (("not", "after"), Shape.WITHIN, False),
    (("no", "earlier", "than"), Shape.WITHIN, True),
    (("no", "later", "than"), Shape.WITHIN, False),
    (("by",), Shape.WITHIN, False),
    (("since",), Shape.INTERVAL, True),
    (("until",), Shape.INTERVAL, False),
    (("till",), Shape.INTERVAL, False),
    (("up", "to"), Shape.INTERVAL, False),
)


def _after_or_before(reading: _Reading, words: list[str]) -> Expression | None:
    if words[:1] not in (["after"], ["before"]):
        return None
    is_later = words[0] == "after"
    expression = reading.of_words(words[1:])
    atom = expression.atoms[-1 if is_later else 0]
    if atom.at:
        raise reading.refuse(f"With a time of day, write “on or {words[0]}”.")
    bound = expression.latest if is_later else expression.earliest
    if bound is None or expression.shape not in {Shape.SINGLE, Shape.INTERVAL}:
        raise reading.refuse(f"“{words[0]}” needs a single date.")
    return _beyond(reading, bound, atom.qualifier, is_later=is_later)


def _beyond(reading: _Reading, bound: date, mark: str, *, is_later: bool) -> Expression:
    try:
        neighbour = bound + ONE_DAY if is_later else bound - ONE_DAY
    except OverflowError:
        raise reading.refuse("Years run from 1000 to 9999.") from None
    edtf = f"[{neighbour.isoformat()}{mark}..]" if is_later else f"[..{neighbour.isoformat()}{mark}]"
    return reading._relabelled(edtf)


def _between(reading: _Reading, words: list[str]) -> Expression | None:
    if words[:1] != ["between"]:
        return None
    at = _only(words, {"and"})
    if at is None:
        raise reading.refuse("Write “between” one date “and” another.")
    first, last = reading.pair(words[1:at], words[at + 1 :])
    return spanning(Shape.WITHIN, first.atoms[0], last.atoms[-1], whole=reading.whole)


def _from_to(reading: _Reading, words: list[str]) -> Expression | None:
    rest = words[1:] if words[:1] == ["from"] else words
    at = _only(rest, RANGE_WORDS)
    if at is not None and at > 0:
        first, last = reading.pair(rest[:at], rest[at + 1 :])
        ends = reading.single(first), reading.single(last)
        return spanning(Shape.INTERVAL, *ends, whole=reading.whole)
    if rest is words:
        return None
    if rest[-1:] in (["on"], ["onward"], ["onwards"]):
        rest = rest[:-1]
    return _half_open(reading, rest, shape=Shape.INTERVAL, is_later=True)


def _choice(reading: _Reading, words: list[str]) -> Expression | None:
    if "or" not in words:
        return None
    groups: list[list[str]] = [[]]
    for word in words[1:] if words[0] == "either" else words:
        if word == "or":
            groups.append([])
        else:
            groups[-1].append(word)
    return choosing([reading.single(reading.of_fragment(fragment)) for fragment in reading.fragments(groups)])


def _somewhere_in(reading: _Reading, words: list[str]) -> Expression | None:
    """Read "a day in February 2024" and the like, where a day or month is meant but not known."""
    if words[:1] != ["a"] or len(words) < 4:
        return None
    expression = reading.of_words(words[3:])
    edtf = expression.edtf
    if expression.shape is not Shape.SINGLE:
        return None
    masks = {("day", 7): f"{edtf}-XX", ("day", 4): f"{edtf}-XX-XX", ("month", 4): f"{edtf}-XX", ("year", 4): edtf}
    masked = masks.get((words[1], len(edtf)))
    return reading._relabelled(masked) if masked and words[2] == "in" else None


def _only(words: list[str], separators: frozenset[str] | set[str]) -> int | None:
    found = [index for index, word in enumerate(words) if word in separators]
    return found[0] if len(found) == 1 else None


_RULES: tuple[_Rule, ...] = (
    _relative_day,
    _marked,
    _edge_phrase,
    _after_or_before,
    _between,
    _from_to,
    _choice,
    _somewhere_in,
)
