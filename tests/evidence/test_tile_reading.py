"""Images as tiles, in the cage: every form, every kind of number, whole and broken."""

import io
import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from casefiles.evidence import cage
from casefiles.evidence.readers import tiles
from casefiles.evidence.readers.pyramids import TILE, Pyramid
from tests.evidence.test_cage import claiming


def drawn(size: tuple[int, int] = (700, 600), mode: str = "RGB") -> Image.Image:
    """Return an image whose left half is dark and whose right half is light."""
    image = Image.new(mode, size, 40 if len(mode) == 1 else (40,) * len(Image.new(mode, (1, 1)).getbands()))
    light = 200 if len(mode) == 1 else (200,) * len(image.getbands())
    image.paste(light, (size[0] // 2, 0, size[0], size[1]))
    return image


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


@contextmanager
def held(content: bytes) -> Iterator[Any]:
    with tempfile.NamedTemporaryFile() as written:
        written.write(content)
        written.flush()
        with Path(written.name).open("rb") as file:
            yield file


def made(content: bytes) -> list[cage.Frame]:
    with held(content) as file:
        return cage.collected("tiles", file.fileno())


def made_inside(content: bytes) -> list[cage.Frame]:
    """The same without the walls of the cage, where a test can be told which lines ran."""
    with held(content) as file:
        return list(tiles.frames(file))


def put_together(frames: list[cage.Frame], level: int) -> Image.Image:
    head = frames[0].meta
    pyramid = Pyramid(int(head["width"]), int(head["height"]))  # type: ignore[arg-type]
    whole = Image.new("RGB", pyramid.size(level))
    for frame in frames:
        if frame.kind == "tile" and frame.meta["level"] == level:
            tile = Image.open(io.BytesIO(frame.body))
            assert tile.size == (TILE, TILE)
            whole.paste(tile.convert("RGB"), (frame.meta["column"] * TILE, frame.meta["row"] * TILE))  # type: ignore[operator]
    return whole


def is_close(seen: Any, expected: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(one - other) <= by for one, other in zip(seen, expected, strict=True))


@pytest.mark.parametrize(
    ("mode", "form", "options"),
    [
        ("RGB", "JPEG", {"quality": 95}), ("RGB", "JPEG", {"quality": 95, "progressive": True}), ("L", "JPEG", {}),
        ("RGB", "PNG", {}), ("L", "PNG", {}), ("RGBA", "PNG", {}), ("LA", "PNG", {}),
        ("RGB", "TIFF", {}), ("RGB", "TIFF", {"compression": "tiff_lzw"}), ("RGB", "TIFF", {"compression": "jpeg"}),
        ("RGBA", "TIFF", {}), ("L", "TIFF", {"compression": "tiff_deflate"}), ("CMYK", "TIFF", {}),
        ("RGB", "WEBP", {"lossless": True}), ("RGB", "GIF", {}), ("RGB", "AVIF", {}),
    ],
)  # fmt: skip
def test_images_of_every_form_become_tiles_that_show_the_same(mode: str, form: str, options: dict[str, Any]) -> None:
    frames = made_inside(encoded(drawn(mode=mode), form, **options))

    whole = put_together(frames, 1)
    dark, light = ((215,) * 3, (55,) * 3) if mode == "CMYK" else ((40,) * 3, (200,) * 3)
    assert whole.size == (700, 600)
    if mode == "CMYK":
        assert whole.getpixel((10, 10)) > whole.getpixel((690, 590))
    else:
        assert is_close(whole.getpixel((10, 10)), dark)
        assert is_close(whole.getpixel((690, 590)), light)
    assert [frame.kind for frame in frames] == ["pyramid", *["tile"] * 5, "shown"]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_an_image_larger_than_the_overview_is_made_in_two_ways_through(form: str) -> None:
    frames = made(encoded(drawn((4_500, 700)), form))

    shown = [frame.meta["levels"] for frame in frames if frame.kind == "shown"]
    kinds = [frame.kind for frame in frames]
    assert shown == [4, 5]
    assert len([kind for kind in kinds if kind == "tile"]) == Pyramid(4_500, 700).count
    assert kinds.index("shown") < len(kinds) - 2
    for level in range(5):
        whole = put_together(frames, level)
        assert whole.size == Pyramid(4_500, 700).size(level)
        assert is_close(whole.getpixel((3, 3)), (40,) * 3)
        assert is_close(whole.getpixel((whole.width - 4, whole.height - 4)), (200,) * 3)


def test_every_tile_is_said_once(shared_data: Path) -> None:
    frames = made((shared_data / "imagery" / "rasterio_cogeo.tif").read_bytes())

    places = [
        tuple(frame.meta[name] for name in ("level", "column", "row")) for frame in frames if frame.kind == "tile"
    ]
    pyramid = Pyramid(1024, 1024)
    assert sorted(pyramid.number(*place) for place in places) == list(range(5))  # type: ignore[arg-type, type-var]


@pytest.mark.parametrize("mode", ["I;16", "F", "I"])
def test_numbers_beyond_eight_bits_are_stretched_into_view(mode: str) -> None:
    numbers = Image.new(mode, (600, 20))
    numbers.putdata([1000 if place % 600 < 300 else 3000 for place in range(600 * 20)])

    frames = made_inside(encoded(numbers, "TIFF"))

    whole = put_together(frames, 1)
    assert frames[0].meta["stretched"] is True
    assert is_close(whole.getpixel((5, 5)), (0,) * 3)
    assert is_close(whole.getpixel((590, 5)), (255,) * 3)


def test_an_image_of_one_value_only_is_shown_all_the_same() -> None:
    frames = made_inside(encoded(Image.new("I;16", (20, 20), 0), "TIFF"))

    assert put_together(frames, 0).size == (20, 20)


def four_bands_of_16_bits() -> bytes:
    """Return a TIFF as satellites send them: blue, green, red and near infrared in 16 bits, uncompressed."""
    width, height = 8, 4
    pixels = b"".join(struct.pack("<4H", 300, 600, 900 + 10 * place, 4000) for place in range(width * height))
    tags = [
        (256, 3, 1, width), (257, 3, 1, height), (258, 3, 4, 0), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 0),
        (277, 3, 1, 4), (278, 3, 1, height), (279, 4, 1, len(pixels)), (284, 3, 1, 1), (338, 3, 1, 0),
    ]  # fmt: skip
    bits_at = 8 + 2 + 12 * len(tags) + 4
    places = {258: bits_at, 273: bits_at + 8}
    entries = b"".join(
        struct.pack("<HHII", tag, kind, count, places.get(tag, value)) for tag, kind, count, value in tags
    )
    head = b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", len(tags))
    return head + entries + struct.pack("<I", 0) + struct.pack("<4H", 16, 16, 16, 16) + pixels


def test_a_satellite_image_of_four_bands_is_shown_by_its_first_three() -> None:
    """Pillow does not read these at all."""
    frames = made_inside(four_bands_of_16_bits())

    assert frames[0].meta == {"width": 8, "height": 4, "stretched": True, "as_stored": False, "bands": 4}
    assert Image.open(io.BytesIO(frames[1].body)).convert("RGBA").getpixel((0, 0))[3] == 255


def test_a_fourth_band_is_transparency_only_where_the_file_says_so() -> None:
    rgba = encoded(Image.new("RGBA", (20, 20), (200, 100, 50, 0)), "TIFF")
    # ExtraSamples (338): 2 is alpha, 0 is something else.
    tag = struct.pack("<HHIHH", 338, 3, 1, 2, 0)
    assert tag in rgba

    seen = made_inside(rgba.replace(tag, struct.pack("<HHIHH", 338, 3, 1, 0, 0)))

    assert Image.open(io.BytesIO(seen[1].body)).convert("RGBA").getpixel((5, 5))[3] == 255
    assert Image.open(io.BytesIO(made_inside(rgba)[1].body)).convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("form", ["JPEG", "TIFF", "PNG"])
@pytest.mark.parametrize(
    ("orientation", "upright", "dark"),
    [(1, (700, 600), (5, 5)), (3, (700, 600), (690, 5)), (6, (600, 700), (5, 5)), (8, (600, 700), (5, 690))],
)
def test_e09_an_image_is_shown_upright(
    form: str, orientation: int, upright: tuple[int, int], dark: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"tiffinfo": {274: orientation}} if form == "TIFF" else {"exif": exif}

    frames = made_inside(encoded(drawn(), form, **options))

    whole = put_together(frames, 1)
    assert whole.size == upright
    assert is_close(whole.getpixel(dark), (40,) * 3)


def test_f09_a_tile_has_no_metadata(shared_data: Path) -> None:
    content = (shared_data / "exif" / "DSCN0010.jpg").read_bytes()

    for frame in made(content):
        if frame.kind == "tile":
            tile = Image.open(io.BytesIO(frame.body))
            assert tile.format == "WEBP"
            assert not tile.getexif()
            assert not {"exif", "xmp", "icc_profile"} & set(tile.info)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"words", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n<script>", b"II*\x00\x08\x00\x00\x00\x00\x00",
        b"RIFF\x00\x00\x00\x00WEBP",
        encoded(drawn(), "PNG")[:1500], encoded(drawn(), "JPEG")[:3000], encoded(drawn(), "TIFF")[:9000],
        encoded(drawn(), "BMP"),
    ],
)  # fmt: skip
def test_e03_what_is_broken_or_of_another_form_is_refused(content: bytes) -> None:
    with pytest.raises(cage.NotParsed, match="damaged"):
        made(content)


def test_a_corrupt_tiff_is_refused(shared_data: Path) -> None:
    with pytest.raises(cage.NotParsed, match="damaged"):
        made((shared_data / "imagery" / "rasterio_corrupt.tif").read_bytes())


@pytest.mark.parametrize(
    ("width", "height"), [(65_535, 65_535), (200_000, 10), (10, 2_000_000), (2**31 - 1, 2**31 - 1), (0, 5)]
)
def test_e01_an_absurd_size_is_refused_before_a_pixel_is_read(width: int, height: int) -> None:
    with pytest.raises(cage.NotParsed):
        made(claiming(width, height))


def stretched_png(width: int, height: int) -> bytes:
    """Return a PNG of one bit a pixel and one colour, which is small however large it is."""
    packer = zlib.compressobj(9)
    row = b"\x00" + bytes(-(-width // 8))
    packed = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    chunks = [
        b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0), b"IDAT" + packed, b"IEND",
    ]  # fmt: skip
    body = b"".join(struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


def test_an_image_beyond_what_memory_holds_whole_is_read_in_strips() -> None:
    """Fails where an image is decoded whole: 400 million pixels are 1.2 GB, and the cage has 1 GB."""
    with held(stretched_png(20_000, 20_000)) as file:
        limits = cage.Limits(cpu_seconds=120, wall_seconds=170.0)
        first = next(frame for frame in cage.frames("tiles", file.fileno(), limits) if frame.kind == "shown")

    assert first.meta == {"levels": 4}
