"""Which reader a file is for. Pure: decided by the media type that was found in the bytes, never by a name."""

from casefiles.evidence.cage import Limits

# Raised whenever a reader finds more or otherwise than before: every file is then read again.
READERS_VERSION = 3

_READERS = {
    "image": frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"}),
    "heif": frozenset({"image/heic", "image/heif"}),
    "tiff": frozenset({"image/tiff"}),
    "stac": frozenset({"application/geo+json"}),
    "text": frozenset({"text/plain"}),
    "video": frozenset(
        {
            "video/mp4", "video/quicktime", "video/3gpp", "video/webm", "video/x-matroska", "audio/mp4", "audio/mpeg",
            "audio/wav", "audio/flac", "application/ogg",
        }
    ),
    # What is gzipped shows only in the cage whether it is a web archive.
    "archive": frozenset({"application/warc", "application/wacz", "application/gzip"}),
    "pdf": frozenset({"application/pdf"}),
    "page": frozenset({"text/html"}),
    "saved page": frozenset({"multipart/related"}),
    "mail": frozenset({"message/rfc822"}),
    "docx": frozenset({"application/vnd.openxmlformats-officedocument.wordprocessingml.document"}),
    "xlsx": frozenset({"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}),
    "open document": frozenset(
        {f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation", "graphics")}
    ),
    "rtf": frozenset({"application/rtf"}),
    "table": frozenset({"text/csv"}),
    "data": frozenset(
        {"application/json", "application/xml", "image/svg+xml", "application/vnd.google-earth.kml+xml",
         "application/gpx+xml"}
    ),
    "zip": frozenset({"application/zip", "application/java-archive", "application/vnd.google-earth.kmz"}),
}  # fmt: skip
_READER_OF = {media_type: reader for reader, media_types in _READERS.items() for media_type in media_types}

RENDERED = _READERS["page"] | _READERS["saved page"]

# What a reader may use, where that is more than a picture or a text needs.
_LIMITS = {
    "archive": Limits(cpu_seconds=120, wall_seconds=240.0),
    "heif": Limits(threads=4),
    "heif picture": Limits(threads=4),
    "heif scan": Limits(threads=4),
    "rendering": Limits(cpu_seconds=60, wall_seconds=90.0),
    # The archive is looked through for what the page shows before it is set.
    "archived sheets": Limits(cpu_seconds=90, wall_seconds=120.0),
}


def reader_for(media_type: str) -> str:
    """Return the name of the task that reads this kind of file in the cage, or nothing where none does."""
    return _READER_OF.get(media_type, "")


def picture_task_for(media_type: str) -> str:
    """Return the name of the task that draws a picture of this kind of file."""
    return "heif picture" if media_type in _READERS["heif"] else "picture"


def is_rendered(media_type: str) -> bool:
    """Say whether this kind of file is a web page that is set anew."""
    return media_type in RENDERED


def scan_task_for(media_type: str) -> str:
    """Return the name of the task that draws this kind of file for a program that recognises letters."""
    return "heif scan" if media_type in _READERS["heif"] else "scan"


def limits_for(reader: str) -> Limits:
    """Return what a reader may use of memory, processor and time."""
    return _LIMITS.get(reader, Limits())
