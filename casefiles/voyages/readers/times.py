"""Times as position files write them, to seconds since 1970 in UTC. A national order is said, never guessed."""

import datetime
import re
from collections.abc import Callable

from casefiles.voyages.readers.fixes import EPOCH, Rejected

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})[ T](\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)")
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)
_ZONELESS_ISO = 19

Clock = Callable[[str], int]


def iso_clock(utc_offset_min: int = 0) -> Clock:
    """Return a reader of ISO 8601 instants; `utc_offset_min` is the zone of those that name none."""
    offset_s, base = utc_offset_min * 60, datetime.datetime(1970, 1, 1)  # noqa: DTZ001  compared with zoneless times

    def read(text: str) -> int:
        # The form of nearly every row: quicker than the general one by half.
        if len(text) == _ZONELESS_ISO and text[4] == "-" and text[13] == ":":
            try:
                return round((datetime.datetime.fromisoformat(text) - base).total_seconds()) - offset_s
            except ValueError as error:
                raise _no_instant(text) from error
        return _general(text.strip(), utc_offset_min)

    return read


def _general(text: str, utc_offset_min: int) -> int:
    if not _INSTANT.fullmatch(text):
        raise _no_instant(text)
    try:
        read = datetime.datetime.fromisoformat(re.sub(r"\s*UTC$", "Z", text, flags=re.IGNORECASE))
    except ValueError as error:
        raise _no_instant(text) from error
    zone = datetime.timezone(datetime.timedelta(minutes=utc_offset_min))
    aware = read if read.tzinfo else read.replace(tzinfo=zone)
    return int((aware - EPOCH).total_seconds() // 1)


def _no_instant(text: str) -> Rejected:
    return Rejected("", text, "This is no date with a time of day, such as 2023-01-11T00:00:00.")


def national_clock(*, is_day_first: bool, utc_offset_min: int = 0) -> Clock:
    """Return a reader of 18/03/2023 00:00:00, or of 03/18/2023 where the month stands first."""
    read_iso = iso_clock(utc_offset_min)

    def read(text: str) -> int:
        found = _DAY_FIRST.fullmatch(text.strip())
        if not found:
            order = "18/03/2023 00:00:00" if is_day_first else "03/18/2023 00:00:00"
            raise Rejected("", text, f"This is no date with a time of day, such as {order}.")
        first, second, year, clock = found.groups()
        day, month = (first, second) if is_day_first else (second, first)
        hours = clock if len(clock.split(":")[0]) == 2 else f"0{clock}"
        return read_iso(f"{year}-{int(month):02d}-{int(day):02d}T{hours}")

    return read


def epoch_clock(text: str) -> int:
    """Read seconds since 1970, or milliseconds where there are that many digits.

    Raises:
        Rejected: it is no number.
    """
    try:
        value = float(text)
        return int(value / 1000 if value > 1e11 else value)
    except (ValueError, OverflowError) as error:
        raise Rejected("", text, "This is no number of seconds since 1970.") from error


def either_clock(utc_offset_min: int = 0) -> Clock:
    """Return a reader of ISO 8601 or of seconds since 1970, which look like nothing but themselves."""
    read_iso = iso_clock(utc_offset_min)

    def read(text: str) -> int:
        return read_iso(text) if "-" in text[1:] else epoch_clock(text)

    return read


def clock_for(time_order: str, utc_offset_min: int) -> Clock:
    """Return the reader of times in an order that a person said."""
    if time_order == "epoch":
        return epoch_clock
    if time_order in {"dmy", "mdy"}:
        return national_clock(is_day_first=time_order == "dmy", utc_offset_min=utc_offset_min)
    return iso_clock(utc_offset_min)
