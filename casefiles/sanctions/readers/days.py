"""Days as the makers of lists write them: each list has its own order, and none is guessed."""

import datetime
import re

DAY_FIRST, MONTH_FIRST = "day first", "month first"
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
)}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*|Z|[-+]\d{2}:\d{2})?")
_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?")
_NATIONAL = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})(?: .*)?")
_NAMED = re.compile(r"(\d{1,2})[-. ]([A-Za-z]{3})[a-z]*\.?[-. ](\d{4})")


class NotADay(ValueError):
    """The text is no day in this order."""


def day_of(text: str, order: str = DAY_FIRST) -> str:
    """Return a day as ISO 8601, or the year or month alone where no more is said; nothing for nothing.

    Raises:
        NotADay: it is none, or has the parts in another order.
    """
    given = " ".join(text.split())
    if not given:
        return ""
    try:
        return _read(given, order)
    except ValueError as error:
        raise NotADay(given) from error


def _read(given: str, order: str) -> str:
    if found := _ISO.fullmatch(given):
        year, month, day = found.groups()
    elif found := _YEAR_OR_MONTH.fullmatch(given):
        datetime.date(int(found[1]), int(found[2] or 1), 1)
        return given
    elif found := _NAMED.fullmatch(given):
        day, month, year = found[1], str(_MONTHS.get(found[2].lower(), 0)), found[3]
    elif found := _NATIONAL.fullmatch(given):
        first, second, year = found.groups()
        day, month = (first, second) if order == DAY_FIRST else (second, first)
    else:
        raise ValueError
    return datetime.date(int(year), int(month), int(day)).isoformat()
