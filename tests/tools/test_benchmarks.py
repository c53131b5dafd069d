"""What `make bench` says of processes and pages, tried on processes and figures of our own."""

import os
import subprocess
import sys

from benchmarks import processes, showing

BUSY = "import time\nwhile time.process_time() < 0.3: pass"


def test_the_cpu_of_a_process_counts_that_of_its_children_also_once_they_have_ended() -> None:
    before = processes.cpu_seconds(os.getpid())

    subprocess.run([sys.executable, "-c", BUSY], check=True)

    assert processes.cpu_seconds(os.getpid()) - before >= 0.25


def test_a_child_is_found_below_its_parent_and_gone_when_it_ended() -> None:
    waits = "print('there', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", waits], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert child.pid in processes.descendants(os.getpid())
        assert processes.parent(child.pid) == os.getpid()
        assert processes.memory_mb(child.pid) > 1

    assert child.pid not in processes.descendants(os.getpid())
    assert processes.cpu_seconds(child.pid) == 0.0


def page(cpu_ms, *, floor_ms, at_most):
    cost = {"cpu_ms": cpu_ms, "median_ms": 10.0, "p95_ms": 12.0, "bytes": 30_000, "compressed": 6_000}
    beside = {**cost, "cpu_ms": floor_ms} if floor_ms else None
    return {"name": "list", "queries": 5, "at_most": at_most, "cost": cost, "beside": beside}


def test_a_page_over_its_budget_is_marked_and_no_other() -> None:
    lines = {
        "within": showing.line_of(page(25.0, floor_ms=10.0, at_most=2.5)),
        "over": showing.line_of(page(26.0, floor_ms=10.0, at_most=2.5)),
        "within milliseconds": showing.line_of(page(80.0, floor_ms=None, at_most=80)),
        "over milliseconds": showing.line_of(page(81.0, floor_ms=None, at_most=80)),
        "without a budget": showing.line_of(page(500.0, floor_ms=None, at_most=None)),
    }

    assert [name for name, line in lines.items() if line.endswith("over")] == ["over", "over milliseconds"]
    assert "2.6" in lines["over"]
