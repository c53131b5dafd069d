"""How long a pixel is on the ground, and where the corners of an image lie."""

import pytest

from casefiles.evidence.scales import Corners, Scale, corners_of, ground_length, scale_of

RING = [[10.0, 50.0], [10.0, 49.0], [11.0, 49.0], [11.0, 50.0], [10.0, 50.0]]
PLACED = {"geotransform": [1, 2, 3, 4, 5, 6], "footprint": {"type": "Polygon", "coordinates": [RING]}}


@pytest.mark.parametrize(
    ("measured", "claims", "scale"),
    [
        ({}, [], None),
        ({"pixel_size_m": [3.0, 2.5]}, [], Scale(3.0, 2.5, "measured")),
        ({}, [{"key": "gsd_m", "value": 3.7}], Scale(3.7, 3.7, "claimed")),
        ({"pixel_size_m": [3.0, 2.5]}, [{"key": "gsd_m", "value": 3.7}], Scale(3.0, 2.5, "measured")),
        (
            {"pixel_size_m": [3.0]},
            [{"key": "gsd_m", "value": "x"}, {"key": "gsd_m", "value": 1}],
            Scale(1.0, 1.0, "claimed"),
        ),
        ({"pixel_size_m": [0, -1]}, [{"key": "gsd_m", "value": True}], None),
        ({"pixel_size_m": "3"}, [{"key": "gsd_m", "value": 1e9}], None),
    ],
)
def test_what_was_measured_goes_before_what_is_claimed(measured, claims, scale) -> None:
    assert scale_of(measured, claims) == scale


@pytest.mark.parametrize(
    ("measured", "recorded", "basis"),
    [
        ({}, 0.5, "recorded"),
        ({"pixel_size_m": [3.0, 2.5]}, 0.5, "measured"),
        ({}, None, "claimed"),
        ({}, 0.0, "claimed"),
    ],
)
def test_what_a_person_recorded_stands_between_both(measured, recorded, basis) -> None:
    scale = scale_of(measured, [{"key": "gsd_m", "value": 3.7}], recorded_gsd_m=recorded)

    assert scale is not None
    assert scale.basis == basis


def test_the_corners_of_a_georeferenced_image_are_its_outline() -> None:
    assert corners_of(PLACED) == Corners(((10.0, 50.0), (11.0, 50.0), (11.0, 49.0), (10.0, 49.0)))


@pytest.mark.parametrize(
    "measured",
    [
        {},
        {"footprint": PLACED["footprint"]},
        {**PLACED, "footprint": None},
        {**PLACED, "footprint": {"type": "MultiPolygon", "coordinates": [[RING]]}},
        {**PLACED, "footprint": {"type": "Polygon", "coordinates": [RING, RING]}},
        {**PLACED, "footprint": {"type": "Polygon", "coordinates": [[*RING, [1, 2]]]}},
        {**PLACED, "footprint": {"type": "Polygon", "coordinates": [RING[:3]]}},
        {**PLACED, "footprint": {"type": "Polygon", "coordinates": [[["x", 1]] * 5]}},
        {**PLACED, "footprint": {"type": "Polygon"}},
    ],
)
def test_an_outline_of_another_shape_has_no_corners(measured) -> None:
    assert corners_of(measured) is None


@pytest.mark.parametrize(
    ("across", "down", "scale", "length", "error"),
    [
        (30, 40, Scale(1, 1, "measured"), 50, 2),
        (30, 40, Scale(3, 3, "measured"), 150, 6),
        (0, 10, Scale(5, 2, "measured"), 20, 10),
        (0, 0, Scale(0.5, 0.5, "claimed"), 0, 1),
    ],
)
def test_a_length_on_the_ground_carries_its_error(across, down, scale, length, error) -> None:
    assert ground_length(across, down, scale, error_px=2) == (length, error)
