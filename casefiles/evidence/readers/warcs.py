"""Web archives record by record (ISO 28500, WARC 1.0 and 1.1): strict, bounded, and exact about where one breaks.

warcio reads what was sent over HTTP and takes its encodings apart. Where the records begin and end is found here:
warcio's own iterator drops the rest of a file behind one wrong length, and swallows damage of the compression.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from casefiles.evidence.readers.digests import NOT_CHECKABLE, WRONG, StatedDigest
from casefiles.evidence.readers.gzips import OpenAt, Place, unpacked

MOST_RECORDS = 200_000
HEAD_BYTES = 64 * 1024
_CHUNK = 64 * 1024
# A file that was broken on purpose at many places is not followed for ever.
_MOST_RESUMED = 20
_VERSION = re.compile(rb"WARC/(\d\.\d{1,2})\r?\n")
_NEXT = re.compile(rb"\n\r?\n(?=WARC/\d\.\d{1,2}\r?\n)")
_LENGTH = re.compile(r"\d{1,18}")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)

Headers = list[tuple[str, str]]


class Stream:
    """Unpacked bytes from a place on, with the position counted from there."""

    def __init__(self, open_at: OpenAt, place: Place) -> None:
        self._source = unpacked(open_at, place)
        self._ahead, self._at = b"", 0
        self.position = 0

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes; nothing only at the end."""
        content = self._ahead[self._at : self._at + size]
        if content:
            self._at += len(content)
        else:
            content = self._source.read(size)
        self.position += len(content)
        return content

    def peek(self, size: int) -> bytes:
        """Return what comes next without taking it; less than `size` only at the end."""
        while len(self._ahead) - self._at < size and (more := self._source.read(_CHUNK)):
            self._ahead, self._at = self._ahead[self._at :] + more, 0
        return self._ahead[self._at : self._at + size]

    def line(self, most: int) -> bytes:
        """Return the next line with its end, or its first `most` bytes."""
        seen = self.peek(min(most, 512))
        end = seen.find(b"\n") + 1
        if not end:
            seen = self.peek(most)
            end = seen.find(b"\n") + 1
        return self.read(end or len(seen))

    def place_of(self, position: int) -> Place:
        return self._source.place_of(position)

    @property
    def trouble(self) -> str:
        return self._source.trouble


class Body:
    """The block of a record, read to its stated length at most and hashed on the way."""

    def __init__(self, stream: Stream, length: int, *, block_digest: str, payload_digest: str) -> None:
        self._stream, self._left, self.length = stream, length, length
        self.block_digest = StatedDigest(block_digest)
        self.payload_digest = StatedDigest(payload_digest)
        self.is_cut = False
        # Where another record seems to begin inside, for the case that this one's length is wrong.
        self.next_inside: int | None = None
        self._tail = b""

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes of the block; nothing at its end, or where the file ends before."""
        if self._left <= 0 or self.is_cut:
            return b""
        content = self._took(self._stream.read(min(size, self._left)))
        self.payload_digest.update(content)
        return content

    def _took(self, content: bytes) -> bytes:
        self._left -= len(content)
        self.is_cut = not content
        self.block_digest.update(content)
        self._look_inside(content, self._stream.position - len(content))
        return content

    def _look_inside(self, content: bytes, start: int) -> None:
        if self.next_inside is None:
            seen = self._tail + content
            found = _NEXT.search(seen)
            self.next_inside = start - len(self._tail) + found.end() if found else None
            self._tail = seen[-32:]

    def read_head(self) -> bytes:
        """Return the block up to and with its first empty line: what HTTP sends ahead. The payload begins behind."""
        head = b""
        while len(head) < HEAD_BYTES and self._left > 0:
            line = self._took(self._stream.line(min(self._left, HEAD_BYTES - len(head))))
            head += line
            if not line.strip():
                break
        return head

    def read_up_to(self, most: int) -> bytes:
        """Return the rest of the block, or its next `most` bytes."""
        pieces = []
        while most > 0 and (piece := self.read(min(most, _CHUNK))):
            pieces.append(piece)
            most -= len(piece)
        return b"".join(pieces)

    def drain(self) -> None:
        """Read what is left, so that the digests are of the whole block."""
        while self.read(_CHUNK):
            continue

    @property
    def held(self) -> int:
        return self.length - self._left


@dataclass
class Record:
    """One record; its body may be read until the next one is asked for, and its digests are judged from then on."""

    number: int
    place: Place
    version: str
    headers: Headers
    body: Body
    http: StatusAndHeaders | None = None

    def header(self, name: str) -> str:
        """Return the first value of a header of the record, however its name is written."""
        return next((value for known, value in self.headers if known.lower() == name.lower()), "")

    @property
    def type(self) -> str:
        return self.header("WARC-Type").lower()[:40] or "without a type"

    @property
    def url(self) -> str:
        # wget 1.19 wrote addresses in angle brackets.
        return self.header("WARC-Target-URI").strip("<>")

    @property
    def at(self) -> str:
        return self.header("WARC-Date")

    @property
    def status(self) -> int:
        """The status of an answer over HTTP; 0 where there is none."""
        code = self.http.get_statuscode() if self.http and self.type != "request" else ""
        return int(code) if len(code) == 3 and code.isascii() and code.isdigit() else 0

    @property
    def content_type(self) -> str:
        if self.http is None:
            return self.header("Content-Type")
        return str(self.http.get_header("content-type") or "")

    @property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0].strip().lower()[:120]

    @property
    def charset(self) -> str:
        found = _CHARSET.search(self.content_type)
        return found[1] if found else ""

    @property
    def is_chunked(self) -> bool:
        return self.http is not None and "chunked" in str(self.http.get_header("transfer-encoding")).lower()

    @property
    def verdicts(self) -> list[str]:
        """What its own digests are worth, one for each that is stated."""
        stated = []
        if self.header("WARC-Block-Digest"):
            stated.append(self.body.block_digest.verdict)
        # A revisit states the digest of what it refers to, which is another record's payload.
        if self.header("WARC-Payload-Digest") and self.type != "revisit":
            verdict = self.body.payload_digest.verdict
            # Some tools take the digest of the payload before it was cut into chunks, some behind.
            stated.append(NOT_CHECKABLE if verdict == WRONG and self.is_chunked else verdict)
        return stated

    def content(self, most: int) -> bytes:
        """Return what was sent, with its encodings taken off: at most `most` bytes of it."""
        sent = io.BytesIO(self.body.read_up_to(most))
        if self.http is None:
            return sent.read()
        encoding = str(self.http.get_header("content-encoding") or "").strip().lower()
        known = encoding if encoding in BufferedReader.get_supported_decompressors() else None
        reader = ChunkedDataReader if self.is_chunked else BufferedReader
        return bytes(reader(sent, decomp_type=known).read(most))


class Walk:
    """The records of a file, one after another from a place on. `problems` says in our words where it breaks."""

    def __init__(self, open_at: OpenAt, start: Place = Place(0), *, most: int = MOST_RECORDS) -> None:  # noqa: B008 (frozen)
        self._open_at, self._most = open_at, most
        self._stream = Stream(open_at, start)
        self._resumed = 0
        self.problems: list[str] = []

    def __iter__(self) -> Iterator[Record]:
        for number in range(1, self._most + 1):
            record = self._next(number)
            if record is None:
                break
            yield record
            record.body.drain()
            if not self._goes_on(record):
                break
        else:
            self.problems.append(f"It holds more than {self._most:,} records: the others were not read.")
        if self._stream.trouble:
            self.problems.append(f"It cannot be unpacked to its end: {self._stream.trouble}.")

    def _next(self, number: int) -> Record | None:
        """Return the next record, behind whatever is none."""
        while True:
            self._skip_empty_lines()
            if not self._stream.peek(1):
                return None
            place = self._stream.place_of(self._stream.position)
            version = _VERSION.match(self._stream.peek(32))
            headers = self._headers() if version else None
            if version and headers is not None:
                return self._record(number, place, version[1].decode(), headers)
            what = "The record that begins" if version else "What stands"
            wrong = "is cut off in its head, or its head is too long" if version else "is no record"
            self.problems.append(f"{what} at {shown(place)} {wrong}.")
            if not self._resume():
                return None

    def _skip_empty_lines(self) -> None:
        while self._stream.peek(1) in {b"\r", b"\n"}:
            self._stream.read(1)

    def _headers(self) -> Headers | None:
        """Read the version and the named fields; None where they do not end within bounds."""
        self._stream.line(32)
        headers: Headers = []
        room = HEAD_BYTES
        while room > 0:
            line = self._stream.line(room)
            room -= len(line)
            if not line.endswith(b"\n"):
                return None
            if not line.strip():
                return headers
            _take_header(headers, _decoded(line))
        return None

    def _record(self, number: int, place: Place, version: str, headers: Headers) -> Record:
        def named(name: str) -> str:
            return next((value for known, value in headers if known.lower() == name), "")

        stated = named("content-length").strip()
        if not _LENGTH.fullmatch(stated):
            self.problems.append(f"Record {number}, at {shown(place)}, does not state its length.")
        body = Body(
            self._stream,
            int(stated) if _LENGTH.fullmatch(stated) else 0,
            block_digest=named("warc-block-digest"),
            payload_digest=named("warc-payload-digest"),
        )
        record = Record(number, place, version, headers, body)
        if record.header("Content-Type").lower().startswith("application/http"):
            record.http = _http_head(body.read_head())
        return record

    def _goes_on(self, record: Record) -> bool:
        """Step behind a record that was read, or say what is wrong with its end and find the next one."""
        where = f"Record {record.number}, at {shown(record.place)},"
        if record.body.is_cut:
            self.problems.append(f"{where} is cut off: {record.body.held:,} of {record.body.length:,} bytes are held.")
            return self._resume(record.body.next_inside)
        end = self._stream.peek(4)
        if end.startswith((b"\r\n\r\n", b"\n\n")):
            return True
        if len(end) < 4 and not end.strip():
            self.problems.append(f"{where} is the last one, and the mark of its end is cut off.")
            return False
        self.problems.append(f"{where} does not end where its stated length of {record.body.length:,} bytes says.")
        return self._resume(record.body.next_inside)

    def _resume(self, position: int | None = None) -> bool:
        """Go on at the next line that begins a record: at a known position, or wherever one is found."""
        self._resumed += 1
        if self._resumed > _MOST_RESUMED:
            self.problems.append("It breaks at many places, and was read no further.")
            return False
        if position is not None:
            self._stream = Stream(self._open_at, self._stream.place_of(position))
            return True
        while self._stream.peek(1):
            self._stream.line(_CHUNK)
            if _VERSION.match(self._stream.peek(16)):
                return True
        return False


def shown(place: Place) -> str:
    """Say in words where a place is."""
    if not place.skip:
        return f"byte {place.raw:,}"
    return f"byte {place.skip:,} of what is compressed from byte {place.raw:,} on"


def record_at(open_at: OpenAt, place: Place) -> Record | None:
    """Return the record at a place, or None where none begins there."""
    return next(iter(Walk(open_at, place)), None)


def _take_header(headers: Headers, line: str) -> None:
    name, colon, value = line.partition(":")
    if line[:1] in " \t" and headers:
        headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip()}")
    elif colon:
        headers.append((name.strip(), value.strip()))


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _http_head(head: bytes) -> StatusAndHeaders | None:
    try:
        return StatusAndHeadersParser([], verify=False).parse(io.BytesIO(head))
    except EOFError:
        return None
