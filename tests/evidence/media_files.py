"""Writes small films and sounds for tests, box by box."""

import struct

SECOND_OF_SILENCE = bytes(8_000)


def box(kind: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I", 8 + len(inside)) + kind + inside


def movie_header(*, seconds: float = 2.5, created: int = 3_800_000_000) -> bytes:
    return box(b"mvhd", struct.pack(">IIIII", 0, created, created, 1000, int(seconds * 1000)), bytes(80))


def track(kind: bytes = b"vide", codec: bytes = b"avc1", width: int = 640, height: int = 480) -> bytes:
    header = box(b"tkhd", bytes(76), struct.pack(">HHHH", width, 0, height, 0))
    described = box(b"stsd", bytes(4), struct.pack(">I", 1), box(codec, bytes(70)))
    media = box(b"mdia", box(b"hdlr", bytes(8), kind, bytes(13)), box(b"minf", box(b"stbl", described)))
    return box(b"trak", header, media)


def keys(**values: str) -> bytes:
    """Return QuickTime's metadata; dots stand for the underscores of a name."""
    names = [f"com.apple.quicktime.{name.replace('_', '.')}".encode() for name in values]
    listed = box(b"keys", bytes(4), struct.pack(">I", len(names)), *(box(b"mdta", name) for name in names))
    items = [
        box(struct.pack(">I", number), box(b"data", struct.pack(">II", 1, 0), value.encode()))
        for number, value in enumerate(values.values(), 1)
    ]
    return box(b"meta", box(b"hdlr", bytes(8), b"mdta", bytes(13)), listed, box(b"ilst", *items))


def mp4(*inside: bytes, brand: bytes = b"isom") -> bytes:
    parts = inside or (movie_header(), track(), track(b"soun", b"mp4a", 0, 0))
    return box(b"ftyp", brand, bytes(4)) + box(b"moov", *parts) + box(b"mdat", bytes(64))


def element(identifier: int, *content: bytes) -> bytes:
    inside = b"".join(content)
    length = (identifier.bit_length() + 7) // 8
    return identifier.to_bytes(length, "big") + (len(inside) | 1 << 56).to_bytes(8, "big") + inside


def webm(*, doc_type: bytes = b"webm", duration: bytes = struct.pack(">d", 2500.0)) -> bytes:
    information = element(
        0x1549A966,
        element(0x2AD7B1, (1_000_000).to_bytes(3, "big")),
        element(0x4489, duration),
        element(0x4461, (750_000_000 * 10**9).to_bytes(8, "big")),
        element(0x5741, b"a test"),
    )
    video = element(0xE0, element(0xB0, b"\x02\x80"), element(0xBA, b"\x01\xe0"))
    picture = element(0xAE, element(0x83, b"\x01"), element(0x86, b"V_VP8"), video)
    sound = element(0xAE, element(0x83, b"\x02"), element(0x86, b"A_OPUS"))
    tracks = element(0x1654AE6B, picture, sound)
    return element(0x1A45DFA3, element(0x4282, doc_type)) + element(
        0x18538067, information, tracks, element(0x1F43B675)
    )


def wav(content: bytes = SECOND_OF_SILENCE, *, rate: int = 8_000, stated: int | None = None) -> bytes:
    described = struct.pack("<HHIIHH", 1, 1, rate, rate, 1, 8)
    size = len(content) if stated is None else stated
    inside = b"WAVEfmt " + struct.pack("<I", len(described)) + described + b"data" + struct.pack("<I", size) + content
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def flac(*, rate: int = 44_100, samples: int = 88_200) -> bytes:
    packed = (rate << 44 | 1 << 41 | 15 << 36 | samples).to_bytes(8, "big")
    return b"fLaC\x80\x00\x00\x22" + bytes(10) + packed + bytes(16)


def ogg(head: bytes, position: int) -> bytes:
    def page(content: bytes, at: int) -> bytes:
        return (
            b"OggS\x00\x02"
            + at.to_bytes(8, "little", signed=True)
            + bytes(12)
            + b"\x01"
            + bytes([len(content)])
            + content
        )

    return page(head, 0) + page(b"sound", position)


def opus() -> bytes:
    return ogg(b"OpusHead\x01\x02" + (312).to_bytes(2, "little") + bytes(7), 96_312)


def vorbis() -> bytes:
    return ogg(b"\x01vorbis" + bytes(4) + b"\x01" + (8_000).to_bytes(4, "little") + bytes(14), 16_000)


def mp3(*, frames: int | None = 100) -> bytes:
    counted = b"Xing\x00\x00\x00\x01" + frames.to_bytes(4, "big") if frames is not None else b""
    frame = b"\xff\xfb\x90\x00" + bytes(32) + counted
    return b"ID3\x03\x00\x00\x00\x00\x00\x0a" + bytes(10) + frame + bytes(16_000 - len(frame))
