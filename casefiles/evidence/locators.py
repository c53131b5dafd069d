"""Where in an item something stands: reading what a person types into one form, and refusing what means nothing.

Pure: knows no database and no Django.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

MAX_LENGTH = 200


class NotALocator(ValueError):
    """The text names no place in an item; `reason` says which forms are understood."""

    def __init__(self, text: str) -> None:
        self.reason = (
            f"“{text[:60]}” names no place in an item. Write a page (p. 4), a paragraph (para 9), a time (00:01:12), "
            "an image region (xywh=10,20,300,200), a table cell (B4 or A1:B4), rows (rows 3-9) or part of a page "
            "(#heading); leave it empty for the whole item."
        )
        super().__init__(self.reason)


@dataclass(frozen=True)
class Locator:
    """A kind of `LocatorKind` and the text in its one form: ("page", "4"), ("rows", "3-9"), ("whole", "")."""

    kind: str
    text: str


WHOLE = Locator("whole", "")

_DASH = r"\s*(?:-|–|—|to|bis)\s*"
_PAGE = re.compile(rf"(?:pp?|page|pages|pg)\.?\s*(?P<first>\d{{1,6}})(?:{_DASH}(?P<last>\d{{1,6}}))?", re.IGNORECASE)
_PARAGRAPH = re.compile(
    rf"(?:paras?|paragraphs?|¶|§)\.?\s*(?P<first>\d{{1,6}}[a-z]?(?:\.\d+)*)(?:{_DASH}(?P<last>\d{{1,6}}[a-z]?))?",
    re.IGNORECASE,
)
_ROWS = re.compile(rf"(?:rows?|lines?)\.?\s*(?P<first>\d{{1,9}})(?:{_DASH}(?P<last>\d{{1,9}}))?", re.IGNORECASE)
_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(\.\d{1,3})?"
_TIMECODE = re.compile(rf"(?:at\s+|t=)?{_TIME}(?:{_DASH}{_TIME})?", re.IGNORECASE)
_REGION = re.compile(
    r"xywh\s*=\s*(?P<unit>pixel:|percent:)?\s*(?P<numbers>[\d.]+(?:\s*,\s*[\d.]+){3})"
    r"(?:\s+of\s+(?P<file>[0-9a-f]{8,64}))?",
    re.IGNORECASE,
)
_CELL = re.compile(
    r"(?:cells?\s+)?(?:(?P<sheet>[^!]{1,60})!)?(?P<first>[a-z]{1,3}[1-9]\d{0,6})(?::(?P<last>[a-z]{1,3}[1-9]\d{0,6}))?",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(r"#\S{1,180}")


def parse_locator(text: str, kind: str = "") -> Locator:
    """Read a locator as typed; `kind` says what a bare number means ("page" makes "4" page 4).

    Raises:
        NotALocator: it is none of the forms understood, or its end is before its start.
    """
    given = " ".join(text.split())
    if not given:
        return WHOLE
    if len(given) > MAX_LENGTH:
        raise NotALocator(given)
    for name, reader in _READERS.items():
        found = reader(given)
        if found is not None and kind in {"", "whole", name}:
            return Locator(name, found)
    found = _of_kind(given, kind)
    if found is None:
        raise NotALocator(given)
    return Locator(kind, found)


def _of_kind(text: str, kind: str) -> str | None:
    prefix = {"page": "p. ", "paragraph": "para ", "rows": "rows ", "region": "xywh=", "fragment": "#"}.get(kind)
    return _READERS[kind](f"{prefix}{text}") if prefix else None


def _numbered(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        match = pattern.fullmatch(text)
        return _range(match["first"], match["last"]) if match else None

    return read


def _range(first: str, last: str | None) -> str | None:
    start, end = _value(first), _value(last or first)
    if start < 1 or end < start:
        return None
    return first.lower() if last is None or end == start else f"{_plain(first)}-{_plain(last)}"


def _value(text: str) -> int:
    return int(re.match(r"\d+", text)[0])  # type: ignore[index]  # the patterns begin with a digit


def _plain(text: str) -> str:
    return text.lower()


def _timecode(text: str) -> str | None:
    match = _TIMECODE.fullmatch(text)
    if not match:
        return None
    start, end = match.groups()[:4], match.groups()[4:]
    if not _is_time(start) or (end[1] is not None and not _is_time(end)):
        return None
    if end[1] is None:
        return _shown(start)
    return f"{_shown(start)}-{_shown(end)}" if _seconds(end) >= _seconds(start) else None


def seconds_of(timecode: str) -> float:
    """Return the seconds of a time in its one form ("00:01:12.5"); of a stretch, of its start.

    Raises:
        NotALocator: it is no such time.
    """
    match = _TIMECODE.fullmatch(timecode)
    if not match:
        raise NotALocator(timecode)
    return _seconds(match.groups()[:4])


def _is_time(parts: tuple[str | None, ...]) -> bool:
    hours, minutes, seconds, _fraction = parts
    return int(seconds or 0) < 60 and (hours is None or int(minutes or 0) < 60)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = parts
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(fraction or 0)


def _shown(parts: tuple[str | None, ...]) -> str:
    whole = int(_seconds((*parts[:3], None)))
    return f"{whole // 3600:02d}:{whole % 3600 // 60:02d}:{whole % 60:02d}{parts[3] or ''}"


def _region(text: str) -> str | None:
    match = _REGION.fullmatch(text)
    if not match:
        return None
    numbers = [part.strip() for part in match["numbers"].split(",")]
    try:
        _x, _y, width, height = (float(number) for number in numbers)
    except ValueError:
        return None
    unit = "percent:" if (match["unit"] or "").lower() == "percent:" else ""
    # An item may have several pictures: the beginning of a digest says which.
    file = f" of {match['file'].lower()}" if match["file"] else ""
    return f"xywh={unit}{','.join(numbers)}{file}" if width > 0 and height > 0 else None


def _cell(text: str) -> str | None:
    match = _CELL.fullmatch(text)
    if not match:
        return None
    sheet = f"{match['sheet'].strip()}!" if match["sheet"] else ""
    last = f":{match['last'].upper()}" if match["last"] else ""
    return f"{sheet}{match['first'].upper()}{last}"


def _fragment(text: str) -> str | None:
    return text if _FRAGMENT.fullmatch(text) else None


# In this order: "p4" is a page although it also looks like a cell.
_READERS: dict[str, Callable[[str], str | None]] = {
    "page": _numbered(_PAGE),
    "paragraph": _numbered(_PARAGRAPH),
    "rows": _numbered(_ROWS),
    "timecode": _timecode,
    "region": _region,
    "fragment": _fragment,
    "cell": _cell,
}
