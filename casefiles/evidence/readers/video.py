"""What a video or sound file is and says of itself. No frame of it is decoded."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from casefiles.evidence.readers.boxes import read_film
from casefiles.evidence.readers.ebml import read_matroska
from casefiles.evidence.readers.findings import Findings, Frame, NotParsed
from casefiles.evidence.readers.sounds import read_flac, read_mp3, read_ogg, read_wav

_READERS: tuple[tuple[int, bytes, Callable[[BinaryIO, int], Findings]], ...] = (
    (4, b"ftyp", read_film),
    (0, b"\x1aE\xdf\xa3", read_matroska),
    (8, b"WAVE", read_wav),
    (0, b"fLaC", read_flac),
    (0, b"OggS", read_ogg),
    (0, b"ID3", read_mp3),
    (0, b"\xff", read_mp3),
)


def frames(file: BinaryIO) -> Iterator[Frame]:
    """Yield duration, size in pixels, codecs, and the time the file claims.

    Raises:
        NotParsed: it is of another form, or does not describe what it plays.
    """
    size_bytes = file.seek(0, 2)
    file.seek(0)
    head = file.read(16)
    for offset, mark, reader in _READERS:
        if head.startswith(mark, offset):
            yield reader(file, size_bytes).frame()
            return
    raise NotParsed("it is no film or sound of a known form")
