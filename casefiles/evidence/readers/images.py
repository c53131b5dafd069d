"""What an image file is and says of itself."""

from collections.abc import Iterator
from typing import BinaryIO

from casefiles.evidence.readers import pictures
from casefiles.evidence.readers.findings import Findings, Frame, Plain


def prepare() -> None:
    pictures.prepare()


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield form and size in pixels."""
    with pictures.opened(file) as image:
        measured: dict[str, Plain] = {"width_px": image.width, "height_px": image.height, "mode": image.mode}
        yield Findings(str(image.format), measured).frame()
