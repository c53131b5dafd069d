"""What makes two files look alike, small enough to be compared with thousands. Pure; pictures are hashed in the cage.

A picture becomes the 64-bit difference hash of its brightness (each of 8 × 8 cells: is it darker than the one to its
right?). A text becomes the smallest of its hashed runs of five words under 24 orders (MinHash, Broder 1997): two texts
agree in each with the probability of their Jaccard likeness.

Both are cut into eight bands. Two pictures that differ in at most seven bits share a band for certain; two texts of
likeness s share one with the probability 1 - (1 - s^3)^8: 0.66 for a half, 0.996 for 0.8.
"""

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

from PIL import Image

BANDS = 8
SIDE = 8
NEAR_BITS = 7
RUN_WORDS = 5
ROWS = 3
MOST_RUNS = 20_000
MOST_WORDS = MOST_RUNS + RUN_WORDS - 1
LEAST_RUNS = 12
_PRIME = (1 << 61) - 1
_SIGNED = 1 << 63
# Less contrast than this over the whole picture is a plain area, which looks like every other one.
_LEAST_CONTRAST = 8
_TRACKING = ("utm_", "fbclid", "gclid", "mc_", "cmpid")

_numbers = random.Random(2024)  # noqa: S311 (fixed orders, the same on every machine; nothing secret)
_ORDERS = [(_numbers.randrange(1, _PRIME), _numbers.randrange(_PRIME)) for _ in range(BANDS * ROWS)]


def picture_hash(image: Image.Image) -> str:
    """Return the difference hash of a picture as 16 hexadecimal digits; nothing for one without contrast."""
    small = image.convert("RGB").convert("L").resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS)
    cells = small.tobytes()
    if max(cells) - min(cells) < _LEAST_CONTRAST:
        return ""
    rows = (cells[start : start + SIDE + 1] for start in range(0, len(cells), SIDE + 1))
    bits = "".join("1" if left < right else "0" for row in rows for left, right in zip(row, row[1:], strict=False))
    return f"{int(bits, 2):016x}"


def bits_apart(one: str, other: str) -> int:
    """Return in how many of their 64 bits two picture hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def picture_bands(hashed: str) -> list[int]:
    """Return the eight bytes of a picture hash."""
    return list(bytes.fromhex(hashed))


def text_sketch(words: Sequence[str]) -> list[int]:
    """Return a text's 24 smallest hashes; nothing for one too short to be told from others."""
    runs = {_hashed(" ".join(run)) for run in _runs(words)}
    if len(runs) < LEAST_RUNS:
        return []
    return [min((factor * one + shift) % _PRIME for one in runs) for factor, shift in _ORDERS]


def _runs(words: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(min(len(words) - RUN_WORDS + 1, MOST_RUNS)):
        yield words[start : start + RUN_WORDS]


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """Return how much of two texts is the same, estimated from their sketches: 0 to 1."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one) if one else 0.0


def text_bands(sketch: Sequence[int]) -> list[int]:
    """Return one number for each three hashes of a sketch, as a database's signed 64-bit integer holds it."""
    bands = (sketch[start : start + ROWS] for start in range(0, len(sketch), ROWS))
    return [_signed(_hashed(",".join(map(str, band)))) for band in bands]


def address_key(address: str) -> str:
    """Return what two addresses of one page have in common: no scheme, "www.", fragment or tracking; else nothing."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if not host:
        return ""
    kept = [(name, value) for name, value in parse_qsl(parts.query) if not name.lower().startswith(_TRACKING)]
    query = f"?{urlencode(sorted(kept))}" if kept else ""
    return f"{host}{parts.path.rstrip('/')}{query}"


def address_band(key: str) -> int:
    """Return one number for an address key, as a database's signed 64-bit integer holds it."""
    return _signed(_hashed(key))


def longest_shared(one: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """Return where in `one` the longest run of words begins and ends that stands in both; (0, 0) for none."""
    places = _places(other)
    best, start = (0, 0), 0
    while start + RUN_WORDS <= len(one):
        known = places.get(tuple(one[start : start + RUN_WORDS]), ())
        length = max((_same(one, start, other, place) for place in known), default=0)
        if length > best[1] - best[0]:
            best = (start, start + length)
        start += max(length - RUN_WORDS, 1)
    return best


def _places(words: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
    places: dict[tuple[str, ...], list[int]] = {}
    for start, run in enumerate(_runs(words)):
        known = places.setdefault(tuple(run), [])
        # A phrase that stands everywhere tells nothing, and would be compared everywhere.
        if len(known) < 4:
            known.append(start)
    return places


def _same(one: Sequence[str], start: int, other: Sequence[str], place: int) -> int:
    length = RUN_WORDS
    while start + length < len(one) and place + length < len(other) and one[start + length] == other[place + length]:
        length += 1
    return length


def _hashed(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _signed(number: int) -> int:
    return number - (1 << 64) if number >= _SIGNED else number


def joined(numbers: Iterable[int]) -> str:
    """Write a sketch as text."""
    return ",".join(map(str, numbers))


def parted(text: str) -> list[int]:
    """Read a sketch back."""
    return [int(one) for one in text.split(",") if one]
