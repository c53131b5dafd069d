"""The floor of taking evidence in: copy a file, compute its SHA-256 on the way, and force it to the disk."""

import hashlib
import os
from pathlib import Path

CHUNK_BYTES = 1024 * 1024


def copy(source: Path, target: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        while chunk := reading.read(CHUNK_BYTES):
            digest.update(chunk)
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest()
