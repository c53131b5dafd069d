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
from casefiles.core.moments.fragments import (
    FILLER,
    MARK_WORDS,
    RANGE_WORDS,
    SHARED_ZONES,
    WEEKDAYS,
    YEAR,
    Fragment,
    join_clock,
    lent,
    looks_like_edtf,
    pieces_of,
    tokenise,
)
from casefiles.core.moments.moment import Moment
from casefiles.core.moments.refusal import NotUnderstood

ADVICE = (
    "Write it as 2024-02-09, 9 February 2024, February 2024, since August 2023, "
    "between 7 and 12 February 2024, or about 2023."
)
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")

_NUMERIC = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
ONE_DAY = timedelta(days=1)


def parse_moment(text: str, *, today: date | None = None) -> Moment:
    """Read a date as typed. "today" and "yesterday" are understood only where `today` is given.

    Raises:
        NotUnderstood: with the reason, and with the possible readings where there is more than one.
    """
    versions = _versions(_plain(text), whole=text)
    wording = " ".join(text.split())
    moments: dict[str, Moment] = {}
    refusals: list[NotUnderstood] = []
    for version in versions:
        try:
            moment = Moment.of(_Reading(text, today).of_text(version), wording=wording)
            moments.setdefault(moment.edtf, moment)
        except NotUnderstood as refusal:
            refusals.append(refusal)
    if len(moments) > 1:
        reason = "This can be read in more than one way: choose the date that is meant."
        raise NotUnderstood(text, reason, list(moments.values()))
    if not moments:
        raise refusals[0]
    return moments.popitem()[1]


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


def _versions(plain: str, *, whole: str) -> list[str]:
    """Return the text once, or once for every way its numbers like 12/08/2023 and its winters can be meant."""
    words = plain.replace(",", " ").split()
    versions = [words]
    if any(_NUMERIC.fullmatch(word) for word in words):
        versions = [
            [_as_iso(word, is_day_first=is_day_first, whole=whole) for word in words] for is_day_first in (True, False)
        ]
    if any(_begins_winter(words, index) for index in range(len(words))):
        versions = [_with_winters(version, shift=shift) for version in versions for shift in (-1, 0)]
    return [" ".join(version) for version in versions] if versions != [words] else [plain]


def _begins_winter(words: list[str], index: int) -> bool:
    return words[index] == "winter" and YEAR.fullmatch("".join(words[index + 1 : index + 2])) is not None


def _with_winters(words: list[str], *, shift: int) -> list[str]:
    """Write "winter 2023" as the winter that ends (`shift` -1) or begins (0) in that year."""
    spelled = list(words)
    for index in range(len(words)):
        if _begins_winter(words, index):
            first = int(words[index + 1]) + shift
            spelled[index + 1] = f"{first:04}-{(first + 1) % 100:02}"
    return spelled


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


_Rule = Callable[["_Reading", list[str]], Expression | None]


@dataclass(frozen=True)
class _Reading:
    """One attempt at a text; `whole` is what a refusal quotes."""

    whole: str
    today: date | None

    def of_text(self, plain: str) -> Expression:
        compact = plain.replace(" ", "") if plain[0] == "[" or "/" in plain else plain
        if looks_like_edtf(compact):
            return self.edtf_expression(compact)
        return self.of_words(tokenise(plain))

    def edtf_expression(self, edtf: str) -> Expression:
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

    def fragment(self, words: list[str]) -> Fragment:
        fragment = Fragment()
        if not words:
            raise self.refuse(f"A date is missing. {ADVICE}")
        is_winter = "winter" in words
        for word in join_clock(words):
            fragment = self._with_word(fragment, word, is_winter=is_winter)
        return fragment

    def _with_word(self, fragment: Fragment, word: str, *, is_winter: bool) -> Fragment:
        if word in FILLER:
            return fragment
        pieces = pieces_of(word, is_winter=is_winter)
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
        return f"“{word[:40]}” is not understood. {ADVICE}"

    def of_fragment(self, fragment: Fragment) -> Expression:
        expression = self._unmarked(fragment)
        self._check_weekday(fragment, expression)
        return qualify(expression, fragment.mark, whole=self.whole) if fragment.mark else expression

    def _unmarked(self, fragment: Fragment) -> Expression:
        if fragment.ready:
            if any((fragment.year, fragment.month, fragment.day, fragment.season, fragment.clock)):
                raise self.refuse(f"There is more than one date here. {ADVICE}")
            fragment, edtf = replace(fragment, year=fragment.ready), fragment.ready
        else:
            edtf = self._edtf(fragment)
        return self._part(fragment, edtf) if fragment.part else self.edtf_expression(edtf)

    def _edtf(self, fragment: Fragment) -> str:
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

    def _season(self, fragment: Fragment) -> str:
        if fragment.day or fragment.month or fragment.clock or fragment.part:
            raise self.refuse(f"Give the season or the month, not both. {ADVICE}")
        if fragment.season != 24:
            return f"{fragment.year}-{fragment.season}"
        following = str(int(fragment.year) + 1)
        if fragment.winter_end not in {following, following[2:]}:
            raise self.refuse("A winter runs over two years that follow each other: write winter 2023-24.")
        return f"{fragment.year}-24"

    def _part(self, fragment: Fragment, edtf: str) -> Expression:
        """Early, mid or late: days 1 to 10, 11 to 20 and 21 to the end, or months 1 to 4, 5 to 8 and 9 to 12."""
        whole = self.edtf_expression(edtf)
        third = ("early", "mid", "late").index(fragment.part)
        if YEAR.fullmatch(edtf):
            ends = [f"{edtf}-{month:02}" for month in (third * 4 + 1, third * 4 + 4)]
        elif len(edtf) == 7 and whole.precision.value == "month" and whole.latest:
            last = whole.latest.day if third == 2 else third * 10 + 10
            ends = [f"{edtf}-{third * 10 + 1:02}", f"{edtf}-{last:02}"]
        else:
            raise self.refuse(f"“{fragment.part}” goes with a month or a year.")
        return self.edtf_expression("/".join(ends))

    def _check_weekday(self, fragment: Fragment, expression: Expression) -> None:
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

    def fragments(self, groups: list[list[str]]) -> list[Fragment]:
        """Read neighbouring dates; each lends the one before its month and year, the first its month to all after."""
        fragments = [self.fragment(words) for words in groups]
        lead = fragments[0]
        for index, fragment in enumerate(fragments[1:], start=1):
            if fragment.day and not fragment.month and lead.month:
                fragments[index] = replace(fragment, month=lead.month)
        for index in range(len(fragments) - 2, -1, -1):
            fragments[index] = lent(fragments[index], fragments[index + 1])
        return fragments

    def single(self, expression: Expression) -> Atom:
        if expression.shape is not Shape.SINGLE:
            raise self.refuse("Each part must be a single date: give the day or the month.")
        return expression.atoms[0]


# The rules, in the order they are tried


def _relative_day(reading: _Reading, words: list[str]) -> Expression | None:
    if reading.today is None or words not in (["today"], ["yesterday"]):
        return None
    day = reading.today if words == ["today"] else reading.today - ONE_DAY
    return read_edtf(day.isoformat())


def _marked(reading: _Reading, words: list[str]) -> Expression | None:
    if words and words[0] in MARK_WORDS:
        return qualify(reading.of_words(words[1:]), MARK_WORDS[words[0]], whole=reading.whole)
    # "…and 2024-02-12?" is EDTF that marks the last date only; "…and 12 February 2024?" doubts the whole.
    if len(words) > 1 and words[-1].endswith("?") and "-" not in words[-1]:
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
    is_closed = len(expression.atoms) == len(expression.members)
    if bound is None or not is_closed or expression.shape not in {Shape.SINGLE, Shape.INTERVAL}:
        raise reading.refuse(f"“{words[0]}” needs a single date.")
    return _beyond(reading, bound, atom.qualifier, is_later=is_later)


def _beyond(reading: _Reading, bound: date, mark: str, *, is_later: bool) -> Expression:
    try:
        neighbour = bound + ONE_DAY if is_later else bound - ONE_DAY
    except OverflowError:
        raise reading.refuse("Years run from 1000 to 9999.") from None
    edtf = f"[{neighbour.isoformat()}{mark}..]" if is_later else f"[..{neighbour.isoformat()}{mark}]"
    return reading.edtf_expression(edtf)


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
    if at is not None and rest[at + 1 :] in (["present"], ["now"], ["the", "present"]):
        return _half_open(reading, rest[:at], shape=Shape.INTERVAL, is_later=True)
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
    atoms = [reading.single(reading.of_fragment(fragment)) for fragment in reading.fragments(groups)]
    return choosing(atoms, whole=reading.whole)


def _somewhere_in(reading: _Reading, words: list[str]) -> Expression | None:
    """Read "a day in February 2024" and the like, where a day, month or year is meant but not known."""
    if words[:1] != ["a"] or len(words) < 4:
        return None
    unit, link, rest = words[1], words[2], words[3:]
    if (unit, link) == ("year", "from") and len(rest) == 3 and rest[1] == "to":
        return _some_year(reading, rest[0], rest[2])
    if unit == "day" and rest[0] in {"0x", "1x", "2x", "3x"}:
        return reading.edtf_expression(f"{reading.of_words(rest[1:]).edtf}-{rest[0]}")
    expression = reading.of_words(rest)
    edtf = expression.edtf if expression.shape is Shape.SINGLE else ""
    masks = {("day", 7): f"{edtf}-XX", ("day", 4): f"{edtf}-XX-XX", ("month", 4): f"{edtf}-XX", ("year", 4): edtf}
    masked = masks.get((unit, len(edtf)))
    return reading.edtf_expression(masked) if masked and link == "in" else None


def _some_year(reading: _Reading, first: str, last: str) -> Expression:
    if first[:2] != last[:2] or (first[2:], last[2:]) != ("00", "99"):
        raise reading.refuse("Write “between” the first year “and” the last.")
    return reading.edtf_expression(f"{first[:2]}XX")


def _only(words: list[str], separators: frozenset[str] | set[str]) -> int | None:
    found = [index for index, word in enumerate(words) if word in separators]
    return found[0] if len(found) == 1 else None


_RULES: tuple[_Rule, ...] = (
    _relative_day,
    _marked,
    _somewhere_in,
    _edge_phrase,
    _after_or_before,
    _between,
    _from_to,
    _choice,
)
