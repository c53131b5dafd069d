"""Pictures of TIFFs with many bands or wide numbers: which bands, how stretched, however they are packed."""

import io
from typing import Any

import pytest
from PIL import Image

from casefiles.evidence.readers import bands, pictures
from casefiles.evidence.readers.findings import NotParsed
from tests.evidence.tiffs import tiff

NAMED = (
    b'<GDALMetadata><Item name="DESCRIPTION" sample="0">blue</Item><Item name="DESCRIPTION" sample="1">green</Item>'
    b'<Item name="COLORINTERP" sample="2">Red</Item><Item name="DESCRIPTION" sample="3">nir</Item></GDALMetadata>\x00'
)


def shown(content: bytes, *, longest: int = 1600, most_pixels: int = 10_000_000) -> bands.Shown:
    file = io.BytesIO(content)
    assert bands.needs(file)
    return bands.drawn(file, longest, most_pixels=most_pixels)


def ramp(column: int, row: int, band: int) -> int:
    return 200 * (band + 1) + 10 * row + column


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"order": ">"},
        {"is_big": True},
        {"compression": 8},
        {"compression": 32946, "rows_per_strip": 4},
        {"compression": 5},
        {"compression": 5, "predictor": 2},
        {"compression": 8, "predictor": 2, "order": ">"},
        {"compression": 32773},
        {"compression": 34925, "rows_per_strip": 1},
        {"compression": 50000, "rows_per_strip": 4},
        {"tile": 16},
        {"tile": 16, "compression": 5, "predictor": 2},
        {"is_apart": True},
        {"is_apart": True, "tile": 16, "compression": 8},
        {"rows_per_strip": 1},
        {"bits": 32},
        {"bits": 16, "kind": 2},
        {"bits": 32, "kind": 2},
        {"bits": 32, "kind": 3},
        {"bits": 64, "kind": 3},
    ],
    ids=str,
)
def test_four_bands_look_the_same_however_they_are_packed(options: dict[str, Any]) -> None:
    """Pillow refuses four bands of 16 bits that are not called red, green and blue, as Planet's analytic files are."""
    found = shown(tiff(40, 30, bands=4, numbers=ramp, **options))

    assert (found.width, found.height, found.bands) == (40, 30, (1, 2, 3))
    assert found.picture.getpixel((0, 0)) == (0, 0, 0)
    assert found.picture.getpixel((39, 29)) == (255, 255, 255)
    middle = found.picture.getpixel((20, 15))
    assert isinstance(middle, tuple)
    assert all(abs(value - 128) < 12 for value in middle)


def test_bands_that_the_file_names_become_the_colours_they_are() -> None:
    found = shown(tiff(8, 6, bands=4, numbers=ramp, more=[(42112, 2, NAMED)]))

    assert found.bands == (3, 2, 1)


OF_NO_BAND = b'<GDALMetadata><Item name="DESCRIPTION" sample="9">red</Item></GDALMetadata>'


@pytest.mark.parametrize(
    "metadata", [b"<broken", b'<!DOCTYPE x [<!ENTITY a "b">]><GDALMetadata/>', b"\xff\xfe\x00", OF_NO_BAND]
)
def test_names_that_cannot_be_read_name_nothing(metadata: bytes) -> None:
    assert shown(tiff(8, 6, bands=4, numbers=ramp, more=[(42112, 2, metadata)])).bands == (1, 2, 3)


@pytest.mark.parametrize(("count", "used"), [(1, (1,)), (2, (1,)), (3, (1, 2, 3)), (8, (1, 2, 3))])
def test_which_bands_are_shown(count: int, used: tuple[int, ...]) -> None:
    assert shown(tiff(8, 6, bands=count, numbers=ramp)).bands == used


def test_where_white_is_zero_the_picture_is_turned_over() -> None:
    dark = shown(tiff(8, 6, numbers=ramp)).picture
    light = shown(tiff(8, 6, numbers=ramp, photometric=0)).picture

    assert (dark.getpixel((0, 0)), light.getpixel((0, 0))) == ((0, 0, 0), (255, 255, 255))


def test_a_few_bright_pixels_do_not_darken_all_others() -> None:
    def sea_with_a_ship(column: int, row: int, band: int) -> int:
        return 60_000 if (column, row) == (20, 20) else 300 + column

    picture = shown(tiff(40, 40, numbers=sea_with_a_ship)).picture

    assert picture.getpixel((39, 5)) == (255, 255, 255)
    assert picture.getpixel((20, 20)) == (255, 255, 255)


def test_what_stands_for_nothing_is_not_stretched() -> None:
    numbers = lambda column, row, band: -9999 if column < 30 else 100 + column  # noqa: E731

    picture = shown(tiff(40, 10, bits=32, kind=3, numbers=numbers, more=[(42113, 2, b"-9999\x00")])).picture

    values = [picture.getpixel((column, 5)) for column in (0, 30, 39)]
    assert values[0] == (0, 0, 0)
    assert values[1] == (0, 0, 0)
    assert values[2] == (255, 255, 255)


def test_nothing_but_what_stands_for_nothing_is_black() -> None:
    numbers = lambda column, row, band: float("nan")  # noqa: E731

    assert shown(tiff(8, 6, bits=32, kind=3, numbers=numbers)).picture.getextrema() == ((0, 0), (0, 0), (0, 0))


def test_one_number_everywhere_is_one_grey() -> None:
    assert len(set(shown(tiff(8, 6, numbers=lambda *at: 7)).picture.get_flattened_data())) == 1


@pytest.mark.parametrize("options", [{}, {"tile": 16}, {"rows_per_strip": 7}, {"compression": 8, "predictor": 2}])
def test_a_large_picture_is_reduced_by_whole_steps(options: dict[str, Any]) -> None:
    found = shown(tiff(100, 50, bands=3, numbers=ramp, **options), longest=30)

    assert found.picture.size == (25, 13)
    assert (found.width, found.height) == (100, 50)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (tiff(8, 6, bands=4)[:-10], "beyond the end"),
        (tiff(8, 6, bands=4, compression=8, predictor=3), "packed in a way"),
        (tiff(8, 6, bands=4, bits=32, kind=3, compression=8, predictor=7), "packed in a way"),
    ],
)
def test_what_is_damaged_or_packed_otherwise_is_not_drawn(content: bytes, reason: str) -> None:
    with pytest.raises(NotParsed, match=reason):
        bands.drawn(io.BytesIO(content), 1600, most_pixels=10_000)


def with_block(content: bytes, block: bytes) -> bytes:
    """Return a TIFF whose one strip, which came last, is another one of the same length or shorter."""
    layout = bands._first(io.BytesIO(content))
    [(place, size)] = layout.blocks
    return content[:place] + block.ljust(size, b"\x00")[:size]


@pytest.mark.parametrize(("compression", "reason"), [(8, "damaged"), (5, "damaged|fewer pixels"), (50000, "damaged")])
def test_a_block_that_cannot_be_unpacked_is_not_drawn(compression: int, reason: str) -> None:
    content = with_block(tiff(40, 30, bands=4, compression=compression), b"nothing packed")

    with pytest.raises(NotParsed, match=reason):
        shown(content)


def test_a_block_that_ends_early_is_not_drawn() -> None:
    whole = tiff(40, 30, bands=4, compression=8)
    short = tiff(40, 2, bands=4, compression=8)
    layout = bands._first(io.BytesIO(short))
    [(place, size)] = layout.blocks

    with pytest.raises(NotParsed, match="fewer pixels"):
        shown(with_block(whole, short[place : place + size]))


def test_more_pixels_than_are_shown_are_not_drawn() -> None:
    with pytest.raises(NotParsed, match="more than is shown"):
        shown(tiff(8, 6, bands=4), most_pixels=40)


@pytest.mark.parametrize(
    "content", [b"", b"II*\x00", b"GIF89a", tiff(8, 6, bits=8, bands=3, photometric=2, numbers=lambda *at: 7)]
)
def test_what_pillow_shows_as_it_is_needs_no_stretching(content: bytes) -> None:
    assert not bands.needs(io.BytesIO(content))


def test_the_picture_of_the_cage_is_the_stretched_one() -> None:
    [frame] = pictures.frames(io.BytesIO(tiff(40, 30, bands=4, numbers=ramp)))

    assert frame.meta == {"width": 40, "height": 30}
    assert Image.open(io.BytesIO(frame.body)).size == (40, 30)
