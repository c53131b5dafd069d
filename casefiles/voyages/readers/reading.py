"""One door to every position file: what format it is, by its content, and its fixes."""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from casefiles.voyages.readers.columns import AIVDM, GENERIC, GPX, Layout, layout_of, mapped, missing, plain
from casefiles.voyages.readers.fixes import CannotRead, Fix, Log, Rejected
from casefiles.voyages.readers.gpx import GpxReader
from casefiles.voyages.readers.lines import SAMPLE_BYTES, ChunkStream, encoding_in, numbered, text_of
from casefiles.voyages.readers.options import AUTO, Options
from casefiles.voyages.readers.sentences import BEGINNING, SentenceReader
from casefiles.voyages.readers.tables import TableReader, cells_of, delimiter_of

# How far down the line of headers may stand, below comments.
HEADER_LINES = 30
_WORDS = {"time": "the time", "latitude": "the latitude", "longitude": "the longitude", "mmsi": "the MMSI"}


@dataclass(frozen=True)
class Recognised:
    """What a file is; `header_row` is the line of a table's headers."""

    format: str
    encoding: str
    delimiter: str = ","
    layout: Layout | None = None
    header_row: int = 0


def recognise(sample: bytes, options: Options) -> Recognised:
    """Say what a file is from its beginning.

    Raises:
        CannotRead: it is none of the formats, not the one that was said, or something has to be said first.
    """
    encoding = encoding_in(sample, options.encoding)
    text = sample[:SAMPLE_BYTES].decode(encoding, "replace").removeprefix("\ufeff")
    form = options.format if options.format != AUTO else _form_of(text)
    if form in {GPX, AIVDM}:
        return Recognised(form, encoding)
    return _table(text, encoding, options)


def _form_of(text: str) -> str:
    beginning = text.lstrip()[:2_000]
    if beginning.startswith("<") and re.search(r"<(\w+:)?gpx[\s>]", beginning):
        return GPX
    lines = text.splitlines()[:500]
    return AIVDM if any(BEGINNING.search(line) for line in lines) else AUTO


def _table(text: str, encoding: str, options: Options) -> Recognised:
    lines = text.splitlines()[:HEADER_LINES]
    for number, line in enumerate(lines, 1):
        found = _layout(line, options)
        if found is None:
            continue
        lacking = missing(found, has_mmsi=bool(options.mmsi))
        if lacking:
            raise CannotRead(
                f"No column holds {_listed(_WORDS[name] for name in lacking)}. Say which one, or the MMSI."
            )
        if options.format not in {AUTO, found.format}:
            raise CannotRead(f"This is not the format that was said: the columns are those of “{found.format}”.")
        return Recognised(found.format, encoding, delimiter_of(line), found, number)
    raise CannotRead(_not_known(lines, options))


def _layout(line: str, options: Options) -> Layout | None:
    try:
        headers = cells_of(line, delimiter_of(line))
    except Rejected:
        return None
    if options.columns:
        return mapped(headers, options.columns)
    return layout_of(headers) if options.format != GENERIC else None


def _not_known(lines: list[str], options: Options) -> str:
    if options.columns:
        return f"No line among the first {HEADER_LINES} has the columns {_listed(options.columns.values())}."
    headers = _likely_headers(lines)
    if not headers:
        return "This is no position file: no table with headers, no GPX and no AIS sentences were found in it."
    return (
        f"These are not the columns of a known layout: {_listed(headers[:20])}. "
        "Say which column holds the MMSI, the time, the latitude and the longitude."
    )


def _likely_headers(lines: list[str]) -> list[str]:
    """Return the first line that could be one of headers: several cells, none of them a number."""
    for line in lines:
        if line.lstrip().startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split(delimiter_of(line))]
        if len(cells) > 2 and not any(re.fullmatch(r"[-+]?[\d.]+", cell) for cell in cells) and all(map(plain, cells)):
            return [cell[:40] for cell in cells]
    return []


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


class PositionFile:
    """A position file as it streams by; read `fixes` once. `position` says how many bytes of it have been read."""

    def __init__(self, chunks: Iterable[bytes], options: Options) -> None:
        rest = iter(chunks)
        sample, held = b"", []
        while len(sample) < SAMPLE_BYTES and (chunk := next(rest, None)) is not None:
            held.append(chunk)
            sample += chunk
        self.recognised = recognise(sample, options)
        self._stream = ChunkStream(itertools.chain(held, rest))
        self._options = replace(options, format=self.recognised.format)

    @property
    def format(self) -> str:
        return self.recognised.format

    @property
    def position(self) -> int:
        return self._stream.position

    def fixes(self, log: Log) -> Iterator[Fix]:
        """Yield every fix; what is wrong goes to `log`.

        Raises:
            CannotRead: the file turned out to need something that was not said.
        """
        if self.format == GPX:
            return GpxReader(self._options, log).fixes(self._stream)
        lines = numbered(text_of(self._stream, self.recognised.encoding))
        if self.format == AIVDM:
            return SentenceReader(self._options, log).fixes(lines)
        return self._rows(lines, log)

    def _rows(self, lines: Iterator[tuple[int, str]], log: Log) -> Iterator[Fix]:
        found = self.recognised
        if found.layout is None:
            raise CannotRead(_not_known([], self._options))
        behind = itertools.dropwhile(lambda numbered_line: numbered_line[0] <= found.header_row, lines)
        try:
            reader = TableReader(found.layout, found.delimiter, self._options, log)
        except Rejected as refusal:
            raise CannotRead(f"The MMSI that was given: {refusal.reason}") from refusal
        return reader.fixes(behind)
