"""Files of the machine itself, as commands take them, and what is said where they are refused."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from django.core.exceptions import ValidationError

from casefiles.core.refusals import Refused

CHUNK_BYTES = 1024 * 1024
FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC


def chunks_of(path: Path) -> Iterator[bytes]:
    """Yield a regular file's bytes; anything else is refused before it is read.

    Raises:
        Refused: it is no regular file.
        OSError: it cannot be opened or read.
    """
    with os.fdopen(os.open(path, FLAGS), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Refused("This is not a regular file.")
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def sentence(error: Exception) -> str:
    """Return why an action refused, in one sentence."""
    if isinstance(error, Refused):
        return str(error.message)
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return str(error) or "This account may not add there."
