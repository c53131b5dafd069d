"""What a camera wrote into a picture: EXIF tags as claims.

CIPA DC-008 (Exif 3.0), https://www.cipa.jp/std/documents/download_e.html. A time without an offset stays without one;
the time of the satellites is UTC and stands apart from the camera's clock.
"""

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from casefiles.evidence.readers.findings import Claim
from casefiles.evidence.readers.tags import Damaged, Directory

EXIF_DIRECTORY, GPS_DIRECTORY = 0x8769, 0x8825
_MAKE, _MODEL, _ORIENTATION = 0x010F, 0x0110, 0x0112
_TEXTS = (
    # tag, key of the claim, name of the field
    (0x0131, "software", "Software"),
    (0x013B, "author", "Artist"),
    (0x8298, "rights_holder", "Copyright"),
    (0x010E, "summary", "ImageDescription"),
)
_WIDE_TEXTS = (
    (0x9C9B, "title", "XPTitle"),
    (0x9C9C, "comment", "XPComment"),
    (0x9C9D, "author", "XPAuthor"),
    (0x9C9E, "keywords", "XPKeywords"),
    (0x9C9F, "summary", "XPSubject"),
)
_CAMERA_TEXTS = (
    (0xA430, "owner", "CameraOwnerName"),
    (0xA431, "serial_number", "BodySerialNumber"),
    (0xA434, "lens", "LensModel"),
    (0xA420, "identifier", "ImageUniqueID"),
)
# tag of the time, of its offset, of its fractions; key; name
_TIMES = (
    (0x9003, 0x9011, 0x9291, "captured", "DateTimeOriginal"),
    (0x9004, 0x9012, 0x9292, "digitised", "DateTimeDigitized"),
)
_CHANGED, _CHANGED_OFFSET, _USER_COMMENT, _FOCAL_LENGTH = 0x0132, 0x9010, 0x9286, 0x920A
_TURNS: Final = {
    1: "upright as it is",
    2: "mirrored left to right",
    3: "to be turned by 180°",
    4: "mirrored top to bottom",
    5: "mirrored, and to be turned by 270° clockwise",
    6: "to be turned by 90° clockwise",
    7: "mirrored, and to be turned by 90° clockwise",
    8: "to be turned by 270° clockwise",
}
_STAMP = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d")
# From the most western zone to the most eastern one.
_ZONES = (timedelta(hours=-12), timedelta(hours=14))

WRONG_TIME = "A time in its EXIF block is no time of the calendar, and is left out."
WRONG_POSITION = "The GPS position in its EXIF block is no place on Earth, and is left out."
APART = "The camera's clock and the GPS time lie further apart than any time zone: one of them is wrong."
UNREAD = "A part of its EXIF block is damaged, and was not read."


class Claims:
    """What the tags of one picture claim, and what is unusual about them."""

    def __init__(self) -> None:
        self.found: list[Claim] = []
        self.warnings: list[str] = []

    def add(self, key: str, value: str | float | list[float], where: str) -> None:
        if value not in ("", []):
            self.found.append(Claim(key, [*value] if isinstance(value, list) else value, where))

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def claims(directory: Directory) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """Return what the first directory of a picture, and those of EXIF and GPS below it, claim; and warnings."""
    said = Claims()
    for part in (_of_picture, _of_camera, _of_satellites):
        try:
            part(directory, said)
        except Damaged:
            said.warn(UNREAD)
    _compare_clocks(said)
    return tuple(said.found), tuple(said.warnings)


def _of_picture(directory: Directory, said: Claims) -> None:
    make, model = directory.text(_MAKE), directory.text(_MODEL)
    # Makers repeat their name in that of the model, or do not.
    repeats = model.casefold().startswith(make.split(" ")[0].casefold()) if make else True
    said.add("camera", model if repeats else f"{make} {model}".strip(), "EXIF Make, Model")
    for tag, key, name in _TEXTS:
        said.add(key, directory.text(tag), f"EXIF {name}")
    for tag, key, name in _WIDE_TEXTS:
        said.add(key, directory.content(tag).decode("utf-16-le", "replace").strip("\x00 "), f"EXIF {name}")
    turn = directory.number(_ORIENTATION, 0)
    said.add("orientation", f"{turn}: {_TURNS[turn]}" if turn in _TURNS else "", "EXIF Orientation")
    below = directory.below(EXIF_DIRECTORY) if EXIF_DIRECTORY in directory else None
    offset = below.text(_CHANGED_OFFSET) if below else ""
    said.add("modified", _time(directory.text(_CHANGED), offset, "", said), "EXIF DateTime")


def _of_camera(directory: Directory, said: Claims) -> None:
    camera = directory.below(EXIF_DIRECTORY)
    if camera is None:
        return
    for time, offset, fraction, key, name in _TIMES:
        told = _time(camera.text(time), camera.text(offset), camera.text(fraction), said)
        said.add(key, told, f"EXIF {name}")
    for tag, key, name in _CAMERA_TEXTS:
        said.add(key, camera.text(tag), f"EXIF {name}")
    said.add("comment", _comment(camera.content(_USER_COMMENT)), "EXIF UserComment")
    focal = _first(camera, _FOCAL_LENGTH)
    if math.isfinite(focal) and focal > 0:
        said.add("focal_length_mm", round(focal, 2), "EXIF FocalLength")


def _time(text: str, offset: str, fraction: str, said: Claims) -> str:
    """Return a time as ISO 8601, with an offset only where there is one; cameras leave an unset clock blank or zero."""
    found = _STAMP.fullmatch(text.strip())
    if found is None or text.startswith("0000:00:00"):
        return ""
    year, month, day, hour, minute, second = (int(part) for part in found.groups())
    try:
        told = datetime(year, month, day, hour, minute, second).isoformat()  # noqa: DTZ001 (without a zone, as it is)
    except ValueError:
        said.warn(WRONG_TIME)
        return ""
    digits = fraction if fraction.isascii() and fraction.isdigit() and fraction.strip("0") else ""
    told = f"{told}.{digits[:6]}" if digits else told
    if not _OFFSET.fullmatch(offset):
        return told
    return f"{told}Z" if offset == "+00:00" else told + offset


def _comment(content: bytes) -> str:
    """Return a comment, the first eight bytes of which name its characters."""
    mark, text = content[:8], content[8:]
    if mark.startswith(b"UNICODE"):
        return text.decode("utf-16-be" if text[:1] == b"\x00" else "utf-16-le", "replace").strip("\x00 ")
    return text.decode("utf-8", "replace").strip("\x00 ") if mark.startswith(b"ASCII") else ""


# --- Satellites ---------------------------------------------------------------------------------------------------


def _of_satellites(directory: Directory, said: Claims) -> None:
    gps = directory.below(GPS_DIRECTORY)
    if gps is None:
        return
    said.add("gps_time", _satellite_time(gps, said), "EXIF GPSDateStamp, GPSTimeStamp")
    said.add("position", _position(gps, said), "EXIF GPSLatitude, GPSLongitude")
    height = _first(gps, 0x06)
    if math.isfinite(height) and abs(height) < 100_000:
        is_below = 0x05 in gps and gps.content(0x05)[:1] == b"\x01"
        said.add("altitude_m", round(-height if is_below else height, 2), "EXIF GPSAltitude")
    direction = _first(gps, 0x11)
    if math.isfinite(direction) and 0 <= direction <= 360:
        kind = {"T": "true north", "M": "magnetic north"}.get(gps.text(0x10), "north")
        said.add("direction_deg", round(direction, 2), f"EXIF GPSImgDirection, from {kind}")


def _satellite_time(gps: Directory, said: Claims) -> str:
    day = re.fullmatch(r"(\d{4})[:-](\d\d)[:-](\d\d)", gps.text(0x1D))
    parts = gps.numbers(0x07)
    if day is None or len(parts) != 3 or not all(math.isfinite(part) and part >= 0 for part in parts):
        return ""
    year, month, date = (int(part) for part in day.groups())
    try:
        told = datetime(year, month, date, int(parts[0]), int(parts[1]), int(parts[2]))  # noqa: DTZ001
    except ValueError:
        said.warn(WRONG_TIME)
        return ""
    return f"{told.isoformat()}Z"


def _position(gps: Directory, said: Claims) -> list[float]:
    """Return [longitude, latitude], or nothing where either is missing or is no place on Earth."""
    if 0x02 not in gps or 0x04 not in gps:
        return []
    latitude = _degrees(gps.numbers(0x02), gps.text(0x01), "NS", 90)
    longitude = _degrees(gps.numbers(0x04), gps.text(0x03), "EW", 180)
    if latitude is None or longitude is None:
        said.warn(WRONG_POSITION)
        return []
    return [longitude, latitude]


def _degrees(parts: tuple[int | float, ...], letter: str, letters: str, most: int) -> float | None:
    if len(parts) != 3 or letter not in tuple(letters) or not all(math.isfinite(part) for part in parts):
        return None
    size = parts[0] + parts[1] / 60 + parts[2] / 3600
    if not 0 <= size <= most or min(parts) < 0:
        return None
    return round(-size if letter == letters[1] else size, 7)


def _first(directory: Directory, tag: int) -> float:
    values = directory.numbers(tag)
    return float(values[0]) if values else math.nan


def _compare_clocks(said: Claims) -> None:
    """Warn where no time zone lies between the camera's clock and the time of the satellites."""
    told = {claim.key: str(claim.value) for claim in said.found}
    camera, satellites = told.get("captured", ""), told.get("gps_time", "")
    if not camera or not satellites:
        return
    at, there = (datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (satellites, camera))
    if there.tzinfo is not None:
        is_possible = abs(there - at) <= timedelta(hours=1)
    else:
        apart = there.replace(tzinfo=UTC) - at
        is_possible = _ZONES[0] - timedelta(hours=1) <= apart <= _ZONES[1] + timedelta(hours=1)
    if not is_possible:
        said.warn(APART)


def pictures_below(directory: Directory) -> Iterator[Directory]:
    """Yield the directories that follow the first one: that of the small picture inside."""
    place = directory.next_place
    if place:
        yield directory.structure.directory(place)
