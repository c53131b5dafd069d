"""Parts of a file on their way out: each piece is checked before it leaves."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from casefiles.core.filestore import NotServed, StoreError
from casefiles.core.filestore.parts import CheckedParts
from casefiles.evidence.actions.files import record_failed_check
from casefiles.evidence.models import File
from casefiles.evidence.ranges import ByteRange, Unsatisfiable, asked_range
from casefiles.evidence.store import store


class _OutgoingPart:
    """A checked part on its way out; a wrong piece breaks the transfer off before it leaves, and is recorded."""

    def __init__(self, parts: CheckedParts, part: ByteRange, file: File, by: Any) -> None:
        """Check the first piece now, so that its damage is still an answer of its own.

        Raises:
            NotServed: it is not the one that was received.
        """
        self._parts, self._file, self._by = parts, file, by
        self._chunks = parts.chunks(part.start, part.stop)
        self._first = next(self._chunks, b"")

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield self._first
            yield from self._chunks
        except NotServed as refusal:
            record_failed_check(self._file, by=self._by, verdict=refusal.verdict)
            raise

    def close(self) -> None:
        self._parts.close()


def part_of(file: File, asked: str, *, by: Any, headers: Mapping[str, str]) -> HttpResponseBase:
    """Answer a Range header, or its absence, with the part of a file that it asks for; 416 where there is none.

    Raises:
        StoreError: the bytes held are not the ones received, or cannot be read.
    """
    parts = checked_parts(file)
    try:
        found = asked_range(asked, file.size_bytes)
    except Unsatisfiable:
        parts.close()
        response = HttpResponse(status=416)
        response.headers["Content-Range"] = f"bytes */{file.size_bytes}"
        return response
    part = found or ByteRange(0, file.size_bytes)
    try:
        outgoing = _OutgoingPart(parts, part, file, by)
    except StoreError:
        parts.close()
        raise
    given = StreamingHttpResponse(outgoing, status=206 if found else 200)
    if found:
        given.headers["Content-Range"] = f"bytes {found.start}-{found.stop - 1}/{file.size_bytes}"
    return dressed(given, part, headers)


def checked_parts(file: File) -> CheckedParts:
    """Open a file to give out parts of it.

    Raises:
        StoreError: the bytes held are not the ones received, or cannot be read.
    """
    held = store().open_verified(file.sha256, size_bytes=file.size_bytes, eager_bytes=0)
    try:
        return CheckedParts(held)
    except BaseException:
        held.close()
        raise


def dressed(response: HttpResponseBase, part: ByteRange, headers: Mapping[str, str]) -> HttpResponseBase:
    """Give an answer the headers of a part of that length."""
    for header, value in {**headers, "Accept-Ranges": "bytes"}.items():
        response.headers[header] = value
    response.headers["Content-Length"] = str(part.stop - part.start)
    return response
