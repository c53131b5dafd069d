"""What an image file is and says of itself."""

from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from PIL import Image

from casefiles.evidence.readers import pictures
from casefiles.evidence.readers.findings import Findings, Frame, NotParsed, Plain
from casefiles.evidence.readers.likeness import picture_hash


def prepare() -> None:
    pictures.prepare()


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield form and size in pixels."""
    with pictures.opened(file) as image:
        measured: dict[str, Plain] = {"width_px": image.width, "height_px": image.height, "mode": image.mode}
        yield Findings(str(image.format), measured).frame()
        yield from likeness(image)


def likeness(image: Image.Image) -> Iterator[Frame]:
    """Yield by what the picture is found again; nothing where its pixels cannot be read."""
    with suppress(NotParsed):
        yield Frame("likeness", meta={"picture": picture_hash(pictures.drawn(image, 256))})
