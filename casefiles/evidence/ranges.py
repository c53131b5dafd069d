"""Which part of a file a request asks for (RFC 9110, 14.2). Pure."""

import re
from dataclasses import dataclass

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Unsatisfiable(ValueError):
    """The part asked for lies beyond the end."""


@dataclass(frozen=True)
class ByteRange:
    """Bytes from `start` up to, not including, `stop`."""

    start: int
    stop: int


def asked_range(header: str, size_bytes: int) -> ByteRange | None:
    """Return the part that a Range header asks for, or None for the whole.

    Whatever is not one range of bytes is answered whole, as the standard allows: several ranges, other units, nonsense.

    Raises:
        Unsatisfiable: it begins behind the last byte.
    """
    match = _RANGE.fullmatch(header.replace(" ", ""))
    if not match or (not match[1] and not match[2]):
        return None
    if not match[1]:
        return _last(int(match[2]), size_bytes)
    start, last = int(match[1]), int(match[2]) if match[2] else size_bytes - 1
    if last < start and match[2]:
        return None
    if start >= size_bytes:
        raise Unsatisfiable
    return ByteRange(start, min(last + 1, size_bytes))


def _last(count: int, size_bytes: int) -> ByteRange:
    if not count or not size_bytes:
        raise Unsatisfiable
    return ByteRange(max(0, size_bytes - count), size_bytes)
