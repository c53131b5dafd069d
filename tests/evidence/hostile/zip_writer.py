"""Writes ZIP archives record by record, so that any of them may lie."""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

END, LOCATOR, WIDE_END = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
FULL_16, FULL_32 = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True)
class Part:
    """One entry. What is None is filled in truthfully; `local` and `listed` overwrite single fields of one header."""

    name: bytes
    content: bytes = b""
    method: int = 0
    flags: int = 0
    extra: bytes = b""
    local_extra: bytes | None = None
    mode: int = 0
    packed: bytes | None = None
    descriptor: bytes = b""
    local: dict[str, int | bytes] = field(default_factory=dict)
    listed: dict[str, int | bytes] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        if self.packed is not None:
            return self.packed
        return deflated(self.content) if self.method == 8 else self.content

    @property
    def values(self) -> dict[str, int | bytes]:
        return {
            "flags": self.flags, "method": self.method, "crc": zlib.crc32(self.content), "packed": len(self.data),
            "size": len(self.content), "name": self.name, "extra": self.extra,
        }  # fmt: skip


def deflated(content: bytes) -> bytes:
    packing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packing.compress(content) + packing.flush()


def local_header(part: Part) -> bytes:
    extra = part.extra if part.local_extra is None else part.local_extra
    values = {**part.values, "extra": extra, **part.local}
    return struct.pack(
        "<4sHHHHHIIIHH", b"PK\x03\x04", 20, values["flags"], values["method"], 0, 0x21, values["crc"], values["packed"],
        values["size"], len(values["name"]), len(values["extra"]),
    ) + values["name"] + values["extra"]  # fmt: skip


def listed_header(part: Part, offset: int) -> bytes:
    values = {**part.values, "offset": offset, "disk": 0, "comment": b"", **part.listed}
    return struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 3 << 8 | 20, 20, values["flags"], values["method"], 0, 0x21,
        values["crc"], values["packed"], values["size"], len(values["name"]), len(values["extra"]),
        len(values["comment"]), values["disk"], 0, part.mode << 16, values["offset"],
    ) + values["name"] + values["extra"] + values["comment"]  # fmt: skip


def end(number: int, size: int, offset: int, comment: bytes = b"", **lies: int) -> bytes:
    values = {"disk": 0, "start": 0, "here": number, "count": number, "size": size, "offset": offset,
              "comment": len(comment), **lies}  # fmt: skip
    return struct.pack("<4sHHHHIIH", END, *values.values()) + comment


def wide_end(number: int, size: int, offset: int, **lies: int) -> bytes:
    values = {"length": 44, "made": 45, "needs": 45, "disk": 0, "start": 0, "here": number, "count": number,
              "size": size, "offset": offset, **lies}  # fmt: skip
    return struct.pack("<4sQHHIIQQQQ", WIDE_END, *values.values())


def locator(place: int, disks: int = 1) -> bytes:
    return struct.pack("<4sIQI", LOCATOR, 0, place, disks)


def body(parts: Iterable[Part]) -> tuple[bytes, bytes, int]:
    """Return the entries with their bytes, the list of them, and their number."""
    written, listed, place = [], [], 0
    for part in parts:
        listed.append(listed_header(part, place))
        written.append(local_header(part) + part.data + part.descriptor)
        place += len(written[-1])
    return b"".join(written), b"".join(listed), len(listed)


def archive(*parts: Part, comment: bytes = b"", between: bytes = b"", prefix: bytes = b"", **lies: int) -> bytes:
    written, listed, count = body(parts)
    return prefix + written + between + listed + end(count, len(listed), len(written) + len(between), comment, **lies)


def wide_archive(*parts: Part, narrow: tuple[int, int, int] | None = None, **lies: int) -> bytes:
    """Return an archive with a ZIP64 end; `narrow` is what the old end says of count, size and offset."""
    written, listed, count = body(parts)
    place = len(written) + len(listed)
    said = narrow or (FULL_16, FULL_32, FULL_32)
    tail = wide_end(count, len(listed), len(written), **lies) + locator(place) + end(*said)
    return written + listed + tail


def extra(number: int, content: bytes) -> bytes:
    return struct.pack("<HH", number, len(content)) + content


def described(part: Part, form: str = "signed") -> Part:
    """Return an entry as a stream writes it: sizes and checksum behind the bytes."""
    values = (zlib.crc32(part.content), len(part.data), len(part.content))
    forms = {
        "signed": b"PK\x07\x08" + struct.pack("<III", *values),
        "bare": struct.pack("<III", *values),
        "wide": b"PK\x07\x08" + struct.pack("<IQQ", *values),
        "lying": b"PK\x07\x08" + struct.pack("<III", values[0], values[1], values[2] + 1),
    }
    local = {"crc": 0, "packed": 0, "size": 0, **part.local}
    return replace(part, flags=part.flags | 8, local=local, descriptor=forms[form])
