"""Words in pictures, recognised by tesseract inside the walls of the cage. Where it is not installed, none are.

It is given a picture drawn anew, never the file; what it answers is taken for words that may be wrong.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from casefiles.evidence import cage
from casefiles.evidence.cage import Limits, NotParsed
from casefiles.evidence.cage.programs import TookTooLong, output_of
from casefiles.evidence.letters import Recognised, recognised_in
from casefiles.evidence.previews import PICTURES
from casefiles.evidence.reading import limits_for

MEBIBYTE = 1024 * 1024
# Raised whenever pictures are prepared, or words kept, otherwise than before: all are then looked at again.
OCR_VERSION = 1
LIMITS = Limits(memory_bytes=1024 * MEBIBYTE, cpu_seconds=60, wall_seconds=120.0)
PDF = "application/pdf"
MEDIA_TYPES = PICTURES | {PDF}
OUTPUT_BYTES = 32 * MEBIBYTE
_LANGUAGE = re.compile(r"[A-Za-z_]{2,30}")
_FOLDER = re.compile(r'in "(/[^"\n]{1,400})"')
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Program:
    """A tesseract of this machine: where it is, what it calls itself, and the letters that it knows of those wanted."""

    path: str
    version: str
    languages: str
    data: tuple[str, ...]

    @property
    def made_by(self) -> str:
        return f"{self.version}, {self.languages}"


def program() -> Program | None:
    """Return tesseract with the languages that are wanted and installed; None where it, or all of them, are missing."""
    path = shutil.which(settings.TESSERACT or "tesseract")
    if not path:
        return None
    version, installed, data = _asked(path)
    languages = [one for one in settings.OCR_LANGUAGES.split("+") if one in installed]
    return Program(path, version, "+".join(languages), data) if languages else None


@lru_cache(maxsize=8)
def _asked(path: str) -> tuple[str, frozenset[str], tuple[str, ...]]:
    """Return what a tesseract says of itself: its version, the languages installed, and the folder they lie in."""
    version = _said(path, "--version").split()
    listed = _said(path, "--list-langs")
    folder = _FOLDER.search(listed)
    names = (line.strip() for line in listed.splitlines()[1:])
    return (
        f"tesseract {version[1][:40]}" if len(version) > 1 else "tesseract",
        frozenset(name for name in names if _LANGUAGE.fullmatch(name) and name != "osd"),
        (os.path.realpath(folder[1]),) if folder else (),
    )


def _said(path: str, question: str) -> str:
    try:
        done = subprocess.run([path, question], capture_output=True, timeout=20, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    # Version 4 answers the first question on its standard error.
    return (done.stdout or done.stderr).decode("utf-8", "replace")


def words_of_scan(known: Program, descriptor: int, *, task: str, page: int) -> Recognised:
    """Return the words that stand in a picture, or on a page of a PDF, of which `task` draws a scan in the cage.

    Raises:
        NotParsed: it cannot be drawn, or recognising took too long.
    """
    scan = b"".join(frame.body for frame in cage.collected(task, descriptor, limits_for(task), asked={"page": page}))
    if not scan.startswith(_PNG):
        raise NotParsed("drawing it gave no picture")
    arguments = ["stdin", "stdout", "-l", known.languages, "-c", "tessedit_create_tsv=1"]
    try:
        with _in_memory(scan) as picture:
            said = output_of(known.path, arguments, picture, LIMITS, data=known.data)
    except TookTooLong as error:
        raise NotParsed("recognising its letters took too long") from error
    return recognised_in(said[:OUTPUT_BYTES].decode("utf-8", "replace"))


@contextmanager
def _in_memory(content: bytes) -> Iterator[int]:
    descriptor = os.memfd_create("scan")
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)
