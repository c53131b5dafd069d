"""Sound files: how long, how many channels, at which rate. WAV, FLAC, Ogg and MP3."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from casefiles.evidence.readers.findings import Findings, NotParsed, Plain

_HEAD_BYTES = 64 * 1024
_MOST_CHUNKS = 1_000
_CUT = "It is cut off: it says that it holds more than it does."
_ESTIMATED = "How long it is was estimated from its first second."
# MPEG 1 and 2 layer III, kbit/s, by the number in the header of a frame.
_RATES = {3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)}
_LOW_RATES = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_FREQUENCIES = {3: (44_100, 48_000, 32_000, 0), 2: (22_050, 24_000, 16_000, 0), 0: (11_025, 12_000, 8_000, 0)}


def _found(form: str, channels: int, rate: int, seconds: float | None, *warnings: str) -> Findings:
    measured: dict[str, Plain] = {"channels": channels, "sample_rate_hz": rate}
    if seconds is not None:
        measured["duration_s"] = round(seconds, 3)
    return Findings(form, measured, warnings=tuple(warnings))


def read_wav(file: BinaryIO, size_bytes: int) -> Findings:
    """Return what a WAV file is.

    Raises:
        NotParsed: it does not say how it is to be played.
    """
    channels = rate = bytes_a_second = 0
    for name, start, size in _chunks(file, size_bytes):
        file.seek(start)
        if name == b"fmt " and size >= 16:
            _code, channels, rate, bytes_a_second = struct.unpack("<HHII", file.read(12))
        elif name == b"data" and bytes_a_second:
            held = min(size, size_bytes - start)
            return _found("WAV", channels, rate, held / bytes_a_second, *([_CUT] if held < size else []))
    raise NotParsed("it does not say how it is to be played")


def _chunks(file: BinaryIO, size_bytes: int) -> Iterator[tuple[bytes, int, int]]:
    start = 12
    for _number in range(_MOST_CHUNKS):
        file.seek(start)
        head = file.read(8)
        if len(head) < 8 or start > size_bytes:
            return
        size = int.from_bytes(head[4:], "little")
        yield head[:4], start + 8, size
        start += 8 + size + size % 2


def read_flac(file: BinaryIO, size_bytes: int) -> Findings:
    """Return what a FLAC file is, from its first block.

    Raises:
        NotParsed: that block is not there.
    """
    file.seek(0)
    head = file.read(42)
    if len(head) < 42 or head[4] & 0x7F:
        raise NotParsed("it does not say how it is to be played")
    packed = int.from_bytes(head[18:26], "big")
    rate, channels, samples = packed >> 44, (packed >> 41 & 7) + 1, packed & (1 << 36) - 1
    return _found("FLAC", channels, rate, samples / rate if rate and samples else None)


def read_ogg(file: BinaryIO, size_bytes: int) -> Findings:
    """Return what an Ogg file is, from the head of its first stream and the position in its last page.

    Raises:
        NotParsed: the stream is neither Opus nor Vorbis.
    """
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    file.seek(max(0, size_bytes - _HEAD_BYTES))
    tail = file.read()
    last = tail.rfind(b"OggS")
    position = int.from_bytes(tail[last + 6 : last + 14], "little", signed=True) if last >= 0 else -1
    opus, vorbis = head.find(b"OpusHead"), head.find(b"\x01vorbis")
    if 0 <= opus < 300 and len(head) > opus + 12:
        # Opus always counts in 48 kHz, and starts with samples that are not played.
        skipped = int.from_bytes(head[opus + 10 : opus + 12], "little")
        return _found("Ogg Opus", head[opus + 9], 48_000, _seconds(position - skipped, 48_000))
    if 0 <= vorbis < 300 and len(head) > vorbis + 16:
        rate = int.from_bytes(head[vorbis + 12 : vorbis + 16], "little")
        return _found("Ogg Vorbis", head[vorbis + 11], rate, _seconds(position, rate))
    raise NotParsed("it holds no stream of a known kind")


def _seconds(samples: int, rate: int) -> float | None:
    return samples / rate if samples >= 0 and rate else None


def read_mp3(file: BinaryIO, size_bytes: int) -> Findings:
    """Return what an MP3 file is: as its first frame counts the others, else estimated.

    Raises:
        NotParsed: no frame was found near its start.
    """
    start = _behind_tag(file)
    file.seek(start)
    head = file.read(_HEAD_BYTES)
    for place in range(max(0, len(head) - 4)):
        if head[place] == 0xFF and (frame := _frame(head[place : place + 4])) is not None:
            return _mp3(head[place:], size_bytes - start - place, *frame)
    raise NotParsed("it holds no frame of sound")


def _mp3(head: bytes, held: int, version: int, bits_a_second: int, rate: int, channels: int) -> Findings:
    samples = 1_152 if version == 3 else 576
    for mark in (b"Xing", b"Info"):
        place = head.find(mark, 0, 200)
        if place >= 0 and head[place + 7 : place + 8] and head[place + 7] & 1:
            frames = int.from_bytes(head[place + 8 : place + 12], "big")
            return _found("MP3", channels, rate, frames * samples / rate)
    return _found("MP3", channels, rate, held * 8 / bits_a_second, _ESTIMATED)


def _behind_tag(file: BinaryIO) -> int:
    """Return where the sound begins behind a tag of ID3, whose size has seven bits a byte."""
    file.seek(0)
    head = file.read(10)
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _frame(head: bytes) -> tuple[int, int, int, int] | None:
    """Return version, bits a second, rate and channels of a frame of layer III, or None where this is none."""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    if head[1] & 0xE0 != 0xE0 or layer != 1 or version == 1:
        return None
    rate = _FREQUENCIES[version][head[2] >> 2 & 3]
    kilobits = (_RATES[3] if version == 3 else _LOW_RATES)[head[2] >> 4]
    if not rate or not kilobits:
        return None
    return version, kilobits * 1000, rate, 1 if head[3] >> 6 == 3 else 2
