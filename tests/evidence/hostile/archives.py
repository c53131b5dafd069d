"""E10–E20: ZIP archives that unpack to more than they say, or say one thing to one reader and another to the next."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace

from tests.evidence.hostile.zip_writer import (
    FULL_16,
    FULL_32,
    Part,
    archive,
    body,
    deflated,
    described,
    end,
    extra,
    local_header,
    locator,
    wide_archive,
    wide_end,
)

Case = tuple[str, str, bytes]
ONE, TWO = Part(b"one.txt", b"first"), Part(b"two.txt", b"second")


def refused() -> Iterator[Case]:
    """Yield archives that no reader may take apart: each would be read in two ways, or is a bomb."""
    yield from _bombs()
    yield from _too_many()
    yield from _headers_that_disagree()
    yield from _two_archives_in_one()
    yield from _wide_confusions()
    yield from _names_read_in_two_ways()


def listed() -> Iterator[Case]:
    """Yield archives that are listed, with what is odd about them said."""
    for name in (b"../up.txt", b"/etc/passwd", b"C:\\windows\\x", b"\\\\server\\share", b"a/../../b", b"..\\..\\b"):
        yield "e14", f"name {name!r}", archive(Part(name, b"x"))
    yield "e14", "control characters", archive(Part(b"a\nb\x1b[31m", b"x"))
    yield "e14", "link", archive(Part(b"link", b"/etc/passwd", mode=0o120777))
    yield "e14", "device", archive(Part(b"tty", mode=0o020666))
    yield "e14", "setuid", archive(Part(b"program", b"x", mode=0o104755))
    yield "e16", "case only", archive(Part(b"a.txt", b"x"), Part(b"A.txt", b"y"))
    yield "e17", "encrypted", archive(replace(ONE, flags=1))
    yield "e17", "half encrypted", archive(ONE, replace(TWO, flags=1))
    yield "e17", "strong encryption", archive(replace(ONE, flags=0x41))
    yield "e17", "aes", archive(replace(ONE, flags=1, method=99, extra=extra(0x9901, b"\x02\x00AE\x03\x00\x00")))


def nested(levels: int = 6) -> bytes:
    """Return archives in archives: the form of 42.zip."""
    content = archive(Part(b"0.bin", b"\x00" * 100_000, method=8))
    for level in range(levels):
        content = archive(*(Part(f"{level}-{number}.zip".encode(), content, method=8) for number in range(16)))
    return content


def _bombs() -> Iterator[Case]:
    zeros = b"\x00" * 4_000_000
    yield "e12", "one to a thousand", archive(Part(b"zeros", zeros, method=8))
    yield "e12", "overlapping entries", _overlapping()
    yield "e12", "claims terabytes", _wide_claim(1 << 42)
    for claimed in (1, 100_000):
        part = Part(b"a", b"x" * 50_000, method=8)
        lie = {"size": claimed}
        yield "e12", f"claims {claimed} of 50000", archive(replace(part, local=lie, listed=lie))


def _overlapping() -> bytes:
    """Return two entries that share their bytes, as the most efficient bombs do."""
    inner = Part(b"b", b"x" * 100)
    whole = local_header(inner) + inner.data
    outer = Part(b"a", whole)
    written, listed, _count = body([outer])
    place = len(local_header(outer))
    _inside, second, _one = body([replace(inner, listed={"offset": place})])
    return written + listed + second + end(2, len(listed) + len(second), len(written))


def _wide_claim(size: int) -> bytes:
    wide = extra(1, struct.pack("<QQ", size, 5))
    lie = {"size": FULL_32, "packed": FULL_32}
    return archive(replace(ONE, extra=wide, local=lie, listed=lie))


def _too_many() -> Iterator[Case]:
    written, listed, _count = body([Part(b"a")])
    yield "e13", "1 000 000 empty entries", written + listed * 1_000_000 + _wide_tail(1_000_000, written, listed)
    yield "e13", "65 535 entries", archive(*(Part(f"{number}".encode()) for number in range(65_535)))
    yield "e13", "fewer than it says", archive(ONE, here=2, count=2)
    yield "e13", "more than it says", archive(ONE, TWO, here=1, count=1)


def _wide_tail(count: int, written: bytes, listed: bytes) -> bytes:
    size = len(listed) * count
    return wide_end(count, size, len(written)) + locator(len(written) + size) + end(FULL_16, FULL_32, FULL_32)


def _headers_that_disagree() -> Iterator[Case]:
    for place in ("local", "listed"):
        for key, lie in (("size", 4), ("packed", 4), ("crc", 1), ("method", 8), ("name", b"six.txt"), ("flags", 1),
                         ("flags", 0x800), ("flags", 8), ("flags", 0x2000)):  # fmt: skip
            yield "e15", f"{place} {key} {lie!r}", archive(replace(ONE, **{place: {key: lie}}), TWO)
    yield "e15", "offset", archive(ONE, replace(TWO, listed={"offset": 7}))
    yield "e15", "disk", archive(replace(ONE, listed={"disk": 1}))
    yield "e15", "descriptor that lies", archive(described(ONE, "lying"), TWO)
    yield "e15", "descriptor nobody announced", archive(replace(ONE, descriptor=b"PK\x07\x08" + b"\0" * 12), TWO)
    yield "e15", "descriptor announced and missing", archive(replace(described(ONE), descriptor=b""), TWO)
    yield "e15", "descriptor and other sizes", archive(replace(described(ONE), local={"crc": 0, "packed": 3}), TWO)


def _two_archives_in_one() -> Iterator[Case]:
    plain = archive(ONE)
    yield "e15", "two ends", plain + end(0, 0, len(plain))
    yield "e15", "an end in the comment", archive(ONE, comment=plain)
    yield "e15", "two archives", plain + archive(TWO)
    yield "e15", "prefix", b"#!/bin/sh\n" + plain
    yield "e15", "prefix and offsets that know of it", _moved(b"MZ" * 50)
    yield "e15", "suffix", plain + b"trailing"
    yield "e15", "bytes before the list", archive(ONE, between=b"hidden")
    yield "e15", "bytes behind the list", _gap_behind_list()
    yield "e15", "an entry nobody lists", local_header(TWO) + TWO.data + _moved_archive(len(local_header(TWO)) + 6)
    yield "e15", "torn", plain[:-3]
    yield "e15", "only an end", end(3, 100, 0)
    yield "e15", "several disks", archive(ONE, disk=1, start=1)
    yield "e15", "count here and count", archive(ONE, here=0)
    yield "e15", "comment longer than the file", archive(ONE)[:-2] + b"\xff\xff"


def _moved(prefix: bytes) -> bytes:
    return prefix + _moved_archive(len(prefix))


def _moved_archive(by: int) -> bytes:
    written, listed, count = body([replace(ONE, listed={"offset": by})])
    return written + listed + end(count, len(listed), len(written) + by)


def _gap_behind_list() -> bytes:
    written, listed, count = body([ONE])
    return written + listed + b"hidden" + end(count, len(listed), len(written))


def _wide_confusions() -> Iterator[Case]:
    written, listed, count = body([ONE])
    place = len(written) + len(listed)
    tail = wide_end(count, len(listed), len(written))
    full = end(FULL_16, FULL_32, FULL_32)
    yield "e15", "wide end missing", written + listed + full
    yield "e15", "locator elsewhere", written + listed + tail + locator(0) + full
    yield "e15", "wide end of another length", wide_archive(ONE, length=60)
    yield "e15", "wide count", wide_archive(ONE, narrow=(2, FULL_32, FULL_32))
    yield "e15", "wide offset", wide_archive(ONE, narrow=(FULL_16, FULL_32, 3))
    yield "e15", "wide disks", written + listed + tail + locator(place, disks=2) + full
    yield "e15", "wide end is none", written + listed + b"X" * 56 + locator(place) + full
    yield "e15", "size nobody gives", archive(replace(ONE, local={"size": FULL_32}, listed={"size": FULL_32}))
    other = extra(1, struct.pack("<QQ", 99, 5))
    yield "e15", "wide size beside a narrow one", archive(replace(ONE, extra=other))
    yield "e15", "wide sizes in one header only", archive(replace(ONE, local_extra=other))
    yield "e15", "wide field twice", archive(replace(ONE, extra=other + other))
    yield "e15", "wide field cut off", archive(replace(ONE, extra=struct.pack("<HH", 1, 16) + b"1234"))


def _names_read_in_two_ways() -> Iterator[Case]:
    path = b"\x01" + struct.pack("<I", zlib.crc32(b"one.txt"))
    yield "e15", "unicode path", archive(replace(ONE, extra=extra(0x7075, path + b"six.txt")))
    yield "e15", "unicode path of another checksum", archive(replace(ONE, extra=extra(0x7075, b"\x01\0\0\0\0one.txt")))
    yield "e15", "unicode path of another version", archive(replace(ONE, extra=extra(0x7075, b"\x02")))
    yield "e15", "no name", archive(Part(b"", b"x"))
    yield "e14", "NUL", archive(Part(b"a.txt\x00.exe", b"x"))
    yield "e14", "4 kB", archive(Part(b"a" * 4_096, b"x"))
    yield "e14", "not UTF-8", archive(Part(b"\xff\xfe", b"x", flags=0x800))
    yield "e16", "twice", archive(ONE, replace(ONE, content=b"other"))
    yield "e16", "a folder with bytes", archive(Part(b"folder/", b"x"))
    yield "e16", "file and folder", archive(Part(b"a", b"x"), Part(b"a/", b""))


def sound() -> Iterator[tuple[str, bytes, dict[str, bytes]]]:
    """Yield archives as real programs write them, and what they hold."""
    both = {"one.txt": b"first", "two.txt": b"second"}
    yield "stored", archive(ONE, TWO), both
    yield "deflated", archive(replace(ONE, method=8), replace(TWO, method=8)), both
    yield "commented", archive(ONE, TWO, comment=b"made by hand"), both
    yield "wide", wide_archive(ONE, TWO), both
    for form in ("signed", "bare", "wide"):
        yield f"streamed, {form}", archive(described(replace(ONE, method=8), form), described(TWO, form)), both
    yield "zipfile", _by_zipfile(both, is_streamed=False), both
    yield "zipfile, streamed", _by_zipfile(both, is_streamed=True), both
    yield "utf-8", archive(Part("отчёт.txt".encode(), b"x", flags=0x800)), {"отчёт.txt": b"x"}
    yield "first PCs", archive(Part(b"caf\x82", b"x")), {"café": b"x"}
    yield "empty file", archive(Part(b"empty", b"", method=8)), {"empty": b""}
    yield "empty", end(0, 0, 0), {}
    yield "same unicode path", archive(replace(ONE, extra=_unicode_path(ONE.name))), {"one.txt": b"first"}
    large = bytes(range(256)) * 8_000
    yield "larger than a chunk", archive(Part(b"large", large, method=8, packed=deflated(large))), {"large": large}


def _unicode_path(name: bytes) -> bytes:
    return extra(0x7075, b"\x01" + struct.pack("<I", zlib.crc32(name)) + name)


class _Pipe(io.RawIOBase):
    """A file that cannot go back, as a socket."""

    def __init__(self) -> None:
        self.content = b""

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        self.content += bytes(content)
        return len(content)


def _by_zipfile(entries: dict[str, bytes], *, is_streamed: bool) -> bytes:
    target = _Pipe() if is_streamed else io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            with made.open(name, "w", force_zip64=not is_streamed) as entry:
                entry.write(content)
    return target.content if isinstance(target, _Pipe) else target.getvalue()
