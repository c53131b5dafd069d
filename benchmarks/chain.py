"""Measure how long the record of what was done takes to verify: `python -m benchmarks.chain [--events 1000000]`.

Each database is made anew in a temporary folder and filled through `audit.record`, with two values an event; then the
walk over the chain, the comparison of the values and the whole of `verify_chain` are timed. CPU is that of this process
and of the database server together: on a machine that is busy with other things it says more than the clock.
"""

import argparse
import json
import sys
import uuid
from typing import Any

from benchmarks.inside import cost, measured_inside, peak_here_mb
from benchmarks.kills import databases

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
        print(
            f"{name}: {json.dumps(measured_inside('benchmarks.chain', url, '--events', str(options.events)), indent=1)}"
        )


# --- In the process that measures --------------------------------------------------------------------------------


def measured(events: int) -> dict[str, Any]:
    import django

    django.setup()
    from casefiles.audit.selectors import damaged_values, verify
    from casefiles.workspace.selectors.chain import report_on_chain

    figures: dict[str, Any] = {"events": events, "filled": cost(lambda: _fill(events))}
    before = peak_here_mb()
    report = verify()
    if (report.checked, report.is_sound) != (events, True):
        sys.exit(f"The chain was not walked whole: {report}")
    figures |= {"walk": cost(verify), "values": cost(damaged_values)}
    figures |= {"verify_chain": cost(report_on_chain), "grown_mb": peak_here_mb() - before, "peak_mb": peak_here_mb()}
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


if __name__ == "__main__":
    main()
