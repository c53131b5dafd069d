"""The records of a ZIP archive by their layout: its end, the directory, sizes, extra fields and names.

Pure. Layout and numbers: PKWARE APPNOTE 6.3.10, sections 4.3.7 to 4.5.3 and 4.6.9.
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from casefiles.evidence.readers.findings import NotParsed

LOCAL = struct.Struct("<4s2xHH4xIIIHH")
ENTRY = struct.Struct("<4sH2xHH4xIIIHHHH2xII")
LOCAL_SIGNATURE, ENTRY_SIGNATURE = b"PK\x03\x04", b"PK\x01\x02"
DESCRIPTOR_SIGNED = b"PK\x07\x08"

_END = struct.Struct("<IHHHHIIH")
_END_SIGNATURE = b"PK\x05\x06"
_WIDE_END = struct.Struct("<IQHHIIQQQQ")
_WIDE_END_SIGNATURE = 0x06064B50
_LOCATOR = struct.Struct("<IIQI")
_LOCATOR_SIGNATURE = 0x07064B50
_LONGEST_COMMENT = 0xFFFF
_WIDE_SIZES, _UNICODE_PATH = 0x0001, 0x7075
_FULL_16, _FULL_32 = 0xFFFF, 0xFFFFFFFF


class LocalHeader(NamedTuple):
    """What stands before an entry's bytes, but for its name and extra fields."""

    signature: bytes
    flags: int
    method: int
    crc32: int
    packed: int
    size: int
    name_length: int
    extra_length: int


class ListedHeader(NamedTuple):
    """What the central directory says of an entry, but for its name, extra fields and comment."""

    signature: bytes
    made_by: int
    flags: int
    method: int
    crc32: int
    packed: int
    size: int
    name_length: int
    extra_length: int
    comment_length: int
    disk: int
    attributes: int
    offset: int

    @property
    def mode(self) -> int:
        """The permissions and kind of the file, where the archive was made on Unix."""
        return self.attributes >> 16 if self.made_by >> 8 == 3 else 0


@dataclass(frozen=True)
class Directory:
    """Where the central directory lies, and how many entries it has."""

    offset: int
    size: int
    count: int


@dataclass(frozen=True)
class Sizes:
    """The three numbers of an entry that may be too large for their fields."""

    size: int
    packed: int
    offset: int

    def widened(self, extras: Mapping[int, bytes]) -> "Sizes":
        """Return the numbers with those that are "too large" taken from the ZIP64 field.

        Raises:
            NotParsed: the field does not hold what is missing, or contradicts what is not.
        """
        wide = extras.get(_WIDE_SIZES)
        if wide is None:
            if _FULL_32 in (self.size, self.packed, self.offset):
                raise NotParsed("a size is missing in it")
            return self
        numbers = [int.from_bytes(wide[place : place + 8], "little") for place in range(0, len(wide) - 7, 8)]
        values = []
        for value in (self.size, self.packed, self.offset):
            if value == _FULL_32 and not numbers:
                raise NotParsed("a size is missing in it")
            values.append(numbers.pop(0) if value == _FULL_32 else value)
        # Readers that look at this field first would see other sizes than those that do not.
        if any(number not in values for number in numbers):
            raise NotParsed("two sizes in it contradict each other")
        return Sizes(*values)


def directory_of(file: BinaryIO) -> Directory:
    """Return the central directory of an archive that ends with the last byte of the file.

    Raises:
        NotParsed: its end is missing, stands there twice, or contradicts itself.
    """
    size_bytes = file.seek(0, 2)
    file.seek(max(0, size_bytes - _END.size - _LONGEST_COMMENT))
    tail = file.read()
    place = _place_of_end(tail)
    (_signature, disk, start_disk, here, count, size, offset, _comment) = _END.unpack_from(tail, place)
    end = size_bytes - len(tail) + place
    directory, ends_at = Directory(offset, size, count), end
    if here != count or (disk, start_disk) != (0, 0):
        raise NotParsed("it is one part of an archive in several")
    locator = _locator(file, end)
    if locator is not None:
        directory, ends_at = _wide_directory(file, locator, directory, end)
    elif _FULL_16 == count or _FULL_32 in (size, offset):
        raise NotParsed("its end is damaged")
    if directory.offset + directory.size != ends_at:
        raise NotParsed("bytes stand before the archive, or between its parts")
    return directory


def _place_of_end(tail: bytes) -> int:
    """Return where the one end record stands whose comment reaches to the last byte."""
    fitting, place = [], tail.find(_END_SIGNATURE)
    while place >= 0:
        if len(tail) >= place + _END.size:
            comment_length = int.from_bytes(tail[place + 20 : place + 22], "little")
            if place + _END.size + comment_length == len(tail):
                fitting.append(place)
        place = tail.find(_END_SIGNATURE, place + 1)
    if not fitting:
        raise NotParsed("it is cut off, or other bytes stand behind the archive")
    # An end inside the comment of another end: each reader would choose its own.
    if len(fitting) > 1 or _END_SIGNATURE in tail[fitting[0] + _END.size :]:
        raise NotParsed("it has two ends, so two archives could be read from it")
    return fitting[0]


def _locator(file: BinaryIO, end: int) -> int | None:
    """Return where the ZIP64 end record is said to stand, if anything says so."""
    if end < _LOCATOR.size:
        return None
    file.seek(end - _LOCATOR.size)
    signature, disk, place, disks = _LOCATOR.unpack(file.read(_LOCATOR.size))
    if signature != _LOCATOR_SIGNATURE:
        return None
    if disk != 0 or disks > 1:
        raise NotParsed("it is one part of an archive in several")
    return int(place)


def _wide_directory(file: BinaryIO, place: int, narrow: Directory, end: int) -> tuple[Directory, int]:
    if place + _WIDE_END.size != end - _LOCATOR.size:
        raise NotParsed("its end is damaged")
    file.seek(place)
    (signature, length, _made, _needs, disk, start_disk, here, count, size, offset) = _WIDE_END.unpack(
        file.read(_WIDE_END.size)
    )
    if signature != _WIDE_END_SIGNATURE or length != _WIDE_END.size - 12 or here != count or disk or start_disk:
        raise NotParsed("its end is damaged")
    pairs = ((narrow.count, count, _FULL_16), (narrow.size, size, _FULL_32), (narrow.offset, offset, _FULL_32))
    if any(short not in (wide, full) for short, wide, full in pairs):
        raise NotParsed("two sizes in it contradict each other")
    return Directory(offset, size, count), place


def extras_of(content: bytes) -> dict[int, bytes]:
    """Return the extra fields of a header by their number.

    Raises:
        NotParsed: one of those that change what is read stands there twice, or is cut off.
    """
    found: dict[int, bytes] = {}
    position = 0
    while position + 4 <= len(content):
        number, length = struct.unpack_from("<HH", content, position)
        field = content[position + 4 : position + 4 + length]
        if number in (_WIDE_SIZES, _UNICODE_PATH) and (number in found or len(field) < length):
            raise NotParsed("a field in it is damaged, or stands there twice")
        found.setdefault(number, field)
        position += 4 + length
    return found


def decoded_name(raw: bytes, *, is_utf_8: bool, extras: Mapping[int, bytes]) -> str:
    """Return a name as text: UTF-8 where it is marked so, else the code page of the first PCs.

    Raises:
        NotParsed: it is not in the encoding it claims, or a second name in it differs.
    """
    try:
        name = raw.decode("utf-8" if is_utf_8 else "cp437")
    except UnicodeDecodeError as error:
        raise NotParsed("a name in it is not in the encoding it claims") from error
    other = extras.get(_UNICODE_PATH)
    if other is not None and not _is_same_name(other, raw, name):
        raise NotParsed("a part of it has two names")
    return name


def _is_same_name(field: bytes, raw: bytes, name: str) -> bool:
    if len(field) < 5 or field[0] != 1 or int.from_bytes(field[1:5], "little") != zlib.crc32(raw):
        return False
    return field[5:] in (raw, name.encode())
