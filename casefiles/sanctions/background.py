"""A thread of this process that reads list files that wait, woken whenever one was asked for.

What waits is found in the database: a killed process loses nothing, and `maintain` goes on with what is left.
"""

import logging
import threading

from django.conf import settings
from django.db import close_old_connections, connection, transaction

from casefiles.sanctions.actions.editions import read_waiting_editions

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_wanted = threading.Event()
_threads: list[threading.Thread] = []


def read_after_commit() -> None:
    """Read what waits, in the background, once the present transaction is committed."""
    if settings.EVIDENCE_READS_IN_BACKGROUND:
        transaction.on_commit(wake)


def wake() -> None:
    """Start reading what waits, or let the thread that reads already look once more."""
    _wanted.set()
    with _lock:
        if not any(thread.is_alive() for thread in _threads):
            _threads[:] = [threading.Thread(target=_read, name="list-files", daemon=True)]
            _threads[0].start()


def _read() -> None:
    close_old_connections()
    try:
        while _wanted.is_set():
            _wanted.clear()
            read_waiting_editions()
    except Exception:
        _log.exception("Reading list files stopped; what waits is read at the next occasion.")
    finally:
        connection.close()
