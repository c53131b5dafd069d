"""Distances and positions on a sphere, and coordinates as people type them.

Latitude and longitude are decimal degrees, north and east positive. The sphere has the mean Earth radius of the IUGG,
6371.0088 km: expect up to 0.5 % error against the ellipsoid.
"""

from __future__ import annotations

import re
import unicodedata
from math import asin, atan2, cos, degrees, fsum, hypot, isfinite, radians, sin
from typing import Literal, NamedTuple

EARTH_RADIUS_KM = 6371.0088
KM_PER_NM = 1.852
EARTH_RADIUS_NM = EARTH_RADIUS_KM / KM_PER_NM
LONGEST = 100

Axis = Literal["latitude", "longitude"]
_LIMITS: dict[Axis, int] = {"latitude": 90, "longitude": 180}
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,15})?")
_PART = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,15})?")
_COMMA_NUMBER = re.compile(r"[+-]?[0-9]{1,3},[0-9]{1,15}")
_SEPARATORS = str.maketrans(dict.fromkeys("°º'’′\"”″:", " ") | dict.fromkeys("−–‐‑", "-"))
_HEMISPHERES: dict[str, tuple[Axis, int]] = {
    "N": ("latitude", 1),
    "S": ("latitude", -1),
    "E": ("longitude", 1),
    "W": ("longitude", -1),
}


class InvalidCoordinate(ValueError):
    """The text is not a coordinate; `reason` says what to write instead."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(reason)
        self.text = text
        self.reason = reason


class Coordinate(NamedTuple):
    """One number in decimal degrees; `axis` is None where no N, S, E or W said which it is."""

    degrees: float
    axis: Axis | None


def great_circle_nm(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the shortest distance over the sphere, in nautical miles.

    The arctangent form of the great circle: exact also for neighbours and for antipodes.

    Raises:
        InvalidCoordinate: a value is no finite number, or outside its range.
    """
    check_position(lat1, lon1)
    check_position(lat2, lon2)
    north1, north2, turn = radians(lat1), radians(lat2), radians(lon2 - lon1)
    across = hypot(cos(north2) * sin(turn), cos(north1) * sin(north2) - sin(north1) * cos(north2) * cos(turn))
    along = sin(north1) * sin(north2) + cos(north1) * cos(north2) * cos(turn)
    return EARTH_RADIUS_NM * atan2(across, along)


def destination(lat: float, lon: float, bearing_deg: float, distance_nm: float) -> tuple[float, float]:
    """Return (latitude, longitude) after sailing the great circle that leaves on a true bearing.

    Raises:
        InvalidCoordinate: the start is outside its range, or bearing or distance is no finite number.
    """
    check_position(lat, lon)
    if not (isfinite(bearing_deg) and isfinite(distance_nm)):
        raise InvalidCoordinate(f"{bearing_deg} {distance_nm}", "Bearing and distance must be finite numbers.")
    north, angle, bearing = radians(lat), distance_nm / EARTH_RADIUS_NM, radians(bearing_deg)
    sine = sin(north) * cos(angle) + cos(north) * sin(angle) * cos(bearing)
    new_north = asin(max(-1.0, min(1.0, sine)))
    turn = atan2(sin(bearing) * sin(angle) * cos(north), cos(angle) - sin(north) * sin(new_north))
    return degrees(new_north), normalised_longitude(lon + degrees(turn))


def normalised_longitude(lon: float) -> float:
    """Return a longitude wrapped into -180 (included) to 180 (excluded)."""
    return (lon + 180) % 360 - 180


def check_position(lat: float, lon: float) -> None:
    """Refuse a position that is not on Earth; the AIS values 91 and 181 mean "not available" and are refused too.

    Raises:
        InvalidCoordinate: a value is no finite number, or outside its range.
    """
    _check_range(lat, "latitude", text=str(lat))
    _check_range(lon, "longitude", text=str(lon))


def _check_range(value: float, axis: Axis, *, text: str) -> None:
    limit = _LIMITS[axis]
    if not isfinite(value):
        raise InvalidCoordinate(text, f"A {axis} is a number of degrees from -{limit} to {limit}.")
    if abs(value) > limit:
        hint = " Latitude and longitude may be swapped." if axis == "latitude" and abs(value) <= 180 else ""
        raise InvalidCoordinate(text, f"A {axis} lies between -{limit} and {limit} degrees; this is {value!r}.{hint}")


def parse_latitude(text: str) -> float:
    """Return a latitude in decimal degrees.

    Raises:
        InvalidCoordinate: it is no coordinate, is marked E or W, or lies outside -90 to 90.
    """
    return _parse_axis(text, "latitude")


def parse_longitude(text: str) -> float:
    """Return a longitude in decimal degrees.

    Raises:
        InvalidCoordinate: it is no coordinate, is marked N or S, or lies outside -180 to 180.
    """
    return _parse_axis(text, "longitude")


def _parse_axis(text: str, axis: Axis) -> float:
    coordinate = parse_coordinate(text)
    if coordinate.axis not in {None, axis}:
        raise InvalidCoordinate(text, f"This is marked as a {coordinate.axis}, and a {axis} is asked for.")
    _check_range(coordinate.degrees, axis, text=text)
    return coordinate.degrees


def parse_coordinate(text: str) -> Coordinate:
    """Read one coordinate: decimal degrees, or degrees, minutes and seconds, with or without N, S, E or W.

    Raises:
        InvalidCoordinate: it is no coordinate, uses a decimal comma, or lies outside its range.
    """
    if len(text) > LONGEST:
        raise InvalidCoordinate(text[:LONGEST], f"Write the coordinate in at most {LONGEST} characters.")
    # The marks ′ ″ º come apart under NFKC, so they become spaces first.
    plain = unicodedata.normalize("NFKC", text.translate(_SEPARATORS)).translate(_SEPARATORS).upper().strip()
    plain, axis, sign = _without_hemisphere(plain)
    parts = plain.split()
    if any(_COMMA_NUMBER.fullmatch(part) for part in parts):
        raise InvalidCoordinate(text, "Write the decimals after a point, not a comma, such as 42.2333.")
    value = sign * _sexagesimal(parts, text=text, is_signed=axis is None)
    _check_range(value, axis or "longitude", text=text)
    return Coordinate(value + 0.0, axis)


def _without_hemisphere(plain: str) -> tuple[str, Axis | None, int]:
    for letter, (axis, sign) in _HEMISPHERES.items():
        if plain.endswith(letter):
            return plain[:-1], axis, sign
        if plain.startswith(letter):
            return plain[1:], axis, sign
    return plain, None, 1


def _sexagesimal(parts: list[str], *, text: str, is_signed: bool) -> float:
    advice = "Write 42.2333, 42.2333 N or 42° 14′ 00″ N."
    first = _NUMBER if is_signed else _PART
    if not 1 <= len(parts) <= 3 or not first.fullmatch(parts[0]):
        raise InvalidCoordinate(text, f"This is not a coordinate. {advice}")
    if not all(_PART.fullmatch(part) for part in parts[1:]):
        raise InvalidCoordinate(text, f"This is not a coordinate. {advice}")
    if any("." in part for part in parts[:-1]):
        raise InvalidCoordinate(text, "Only the last of degrees, minutes and seconds may have decimals.")
    if any(float(part) >= 60 for part in parts[1:]):
        raise InvalidCoordinate(text, "Minutes and seconds are less than 60.")
    size = fsum(abs(float(part)) / 60.0**index for index, part in enumerate(parts))
    return -size if parts[0].startswith("-") else size


def parse_position(text: str) -> tuple[float, float]:
    """Read (latitude, longitude) typed together, such as "42.2333, 130.3" or "42°14′N 130°18′E".

    Raises:
        InvalidCoordinate: it is not two coordinates, latitude first unless letters say otherwise.
    """
    halves = _halves(text)
    if halves is None:
        raise InvalidCoordinate(text[:LONGEST], "Write latitude, comma, longitude, such as 42.2333, 130.3000.")
    first, second = (parse_coordinate(half) for half in halves)
    if first.axis == "longitude" and second.axis == "latitude":
        first, second, halves = second, first, (halves[1], halves[0])
    if first.axis == "longitude" or second.axis == "latitude":
        raise InvalidCoordinate(text, "Give one latitude (N or S) and one longitude (E or W).")
    return parse_latitude(halves[0]), parse_longitude(halves[1])


def _halves(text: str) -> tuple[str, str] | None:
    plain = text.strip()
    if len(plain) > LONGEST:
        return None
    for separator in (", ", ";", ","):
        if plain.count(separator) == 1:
            first, second = plain.split(separator)
            return first, second
    return _halves_by_letter(plain)


def _halves_by_letter(plain: str) -> tuple[str, str] | None:
    letters = [index for index, character in enumerate(plain.upper()) if character in "NSEW"]
    if len(letters) == 2:
        cut = letters[0] + 1 if letters[1] == len(plain) - 1 else letters[1]
        return plain[:cut], plain[cut:]
    words = plain.split()
    return (words[0], words[1]) if len(words) == 2 else None


def show_coordinate(value: float, axis: Axis) -> str:
    """Return one coordinate with four decimals, about eleven metres: 42.2333° N."""
    letters = "NS" if axis == "latitude" else "EW"
    # Rounded first, so that a hair below zero does not read as 0.0000° S.
    return f"{abs(value):.4f}° {letters[round(value, 4) < 0]}"


def show_position(lat: float, lon: float) -> str:
    """Return a position as 42.2333° N 130.3000° E."""
    return f"{show_coordinate(lat, 'latitude')} {show_coordinate(lon, 'longitude')}"
