"""A strict reader of ZIP archives: it lists and reads entries, never extracts, and refuses what two readers would read
in two ways.

The records of a ZIP must cover the file from its first byte to its last without gap or overlap, the central directory
and the local headers must agree, and no name may stand there twice. Whatever is listed is therefore what every other
reader sees as well. Pure; a name is text to show, never a path.

Layout and numbers: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from casefiles.evidence.readers.findings import NotParsed
from casefiles.evidence.readers.sections import section
from casefiles.evidence.readers.zip_records import (
    DESCRIPTOR_SIGNED,
    ENTRY,
    ENTRY_SIGNATURE,
    LOCAL,
    LOCAL_SIGNATURE,
    Directory,
    ListedHeader,
    LocalHeader,
    Sizes,
    decoded_name,
    directory_of,
    extras_of,
)

MEBIBYTE = 1024 * 1024
STORED, DEFLATED = 0, 8
_CHUNK = 256 * 1024
_ENCRYPTED, _DESCRIPTOR, _STRONG, _UTF_8, _MASKED = 1 << 0, 1 << 3, 1 << 6, 1 << 11, 1 << 13
# What must be the same in both headers: the rest are hints of the compressor.
_COMPARED = _ENCRYPTED | _DESCRIPTOR | _STRONG | _UTF_8 | _MASKED
_SYMLINK, _KIND_BITS, _SPECIAL_BITS = 0o120000, 0o170000, 0o7000
_RATIO_STARTS = MEBIBYTE


@dataclass(frozen=True)
class ZipLimits:
    """What an archive may claim; sizes are those after unpacking. A ratio is asked of entries over one mebibyte."""

    entries: int = 20_000
    name_bytes: int = 1_000
    entry_bytes: int = 4 * 1024 * MEBIBYTE
    total_bytes: int = 16 * 1024 * MEBIBYTE
    ratio: int = 250


@dataclass(frozen=True)
class Entry:
    """One entry as both of its headers have it. `offset` and `data_offset` count from the start of the file."""

    name: str
    method: int
    size_bytes: int
    packed_bytes: int
    crc32: int
    offset: int
    data_offset: int
    is_encrypted: bool
    mode: int

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")

    @property
    def is_readable(self) -> bool:
        """Whether `chunks` can give its bytes: neither encrypted nor packed in a rare way."""
        return not self.is_encrypted and self.method in {STORED, DEFLATED}

    @property
    def oddities(self) -> tuple[str, ...]:
        """What would do harm to somebody who unpacks the archive elsewhere; each of a few sentences of ours."""
        found = []
        parts = self.name.replace("\\", "/").split("/")
        if ".." in parts or parts[0] == "" or ":" in parts[0] or "\\" in self.name:
            found.append("A name in it leads out of the folder it is unpacked to.")
        if self.mode & _KIND_BITS == _SYMLINK:
            found.append("It holds a link to another place in the file system.")
        elif self.mode & _SPECIAL_BITS or self.mode & _KIND_BITS not in {0, 0o100000, 0o040000}:
            found.append("It holds a device, or a program that would run with the rights of another user.")
        if any(ord(character) < 32 or ord(character) == 127 for character in self.name):
            found.append("A name in it holds control characters.")
        return tuple(found)


class StrictZip:
    """An open archive whose structure was checked whole; no entry was unpacked yet."""

    def __init__(self, file: BinaryIO, limits: ZipLimits = ZipLimits()) -> None:  # noqa: B008 (frozen)
        """Check an archive.

        Raises:
            NotParsed: it is torn or ambiguous, or claims more than the limits allow.
        """
        self._file, self._limits = file, limits
        directory = directory_of(file)
        if directory.count > limits.entries:
            raise NotParsed(f"it lists {directory.count} entries, more than are read")
        listed = _listed(file, directory, limits)
        self.entries = tuple(_placed(file, listed, directory))
        _refuse_ambiguous_names(self.entries)
        _refuse_bombs(self.entries, limits)
        self._by_name = {entry.name: entry for entry in self.entries}

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def entry(self, name: str) -> Entry | None:
        """Return the entry of exactly this name."""
        return self._by_name.get(name)

    def oddities(self) -> tuple[str, ...]:
        """Return what would do harm to whoever unpacks the archive, each sentence once."""
        found = [oddity for entry in self.entries for oddity in entry.oddities]
        if any(entry.is_encrypted for entry in self.entries):
            found.append("Some of what it holds is encrypted.")
        folded = [entry.name.casefold() for entry in self.entries]
        if len(set(folded)) != len(folded):
            found.append("Names in it differ in upper and lower case only.")
        return tuple(dict.fromkeys(found))

    def read(self, name: str, most_bytes: int) -> bytes:
        """Return the bytes of an entry that must be there.

        Raises:
            NotParsed: there is none, it is larger, encrypted or damaged, or its size or checksum is not what it claims.
        """
        entry = self.entry(name)
        if entry is None:
            raise NotParsed("a part that belongs to this form is missing")
        if entry.size_bytes > most_bytes:
            raise NotParsed("a part of it is larger than is read")
        return b"".join(self.chunks(entry))

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """Yield the bytes of an entry; its size and checksum are compared at the end.

        Raises:
            NotParsed: as `read`; drop what was yielded before.
        """
        if not entry.is_readable:
            raise NotParsed("a part of it is encrypted, or packed in a way that is not read")
        said, checksum = 0, 0
        for chunk in _unpacked(self._packed(entry), entry):
            said += len(chunk)
            if said > entry.size_bytes:
                raise NotParsed("a part of it is larger than it claims")
            checksum = zlib.crc32(chunk, checksum)
            yield chunk
        if (said, checksum) != (entry.size_bytes, entry.crc32):
            raise NotParsed("a part of it is not of the size or checksum that it claims")

    def stored(self, entry: Entry) -> BinaryIO:
        """Return an entry that was stored unpacked as a seekable file of its own; its checksum is not compared.

        Raises:
            NotParsed: it is packed or encrypted.
        """
        if entry.method != STORED or entry.is_encrypted:
            raise NotParsed("a part of it is packed where it should be stored as it is")
        return section(self._file, entry.data_offset, entry.size_bytes)

    def _packed(self, entry: Entry) -> Iterator[bytes]:
        position, end = entry.data_offset, entry.data_offset + entry.packed_bytes
        while position < end:
            # Others may read the archive between two chunks.
            self._file.seek(position)
            chunk = self._file.read(min(_CHUNK, end - position))
            if not chunk:
                raise NotParsed("it is cut off")
            position += len(chunk)
            yield chunk


def _unpacked(packed: Iterator[bytes], entry: Entry) -> Iterator[bytes]:
    if entry.method == STORED:
        yield from packed
        return
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for chunk in packed:
            rest = chunk
            while rest and not inflating.eof:
                yield inflating.decompress(rest, _CHUNK)
                rest = inflating.unconsumed_tail
            if inflating.eof and (inflating.unused_data or rest):
                raise NotParsed("a part of it holds bytes behind its end")
        # What was held back by the limit on one chunk.
        while not inflating.eof and (more := inflating.decompress(inflating.unconsumed_tail, _CHUNK)):
            yield more
    except zlib.error as error:
        raise NotParsed("a part of it is damaged") from error
    if not inflating.eof:
        raise NotParsed("a part of it is cut off")


# --- The structure --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Listed:
    """An entry as the central directory has it."""

    raw_name: bytes
    name: str
    flags: int
    method: int
    crc32: int
    sizes: Sizes
    mode: int


def _listed(file: BinaryIO, directory: Directory, limits: ZipLimits) -> list[_Listed]:
    if directory.size > limits.entries * (ENTRY.size + limits.name_bytes):
        raise NotParsed("its list of entries is longer than is read")
    file.seek(directory.offset)
    content = file.read(directory.size)
    position, found = 0, []
    for _number in range(directory.count):
        entry, position = _next_listed(content, position, limits)
        found.append(entry)
    if position != directory.size:
        raise NotParsed("its list of entries holds more, or fewer, than it says")
    return found


def _next_listed(content: bytes, position: int, limits: ZipLimits) -> tuple[_Listed, int]:
    if len(content) < position + ENTRY.size:
        raise NotParsed("its list of entries is cut off")
    head = ListedHeader._make(ENTRY.unpack_from(content, position))
    start = position + ENTRY.size
    end = start + head.name_length + head.extra_length + head.comment_length
    if head.signature != ENTRY_SIGNATURE or head.disk != 0 or end > len(content):
        raise NotParsed("its list of entries is damaged")
    if not 0 < head.name_length <= limits.name_bytes:
        raise NotParsed("a name in it is empty, or longer than is read")
    raw_name = content[start : start + head.name_length]
    extras = extras_of(content[start + head.name_length : end - head.comment_length])
    name = decoded_name(raw_name, is_utf_8=bool(head.flags & _UTF_8), extras=extras)
    sizes = Sizes(head.size, head.packed, head.offset).widened(extras)
    return _Listed(raw_name, name, head.flags, head.method, head.crc32, sizes, head.mode), end


def _placed(file: BinaryIO, listed: list[_Listed], directory: Directory) -> Iterator[Entry]:
    """Yield the entries in the order of the file; every byte up to the directory must belong to one of them."""
    ordered = sorted(listed, key=lambda entry: entry.sizes.offset)
    starts = [*(entry.sizes.offset for entry in ordered), directory.offset]
    if starts[0] != 0:
        raise NotParsed("other bytes stand before the archive")
    for entry, end in zip(ordered, starts[1:], strict=True):
        data_offset = _data_offset(file, entry)
        _check_end(file, entry, data_offset + entry.sizes.packed, end)
        yield Entry(
            name=entry.name,
            method=entry.method,
            size_bytes=entry.sizes.size,
            packed_bytes=entry.sizes.packed,
            crc32=entry.crc32,
            offset=entry.sizes.offset,
            data_offset=data_offset,
            is_encrypted=bool(entry.flags & (_ENCRYPTED | _STRONG | _MASKED)) or entry.method == 99,
            mode=entry.mode,
        )


def _data_offset(file: BinaryIO, entry: _Listed) -> int:
    """Return where an entry's bytes begin; its own header must say what the directory says of it."""
    file.seek(entry.sizes.offset)
    content = file.read(LOCAL.size)
    if len(content) < LOCAL.size:
        raise NotParsed("it is cut off")
    head = LocalHeader._make(LOCAL.unpack(content))
    rest = file.read(head.name_length + head.extra_length)
    if head.signature != LOCAL_SIGNATURE or len(rest) < head.name_length + head.extra_length:
        raise NotParsed("an entry is not where the list of entries says")
    if not _is_same(head, rest[: head.name_length], extras_of(rest[head.name_length :]), entry):
        raise NotParsed("an entry and the list of entries contradict each other")
    return entry.sizes.offset + LOCAL.size + len(rest)


def _is_same(head: LocalHeader, raw_name: bytes, extras: Mapping[int, bytes], entry: _Listed) -> bool:
    sizes = Sizes(head.size, head.packed, entry.sizes.offset).widened(extras)
    return (
        raw_name == entry.raw_name
        and decoded_name(raw_name, is_utf_8=bool(head.flags & _UTF_8), extras=extras) == entry.name
        and (head.flags & _COMPARED, head.method) == (entry.flags & _COMPARED, entry.method)
        and _agree((head.crc32, sizes.packed, sizes.size), entry)
    )


def _agree(own: tuple[int, int, int], entry: _Listed) -> bool:
    """Say whether checksum and sizes are the same; an entry that gives them behind its bytes may leave them zero."""
    listed = (entry.crc32, entry.sizes.packed, entry.sizes.size)
    may_be_zero = bool(entry.flags & _DESCRIPTOR)
    return all(one == other or (may_be_zero and one == 0) for one, other in zip(own, listed, strict=True))


def _check_end(file: BinaryIO, entry: _Listed, data_end: int, end: int) -> None:
    """Refuse an entry that does not end where the next record begins, or whose descriptor says something else."""
    if data_end == end and not entry.flags & _DESCRIPTOR:
        return
    if not entry.flags & _DESCRIPTOR or not data_end < end <= data_end + 24:
        raise NotParsed("entries overlap, or bytes stand between them")
    file.seek(data_end)
    descriptor = file.read(end - data_end)
    values = (entry.crc32, entry.sizes.packed, entry.sizes.size)
    known = [struct.pack(form, *values) for form in ("<III", "<IQQ") if _fits(form, values)]
    if descriptor not in [*known, *(DESCRIPTOR_SIGNED + one for one in known)]:
        raise NotParsed("an entry and the list of entries contradict each other")


def _fits(form: str, values: tuple[int, int, int]) -> bool:
    return form == "<IQQ" or max(values) < 1 << 32


def _refuse_ambiguous_names(entries: tuple[Entry, ...]) -> None:
    names = {entry.name for entry in entries}
    if len(names) != len(entries):
        raise NotParsed("a name stands in it twice")
    for entry in entries:
        if "\x00" in entry.name or (entry.is_folder and entry.size_bytes):
            raise NotParsed("a name in it can be read in two ways")
        if not entry.is_folder and f"{entry.name}/" in names:
            raise NotParsed("a name in it stands for a file and for a folder")


def _refuse_bombs(entries: tuple[Entry, ...], limits: ZipLimits) -> None:
    if sum(entry.size_bytes for entry in entries) > limits.total_bytes:
        raise NotParsed("it claims to hold more bytes than are read")
    for entry in entries:
        if entry.size_bytes > limits.entry_bytes:
            raise NotParsed("a part of it claims more bytes than are read")
        if entry.method == STORED and entry.size_bytes != entry.packed_bytes and not entry.is_encrypted:
            raise NotParsed("a part of it is not of the size that it claims")
        if entry.size_bytes > _RATIO_STARTS and entry.size_bytes > entry.packed_bytes * limits.ratio:
            raise NotParsed("a part of it would unpack to far more bytes than it has")
