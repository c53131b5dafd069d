"""What a web archive captured: its records surveyed once, the pages among them, and which capture belongs to each.

Addresses and times are claims of the archive. Capture numbers count through all files of an archive in their order, so
a capture can be named by its number for as long as the bytes are the same.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urljoin

from lxml.etree import LxmlError

from casefiles.evidence.readers.findings import Plain
from casefiles.evidence.readers.gzips import OpenAt
from casefiles.evidence.readers.markup import read_page
from casefiles.evidence.readers.warcs import Record, Walk

MOST_CAPTURES = 20_000
MOST_PAGES = 2_000
MOST_PROBLEMS = 30
# Pages whose words are extracted while the archive is read; of the others they are when somebody looks.
MOST_TEXTS = 60
PAGE_BYTES = 8 * 1024 * 1024
ADDRESS_LENGTH = 2_000
_INFO_BYTES = 1024 * 1024
_CAPTURES = {"response", "revisit", "resource", "conversion"}
_MARKUP = {"text/html", "application/xhtml+xml"}
SCREENSHOTS = ("urn:view:", "urn:fullPage:", "urn:thumbnail:")


@dataclass(frozen=True)
class Capture:
    """One thing that was captured, and where in the archive it lies: `entry` names a file in a package."""

    number: int
    entry: str
    raw: int
    skip: int
    type: str
    url: str
    at: str
    status: int
    media_type: str
    size_bytes: int
    location: str = ""
    refers_to: str = ""

    @property
    def is_markup(self) -> bool:
        return self.media_type in _MARKUP

    @property
    def is_page(self) -> bool:
        return self.is_markup and self.type == "response" and 200 <= self.status < 300


@dataclass(frozen=True)
class ListedPage:
    """A page as a list in the archive names it."""

    url: str
    at: str
    title: str


@dataclass(frozen=True)
class Page:
    """A page of the archive; `capture` is the number of what was captured of it, 0 where the archive holds nothing."""

    number: int
    url: str
    at: str
    title: str
    capture: int
    screenshots: tuple[int, ...] = ()

    def plain(self) -> dict[str, Plain]:
        return {**asdict(self), "screenshots": list(self.screenshots)}


@dataclass(frozen=True)
class Words:
    """What the markup of a captured page says."""

    title: str
    text: str


class Survey:
    """Every record of an archive, looked at once. Feed it the files, then ask."""

    def __init__(self, listed: Iterable[ListedPage] = (), *, most: int = MOST_CAPTURES) -> None:
        self._listed, self._most = list(listed), most
        self._is_listed_outside = bool(self._listed)
        self._wanted = {_bare(page.url) for page in self._listed[:MOST_TEXTS]}
        self.captures: list[Capture] = []
        self.records: Counter[str] = Counter()
        self.verdicts: Counter[str] = Counter()
        self.versions: Counter[str] = Counter()
        self.information: dict[str, str] = {}
        self.problems: list[str] = []
        self.words: dict[int, Words] = {}

    def take(self, entry: str, open_at: OpenAt) -> None:
        """Survey one WARC file; `entry` is its name in the package."""
        walk = Walk(open_at)
        for record in walk:
            self._take_record(entry, record)
            record.body.drain()
            self.verdicts.update(record.verdicts)
        where = f"In “{entry[:80]}”: " if entry else ""
        self.problems += [f"{where}{problem}" for problem in walk.problems][: MOST_PROBLEMS - len(self.problems)]

    def _take_record(self, entry: str, record: Record) -> None:
        self.records[record.type] += 1
        self.versions[record.version] += 1
        if record.type == "warcinfo":
            self._take_information(record)
        if record.type not in _CAPTURES or not record.url:
            return
        if len(self.captures) >= self._most:
            self._say_once(f"It holds more than {self._most:,} captures: the others are not listed.")
            return
        capture = _capture(len(self.captures) + 1, entry, record)
        self.captures.append(capture)
        if capture.location and _bare(capture.url) in self._wanted:
            self._wanted.add(_bare(capture.location))
        if self._is_to_be_read(capture):
            self.words[capture.number] = _words(record)

    def _is_to_be_read(self, capture: Capture) -> bool:
        is_asked_for = not self._listed or _bare(capture.url) in self._wanted
        return capture.is_page and is_asked_for and len(self.words) < MOST_TEXTS

    def _take_information(self, record: Record) -> None:
        for line in record.content(_INFO_BYTES).decode("utf-8", "replace").splitlines():
            name, colon, value = line.partition(":")
            if colon and len(self.information) < 40:
                self.information.setdefault(name.strip().lower()[:60], value.strip()[:4_000])
            if name.strip().lower() == "json-metadata" and not self._is_listed_outside:
                self._listed += list(_pages_in(value))[: MOST_PAGES - len(self._listed)]
                self._wanted |= {_bare(page.url) for page in self._listed[:MOST_TEXTS]}

    def _say_once(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def pages(self) -> list[Page]:
        """Return the pages that a list in the archive names, else every document that it captured as a page."""
        shelf = Shelf(self.captures)
        if self._listed:
            return [self._page(number, listed, shelf) for number, listed in enumerate(self._listed[:MOST_PAGES], 1)]
        found = [capture for capture in self.captures if capture.is_page and not capture.url.startswith("urn:")]
        listed = [ListedPage(capture.url, capture.at, "") for capture in found[:MOST_PAGES]]
        return [self._page(number, one, shelf) for number, one in enumerate(listed, 1)]

    def _page(self, number: int, listed: ListedPage, shelf: "Shelf") -> Page:
        capture = shelf.answer(listed.url, listed.at)
        words = self.words.get(capture.number) if capture else None
        return Page(
            number=number,
            url=listed.url,
            at=listed.at,
            title=listed.title or (words.title if words else ""),
            capture=capture.number if capture else 0,
            screenshots=tuple(
                found.number
                for kind in SCREENSHOTS
                if (found := shelf.nearest(f"{kind}{listed.url}", listed.at)) is not None
            ),
        )


class Shelf:
    """Captures by address."""

    def __init__(self, captures: Iterable[Capture]) -> None:
        self._by_url: dict[str, list[Capture]] = {}
        for capture in captures:
            self._by_url.setdefault(_bare(capture.url), []).append(capture)

    def nearest(self, url: str, at: str) -> Capture | None:
        """Return what was captured of an address, nearest to a time: an answer rather than a reference or an error."""
        found = self._by_url.get(_bare(url), [])
        return min(found, key=lambda capture: (_rank(capture), abs(_ordinal(capture.at) - _ordinal(at))), default=None)

    def answer(self, url: str, at: str) -> Capture | None:
        """Return the capture that shows an address: redirections are followed as far as the archive holds them."""
        capture = self.nearest(url, at)
        for _hop in range(5):
            if capture is None or not capture.location:
                break
            capture = self.nearest(capture.location, capture.at) or capture
        return capture


def listed_pages(lines: Iterator[bytes]) -> Iterator[ListedPage]:
    """Yield the pages of a list as WACZ has it, one JSON object a line; what is no page is passed over."""
    for line in lines:
        try:
            page = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(page, dict) and isinstance(page.get("url"), str):
            yield _listed(page)


def _pages_in(value: str) -> Iterator[ListedPage]:
    """Yield the pages that Webrecorder lists in the information of a WARC."""
    try:
        known = json.loads(value)
    except (ValueError, RecursionError):
        return
    pages = known.get("pages") if isinstance(known, dict) else None
    for page in pages if isinstance(pages, list) else []:
        if isinstance(page, dict) and isinstance(page.get("url"), str):
            yield _listed(page)


def _listed(page: dict[str, Any]) -> ListedPage:
    at = str(page.get("ts") or page.get("timestamp") or "")[:40]
    title = page.get("title")
    return ListedPage(page["url"][:ADDRESS_LENGTH], _iso(at), title[:500] if isinstance(title, str) else "")


def _iso(at: str) -> str:
    """Return the fourteen digits with which archives name a second, which is one of UTC, as ISO 8601."""
    parts = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", at)
    return "{}-{}-{}T{}:{}:{}Z".format(*parts.groups()) if parts else at


def _capture(number: int, entry: str, record: Record) -> Capture:
    location = str(record.http.get_header("location") or "") if record.http and 300 <= record.status < 400 else ""
    return Capture(
        number=number,
        entry=entry,
        raw=record.place.raw,
        skip=record.place.skip,
        type=record.type,
        url=record.url[:ADDRESS_LENGTH],
        at=record.at[:40],
        status=record.status,
        media_type=record.media_type,
        size_bytes=record.body.length,
        location=_joined(record.url, location),
        refers_to=record.header("WARC-Refers-To-Target-URI")[:ADDRESS_LENGTH],
    )


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)[:ADDRESS_LENGTH] if location else ""
    except ValueError:
        return ""


def _words(record: Record) -> Words:
    try:
        page = read_page(record.content(PAGE_BYTES), charset=record.charset, address=record.url)
    except (LxmlError, ValueError):
        return Words("", "")
    return Words(page.title, page.text)


def _bare(url: str) -> str:
    return url.partition("#")[0]


def _rank(capture: Capture) -> int:
    if capture.type == "revisit":
        return 1
    return 0 if capture.status < 400 else 2


def _ordinal(at: str) -> int:
    """Return a time as archives write it ("20170306040348", "2022-09-16T19:15:07.215Z") as a number to compare."""
    digits = re.sub(r"\D", "", at)[:17]
    return int(digits.ljust(17, "0")) if digits else 0
