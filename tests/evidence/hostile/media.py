"""E37: films that lie about the size of their parts, nest for ever, or are playlists that point elsewhere."""

import struct
from collections.abc import Iterator

from tests.evidence.media_files import box, element, flac, movie_header, mp3, mp4, ogg, track, wav, webm

Case = tuple[str, str, bytes]


def playlists() -> Iterator[Case]:
    """Yield what is called .mp4 and would make a player fetch something."""
    for target in ("file:///etc/passwd", "http://127.0.0.1:9/x.ts", "concat:/etc/passwd|/etc/hosts"):
        yield "e37", f"HLS to {target}", f"#EXTM3U\n#EXTINF:10,\n{target}\n#EXT-X-ENDLIST\n".encode()
    yield "e37", "DASH", b'<?xml version="1.0"?><MPD><BaseURL>http://127.0.0.1:9/</BaseURL></MPD>'
    yield "e37", "concat script", b"ffconcat version 1.0\nfile /etc/passwd\n"
    yield "e37", "SDP", b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n"


def broken() -> Iterator[Case]:
    """Yield films and sounds that a reader must survive, whatever it says of them."""
    yield "e37", "huge box", struct.pack(">I", 0xFFFFFFFF) + b"ftypisom" + mp4()
    yield "e37", "64-bit size beyond all files", box(b"ftyp", b"isom") + struct.pack(">I4sQ", 1, b"moov", 2**64 - 1)
    yield "e37", "negative size", box(b"ftyp", b"isom") + struct.pack(">i", -5) + b"moov" + bytes(50)
    yield "e37", "size smaller than its head", box(b"ftyp", b"isom") + struct.pack(">I", 3) + b"moov"
    yield "e37", "boxes in boxes", b"\x00\x00\x00\x10ftypisom" + b"\x00\x00\x00\x00moov" * 5_000
    yield "e37", "a million empty boxes", box(b"ftyp", b"isom") + box(b"moov", box(b"free") * 100_000)
    yield "e37", "cut MP4", mp4()[:-200]
    yield "e37", "headers without content", mp4(box(b"mvhd"), box(b"trak", box(b"tkhd"), box(b"hdlr"), box(b"stsd")))
    yield "e37", "durations of for ever", mp4(movie_header(seconds=4_294_967), track())
    yield (
        "e37",
        "keys without end",
        mp4(movie_header(), track(), box(b"meta", box(b"hdlr", bytes(8)), box(b"keys", bytes(5_000)))),
    )
    yield "e37", "Matroska in Matroska", element(0x1A45DFA3, element(0x4282, b"webm")) + b"\x18\x53\x80\x67\xff" * 5_000
    yield "e37", "element of an impossible length", b"\x1a\x45\xdf\xa3\x00" + webm()
    yield "e37", "element that claims everything", b"\x1a\x45\xdf\xa3\x08" + b"\xff" * 40
    yield "e37", "duration that is no number", webm(duration=struct.pack(">d", float("nan")))
    yield "e37", "duration of nine bytes", webm(duration=bytes(9))
    yield "e37", "WAV that claims four gigabytes", wav(stated=0xFFFFFFFF)
    yield "e37", "WAV of empty chunks", wav()[:12] + b"junk\x00\x00\x00\x00" * 10_000
    yield "e37", "FLAC at no rate", flac(rate=0)
    yield "e37", "FLAC cut", flac()[:20]
    yield "e37", "Ogg at a position before its start", ogg(b"OpusHead\x01\x02" + bytes(9), -1)
    yield "e37", "MP3 of nothing but a tag", b"ID3\x03\x00\x00\x7f\x7f\x7f\x7f"
    yield "e37", "MP3 cut", mp3()[:24]
