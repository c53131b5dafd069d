"""A still of a film, taken by ffmpeg inside the walls of the cage. Where ffmpeg is not installed, there are none.

The form is given by what was recognised, so a playlist is never followed; only the open file and the pipe may be read
or written, so neither another file nor the network is reached, whatever the film asks for (E37).
"""

import shutil
import subprocess
from functools import lru_cache

from django.conf import settings

from casefiles.core.filestore import VerifiedFile
from casefiles.evidence.cage import Limits, NotParsed
from casefiles.evidence.cage.programs import TookTooLong, output_of

DEMUXERS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/3gpp": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
}
STILL_BYTES = 64 * 1024 * 1024
_MEMORY_BYTES, _CPU_SECONDS, WALL_SECONDS = 2 * 1024 * 1024 * 1024, 60, 90.0
_PNG = b"\x89PNG\r\n\x1a\n"


def program() -> str:
    """Return the path of ffmpeg, or nothing."""
    return shutil.which(settings.FFMPEG or "ffmpeg") or ""


@lru_cache(maxsize=4)
def version(path: str) -> str:
    """Return what this ffmpeg calls itself, such as "ffmpeg 7.0.2"."""
    said = subprocess.run([path, "-version"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    words = said.stdout.split()
    return f"ffmpeg {words[2][:60]}" if len(words) > 2 else "ffmpeg"


def still_of(held: VerifiedFile, media_type: str, seconds: float, *, wall_seconds: float = WALL_SECONDS) -> bytes:
    """Return the picture that a film shows at a moment, as PNG in its own size.

    Raises:
        NotParsed: there is no ffmpeg, no such form of film, no such moment, the film is damaged, or it took longer
            than `wall_seconds`.
        StoreError: the bytes held are not the ones received.
    """
    path, demuxer = program(), DEMUXERS.get(media_type)
    if not path:
        raise NotParsed("ffmpeg is not installed")
    if demuxer is None:
        raise NotParsed("it is no film of a known form")
    held.refuse_wrong_bytes()
    limits = Limits(memory_bytes=_MEMORY_BYTES, cpu_seconds=_CPU_SECONDS, wall_seconds=wall_seconds)
    try:
        picture = output_of(path, _arguments(demuxer, seconds), held.fileno(), limits)
    except TookTooLong as error:
        raise NotParsed("taking the still took too long") from error
    if not picture.startswith(_PNG) or len(picture) > STILL_BYTES:
        raise NotParsed("it shows nothing at this moment, or is damaged")
    return picture


def _arguments(demuxer: str, seconds: float) -> list[str]:
    return [
        "-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1",
        "-protocol_whitelist", "fd,pipe", "-f", demuxer, "-ss", f"{seconds:.3f}", "-i", "fd:",
        "-map", "0:v:0", "-frames:v", "1", "-an", "-sn", "-dn", "-c:v", "png", "-f", "image2pipe", "pipe:1",
    ]  # fmt: skip
