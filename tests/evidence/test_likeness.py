"""What makes files look alike: pictures by brightness, texts by shared runs of words, pages by address."""

import io
import random

import pytest
from PIL import Image, ImageDraw

from casefiles.evidence.readers import likeness

WORDS = [f"word{number}" for number in range(400)]


def drawing(seed: int = 1) -> Image.Image:
    numbers = random.Random(seed)
    image = Image.new("RGB", (320, 200), (70, 110, 150))
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = numbers.randrange(300), numbers.randrange(180)
        draw.ellipse((x, y, x + 60, y + 40), fill=tuple(numbers.randrange(256) for _ in range(3)))
    return image


def reencoded(image: Image.Image, *, quality: int) -> Image.Image:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality)
    return Image.open(io.BytesIO(written.getvalue()))


@pytest.mark.parametrize(
    "changed",
    [
        lambda image: reencoded(image, quality=30),
        lambda image: image.resize((160, 100)),
        lambda image: image.resize((900, 560)),
        lambda image: image.point(lambda value: min(255, value + 20)),
        lambda image: image.convert("L"),
    ],
)
def test_a_republished_picture_is_near_its_original(changed):
    first, second = likeness.picture_hash(drawing()), likeness.picture_hash(changed(drawing()))

    assert likeness.bits_apart(first, second) <= likeness.NEAR_BITS
    assert set(enumerate(likeness.picture_bands(first))) & set(enumerate(likeness.picture_bands(second)))


def test_another_picture_is_far():
    assert likeness.bits_apart(likeness.picture_hash(drawing(1)), likeness.picture_hash(drawing(2))) > 12


@pytest.mark.parametrize("colour", ["white", "black", "gray"])
def test_a_plain_area_is_like_nothing(colour):
    assert likeness.picture_hash(Image.new("RGB", (200, 100), colour)) == ""


def test_a_text_is_like_itself_and_unlike_another():
    one, other = likeness.text_sketch(WORDS), likeness.text_sketch([f"other{word}" for word in WORDS])

    assert len(one) == likeness.BANDS * likeness.ROWS
    assert likeness.likeness(one, one) == 1.0
    assert likeness.likeness(one, other) == 0.0
    assert not set(enumerate(likeness.text_bands(one))) & set(enumerate(likeness.text_bands(other)))


def test_a_rewrite_that_keeps_most_sentences_shares_a_band():
    rewrite = [*WORDS[:330], *[f"new{number}" for number in range(60)]]
    one, other = likeness.text_sketch(WORDS), likeness.text_sketch(rewrite)

    assert 0.5 < likeness.likeness(one, other) < 1.0
    assert set(enumerate(likeness.text_bands(one))) & set(enumerate(likeness.text_bands(other)))


def test_bands_fit_a_signed_64_bit_column():
    bands = [band for seed in range(50) for band in likeness.text_bands(likeness.text_sketch(WORDS[seed:]))]

    assert all(-(2**63) <= band < 2**63 for band in bands)
    assert min(bands) < 0 < max(bands)


def test_a_text_too_short_to_be_told_from_others_has_no_sketch():
    assert likeness.text_sketch(WORDS[:15]) == []
    assert likeness.likeness([], []) == 0.0
    assert likeness.text_sketch(["the"] * 400) == []


def test_a_sketch_is_written_and_read_back():
    sketch = likeness.text_sketch(WORDS)

    assert likeness.parted(likeness.joined(sketch)) == sketch
    assert likeness.parted("") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.example.org/a/b/", "http://example.org/a/b"),
        ("https://example.org/a?utm_source=x&id=3", "https://example.org/a?id=3#top"),
        ("HTTPS://EXAMPLE.org/a", "https://example.org/a"),
        ("https://example.org/a?b=1&a=2", "https://example.org/a?a=2&b=1"),
    ],
)
def test_addresses_of_one_page_are_the_same(one, other):
    assert likeness.address_key(one) == likeness.address_key(other) != ""


@pytest.mark.parametrize("address", ["", "not an address", "https://", "http://[::1", "/path/only"])
def test_what_names_no_host_is_no_address(address):
    assert likeness.address_key(address) == ""


def test_pages_of_one_site_are_not_the_same():
    assert likeness.address_key("https://example.org/a") != likeness.address_key("https://example.org/b")
    assert likeness.address_key("https://example.org/?id=1") != likeness.address_key("https://example.org/?id=2")


def test_the_longest_shared_run_is_found():
    other = ["before", *WORDS[100:130], "between", *WORDS[10:20], "after"]

    start, end = likeness.longest_shared(WORDS, other)

    assert WORDS[start:end] == WORDS[100:130]
    assert likeness.longest_shared(WORDS, ["nothing"] * 50) == (0, 0)
    assert likeness.longest_shared([], WORDS) == (0, 0)
