"""Pictures of TIFFs that hold more than a screen shows: many bands, 16 bits, signed or floating-point numbers.

Three bands become red, green and blue: those that the file calls so, else the first three; one or two bands become
grey. Each is stretched between its 2nd and 98th percentile, because a satellite's numbers fill a part of their range.
"""

import array
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as Xml
from PIL import Image

from casefiles.evidence.readers.blocks import TYPES, groups_of_rows
from casefiles.evidence.readers.findings import NotParsed
from casefiles.evidence.readers.layouts import GDAL_METADATA, Layout, layouts
from casefiles.evidence.readers.tags import TIFF_MARKS, Structure

LOWEST, HIGHEST = 0.02, 0.98
_SAMPLE = 40_000
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _COLOURS = 0, 1, 2


@dataclass(frozen=True)
class Shown:
    """A picture, the size of the original, and the bands (counted from 1) that it was made of."""

    picture: Image.Image
    width: int
    height: int
    bands: tuple[int, ...]


def needs(file: BinaryIO) -> bool:
    """Say whether a file is a TIFF whose numbers have to be stretched, or whose bands chosen, to be seen."""
    file.seek(0)
    if file.read(4) not in TIFF_MARKS:
        return False
    try:
        return is_stretched(_first(file))
    except NotParsed:
        return False


def _first(file: BinaryIO) -> Layout:
    return layouts([next(Structure.of(file).directories())])[0]


def is_stretched(layout: Layout) -> bool:
    """Say whether the numbers of a picture have to be stretched, or its bands chosen, to be seen."""
    is_known = (layout.number_kind, layout.bits) in TYPES
    is_wide = layout.bits > 8 or layout.number_kind != 1
    is_unusual = layout.bands > 4 or (layout.bands > 2 and layout.photometric == _BLACK_IS_ZERO)
    shades = (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _COLOURS)
    return is_known and (is_wide or is_unusual) and layout.photometric in shades


def shown_bands(layout: Layout) -> tuple[int, ...]:
    """Return the bands that become the picture, counted from 0."""
    if layout.bands < 3:
        return (0,)
    named = _named_bands(layout)
    if all(colour in named for colour in ("red", "green", "blue")):
        return named["red"], named["green"], named["blue"]
    return 0, 1, 2


def _named_bands(layout: Layout) -> dict[str, int]:
    """Return the bands by the colours that GDAL's metadata gives them."""
    content = layout.directory.content(GDAL_METADATA)
    try:
        root = Xml.fromstring(content.strip(b"\x00 \n"), forbid_dtd=True) if content else None
    except (DefusedXmlException, Xml.ParseError, ValueError, LookupError):
        return {}
    found: dict[str, int] = {}
    for item in root.findall("Item") if root is not None else ():
        number = item.get("sample", "")
        is_named = item.get("name") in ("COLORINTERP", "DESCRIPTION")
        if is_named and item.text and number.isdecimal() and int(number) < layout.bands:
            found.setdefault(item.text.strip().casefold(), int(number))
    return found


def drawn(file: BinaryIO, longest: int, *, most_pixels: int) -> Shown:
    """Draw a TIFF that `needs` this, no longer than `longest`.

    Raises:
        NotParsed: it is damaged, too large, or packed in a way that is not read here.
    """
    whole = _first(file)
    if whole.width * whole.height > most_pixels:
        raise NotParsed(f"it claims {whole.width} by {whole.height} pixels, more than is shown")
    layout = _smallest(file, whole, longest)
    bands = shown_bands(layout)
    step = max(1, math.ceil(max(layout.width, layout.height) / longest))
    greys = [_stretched(numbers, layout.no_data) for numbers in _reduced(layout, bands, step)]
    if whole.photometric == _WHITE_IS_ZERO:
        greys = [grey.point(lambda value: 255 - value) for grey in greys]
    picture = Image.merge("RGB", greys if len(greys) == 3 else greys * 3)
    return Shown(picture, whole.width, whole.height, tuple(band + 1 for band in bands))


def _smallest(file: BinaryIO, whole: Layout, longest: int) -> Layout:
    """Return the smallest copy in the file that is still large enough: a pyramid spares reading what is not shown."""
    copies = [whole]
    for layout in layouts(Structure.of(file).directories()):
        is_like = (layout.bands, layout.bits, layout.number_kind) == (whole.bands, whole.bits, whole.number_kind)
        is_like = is_like and layout.is_overview and not layout.is_mask
        if is_like and max(layout.width, layout.height) >= min(longest, max(whole.width, whole.height)):
            copies.append(layout)
    return min(copies, key=lambda one: one.width * one.height)


# --- From numbers to a picture ------------------------------------------------------------------------------------


def _reduced(layout: Layout, bands: Sequence[int], step: int) -> list[Image.Image]:
    """Return bands as floating-point numbers, each the mean of `step` by `step` of them."""
    size = (math.ceil(layout.width / step), math.ceil(layout.height / step))
    wholes = [_Reducing(Image.new("F", size), step) for _band in bands]
    for parts in _rows(layout, bands, step):
        for whole, part in zip(wholes, parts, strict=True):
            whole.add(part)
    return [whole.finished() for whole in wholes]


class _Reducing:
    """One band that becomes smaller while its rows come in, from the top."""

    def __init__(self, whole: Image.Image, step: int) -> None:
        self._whole, self._step, self._at = whole, step, 0
        self._waiting: list[Image.Image] = []

    def add(self, rows: Image.Image) -> None:
        self._waiting.append(rows)
        held = sum(part.height for part in self._waiting)
        ready = held - held % self._step
        if ready:
            joined = _joined(self._waiting)
            self._put(joined.crop((0, 0, joined.width, ready)))
            self._waiting = [joined.crop((0, ready, joined.width, held))] if held > ready else []

    def _put(self, rows: Image.Image) -> None:
        part = rows.reduce(self._step)
        self._whole.paste(part, (0, self._at))
        self._at += part.height

    def finished(self) -> Image.Image:
        if self._waiting:
            self._put(_joined(self._waiting))
        return self._whole


def _joined(parts: Sequence[Image.Image]) -> Image.Image:
    joined = Image.new("F", (parts[0].width, sum(part.height for part in parts)))
    at = 0
    for part in parts:
        joined.paste(part, (0, at))
        at += part.height
    return joined


def _rows(layout: Layout, bands: Sequence[int], step: int) -> Iterator[list[Image.Image]]:
    """Yield bands from their top, some rows at a time, as wide as the picture."""
    for down in range(layout.blocks_down):
        height = min(layout.block_height, layout.height - down * layout.block_height)
        if layout.is_tiled:
            yield _row_of_tiles(layout, bands, down, height, step)
        else:
            yield from groups_of_rows(layout, bands, down, rows=height, each=step)


def _row_of_tiles(layout: Layout, bands: Sequence[int], down: int, height: int, step: int) -> list[Image.Image]:
    wide = [Image.new("F", (layout.width, height)) for _band in bands]
    for across in range(layout.blocks_across):
        at = 0
        for parts in groups_of_rows(layout, bands, down * layout.blocks_across + across, rows=height, each=step):
            for row, part in zip(wide, parts, strict=True):
                row.paste(part, (across * layout.block_width, at))
            at += parts[0].height
    return wide


def _stretched(numbers: Image.Image, no_data: float | None) -> Image.Image:
    """Bring numbers into view, between their 2nd and 98th percentile; what stands for nothing counts for nothing."""
    values = array.array("f", numbers.tobytes())
    step = max(1, len(values) // _SAMPLE)
    counted = sorted(value for value in values[::step] if math.isfinite(value) and value != no_data)
    if not counted:
        return Image.new("L", numbers.size)
    low, high = (counted[round(share * (len(counted) - 1))] for share in (LOWEST, HIGHEST))
    low, high = (low, high) if high > low else (counted[0], counted[-1])
    scale = 255.0 / (high - low) if high > low else 0.0
    return numbers.point(lambda value: value * scale + (-low * scale)).convert("L")
