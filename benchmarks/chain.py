"""Measure how long the record of what was done takes to verify: `python -m benchmarks.chain [--events 1000000]`.

Each database is made anew in a temporary folder and filled through `audit.record`, with two values an event; then the
walk over the chain, the comparison of the values and the whole of `verify_chain` are timed. CPU is that of this process
and of the database server together: on a machine that is busy with other things it says more than the clock.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from typing import Any

from benchmarks.kills import ROOT, databases
from benchmarks.processes import cpu_seconds, parent

AT_ONCE = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(measured(options.events)))
        return
    for name, url in databases(options.only):
        print(f"{name}: {json.dumps(_in_a_process(url, options.events), indent=1)}")


def _in_a_process(url: str, events: int) -> dict[str, Any]:
    """Measure in a new process, whose memory is its own; an empty `url` is SQLite."""
    with tempfile.TemporaryDirectory(prefix="casefiles-bench-") as folder:
        known = {"CASEFILES_TEST": "1", "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "casefiles.settings"}
        environment = {**os.environ, **known, "DATABASE_URL": url or f"sqlite:///{folder}/casefiles.sqlite3"}
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=environment, check=True)
        command = [sys.executable, "-m", "benchmarks.chain", "--inside", "--events", str(events)]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))


# --- In the process that measures --------------------------------------------------------------------------------


def measured(events: int) -> dict[str, Any]:
    import django

    django.setup()
    from casefiles.audit.selectors import damaged_values, verify
    from casefiles.workspace.selectors.chain import report_on_chain

    figures: dict[str, Any] = {"events": events, "filled": _cost(lambda: _fill(events))}
    before = _peak_mb()
    report = verify()
    if (report.checked, report.is_sound) != (events, True):
        sys.exit(f"The chain was not walked whole: {report}")
    figures |= {"walk": _cost(verify), "values": _cost(damaged_values)}
    figures |= {"verify_chain": _cost(report_on_chain), "grown_mb": _peak_mb() - before, "peak_mb": _peak_mb()}
    return figures


def _fill(events: int) -> None:
    from casefiles.audit import actions as audit

    compartments = [uuid.uuid4()]
    for start in range(0, events, AT_ONCE):
        with audit.unit():
            for number in range(start, min(start + AT_ONCE, events)):
                changes = {"wording": ("Anchored off Vostochny.", f"Berthed, {number}."), "is_sealed": (False, True)}
                audit.record(
                    by=None, act="changed", kind="statement", record_id=uuid.uuid4(), compartments=compartments,
                    changes=changes, note="Read again in the evening.",
                )  # fmt: skip


def _cost(work: Callable[[], object]) -> dict[str, float]:
    roots = _roots()
    started, used = time.monotonic(), cpu_seconds(*roots)
    work()
    return {"seconds": round(time.monotonic() - started, 1), "cpu_seconds": round(cpu_seconds(*roots) - used, 1)}


def _roots() -> list[int]:
    """Return this process, and that of the database server where it is on this machine."""
    from django.db import connection

    own = [os.getpid()]
    if connection.vendor != "postgresql":
        return own
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    return [*own, parent(backend)] if os.path.exists(f"/proc/{backend}/stat") else own


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
