"""Distances on the sphere, and coordinates as people type them."""

from math import isclose, nan, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.core.geodesy import (
    EARTH_RADIUS_NM,
    InvalidCoordinate,
    destination,
    great_circle_nm,
    normalised_longitude,
    parse_coordinate,
    parse_latitude,
    parse_longitude,
    parse_position,
    show_coordinate,
    show_position,
)

COORDINATES = [
    ("42.2333", 42.2333, None),
    ("-42.5", -42.5, None),
    ("−42.5", -42.5, None),
    ("+130.3", 130.3, None),
    ("42.2333 N", 42.2333, "latitude"),
    ("42.2333° S", -42.2333, "latitude"),
    ("W 130.3", -130.3, "longitude"),
    ("42°14′00″N", 42 + 14 / 60, "latitude"),
    ("42º 14' 0\" n", 42 + 14 / 60, "latitude"),
    ("42:14:30", 42 + 14.5 / 60, None),
    ("-0 30 00", -0.5, None),
    ("130 18.5 E", 130 + 18.5 / 60, "longitude"),
    ("１２.５ S", -12.5, "latitude"),
    ("180", 180.0, None),
    ("0 S", 0.0, "latitude"),
]

REFUSED = [
    ("42,2333", "not a comma"),
    ("42,2333 N", "not a comma"),
    ("nan", "not a coordinate"),
    ("inf", "not a coordinate"),
    ("1e400", "not a coordinate"),
    ("1e2", "not a coordinate"),
    ("0x10", "not a coordinate"),
    ("", "not a coordinate"),
    ("N", "not a coordinate"),
    ("-5 N", "not a coordinate"),
    ("N 42 S", "not a coordinate"),
    ("42 14 00 00", "not a coordinate"),
    ("42 -14", "not a coordinate"),
    ("42.", "not a coordinate"),
    ("٤٢", "not a coordinate"),
    ("42 60 N", "less than 60"),
    ("42.5 30 N", "Only the last"),
    ("180.0000001", "180.0000001"),
    ("91 N", "between -90 and 90"),
    ("90 0 0.1 N", "between -90 and 90"),
    ("4" * 50_000, "100 characters"),
]

POSITIONS = [
    ("42.2333, 130.3", "42.2333° N 130.3000° E"),
    ("42.2333,130.3", "42.2333° N 130.3000° E"),
    ("42.2333; -130.3", "42.2333° N 130.3000° W"),
    ("42.2333 130.3", "42.2333° N 130.3000° E"),
    ("42°14′N 130°18′E", "42.2333° N 130.3000° E"),
    ("130°18′E 42°14′N", "42.2333° N 130.3000° E"),
    ("N42 E130", "42.0000° N 130.0000° E"),
    ("42.2333° N 130.3000° E", "42.2333° N 130.3000° E"),
]


@pytest.mark.parametrize(("typed", "degrees", "axis"), COORDINATES)
def test_a_coordinate_is_read_as_decimal_degrees(typed, degrees, axis):
    coordinate = parse_coordinate(typed)

    assert coordinate.degrees == pytest.approx(degrees, abs=1e-12)
    assert coordinate.axis == axis
    assert str(coordinate.degrees) != "-0.0"


@pytest.mark.parametrize(("typed", "words"), REFUSED)
def test_what_is_no_coordinate_is_refused_with_a_reason(typed, words):
    with pytest.raises(InvalidCoordinate) as refusal:
        parse_coordinate(typed)

    assert words in refusal.value.reason


@pytest.mark.parametrize(
    ("parse", "typed", "words"),
    [
        (parse_latitude, "130.3 E", "marked as a longitude"),
        (parse_longitude, "42 N", "marked as a latitude"),
        (parse_latitude, "130.3", "swapped"),
        (parse_position, "130.3, 42.2", "swapped"),
        (parse_position, "42 N, 43 N", "one latitude"),
        (parse_position, "42,2333 130,3", "not a comma"),
        (parse_position, "42,2333, 130,3", "not a comma"),
        (parse_position, "42.2333", "latitude, comma, longitude"),
        (parse_position, "", "latitude, comma, longitude"),
        (parse_position, "4" * 50_000, "latitude, comma, longitude"),
    ],
)
def test_latitude_and_longitude_are_not_mixed_up(parse, typed, words):
    with pytest.raises(InvalidCoordinate) as refusal:
        parse(typed)

    assert words in refusal.value.reason


@pytest.mark.parametrize(("typed", "shown"), POSITIONS)
def test_a_position_is_read_and_shown(typed, shown):
    assert show_position(*parse_position(typed)) == shown


def test_a_hair_below_zero_is_not_south():
    assert show_coordinate(-0.00001, "latitude") == "0.0000° N"
    assert show_coordinate(-0.0001, "longitude") == "0.0001° W"


@pytest.mark.parametrize(
    ("start", "end", "distance_nm"),
    [
        ((0, 0), (0, 0), 0),
        ((0, 0), (0, 180), EARTH_RADIUS_NM * pi),
        ((90, 0), (-90, 0), EARTH_RADIUS_NM * pi),
        ((0, 179.5), (0, -179.5), EARTH_RADIUS_NM * pi / 180),
        ((42.2333, 130.3), (42.733333, 133.05), 125.4054),
    ],
)
def test_the_great_circle_is_measured_in_nautical_miles(start, end, distance_nm):
    assert great_circle_nm(*start, *end) == pytest.approx(distance_nm, abs=1e-4)


@pytest.mark.parametrize("position", [(91, 0), (0, 181), (nan, 0), (0, float("inf"))])
def test_a_place_that_is_not_on_earth_is_refused(position):
    with pytest.raises(InvalidCoordinate):
        great_circle_nm(*position, 0, 0)
    with pytest.raises(InvalidCoordinate):
        destination(*position, 0, 0)


def test_a_course_without_a_number_is_refused():
    with pytest.raises(InvalidCoordinate):
        destination(0, 0, nan, 1)


latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)


@given(latitudes, longitudes, latitudes, longitudes)
def test_the_way_back_is_as_long(lat1, lon1, lat2, lon2):
    there, back = great_circle_nm(lat1, lon1, lat2, lon2), great_circle_nm(lat2, lon2, lat1, lon1)

    assert isclose(there, back, abs_tol=1e-6)
    assert 0 <= there <= EARTH_RADIUS_NM * pi + 1e-6


@given(st.floats(-89, 89), longitudes, st.floats(0, 360), st.floats(0, 5000))
def test_the_destination_is_as_far_as_was_sailed(lat, lon, bearing, distance_nm):
    there = destination(lat, lon, bearing, distance_nm)

    assert isclose(great_circle_nm(lat, lon, *there), distance_nm, abs_tol=1e-3)


@given(st.floats(-90, 90), st.floats(-180, 179.99994))
def test_what_is_shown_is_read_back(lat, lon):
    assert parse_position(show_position(lat, lon)) == (pytest.approx(lat, abs=6e-5), pytest.approx(lon, abs=6e-5))


@given(st.text(max_size=120))
def test_any_text_is_a_coordinate_or_refused(text):
    for parse in (parse_coordinate, parse_position):
        try:
            parse(text)
        except InvalidCoordinate as refusal:
            assert refusal.reason.endswith(".")


@pytest.mark.parametrize(("lon", "wrapped"), [(190, -170), (-190, 170), (180, -180), (-180, -180), (0, 0)])
def test_longitudes_wrap_at_the_date_line(lon, wrapped):
    assert normalised_longitude(lon) == wrapped
