"""What a TIFF is and says of itself: its pixels, where on Earth they lie, and what its camera or program wrote."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from PIL import Image

from casefiles.evidence.readers import bands, captions, exif, ground, pictures
from casefiles.evidence.readers.findings import Claim, Findings, Frame, NotParsed, Plain
from casefiles.evidence.readers.layouts import COMPRESSIONS, NUMBERS, PHOTOMETRICS, Layout, layouts
from casefiles.evidence.readers.tags import Directory, Structure

_XMP, _IPTC = 700, 33723
_NO_OVERVIEWS_NEEDED = 512
MOST_SEEN_PIXELS, SEEN_SIDE = 50_000_000, 256


def prepare() -> None:
    ground.prepare()
    pictures.prepare()


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield form, pixels, ground and claims, and by what the picture is found again.

    Raises:
        NotParsed: its tags contradict each other, or pixels that they name are not there.
    """
    structure = Structure.of(file)
    directories = list(structure.directories())
    found = layouts(directories)
    for layout in found:
        layout.blocks  # noqa: B018 (asked for, so that what is wrong shows)
    first = found[0]
    placed = ground.ground(first.directory, width=first.width, height=first.height)
    claims, warnings = _claims(first.directory)
    shown, undrawn = _seen(file, first)
    yield Findings(
        _form(structure, found, placed),
        {**_pixels(first, found), **_place(placed)},
        claims,
        warnings=(*placed.warnings, *warnings, *undrawn),
    ).frame()
    if shown is not None:
        yield pictures.likeness_frame(shown)


def _seen(file: BinaryIO, first: Layout) -> tuple[Image.Image | None, tuple[str, ...]]:
    """Return the picture made small, or why there is none; nothing of a very large one, which would take too long."""
    if first.width * first.height > MOST_SEEN_PIXELS:
        return None, ()
    try:
        return pictures.seen(file, SEEN_SIDE)[0], ()
    except NotParsed:
        return None, (pictures.UNDRAWN,)


def _form(structure: Structure, found: tuple[Layout, ...], placed: ground.Ground) -> str:
    kind = "BigTIFF" if structure.is_big else "TIFF"
    if not placed.is_there:
        return kind
    if _is_cloud_optimised(found):
        return f"Cloud Optimized GeoTIFF ({kind})" if structure.is_big else "Cloud Optimized GeoTIFF"
    return f"GeoTIFF ({kind})" if structure.is_big else "GeoTIFF"


def _is_cloud_optimised(found: tuple[Layout, ...]) -> bool:
    """Say whether it is tiled, has smaller copies where it is large, and begins with all its directories."""
    first = found[0]
    is_small = max(first.width, first.height) <= _NO_OVERVIEWS_NEEDED
    has_overviews = any(layout.is_overview for layout in found)
    pixels = min((place for layout in found for place, size in layout.blocks if size), default=0)
    tags = max(entry.place for layout in found for entry in layout.directory.entries.values())
    return first.is_tiled and (is_small or has_overviews) and tags < pixels


def _pixels(first: Layout, found: tuple[Layout, ...]) -> dict[str, Plain]:
    overviews: list[Plain] = [f"{one.width} × {one.height}" for one in found if one.is_overview and not one.is_mask]
    pages = sum(1 for one in found if not one.is_overview and not one.is_mask)
    measured: dict[str, Plain] = {
        "width_px": first.width,
        "height_px": first.height,
        "bands": first.bands,
        "bits": first.bits,
        "numbers": NUMBERS.get(first.number_kind, "unknown"),
        "colours": PHOTOMETRICS.get(first.photometric, f"unknown ({first.photometric})"),
        "compression": COMPRESSIONS.get(first.compression, f"unknown ({first.compression})"),
        "tiles_px": [first.block_width, first.block_height] if first.is_tiled else None,
        "overviews_px": overviews or None,
        "no_data": first.no_data,
        "pages": pages if pages > 1 else None,
        "shown_bands": [band + 1 for band in bands.shown_bands(first)] if bands.is_stretched(first) else None,
    }
    return {name: value for name, value in measured.items() if value is not None}


def _place(placed: ground.Ground) -> dict[str, Plain]:
    affine, size = placed.affine, placed.pixel_size_m
    found: dict[str, Plain] = {
        "crs": f"EPSG:{placed.epsg}" if placed.epsg else None,
        "crs_name": placed.name or None,
        "crs_unit": placed.unit or None,
        "geotransform": [affine.x0, affine.xc, affine.xr, affine.y0, affine.yc, affine.yr] if affine else None,
        "pixel_size": [abs(affine.xc), abs(affine.yr)] if affine and not affine.xr and not affine.yc else None,
        "pixel_size_m": list(size) if size else None,
        "footprint": placed.footprint,
    }
    return {name: value for name, value in found.items() if value is not None}


def _claims(directory: Directory) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    parts: Iterable[tuple[tuple[Claim, ...], tuple[str, ...]]] = (
        exif.claims(directory),
        captions.iptc_claims(directory.content(_IPTC)),
        captions.xmp_claims(directory.content(_XMP)),
    )
    found = [claim for claims, _warnings in parts for claim in claims]
    return captions.without_repeats(found), tuple(warning for _claims, warnings in parts for warning in warnings)
