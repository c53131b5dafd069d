"""What a picture is and says of itself. TIFFs have a reader of their own (`geotiffs`)."""

import io
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO, Final

from PIL import Image

from casefiles.evidence.readers import captions, exif, pictures, small_pictures
from casefiles.evidence.readers.findings import Claim, Findings, Frame, NotParsed, Plain
from casefiles.evidence.readers.tags import Damaged, Directory, Structure

# The head alone is read here, so more is taken than can be drawn.
MOST_PIXELS = 2_000_000_000
MOST_TEXTS = 60
_PNG_TEXTS: Final = {
    "title": "title",
    "author": "author",
    "description": "summary",
    "copyright": "rights_holder",
    "creation time": "created",
    "software": "software",
    "source": "camera",
}
# These are read as what they are, not as text.
_PNG_BLOCKS = frozenset({"xml:com.adobe.xmp", "raw profile type exif", "raw profile type xmp", "raw profile type iptc"})
_EXIF_MARK = b"Exif\x00\x00"
_IPTC_RESOURCE = 0x0404
_C2PA: Final = "Content Credentials (C2PA) stand in the file; whether they hold was not checked"

Found = tuple[tuple[Claim, ...], tuple[str, ...]]
_NOTHING: Found = ((), ())


def prepare() -> None:
    pictures.prepare()


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield form, size in pixels and claims, and by what the picture is found again.

    Raises:
        NotParsed: it is damaged, of another form, or without size.
    """
    with pictures.opened(file, most_pixels=MOST_PIXELS) as image:
        first = _directory(image)
        found = [_exif(first), _iptc(image), _xmp(image), _png(image), _others(image)]
        claims = captions.without_repeats(claim for claims, _warnings in found for claim in claims)
        drawn, odd = _seen(image, first)
        warnings = (*(warning for _claims, warnings in found for warning in warnings), *odd)
        yield Findings(str(image.format), _measured(image), claims, warnings=warnings).frame()
        if drawn is not None:
            yield pictures.likeness_frame(drawn)


def _measured(image: Image.Image) -> dict[str, Plain]:
    measured: dict[str, Plain] = {"width_px": image.width, "height_px": image.height, "mode": image.mode}
    name = _profile_name(image.info.get("icc_profile"))
    if name:
        measured["colour_profile"] = name
    if _is_animated(image):
        measured["is_animated"] = True
    return measured


def _is_animated(image: Image.Image) -> bool:
    try:
        return bool(getattr(image, "is_animated", False))
    except (OSError, SyntaxError, ValueError, EOFError):
        return False


# --- EXIF ---------------------------------------------------------------------------------------------------------


def _directory(image: Image.Image) -> Directory | Found | None:
    """Return the first directory of the picture's EXIF block, None without one, or why it is not read."""
    block = image.info.get("exif")
    if not isinstance(block, bytes) or not block.removeprefix(_EXIF_MARK).strip(b"\x00"):
        return None
    try:
        return next(Structure.of(io.BytesIO(block.removeprefix(_EXIF_MARK))).directories())
    except Damaged:
        return (), (exif.UNREAD,)


def _exif(first: Directory | Found | None) -> Found:
    if isinstance(first, Directory):
        return exif.claims(first)
    return first or _NOTHING


def _seen(image: Image.Image, first: Directory | Found | None) -> tuple[Image.Image | None, tuple[str, ...]]:
    """Return the picture made small, where it can be drawn, and what is odd about it or the small one inside."""
    if image.width * image.height > pictures.MOST_PIXELS:
        return None, ()
    try:
        drawn = pictures.drawn(image, small_pictures.LONGEST_SIDE)
    except NotParsed:
        return None, (pictures.UNDRAWN,)
    return drawn, _compared(drawn, first) if isinstance(first, Directory) else ()


def _compared(drawn: Image.Image, first: Directory) -> tuple[str, ...]:
    try:
        inside = small_pictures.inside(first)
    except Damaged:
        return (exif.UNREAD,)
    return small_pictures.differences(drawn, inside) if inside else ()


# --- What stands beside ---------------------------------------------------------------------------------------------


def _iptc(image: Image.Image) -> Found:
    resources = image.info.get("photoshop")
    block = resources.get(_IPTC_RESOURCE) if isinstance(resources, dict) else None
    return captions.iptc_claims(block) if isinstance(block, bytes) else _NOTHING


def _xmp(image: Image.Image) -> Found:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if isinstance(packet, str):
        packet = packet.encode("utf-8", "replace")
    return captions.xmp_claims(packet) if isinstance(packet, bytes) else _NOTHING


def _png(image: Image.Image) -> Found:
    """Return the texts of a PNG; those of an unknown name are comments, as programs that make pictures leave them."""
    if image.format != "PNG":
        return _NOTHING
    claims = tuple(
        Claim(_PNG_TEXTS.get(key.casefold(), "comment"), value.strip(), f"PNG text “{key[:80]}”")
        for key, value in list(_texts(image).items())[:MOST_TEXTS]
        if key.casefold() not in _PNG_BLOCKS and value.strip()
    )
    chunks = getattr(image, "private_chunks", ())
    return (*claims, *_signature(any(chunk[0] == b"caBX" for chunk in chunks), "PNG caBX")), ()


def _texts(image: Image.Image) -> dict[str, str]:
    """Return the texts of a PNG, also those after its pixels where these can be drawn."""
    found = {str(key): value for key, value in image.info.items() if isinstance(value, str) and key != "xmp"}
    # Of an animation, the last frame would have to be drawn first.
    if image.width * image.height <= pictures.MOST_PIXELS and not _is_animated(image):
        with suppress(OSError, SyntaxError, ValueError):
            found |= getattr(image, "text", {})
    return {str(key): str(value) for key, value in found.items()}


def _others(image: Image.Image) -> Found:
    comment = image.info.get("comment")
    claims = []
    if isinstance(comment, bytes) and comment.strip(b"\x00 "):
        text = comment[:100_000].decode("utf-8", "replace").strip("\x00 ")
        claims.append(Claim("comment", text, f"{image.format} comment"))
    segments = getattr(image, "applist", ())
    has_credentials = any(name == "APP11" and b"jumb" in content[:64] for name, content in segments)
    return (*claims, *_signature(has_credentials, "JPEG APP11")), ()


def _signature(is_there: bool, where: str) -> tuple[Claim, ...]:  # noqa: FBT001
    return (Claim("signature", _C2PA, where),) if is_there else ()


def _profile_name(profile: Any) -> str:
    """Return the name of a colour profile (ICC.1:2022, tag “desc”), or nothing where it has none that can be read."""
    if not isinstance(profile, bytes) or len(profile) < 132:
        return ""
    try:
        count = min(struct.unpack_from(">I", profile, 128)[0], 100)
        rows = (struct.unpack_from(">4sII", profile, 132 + 12 * number) for number in range(count))
        place, size = next(((place, size) for name, place, size in rows if name == b"desc"), (0, 0))
        return _described(profile[place : place + size])
    except struct.error:
        return ""


def _described(tag: bytes) -> str:
    if tag.startswith(b"desc"):
        size = struct.unpack_from(">I", tag, 8)[0]
        return tag[12 : 12 + size].decode("latin-1").strip("\x00 ")[:200]
    if tag.startswith(b"mluc"):
        size, place = struct.unpack_from(">II", tag, 20)
        return tag[place : place + size].decode("utf-16-be", "replace").strip("\x00 ")[:200]
    return ""
