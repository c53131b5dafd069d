"""The arithmetic of tiles."""

import pytest

from casefiles.evidence.readers.pyramids import Pyramid


@pytest.mark.parametrize(
    ("size", "levels", "smallest", "count"),
    [
        ((1, 1), 1, (1, 1), 1),
        ((512, 512), 1, (512, 512), 1),
        ((513, 512), 2, (257, 256), 3),
        ((640, 480), 2, (320, 240), 3),
        ((1024, 1024), 2, (512, 512), 5),
        ((1025, 3), 3, (257, 1), 1 + 2 + 3),
        ((32_768, 32_768), 7, (512, 512), 5461),
    ],
)
def test_an_image_is_halved_until_it_fits_one_tile(size, levels, smallest, count) -> None:
    pyramid = Pyramid(*size)

    assert (pyramid.levels, pyramid.size(0), pyramid.count) == (levels, smallest, count)
    assert pyramid.size(levels - 1) == size


def test_every_tile_has_a_number_of_its_own() -> None:
    pyramid = Pyramid(1300, 700)

    numbers = [
        pyramid.number(level, column, row)
        for level in range(pyramid.levels)
        for row in range(pyramid.grid(level)[1])
        for column in range(pyramid.grid(level)[0])
    ]

    assert numbers == list(range(pyramid.count))


@pytest.mark.parametrize("place", [(-1, 0, 0), (3, 0, 0), (0, 1, 0), (0, 0, 1), (2, 3, 0), (2, 0, -1)])
def test_a_tile_that_is_not_there_has_no_number(place) -> None:
    assert Pyramid(1300, 700).number(*place) is None


@pytest.mark.parametrize(
    ("size", "level"), [((600, 600), 1), ((4096, 10), 3), ((4097, 10), 3), ((32_768, 10), 3), ((10, 9_000_000), 0)]
)
def test_the_overview_is_the_largest_level_within_a_length(size, level) -> None:
    assert Pyramid(*size).level_within(4096 if size[1] < 5000 else 100) == level
