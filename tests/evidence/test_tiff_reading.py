"""Tags, layout and ground of TIFFs, read strictly; with the real files of satellites and of a camera of the sky."""

import io
import json
import struct
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casefiles.evidence.readers import geotiffs
from casefiles.evidence.readers.findings import NotParsed
from casefiles.evidence.readers.layouts import Layout
from casefiles.evidence.readers.tags import MOST_DIRECTORIES, Damaged, Structure
from tests.evidence.tiffs import UTM_10_NORTH, structure, tiff


def found_in(content: bytes) -> dict[str, Any]:
    frame = next(geotiffs.frames(io.BytesIO(content)))
    findings: dict[str, Any] = json.loads(frame.body)
    return findings


def first_of(content: bytes) -> Any:
    return next(Structure.of(io.BytesIO(content)).directories())


# --- Tags ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("is_big", [False, True])
def test_values_of_every_type_are_read_in_either_order(order: str, is_big: bool) -> None:
    tags = [
        (1, 1, [1, 2, 3]), (2, 2, b"words\x00more\x00"), (3, 3, [7]), (4, 4, [70_000]), (5, 5, [(1, 2), (1, 0)]),
        (9, 9, [-5]), (11, 11, [0.5]), (12, 12, [0.25, -1.0]), (13, 99, b"????"), (16, 16, [2**40]),
    ]  # fmt: skip

    directory = first_of(structure([[tag for tag in tags if tag[1] != 99]], order=order, is_big=is_big))

    assert directory.numbers(1) == (1, 2, 3)
    assert directory.text(2) == "words"
    assert directory.number(3, 0) == 7
    assert directory.whole_numbers(4) == (70_000,)
    assert (directory.numbers(5)[0], str(directory.numbers(5)[1])) == (0.5, "nan")
    assert directory.numbers(9) == (-5,)
    assert directory.numbers(11) == (0.5,)
    assert directory.numbers(12) == (0.25, -1.0)
    assert directory.numbers(16) == (2**40,)


def test_what_is_not_there_has_no_value() -> None:
    directory = first_of(structure([[(256, 4, [1])]]))

    assert (directory.numbers(1), directory.text(1), directory.content(1)) == ((), "", b"")
    assert (directory.number(1, 5), directory.below(1), 1 in directory) == (5, None, False)


def test_a_type_that_is_not_known_is_passed_over() -> None:
    content = bytearray(structure([[(256, 4, [1]), (300, 3, [1])]]))
    struct.pack_into("<H", content, 8 + 2 + 12 + 2, 77)

    directory = first_of(bytes(content))

    assert 256 in directory
    assert 300 not in directory


def test_text_that_is_no_utf8_is_read_as_latin() -> None:
    assert first_of(structure([[(270, 2, b"caf\xe9 au lait\x00")]])).text(270) == "café au lait"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"II*\x00", b"MM*\x00\x00\x00\x00\x08", b"GIF89a..", b"II+\x00\x08\x00",
        b"II+\x00\x04\x00\x00\x00" + bytes(8), b"II*\x00\x00\x00\x00\x00" + bytes(20), b"II*\x00\xff\xff\xff\x7f",
        b"II*\x00\x08\x00\x00\x00\x00\x00", b"II*\x00\x08\x00\x00\x00\xff\xff", structure([[(256, 4, [1])]])[:20],
    ],
)  # fmt: skip
def test_what_does_not_begin_as_a_tiff_or_breaks_off_is_damaged(content: bytes) -> None:
    with pytest.raises(Damaged):
        list(Structure.of(io.BytesIO(content)).directories())


@pytest.mark.parametrize("last", [8, 26])
def test_e02_directories_that_go_in_a_circle_are_damaged(last: int) -> None:
    content = structure([[(256, 4, [1])], [(256, 4, [1])]], last=last)

    with pytest.raises(Damaged, match="circle"):
        list(Structure.of(io.BytesIO(content)).directories())


def test_e02_more_directories_than_are_read_are_damaged() -> None:
    content = structure([[(256, 4, [1])]] * (MOST_DIRECTORIES + 1))

    with pytest.raises(Damaged, match="more than 1,000"):
        list(Structure.of(io.BytesIO(content)).directories())


def test_a_value_beyond_the_end_or_larger_than_is_read_is_damaged() -> None:
    content = bytearray(structure([[(273, 4, [1] * 10), (279, 4, [1] * 10)]]))
    struct.pack_into("<I", content, 8 + 2 + 8, 10**9)
    struct.pack_into("<I", content, 8 + 2 + 12 + 4, 10**9)
    directory = first_of(bytes(content))

    with pytest.raises(Damaged, match="beyond the end"):
        directory.numbers(273)
    with pytest.raises(Damaged, match="larger than is read"):
        directory.numbers(279)


@pytest.mark.parametrize("values", [(2, b"12345\x00"), (12, [0.5]), (4, [1, 2])])
def test_one_whole_number_is_nothing_else(values: tuple[int, Any]) -> None:
    directory = first_of(structure([[(256, *values)]]))

    with pytest.raises(Damaged, match="kind"):
        directory.number(256, 0)


def test_whole_numbers_have_no_fractions() -> None:
    with pytest.raises(Damaged, match="kind"):
        first_of(structure([[(256, 12, [0.5])]])).whole_numbers(256)


@given(st.binary(max_size=400), st.integers(0, 399), st.integers(0, 255))
@settings(max_examples=300)
def test_any_byte_may_be_wrong_and_nothing_but_a_refusal_comes_of_it(tail: bytes, place: int, value: int) -> None:
    content = bytearray(tiff(4, 3, bands=2, more=UTM_10_NORTH) + tail)
    content[place % len(content)] = value

    # Pillow warns of what it leaves out; here only an error would be one.
    with suppress(NotParsed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found_in(bytes(content))


# --- Layout -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "measured"),
    [
        ({"bands": 4}, {"bands": 4, "bits": 16, "numbers": "unsigned", "compression": "none"}),
        ({"bands": 4, "is_big": True}, {"bands": 4, "bits": 16}),
        ({"bits": 32, "kind": 3}, {"bits": 32, "numbers": "floating point"}),
        ({"bits": 16, "kind": 2}, {"numbers": "signed"}),
        ({"tile": 16}, {"tiles_px": [16, 16]}),
        ({"compression": 5, "photometric": 0}, {"compression": "LZW", "colours": "grey, white is zero"}),
        ({"compression": 50000}, {"compression": "Zstandard"}),
        ({"more": [(42113, 2, b"-9999\x00")]}, {"no_data": -9999.0}),
    ],
)
def test_pixels_are_measured(options: dict[str, Any], measured: dict[str, Any]) -> None:
    found = found_in(tiff(8, 6, **options))

    assert found["measured"] | measured == found["measured"]
    assert (found["measured"]["width_px"], found["measured"]["height_px"]) == (8, 6)
    assert found["form"] == ("BigTIFF" if options.get("is_big") else "TIFF")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({256: [0]}, "no width or no height"),
        ({257: [0]}, "no width or no height"),
        ({257: [7], 278: [7]}, "fewer pixels"),
        ({277: [0]}, "no bands"),
        ({277: [5_000]}, "no bands"),
        ({258: [8, 16]}, "different kinds"),
        ({278: [0]}, "no size"),
        ({278: [1]}, "as many strips or tiles"),
        ({279: [10**6]}, "beyond the end"),
        ({273: [10**6]}, "beyond the end"),
        ({279: [10]}, "fewer pixels"),
        ({256: [10**6], 257: [10**6], 278: [10**6]}, "fewer pixels"),
    ],
)
def test_e02_pixels_that_are_claimed_but_not_there_are_refused(change: dict[int, Any], reason: str) -> None:
    tags = {256: [8], 257: [6], 258: [16], 259: [1], 262: [1], 273: [0], 277: [1], 278: [6], 279: [96]} | change
    content = structure([[(tag, 4, values) for tag, values in tags.items()]], tail=bytes(200))

    with pytest.raises(NotParsed, match=reason):
        found_in(content)


def test_pages_and_copies_are_told_apart() -> None:
    tags = [
        (256, 4, [4]), (257, 4, [4]), (258, 3, [8]), (259, 3, [1]), (273, 4, [0]), (277, 3, [1]), (279, 4, [16]),
    ]  # fmt: skip
    small = [(254, 4, [1]), *[(tag, kind, [2] if tag in (256, 257) else values) for tag, kind, values in tags]]

    found = found_in(structure([tags, small, tags, [(254, 4, [4]), *tags]], tail=bytes(64)))

    assert found["measured"]["overviews_px"] == ["2 × 2"]
    assert found["measured"]["pages"] == 2


def test_an_empty_tile_may_be_left_out() -> None:
    layout = Layout(first_of(structure([[
        (256, 4, [16]), (257, 4, [16]), (258, 3, [8]), (322, 4, [16]), (323, 4, [16]), (324, 4, [0]), (325, 4, [0]),
    ]])))  # fmt: skip

    assert layout.blocks == ((0, 0),)


# --- Ground -------------------------------------------------------------------------------------------------------


def test_a_geotiff_says_where_it_lies() -> None:
    found = found_in(tiff(8, 6, more=UTM_10_NORTH))

    measured = found["measured"]
    assert found["form"] == "GeoTIFF"
    assert (measured["crs"], measured["crs_name"], measured["crs_unit"]) == (
        "EPSG:32610", "WGS 84 / UTM zone 10N", "metre",
    )  # fmt: skip
    assert measured["geotransform"] == [557050.0, 5.0, 0.0, 4176460.0, 0.0, -5.0]
    assert measured["pixel_size"] == [5.0, 5.0]
    assert measured["pixel_size_m"] == pytest.approx([5.0, 5.0], abs=0.01)
    assert measured["footprint"]["coordinates"][0][0] == pytest.approx([-122.352546, 37.733642], abs=1e-6)
    assert found["warnings"] == []


def test_points_of_pixels_are_their_middles_where_the_file_says_so() -> None:
    keys = (34735, 3, (1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 2, 3072, 0, 1, 32610))

    found = found_in(tiff(more=(*UTM_10_NORTH[:2], keys)))

    assert found["measured"]["geotransform"] == [557047.5, 5.0, 0.0, 4176462.5, 0.0, -5.0]


def test_a_turned_picture_has_a_matrix_and_no_pixel_size() -> None:
    matrix = (34264, 12, (4.0, 3.0, 0.0, 557050.0, 3.0, -4.0, 0.0, 4176460.0, *[0.0] * 7, 1.0))

    measured = found_in(tiff(more=(matrix, UTM_10_NORTH[2])))["measured"]

    assert measured["geotransform"] == [557050.0, 4.0, 3.0, 4176460.0, 3.0, -4.0]
    assert "pixel_size" not in measured
    assert measured["pixel_size_m"] == pytest.approx([5.0, 5.0], abs=0.01)


def test_longitude_and_latitude_need_no_projection() -> None:
    more = (
        (33550, 12, (0.001, 0.001, 0.0)), (33922, 12, (0.0, 0.0, 0.0, 130.0, 43.0, 0.0)),
        (34735, 3, (1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, 4326)),
    )  # fmt: skip

    measured = found_in(tiff(10, 10, more=more))["measured"]

    assert measured["crs"] == "EPSG:4326"
    assert measured["crs_unit"] == "degree"
    assert measured["footprint"]["coordinates"][0][:2] == [[130.0, 43.0], [130.0, 42.99]]
    assert measured["pixel_size_m"] == pytest.approx([81.55, 111.09], abs=0.01)


def test_a_scene_over_the_date_line_has_an_outline_in_two_parts() -> None:
    tie = (33922, 12, (0.0, 0.0, 0.0, 690_000.0, 5_600_000.0, 0.0))
    keys = (34735, 3, (1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32660))

    measured = found_in(tiff(20, 20, more=((33550, 12, (5_000.0, 5_000.0, 0.0)), tie, keys)))["measured"]

    assert measured["footprint"]["type"] == "MultiPolygon"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ([(34735, 3, (1, 1, 0, 9, 1024, 0, 1, 1))], "georeference is damaged"),
        ([(34735, 3, (1, 1))], "georeference is damaged"),
        ([(34735, 3, (1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32767))], "defines itself"),
        ([(34735, 3, (1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 30000))], "not one that is known"),
        ([(33922, 12, (0.0,) * 12)], "control points"),
        ([(33550, 12, (0.0, 0.0, 0.0)), *UTM_10_NORTH[1:]], "georeference is damaged"),
        ([(33550, 12, (float("nan"), 5.0, 0.0)), *UTM_10_NORTH[1:]], "georeference is damaged"),
        ([UTM_10_NORTH[0], (33922, 12, (0.0, 0.0, 0.0, 1e30, 1e30, 0.0)), UTM_10_NORTH[2]], "outside the area"),
    ],
)
def test_a_ground_that_cannot_be_read_is_left_out_with_the_reason(more: Any, words: str) -> None:
    found = found_in(tiff(more=more))

    assert any(words in warning for warning in found["warnings"])
    assert "footprint" not in found["measured"]


def test_a_tiff_of_a_camera_says_what_it_wrote() -> None:
    more = [
        (271, 2, b"Maker\x00"),
        (272, 2, b"Model 5\x00"),
        (315, 2, b"Somebody\x00"),
        (306, 2, b"2024:02:11 10:00:00\x00"),
    ]

    claims = {claim["key"]: claim["value"] for claim in found_in(tiff(more=more))["claims"]}

    assert claims == {"camera": "Maker Model 5", "author": "Somebody", "modified": "2024-02-11T10:00:00"}


# --- Real files ---------------------------------------------------------------------------------------------------


def test_the_real_planet_clip_lies_in_san_francisco_bay(shared_data: Path) -> None:
    found = found_in((shared_data / "imagery" / "planet_rapideye_ship_detector_2017-03-08_clip.tif").read_bytes())

    measured = found["measured"]
    assert found["form"] == "GeoTIFF"
    assert measured["crs"] == "EPSG:32610"
    assert (measured["width_px"], measured["height_px"], measured["bands"], measured["bits"]) == (692, 332, 4, 8)
    assert measured["pixel_size"] == [5.0, 5.0]
    assert measured["footprint"]["coordinates"][0][0] == [-122.352546, 37.733642]


def test_the_real_cog_is_one_and_its_pixels_are_smaller_than_its_map_says(shared_data: Path) -> None:
    """Breaks where the metres of Web Mercator are taken for metres on the ground: ships would come out too long."""
    found = found_in((shared_data / "imagery" / "rasterio_cogeo.tif").read_bytes())

    assert found["form"] == "Cloud Optimized GeoTIFF"
    assert found["measured"]["crs"] == "EPSG:3857"
    assert found["measured"]["pixel_size"][0] == pytest.approx(0.597, abs=0.001)
    assert found["measured"]["pixel_size_m"] == [0.4733, 0.4713]
    assert len(found["measured"]["overviews_px"]) == 6


def test_the_real_planet_visual_is_read(shared_data: Path) -> None:
    found = found_in((shared_data / "imagery" / "planet_20170831_172754_101c_3b_Visual.tif").read_bytes())

    assert found["measured"]["crs"] == "EPSG:32615"
    assert found["claims"] == [{"key": "modified", "value": "2017-08-31T17:27:54", "where": "EXIF DateTime"}]


def test_the_real_corrupt_tiff_is_not_parsed(shared_data: Path) -> None:
    with pytest.raises(NotParsed) as refused:
        found_in((shared_data / "imagery" / "rasterio_corrupt.tif").read_bytes())

    assert refused.value.reason == "a part of it lies beyond the end of the file"
