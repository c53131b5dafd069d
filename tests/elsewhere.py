"""Another process at work, played by a thread with a database connection of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from casefiles.core.leadership import leading


@contextmanager
def leading_elsewhere(task: str) -> Iterator[None]:
    """Have somebody else do `task` for as long as the block lasts."""
    begun, may_end = threading.Event(), threading.Event()

    def lead() -> None:
        try:
            with leading(task):
                begun.set()
                may_end.wait(60)
        finally:
            connection.close()

    other = threading.Thread(target=lead)
    other.start()
    assert begun.wait(60)
    try:
        yield
    finally:
        may_end.set()
        other.join()
