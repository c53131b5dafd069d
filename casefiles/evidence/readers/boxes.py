"""MP4 and QuickTime: duration, size, codecs and times from their boxes (ISO/IEC 14496-12; Apple's QuickTime keys)."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from casefiles.evidence.readers.findings import Claim, Findings, NotParsed, Plain

_MOST_BOXES = 20_000
_DEEPEST = 10
_PAYLOAD_BYTES = 64 * 1024
_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
_FOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"udta"}
_KINDS = {b"vide": "video", b"soun": "sound"}
_KEYS = {
    "com.apple.quicktime.creationdate": "captured", "com.apple.quicktime.location.ISO6709": "position",
    "com.apple.quicktime.make": "camera", "com.apple.quicktime.model": "camera",
    "com.apple.quicktime.software": "software",
}  # fmt: skip
CUT = "It is cut off: a part of it would reach beyond the end of the file."


@dataclass
class _Track:
    kind: str = ""
    codec: str = ""
    width: int = 0
    height: int = 0


@dataclass
class _Film:
    """What the boxes said so far."""

    brand: str = ""
    seconds: float | None = None
    created: str = ""
    tracks: list[_Track] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    boxes: int = 0

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def read_film(file: BinaryIO, size_bytes: int) -> Findings:
    """Return what an MP4 or QuickTime file is.

    Raises:
        NotParsed: it has no description of what it plays.
    """
    film = _Film()
    _walk(file, 0, size_bytes, film, 0)
    if not film.tracks and film.seconds is None:
        raise NotParsed("it holds no description of what it plays")
    measured: dict[str, Plain] = {"duration_s": film.seconds} if film.seconds is not None else {}
    shown = next((track for track in film.tracks if track.kind == "video"), None)
    if shown:
        measured |= {"width_px": shown.width, "height_px": shown.height}
    measured["codecs"] = [f"{track.kind or 'other'} {track.codec}".strip() for track in film.tracks]
    created = [Claim("captured", film.created, "mvhd")] if film.created else []
    form = "QuickTime" if film.brand.strip() == "qt" else f"MP4 ({film.brand.strip()})" if film.brand else "MP4"
    return Findings(form, measured, tuple([*film.claims, *created]), warnings=tuple(film.warnings))


def _walk(file: BinaryIO, start: int, end: int, film: _Film, depth: int) -> None:
    for kind, content, stop in _boxes(file, start, end, film):
        if kind in _FOLDERS and depth < _DEEPEST:
            if kind == b"trak":
                film.tracks.append(_Track())
            _walk(file, content, stop, film, depth + 1)
        elif kind == b"meta" and depth < _DEEPEST:
            # QuickTime's has no version before its boxes, MP4's has.
            skip = 0 if _payload(file, content, stop)[4:8] == b"hdlr" else 4
            _walk(file, content + skip, stop, film, depth + 1)
        elif kind == b"ilst" and depth < _DEEPEST:
            _values(file, content, stop, film)
        elif kind in _READERS:
            _READERS[kind](_payload(file, content, stop), film)


def _boxes(file: BinaryIO, start: int, end: int, film: _Film) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and end of the content of each box between two bytes."""
    while start + 8 <= end and film.boxes < _MOST_BOXES:
        film.boxes += 1
        file.seek(start)
        head = file.read(16)
        size, kind, content = int.from_bytes(head[:4], "big"), head[4:8], start + 8
        if size == 1 and len(head) == 16:
            size, content = int.from_bytes(head[8:16], "big"), start + 16
        elif size == 0:
            size = end - start
        if size < content - start:
            film.warn("It is damaged: a part of it claims an impossible size.")
            return
        if start + size > end:
            film.warn(CUT)
        yield kind, content, min(end, start + size)
        start += size


def _payload(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(min(_PAYLOAD_BYTES, end - start))


# --- Single boxes ----------------------------------------------------------------------------------------------------


def _file_type(content: bytes, film: _Film) -> None:
    film.brand = content[:4].decode("ascii", "replace")


def _movie_header(content: bytes, film: _Film) -> None:
    """Version 1 has 64-bit times and durations."""
    if content[:1] == b"\x01" and len(content) >= 32:
        created, _modified, scale, duration = struct.unpack_from(">QQIQ", content, 4)
        unknown = 2**64 - 1
    elif len(content) >= 20:
        created, _modified, scale, duration = struct.unpack_from(">IIII", content, 4)
        unknown = 2**32 - 1
    else:
        return
    if scale and duration not in {0, unknown}:
        film.seconds = round(duration / scale, 3)
    film.created = _time(created)


def _fragmented_duration(content: bytes, film: _Film) -> None:
    # Its scale is the movie's; where the movie's own duration is known, that one stands.
    if film.seconds is None and len(content) >= 8:
        film.warn("It comes in fragments, and does not say how long it is.")


def _track_header(content: bytes, film: _Film) -> None:
    size = content[-8:]
    if film.tracks and len(content) >= 84:
        film.tracks[-1].width, film.tracks[-1].height = (int.from_bytes(size[i : i + 2], "big") for i in (0, 4))


def _handler(content: bytes, film: _Film) -> None:
    if film.tracks and not film.tracks[-1].kind:
        film.tracks[-1].kind = _KINDS.get(content[8:12], "")


def _sample_description(content: bytes, film: _Film) -> None:
    if not film.tracks or len(content) < 16:
        return
    track = film.tracks[-1]
    track.codec = "".join(chr(byte) if 32 < byte < 127 else "?" for byte in content[12:16])
    if track.kind == "video" and len(content) >= 44 and not track.width:
        track.width, track.height = struct.unpack_from(">HH", content, 40)


def _keys(content: bytes, film: _Film) -> None:
    position = 8
    while position + 8 <= len(content) and len(film.keys) < 200:
        size = int.from_bytes(content[position : position + 4], "big")
        if size < 8:
            return
        film.keys.append(content[position + 8 : position + size].decode("utf-8", "replace"))
        position += size


def _values(file: BinaryIO, start: int, end: int, film: _Film) -> None:
    """Read the values of the keys: each box is numbered like its key, and holds a box "data"."""
    for kind, content, stop in _boxes(file, start, end, film):
        number = int.from_bytes(kind, "big")
        name = film.keys[number - 1] if 0 < number <= len(film.keys) else ""
        payload = _payload(file, content, stop)
        if name in _KEYS and payload[4:8] == b"data" and payload[8:12] == b"\x00\x00\x00\x01":
            _take_value(name, payload[16:].decode("utf-8", "replace")[:300], film)


def _take_value(name: str, value: str, film: _Film) -> None:
    key = _KEYS[name]
    known: Plain = position_of(value) if key == "position" else value
    if known:
        film.claims.append(Claim(key, known, name.removeprefix("com.apple.quicktime.")))


def position_of(text: str) -> list[Plain] | None:
    """Return longitude and latitude of a position as ISO 6709 writes it ("+52.3740+004.8897+000.000/")."""

    found = re.match(r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)", text)
    if not found or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        return None
    return [float(found[2]), float(found[1])]


def _time(seconds: int) -> str:
    """Return a count of seconds since 1904 as UTC; zero is what cameras write that do not know."""
    if not 0 < seconds < 2**33:
        return ""
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


_READERS = {
    b"ftyp": _file_type, b"mvhd": _movie_header, b"mehd": _fragmented_duration, b"tkhd": _track_header,
    b"hdlr": _handler, b"stsd": _sample_description, b"keys": _keys,
}  # fmt: skip
