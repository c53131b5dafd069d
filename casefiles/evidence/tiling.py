"""A thread of this process that makes tiles for the images that somebody wants to look at.

What is wanted is kept in memory alone: the page asks again while it waits, so nothing is lost with a process.
"""

import logging
import threading

from django.conf import settings
from django.db import connection

from casefiles.core.filestore import NotServed, StoreError
from casefiles.evidence import tiles
from casefiles.evidence.actions.files import record_failed_check
from casefiles.evidence.models import File
from casefiles.evidence.selectors.damage import damages

# Whoever opens more images than this at once waits for a page to ask again.
MOST_WANTED = 32
_log = logging.getLogger(__name__)
_lock = threading.Lock()
_wanted: dict[str, File] = {}
_threads: list[threading.Thread] = []


def want(file: File) -> None:
    """Have the tiles of a file made, and its original hashed, in the background."""
    if not settings.EVIDENCE_READS_IN_BACKGROUND:
        return
    with _lock:
        if len(_wanted) < MOST_WANTED:
            _wanted.setdefault(file.sha256, file)
        if not any(thread.is_alive() for thread in _threads):
            _threads[:] = [threading.Thread(target=_work, name="evidence-tiles", daemon=True)]
            _threads[0].start()


def _work() -> None:
    try:
        while (file := _next()) is not None:
            try:
                prepare(file)
            except Exception:
                _log.exception("Making tiles failed.", extra={"record_id": file.pk})
            with _lock:
                _wanted.pop(file.sha256, None)
    finally:
        connection.close()


def _next() -> File | None:
    with _lock:
        return next(iter(_wanted.values()), None)


def prepare(file: File) -> tiles.Kept | None:
    """Make the tiles of one file now; None where they are being made, or cannot be for the moment.

    Wrong bytes are recorded in the chain of custody, once for each damage.
    """
    try:
        return tiles.make(file)
    except NotServed as refusal:
        if not damages(File.objects.filter(pk=file.pk)):
            record_failed_check(file, by=None, verdict=refusal.verdict)
    except (StoreError, tiles.NoRoom, OSError):
        _log.warning("tiles not made", extra={"record_id": file.pk})
    return None
