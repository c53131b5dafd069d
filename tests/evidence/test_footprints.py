"""Footprints: what is kept of GeoJSON, what is refused, and what is cut at 180 degrees."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.evidence import footprints
from casefiles.evidence.footprints import InvalidFootprint, checked, outline, read_footprint

SQUARE = [[130.0, 42.0], [131.0, 42.0], [131.0, 43.0], [130.0, 43.0], [130.0, 42.0]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.mark.parametrize(
    "given",
    [
        polygon(SQUARE),
        polygon([[*point, 12.5] for point in SQUARE]),
        polygon(SQUARE[::-1]),
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
        {"type": "Feature", "geometry": polygon(SQUARE), "properties": {"secret": 1}},
        {**polygon(SQUARE), "crs": {"properties": {"name": "http://example.org/crs"}}, "bbox": [1, 2, 3, 4]},
    ],
)
def test_of_geojson_the_shape_alone_is_kept(given: Any) -> None:
    assert checked(given)["type"] == "Polygon"
    assert {tuple(point) for point in checked(given)["coordinates"][0]} == {tuple(point) for point in SQUARE}
    assert set(checked(given)) == {"type", "coordinates"}


def test_the_outer_ring_runs_against_the_clock_and_a_hole_with_it() -> None:
    hole = [[130.2, 42.2], [130.4, 42.2], [130.4, 42.4], [130.2, 42.4], [130.2, 42.2]]

    found = checked(polygon(SQUARE[::-1], hole))["coordinates"]

    assert found[0][1] == [131.0, 42.0]
    assert found[1][1] == [130.2, 42.4]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "Polygon or MultiPolygon"),
        ({"type": "Point", "coordinates": [1, 2]}, "Polygon or MultiPolygon"),
        ({"type": "Feature", "geometry": None}, "Polygon or MultiPolygon"),
        ({"type": "Polygon"}, "Polygon or MultiPolygon"),
        (polygon(), "lists of rings"),
        ({"type": "MultiPolygon", "coordinates": [7]}, "lists of rings"),
        ({"type": "Polygon", "coordinates": [[], 5]}, "lists of rings"),
        (polygon(SQUARE[:-1]), "at least four positions"),
        (polygon(SQUARE[:2]), "at least four positions"),
        (polygon([[1, 2], [3, 4], "x", [1, 2]]), "list of numbers"),
        (polygon([[True, 2], [3, 4], [5, 6], [True, 2]]), "list of numbers"),
        (polygon([[1, 2, 3, 4], [3, 4], [5, 6], [1, 2]]), "list of numbers"),
        (polygon([[10**400, 2], [3, 4], [5, 6], [1, 2]]), "list of numbers"),
        (polygon([[42.0, 130.0], [42.0, 131.0], [43.0, 131.0], [42.0, 130.0]]), "may be swapped"),
        (polygon([[200.0, 95.0], [3, 4], [5, 6], [200.0, 95.0]]), "outside the world"),
        (polygon([[1, 1], [2, 2], [3, 3], [1, 1]]), "no area"),
        (polygon([[float(x), 0.0] for x in range(170)] * 3), "at most 400 positions"),
        (polygon([[0, 80], [90, 80], [180, 80], [-90, 80], [0, 80]]), "around a pole"),
    ],
)
def test_e38_what_is_no_footprint_is_refused_with_the_reason(given: Any, words: str) -> None:
    with pytest.raises(InvalidFootprint, match=words):
        checked(given)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not GeoJSON"),
        ("[" * 50_000, "not GeoJSON"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 1], [2, 3], [4, 5], [NaN, 1]]]}', "not GeoJSON"),
        ('{"type": "Polygon", "coordinates": [[[1e999, 1], [2, 3], [4, 5], [1e999, 1]]]}', "list of numbers"),
        (" " * 100_001, "at most 100,000 characters"),
    ],
)
def test_e38_text_that_is_no_footprint_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidFootprint, match=words):
        read_footprint(text)


def test_a_footprint_reads_back_as_it_was_written() -> None:
    footprint = checked(polygon(SQUARE))

    assert read_footprint(json.dumps(footprint)) == footprint


@pytest.mark.parametrize("west", [179.0, 179.5, -180.5])
def test_what_crosses_180_degrees_is_cut_in_two(west: float) -> None:
    """Breaks where a scene over the date line is drawn around the whole globe."""
    corners = [(west, 50.0), (west + 2, 50.0), (west + 2, 51.0), (west, 51.0)]

    found = outline(corners)

    assert found is not None
    assert found["type"] == "MultiPolygon"
    assert footprints.box(found).east - footprints.box(found).west == pytest.approx(2)
    assert abs(footprints.middle(found)[0]) == pytest.approx(abs((west + 1 + 180) % 360 - 180))


def test_a_stac_polygon_that_jumps_over_180_degrees_is_cut_too() -> None:
    ring = [[179.0, 50.0], [-179.0, 50.0], [-179.0, 51.0], [179.0, 51.0], [179.0, 50.0]]

    assert len(checked(polygon(ring))["coordinates"]) == 2


def test_the_whole_world_is_one_polygon() -> None:
    world = [[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]

    assert checked(polygon(world))["type"] == "Polygon"


@pytest.mark.parametrize("points", [[(1.0, 2.0)], [(0.0, 91.0), (1.0, 0.0), (1.0, 1.0)], [(float("nan"), 0.0)] * 3])
def test_points_that_are_no_polygon_have_no_outline(points: list[tuple[float, float]]) -> None:
    assert outline(points) is None


def test_size_and_middle_of_a_footprint() -> None:
    footprint = checked(polygon(SQUARE))

    wide, high = footprints.size_km(footprint)

    assert footprints.middle(footprint) == (130.5, 42.5)
    assert (round(wide), round(high)) == (82, 111)


numbers = st.floats(allow_nan=True, allow_infinity=True) | st.integers()
anything = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["type", "coordinates"]), inner),
    max_leaves=20,
)


@given(anything)
def test_whatever_comes_is_a_footprint_or_refused(value: Any) -> None:
    for candidate in (value, {"type": "Polygon", "coordinates": value}, {"type": "MultiPolygon", "coordinates": value}):
        try:
            found = checked(candidate)
        except InvalidFootprint:
            continue
        assert checked(found) == found
