"""Matroska and WebM: duration, size, codecs and times from their elements (RFC 8794, RFC 9559)."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from casefiles.evidence.readers.findings import Claim, Findings, NotParsed, Plain

_EPOCH = datetime(2001, 1, 1, tzinfo=UTC)
_MOST_ELEMENTS, _DEEPEST = 20_000, 6
_PAYLOAD_BYTES = 4_096
_HEADER, _SEGMENT, _INFO, _TRACKS, _TRACK, _VIDEO = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0xE0
_CLUSTER = 0x1F43B675
_FOLDERS = {_HEADER, _SEGMENT, _INFO, _TRACKS, _TRACK, _VIDEO}
_DOC_TYPE, _SCALE, _DURATION, _DATE, _TITLE, _MUXER, _WRITER = 0x4282, 0x2AD7B1, 0x4489, 0x4461, 0x7BA9, 0x4D80, 0x5741
_KIND, _CODEC, _WIDTH, _HEIGHT = 0x83, 0x86, 0xB0, 0xBA
_KINDS = {1: "video", 2: "sound", 17: "subtitles"}
_WANTED = {
    _DOC_TYPE, _SCALE, _DURATION, _DATE, _TITLE, _MUXER, _WRITER, _KIND, _CODEC, _WIDTH, _HEIGHT,
}  # fmt: skip


def read_matroska(file: BinaryIO, size_bytes: int) -> Findings:
    """Return what a Matroska or WebM file is.

    Raises:
        NotParsed: it has no description of what it plays.
    """
    found = list(_elements(file, 0, size_bytes, [0], 0))
    values = dict(reversed(found))
    tracks = _tracks(found)
    if not tracks:
        raise NotParsed("it holds no description of what it plays")
    measured: dict[str, Plain] = {}
    seconds = _duration(values)
    if seconds is not None:
        measured["duration_s"] = seconds
    shown = next((track for track in tracks if track.get("kind") == "video"), {})
    measured |= {name: shown[key] for name, key in (("width_px", "width"), ("height_px", "height")) if key in shown}
    measured["codecs"] = [f"{track.get('kind', 'other')} {track.get('codec', '')}".strip() for track in tracks]
    form = "WebM" if values.get(_DOC_TYPE) == b"webm" else "Matroska"
    return Findings(form, measured, tuple(_claims(values)), warnings=() if seconds is not None else (_NO_DURATION,))


_NO_DURATION = "It does not say how long it is."


def _claims(values: dict[int, bytes]) -> Iterator[Claim]:
    if len(values.get(_DATE, b"")) == 8:
        nanoseconds = int.from_bytes(values[_DATE], "big", signed=True)
        at = _EPOCH + timedelta(microseconds=nanoseconds // 1000)
        yield Claim("captured", at.strftime("%Y-%m-%dT%H:%M:%SZ"), "DateUTC")
    for key, element, where in (("title", _TITLE, "Title"), ("software", _WRITER, "WritingApp")):
        text = _text(values.get(element, b""))
        if text:
            yield Claim(key, text, where)


def _tracks(found: list[tuple[int, bytes]]) -> list[dict[str, Plain]]:
    tracks: list[dict[str, Plain]] = []
    for element, payload in found:
        if element == _TRACK:
            tracks.append({})
        elif tracks and element in {_WIDTH, _HEIGHT}:
            tracks[-1]["width" if element == _WIDTH else "height"] = int.from_bytes(payload[:8], "big")
        elif tracks and element == _CODEC:
            tracks[-1]["codec"] = _text(payload)[:40]
        elif tracks and element == _KIND:
            tracks[-1]["kind"] = _KINDS.get(int.from_bytes(payload[:8], "big"), "other")
    return tracks


def _duration(values: dict[int, bytes]) -> float | None:
    payload = values.get(_DURATION, b"")
    if len(payload) not in {4, 8}:
        return None
    length = struct.unpack(">f" if len(payload) == 4 else ">d", payload)[0]
    scale = int.from_bytes(values.get(_SCALE, b"\x0f\x42\x40")[:8], "big")
    seconds = length * scale / 1e9
    return round(seconds, 3) if 0 <= seconds < 1e9 else None


def _elements(file: BinaryIO, start: int, end: int, seen: list[int], depth: int) -> Iterator[tuple[int, bytes]]:
    """Yield the elements that are wanted, in their order, down through those that hold others; media is passed over."""
    while start < end and seen[0] < _MOST_ELEMENTS:
        seen[0] += 1
        file.seek(start)
        head = file.read(12)
        element, id_length = _number(head, keeps_mark=True)
        size, size_length = _number(head[id_length:], keeps_mark=False)
        if not id_length or not size_length or element == _CLUSTER:
            return
        content = start + id_length + size_length
        # All ones mean that the size is not known: it reaches to the end of what holds it.
        stop = end if size == (1 << 7 * size_length) - 1 else min(end, content + size)
        if element == _TRACK:
            yield element, b""
        if element in _FOLDERS and depth < _DEEPEST:
            yield from _elements(file, content, stop, seen, depth + 1)
        elif element in _WANTED:
            file.seek(content)
            yield element, file.read(min(_PAYLOAD_BYTES, stop - content))
        start = stop


def _number(head: bytes, *, keeps_mark: bool) -> tuple[int, int]:
    """Return a number whose first byte says how long it is, and its length; a length of 0 where there is none."""
    if not head or not head[0]:
        return 0, 0
    length = 9 - head[0].bit_length()
    if len(head) < length or (keeps_mark and length > 4):
        return 0, 0
    value = int.from_bytes(head[:length], "big")
    return (value if keeps_mark else value & ~(1 << 7 * length)), length


def _text(payload: bytes) -> str:
    return payload.decode("utf-8", "replace").strip("\x00 ")[:500]
