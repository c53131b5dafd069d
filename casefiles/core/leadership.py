"""One at a time: of several processes, on one machine or on many, one does a task and the others are told.

PostgreSQL keeps an advisory lock for as long as the connection lives; beside SQLite, which one machine serves, lies a
locked file. Both end with the process, however it ends, so nothing has to be cleared up after a crash.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection


class LedElsewhere(Exception):
    """Another process does this task at the moment."""

    def __init__(self, task: str) -> None:
        super().__init__(f"Another process is at it already ({task}): wait until it has ended.")
        self.task = task


@contextmanager
def leading(task: str) -> Iterator[None]:
    """Do the block as the only process that does this task.

    Raises:
        LedElsewhere: another one does it; the block is not entered.
        OSError: the lock's file cannot be made.
    """
    lock = _advisory_lock if connection.vendor == "postgresql" else _file_lock
    with lock(task):
        yield


@contextmanager
def _advisory_lock(task: str) -> Iterator[None]:
    key = int.from_bytes(hashlib.sha256(f"casefiles/{task}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            raise LedElsewhere(task)
    try:
        yield
    finally:
        # A connection that broke has let go already.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextmanager
def _file_lock(task: str) -> Iterator[None]:
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / f"{task}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LedElsewhere(task) from error
        yield
    finally:
        os.close(descriptor)
