"""How gunicorn serves Casefiles: threads, the application loaded before the fork, and a quiet collector."""

import gc
import os
from typing import Any

worker_class = "gthread"
workers = int(os.environ.get("CASEFILES_WORKERS", "2"))
threads = 4
preload_app = True
timeout = 120
graceful_timeout = 30
accesslog = None
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Freeze what start-up made: collecting it again is most of the slowest responses."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018  loads every view before the fork
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
