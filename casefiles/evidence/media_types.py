"""What a file is, read from its bytes: never from its name or from what a browser claims.

Pure: looks at the first bytes and, for ZIP containers, at the list of names; nothing is parsed further or unpacked.
"""

import re
import struct
from collections.abc import Iterator
from typing import BinaryIO

from casefiles.evidence.table_shapes import delimiter_of

HEAD_BYTES = 8192
UNKNOWN = "application/octet-stream"
EMPTY = "application/x-empty"

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"II+\x00", "image/tiff"),
    (0, b"MM\x00+", "image/tiff"),
    (0, b"BM", "image/bmp"),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"%!PS", "application/postscript"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"(\xb5/\xfd", "application/zstd"),
    (0, b"7z\xbc\xaf'\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"MSCF", "application/vnd.ms-cab-compressed"),
    (257, b"ustar", "application/x-tar"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (0, b"WARC/", "application/warc"),
    (0, b"\x1aE\xdf\xa3", "video/x-matroska"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"OggS", "application/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\x7fELF", "application/x-elf"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"SIMPLE  =", "image/fits"),
)
_LAYER_THREE = {b"\xfb", b"\xfa", b"\xf3", b"\xf2", b"\xe3", b"\xe2"}
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {
    b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"heix": "image/heic", b"heim": "image/heic",
    b"heis": "image/heic", b"hevc": "image/heic", b"hevx": "image/heic", b"mif1": "image/heif", b"msf1": "image/heif",
    b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"3gp4": "video/3gpp", b"3gp5": "video/3gpp",
}  # fmt: skip
_MARKUP = (
    (re.compile(rb"<!doctype html|<(?:html|head|body)[\s>]", re.IGNORECASE), "text/html"),
    (re.compile(rb"<(?:\w+:)?svg[\s>]"), "image/svg+xml"),
    (re.compile(rb"<(?:\w+:)?kml[\s>]"), "application/vnd.google-earth.kml+xml"),
    (re.compile(rb"<(?:\w+:)?gpx[\s>]"), "application/gpx+xml"),
    (re.compile(rb"<\?xml\s"), "application/xml"),
)
_MAIL = re.compile(rb"(?:\A|\n)(?:From|Date|Subject|Message-ID|MIME-Version|Received|Return-Path): ", re.IGNORECASE)
# A page that a browser saved is a message that nobody sent.
_SAVED_PAGE = re.compile(rb"\nContent-Type:\s*multipart/related\b", re.IGNORECASE)
_SENT = re.compile(rb"(?:\A|\n)(?:Received|Message-ID|To|Return-Path):", re.IGNORECASE)


def recognise(file: BinaryIO, size_bytes: int) -> str:
    """Return the media type of a seekable file from its bytes; `application/octet-stream` where none is known."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if not head:
        return EMPTY
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_zip(file, size_bytes)
    return of_head(head)


def of_head(head: bytes) -> str:
    """Return the media type that the first bytes of a file show."""
    if head.startswith(b"\x1aE\xdf\xa3") and b"\x42\x82" in head[:64] and b"webm" in head[:64]:
        return "video/webm"
    for offset, signature, media_type in _SIGNATURES:
        if head.startswith(signature, offset):
            return media_type
    return _of_container(head) or _of_text(head) or UNKNOWN


def _of_container(head: bytes) -> str:
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    # The sync bits of MPEG layer III; a looser test would take the mark of UTF-16 for sound.
    return "audio/mpeg" if head[:1] == b"\xff" and head[1:2] in _LAYER_THREE else ""


def _of_brands(head: bytes) -> str:
    """Return what the brands of an ISO media file say: the first one, or one that follows where it leaves that open."""
    found = _BRANDS.get(head[8:12], "video/mp4")
    if found != "image/heif":
        return found
    end = min(int.from_bytes(head[:4], "big"), len(head))
    others = (_BRANDS.get(head[place : place + 4], "") for place in range(16, end - 3, 4))
    return next((other for other in others if other in ("image/avif", "image/heic")), found)


def _of_text(head: bytes) -> str:
    text = _as_utf8(head)
    # A page in an old encoding of East Asia is no text by its bytes, but its markup is.
    markup = _of_markup(head if text is None and b"\x00" not in head else text or b"")
    if markup or text is None:
        return markup
    start = text.lstrip()
    if len(_MAIL.findall(text[:4096])) >= 2:
        return _of_message(text)
    if start.startswith((b"{", b"[")) and _looks_like_json(start):
        return "application/geo+json" if _is_geographic(start) else "application/json"
    is_table = delimiter_of(text.decode("utf-8", "replace"), is_cut=len(head) >= HEAD_BYTES)
    return "text/csv" if is_table else "text/plain"


def _of_markup(text: bytes) -> str:
    start = text.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096]
    if not start.startswith(b"<"):
        return ""
    return next((media_type for pattern, media_type in _MARKUP if pattern.search(start)), "")


def _of_message(text: bytes) -> str:
    headers = re.split(rb"\r?\n\r?\n", text.lstrip(), maxsplit=1)[0]
    is_saved_page = _SAVED_PAGE.search(headers) and not _SENT.search(headers)
    return "multipart/related" if is_saved_page else "message/rfc822"


def _as_utf8(head: bytes) -> bytes | None:
    """Return the bytes as UTF-8 where they are text, or None."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2 : len(head) - len(head) % 2].decode(encoding, "replace").encode()
    # The last character may be cut in two by the end of what was read.
    for cut in range(4):
        try:
            text = head[: len(head) - cut].decode("utf-8-sig")
        except UnicodeDecodeError:
            continue
        return None if _has_controls(text) else text.encode()
    return head if _is_western_text(head) else None


def _has_controls(text: str) -> bool:
    return any(ord(character) < 32 and character not in "\t\n\r\f\x1b" for character in text)


def _is_western_text(head: bytes) -> bool:
    printable = sum(byte >= 0xA0 or 32 <= byte < 127 or byte in b"\t\n\r\f" for byte in head)
    return b"\x00" not in head and printable >= 0.98 * len(head)


def _looks_like_json(start: bytes) -> bool:
    return re.match(rb'\{\s*(?:"|\})|\[\s*(?:["\[{\]]|-?\d|true|false|null)', start) is not None


# A string, the last of which may be cut off by the end of what was read, or what opens, closes or parts.
_JSON_PIECE = re.compile(rb'"((?:[^"\\]|\\.)*+)"?|[{}\[\]:,]', re.DOTALL)
_GEOGRAPHIC = frozenset(
    {
        b"Feature", b"FeatureCollection", b"Point", b"MultiPoint", b"LineString", b"MultiLineString", b"Polygon",
        b"MultiPolygon", b"GeometryCollection",
    }
)  # fmt: skip


def _is_geographic(start: bytes) -> bool:
    """Say whether an object of JSON is GeoJSON or STAC, by the names and values at its top, not in what is below."""
    depth, name, is_value = 0, b"", False
    for piece in _JSON_PIECE.finditer(start):
        mark, text = piece[0], piece[1]
        if mark in (b"{", b"["):
            depth += 1
        elif mark in (b"}", b"]"):
            depth -= 1
        elif depth == 1 and text is None:
            is_value = mark == b":"
        elif depth == 1 and is_value:
            if name == b"stac_version" or (name == b"type" and text in _GEOGRAPHIC):
                return True
        elif depth == 1:
            name = text
    return False


# --- ZIP containers ---------------------------------------------------------------------------------------------

_DIRECTORY_BYTES = 1024 * 1024
_NAMES = 4096
_END = b"PK\x05\x06"
_ENTRY = b"PK\x01\x02"
_BY_NAME = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)


def _of_zip(file: BinaryIO, size_bytes: int) -> str:
    declared = _declared_in(file)
    if declared:
        return declared
    names = list(_zip_names(file, size_bytes))
    if "[Content_Types].xml" in names:
        return next((kind for prefix, kind in _BY_NAME if _any_below(names, prefix)), "application/zip")
    if _is_web_archive(names):
        return "application/wacz"
    if "META-INF/MANIFEST.MF" in names:
        return "application/java-archive"
    if any(name.lower().endswith(".kml") for name in names):
        return "application/vnd.google-earth.kmz"
    return "application/zip"


def _is_web_archive(names: list[str]) -> bool:
    """Say whether a package holds captures: also one whose manifest was left out, and the first, unfinished layout."""
    if "datapackage.json" in names and any(name.startswith(("archive/", "data/archive/")) for name in names):
        return True
    return any(re.fullmatch(r"archive/[^/]+\.warc(?:\.gz)?", name) for name in names) and _any_below(names, "pages/")


def _any_below(names: list[str], prefix: str) -> bool:
    return any(name.startswith(prefix) for name in names)


def _declared_in(file: BinaryIO) -> str:
    """Return what an OpenDocument or EPUB declares in its first, stored entry named "mimetype"."""
    file.seek(0)
    header = file.read(30)
    if len(header) < 30:
        return ""
    method, size = struct.unpack_from("<H", header, 8)[0], struct.unpack_from("<I", header, 18)[0]
    name_length, extra_length = struct.unpack_from("<HH", header, 26)
    if method != 0 or name_length != 8 or not 0 < size < 200 or file.read(8) != b"mimetype":
        return ""
    file.seek(38 + extra_length)
    declared = file.read(size).decode("ascii", "replace").strip()
    return declared if re.fullmatch(r"application/(?:vnd\.oasis\.opendocument\.[a-z-]+|epub\+zip)", declared) else ""


def _zip_names(file: BinaryIO, size_bytes: int) -> Iterator[str]:
    """Yield the names in the central directory: the first few thousand of them, as far as they are well formed."""
    directory = _directory(file, size_bytes)
    position = 0
    for _number in range(_NAMES):
        if directory[position : position + 4] != _ENTRY or len(directory) < position + 46:
            return
        lengths = struct.unpack_from("<HHH", directory, position + 28)
        yield directory[position + 46 : position + 46 + lengths[0]].decode("utf-8", "replace")
        position += 46 + sum(lengths)


def _directory(file: BinaryIO, size_bytes: int) -> bytes:
    reach = min(size_bytes, 65_557)
    file.seek(size_bytes - reach)
    tail = file.read(reach)
    place = tail.rfind(_END)
    if place < 0 or len(tail) < place + 22:
        return b""
    size, offset = struct.unpack_from("<II", tail, place + 12)
    # The size in the record counts from the end, so bytes put before the archive do not mislead it.
    start = size_bytes - reach + place - size
    file.seek(start if start >= 0 else min(offset, size_bytes))
    return file.read(min(size, _DIRECTORY_BYTES))
