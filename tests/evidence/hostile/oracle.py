"""What must be true whatever comes in: kept as it was, read or not with the reason said, and nobody else the worse."""

import hashlib
import io
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse
from PIL import Image

from casefiles.evidence.actions import files, reading
from casefiles.evidence.models import File, Reading


@dataclass(frozen=True)
class Judged:
    """What came of one file: its reading, what the item's page showed, and its picture where there is one."""

    file: File
    reading: Reading
    page: bytes
    picture: Image.Image | None


def judge(item: Any, *, by: Any, client: Client, name: str, content: bytes) -> Judged:
    """Take a file in, read it, look at its item and its picture; assert what holds for every hostile file."""
    before = _children()
    file = files.attach_file(item, by=by, chunks=[content], name=name)
    found = reading.read_file(file)
    page = client.get(item.get_absolute_url(), {"show": str(file.pk)})
    preview = client.get(reverse("evidence:preview", args=[file.pk]))

    digest = hashlib.sha256(content).hexdigest()
    assert file.sha256 == digest
    assert hashlib.sha256(files.store().path_of(digest).read_bytes()).hexdigest() == digest
    assert found is not None
    assert found.state in ("read", "not parsed", "opaque")
    assert (found.state == "not parsed") == bool(found.reason)
    assert page.status_code == 200
    assert preview.status_code in (200, 404)
    assert _children() == before, "a process of the cage is left"
    return Judged(file, found, page.content, _picture(preview))


def _picture(response: Any) -> Image.Image | None:
    """Return the picture that was shown, which holds pixels and nothing else."""
    if response.status_code != 200:
        return None
    shown = Image.open(io.BytesIO(response.content))
    assert shown.format == "WEBP"
    assert not shown.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(shown.info)
    assert max(shown.size) <= 1600
    return shown


def _children() -> set[str]:
    found: set[str] = set()
    for task in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        # A thread may end between being listed and being read.
        with suppress(OSError):
            found.update(task.read_text().split())
    return found
