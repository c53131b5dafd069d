"""What processes cost, read from /proc: the CPU of a family of them, and the memory of one."""

import os
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_seconds(*roots: int) -> float:
    """Return the CPU that some processes and all their descendants have used, also those that have ended."""
    return sum(_own_seconds(pid) for root in roots for pid in [root, *descendants(root)])


def descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _fields(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, unread = [], [root]
    while unread:
        below = children.get(unread.pop(), [])
        found += below
        unread += below
    return found


def parent(pid: int) -> int:
    return int(_fields(pid)[1])


def children(root: int) -> list[int]:
    try:
        return [int(pid) for pid in Path(f"/proc/{root}/task/{root}/children").read_text().split()]
    except OSError:
        return []


def memory_mb(pid: int) -> float:
    """Return the memory that is resident for a process, what it shares included, in MB."""
    return _status_mb(pid, "VmRSS:")


def peak_mb(pid: int) -> float:
    """Return the most that was ever resident for a process, what it shares included, in MB; 0 where it is gone."""
    return _status_mb(pid, "VmHWM:")


def _status_mb(pid: int, name: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((round(int(line.split()[1]) * 1.024 / 1000, 1) for line in lines if line.startswith(name)), 0.0)


def _fields(pid: int) -> list[str]:
    """Return what follows the name in /proc/<pid>/stat: state, parent …; nothing where the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


def _own_seconds(pid: int) -> float:
    # Fields 14 to 17 of proc(5): time in user and kernel mode, its own and that of children it has waited for.
    fields = _fields(pid)
    return sum(map(int, fields[11:15])) / _TICKS_A_SECOND if fields else 0.0
