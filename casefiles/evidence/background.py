"""Threads of this process that read what waits to be read, and then set web pages anew and recognise words.

What waits is found in the database, not queued: a killed process loses nothing, and `maintain` finds what is left.
"""

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import close_old_connections, connection, transaction

from casefiles.evidence.actions.reading import read_waiting
from casefiles.evidence.actions.recognising import recognise_waiting
from casefiles.evidence.actions.rendering import render_waiting

_log = logging.getLogger(__name__)


class Worker:
    """A thread that works while there is something to do, and is started again when it is woken."""

    def __init__(self, name: str, work: Callable[[], int]) -> None:
        self._name, self._work = name, work
        self._lock, self._wanted = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Start working, or let the thread that works already look once more."""
        self._wanted.set()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        close_old_connections()
        try:
            while self._wanted.is_set():
                self._wanted.clear()
                while self._work():
                    continue
        except Exception:
            _log.exception("%s stopped; what waits is done at the next occasion.", self._name)
        finally:
            connection.close()


def _read() -> int:
    # A few at a time, so that what comes meanwhile is seen, and others may read beside.
    done = read_waiting(most=8)
    if not done:
        _maker.wake()
    return done


_reader = Worker("evidence-reading", _read)
_maker = Worker("evidence-making", lambda: render_waiting(most=1) or recognise_waiting(most=1))


def read_after_commit() -> None:
    """Read what waits, in the background, once the present transaction is committed (R18)."""
    if settings.EVIDENCE_READS_IN_BACKGROUND:
        transaction.on_commit(_reader.wake)
