"""Measuring in a process of its own, on a database and in a folder of their own: what it uses is what the work uses."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from benchmarks.processes import cpu_seconds, parent
from benchmarks.serving import ROOT


def measured_inside(module: str, url: str, *arguments: str) -> dict[str, Any]:
    """Run `module --inside` on a fresh database and return the JSON of its last line; an empty `url` is SQLite."""
    with tempfile.TemporaryDirectory(prefix="casefiles-bench-") as folder:
        known = {"CASEFILES_TEST": "1", "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "casefiles.settings"}
        environment = {**os.environ, **known, "DATABASE_URL": url or f"sqlite:///{folder}/casefiles.sqlite3"}
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=environment, check=True)
        command = [sys.executable, "-m", module, "--inside", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))


def cost(work: Callable[[], object]) -> dict[str, float]:
    """Return what some work takes by the clock, and of the processor: this process's and the database server's."""
    roots = _roots()
    started, used = time.monotonic(), cpu_seconds(*roots)
    work()
    return {"seconds": round(time.monotonic() - started, 2), "cpu_seconds": round(cpu_seconds(*roots) - used, 2)}


def _roots() -> list[int]:
    """Return this process, and that of the database server where it is on this machine."""
    from django.db import connection

    own = [os.getpid()]
    if connection.vendor != "postgresql":
        return own
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    return [*own, parent(backend)] if os.path.exists(f"/proc/{backend}/stat") else own


def peak_here_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
