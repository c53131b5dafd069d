"""PDFs, set by a process of their own: what the server runs never loads the libraries it takes."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

NO_LIBRARY = 3
# What the missing libraries are called where Debian or Ubuntu installs them.
INSTALL_COMMAND = "apt-get install libpango-1.0-0 libpangoft2-1.0-0"
# Fonts carry the time at which they were cut down; one fixed time makes the same text the same bytes.
ENVIRONMENT = {"SOURCE_DATE_EPOCH": "1700000000", "PYTHONHASHSEED": "0", "LANG": "C.UTF-8"}


class LibraryMissing(Exception):
    """This machine lacks the libraries that set PDFs; everything else works."""


class NotSet(Exception):
    """The PDF could not be set: too large, too slow, or a fault in what sets it."""


def make_pdf(html: str, *, worker: Path, seconds: float) -> bytes:
    """Return a PDF of a file that stands alone; the same text gives the same bytes.

    `worker` is the script that sets it, given up after `seconds` by the clock.

    Raises:
        LibraryMissing: Pango is not installed.
        NotSet: it took too much time or memory.
    """
    text = html.encode("utf-8")
    settings = {"identifier": hashlib.sha256(text).hexdigest()[:32]}
    try:
        done = subprocess.run(  # noqa: S603 (our own script, no shell, nothing of the text in the arguments)
            [sys.executable, "-B", "-P", "-s", str(worker)],
            input=json.dumps(settings).encode() + b"\n" + text,
            capture_output=True,
            timeout=seconds,
            env=ENVIRONMENT,
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotSet from error
    if done.returncode == NO_LIBRARY:
        raise LibraryMissing
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise NotSet
    return done.stdout
