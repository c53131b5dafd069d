"""STAC items, what Planet had before them, and GeoJSON that is neither."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.evidence.readers import stac, terms
from casefiles.evidence.readers.findings import NotParsed

RING = [[130.0, 42.0], [131.0, 42.0], [131.0, 43.0], [130.0, 43.0], [130.0, 42.0]]
FOOTPRINT = {"type": "Polygon", "coordinates": [RING]}


def found_in(content: Any) -> dict[str, Any]:
    written = content if isinstance(content, bytes) else json.dumps(content).encode()
    [frame] = stac.frames(io.BytesIO(written))
    findings: dict[str, Any] = json.loads(frame.body)
    return findings


def item(version: str = "1.1.0", **more: Any) -> dict[str, Any]:
    properties = {"datetime": "2024-02-11T02:03:04Z", **more.pop("properties", {})}
    return {
        "type": "Feature", "stac_version": version, "id": "scene-1", "geometry": FOOTPRINT, "properties": properties,
        "links": [], "assets": {}, **more,
    }  # fmt: skip


def claims_of(content: Any) -> dict[str, Any]:
    return {claim["key"]: claim["value"] for claim in found_in(content)["claims"]}


def test_an_item_claims_what_a_sheet_asks_for() -> None:
    claims = claims_of(
        item(
            properties={
                "platform": "sat-2", "constellation": "fleet", "instruments": ["camera", "other"], "gsd": 0.5,
                "eo:cloud_cover": 12.5, "view:off_nadir": 20, "view:sun_elevation": 30.1, "view:sun_azimuth": 150,
                "view:azimuth": 200, "license": "proprietary", "title": "Harbour", "proj:code": "EPSG:32652",
                "published": "2024-02-12T00:00:00Z", "sar:polarizations": ["HH", "HV"], "sar:instrument_mode": "SM",
                "providers": [{"name": "Reseller", "roles": ["host"]}, {"name": "Maker", "roles": ["producer"]}],
            },
            links=[{"rel": "root", "href": "a"}, {"rel": "self", "href": "https://example.org/scene-1.json"}],
        )
    )  # fmt: skip

    assert claims == {
        "scene_id": "scene-1", "acquired": "2024-02-11T02:03:04Z", "title": "Harbour", "licence": "proprietary",
        "platform": "sat-2", "constellation": "fleet", "instrument": "camera, other", "gsd_m": 0.5,
        "cloud_percent": 12.5, "off_nadir_deg": 20.0, "sun_elevation_deg": 30.1, "sun_azimuth_deg": 150.0,
        "azimuth_deg": 200.0, "crs": "EPSG:32652", "published": "2024-02-12T00:00:00Z", "polarization": "HH, HV",
        "instrument_mode": "SM", "provider": "Maker", "url": "https://example.org/scene-1.json", "footprint": FOOTPRINT,
    }  # fmt: skip
    assert set(claims) <= terms.KEYS


def test_without_a_producer_every_provider_is_named() -> None:
    found = found_in(item(properties={"providers": [{"name": "One"}, {"name": "Two", "roles": ["host"]}, "x", {}]}))

    assert [claim["value"] for claim in found["claims"] if claim["key"] == "provider"] == ["One", "Two"]


@pytest.mark.parametrize(
    ("properties", "acquired", "is_warned"),
    [
        ({"datetime": "2024-02-11T02:03:04Z"}, "2024-02-11T02:03:04Z", False),
        (
            {"datetime": None, "start_datetime": "2024-02-11T02:03:04Z", "end_datetime": "2024-02-11T02:03:05Z"},
            "2024-02-11T02:03:04Z/2024-02-11T02:03:05Z",
            False,
        ),
        ({"datetime": None, "start_datetime": "2024-02-11T02:03:04Z"}, None, True),
        ({"datetime": None}, None, True),
    ],
)
def test_the_time_is_one_or_a_span(properties: dict[str, Any], acquired: str | None, is_warned: bool) -> None:
    found = found_in(item(properties=properties))

    claims = {claim["key"]: claim["value"] for claim in found["claims"]}
    assert claims.get("acquired") == acquired
    assert (stac.NO_TIME in found["warnings"]) == is_warned


@pytest.mark.parametrize(
    "properties",
    [
        {"gsd": "0.5"}, {"gsd": True}, {"gsd": 0}, {"gsd": -1}, {"gsd": 10**400}, {"eo:cloud_cover": 101},
        {"view:off_nadir": -5}, {"view:sun_elevation": 91}, {"proj:epsg": 3.5}, {"proj:epsg": None},
        {"instruments": "PS2"}, {"providers": {"name": "x"}}, {"platform": 7}, {"platform": "  "},
    ],
)  # fmt: skip
def test_values_that_cannot_be_are_left_out(properties: dict[str, Any]) -> None:
    assert set(claims_of(item(properties=properties))) == {"scene_id", "acquired", "footprint"}


def test_a_footprint_outside_the_world_is_left_out_and_said() -> None:
    swapped = {"type": "Polygon", "coordinates": [[point[::-1] for point in RING]]}

    found = found_in(item(geometry=swapped))

    assert "footprint" not in {claim["key"] for claim in found["claims"]}
    assert "may be swapped" in found["warnings"][0]


@pytest.mark.parametrize("geometry", [None, {"type": "Point", "coordinates": [1, 2]}, 5, {"type": "Polygon"}])
def test_no_polygon_is_no_footprint(geometry: Any) -> None:
    assert "footprint" not in claims_of(item(geometry=geometry))


def test_assets_are_the_parts_of_an_item() -> None:
    assets = {"visual": {"href": "a.tif", "title": "Visual", "type": "image/tiff", "roles": ["visual", 3]}, "x": 7}

    found = found_in(item(assets=assets))

    assert found["measured"] == {"assets": 2}
    assert found["parts"] == [
        {"name": "visual", "title": "Visual", "type": "image/tiff", "roles": "visual, 3", "url": "a.tif"}
    ]


@pytest.mark.parametrize(
    ("kind", "form"), [("Collection", "STAC collection 1.0.0"), ("Catalog", "STAC catalogue 1.0.0")]
)
def test_collections_and_catalogues_are_no_items(kind: str, form: str) -> None:
    found = found_in({"type": kind, "stac_version": "1.0.0", "id": "c", "license": "other", "links": [1, 2]})

    assert (found["form"], found["measured"]) == (form, {"links": 2})
    assert {claim["key"] for claim in found["claims"]} == {"identifier", "licence"}


def test_an_order_says_that_it_is_no_stac_and_its_clouds_are_a_fraction() -> None:
    properties = {"acquired": "2021-01-19T13:40:04Z", "item_type": "PSScene", "cloud_cover": 0.06, "view_angle": -3.2}
    order = {"type": "Feature", "id": "scene", "geometry": FOOTPRINT, "properties": properties}

    found = found_in(order)

    claims = {claim["key"]: claim["value"] for claim in found["claims"]}
    assert found["form"] == "Planet order metadata"
    assert found["warnings"] == [stac.ORDER]
    assert (claims["cloud_percent"], claims["off_nadir_deg"]) == (6.0, 3.2)


@pytest.mark.parametrize(
    ("value", "measured"),
    [
        ({"type": "FeatureCollection", "features": [1, 2, 3]}, {"features": 3}),
        ({"type": "Feature", "geometry": FOOTPRINT, "properties": {}}, {}),
        ({"type": "Polygon", "coordinates": [RING]}, {}),
    ],
)
def test_other_geojson_says_that_it_is_no_stac(value: Any, measured: dict[str, int]) -> None:
    found = found_in(value)

    assert (found["form"], found["measured"]) == ("GeoJSON", measured)
    assert stac.NOT_STAC in found["warnings"]


def test_a_name_with_two_values_is_said() -> None:
    found = found_in(b'{"type": "Feature", "stac_version": "1.0.0", "id": "a", "id": "b", "properties": {}}')

    assert stac.TWICE in found["warnings"]
    assert found["claims"][0]["value"] == "b"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "no JSON"),
        (b"\xff\xfe{}", "no JSON"),
        (b'{"type": "Feature", "gsd": NaN}', "no JSON"),
        (b"[1]", "no JSON object"),
        (b'{"a": 1}', "neither"),
        (b" " * (stac.MOST_BYTES + 1), "larger"),
        (b'{"n": ' + b"9" * 5000 + b"}", "no JSON"),
    ],
    ids=range(7),
)
def test_g20_what_is_no_such_thing_is_not_parsed(content: bytes, reason: str) -> None:
    with pytest.raises(NotParsed, match=reason):
        found_in(content)


def test_g20_what_is_nested_too_deep_ends() -> None:
    with pytest.raises((NotParsed, RecursionError)):
        found_in(b"[" * 100_000)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
NAMES = [
    "datetime",
    "gsd",
    "providers",
    "instruments",
    "proj:epsg",
    "acquired",
    "item_type",
    "cloud_cover",
    "sar:polarizations",
]


@given(st.dictionaries(st.sampled_from(NAMES), json_values), json_values, json_values, json_values)
def test_whatever_stands_in_an_item_is_read_or_left_out(
    properties: Any, geometry: Any, assets: Any, links: Any
) -> None:
    for version in ({"stac_version": "1.0.0"}, {}):
        value = {"type": "Feature", "geometry": geometry, "assets": assets, "links": links, "properties": properties}
        assert {claim["key"] for claim in found_in({**version, **value})["claims"]} <= terms.KEYS


# --- Real files ---------------------------------------------------------------------------------------------------

REAL = {
    "core-item.json": ("STAC item 1.1.0-beta.1", {"gsd_m": 0.512, "platform": "cool_sat1"}),
    "simple-item.json": ("STAC item 1.1.0-beta.1", {"acquired": "2020-12-11T22:38:32.125000Z"}),
    "planet_20170831_172754_101c.json": (
        "STAC item 1.0.0-beta.2 (Planet)",
        {
            "scene_id": "20170831_172754_101c", "platform": "101c", "constellation": "planetscope", "gsd_m": 2.6,
            "cloud_percent": 2.0, "off_nadir_deg": 0.2, "sun_elevation_deg": 65.1, "product": "PSScene4Band",
            "crs": "EPSG:32615",
        },
    ),
    "planet_skysat_20170831_195425_SS02.json": (
        "STAC item 1.0.0-beta.2 (Planet)",
        {"platform": "SS02", "gsd_m": 1.1, "off_nadir_deg": 27.3, "provider": "skysat", "azimuth_deg": 202.8},
    ),
    "planet_order_20180119_metadata.json": (
        "Planet order metadata",
        {"cloud_percent": 6.0, "platform": "3d", "provider": "planetscope", "published": "2029-01-09T12:00:00Z"},
    ),
    "sar_envisat.json": (
        "STAC item 1.0.0",
        {"platform": "envisat", "polarization": "HH", "instrument_mode": "GM", "frequency_band": "C"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(REAL))
def test_every_real_file_goes_through_and_says_what_it_holds(shared_data: Path, name: str) -> None:
    form, expected = REAL[name]

    found = found_in((shared_data / "stac" / name).read_bytes())

    claims = {claim["key"]: claim["value"] for claim in found["claims"]}
    assert found["form"] == form
    assert claims | expected == claims
    assert set(claims) <= terms.KEYS


def test_the_real_sar_item_lies_outside_the_world(shared_data: Path) -> None:
    """Its latitudes run to 128 degrees: it is an example of its extension, and nobody's footprint."""
    found = found_in((shared_data / "stac" / "sar_envisat.json").read_bytes())

    assert "outside the world" in found["warnings"][0]
    assert "footprint" not in {claim["key"] for claim in found["claims"]}
