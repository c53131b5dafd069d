"""How gunicorn serves Casefiles: threads, the application loaded before the fork, and a quiet collector."""

import gc
import os
import resource
from typing import Any

MOST_OPEN_FILES = 65_536

worker_class = "gthread"
workers = int(os.environ.get("CASEFILES_WORKERS", "2"))
# Many, for one that receives a file is busy as long as its sender takes, and a slow one must not make others wait.
# A thread costs little until it is used; connections to the database are shared (CASEFILES_DATABASE_CONNECTIONS).
threads = int(os.environ.get("CASEFILES_THREADS", "64"))
preload_app = True
timeout = 120
graceful_timeout = 30
accesslog = None
loglevel = "warning"


def on_starting(server: Any) -> None:
    """Allow as many open files as the system does, and load every view and address before anybody can knock.

    Every file that is being received is an open file, and every reader.
    """
    from django.urls import reverse

    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    # The socket is opened after this: whoever came first would wait for half a second.
    reverse("workspace:home")


def when_ready(server: Any) -> None:
    """Freeze what start-up made: collecting it again is most of the slowest responses."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
